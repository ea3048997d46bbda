"""Made-up values for fields of records: for each kind of value the types that can hold it, and how it is written in a text."""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw

Written: TypeAlias = tuple[Any, str]
"""A value, and how a text says it."""

ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "cl",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "qu",
    "r",
    "s",
    "sh",
    "sk",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "z",
]
VOWELS = ["a", "e", "i", "o", "u", "a", "e", "i", "o", "ea", "ou", "ia"]
CODAS = ["", "", "", "n", "r", "l", "s", "m", "x", "nd", "rt", "ck"]
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
UPPER, DIGITS, LOWER = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789", "abcdefghijklmnopqrstuvwxyz"


class Variant(msgspec.Struct, frozen=True):
    """One way to write a kind of value, with the types (as program text) that fit it."""

    types: tuple[str, ...]
    make: Callable[[Draw], Written]


def word(random_: random.Random, low: int = 2, high: int = 3) -> str:
    """A word that does not exist, such as `Brinolk`."""
    parts = [random_.choice(ONSETS) + random_.choice(VOWELS) for _ in range(random_.randint(low, high))]
    return ("".join(parts) + random_.choice(CODAS)).capitalize()


def from_shape(random_: random.Random, shape: str) -> str:
    """`A` stands for a capital, `a` for a small letter, `0` for a digit, `*` for a capital or digit."""
    alphabets = {"A": UPPER, "a": LOWER, "0": DIGITS, "*": UPPER + DIGITS}
    return "".join(random_.choice(alphabets[c]) if c in alphabets else c for c in shape)


def same(make: Callable[[Draw], str]) -> Callable[[Draw], Written]:
    """For a text that is copied as it is."""

    def written(draw: Draw) -> Written:
        text = make(draw)
        return text, text

    return written


def made(make: Callable[[random.Random], str]) -> Callable[[Draw], Written]:
    return same(lambda draw: draw.made(make))


def shape(pattern: str, *shapes: str) -> Variant:
    return Variant(("str", f're"{pattern}"'), made(lambda r: from_shape(r, r.choice(shapes))))


def whole(low: int, high: int, *types: str) -> Variant:
    """A whole number in digits; some with a comma every three digits where it is long."""

    def make(draw: Draw) -> Written:
        text = draw.made(lambda r: str(r.randint(low, high)))
        return int(text), f"{int(text):,}" if int(text) >= 1000 and high > 9999 and draw.chance(0.5) else text

    return Variant(types or ("int", "int(min=0)"), make)


