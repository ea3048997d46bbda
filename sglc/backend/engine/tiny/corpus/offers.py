"""Choosing one of several offers by a wish: the lowest price, the best rating, the nearest, the largest, or a named trait."""

from __future__ import annotations

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

_WISHES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "price": (
            *(
                "It should be cheap.",
                "I want the cheapest one.",
                "As cheap as possible, please.",
                "A low price is what counts.",
            ),
            *(
                "Which has the lowest price?",
                "My budget is small.",
                "cheap",
                "the cheapest",
                "I have little money.",
                "lowest price",
            ),
        ),
        "rating": (
            *(
                "I want the best rating.",
                "Which has the highest rating?",
                "Take the one that people rate best.",
                "best rating",
            ),
            *(
                "A good rating is what counts.",
                "The best rated one, please.",
                "highest rating",
                "Other people should rate it well.",
            ),
        ),
        "distance": (
            *(
                "It should be near.",
                "Which is the nearest?",
                "As near as possible, please.",
                "The shortest distance.",
                "nearest",
            ),
            *("I do not want to go far.", "A short distance is what counts.", "It must not be far away."),
        ),
        "seats": (
            *(
                "We are many people and need the most seats.",
                "Which has the most seats?",
                "most seats",
                "Many seats, please.",
            ),
            *("It needs as many seats as possible.", "The one with the most seats.", "Seats are what counts."),
        ),
        "size": (
            *(
                "It should be large.",
                "I want the largest one.",
                "Which is the largest?",
                "largest",
                "As large as possible, please.",
            ),
            *("A large size is what counts.", "The size should be large.", "We need the largest size."),
        ),
        "minutes": (
            *(
                "It should be fast.",
                "Which takes the fewest minutes?",
                "The fastest one, please.",
                "As fast as possible.",
                "fastest",
            ),
            *("I have only a few minutes.", "Few minutes are what counts.", "We need the fastest."),
        ),
    },
    "zh": {
        "price": (
            "要便宜的。",
            "我要最便宜的。",
            "越便宜越好。",
            "哪个价格最低?",
            "预算不多,要便宜。",
            "价格最低",
            "最便宜的那个。",
            "便宜最重要。",
        ),
        "rating": (
            "要评分最高的。",
            "哪个评分最高?",
            "评分最高的那个。",
            "评分高最重要。",
            "评分越高越好。",
            "我看重评分。",
        ),
        "distance": (
            "要最近的。",
            "哪个最近?",
            "越近越好。",
            "不想走远,要近的。",
            "距离最近的那个。",
            "近一点最重要。",
        ),
        "seats": ("我们人多,座位要最多。", "哪个座位最多?", "座位越多越好。", "座位最多的那个。", "要座位多的。"),
        "size": ("要最大的。", "哪个最大?", "越大越好。", "面积最大的那个。", "我要大的。", "大最重要。"),
        "minutes": ("要最快的。", "哪个最快?", "越快越好。", "用时最少的那个。", "我赶时间,要快的。", "快最重要。"),
    },
}

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


def pick(draw: Draw, language: str) -> Case:
    parts = wording(draw, _WORDS[language], 120)
    if parts["a"] == parts["b"]:
        parts["b"] = "rating" if parts["a"] == "price" else "price"
    fields = (parts["a"], parts["b"])
    count = draw.number(2, 5)
    columns = {field: draw.random.sample(range(*_FIELDS[field][0]), count) for field in fields}
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
        args={"offers": offers, "wish": draw.of(_WISHES[language][wanted])},
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
    Task("offers", "choice", "en", partial(pick, language="en"), 0.7),
    Task("offers_zh", "choice", "zh", partial(pick, language="zh"), 0.6),
)
