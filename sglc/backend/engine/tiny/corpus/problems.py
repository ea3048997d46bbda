"""Word problems of one or two steps: a question, the worked steps, the result. All numbers stay below 300."""

from __future__ import annotations

import re

import msgspec

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.arithmetic import spoken
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.problem_texts import ITEMS, PLANS, texts


class Problem(msgspec.Struct, frozen=True):
    """`steps`: one sentence that computes; `plan`: what to do, without a number; `unit` follows the result."""

    question: str
    plan: str
    steps: str
    result: int
    unit: str = ""


_SIGNS = {
    "en": {"+": "plus", "-": "minus", "*": "times", "/": "divided by"},
    "zh": {"+": "加", "-": "减", "*": "乘", "/": "除以"},
}
_SHAPES = ("+", "-", "*", "/", "++", "+-", "-+", "--", "*-", "*+", "*/", "+*")


def applied(sign: str, left: int, right: int) -> int:
    return {"+": left + right, "-": left - right, "*": left * right, "/": left // max(right, 1)}[sign]


def step(language: str, sign: str, left: int, right: int) -> str:
    """`12 plus 5 is 17`."""
    word = _SIGNS[language][sign]
    result = applied(sign, left, right)
    return f"{left} {word} {right} is {result}" if language == "en" else f"{left}{word}{right}等于{result}"


def operand(draw: Draw, sign: str, left: int) -> int | None:
    """A number that the step can take with a whole, positive and small result; None where there is none."""
    if sign == "+":
        return draw.number(2, max(3, min(90, 199 - left)))
    if sign == "-":
        return draw.number(2, left - 2) if left > 4 else None
    if sign == "*":
        return draw.number(2, min(12, 240 // left)) if left <= 100 else None
    choices = [n for n in range(2, 13) if left % n == 0 and left > n]
    return draw.any(choices) if choices else None


def numbers(draw: Draw, shape: str) -> list[int]:
    """The numbers of a problem of this shape, in the order in which the steps take them."""
    while True:
        first = draw.number(2, 20) if shape[0] == "*" else draw.number(3, 120)
        taken, left = [first], first
        for sign in shape:
            right = operand(draw, sign, left)
            if right is None:
                break
            taken.append(right)
            left = applied(sign, left, right)
        else:
            return taken


def small(draw: Draw, shape: str, most: int) -> list[int]:
    """Numbers of a problem of this shape such that none of them and no result on the way is above `most`."""
    while True:
        taken = [draw.number(2, most) for _ in range(len(shape) + 1)]
        left = taken[0]
        for sign, right in zip(shape, taken[1:], strict=True):
            if sign == "/" and left % right:
                break
            left = applied(sign, left, right)
            if not 1 <= left <= most:
                break
        else:
            return taken


def worked(language: str, shape: str, taken: list[int]) -> tuple[str, int]:
    """All steps as one sentence, and the result."""
    left, said = taken[0], []
    for sign, right in zip(shape, taken[1:], strict=True):
        said.append(step(language, sign, left, right))
        left = applied(sign, left, right)
    return (", and ".join(said) + ".") if language == "en" else (",".join(said) + "。"), left


def _in_words(number: int, language: str) -> str:
    """As it stands before what is counted: 两个, not 二个."""
    return "两" if language == "zh" and number == 2 else spoken(number, language)


def problem(draw: Draw, language: str, most: int = 0) -> Problem:
    """`most`: no number is above it, and half of the problems have one step, so that they can be done at a glance."""
    shape = draw.any(_SHAPES[:4]) if most and draw.chance(0.3) else draw.any(_SHAPES)
    text = draw.of(texts(language)[shape])
    taken = small(draw, shape, most) if most else numbers(draw, shape)
    in_words = draw.chance(0.3)
    shown = [_in_words(n, language) if in_words and n < 100 else str(n) for n in taken]
    english = language == "en"
    names = [slots.person(draw).split(" ")[0] if english else slots.chinese_person(draw) for _ in range(2)]
    filled = text.format(**dict(zip("abc", shown, strict=False)), n=names[0], m=names[1], x=draw.of(ITEMS[language]))
    steps, result = worked(language, shape, taken)
    return Problem(sentences(filled), PLANS[language][shape], steps, result)


def sentences(text: str) -> str:
    """Each sentence begins with a capital letter."""
    return re.sub(r"(^|[.?!] )([a-z])", lambda m: m[1] + m[2].upper(), text)


def ride(draw: Draw, language: str) -> Problem:
    """Two times of a day less than five hours apart, the second not in the same hour."""
    start = draw.number(0, 19 * 60 + 55)
    hour = start // 60 + 1
    end = hour * 60 + draw.number(1, 3 * 60)
    if draw.chance(0.8):
        start, end = start // 5 * 5, end // 5 * 5
    first, rest = hour * 60 - start, end - hour * 60
    pad = draw.chance(0.3)
    a, b = ((f"{t // 60:02}" if pad else str(t // 60)) + f":{t % 60:02}" for t in (start, end))
    text = draw.of(texts(language)["time"]).format(a=a, b=b, n=slots.person(draw).split(" ")[0])
    total = first + rest
    if language == "en":
        steps = f"{first} minutes to {hour}:00, then {rest} minutes to {b}. {first} plus {rest} is {total}."
        return Problem(text, PLANS["en"]["time"], steps, total, " minutes")
    steps = f"到{hour}:00是{first}分钟,再到{b}是{rest}分钟。{first}加{rest}等于{total}。"
    return Problem(text, PLANS["zh"]["time"], steps, total, "分钟")