def in_words(number: int) -> str:
    """A number from one to ninety-nine as people write it out."""
    if number < 20:
        return (*WORDS, *TEENS)[number - 1]
    tens, ones = TENS[number // 10 - 2], number % 10
    return f"{tens}-{WORDS[ones - 1]}" if ones else tens


def count(low: int, high: int, *types: str) -> Variant:
    """A small number, often as a word."""

    def make(draw: Draw) -> Written:
        number = draw.number(low, high)
        return number, in_words(number) if 1 <= number <= 99 and draw.chance(0.4) else str(number)

    return Variant(types or ("int", "int(min=0)", f"int(min={low}, max={max(high, 99)})"), make)


def decimal(high: int, places: int) -> Callable[[Draw], Written]:
    def make(draw: Draw) -> Written:
        text = draw.made(lambda r: f"{r.random() ** 2 * high:.{r.choice((0, places, places))}f}")
        return float(text), f"{float(text):,.{len(text.partition('.')[2])}f}" if float(text) >= 1000 else text

    return make


def money(draw: Draw) -> Written:
    amount, text = decimal(900, 2)(draw)
    currency, before, after = draw.any(
        (
            ("EUR", "€", " EUR"),
            ("EUR", "EUR ", " euros"),
            ("USD", "$", " dollars"),
            ("USD", "$", " USD"),
            ("GBP", "£", " pounds"),
            ("GBP", "£", " GBP"),
            ("CHF", "CHF ", " CHF"),
            ("CNY", "¥", " CNY"),
        )
    )
    return {"amount": amount, "currency": currency}, before + text if draw.chance(0.5) else text + after


def person(draw: Draw) -> str:
    """Known and made-up names, so that a name is what stands at a name's place."""
    if draw.chance(0.6):
        return slots.person(draw)
    first = draw.made(word)
    return first if draw.chance(0.3) else f"{first} {draw.made(word)}"


def email(random_: random.Random) -> str:
    first, last = word(random_, 1, 2).lower(), word(random_, 1, 2).lower()
    user = random_.choice((f"{first}.{last}", f"{first}{random_.randint(1, 99)}", f"{first}_{last}", first))
    host = random_.choice(("example.com", "example.org", "mail.example", f"{word(random_, 1, 2).lower()}.example"))
    return f"{user}@{host}"


def phone(random_: random.Random) -> str:
    shapes = (
        "0000 000000",
        "+00 000 0000000",
        "000-000-0000",
        "(000) 000-0000",
        "0000000000",
        "000 000 000",
        "+00 00 000 0000",
        "0000-000000",
        "00000 00000",
        "000 0000",
        "+00 (0)00 0000000",
    )
    return from_shape(random_, random_.choice(shapes))


def company(random_: random.Random) -> str:
    ends = (
        "Ltd",
        "GmbH",
        "Inc",
        "Works",
        "& Sons",
        "Group",
        "Labs",
        "Foods",
        "Systems",
        "Trading",
        "Studio",
        "Motors",
        "Care",
    )
    first = word(random_)
    return random_.choice(
        (first, f"{first} {random_.choice(ends)}", f"{first} {word(random_, 1, 2)}", f"{first} {random_.choice(ends)}")
    )


def date(random_: random.Random) -> tuple[str, str]:
    """The same day as YYYY-MM-DD and in one of the ways in which people write it."""
    month, year = random_.randint(1, 12), random_.randint(1950, 2035)
    day = random_.randint(1, monthrange(year, month)[1])
    name = MONTHS[month - 1]
    iso = f"{year}-{month:02}-{day:02}"
    return iso, random_.choice(
        (
            f"{day} {name} {year}",
            f"{name} {day}, {year}",
            f"{name} {_nth(day)}, {year}",
            f"the {_nth(day)} of {name} {year}",
            iso,
            f"{day} {name[:3]} {year}",
            f"{day}.{month}.{year}",
            f"{day:02}.{month:02}.{year}",
        )
    )


def _nth(day: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th") if day not in (11, 12, 13) else "th"
    return f"{day}{ending}"


def short_date(random_: random.Random) -> str:
    if random_.random() < 0.5:
        return date(random_)[1]
    day, name = random_.randint(1, 28), random_.choice(MONTHS)
    return random_.choice(
        (
            f"{day} {name}",
            f"{name} {day}",
            f"{name} {_nth(day)}",
            f"the {_nth(day)} of {name}",
            f"{random_.choice(slots.listed('days'))}, {day} {name}",
            f"{day}/{random_.randint(1, 12)}",
        )
    )


def iso(draw: Draw) -> Written:
    iso = ""

    def make(random_: random.Random) -> str:
        nonlocal iso
        iso, text = date(random_)
        return text

    text = draw.made(make)
    return iso, text


def hhmm(draw: Draw) -> Written:
    hour, minute = draw.number(0, 23), draw.any((0, 0, 0, 15, 30, 45, draw.number(1, 59), draw.number(1, 59)))
    half = f"{(hour - 1) % 12 + 1}{f':{minute:02}' if minute else ''} {'am' if hour < 12 else 'pm'}"
    value = f"{hour:02}:{minute:02}"
    return value, draw.any((value, half, half.replace(" ", "")))


def time(random_: random.Random) -> str:
    hour, minute = random_.randint(1, 12), random_.choice(("00", "15", "30", "45", f"{random_.randint(1, 59):02}"))
    half, said = random_.choice(("am", "pm")), in_words(random_.randint(1, 12))
    return random_.choice(
        (
            f"{hour}:{minute}",
            f"{hour} o'clock",
            f"{hour} pm",
            f"{hour}:{minute} {half}",
            f"{hour} {half}",
            f"{hour}.{minute} {half}",
            f"{hour + 11}:{minute}",
            f"half past {said}",
            f"quarter {random_.choice(('to', 'past'))} {said}",
            f"{random_.randint(2, 29)} past {said}",
            f"{said} o'clock",
            "noon",
            "midnight",
        )
    )


def items(make: Callable[[Draw], str], most: int = 4) -> Variant:
    def written(draw: Draw) -> Written:
        values = list(dict.fromkeys(make(draw) for _ in range(draw.number(1, most))))
        return values, joined(values, draw.any((" and ", " and ", ", and ", " or ", ", ", " & ")))

    return Variant(("list[str]", f"list[str](max={most + 2})", "list[str(max=40)]"), written)


def joined(values: list[str], last: str) -> str:
    return values[0] if len(values) == 1 else ", ".join(values[:-1]) + last + values[-1]


def box(draw: Draw) -> Written:
    sizes = [draw.number(2, 250) for _ in range(3)]
    return dict(zip(("width", "height", "depth"), sizes, strict=True)), draw.any((" x ", "x", " by ", " * ")).join(
        map(str, sizes)
    )


def title(random_: random.Random) -> str:
    adjective = random_.choice(
        [
            "Silent",
            "Last",
            "Blue",
            "Broken",
            "Hidden",
            "Long",
            "Early",
            "Paper",
            "Winter",
            "Golden",
            "Lost",
            "Second",
            "Cold",
            "Quiet",
            "Wild",
        ]
    )
    noun = random_.choice(
        [
            "River",
            "Garden",
            "Winter",
            "Letter",
            "Harbor",
            "House",
            "Road",
            "Storm",
            "Kitchen",
            "Island",
            "Clock",
            "Forest",
            "Summer",
            "Bridge",
        ]
    )
    return random_.choice(
        (
            f"The {adjective} {noun}",
            f"{adjective} {noun}",
            f"{noun} of {word(random_)}",
            f"A {noun} in {word(random_)}",
            f"{word(random_)} at the {noun}",
            f"The {word(random_)} {noun}",
            f"{adjective} {word(random_)}",
            f"{word(random_)} {word(random_)}",
            f"Return to {word(random_)}",
        )
    )


def thing(draw: Draw) -> str:
    """A product, many with a made-up name in front, or made up altogether."""
    plain = draw.of(slots.listed("products"))
    return draw.any(
        (
            plain,
            plain,
            plain,
            f"{draw.made(word)} {plain}",
            f"{draw.made(word).lower()} {plain.rpartition(' ')[2]}",
            draw.made(word).lower(),
        )
    )
