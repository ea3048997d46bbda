"""What an op's shape says about types: what it gives, and what it hands to its regions, where the operands decide that.

Textual IR leaves out what this file can tell; None stands for what it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from sglc.ir.ops import (
    Append,
    Attempt,
    CountTokens,
    Dispatch,
    Encode,
    Filter,
    For,
    Format,
    Gen,
    Loop,
    Map,
    NewContext,
    Op,
    Select,
    SessionOpen,
    Try,
    Use,
)  # fmt: skip
from sglc.ir.types import CONTEXT, FAILURE, FLOAT, INT, STR, ListType, NamedType, SessionType, Type

Known: TypeAlias = Type | None
Shape: TypeAlias = tuple[Known, ...]

FAILURE_TYPE = NamedType(FAILURE.name)


def result_types(op: Op, operands: Sequence[Known], yielded: Known = None) -> Shape:
    """Types of the first results. `yielded` is the type of the last value that the first region ends with."""
    match op:
        case Format():
            return (STR,)
        case CountTokens():
            return (INT,)
        case NewContext() | Append() | Encode() | Use() | Attempt():
            return (CONTEXT,)
        case Gen(type=type_, reasoning=reasoning):
            return (CONTEXT, type_, STR) if reasoning else (CONTEXT, type_)
        case Select():
            return (CONTEXT, STR, ListType(FLOAT))
        case Dispatch():
            return tuple(operands)
        case SessionOpen(session=name):
            return (SessionType(name),)
        case Loop():
            return tuple(operands)
        case For(collect=collect):
            return (*operands[1:], _list_of(yielded)) if collect else tuple(operands[1:])
        case Map():
            return (_list_of(yielded),)
        case Filter():
            return (_list_of(item_type(operands)),)
    return ()


def param_types(op: Op, operands: Sequence[Known], region: int) -> Shape:
    """Types of the first parameters of a region."""
    match op:
        case Loop():
            return tuple(operands)
        case For():
            return (item_type(operands), *operands[1:])
        case Filter():
            return (item_type(operands),)
        case Encode():
            return (item_type(operands[1:]),)
        case Map():
            return (item_type(operands), FAILURE_TYPE) if region else (item_type(operands),)
        case Try():
            return (FAILURE_TYPE,) if region else ()
        case Attempt():
            return (CONTEXT,)
    return ()


def item_type(operands: Sequence[Known]) -> Known:
    """What the list that comes first holds."""
    first = operands[0] if operands else None
    return first.item if isinstance(first, ListType) else None


def _list_of(item: Known) -> Known:
    return ListType(item) if item is not None else None


def at(shape: Shape, index: int) -> Known:
    return shape[index] if index < len(shape) else None
