"""Records out of free text: random programs, and texts that speak of their fields among other things."""

from __future__ import annotations

import re
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.fields import FieldKind, bank
from sglc.backend.engine.tiny.corpus.makers import MAKERS
from sglc.backend.engine.tiny.corpus.makers_zh import CHINESE_MAKERS
from sglc.backend.engine.tiny.corpus.record_shapes import Planned, shape
from sglc.backend.engine.tiny.corpus.record_words import WORDS, Words
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json


def english(draw: Draw) -> Case:
    return _case(draw, "en")


def chinese(draw: Draw) -> Case:
    return _case(draw, "zh")


def _case(draw: Draw, language: str) -> Case:
    filled = shape(draw, language)
    words = WORDS[language]
    rows = draw.of(words.rows) if draw.chance(0.15) else ""
    if draw.chance(0.4):
        rows = rows.replace("{label}", "{Label}")
    value: dict[str, Any] = {}
    replies: dict[str, str] = {}
    said: list[str] = []
    for path, field in filled.fields:
        inner = value
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        found, sentence = _said(draw, field, words, rows)
        inner[path[-1]] = found
        replies[f"v_{field.name}"] = found if field.is_bare else to_json(found)
        if sentence:
            said.append(sentence)
    said += _distractors(draw, language, [field.kind for _, field in filled.fields], rows)
    text = _text(draw, language, said, rows=bool(rows))
    wanted: Any = value
    if filled.layout == "one":
        (wanted,) = value.values()
        (whole,) = replies.values()
    else:
        whole = to_json(value)
    return Case(
        program=filled.program,
        function=filled.function,
        args={"text": text},
        teacher=lambda path, told: replies.get(path.rpartition(".")[2], whole),
        check=lambda got: bool(got == wanted),
    )


def _said(draw: Draw, field: Planned, words: Words, rows: str) -> tuple[Any, str]:
    """A value of the field, and the sentence that says it, if any."""
    kind = field.kind
    if not field.needed and draw.chance(0.4):
        return ([] if field.type.startswith("list") else field.default), ""
    if field.variant is not None:
        value, text = field.variant.make(draw)
        return value, _sentence(draw, kind.says[""], kind, text, words, rows)
    value = draw.any(tuple(kind.says))
    if "true" not in kind.says:
        return value, _sentence(draw, kind.says[value], kind, value, words, rows)
    text = draw.any(words.yes if value == "true" else words.no)
    return value == "true", _sentence(draw, kind.says[value], kind, text, words, rows)


def _sentence(draw: Draw, sentences: tuple[str, ...], kind: FieldKind, text: str, words: Words, rows: str) -> str:
    label = draw.any(kind.labels)
    if rows:
        return rows.format(label=label, Label=label[:1].upper() + label[1:], v=text)
    if "" in kind.says and draw.chance(0.15):
        template = _agreeing(draw.of(words.plain), label).replace("{label}", label)
    else:
        template = _noisy(draw, draw.of(sentences))
    if text[:1] in "aeiou":
        template = template.replace(" a {v}", " an {v}").replace("A {v}", "An {v}")
    sentence = template.replace("{v}", text).replace("{label}", label)
    return sentence[0].upper() + sentence[1:] if not template.startswith("{v}") and draw.chance(0.9) else sentence


def _agreeing(template: str, label: str) -> str:
    """A template about any field, with `are` for `is` where its label is in the plural."""
    head = re.split(r" (?:of|in|for) ", label)[0]
    if not head.endswith("s") or head.endswith(("ss", "us", "is", "species")):
        return template
    template = re.sub(r"(\{label\}[^.?:]*?|\{v\}|\bWhat|\bHere) is\b", r"\1 are", template)
    template = re.sub(r"(\{label\}[^.?:]*?|\{v\}|\bWhat) was\b", r"\1 were", template)
    for one, many in (("it is", "they are"), ("It is", "They are"), ("It was", "They were"), ("This is", "These are")):
        template = template.replace(one, many)
    return template


def _noisy(draw: Draw, template: str) -> str:
    """A few in small letters, or with two letters swapped; never inside of a value."""
    roll = draw.random.random()
    if roll < 0.04:
        return template.lower()
    if roll < 0.08:
        spots = [match.start() for match in re.finditer(r"(?<=[a-z])[a-z]{2}(?=[a-z])(?![^{]*\})", template)]
        if spots:
            at = draw.any(spots)
            return template[:at] + template[at + 1] + template[at] + template[at + 2 :]
    return template


def _distractors(draw: Draw, language: str, asked: list[FieldKind], rows: str) -> list[str]:
    """Sentences about what the record does not ask for."""
    words = WORDS[language]
    out: list[str] = []
    for kind in draw.random.sample(bank(language), draw.any((0, 0, 0, 1, 1, 2, 3))):
        if any(kind.is_like(other) for other in asked):
            continue
        if "" not in kind.says:
            value = draw.any(tuple(kind.says))
            text = draw.any({"true": words.yes, "false": words.no}.get(value, (value,)))
            out.append(_sentence(draw, kind.says[value], kind, text, words, rows))
            continue
        makers = CHINESE_MAKERS if language == "zh" and kind.maker in CHINESE_MAKERS else MAKERS
        _, text = draw.any(makers[kind.maker]).make(draw)
        out.append(_sentence(draw, kind.says[""], kind, text, words, rows))
    return out


def _text(draw: Draw, language: str, said: list[str], *, rows: bool) -> str:
    """The sentences in any order, some with noise between."""
    sentences = draw.shuffled(said)
    if rows:
        return "\n".join(sentences)
    noise = slots.listed("noise" if language == "en" else "noise.zh")
    for _ in range(draw.any((0, 0, 0, 1, 1, 2)) if sentences else 1):
        sentences.insert(draw.number(0, len(sentences)), draw.of(noise))
    if draw.chance(0.1):
        return "\n".join(sentences)
    between = WORDS[language].space
    ended = [s if s[-1:] in ".!?:。!?:" else s + ("." if language == "en" else "。") for s in sentences[:-1]]
    return between.join([*ended, sentences[-1]])


TASKS = (
    Task("records", "extraction", "en", english, 5.0),
    Task("records_zh", "extraction", "zh", chinese, 4.5),
)
