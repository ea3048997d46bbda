"""Facts about made-up things: sentences that tell them, questions that ask for them, and the words that answer.

lists/facts.txt (a named thing: a city, a river) and lists/house.txt (whoever speaks: a shop, a project) hold the templates:
`# kind name pronoun`, `@ attribute value`, then one line of statements and one of questions. `{n}` is the thing, `{v}` the value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.fact_values import ENGLISH
from sglc.backend.engine.tiny.corpus.fact_values_zh import CHINESE
from sglc.backend.engine.tiny.corpus.slots import listed


class Attribute(msgspec.Struct, frozen=True):
    """`value`: the maker of its value."""

    name: str
    value: str
    statements: tuple[str, ...]
    questions: tuple[str, ...]


class Kind(msgspec.Struct, frozen=True):
    """`maker`: of the name, empty where there is none; `pronoun`: what may stand for the name."""

    name: str
    maker: str
    article: str
    pronoun: str
    attributes: tuple[Attribute, ...]


class Fact(msgspec.Struct, frozen=True):
    attribute: Attribute
    value: str


class Thing(msgspec.Struct, frozen=True):
    """`name`: as one would search for it; `shown`: in a sentence."""

    kind: Kind
    name: str
    shown: str
    facts: tuple[Fact, ...]


@lru_cache(maxsize=8)
def kinds(list_name: str) -> tuple[Kind, ...]:
    found: list[Kind] = []
    attributes: list[Attribute] = []
    statements: tuple[str, ...] = ()
    text = (Path(__file__).parent / "lists" / f"{list_name}.txt").read_text("utf-8")
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "#":
            name, *more = rest.split()
            article = "the " if "the" in more else ""
            maker, pronoun = (more[0], more[-1]) if more else ("", "")
            attributes = []
            found.append(Kind(name, maker, article, pronoun, ()))
        elif mark == "@":
            label, value = rest.split()
        elif not statements:
            statements = tuple(line.split(" | "))
        else:
            attributes.append(Attribute(label, value, statements, tuple(line.split(" | "))))
            statements = ()
            found[-1] = msgspec.structs.replace(found[-1], attributes=tuple(attributes))
    return tuple(found)


_FEW = ("day", "floor", "yesno")
"""Makers with so few values that both sides share them."""


def value_of(draw: Draw, maker: str, *, chinese: bool) -> str:
    make = (CHINESE if chinese else ENGLISH)[maker]
    return make(draw.random) if maker in _FEW else draw.made(make)


def thing(draw: Draw, kind: Kind, count: int, *, chinese: bool, name: str = "") -> Thing:
    """A made-up thing with `count` of its kind's facts, in random order."""
    if kind.maker and not name:
        name = value_of(draw, kind.maker, chinese=chinese)
    chosen = draw.shuffled(kind.attributes)[:count]
    facts = tuple(Fact(attribute, value_of(draw, attribute.value, chinese=chinese)) for attribute in chosen)
    return Thing(kind, name, kind.article + name, facts)


_AN = re.compile(r"\b([Aa]) (?=[aeiou])")
_VOICES = (("We", "we", "us", "Our"), ("We", "we", "us", "Our"), ("They", "they", "them", "Their"))
_CHINESE_VOICES = ("我们", "本店", "我们")


def voiced(draw: Draw, thing_: Thing, template: str, value: str, *, chinese: bool) -> str:
    """A template with its slots filled; houses speak of themselves as we, they, or the shop."""
    if chinese:
        voice = draw.any(_CHINESE_VOICES) if thing_.kind.name == "店" else "我们"
        return template.format(n=thing_.shown, v=value, We=voice, The=voice, no="不" if value == "不可以" else "")
    we = draw.any(_VOICES)
    the = f"the {thing_.kind.name}"
    text = template.format(
        n=thing_.shown,
        b=thing_.name,
        v=value,
        no="not " if value == "No" else "",
        We=we[0],
        we=we[1],
        us=we[2],
        Our=we[3],
        the=the,
        The=f"The{the[3:]}",
    )
    text = _AN.sub(r"\1n ", text).replace("..", ".").replace("the Lake ", "Lake ")
    return text[0].upper() + text[1:]


