"""SGL427: a branch of a fork changes a variable that is read behind the fork, where the change is gone."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Related
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.survey import walk
from sglc.frontend.typed import Local


class LostAssignment(Diagnostic, frozen=True, kw_only=True):
    """A branch of a fork gives a new value to a variable from outside. Each branch has a copy, which ends with it.

    Behind the fork the variable has the value from before. A branch gives values through `yield`; a `for` goes on with
    what it changed.

    Wrong:
        def tips(topics: list[str]) -> list[str]:
            out = [""]
            fork topic in topics:
                user: "A tip about {topic}"
                assistant: gen tip: str with max_tokens=30
                out = out + [tip]
            return out

    Right:
        def tips(topics: list[str]) -> list[str]:
            out = fork topic in topics:
                user: "A tip about {topic}"
                assistant: gen tip: str with max_tokens=30
                yield tip
            return out
    """

    code = "SGL427"
    title = "what `{name}` gets here is lost behind the fork"
    label = "changes in this branch only"
    hint = "yield the value: `name = fork ...:`; or write a `for`"
    severity = "warning"
    name: str


DIAGNOSTIC = LostAssignment


def find(index: Index) -> Iterator[Diagnostic]:
    reported: set[int] = set()
    for fork, decl in index.placed(ast.Fork):
        for node in walk(fork.body):
            for name in node.targets if isinstance(node, ast.Assign | ast.Use) else ():
                read = None if id(name) in reported else _lost(index, fork, decl, name)
                if read is not None:
                    reported.add(id(name))
                    related = (Related(index.unit.source, read.span, "read here as it was before"),)
                    yield index.finding(LostAssignment, name, name=name.name, related=related)


def _lost(index: Index, fork: ast.Fork, decl: ast.Decl, name: ast.Name) -> ast.Name | None:
    """Where the value from before the fork is read, if the name is a variable from outside of it."""
    variable = index.program.variables.get(name)
    if variable is None or fork.span.start <= variable.span.start < fork.span.end:
        return None
    for node in walk(decl):
        if isinstance(node, ast.Name) and node.name == name.name and node.span.start >= fork.span.end:
            if isinstance(index.program.bindings.get(node), Local):
                return node
            if index.program.variables.get(node) is variable:
                return None  # it gets a new value first
    return None
