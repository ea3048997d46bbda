"""The records and enums that a type reaches, for several rules."""

from __future__ import annotations

from sglc.ir.types import (
    CallType,
    DictType,
    ListType,
    NamedType,
    RecordType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
)


def parts_in(type_: Type) -> tuple[Type, ...]:
    """The types directly inside a type; a name's declaration is not looked into."""
    match type_:
        case ListType(item=item):
            return (item,)
        case DictType(value=value):
            return (value,)
        case TupleType(items=parts) | UnionType(members=parts):
            return parts
        case CallType(members=members):
            return tuple(field.type for member in members for field in member.args)
    return ()


def named_in(type_: Type, table: TypeTable) -> set[str]:
    """Names of all records and enums that a type reaches, through records, too."""
    found: set[str] = set()
    waiting = [type_]
    while waiting:
        part = waiting.pop()
        if isinstance(part, NamedType) and part.name not in found:
            found.add(part.name)
            declared = table.get(part.name)
            if isinstance(declared, RecordType):
                waiting += [field.type for field in declared.fields]
        waiting += parts_in(part)
    return found
