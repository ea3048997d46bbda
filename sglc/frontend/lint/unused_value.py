"""SGL145: a builtin, record or `describe` as a statement, whose value is lost."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index


class UnusedValue(Diagnostic, frozen=True, kw_only=True):
    """A call stands as a statement that does nothing but give a value. `describe` does not write into the prompt itself.

    Wrong:
        type Parcel:
            status: str             "as printed"

        def read(text: str) -> Parcel:
            describe(Parcel)
            "{describe(Parcel)}\\n{text}\\n{gen parcel: Parcel with max_tokens=40}"
            return parcel

    Right:
        type Parcel:
            status: str             "as printed"

        def read(text: str) -> Parcel:
            "{describe(Parcel)}\\n{text}\\n{gen parcel: Parcel with max_tokens=40}"
            return parcel
    """

    code = "SGL145"
    title = "the value of this call is not used"
    label = "does nothing by itself"
    hint = "{help}"
    severity = "warning"
    help: str


DIAGNOSTIC = UnusedValue


def find(index: Index) -> Iterator[Diagnostic]:
    for node in index.nodes(ast.ExprStmt):
        target = index.program.calls.get(node.value) if isinstance(node.value, ast.Call) else None
        if target is None or target.kind not in ("builtin", "record", "describe", "tokens"):
            continue
        text = index.text(node.value.span)
        if target.kind == "describe":
            fix = Fix("append it to the prompt", (Edit(node.value.span, f'"{{{text}}}"'),), safe=False)
            yield index.finding(UnusedValue, node, help=f'write "{{{text}}}" to append it to the prompt', fix=fix)
        else:
            shown = text if len(text) <= 40 else "..."
            help_ = f'assign it to a name, write "{{{shown}}}" to append it to the prompt, or remove it'
            yield index.finding(UnusedValue, node, help=help_)
