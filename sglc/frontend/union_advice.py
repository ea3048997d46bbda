"""Where a union is written that a generated type holds, and how to tell its members apart."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.frontend import ast
from sglc.frontend.lint.types_in import named_in
from sglc.frontend.resolve import Unit
from sglc.frontend.survey import walk
from sglc.frontend.typed import TypedProgram
from sglc.ir.relations import parts_of
from sglc.ir.types import (
    CallType,
    DictType,
    EnumType,
    Field,
    FloatType,
    IntType,
    JsonType,
    ListType,
    LiteralType,
    NamedType,
    RecordType,
    RegexType,
    StrType,
    Type,
    TypeTable,
    UnionType,
    show,
)
from sglc.source import Span


def union_place(
    typed: TypedProgram, type_: Type, pair: tuple[Type, Type], unit: Unit, node: ast.Node
) -> tuple[Unit, Span]:
    """The union with both members: in the generation itself, in a choice of a `call`, in a tool, or in a record."""
    if isinstance(node, ast.TypeExpr) and _holds(type_, pair):
        return unit, _written(node)
    for found, field, decl in _fields(typed, type_, unit, node):
        if _holds(field.type, pair):
            return found, _written(decl.type)
    return unit, node.span


def _fields(
    typed: TypedProgram, type_: Type, unit: Unit, node: ast.Node
) -> Iterator[tuple[Unit, Field, ast.FieldDecl]]:
    """Fields that a type reaches, each with its declaration and the file of that."""
    if isinstance(node, ast.ModelCall) and isinstance(type_, CallType):
        members = {m.name: m for m in type_.members}
        for choice in node.choices:
            if choice.fields is not None:
                yield from ((unit, *both) for both in zip(members[choice.name.name].args, choice.fields, strict=True))
    inside = named_in(type_, typed.table)
    tools = {m.name for m in type_.members} if isinstance(type_, CallType) else set()
    for other in typed.linked.units:
        for symbol in other.own.values():
            record = typed.table.get(symbol.unique)
            if isinstance(symbol.decl, ast.TypeDecl) and symbol.unique in inside and isinstance(record, RecordType):
                yield from ((other, *both) for both in zip(record.fields, symbol.decl.fields, strict=True))
            if isinstance(symbol.decl, ast.ToolDecl) and symbol.unique in tools:
                fields = typed.signatures[symbol.unique].fields
                yield from ((other, *both) for both in zip(fields, symbol.decl.params, strict=True))


def _holds(type_: Type, pair: tuple[Type, Type]) -> bool:
    """Whether a type has the union in it, records not looked into."""
    if isinstance(type_, UnionType) and set(pair) <= set(type_.members):
        return True
    return any(_holds(part, pair) for part in parts_of(type_))


def _written(node: ast.TypeExpr) -> Span:
    return next((n.span for n in walk(node) if isinstance(n, ast.TypeUnion)), node.span)


def union_help(first: Type, second: Type, example: str, table: TypeTable) -> str:
    """What to write instead of a union whose members share a text."""
    pair = (first, second)
    if any(isinstance(t, JsonType) for t in pair):
        return "write `json` alone, which takes both"
    if all(_is_number(t) for t in pair):
        wide = "float" if any(isinstance(t, FloatType) for t in pair) else "int"
        return f"write `{wide}` alone, which takes both"
    if any(isinstance(t, StrType) for t in pair):
        return "write `str` alone, which takes both"
    if all(_is_text(t, table) for t in pair) and any(isinstance(t, LiteralType) for t in pair):
        whole = second if isinstance(first, LiteralType) else first
        return f"write `{show(whole)}` alone, which takes both"
    if all(_is_text(t, table) for t in pair):
        return "write one pattern that takes both"
    if all(isinstance(t, NamedType) for t in pair):
        fields = " and ".join(f'`kind: "{show(t).rpartition(".")[2].lower()}"`' for t in pair)
        return f"give each record a literal field of its own: {fields}"
    if example == "[]" and all(isinstance(t, ListType) for t in pair):
        return "let neither list be empty: `(min=1)`"
    if any(isinstance(t, DictType) for t in pair):
        return "put the dict into a record of its own"
    return 'put each into a record with a literal field of its own, such as `kind: "a"`'


def _is_number(type_: Type) -> bool:
    literal = isinstance(type_, LiteralType) and type_.json[0] in "-0123456789"
    return literal or isinstance(type_, IntType | FloatType)


def _is_text(type_: Type, table: TypeTable) -> bool:
    if isinstance(type_, NamedType):
        return isinstance(table.get(type_.name), EnumType)
    return isinstance(type_, RegexType) or (isinstance(type_, LiteralType) and type_.json[0] == '"')