def statement(draw: Draw, thing_: Thing, fact: Fact, *, chinese: bool, first: bool = True) -> str:
    """One sentence; one that is not the first may say `it` for the name."""
    template = draw.of(fact.attribute.statements)
    pronoun = thing_.kind.pronoun
    if pronoun in ("They", "他们"):
        pronoun = ("他" if chinese else "He") if len(thing_.name) % 2 else ("她" if chinese else "She")
    if not first and pronoun and template.startswith("{n}") and not template.startswith("{n}'") and draw.chance(0.5):
        template = pronoun + template[3:]
    return voiced(draw, thing_, template, fact.value, chinese=chinese)


def passage(draw: Draw, thing_: Thing, *, chinese: bool) -> str:
    """All facts of a thing, one sentence each, with some idle ones between them. The first sentence names it."""
    parts = [statement(draw, thing_, fact, chinese=chinese, first=not at) for at, fact in enumerate(thing_.facts)]
    if thing_.name and thing_.name not in parts[0]:
        parts[0] = statement_named(draw, thing_, chinese=chinese)
    for idle in draw.some(listed("fillers.zh" if chinese else "fillers"), draw.any((0, 0, 0, 0, 1, 2))):
        parts.insert(draw.number(1, len(parts)), idle)
    return ("" if chinese else " ").join(parts)


def statement_named(draw: Draw, thing_: Thing, *, chinese: bool) -> str:
    """The first fact in a sentence that holds the name."""
    fact = thing_.facts[0]
    named = [t for t in fact.attribute.statements if "{n}" in t]
    return voiced(draw, thing_, draw.of(named), fact.value, chinese=chinese)


_BEFORE = (
    "",
    "",
    "",
    "",
    "",
    "",
    "Tell me: ",
    "Hi, ",
    "Quick question: ",
    "I would like to know: ",
    "Do you know: ",
    "And ",
)
_CHINESE_BEFORE = ("", "", "", "", "", "请问", "你好\uff0c", "我想知道\uff0c", "麻烦问一下\uff0c", "那么")


def question(draw: Draw, thing_: Thing, fact: Fact, *, chinese: bool) -> str:
    """A question for the fact, with some noise: a greeting, no capital letter, no question mark."""
    text = voiced(draw, thing_, draw.of(fact.attribute.questions), fact.value, chinese=chinese)
    if chinese:
        before = draw.any(_CHINESE_BEFORE)
        text = text if text.startswith("请问") else before + text
        if draw.chance(0.2):
            text = text.replace("\uff0c", ",").replace("\uff1f", "?")
        return text[:-1] if draw.chance(0.1) else text
    before = draw.any(_BEFORE)
    if before and text[:2] in ("Wh", "Ho", "In", "To", "By", "On", "At"):
        text = before + text[0].lower() + text[1:]
    if draw.chance(0.08):
        text = text.rstrip("?")
    if draw.chance(0.05):
        text = typo(draw, text)
    return text


def typo(draw: Draw, text: str) -> str:
    """Two neighbouring letters change places, in the first word."""
    at = draw.number(1, max(1, min(6, len(text) - 3)))
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :] if len(text) > at + 2 else text


def things(draw: Draw, count: int, facts: int, *, chinese: bool, among: Sequence[Kind] | None = None) -> list[Thing]:
    """Different named things; half of the time all of one kind, so that only the name tells them apart."""
    some = among or kinds("facts.zh" if chinese else "facts")
    one = draw.any(some) if draw.chance(0.5) else None
    found: dict[str, Thing] = {}
    while len(found) < count:
        new = thing(draw, one or draw.any(some), max(1, min(facts, 6)), chinese=chinese)
        if not any(new.name in other or other in new.name for other in found):
            found[new.name] = new
    return list(found.values())


_WIDE = str.maketrans({",": "\uff0c", "?": "\uff1f", ":": "\uff1a", "!": "\uff01"})


def wide(text: str) -> str:
    """Chinese text with punctuation of full width."""
    return text.translate(_WIDE)
