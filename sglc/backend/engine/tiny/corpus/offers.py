"""Choosing one of several offers by a wish: the lowest price, the best rating, the nearest, the largest, or a named trait."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import written
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.engine.tiny.corpus.wordings import wording

_FIELDS: dict[str, tuple[tuple[int, int], str]] = {
    "price": ((5, 999), "low"),
    "rating": ((1, 99), "high"),
    "distance": ((1, 90), "low"),
    "seats": ((2, 80), "high"),
    "size": ((8, 300), "high"),
    "minutes": ((3, 240), "low"),
}
"""Field -> (range, which end people want)."""


def wishes(language: str) -> dict[str, tuple[str, ...]]:
    """lists/wishes.txt: `# FIELD`, then lines that want its better end."""
    return slots.sections("wishes" if language == "en" else "wishes.zh")


_PROGRAM = """type {name}:
    name: str
    {a}: int
    {b}: int


def pick(offers: list[{name}], wish: str) -> str:
    {system}user: "{ask}"
    assistant: "{label}{{select best from [o.name for o in offers]}}"
    return best
"""
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "name": ("Offer", "Option", "Item", "Place"),
        "system": ("", "", 'system: "Choose what fits the wish."\n    ', 'system: "You help people to choose."\n    '),
        "ask": (
            "Offers: {offers}\\nWish: {wish}",
            "{wish}\\n{offers}",
            "Choose one of these: {offers}\\n{wish}",
            "A customer says: {wish}\\nWe have: {offers}\\nWhich one fits best?",
            "{offers}\\nWhat matters: {wish}",
        ),
        "label": ("", "Best: ", "Choice: ", "I take ", "Name: "),
        "a": tuple(_FIELDS),
        "b": tuple(_FIELDS),
    },
    "zh": {
        "name": ("Offer", "Option", "Item"),
        "system": ("", 'system: "请按愿望选择。"\n    '),
        "ask": (
            "选项:{offers}\\n愿望:{wish}",
            "{wish}\\n{offers}",
            "请从中选一个:{offers}\\n{wish}",
            "顾客说:{wish}\\n我们有:{offers}\\n哪个最合适?",
        ),
        "label": ("", "最合适:", "选择:", "我选"),
        "a": tuple(_FIELDS),
        "b": tuple(_FIELDS),
    },
}


_CLEAR = 1.5


def _column(draw: Draw, low: int, high: int, count: int) -> list[int]:
    """Different numbers: often of as many digits, in half of the cases each 1.5 times the one before it or more."""
    if draw.chance(0.4):
        decades = [(max(low, 10**n), min(high, 10 ** (n + 1) - 1)) for n in range(3)]
        low, high = draw.any([ends for ends in decades if ends[1] - ends[0] >= 2 * count])
    if draw.chance(0.5):
        return _clear(draw, low, high, count)
    return draw.random.sample(range(low, high + 1), count)


def _clear(draw: Draw, low: int, high: int, count: int) -> list[int]:
    """Numbers with clear differences, as clear as there is room for."""
    room = high / low
    step = min(_CLEAR, room ** (1 / count))
    # What is left of the room is shared at random: points in it, in order.
    rest = sorted(draw.random.random() for _ in range(count))
    free = room / step ** (count - 1)
    found: list[int] = []
    for at, point in enumerate(rest):
        least = math.ceil(found[-1] * step) if found else low
        found.append(max(least, round(low * free**point * step**at)))
    return draw.shuffled(found) if found[-1] <= high else draw.random.sample(range(low, high + 1), count)


def pick(draw: Draw, language: str) -> Case:
    parts = wording(draw, _WORDS[language], 120)
    if parts["a"] == parts["b"]:
        parts["b"] = "rating" if parts["a"] == "price" else "price"
    fields = (parts["a"], parts["b"])
    count = draw.number(2, 5)
    columns = {field: _column(draw, *_FIELDS[field][0], count) for field in fields}
    names = draw.some(slots.listed("products" if language == "en" else "products.zh"), count)
    if draw.chance(0.5):
        names = list(dict.fromkeys(draw.made(lambda r: _name(draw, r.randint(0, 9999))) for _ in range(count)))
    names = [name for name in names if not any(name != other and name in other for other in names)]
    offers: list[dict[str, Any]] = [
        {"name": name, **{field: columns[field][at] for field in fields}} for at, name in enumerate(names)
    ]
    wanted = draw.any(fields)
    best = (min if _FIELDS[wanted][1] == "low" else max)(offers, key=lambda o: o[wanted])["name"]
    return Case(
        program=written(_PROGRAM.format(**parts)),
        function="pick",
        args={"offers": offers, "wish": draw.of(wishes(language)[wanted])},
        teacher=lambda path, told: str(best),
        check=lambda value: bool(value == best),
    )


def _name(draw: Draw, number: int) -> str:
    """A made-up name of an offer."""
    start = draw.any(
        ("Al", "Be", "Cor", "Da", "El", "Fi", "Gra", "Ho", "Ix", "Ju", "Ka", "Lo", "Mi", "No", "Or", "Pe", "Ra")
    )
    end = draw.any(("ba", "con", "dor", "fix", "go", "lin", "mar", "nix", "ra", "sol", "ta", "vo", "xa", "zen"))
    return f"{start}{end}" if number % 3 else f"{start}{end} {number % 100}"


TASKS = (
    Task("offers", "comparison", "en", partial(pick, language="en"), 2.5),
    Task("offers_zh", "comparison", "zh", partial(pick, language="zh"), 2.0),
)
