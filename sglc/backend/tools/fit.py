"""What a tool gave back -> a value of its declared type.

A service may say more than was asked for and leave out what is none, so a record takes just the fields that it
declares. Everything else must be of the type as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sglc.ir.decode import ConformError, conform
from sglc.ir.types import (
    NONE,
    DictType,
    Field,
    ListType,
    LiteralType,
    NamedType,
    RecordType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
)

_MAX_NESTING = 100


def fit(value: Any, type_: Type, table: TypeTable) -> Any:
    """The value of the type; raises ConformError with the place of what does not fit."""
    try:
        return conform(value, type_, table)
    except ConformError:
        return conform(_trim(value, type_, table, 0), type_, table)


def _trim(value: Any, type_: Type, table: TypeTable, depth: int) -> Any:
    """The value with the records inside it reduced to their declared fields, absent ones that may be none filled in."""
    if depth > _MAX_NESTING:
        return value
    match type_:
        case NamedType(name=name) if isinstance(value, dict) and isinstance(record := table.get(name), RecordType):
            trimmed = {f.name: _trim(value[f.name], f.type, table, depth + 1) for f in record.fields if f.name in value}
            return {**trimmed, **{f.name: None for f in record.fields if f.name not in value and _may_be_none(f)}}
        case ListType(item=item) if isinstance(value, list | tuple):
            return [_trim(v, item, table, depth + 1) for v in value]
        case TupleType(items=types) if isinstance(value, list | tuple) and len(value) == len(types):
            return [_trim(v, t, table, depth + 1) for v, t in zip(value, types, strict=True)]
        case DictType(value=item) if isinstance(value, dict):
            return {k: _trim(v, item, table, depth + 1) for k, v in value.items()}
        case UnionType(members=members):
            # One member, without going back: trying all of them at each level could take time without end.
            member = next((m for m in members if _resembles(value, m, table)), None)
            return value if member is None else _trim(value, member, table, depth + 1)
    return value


def _resembles(value: Any, type_: Type, table: TypeTable) -> bool:
    match type_:
        case NamedType(name=name) if isinstance(value, dict) and isinstance(record := table.get(name), RecordType):
            return _has_all(value, record.fields)
        case ListType() | TupleType():
            return isinstance(value, list | tuple)
        case DictType():
            return isinstance(value, dict)
    return False


def _has_all(value: dict[str, Any], fields: Iterable[Field]) -> bool:
    """Whether the needed fields are there and those that tell records apart (literals) are equal."""
    for field in fields:
        if field.name not in value and field.default is None and not field.optional and not _may_be_none(field):
            return False
        if isinstance(field.type, LiteralType) and value.get(field.name, field.type.value) != field.type.value:
            return False
    return True


def _may_be_none(field: Field) -> bool:
    if field.default is not None or field.optional:
        return False  # `conform` knows what an absent field of these means
    return field.type == NONE or (isinstance(field.type, UnionType) and NONE in field.type.members)
