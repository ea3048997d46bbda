"""How to make a value of one type out of one of another: the hint of SGL120."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sglc.diagnostics import nearest
from sglc.frontend import ast
from sglc.frontend.builtins import is_number, is_text
from sglc.ir.relations import assignable, may_be_none, members_of, without_none
from sglc.ir.types import (
    JSON,
    NONE,
    DictType,
    EnumType,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    NamedType,
    RecordType,
    Type,
    UnionType,
    show,
)  # fmt: skip

if TYPE_CHECKING:
    from sglc.frontend.check_base import Checker


def conversion(checker: Checker, node: ast.Expr, expected: Type, found: Type) -> str:
    """What to write so that the value of a node fits; "" where there is no short way."""
    if found == NONE:
        return f"give a value, or make the type `{show(expected)}?`"
    if may_be_none(found) and assignable(without_none(found), expected, checker.table):
        return checker.none_help(node)
    wanted = without_none(expected)
    if isinstance(wanted, ListType):
        return _to_list(checker, node, wanted, found)
    literal = checker.literal_value(node)
    if isinstance(node, ast.Str) and literal is not None:
        return _from_literal(checker, str(literal[0]), wanted)
    if literal is not None and is_text(wanted) and not _values(wanted):
        return f'write "{checker.written(node)}"'
    return _converted(checker, node, wanted, found)


def _values(type_: Type) -> list[str]:
    """The texts of a union of literals."""
    return [m.value for m in members_of(type_) if isinstance(m, LiteralType) and isinstance(m.value, str)]


def _from_literal(checker: Checker, text: str, wanted: Type) -> str:
    """For a text in quotes where another type is expected."""
    enum = checker.table.get(wanted.name) if isinstance(wanted, NamedType) else None
    if isinstance(enum, EnumType):
        near = nearest(text, enum.names)
        return f"write a member without quotes: {near or ', '.join(enum.names)}"
    values = _values(wanted)
    if values:
        near = nearest(text, values)
        return f'use "{near}"' if near else "use " + " or ".join(f'"{v}"' for v in values[:6])
    if isinstance(wanted, IntType | FloatType):
        try:
            float(text)
        except ValueError:
            return "write a number"
        return f"write it without quotes: {text}"
    return ""


def _to_list(checker: Checker, node: ast.Expr, wanted: ListType, found: Type) -> str:
    value = checker.written(node)
    value = "..." if value.endswith("...") else value
    if assignable(found, wanted.item, checker.table) and found != JSON:
        return f"put it into a list: [{value}]"
    if isinstance(found, ListType) and is_text(wanted.item) and not _values(wanted.item):
        return f"convert each item: [str(x) for x in {value}]"
    return "put the choices into a list" if is_text(found) and is_text(wanted.item) else ""


def _converted(checker: Checker, node: ast.Expr, wanted: Type, found: Type) -> str:
    if is_text(wanted) and not isinstance(wanted, UnionType) and not _values(wanted):
        if isinstance(found, ListType):
            return 'join its items: ", ".join(...)' if is_text(found.item) else "convert it with str(...)"
        return "convert it with str(...)"
    if isinstance(wanted, IntType) and is_text(found):
        return "convert it with int(...)"
    if isinstance(wanted, IntType) and is_number(found):
        whole = checker.literal_value(node) is not None
        return "write a whole number" if whole else "convert it with int(...) or round(...), or divide with `//`"
    record = checker.table.get(wanted.name) if isinstance(wanted, NamedType) else None
    if isinstance(record, RecordType) and isinstance(found, DictType):
        return f"make a record: {record.name}({', '.join(f'{f.name}=...' for f in record.fields[:3])})"
    if isinstance(wanted, FloatType) and is_text(found):
        return "convert it with float(...)"
    return ""
