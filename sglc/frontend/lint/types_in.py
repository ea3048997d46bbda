"""The records and enums that a type reaches, for several rules."""

from __future__ import annotations

from sglc.ir.relations import parts_of
from sglc.ir.types import (
    NamedType,
    RecordType,
    Type,
    TypeTable,
)


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
        waiting += parts_of(part)
    return found
