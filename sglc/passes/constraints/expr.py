"""Byte languages as expressions, between types or patterns and automata. Expressions may share parts, without cycles.

`NOTHING` is the language without any text; the functions here keep it out of every other expression.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from sglc.ir.charset import Ranges


class _Expr(msgspec.Struct, frozen=True, eq=False):
    pass


class Bytes(_Expr, frozen=True, eq=False):
    """Exactly these bytes."""

    text: bytes


class OneOf(_Expr, frozen=True, eq=False):
    """One character of a set, as UTF-8; `json`: as it is spelled inside a JSON string."""

    chars: Ranges
    json: bool = False


class Words(_Expr, frozen=True, eq=False):
    """One of these byte strings; costs as much as their minimal automaton."""

    words: tuple[bytes, ...]


class Seq(_Expr, frozen=True, eq=False):
    parts: tuple[Expr, ...]


class Alt(_Expr, frozen=True, eq=False):
    options: tuple[Expr, ...]


class Repeat(_Expr, frozen=True, eq=False):
    """`min` to `max` items (None: no upper bound) with the separator between them."""

    item: Expr
    min: int
    max: int | None
    separator: bytes = b""


class Fields(_Expr, frozen=True, eq=False):
    """Items in order, those marked optional possibly left out, with a comma between those present."""

    items: tuple[tuple[Expr, bool], ...]


class Part(_Expr, frozen=True, eq=False):
    """An expression with the name by which a message calls it."""

    label: str
    item: Expr


Expr: TypeAlias = Bytes | OneOf | Words | Seq | Alt | Repeat | Fields | Part

NOTHING = Alt(())
EMPTY = Bytes(b"")


def one_of(chars: Ranges, json: bool = False) -> Expr:
    return OneOf(chars, json) if chars else NOTHING


def words(texts: Iterable[str]) -> Expr:
    """One of some texts; nothing when there are none."""
    spelled = tuple(text.encode() for text in texts)
    return Words(spelled) if spelled else NOTHING


def seq(*parts: Expr) -> Expr:
    """The parts one after the other; nothing as soon as one part is nothing."""
    if any(part is NOTHING for part in parts):
        return NOTHING
    return parts[0] if len(parts) == 1 else Seq(parts)


def alt(options: Iterable[Expr]) -> Expr:
    possible = tuple(option for option in options if option is not NOTHING)
    if not possible:
        return NOTHING
    return possible[0] if len(possible) == 1 else Alt(possible)


def repeat(item: Expr, low: int, high: int | None, separator: bytes = b"") -> Expr:
    if high is not None and high < low:
        return NOTHING
    if high == 0 or (item is NOTHING and low == 0):
        return EMPTY
    return NOTHING if item is NOTHING else Repeat(item, low, high, separator)


def fields(items: Iterable[tuple[Expr, bool]]) -> Expr:
    """Optional items that are nothing are always left out; a required one that is nothing makes the whole nothing."""
    kept = [(item, optional) for item, optional in items if item is not NOTHING or not optional]
    return NOTHING if any(item is NOTHING for item, _ in kept) else Fields(tuple(kept))


def part(label: str, item: Expr) -> Expr:
    return item if item is NOTHING else Part(label, item)
