"""Random records: which fields, of which types, and the program that has them filled in."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import msgspec

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.fields import FieldKind, bank
from sglc.backend.engine.tiny.corpus.made_up import Variant
from sglc.backend.engine.tiny.corpus.makers import HELPERS, MAKERS
from sglc.backend.engine.tiny.corpus.makers_zh import CHINESE_MAKERS
from sglc.backend.engine.tiny.corpus.programs import Source, written
from sglc.backend.engine.tiny.corpus.record_words import (
    CHINESE_RECORDS,
    FUNCTIONS,
    HOLES,
    PART_NAMES,
    RECORD_NAMES,
    WORDS,
    Words,
)
from sglc.backend.engine.tiny.corpus.topics import intents

PROGRAMS = 2000
"""Different programs for each language, a part of them held out."""
LAYOUTS = ("user",) * 6 + ("system", "text_first", "bare", "form", "one")


class Planned(msgspec.Struct, frozen=True):
    """A field of a record. `absent` is its value where the text does not speak of it; `needed` when it always does."""

    kind: FieldKind
    name: str
    label: str
    type: str
    variant: Variant | None
    about: str
    needed: bool
    default: Any = None

    @property
    def source(self) -> str:
        """Its line in the declaration of the record."""
        end = f" = {self._default}" if self.default is not None else ""
        return f"    {self.name}: {self.type}{end}{' ' + quoted(self.about) if self.about else ''}\n"

    @property
    def _default(self) -> str:
        return json.dumps(self.default) if not isinstance(self.default, str) or '"' in self.type else self.default

    @property
    def is_bare(self) -> bool:
        """Whether a hole of its type takes the text itself, not JSON."""
        if self.type.endswith("?") or self.type.endswith("none"):
            return False
        return self.type.startswith(("str", "re", '"')) or bool(self.kind.says.keys() - {"", "true", "false"})

    @property
    def bound(self) -> str:
        """The options of its hole on a line of its own."""
        return 'max_tokens=100, stop="\\n"' if self.is_bare and self.type.startswith("str") else "max_tokens=100"

    @property
    def options(self) -> str:
        """The members of an enum, for prompts without `describe`."""
        members = self.kind.says.keys() - {"", "true", "false"}
        return f" ({', '.join(sorted(members))})" if members else ""


class Shape(msgspec.Struct, frozen=True):
    """A program and what its record holds: each field's place as a path (`("contact", "phone")`)."""

    program: Source
    function: str
    layout: str
    fields: tuple[tuple[tuple[str, ...], Planned], ...]


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def shape(draw: Draw, language: str) -> Shape:
    """One of PROGRAMS of the side of `draw`."""
    key = draw.made(lambda random_: f"{language} {random_.randrange(PROGRAMS)}")
    return _shape(key, language, draw.held_out)


