"""Copying for its own sake: random words to be repeated, looked up, cut out of marks, or put into records.

What is copied here means nothing, so nothing but where it stands can tell which words to say: a model that has only seen
sentences about real things says the likely word instead of the one before its eyes.
"""

from __future__ import annotations

import json
from functools import lru_cache, partial
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import LOWER, from_shape, word
from sglc.backend.engine.tiny.corpus.programs import Source, written
from sglc.backend.engine.tiny.corpus.substitution import common_characters
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.engine.tiny.corpus.wordings import wording
from sglc.frontend.words import RESERVED
from sglc.ir.decode import to_json

_LISTS = {
    "en": ("products", "first_names", "last_names", "cities", "jobs", "foods", "noise", "dishes", "skills", "animals"),
    "zh": ("products.zh", "cities.zh", "jobs.zh", "foods.zh", "noise.zh", "given_names.zh", "dishes.zh", "skills.zh"),
}
_MARKS = (("«", "»"), ("[", "]"), ("<", ">"), ("(", ")"), ("*", "*"), ("“", "”"), ("|", "|"), ("#", "#"), ("「", "」"))
_ROWS = ("{k}: {v}", "{k} = {v}", "{k} -> {v}", "- {k}: {v}", "| {k} | {v} |", "{k}\t{v}", "{k} is {v}", "({k}) {v}")
_ASKS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "repeat": ("Repeat the text.", "Copy this.", "Say it again, word for word.", "Write the same text.", "Echo."),
        "row": (
            "What belongs to {k}?",
            "{k}?",
            "Give the value of {k}.",
            "What stands beside {k}?",
            "Look up {k}.",
            "Which value has {k}?",
        ),
        "marks": (
            "What stands between {a} and {b}?",
            "Copy what is inside of {a} {b}.",
            "Which text do {a} and {b} enclose?",
        ),
        "first": ("The first {n} words?", "Copy the first {n} words.", "How does it begin? {n} words."),
        "last": ("The last {n} words?", "Copy the last {n} words.", "How does it end? {n} words."),
        "after": ("Which word comes after {k}?", "What follows {k}?", "The word behind {k}?"),
        "before": ("Which word comes before {k}?", "What precedes {k}?", "The word before {k}?"),
        "line": ("Which line holds {k}?", "Copy the line with {k}.", "Find the line that has {k} in it."),
        "record": ("Fill in the record.", "Extract the fields.", "Read the record out of the text.", "As JSON:"),
    },
    "zh": {
        "repeat": ("请重复这段文字。", "照抄一遍。", "原样写出来。", "复制下面的内容。"),
        "row": ("{k}对应什么?", "{k}?", "写出{k}的值。", "{k}旁边是什么?", "查{k}。"),
        "marks": ("{a}和{b}之间是什么?", "写出{a}{b}里面的内容。", "{a}{b}里写了什么?"),
        "first": ("前{n}个字是什么?", "写出开头{n}个字。"),
        "last": ("最后{n}个字是什么?", "写出末尾{n}个字。"),
        "after": ("{k}后面是哪个词?", "{k}的下一个词是什么?"),
        "before": ("{k}前面是哪个词?", "{k}的上一个词是什么?"),
        "line": ("哪一行有{k}?", "写出含有{k}的那一行。"),
        "record": ("请填写记录。", "提取各个字段。", "从文字中读出记录。"),
    },
}
_PROGRAM = """def f(text: str, ask: str) -> str:
    {system}user: "{order}"
    assistant: gen out: str with max_tokens={most}{stop}
    return out
"""
_WORDING: dict[str, tuple[str, ...]] = {
    "system": ("", "", "", 'system: "Copy exactly."\n    ', 'system: "Answer with the words of the text."\n    '),
    "order": (
        "{ask}\\n{text}",
        "{text}\\n{ask}",
        "{ask}\\n\\n{text}",
        "{text}\\n\\n{ask}",
        "Text: {text}\\nTask: {ask}",
    ),
    "most": ("200", "160"),
    "stop": ("", "", ', stop="\\n"'),
}
_FORMS = ("repeat", "row", "row", "marks", "first", "last", "after", "before", "line")


def token(draw: Draw, language: str) -> str:
    """A word, a code, a number or a thing of a list; without line breaks."""
    roll = draw.random.random()
    if roll < 0.3:
        return draw.of(slots.listed(draw.any(_LISTS[language]))).rstrip(".!?。")
    if language == "zh" and roll < 0.75:
        return "".join(draw.random.choices(common_characters(), k=draw.number(1, 6)))
    if roll < 0.6:
        made = draw.made(lambda random_: word(random_, 1, 3))
        return made if draw.chance(0.4) else made.lower()
    if roll < 0.7:
        return draw.made(lambda random_: "".join(random_.choices(LOWER, k=random_.randint(2, 9))))
    if roll < 0.85:
        return draw.made(
            lambda random_: from_shape(random_, random_.choice(("A-00000", "AA0000", "00.00", "000", "aa_00")))
        )
    return draw.made(lambda random_: str(random_.randint(0, 10 ** random_.randint(1, 7))))


def tokens(draw: Draw, language: str, count: int) -> list[str]:
    """Different ones, none a part of another."""
    found: list[str] = []
    while len(found) < count:
        new = token(draw, language)
        if not any(new in other or other in new for other in found):
            found.append(new)
    return found


