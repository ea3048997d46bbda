"""Arguments of tool calls: how a question says them, and what the call holds. lists/said_*.txt hold the longer ones."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any, TypeAlias

from sglc.backend.engine.tiny.corpus import facts, slots, tool_made
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import from_shape, word
from sglc.backend.engine.tiny.corpus.tool_words import (
    DAYS,
    DAYS_ZH,
    DOORS,
    DOORS_ZH,
    HOURS,
    PLACES,
    PLACES_ZH,
    SOURCES,
    SOURCES_ZH,
    TERMS,
    TERMS_ZH,
)

Said: TypeAlias = tuple[str, Any]
"""The words of a question, and the value that they mean."""

_SAID = {
    "text": "said_texts",
    "chore": "said_chores",
    "problem": "said_problems",
    "eventname": "said_events",
    "roomname": "said_rooms",
    "reason": "said_reasons",
}
"""Lists of templates for what is said in whole phrases."""
_RANGES = {
    "five": (1, 5),
    "few": (2, 12),
    "level": (0, 100),
    "warmth": (5, 32),
    "nights": (2, 30),
    "party": (2, 40),
    "low": (1, 20),
    "high": (21, 999),
}
"""Whole numbers between two bounds."""
_SLOT = re.compile(r"\{(\w)\}")


def said(draw: Draw, maker: str, type_: str, *, chinese: bool) -> Said:
    """A random argument."""
    if maker == "enum":
        option: str = draw.any(re.findall(r'"([^"]*)"', type_.split(" = ")[0]))
        return option, option
    if maker in ("list", "goods", "people"):
        return _list(draw, maker, chinese=chinese)
    if maker == "onoff":
        on = draw.chance(0.5)
        words = (("打开", "开") if on else ("关掉", "关上")) if chinese else (("on",) if on else ("off",))
        return draw.any(words), on
    if maker == "dayword":
        return _day(draw, chinese=chinese)
    if maker in ("small", "money", "sum") or maker in _RANGES:
        return _number(draw, maker, chinese=chinese)
    if maker == "nameof":
        name = facts.value_of(draw, "madename", chinese=chinese)
        # In Chinese nothing but the quotes tells where a name ends.
        return draw.any(("“{}”", "“{}”", "「{}」", '"{}"')).format(name) if chinese else name, name
    text = _text(draw, maker, chinese=chinese)
    if maker == "code" and chinese:
        return draw.any(("{}", "{}", " {} ", " {} ", "“{}”")).format(text), text
    return text, text


def default(type_: str) -> Any:
    """The value of an argument that the question does not tell."""
    _, _, text = type_.partition(" = ")
    return json.loads(text) if text else None


def _list(draw: Draw, maker: str, *, chinese: bool) -> Said:
    count = draw.number(1, 4)
    if maker != "people":
        items = _foods(draw, count, chinese=chinese, others=maker == "goods")
    else:
        items = list(dict.fromkeys(_person(draw, chinese=chinese, first=draw.chance(0.6)) for _ in range(count)))
    if chinese:
        joint = "和" if len(items) == 2 and draw.chance(0.4) and not any("和" in item for item in items) else "、"
        return joint.join(items), items
    joint = draw.any((" and ", " and ", ", and " if len(items) > 2 else " and ", " & "))
    return (", ".join(items[:-1]) + joint if len(items) > 1 else "") + items[-1], items


def _foods(draw: Draw, count: int, *, chinese: bool, others: bool = False) -> list[str]:
    """Different foods, or also `others` that a household buys; none is a part of another one."""
    ending = ".zh" if chinese else ""
    listed = slots.listed(f"foods{ending}") + (slots.listed(f"groceries{ending}") if others else ())
    found: list[str] = []
    for food in draw.some(tuple(dict.fromkeys(listed)), count * 2):
        if not any(food in other or other in food for other in found):
            found.append(food)
    return found[:count]


def _day(draw: Draw, *, chinese: bool) -> Said:
    """The value of `on Friday` is the day without its `on`."""
    if chinese:
        text = draw.any(DAYS_ZH)
        if draw.chance(0.25):
            text = facts.value_of(draw, "date", chinese=True)
        return text, text
    if draw.chance(0.2):
        date = draw.made(tool_made.date)
        return f"on {date}", date
    text = draw.any(DAYS)
    return text, text.removeprefix("on ")


def _number(draw: Draw, maker: str, *, chinese: bool) -> Said:
    if maker in _RANGES:
        count = draw.number(*_RANGES[maker])
        return str(count), count
    if maker == "small":
        count = draw.number(2, 99) if draw.chance(0.8) else draw.number(100, 999)
        return str(count), count
    text = draw.made(_amount)
    value = json.loads(text)
    if maker == "sum":
        unit = draw.any(SOURCES_ZH if chinese else SOURCES)
        if chinese:
            return text + unit, value
        made = draw.chance(0.2)
        unit = f"{facts.value_of(draw, 'madename', chinese=False)} crowns" if made else unit
        return f"{unit} {text}" if unit.isupper() and draw.chance(0.5) else f"{text} {unit}", value
    return text, value


def _amount(random: Random) -> str:
    """Small ones more often; never a zero at the end of the cents, since a number does not keep it."""
    whole = int(2 * 4000 ** (random.random() ** 1.3))
    if random.random() < 0.6:
        return str(whole)
    return f"{whole}.{random.choice(('', '', str(random.randint(0, 9))))}{random.randint(1, 9)}"


def _text(draw: Draw, maker: str, *, chinese: bool) -> str:
    if maker in _SAID:
        return phrase(draw, _SAID[maker], chinese=chinese)
    match maker:
        case "city":
            return _city(draw, chinese=chinese)
        case "product":
            return _product(draw, chinese=chinese)
        case "person":
            return _person(draw, chinese=chinese)
        case "time":
            return _time(draw, chinese=chinese)
        case "topic":
            kind = draw.any(("place", "person", "tower", "thing", "invention", "beast", "mount", "firm", "title"))
            return facts.value_of(draw, kind, chinese=chinese)
        case "firmname":
            return facts.value_of(draw, draw.any(("madename", "title", "tower")), chinese=chinese)
        case "placekind":
            return draw.of(PLACES_ZH if chinese else PLACES)
        case "doorname":
            return draw.of(DOORS_ZH if chinese else DOORS)
        case "term":
            if draw.chance(0.5):
                return draw.of(TERMS_ZH if chinese else TERMS)
            return facts.value_of(draw, draw.any(("thing", "madename", "currency")), chinese=chinese).lower()
        case "word":
            return facts.value_of(draw, "madename", chinese=False).lower() + draw.any(("", "s", "_log", "_2"))
    if maker in tool_made.MADE:
        return draw.made(tool_made.MADE[maker])
    return facts.value_of(draw, maker, chinese=chinese)


def phrase(draw: Draw, list_name: str, *, chinese: bool) -> str:
    """A phrase of a list, its slots filled; some texts are sentences of a made-up house."""
    if list_name == "said_texts" and draw.chance(0.2):
        return _house(draw, chinese=chinese)
    template = draw.of(slots.listed(list_name + (".zh" if chinese else "")))
    return _SLOT.sub(lambda found: _filler(draw, found[1], chinese=chinese), template)


def _filler(draw: Draw, key: str, *, chinese: bool) -> str:
    match key:
        case "n" | "m":
            return _person(draw, chinese=chinese, first=draw.chance(0.6))
        case "c":
            return _city(draw, chinese=chinese)
        case "p":
            return _product(draw, chinese=chinese, plain=True)
        case "h":
            return draw.made(tool_made.host)
        case "t":
            return _time(draw, chinese=chinese)
        case "f" | "g":
            return _foods(draw, 1, chinese=chinese)[0]
    return str(draw.number(100, 599))


def _house(draw: Draw, *, chinese: bool) -> str:
    """A sentence of some house, without its full stop."""
    kind = draw.any(facts.kinds("house.zh" if chinese else "house"))
    house = facts.thing(draw, kind, 1, chinese=chinese)
    text = facts.statement(draw, house, house.facts[0], chinese=chinese)
    return text.rstrip(".。").replace('"', "").replace("“", "").replace("”", "")


def _city(draw: Draw, *, chinese: bool) -> str:
    roll = draw.random.random()
    if roll < 0.45:
        return draw.of(slots.listed("cities.zh" if chinese else "cities"))
    made = facts.value_of(draw, "place", chinese=chinese)
    if chinese or roll < 0.8 or " " in made:
        return made
    return draw.any(("New {}", "San {}", "Port {}", "Upper {}", "{} on Sea", "Saint {}", "East {}", "{} Bay")).format(
        made
    )


def _product(draw: Draw, *, chinese: bool, plain: bool = False) -> str:
    """Something that is sold; the listed ones are singular, so that `a` can stand before them."""
    listed = slots.listed("products.zh" if chinese else "products")
    thing = draw.of(listed if chinese else tuple(one for one in listed if one[-1] != "s" or one[-2:] == "ss"))
    roll = draw.random.random()
    if plain or roll < 0.5:
        return thing
    first = draw.made(lambda r: word(r, 1, 2))
    if roll < 0.85:
        return f"{first}{thing}" if chinese else f"{first} {thing}"
    shape = draw.made(lambda r: from_shape(r, r.choice(("A0", "A00", "AA0", "A-00", "00A", "A000"))))
    return f"{first}{thing}{shape}" if chinese else draw.any((f"{first} {shape}", f"{first} {thing} {shape}"))


def _person(draw: Draw, *, chinese: bool, first: bool = False) -> str:
    """Known names and made-up ones. `first`: only a first name, where a language has short ones."""
    if chinese:
        return slots.chinese_person(draw) if draw.chance(0.6) else facts.value_of(draw, "person", chinese=True)
    if first:
        return draw.of(slots.listed("first_names")) if draw.chance(0.6) else draw.made(lambda r: word(r, 1, 2))
    roll = draw.random.random()
    if roll < 0.55:
        return slots.person(draw)
    if roll < 0.75:
        return f"{draw.of(slots.listed('first_names'))} {draw.made(word)}"
    return facts.value_of(draw, "person", chinese=False)


def _time(draw: Draw, *, chinese: bool) -> str:
    if chinese:
        return draw.made(tool_made.time_zh)
    return draw.any(HOURS) if draw.chance(0.25) else draw.made(tool_made.time)
