"""Small exercises: a question and the whole number that answers it."""

from __future__ import annotations

from sglc.backend.engine.tiny.corpus.draw import Draw

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_DIGITS = "零一二三四五六七八九"

TEXTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "+": (
            *(
                "What is {a} plus {b}?",
                "{a} + {b}",
                "{a} + {b} = ?",
                "What is {a} + {b}?",
                "Add {a} and {b}.",
                "{a}+{b}",
            ),
            *("What is the sum of {a} and {b}?", "How much is {a} plus {b}?", "Add {b} to {a}.", "{a} and {b} make?"),
        ),
        "-": (
            *("What is {a} minus {b}?", "{a} - {b}", "{a} - {b} = ?", "What is {a} - {b}?", "Subtract {b} from {a}."),
            *("Take {b} away from {a}.", "How much is {a} minus {b}?", "What is {a} less {b}?", "{a}-{b}"),
        ),
        "*": (
            *("What is {a} times {b}?", "{a} * {b}", "{a} x {b} = ?", "What is {a} * {b}?", "Multiply {a} by {b}."),
            *("How much is {a} times {b}?", "What is the product of {a} and {b}?", "{a} times {b}"),
        ),
        "/": (
            *("What is {a} divided by {b}?", "{a} / {b}", "{a} / {b} = ?", "Divide {a} by {b}.", "What is {a} / {b}?"),
            *("How many times does {b} go into {a}?", "How much is {a} divided by {b}?"),
        ),
        "max": (
            "Which is larger, {a} or {b}?",
            "Which number is bigger: {a} or {b}?",
            "What is the maximum of {a} and {b}?",
        ),
        "min": (
            "Which is smaller, {a} or {b}?",
            "Which number is less: {a} or {b}?",
            "What is the minimum of {a} and {b}?",
        ),
        "double": ("What is twice {a}?", "Double {a}.", "What is the double of {a}?"),
        "half": ("What is half of {a}?", "Halve {a}.", "How much is one half of {a}?"),
        "next": ("Which number comes after {a}?", "What is the number after {a}?", "Count on: {a}, then?"),
        "before": ("Which number comes before {a}?", "What is the number before {a}?"),
        "hours": ("How many minutes are {a} hours?", "{a} hours in minutes?", "Turn {a} hours into minutes."),
        "weeks": ("How many days are {a} weeks?", "{a} weeks in days?", "Turn {a} weeks into days."),
        "percent": ("What is {b} percent of {a}?", "How much is {b}% of {a}?", "{b}% of {a} is?"),
        "sum": ("Add up: {a}, {b}, {c}.", "What is the sum of {a}, {b} and {c}?", "{a} + {b} + {c} = ?"),
    },
    "zh": {
        "+": (
            "{a}加{b}等于多少?",
            "{a} + {b}",
            "{a}+{b}=?",
            "{a}和{b}的和是多少?",
            "把{a}和{b}加起来。",
            "{a}加{b}是几?",
        ),
        "-": (
            "{a}减{b}等于多少?",
            "{a} - {b}",
            "{a}-{b}=?",
            "{a}减去{b}是多少?",
            "{a}比{b}多多少?",
            "从{a}里去掉{b}。",
        ),
        "*": (
            "{a}乘{b}等于多少?",
            "{a} × {b}",
            "{a}×{b}=?",
            "{a}乘以{b}是多少?",
            "{a}和{b}的积是多少?",
            "{b}个{a}是多少?",
        ),
        "/": ("{a}除以{b}等于多少?", "{a} ÷ {b}", "{a}÷{b}=?", "{a}除以{b}是几?", "把{a}平均分成{b}份,每份多少?"),
        "max": ("{a}和{b}哪个大?", "{a}与{b}中较大的是哪个?", "哪个数更大:{a}还是{b}?"),
        "min": ("{a}和{b}哪个小?", "{a}与{b}中较小的是哪个?", "哪个数更小:{a}还是{b}?"),
        "double": ("{a}的两倍是多少?", "{a}翻一倍是多少?", "{a}的2倍等于几?"),
        "half": ("{a}的一半是多少?", "{a}的二分之一是多少?", "把{a}分成两半,一半是多少?"),
        "next": ("{a}后面的数是几?", "{a}的下一个数是多少?", "比{a}大1的数是多少?"),
        "before": ("{a}前面的数是几?", "{a}的上一个数是多少?", "比{a}小1的数是多少?"),
        "hours": ("{a}小时是多少分钟?", "{a}个小时等于几分钟?", "把{a}小时换成分钟。"),
        "weeks": ("{a}周是多少天?", "{a}个星期有几天?", "{a}个星期等于多少天?"),
        "percent": ("{a}的{b}%是多少?", "{a}的百分之{b}是多少?", "求{a}的{b}%。"),
        "sum": ("{a}、{b}和{c}加起来是多少?", "{a}+{b}+{c}=?", "求{a}、{b}、{c}的和。"),
    },
}


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
    kind = draw.any(("+", "+", "+", "-", "-", "-", "*", "*", "/", *TEXTS[language]))
    text = draw.of(TEXTS[language][kind])
    values, result = _values(draw, kind)
    in_words = max(values) < 100 and kind not in ("percent", "weeks", "hours") and draw.chance(0.25)
    shown = [spoken(v, language) if in_words else str(v) for v in values]
    filled = text.format(**dict(zip("abc", shown, strict=False)))
    return filled[0].upper() + filled[1:], result
