"""Values for the slots of templates: long lists in lists/*.txt, and values that are made up."""

from __future__ import annotations

import random
from functools import lru_cache
from pathlib import Path

from sglc.backend.engine.tiny.corpus.draw import Draw


@lru_cache(maxsize=400)
def listed(name: str) -> tuple[str, ...]:
    """The lines of lists/NAME.txt; lists in Chinese are called NAME.zh."""
    return tuple(dict.fromkeys(listed_with_repeats(name)))


def listed_with_repeats(name: str) -> list[str]:
    text = (Path(__file__).parent / "lists" / f"{name}.txt").read_text("utf-8")
    return [line for line in text.split("\n") if line]


@lru_cache(maxsize=50)
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """lists/NAME.txt in sections: `# SECTION`, then its lines."""
    found: dict[str, tuple[str, ...]] = {}
    section = ""
    for line in listed_with_repeats(name):
        if line.startswith("# "):
            section = line[2:]
            found[section] = ()
        else:
            found[section] = (*found[section], line)
    return found


def person(draw: Draw) -> str:
    """A first name, or both names."""
    first = draw.of(listed("first_names"))
    return first if draw.chance(0.5) else f"{first} {draw.of(listed('last_names'))}"


def chinese_person(draw: Draw) -> str:
    return draw.of(listed("surnames.zh")) + draw.of(listed("given_names.zh"))


def digits(random_: random.Random, low: int, high: int) -> str:
    """A number of `low` to `high` digits that does not begin with a zero."""
    count = random_.randint(low, high)
    return random_.choice("123456789") + "".join(random_.choices("0123456789", k=count - 1))


def parcel(draw: Draw) -> dict[str, str | None]:
    """What the parcel service says, in the form of the examples' `Parcel`."""
    eta = draw.any(listed("etas")) if draw.chance(0.75) else None
    return {"status": draw.any(listed("statuses")), "eta": eta, "carrier": draw.any(listed("carriers"))}