@lru_cache(maxsize=3 * PROGRAMS)
def _shape(key: str, language: str, held_out: bool) -> Shape:
    draw = Draw(key, held_out=held_out)
    layout = draw.any(LAYOUTS)
    count = 1 if layout == "one" else draw.any((1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7))
    camel = language == "en" and draw.chance(0.15)
    enums: dict[str, str] = {}
    fields = [
        _planned(draw, kind, language, camel, enums, plain=layout in ("form", "one"))
        for kind in _kinds(draw, language, count)
    ]
    fields = list({field.name: field for field in fields}.values())
    if layout in ("form", "one"):
        return _of_holes(draw, language, layout, fields, enums)
    record = draw.any(RECORD_NAMES)
    part = draw.any(PART_NAMES) if len(fields) > 2 and draw.chance(0.2) else ""
    if part in {field.name for field in fields}:
        part = ""
    inner = fields[: len(fields) // 2] if part else []
    outer = fields[len(inner) :]
    parts = [*enums.values(), *(text for name, text in HELPERS.items() if any(name in field.type for field in fields))]
    if inner:
        parts.append(f"type Part:\n{''.join(field.source for field in inner)}")
    about = f" {quoted(draw.any(WORDS[language].missing))}" if draw.chance(0.05) else ""
    lines = [field.source for field in outer]
    at = draw.number(0, len(lines))
    if inner:
        lines.insert(at, f"    {part}: Part\n")
    parts.append(f"type {record}{about}:\n{''.join(lines)}")
    places = [((part, field.name), field) for field in inner]
    placed = [((field.name,), field) for field in outer]
    function = draw.any(FUNCTIONS)
    parts.append(_function(draw, WORDS[language], language, layout, record, function))
    ordered = (*placed[:at], *places, *placed[at:])
    return Shape(written("\n\n".join(parts)), function, layout, ordered)


def _kinds(draw: Draw, language: str, count: int) -> list[FieldKind]:
    chosen = [_intent(draw, language)] if draw.chance(0.12) else []
    for kind in draw.shuffled(bank(language)):
        if len(chosen) >= count:
            break
        next_one = _made_up_kind(draw, language) if draw.chance(0.1) else kind
        if not any(next_one.is_like(other) for other in chosen):
            chosen.append(next_one)
    return chosen


def _made_up_kind(draw: Draw, language: str) -> FieldKind:
    """A field that says nothing but its name, so that the name has to be found in the text."""
    line = draw.of(slots.listed("labels" if language == "en" else "labels.zh"))
    name, _, label = line.partition(" ") if language == "zh" else (line.replace(" ", "_"), "", line)
    return FieldKind(line, "any", (name,), (label,), (), {"": WORDS[language].plain})


def _intent(draw: Draw, language: str) -> FieldKind:
    """What the writer wants, out of a few intents whose sentences speak of nothing else."""
    says: dict[str, tuple[str, ...]] = {}
    for intent in draw.random.sample(intents(language), draw.number(2, 5)):
        says[draw.any(intent.names)] = tuple(sentence for sentence in intent.sentences if "{" not in sentence)
    names = ("intent", "topic", "request_kind", "wish", "subject_of_message")
    labels = (
        ("intent", "topic", "kind of request", "wish", "subject")
        if language == "en"
        else ("意图", "主题", "请求类型", "愿望", "主题")
    )
    return FieldKind("intent", "", names, labels, (), says)


def _planned(draw: Draw, kind: FieldKind, language: str, camel: bool, enums: dict[str, str], *, plain: bool) -> Planned:
    at = draw.number(0, len(kind.names) - 1)
    name = kind.names[at]
    if camel:
        name = re.sub(r"_(\w)", lambda match: match[1].upper(), name)
    words = WORDS[language]
    notes = [draw.any(kind.about)] if kind.about and draw.chance(0.6) else []
    needed, variant = not draw.chance(0.3), None
    default: bool | str | None = None
    if "true" in kind.says:
        type_ = "bool"
        if draw.chance(0.4):
            needed, default = False, draw.chance(0.5)
    elif "" in kind.says:
        makers = CHINESE_MAKERS if language == "zh" and kind.maker in CHINESE_MAKERS else MAKERS
        variant = draw.any(makers[kind.maker])
        type_ = draw.any(variant.types)
    else:
        type_ = _enum(draw, kind, language, enums)
        if draw.chance(0.15):
            needed, default = False, draw.any(tuple(kind.says))
    if plain and draw.chance(0.8):
        needed, default = True, None
    if not needed and default is None and not type_.startswith("list"):
        type_ = f"{type_} | none" if " | " in type_ else f"{type_}?"
        notes += [draw.any(words.missing)] if draw.chance(0.5) else []
    if default is not None and draw.chance(0.4):
        notes.append(draw.any(words.defaults).format(v=str(default).lower()))
    return Planned(
        kind, name, kind.labels[at], type_, variant, (", " if language == "en" else ",").join(notes), needed, default
    )


def _enum(draw: Draw, kind: FieldKind, language: str, enums: dict[str, str]) -> str:
    members = draw.shuffled(tuple(kind.says))
    if draw.chance(0.5):
        return " | ".join(map(quoted, members))
    name = "".join(part.capitalize() for part in kind.names[0].split("_")) + "Kind"
    enums[name] = f"enum {name}: {' | '.join(members)}\n"
    if kind.kind == "intent" and draw.chance(0.6):
        about = {name: one.about for one in intents(language) for name in one.names}
        enums[name] = f"enum {name}:\n" + "".join(f"    {one} {quoted(draw.any(about[one]))}\n" for one in members)
    return name


def _function(draw: Draw, words: Words, language: str, layout: str, record: str, function: str) -> str:
    named = record if language == "en" or draw.chance(0.5) else draw.any(CHINESE_RECORDS)
    ask = draw.of(words.asks).format(rec=named)
    hole = draw.any(HOLES)
    lead, gap = draw.any(words.leads), draw.any(("\n", "\n\n"))
    gen = f"gen {hole}: {record} with max_tokens=400"
    shown = f"{ask}\n{{describe({record})}}"
    match layout:
        case "system":
            said = f"    system: {quoted(shown)}\n    user: {quoted(lead + '{text}')}\n    assistant: {gen}\n"
        case "text_first":
            said = f"    user: {quoted(lead + '{text}' + gap + shown)}\n    assistant: {gen}\n"
        case "bare":
            said = f"    {quoted(shown + gap + lead + '{text}' + gap)}\n    {gen}\n"
        case _:
            system = f"    system: {quoted(draw.any(words.systems))}\n" if draw.chance(0.2) else ""
            said = f"{system}    user: {quoted(shown + gap + lead + '{text}')}\n    assistant: {gen}\n"
    return f"def {function}(text: str) -> {record}:\n{said}    return {hole}\n"


def _of_holes(draw: Draw, language: str, layout: str, fields: list[Planned], enums: dict[str, str]) -> Shape:
    """One field by itself, or a form with a line for each."""
    words, function = WORDS[language], draw.any(FUNCTIONS)
    parts = [*enums.values(), *(text for name, text in HELPERS.items() if any(name in field.type for field in fields))]
    lead, gap = draw.any(words.leads), draw.any(("\n", "\n\n"))
    if layout == "one":
        field = fields[0]
        ask = draw.of(words.ask_one).format(label=field.label) + field.options
        order = [lead + "{text}", ask] if draw.chance(0.5) else [ask, lead + "{text}"]
        said = f"    user: {quoted(gap.join(order))}\n    assistant: gen value: {field.type} with max_tokens=200\n"
        said += "    return value\n"
        parts.append(f"def {function}(text: str) -> {field.type}:\n{said}")
    else:
        ask = draw.of(words.asks).format(rec=draw.any(RECORD_NAMES))
        colon = draw.any((": ", " = ", ": ")) if language == "en" else ":"
        holes = "".join(
            f"{field.label}{field.options}{colon}{{gen v_{field.name}: {field.type} with {field.bound}}}\\n"
            for field in fields
        )
        role = draw.chance(0.5)
        given = lead + "{text}"
        told = f"    user: {quoted(ask + gap + given)}\n" if role else f"    {quoted(given + gap + ask + gap)}\n"
        made = ", ".join(f'"{field.name}": v_{field.name}' for field in fields)
        said = f'{told}    {"assistant: " if role else ""}"{holes}"\n    return {{{made}}}\n'
        parts.append(f"def {function}(text: str) -> dict[str, json]:\n{said}")
    return Shape(written("\n\n".join(parts)), function, layout, tuple(((field.name,), field) for field in fields))
