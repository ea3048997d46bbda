"""Records -> those whose values could never end, with the fields that lead back to them."""

from __future__ import annotations

from collections.abc import Mapping

from sglc.ir.relations import members_of
from sglc.ir.types import Declared, ListType, NamedType, RecordType, TupleType, Type

Way = tuple[tuple[str, str], ...]
"""Fields one after the other, each with the record that it stands in."""


class Endless:
    """What is known of the records of a table, once all are declared."""

    def __init__(self, table: Mapping[str, Declared]) -> None:
        self.table = table
        self.finite: set[str] = set()
        """The records that have values: those whose fields all end, found in rounds from the innermost ones on."""
        waiting = [(n, d) for n, d in table.items() if isinstance(d, RecordType)]
        while True:
            left = []
            for name, record in waiting:
                if all(f.optional or self._ends(f.type) for f in record.fields):
                    self.finite.add(name)
                else:
                    left.append((name, record))
            if len(left) == len(waiting):
                break
            waiting = left[::-1]  # a chain that is declared from the outermost on takes two rounds, not one each

    def way_back(self, start: str) -> Way:
        """The fields by which every value of a record holds another one of it; () where there are none."""
        if start in self.finite:
            return ()
        seen: set[str] = set()
        waiting: list[tuple[str, Way]] = [(start, ())]
        while waiting:
            name, way = waiting.pop()
            record = self.table.get(name)
            for field in record.fields if isinstance(record, RecordType) else ():
                if field.optional or self._ends(field.type):
                    continue
                step = (*way, (name, field.name))
                inner = self._held(field.type)
                if start in inner:
                    return step
                waiting += [(n, step) for n in inner if n not in seen and n not in self.finite]
                seen.update(inner)
        return ()

    def _ends(self, type_: Type) -> bool:
        match type_:
            case NamedType(name=name):
                return name in self.finite or not isinstance(self.table.get(name), RecordType)
            case TupleType(items=items):
                return all(self._ends(i) for i in items)
            case ListType(item=item, min=low):
                return low == 0 or self._ends(item)
        if members := members_of(type_):
            return len(members) == 1 or any(self._ends(m) for m in members)
        return True

    def _held(self, type_: Type) -> list[str]:
        """The records that the values of a type hold."""
        match type_:
            case NamedType(name=name):
                return [name]
            case TupleType(items=items):
                return [n for i in items for n in self._held(i)]
            case ListType(item=item):
                return self._held(item)
        members = members_of(type_)
        return [n for m in members for n in self._held(m)] if len(members) > 1 else []