def copy(draw: Draw, language: str) -> Case:
    """One question about a text of random words, answered by a part of the text."""
    form = draw.any(_FORMS)
    text, holes, wanted = _of(draw, form, language)
    ask = draw.any(_ASKS[language][form]).format(**holes)
    parts = wording(draw, _WORDING, 30)
    return Case(
        program=written(_PROGRAM.format(**parts)),
        function="f",
        args={"text": text, "ask": ask},
        teacher=lambda path, told: wanted,
        check=lambda value: bool(value.strip() == wanted),
    )


def _of(draw: Draw, form: str, language: str) -> tuple[str, dict[str, str], str]:
    """Text, what the question names, and the answer."""
    between = " " if language == "en" else draw.any(("", " ", ",", "。"))
    if form == "row":
        keys = tokens(draw, language, draw.number(2, 9))
        values = [between.join(tokens(draw, language, draw.any((1, 1, 1, 2, 3)))) for _ in keys]
        row, end = draw.any(_ROWS), draw.any(("\n", "\n", "; "))
        rows = [row.format(k=key, v=value) for key, value in zip(keys, values, strict=True)]
        if draw.chance(0.2):
            rows = [json.dumps(dict(zip(keys, values, strict=True)), ensure_ascii=False)]
        at = draw.number(0, len(keys) - 1)
        return end.join(rows), {"k": keys[at]}, values[at]
    if form == "line":
        lines = [tokens(draw, language, draw.number(2, 6)) for _ in range(draw.number(2, 6))]
        at = draw.number(0, len(lines) - 1)
        key = draw.any(lines[at])
        others = [line for line in lines if line is lines[at] or not any(key in one for one in line)]
        return "\n".join(between.join(line) for line in others), {"k": key}, between.join(lines[at])
    found = tokens(draw, language, draw.number(4, 20))
    if form == "repeat":
        text = between.join(found)
        return text, {}, text
    if form == "marks":
        a, b = draw.any(_MARKS)
        start = draw.number(0, len(found) - 2)
        stop = min(len(found), start + draw.any((1, 1, 2, 3, 5)))
        inner = " ".join(found[start:stop])
        return " ".join([*found[:start], f"{a}{inner}{b}", *found[stop:]]), {"a": a, "b": b}, inner
    single = [one for one in found if " " not in one]
    if form in ("first", "last"):
        most = draw.number(1, 5)
        whole = "".join(single) if language == "zh" else " ".join(single)
        pieces = list(whole) if language == "zh" else single
        chosen = pieces[:most] if form == "first" else pieces[-most:]
        return whole, {"n": str(len(chosen))}, ("" if language == "zh" else " ").join(chosen)
    single = [*single, "end", "stop"] if len(single) < 2 else single
    at = draw.number(0, len(single) - 2)
    beside, answer = (single[at], single[at + 1]) if form == "after" else (single[at + 1], single[at])
    return " ".join(single), {"k": beside}, answer


@lru_cache(maxsize=3000)
def _record(key: str, language: str) -> tuple[Source, tuple[str, ...]]:
    """A record whose fields have made-up names."""
    draw = Draw(key)
    names = sorted({word(draw.random, 1, 2).lower() for _ in range(draw.number(1, 6))})
    fields = tuple(
        sorted(f"{name}_{draw.number(1, 9)}" for name in names if len(name) > 2)
        if draw.chance(0.2)
        else sorted(name for name in names if len(name) > 2 and name not in RESERVED)
    )
    fields = fields or ("part",)
    ask = draw.any(_ASKS[language]["record"])
    lines = "".join(f"    {field}: str{'?' if draw.chance(0.25) else ''}\n" for field in fields)
    head = f"type Rec:\n{lines}\n\ndef f(text: str) -> Rec:\n"
    body = f'    user: "{ask}\\n{{describe(Rec)}}\\n\\n{{text}}"\n    assistant: gen out: Rec with max_tokens=400\n'
    return written(f"{head}{body}    return out\n"), fields


def record(draw: Draw, language: str) -> Case:
    """Fields that mean nothing, from lines in any order among others."""
    key = draw.made(lambda random_: f"drill/{language}/{random_.randrange(1200)}")
    program, fields = _record(key, language)
    optional = {field for field in fields if f"    {field}: str?" in program.text}
    told = [field for field in fields if field not in optional or draw.chance(0.5)]
    values = [" ".join(tokens(draw, language, draw.any((1, 1, 2, 3)))) for _ in told]
    wanted: dict[str, Any] = dict.fromkeys(fields) | dict(zip(told, values, strict=True))
    row = draw.any(_ROWS)
    rows = [row.format(k=field, v=value) for field, value in zip(told, values, strict=True)]
    rows += [draw.of(slots.listed("noise" if language == "en" else "noise.zh")) for _ in range(draw.any((0, 0, 1, 2)))]
    reply = to_json(wanted)
    return Case(
        program=program,
        function="f",
        args={"text": draw.any(("\n", "\n", "; ")).join(draw.shuffled(rows))},
        teacher=lambda path, told_: reply,
        check=lambda value: bool(value == wanted),
    )


TASKS = (
    Task("copy", "copy", "en", partial(copy, language="en"), 2.5),
    Task("copy_zh", "copy", "zh", partial(copy, language="zh"), 2.0),
    Task("copy_record", "copy", "en", partial(record, language="en"), 1.2),
    Task("copy_record_zh", "copy", "zh", partial(record, language="zh"), 1.0),
)
