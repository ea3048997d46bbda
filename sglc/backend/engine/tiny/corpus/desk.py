"""Replies like those of support.sgl and kefu.sgl in other programs: other companies, policies and notes beside the message."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import NamedTuple

from sglc.backend.engine.tiny.corpus import assistant, kefu, slots, support
from sglc.backend.engine.tiny.corpus.chat_words import SUFFIXES
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import Source, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

_REFUND = {
    "en": "You can get your money back within {days} days. Please send order {id} back to us.",
    "zh": "{days} 天内可以退款，请把订单 {id} 寄回给我们。",
}
_LAYOUTS = (
    '    system: "{told}"\n    user: message\n    user: note\n',
    '    system: "{told}"\n    user: "Customer: {message}\\n\\n{note}"\n',
    '    system: "{told}"\n    user: "{note}\\n\\n{message}"\n',
    '    system: "{told}\\n{note}"\n    user: message\n',
    '    user: "{told}\\n\\n{note}\\n\\nMessage: {message}"\n',
)


class Reply(NamedTuple):
    """What stands beside the message, what to answer, and what of it is needed."""

    note: str
    text: str
    needed: list[str]


@lru_cache(maxsize=20)
def _program(layout: int, noted: bool) -> Source:
    body = _LAYOUTS[layout]
    if not noted:
        body = '    system: "{told}"\n    user: message\n'
    gen = '    assistant: gen reply: str with max_tokens=160, stop="\\n\\n"\n    return reply\n'
    return written(f"def answer(told: str, message: str, note: str) -> str:\n{body}{gen}")


def _text(draw: Draw, name: str, language: str) -> str:
    """A line of the lists desk_*.txt; a line break stands there as `\\n`."""
    return draw.of(slots.listed(f"desk_{name}{SUFFIXES[language]}")).replace("\\n", "\n")


def _looked_up(draw: Draw, number: str, language: str) -> Reply:
    if draw.chance(0.15):
        text = {"en": support.DOWN, "zh": kefu.DOWN}[language].format(id=number)
        return Reply(_text(draw, "down", language).format(draw.of(slots.listed("failures"))), text, [number])
    found = support.parcel(draw, chinese=language == "zh")
    shape = _text(draw, "parcels", language)
    if language == "zh":
        found["eta"] = None
    elif "{eta}" in shape and not found["eta"]:
        found["eta"] = "tomorrow"
    record = dict(draw.shuffled([(name, fact) for name, fact in found.items() if fact is not None or draw.chance(0.5)]))
    shown = to_json(record) if draw.chance(0.7) else json.dumps(record, ensure_ascii=False)
    note = shape.format(json=shown, **found)
    reply = kefu.PARCEL if language == "zh" else support.PARCEL_ETA if found["eta"] else support.PARCEL
    return Reply(note, reply.format(id=number, **found), [number, *(fact for fact in found.values() if fact)])


def _reply(draw: Draw, topic: str, number: str, language: str) -> Reply:
    if topic == "logistics":
        return _looked_up(draw, number, language)
    if topic == "refund":
        days = draw.made(lambda r: str(r.choice([r.randint(3, 99), 7, 10, 14, 28, 30, 60, 90, 100])))
        note = _text(draw, "days", language).format(days)
        return Reply(note, _REFUND[language].format(days=days, id=number), [number, days])
    english = {"thanks": support.THANKS, "other": support.OTHER}
    text = (english if language == "en" else {"thanks": kefu.THANKS, "other": kefu.OTHER})[topic]
    return Reply("", text.format(id=number), [number])


def case(draw: Draw, language: str) -> Case:
    topic, _ = support.draw_topic(draw)
    number = draw.made(support.order_number)
    note, text, needed = _reply(draw, topic, number, language)
    name = assistant.entity(draw, "place", language)
    return Case(
        program=_program(draw.number(0, len(_LAYOUTS) - 1), bool(note)),
        function="answer",
        args={
            "told": _text(draw, "systems", language).format(n=name),
            "message": (support if language == "en" else kefu).message(draw, topic, number),
            "note": note,
        },
        teacher=lambda path, told: text,
        check=lambda value: support.says_only(value, needed),
    )


TASKS = (
    Task("desk", "reply", "en", lambda draw: case(draw, "en"), 1.5),
    Task("desk_zh", "reply", "zh", lambda draw: case(draw, "zh"), 1.5),
)
