"""SGL320: a recursive record is generated, and its declaration does not say how deep."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.lint.types_in import named_in
from sglc.ir.types import DEFAULT_DEPTH, RecordType
from sglc.source import Span


class RecursiveType(Diagnostic, frozen=True, kw_only=True):
    """A record that holds itself is generated without a depth of its own: at most 4 levels, which nobody decided.

    What would be deeper cannot be written at all. The depth also multiplies the size of the automaton.

    Wrong:
        type Part:
            name: str(max=20)
            parts: list[Part](max=3)

        def split(topic: str) -> Part:
            "Take {topic} apart: {gen root: Part with max_tokens=200}"
            return root

    Right:
        type Part max 3:
            name: str(max=20)
            parts: list[Part](max=3)

        def split(topic: str) -> Part:
            "Take {topic} apart: {gen root: Part with max_tokens=200}"
            return root
    """

    code = "SGL320"
    title = "recursive type `{name}` has no depth"
    label = "generated at most {depth} levels deep"
    hint = "write `type {name} max {depth}:`, or another number"
    severity = "warning"
    name: str
    depth: int


DIAGNOSTIC = RecursiveType


def find(index: Index) -> Iterator[Diagnostic]:
    table = index.program.table
    generated = {name for type_, _, _ in index.program.generated for name in named_in(type_, table)}
    for decl in index.decls:
        symbol = index.unit.own.get(decl.name.name) if isinstance(decl, ast.TypeDecl) else None
        record = table.get(symbol.unique) if symbol is not None else None
        if not isinstance(decl, ast.TypeDecl) or not isinstance(record, RecordType) or record.depth is not None:
            continue
        inside = {name for field in record.fields for name in named_in(field.type, table)}
        if record.name in generated and record.name in inside:
            end = decl.name.span.end
            fix = Fix(f"write `max {DEFAULT_DEPTH}`", (Edit(Span(end, end), f" max {DEFAULT_DEPTH}"),))
            yield index.finding(RecursiveType, decl.name, name=decl.name.name, depth=DEFAULT_DEPTH, fix=fix)
