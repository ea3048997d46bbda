"""SGL142: a variable that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.source import Span


class UnusedVariable(Diagnostic, frozen=True, kw_only=True):
    """A variable gets a value that nothing reads. Either the value is not needed, or another name was meant.

    Generated values count as used: what a model wrote stays in the prompt. So do loop variables.

    Wrong:
        def greet(name: str) -> str:
            short = name.strip()
            return "Hello {name}!"

    Right:
        def greet(name: str) -> str:
            short = name.strip()
            return "Hello {short}!"
    """

    code = "SGL142"
    title = "`{name}` is never used"
    label = "nothing reads it"
    hint = "{help}"
    severity = "warning"
    name: str
    help: str


DIAGNOSTIC = UnusedVariable


def find(index: Index) -> Iterator[Diagnostic]:
    reported: set[int] = set()
    for kind in (ast.Assign, ast.Use, ast.Fork, ast.For, ast.Handler):
        for node, decl in index.placed(kind):
            if isinstance(decl, ast.TestDecl):
                continue
            for name in _bound(node):
                variable = index.program.variables.get(name)
                if variable is None or variable.used or id(variable) in reported:
                    continue
                if variable.what in ("variable", "error"):
                    reported.add(id(variable))
                    yield index.finding(
                        UnusedVariable, name, name=name.name, help=_help(node), fix=_fix(index, node, name)
                    )


def _bound(node: ast.Node) -> tuple[ast.Name, ...]:
    match node:
        case ast.Assign(targets=targets) | ast.Use(targets=targets):
            return targets
        case (
            ast.Fork(collect=ast.Name() as name)
            | ast.For(collect=ast.Name() as name)
            | ast.Handler(name=ast.Name() as name)
        ):
            return (name,)
    return ()


def _help(node: ast.Node) -> str:
    if isinstance(node, ast.Handler):
        return "write `except:`"
    return "remove it, or use it"


def _fix(index: Index, node: ast.Node, name: ast.Name) -> Fix | None:
    """What keeps the program as it is: the value without its name."""
    if isinstance(node, ast.Handler):
        start = len(index.text(Span(0, name.span.start)).rstrip())
        return Fix("write `except:`", (Edit(Span(start, name.span.end), ""),))
    if isinstance(node, ast.Assign | ast.Use) and len(node.targets) > 1:
        return Fix("write `_`", (Edit(name.span, "_"),))
    if isinstance(node, ast.Use):
        before = index.text(Span(node.span.start, node.template.span.start))
        return Fix("leave the name out", (Edit(Span(node.span.start, node.span.start + before.rindex("use")), ""),))
    callee = index.callee(node.value) if isinstance(node, ast.Assign) else None
    if isinstance(node, ast.Assign) and callee is not None and not index.leaves_nothing(callee):
        return Fix("call it without a name", (Edit(Span(node.span.start, node.value.span.start), ""),))
    return None
