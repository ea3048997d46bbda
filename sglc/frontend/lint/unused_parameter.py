"""SGL144: a parameter that its function, or its tool's request, does not use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.survey import walk


class UnusedParameter(Diagnostic, frozen=True, kw_only=True):
    """A parameter is not used: callers give a value that changes nothing. A tool's request does not send it.

    Wrong:
        def greet(name: str, lang: str):
            "Greet {name}."

    Right:
        def greet(name: str, lang: str):
            "Greet {name} in {lang}."
    """

    code = "SGL144"
    title = "parameter `{name}` of `{owner}` is never used"
    label = "{where}"
    hint = "use it, or remove it"
    severity = "warning"
    name: str
    owner: str
    where: str


DIAGNOSTIC = UnusedParameter


def find(index: Index) -> Iterator[Diagnostic]:
    for decl in index.decls:
        match decl:
            case ast.FuncDecl(params=params, body=body):
                yield from _unused(index, params, body, decl.name.name)
            case ast.SessionDecl(params=params, turns=turns):
                yield from _unused(index, params, (decl.body, turns, decl.states), decl.name.name)
                for turn in turns:
                    yield from _unused(index, turn.params, turn.body, f"{decl.name.name}.turn")
            case ast.ToolDecl(params=params, impl=ast.HttpImpl() as impl):
                yield from _unused(index, params, impl, decl.name.name, "the request does not send it")


def _unused(
    index: Index, params: tuple[ast.FieldDecl, ...], body: Any, owner: str, where: str = "nothing reads it"
) -> Iterator[Diagnostic]:
    if not params:
        return
    used = {node.name for node in walk(body) if isinstance(node, ast.Name)}
    for param in params:
        if param.name.name not in used and not param.name.name.startswith("_"):
            yield index.finding(UnusedParameter, param.name, name=param.name.name, owner=owner, where=where)
