"""Made-up texts that tools take: times, paths, codes, addresses, sums to work out."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sglc.backend.engine.tiny.corpus.made_up import MONTHS, UPPER, from_shape, word
from sglc.backend.engine.tiny.corpus.tool_words import CODES, ENDINGS, FOLDERS, HOST_KINDS, TIMES_ZH

_SPOKEN = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def time(random: Random) -> str:
    """No dots after am and pm, since many a sentence ends there."""
    hour, minute = random.randint(1, 12), random.choice((0, 5, 10, 15, 20, 30, 40, 45, random.randint(1, 59)))
    half = random.choice(("am", "pm", "AM", "PM"))
    forms = (
        f"{hour}:{minute:02}",
        f"{hour + 11}:{minute:02}",
        f"{random.randint(0, 9):02}:{minute:02}",
        f"{hour}:{minute:02} {half}",
        f"{hour}:{minute:02}{half.lower()}",
        f"{hour} {half}",
        f"{hour}{half.lower()}",
        f"{hour} o'clock",
        f"{random.randint(13, 23)}:{minute:02}",
    )
    return random.choice(forms)


def time_zh(random: Random) -> str:
    hour, minute = random.randint(1, 12), random.choice((5, 10, 20, 40, random.randint(1, 59)))
    part, low, high = random.choice(TIMES_ZH)
    later = random.randint(low, high)
    forms = (
        f"{hour}点",
        f"{hour}点半",
        f"{hour}点{minute:02}分",
        f"{hour}点{minute:02}",
        f"{hour + 11}:{minute:02}",
        f"{random.randint(0, 23):02}:{minute:02}",
        f"{part}{later}点",
        f"{part}{later}点半",
        f"{part}{later}点{minute:02}分",
        f"{part}{later}:{minute:02}",
        f"{part}{_SPOKEN[later]}点{random.choice(('', '半', '一刻', '二十', '三刻'))}",
        f"{_SPOKEN[hour]}点{random.choice(('', '半', '一刻', '三刻', '四十'))}",
    )
    return random.choice(forms)


def _expression(random: Random) -> str:
    def number() -> str:
        return (
            str(random.randint(2, 999)) if random.random() < 0.85 else f"{random.randint(1, 99)}.{random.randint(1, 9)}"
        )

    text = number()
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        text += f" {random.choice('+-*/')} {number()}"
    roll = random.random()
    if roll < 0.15:
        text = f"({text}) {random.choice('*/')} {number()}"
    elif roll < 0.25:
        text = f"{number()} {random.choice('+-*')} ({text})"
    return text.replace(" ", "") if random.random() < 0.2 else text


def small_word(random: Random) -> str:
    return word(random, 1, 2).lower()


def host(random: Random) -> str:
    name = random.choice((*HOST_KINDS, small_word(random), small_word(random), small_word(random)))
    number = random.choice((str(random.randint(1, 99)), f"{random.randint(1, 20):02}"))
    end = random.choice(("", "", "", ".local", "-eu", "-test", "-prod", ".lan", f".{small_word(random)}.net"))
    return f"{name}{random.choice(('', '-'))}{number}{end}"


def _path(random: Random) -> str:
    name = small_word(random)
    name = random.choice(
        (name, name, f"{name}_{random.randint(1, 99)}", f"{name}-{small_word(random)}", name.capitalize())
    )
    if random.random() < 0.3:
        name = random.choice(
            ("notes", "main", "index", "app", "report", "config", "README", "todo", "test", "list", "old")
        )
    folder = random.choice(FOLDERS) if random.random() < 0.6 else ""
    if random.random() < 0.25:
        folder += f"{small_word(random)}/"
    return f"{folder}{name}.{random.choice(ENDINGS)}"


def _folder(random: Random) -> str:
    folder = random.choice([one for one in FOLDERS if one])
    return folder + random.choice(("", f"{small_word(random)}/"))


def _code(random: Random) -> str:
    """Article and order numbers in many shapes; `a` and `A` are letters, `0` digits; slots are made-up words."""
    text = from_shape(random, random.choice(CODES))
    return text.format(w=small_word(random), W=word(random, 1, 2).upper(), v=small_word(random))


def _email(random: Random) -> str:
    first, last = small_word(random), small_word(random)
    box = random.choice((f"{first}.{last}", f"{first[0]}.{last}", f"{first}{random.randint(1, 99)}", f"{first}_{last}", first,
                         random.choice(("info", "team", "help", "office", "sales", "jobs"))))  # fmt: skip
    host = random.choice((small_word(random), small_word(random), f"mail.{small_word(random)}", "example"))
    return f"{box}@{host}.{random.choice(('com', 'org', 'net', 'example', 'shop', 'de', 'cn', 'fr', 'eu'))}"


def _phone(random: Random) -> str:
    shapes = ("0000 000000", "+00 000 0000000", "000-000-0000", "000 0000", "00000000", "0000-00000", "+00 00 000 0000",
              "000 000 000", "1000 0000 000", "13000000000", "555-0000")  # fmt: skip
    return from_shape(random, random.choice(shapes))


def _url(random: Random) -> str:
    host = random.choice(("", "www.", "docs.", "shop.")) + small_word(random)
    page = random.choice(("", "", f"/{small_word(random)}", f"/{small_word(random)}/{random.randint(1, 999)}", "/help"))
    return f"{random.choice(('', 'https://', 'http://'))}{host}.{random.choice(('com', 'org', 'net', 'de', 'cn', 'io'))}{page}"


def _flight(random: Random) -> str:
    letters = "".join(random.choices(UPPER, k=2))
    return f"{letters}{random.choice(('', '', ' ', '-'))}{random.randint(10, 9999)}"


MADE: dict[str, Callable[[Random], str]] = {
    "isodate": lambda r: f"{r.randint(2024, 2039)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "clock": lambda r: f"{r.randint(0, 23):02}:{r.choice((0, 15, 30, 45, r.randint(0, 59), r.randint(0, 59))):02}",
    "expression": _expression,
    "host": host,
    "path": _path,
    "folder": _folder,
    "code": _code,
    "email": _email,
    "phone": _phone,
    "url": _url,
    "flightno": _flight,
}
"""Makers of texts that are the same in both languages."""


def date(random: Random) -> str:
    day, month = random.randint(1, 28), random.choice(MONTHS)
    return random.choice((f"{day} {month}", f"{month} {day}"))
