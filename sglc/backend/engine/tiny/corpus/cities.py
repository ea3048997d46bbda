"""examples/city.sgl: a page about a city -> its facts, hole after hole, in JSON that the program writes."""

from __future__ import annotations

import random
import re
from functools import lru_cache
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import WORDS, person, word
from sglc.backend.engine.tiny.corpus.programs import example
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

UNKNOWN = "unknown"
"""What the page does not say."""
BEFORE = ("New", "Old", "Port", "San", "Fort", "Santa", "Upper", "Lake")
ENDS = ("", "", "", "", "ton", "burg", "by", "ville", "ham", "ford", "port", "stad", "holm", "mouth", "grad")
SAME = frozenset(
    (
        *("yen", "yuan", "won", "baht", "ringgit", "rupiah", "dong", "kip", "rand", "tenge", "som", "soum", "lari"),
        *("batzen", "kreuzer", "taka", "kyat", "birr", "kwacha"),
    )
)
"""Coins of which two are called like one."""
IRREGULAR = {"leu": "lei", "lev": "leva", "lek": "leke", "sol": "soles", "krone": "kroner", "krona": "kronor"}
ADJECTIVES = ("Old", "New", "Crooked", "Golden", "Red", "Black", "White", "Great", "Royal", "Long", "Silver", "Upper")


def _population(draw: Draw) -> tuple[int, str]:
    def make(random_: random.Random) -> str:
        number = int(10 ** random_.uniform(3, 7))
        return str(round(number, -random_.choice((0, 2, 3))) or number)

    roll = draw.random.random()
    if roll < 0.08:
        return _in_words(draw)
    text = draw.made(make)
    return int(text), draw.any((f"{int(text):,}", f"{int(text):,}", text))


def _in_words(draw: Draw) -> tuple[int, str]:
    """As it is written in running text: 1.2 million, 45 thousand, two million."""
    power, unit = draw.any(((1_000_000, "million"), (1_000_000, "million"), (1000, "thousand")))
    if draw.chance(0.15):
        return draw.any(
            (
                *((number * power, f"{said} {unit}") for number, said in enumerate(WORDS, 1)),
                (500_000, "half a million"),
                (1_500_000, "one and a half million"),
            )
        )

    def make(random_: random.Random) -> str:
        if power == 1000:
            return str(random_.randint(2, 990))
        return random_.choice(
            (f"{random_.uniform(1, 20):.1f}", f"{random_.uniform(1, 30):.2f}", str(random_.randint(2, 40)))
        )

    short = draw.made(make)
    return round(float(short) * power), f"{short} {unit}"


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    names = (*slots.listed("cities"), *slots.listed("towns"))
    return tuple(dict.fromkeys(name for name in names if re.fullmatch("[A-Za-z ]+", name)))


def _name(draw: Draw) -> str:
    """Short enough for the 8 tokens that the program allows."""
    roll = draw.random.random()
    if roll < 0.65:
        return draw.of(_known())
    if roll < 0.72:
        return draw.made(lambda random_: f"{random_.choice(BEFORE)} {word(random_, 1, 2)}")
    return draw.made(lambda random_: word(random_, 1, 2) + random_.choice(ENDS))


def _sight(draw: Draw) -> str:
    kind = draw.of(slots.listed("sight_kinds"))
    noun = kind.rpartition(" ")[2]
    noun = noun if draw.chance(0.5) else noun.capitalize()
    roll = draw.random.random()
    if roll < 0.45:
        return kind
    if roll < 0.6:
        return kind.title()
    if roll < 0.72:
        return f"{draw.any(ADJECTIVES)} {noun.capitalize()}"
    if roll < 0.85:
        return f"{draw.of(slots.listed('last_names'))} {noun}"
    first = draw.made(lambda random_: word(random_, 1, 2))
    return draw.any((first, f"{draw.any(ADJECTIVES)} {first}", f"{first} {noun}", f"{first} {noun}"))


def _currency(draw: Draw) -> str:
    real = draw.of(slots.listed("currencies"))
    roll = draw.random.random()
    if roll < 0.8:
        return real
    if roll < 0.9:
        known = real.rpartition(" ")[2]
        return f"{draw.made(lambda random_: word(random_, 1, 1))} {known}" if len(known) < 7 else known
    return draw.made(lambda random_: word(random_, 1, 2).lower().rstrip("s") + random_.choice("nkdtlr"))


def _plural(money: str) -> str:
    before, gap, last = money.rpartition(" ")
    return before + gap + (last if last in SAME else IRREGULAR.get(last, f"{last}s"))


