"""What people say in a chat, and what is said back: the lists chat_*.txt, and values of facts about people."""

from __future__ import annotations

import random
import re
from functools import lru_cache

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw

SUFFIXES = {"en": "", "zh": ".zh"}
KINDS = (
    *("name", "name", "name", "city", "city", "like", "like", "like", "like", "pet", "pet", "kin", "kin", "job", "age"),
    *("number", "number", "trip", "hobby", "birthday", "meeting", "bought", "own", "speak", "shopping"),
)
"""Of facts that can be told and asked; some are more usual than others."""
_NAMED = ("like", "pet", "kin", "number", "own")
"""Kinds of which there are several: a favorite color and a favorite food, a sister and a boss."""
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ONSETS = (
    *("b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "kl", "l"),
    *("m", "n", "p", "pl", "qu", "r", "s", "sh", "sk", "st", "t", "th", "tr", "v", "w", "z"),
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ie", "ou")
_BAR = re.compile(r"\|(?![^\[\]]*\])")
_ENDS = ["", "", "n", "r", "l", "s", "m", "x", "nd", "rt", "ck"]


def coined(random_: random.Random) -> str:
    """A word that does not exist."""
    parts = range(random_.randint(1, 3))
    return "".join(random_.choice(_ONSETS) + random_.choice(_VOWELS) for _ in parts) + random_.choice(_ENDS)


def parts(line: str) -> list[str]:
    """The texts of a line, split at each `|` but those of a choice `[a|b]`."""
    return _BAR.split(line)


@lru_cache(maxsize=50)
def lines(name: str, language: str) -> dict[str, tuple[str, ...]]:
    """lists/NAME.txt whose lines are `key|text|text`."""
    found = {}
    for line in slots.listed(name + SUFFIXES[language]):
        key, *texts = parts(line)
        found[key] = tuple(text.strip() for text in texts)
    return found


@lru_cache(maxsize=4)
def _facts(language: str) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for line in slots.listed("chat_facts" + SUFFIXES[language]):
        kind, what, text = parts(line)
        found.setdefault((kind, what), []).append(text)
    return {key: tuple(texts) for key, texts in found.items()}


def wordings(kind: str, what: str, language: str) -> tuple[str, ...]:
    """`what` is tell, ask, ack, answer or unknown; of the last three there is one."""
    return _facts(language)[kind, what]


@lru_cache(maxsize=100)
def names_of(kind: str, language: str) -> tuple[str, ...]:
    """The names of the facts of a kind, in the same order in each language: color, food / dog, cat."""
    return tuple(lines("likes", language)) if kind == "like" else lines("chat_things", language)[kind]


class Fact:
    """One fact about the person. `which`: the place of its name among the names of its kind; a person for a meeting."""

    def __init__(self, kind: str, which: int | str, value: str) -> None:
        self.kind, self.which, self.value = kind, which, value

    def said(self, template: str, language: str) -> str:
        named = names_of(self.kind, language)[self.which] if isinstance(self.which, int) else self.which
        return articles(template.replace("{w}", named).replace("{v}", self.value))


def articles(text: str) -> str:
    return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)


def draw_which(draw: Draw, kind: str, language: str) -> int | str:
    if kind == "meeting":
        return _person(draw, language)
    return draw.number(0, len(names_of(kind, "en")) - 1) if kind in _NAMED else ""


def draw_fact(draw: Draw, kind: str, which: int | str, language: str) -> Fact:
    return Fact(kind, which, _value(draw, kind, which, language))


def _person(draw: Draw, language: str) -> str:
    if language == "zh":
        return slots.chinese_person(draw)
    return draw.made(coined).capitalize() if draw.chance(0.25) else slots.person(draw)


def _listed(draw: Draw, name: str, language: str) -> str:
    return draw.of(slots.listed(name + SUFFIXES[language]))


def _value(draw: Draw, kind: str, which: int | str, language: str) -> str:
    match kind:
        case "name":
            return _person(draw, language)
        case "kin":
            return _person(draw, language).split(" ")[0]
        case "pet":
            return _pet(draw, language)
        case "city" | "trip":
            coins = language == "en" and draw.chance(0.25)
            return draw.made(coined).capitalize() if coins else _listed(draw, "cities", language)
        case "like":
            return draw.of(lines("likes", language)[names_of("like", language)[int(which)]])
        case "shopping":
            return joined(draw.some(slots.listed("groceries" + SUFFIXES[language]), draw.number(1, 3)), language)
        case "number":
            return _code(draw, str(names_of("number", "en")[int(which)]))
    lists = {"job": "jobs", "hobby": "hobbies", "speak": "languages", "bought": "products"}
    return _listed(draw, lists[kind], language) if kind in lists else _figure(draw, kind, language)


def _pet(draw: Draw, language: str) -> str:
    if language == "zh":
        first = draw.of(slots.listed("given_names.zh"))
        return draw.any(["小", "阿", "大"]) + first[-1]
    return draw.made(coined).capitalize() if draw.chance(0.5) else draw.of(slots.listed("first_names"))


def _code(draw: Draw, named: str) -> str:
    if named in ("code word", "password"):
        return draw.made(coined)
    if named in ("code", "gate", "seat"):
        return draw.made(lambda r: f"{r.choice('ABCDEFGHKLMNPRST')}{slots.digits(r, 1, 4)}")
    return draw.made(lambda r: slots.digits(r, 2, 7))


def _figure(draw: Draw, kind: str, language: str) -> str:
    if kind == "own":
        return draw.made(lambda r: str(r.randint(2, 60)))
    if kind == "age":
        return draw.made(lambda r: str(r.randint(16, 95)))
    if kind == "meeting":
        return draw.made(lambda r: f"{r.randint(7, 21)}:{r.choice(['00', '15', '30', '45', '10', '50'])}")
    if language == "zh":
        return draw.made(lambda r: f"{r.randint(1, 12)}月{r.randint(1, 28)}日")
    return draw.made(lambda r: f"{r.randint(1, 28)} {r.choice(MONTHS)}")


def joined(items: list[str], language: str) -> str:
    """milk, eggs and bread"""
    comma, last = (", ", " and ") if language == "en" else ("、", "和")
    return last.join([comma.join(items[:-1]), items[-1]]) if len(items) > 1 else items[0]
