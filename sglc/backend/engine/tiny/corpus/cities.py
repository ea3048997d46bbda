"""examples/city.sgl: a page about a city -> its facts, hole after hole, in JSON that the program writes."""

from __future__ import annotations

import random
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import word
from sglc.backend.engine.tiny.corpus.programs import example
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

UNKNOWN = "unknown"
"""What the page does not say."""


def _population(draw: Draw) -> tuple[int, str]:
    def make(random_: random.Random) -> str:
        number = int(10 ** random_.uniform(3, 7))
        return str(round(number, -random_.choice((0, 2, 3))) or number)

    if draw.chance(0.12):
        # As it is written in running text: 1.2 million, 45 thousand.
        power, unit = draw.any(((1_000_000, "million"), (1000, "thousand")))
        short = draw.made(
            lambda random_: random_.choice((f"{random_.uniform(1, 20):.1f}", str(random_.randint(2, 99))))
        )
        return round(float(short) * power), f"{short} {unit}"
    text = draw.made(make)
    return int(text), draw.any((f"{int(text):,}", f"{int(text):,}", text))


def _name(draw: Draw) -> str:
    """Short enough for the 8 tokens that the program allows."""
    if draw.chance(0.45):
        return draw.of(
            [
                name
                for name in slots.listed("cities")
                if name.replace(" ", "").isascii() and name.replace(" ", "").isalpha()
            ]
        )
    return draw.made(lambda random_: word(random_, 1, 2) + random_.choice(("", "", "ton", "burg", "by", "ville")))


def _sight(draw: Draw) -> str:
    kind = draw.of(slots.listed("sight_kinds"))
    roll = draw.random.random()
    if roll < 0.45:
        return kind
    first = draw.made(lambda random_: word(random_, 1, 2))
    return first if roll < 0.65 else f"{first} {kind.rpartition(' ')[2]}"


def _currency(draw: Draw) -> str:
    return (
        draw.of(slots.listed("currencies"))
        if draw.chance(0.5)
        else draw.made(lambda random_: word(random_, 1, 2).lower().rstrip("s") + random_.choice("nkdtlr"))
    )


def _language(draw: Draw) -> str:
    if draw.chance(0.5):
        return draw.of([one for one in slots.listed("languages") if one.isascii()])
    return draw.made(lambda random_: word(random_, 1, 2) + random_.choice(("ish", "ese", "ic", "ian", "i", "")))


def _line(draw: Draw, kind: str) -> str:
    return draw.of(slots.listed(f"city_{kind}"))


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
    said = [_line(draw, "people")]
    roll = draw.random.random()
    if roll < 0.65:
        said.append(_line(draw, "money"))
    elif roll < 0.9:
        kinds = ("language", "currency", "language currency")[min(int((roll - 0.65) * 12), 2)].split()
        said += [_line(draw, kind) for kind in kinds]
    wanted["language"] = language if any("{language}" in one for one in said) else UNKNOWN
    wanted["currency"] = money if any("{money}" in one for one in said) else UNKNOWN
    sights: list[str] = []
    if draw.chance(0.85):
        while len(sights) < 3:
            sight = _sight(draw)
            if sight not in sights and len(sight) <= 24:
                sights.append(sight)
        wanted["sights"] = sights
        said.append(_line(draw, "sights"))
    said += [_line(draw, "other") for _ in range(draw.any((0, 0, 0, 1, 1, 2)))]
    if draw.chance(0.4):
        said = draw.shuffled(said)
    facts = {
        "name": name,
        "n": shown,
        "language": language,
        "money": money,
        "country": draw.of(slots.listed("countries")),
        "other": draw.made(word),
        "year": str(draw.number(800, 1990)),
        "small": str(draw.number(2, 99)),
        "some": f"{draw.number(2, 90)},000",
        "person": slots.person(draw),
    } | dict(zip("abc", sights or ["", "", ""], strict=True))
    page = " ".join([_line(draw, "names"), *said]).format(**facts)
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
