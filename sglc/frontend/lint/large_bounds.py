"""SGL321: bounds that multiply to an automaton too large to build."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend.lint.index import Index
from sglc.ir.types import (
    DEFAULT_DEPTH,
    CallType,
    DictType,
    ListType,
    NamedType,
    RecordType,
    StrType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
)

MAX_STATES = 20_000
_PER_CHARACTER = 9
"""States of any character but a control: UTF-8 sequences and escapes."""


class LargeBounds(Diagnostic, frozen=True, kw_only=True):
    """The bounds of a generated type multiply to more automaton states than may be built, so compiling it would fail.

    A text of at most n characters takes about 9n states, and a list of at most n items n times those of its item.

    Wrong:
        type Chapter:
            title: str(max=60)
            lines: list[str(max=200)](max=100)

        def write(topic: str) -> Chapter:
            "About {topic}: {gen chapter: Chapter with max_tokens=500}"
            return chapter

    Right:
        type Chapter:
            title: str(max=60)
            lines: list[str](max=100)

        def write(topic: str) -> Chapter:
            "About {topic}: {gen chapter: Chapter with max_tokens=500}"
            return chapter
    """

    code = "SGL321"
    title = "the bounds of this type need about {states:,} automaton states"
    label = "at most {limit:,} can be built"
    hint = "lower the bounds, or leave them out and check with `ensure`"
    severity = "warning"
    states: int
    limit: int = MAX_STATES


DIAGNOSTIC = LargeBounds


def find(index: Index) -> Iterator[Diagnostic]:
    for type_, unit, node in index.program.generated:
        states = _states(type_, index.program.table, {}) if unit is index.unit else 0
        if states > MAX_STATES:
            yield index.finding(LargeBounds, node, states=states)


def _states(type_: Type, table: TypeTable, levels: dict[str, int]) -> int:
    """About how many states a type takes; what has no bound loops and takes few."""
    match type_:
        case StrType(min=low, max=high):
            return _PER_CHARACTER * max(low, high or 0, 1)
        case ListType(item=item, min=low, max=high):
            return max(low, high or 0, 1) * (_states(item, table, levels) + 2)
        case DictType(value=value):
            return 20 + _states(value, table, levels)
        case TupleType(items=parts) | UnionType(members=parts):
            return sum(_states(part, table, levels) for part in parts)
        case CallType(members=members):
            return sum(_states(f.type, table, levels) + len(f.name) for m in members for f in m.args)
        case NamedType(name=name):
            return _record_states(name, table, levels)
    return 1


def _record_states(name: str, table: TypeTable, levels: dict[str, int]) -> int:
    record = table.get(name)
    level = levels.get(name, 0)
    if not isinstance(record, RecordType) or level >= min(record.depth or DEFAULT_DEPTH, 3):
        return 1
    inner = {**levels, name: level + 1}
    total = 0
    for field in record.fields:
        total += len(field.name) + 3 + _states(field.type, table, inner)
        if total > MAX_STATES:
            break
    return total
