"""How people write: greetings, sentences around the one that counts, haste, typing errors, ASCII punctuation in Chinese."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw

HELLO = ("Hello, ", "Hi, ", "Good morning, ", "Dear team, ", "Hey, ", "Excuse me, ", "Hi there, ", "Good evening, ")
CHINESE_HELLO = (
    "你好，",
    "您好，",
    "请问，",
    "客服你好，",
    "早上好，",
    "亲，",
    "下午好，",
    "打扰一下，",
    "在吗？",
    "您好！",
)
_NARROW = str.maketrans("，？！：；（）", ",?!:;()")


def narrow(text: str) -> str:
    """The same text with the punctuation of an English keyboard."""
    return text.translate(_NARROW)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _literals(template: str) -> list[tuple[str, str | None]]:
    return [(text, name) for text, name, _, _ in string.Formatter().parse(template)]


def _lower(template: str) -> str:
    return "".join(text.lower() + (f"{{{name}}}" if name else "") for text, name in _literals(template))


def _with_typo(draw: Draw, template: str) -> str:
    """Two neighbouring letters of one of its words change places, or one is lost; slots stay as they are."""
    parts = _literals(template)
    at = draw.number(0, len(parts) - 1)
    text, name = parts[at]
    places = [i for i in range(1, len(text) - 1) if text[i : i + 2].isalpha() and text[i : i + 2].isascii()]
    if places:
        i = draw.any(places)
        swapped = text[i + 1] + text[i] if draw.chance(0.5) else text[i]
        parts[at] = (text[:i] + swapped + text[i + 2 :], name)
    return "".join(text + (f"{{{name}}}" if name else "") for text, name in parts)


def hasty(draw: Draw, template: str) -> str:
    """One template in six: all small, without its last stop, or with a typing error."""
    if draw.chance(0.06):
        template = _lower(template)
    if draw.chance(0.06):
        template = template.rstrip(".?!。？！")
    if draw.chance(0.05):
        template = _with_typo(draw, template)
    return template


def framed(
    draw: Draw, core: str, hello: Sequence[str], before: Sequence[str], after: Sequence[str], gap: str = " "
) -> str:
    """A template with a greeting, a sentence before it and one behind it, each of them or none."""
    text = hasty(draw, core)
    if draw.chance(0.15):
        text = f"{draw.of(before)}{gap}{text}"
    if draw.chance(0.4):
        opening = draw.any(hello)
        small = opening.endswith(", ") and not text.startswith(("I ", "{", "I'"))
        text = opening + (text[:1].lower() + text[1:] if small else text)
    if draw.chance(0.25):
        text = f"{text}{gap}{draw.of(after)}"
    return text


def _phone(draw: Draw) -> str:
    return draw.made(lambda r: r.choice(["0{} {}", "+{}{}", "0{}-{}"]).format(r.randint(20, 99), slots.digits(r, 5, 7)))


def _code(draw: Draw) -> str:
    return draw.made(lambda r: r.choice(["K-{}", "C{}", "{}", "kd-{}"]).format(slots.digits(r, 3, 5)))


def english_slots(draw: Draw) -> dict[str, str]:
    """Values for all slots that messages to a shop have."""
    return {
        "product": draw.of(slots.listed("products")),
        "day": draw.any(slots.listed("days")),
        "city": draw.of(slots.listed("cities")),
        "name": slots.person(draw),
        "price": draw.made(lambda r: f"{r.randint(3, 400)}{r.choice(['', '', '.50', '.99', '.95'])}"),
        "count": str(draw.number(2, 9)),
        "phone": _phone(draw),
        "code": _code(draw),
    }


def chinese_slots(draw: Draw) -> dict[str, str]:
    return {
        "product": draw.of(slots.listed("products.zh")),
        "day": draw.any(slots.listed("days.zh")),
        "city": draw.of(slots.listed("cities.zh")),
        "name": slots.chinese_person(draw),
        "surname": draw.of(slots.listed("surnames.zh")),
        "price": draw.made(lambda r: f"{r.randint(5, 900)}{r.choice(['', '', '.5', '.9'])}"),
        "count": str(draw.number(2, 9)),
        "phone": draw.made(lambda r: f"1{r.choice('3578')}{slots.digits(r, 9, 9)}"),
        "code": _code(draw),
    }


def filled(template: str, values: Mapping[str, object]) -> str:
    return template.format_map(values)
