"""Walks over types: what a type is made of, and which records lead back to themselves."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import InternalError
from sglc.ir.relations import parts_of
from sglc.ir.types import (
    Declared,
    NamedType,
    RecordType,
    Type,
    TypeTable,
)

JSON_DEPTH = 3
"""Levels of nesting that a generated `json` value may have."""


def declared(name: str, table: TypeTable) -> Declared:
    if name not in table:
        raise InternalError(f"the type `{name}` is not in the table of types")
    return table[name]


def components(type_: Type, table: TypeTable) -> Iterator[Type]:
    """The types that stand directly inside a type; those of a record's fields for its name."""
    yield from parts_of(type_)
    record = declared(type_.name, table) if isinstance(type_, NamedType) else None
    if isinstance(record, RecordType):
        yield from (field.type for field in record.fields)


def reachable(types: Iterator[Type], table: TypeTable) -> dict[Type, None]:
    """The types and all that stands anywhere inside them, each once."""
    found: dict[Type, None] = dict.fromkeys(types)
    waiting = list(found)
    while waiting:
        for inner in components(waiting.pop(), table):
            if inner not in found:
                found[inner] = None
                waiting.append(inner)
    return found


def recursive_names(type_: Type, table: TypeTable) -> frozenset[str]:
    """The records inside a type (itself included) that contain themselves."""
    return frozenset(
        inner.name
        for inner in reachable(iter([type_]), table)
        if isinstance(inner, NamedType) and inner in reachable(components(inner, table), table)
    )
