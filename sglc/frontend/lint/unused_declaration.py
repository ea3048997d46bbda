"""SGL143: a constant, type, tool or template that nothing in the program uses."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.resolve import KIND_NAMES


class UnusedDeclaration(Diagnostic, frozen=True, kw_only=True):
    """A constant, type, tool, template or model is declared that nothing in this program uses.

    Functions and sessions are what a program offers, so they count as used; so do declarations of a file that has
    neither, since such a file is there to be imported.

    Wrong:
        LIMIT = 50

        def greet() -> str:
            "Hello {gen name: str with max_tokens=8}"
            return name

    Right:
        LIMIT = 8

        def greet() -> str:
            "Hello {gen name: str with max_tokens=LIMIT}"
            return name
    """

    code = "SGL143"
    title = "{kind} `{name}` is never used"
    label = "nothing refers to it"
    hint = "remove it, or move it to a file without functions where other files import it"
    severity = "warning"
    name: str
    kind: str


DIAGNOSTIC = UnusedDeclaration


def find(index: Index) -> Iterator[Diagnostic]:
    own = index.unit.own.values()
    if not any(s.kind in ("function", "session") for s in own):
        return
    used = {node.name for node, decl in index.placed(ast.Name) if not _declares(node, decl)}
    models = [s for s in own if s.kind == "model"]
    for symbol in own:
        decl = symbol.decl
        # The first model is what generations without `model=` use.
        if symbol.name in used or symbol.kind in ("function", "session") or symbol in models[:1] or decl is None:
            continue
        assert not isinstance(decl, ast.Import | ast.TestDecl)
        kind = KIND_NAMES[symbol.kind].partition(" ")[2]
        yield index.finding(UnusedDeclaration, decl.name, name=symbol.name, kind=kind)


def _declares(node: ast.Name, decl: ast.Decl) -> bool:
    """Whether a name is the one that its declaration introduces, or refers to itself inside of it."""
    return not isinstance(decl, ast.Import | ast.TestDecl) and node.name == decl.name.name
