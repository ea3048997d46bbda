"""SGL145: a call as a statement that does nothing but give a value, which is lost."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index


class UnusedValue(Diagnostic, frozen=True, kw_only=True):
    """A call stands as a statement that does nothing but give a value. `describe` does not write into the prompt itself.

    Neither does a `def`: it has a prompt of its own, which ends with it. A template writes into the prompt that uses it.
    Calls that have an effect, or that can fail, may stand alone.

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
    title = "{problem}"
    label = "{where}"
    hint = "{help}"
    severity = "warning"
    help: str
    problem: str = "the value of this call is not used"
    where: str = "does nothing by itself"


DIAGNOSTIC = UnusedValue


def find(index: Index) -> Iterator[Diagnostic]:
    for node, decl in index.placed(ast.ExprStmt):
        target = index.program.calls.get(node.value) if isinstance(node.value, ast.Call) else None
        if target is None:
            continue
        text = index.text(node.value.span)
        if target.kind == "function" and not isinstance(decl, ast.TestDecl):
            yield from _function(index, node, target.name)
        elif target.kind == "describe":
            fix = Fix("append it to the prompt", (Edit(node.value.span, f'"{{{text}}}"'),), safe=False)
            yield index.finding(UnusedValue, node, help=f'write "{{{text}}}" to append it to the prompt', fix=fix)
        elif target.kind in ("builtin", "record", "tokens"):
            shown = text if len(text) <= 40 else "..."
            help_ = f'assign it to a name, write "{{{shown}}}" to append it to the prompt, or remove it'
            yield index.finding(UnusedValue, node, help=help_)


def _function(index: Index, node: ast.ExprStmt, name: str) -> Iterator[Diagnostic]:
    """A function that leaves nothing behind."""
    signature = index.program.signatures[name]
    if not index.leaves_nothing(name):
        return
    if signature.result is not None:
        yield index.finding(UnusedValue, node, help="assign it to a name, or remove it")
        return
    shown = signature.symbol.name
    facts = {"problem": f"`{shown}` leaves nothing behind", "where": "its prompt ends with it, and it gives no value"}
    help_ = f"declare it as `template {shown}`, and write `use` in front of the call, to append to this prompt"
    yield index.finding(UnusedValue, node, help=help_, **facts)
