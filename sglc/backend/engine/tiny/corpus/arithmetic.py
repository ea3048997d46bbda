"""Small exercises: a question and the whole number that answers it."""

from __future__ import annotations

from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.slots import sections

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_DIGITS = "零一二三四五六七八九"

_KINDS = ("+", "-", "*", "/", "max", "min", "double", "half", "next", "before", "hours", "weeks", "percent", "sum")


def texts(language: str) -> dict[str, tuple[str, ...]]:
    """lists/exercises.txt: `# KIND`, then its questions."""
    return sections("exercises" if language == "en" else "exercises.zh")


def spoken(number: int, language: str) -> str:
    """A number below 100 in words."""
    tens, ones = divmod(number, 10)
    if language == "en":
        if number < 20:
            return _ONES[number]
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    if number < 10:
        return _DIGITS[number]
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")


def _values(draw: Draw, kind: str) -> tuple[list[int], int]:
    """Numbers for the slots, and the answer."""
    high = draw.any((10, 20, 50, 99))
    a, b, c = draw.number(1, high), draw.number(1, high), draw.number(1, 50)
    match kind:
        case "+":
            return [a, b], a + b
        case "-":
            a, b = max(a, b), min(a, b)
            return [a, b], a - b
        case "*":
            a, b = draw.number(2, 12), draw.number(2, 12)
            return [a, b], a * b
        case "/":
            a, b = draw.number(1, 12), draw.number(2, 12)
            return [a * b, b], a
        case "max" | "min":
            b = b if a != b else b + 1
            return [a, b], max(a, b) if kind == "max" else min(a, b)
        case "double":
            return [a], 2 * a
        case "half":
            return [2 * a], a
        case "next" | "before":
            return [a], a + 1 if kind == "next" else a - 1
        case "hours" | "weeks":
            a = draw.number(2, 9)
            return [a], a * 60 if kind == "hours" else a * 7
        case "percent":
            b = draw.any((10, 20, 25, 50))
            a = draw.number(1, 20) * (20 if b == 25 else 10)
            return [a, b], a * b // 100
        case _:
            return [a, b, c], a + b + c


def exercise(draw: Draw, language: str) -> tuple[str, int]:
    kind = draw.any(("+", "+", "+", "-", "-", "-", "*", "*", "/", *_KINDS))
    text = draw.of(texts(language)[kind])
    values, result = _values(draw, kind)
    in_words = max(values) < 100 and kind not in ("percent", "weeks", "hours") and draw.chance(0.25)
    shown = [spoken(v, language) if in_words else str(v) for v in values]
    filled = text.format(**dict(zip("abc", shown, strict=False)))
    return filled[0].upper() + filled[1:], result