def _language(draw: Draw) -> str:
    if draw.chance(0.75):
        return draw.of([one for one in slots.listed("languages") if one.isascii()])
    return draw.made(lambda random_: word(random_, 1, 2) + random_.choice(("ish", "ese", "ic", "ian", "i", "")))


def _line(draw: Draw, kind: str) -> str:
    return draw.of(slots.listed(f"city_{kind}"))


def _sentences(draw: Draw) -> list[str]:
    """A naming sentence, how many people there are, and what they speak and pay with, some in one."""
    roll = draw.random.random()
    if roll < 0.2:
        said = [_line(draw, "counted")]
    elif roll < 0.4:
        said = [_line(draw, "spoken"), _line(draw, "people")]
        lacks = [k for k, slot in (("language", "{language}"), ("currency", "{money")) if slot not in said[0]]
        return said + [_line(draw, kind) for kind in lacks if draw.chance(0.5)]
    else:
        said = [_line(draw, "names"), _line(draw, "people")]
    roll = draw.random.random()
    kinds = "money" if roll < 0.55 else draw.any(("language", "currency", "language currency", "currency language", ""))
    return said + [_line(draw, kind) for kind in kinds.split()]


def _other_place(draw: Draw, name: str) -> str:
    """Another city."""
    other = _name(draw) if draw.chance(0.8) else draw.made(word)
    return draw.made(word) if other in name or name in other else other


def _country(draw: Draw) -> str:
    if draw.chance(0.85):
        return draw.of(slots.listed("countries"))
    return draw.made(lambda random_: word(random_, 1, 2) + random_.choice(("ia", "land", "", "stan", "ria")))


def _beside(draw: Draw, name: str) -> dict[str, str]:
    """What a sentence says besides: nothing that is asked for."""
    return {
        "country": _country(draw),
        "other": _other_place(draw, name),
        "river": draw.of(slots.listed("rivers")) if draw.chance(0.7) else draw.made(word),
        "year": str(draw.number(800, 2024)),
        "small": str(draw.number(2, 99)),
        "some": draw.any((f"{draw.number(2, 90)},000", str(draw.number(100, 9999)))),
        "person": person(draw) if draw.chance(0.7) else slots.person(draw),
    }


def _page(draw: Draw, first: str, *said: str) -> str:
    """The sentences, the naming one in front in most pages."""
    sentences = [first, *(draw.shuffled(said) if draw.chance(0.5) else said)]
    if draw.chance(0.12):
        sentences = draw.shuffled(sentences)
    if draw.chance(0.1):
        return "\n".join(sentences)
    stop = draw.any((".", ".", "\n"))
    ended = [one if one[-1:] in ".!?" else one + stop for one in sentences]
    return " ".join(ended).replace("\n ", "\n").strip()


def city(draw: Draw) -> Case:
    name, (population, shown) = _name(draw), _population(draw)
    wanted: dict[str, Any] = {
        "name": name,
        "population": population,
        "language": UNKNOWN,
        "currency": UNKNOWN,
        "sights": [UNKNOWN] * 3,
    }
    language, money = _language(draw), _currency(draw)
    first, *said = _sentences(draw)
    wanted["language"] = language if any("{language}" in one for one in (first, *said)) else UNKNOWN
    moneys = _plural(money)
    written = {"{money}": money, "{moneys}": moneys}
    # As the page writes it: `pay in crowns`, `the currency is the crown`.
    wanted["currency"] = next((written[slot] for slot in written for one in (first, *said) if slot in one), UNKNOWN)
    sights: list[str] = []
    if draw.chance(0.85):
        while len(sights) < 3:
            sight = _sight(draw)
            if sight.lower() not in (one.lower() for one in sights) and len(sight) <= 24:
                sights.append(sight)
        wanted["sights"] = sights
        said.append(_line(draw, "sights"))
    said += [_line(draw, "other") for _ in range(draw.any((0, 0, 0, 1, 1, 2, 3)))]
    facts = {"name": name, "n": shown, "language": language, "money": money, "moneys": moneys}
    facts |= dict(zip("abc", sights or ["", "", ""], strict=True))
    page = _page(draw, *(one.format(**facts, **_beside(draw, name)) for one in (first, *said)))
    return Case(
        program=example("city"),
        function="city",
        args={"page": page},
        teacher=lambda path, told: _reply(wanted[path.rpartition(".")[2]]),
        check=lambda value: bool(value == wanted),
    )


def _reply(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value)


TASKS = (Task("city", "extraction", "en", city, 1.5),)
