"""One walk over a file for all rules: its nodes by kind, each with the declaration that it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.resolve import Unit
from sglc.frontend.survey import walk
from sglc.frontend.typed import TypedProgram
from sglc.source import Span

N = TypeVar("N", bound=ast.Node)


class Index:
    """The main file of a checked program. Imported files have their findings when they are linted themselves."""

    def __init__(self, program: TypedProgram) -> None:
        self.program = program
        self.unit: Unit = program.linked.main
        self.decls = self.unit.module.decls
        self._nodes: dict[type, list[tuple[ast.Node, ast.Decl]]] = {}
        for decl in self.decls:
            for node in walk(decl):
                self._nodes.setdefault(type(node), []).append((node, decl))

    def nodes(self, kind: type[N]) -> Iterator[N]:
        """All nodes of a kind, in order of writing."""
        for node, _ in self._nodes.get(kind, ()):
            assert isinstance(node, kind)
            yield node

    def placed(self, kind: type[N]) -> Iterator[tuple[N, ast.Decl]]:
        """All nodes of a kind with the declarations that hold them."""
        for node, decl in self._nodes.get(kind, ()):
            assert isinstance(node, kind)
            yield node, decl

    def finding(self, kind: type[Diagnostic], place: ast.Node | Span, /, **facts: Any) -> Diagnostic:
        return self.unit.finding(kind, place, **facts)

    def text(self, span: Span) -> str:
        return self.unit.source.text[span.start : span.end]

    def callee(self, node: ast.Node) -> str | None:
        """The unique name of what a call, use or choice of a `call` runs; None for builtins and records."""
        if isinstance(node, ast.Call):
            target = self.program.calls.get(node)
            return target.name if target is not None and target.kind in ("function", "tool") else None
        name: ast.Name | None = None
        if isinstance(node, ast.Use):
            name = node.template
        elif isinstance(node, ast.CallChoice) and node.fields is None:
            name = node.name
        symbol = self.unit.names.get(name.name) if name is not None else None
        return symbol.unique if symbol is not None else None

    def generates(self, node: ast.Node) -> bool:
        """Whether a node is a generation, or calls what generates."""
        if isinstance(node, ast.Gen | ast.Select | ast.ModelCall):
            return True
        signature = self.program.signatures.get(self.callee(node) or "")
        return signature is not None and signature.generates

    def leaves_nothing(self, name: str) -> bool:
        """Whether a function (by its unique name) does nothing but give a value: it has no effect and cannot fail."""
        return name not in self.program.effects and not self._can_fail(name, set())

    def _can_fail(self, name: str, seen: set[str]) -> bool:
        """Whether a function, or what it calls, stops a run on purpose; tools can fail, too."""
        seen.add(name)
        signature = self.program.signatures.get(name)
        decl = signature.symbol.decl if signature is not None else None
        if not isinstance(decl, ast.FuncDecl):
            return True
        if any(isinstance(n, ast.Fail | ast.Ensure) for n in walk(decl.body)):
            return True
        return any(self._can_fail(n, seen) for n in self.program.callees.get(name, ()) if n not in seen)
