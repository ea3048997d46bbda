"""SGL603: a served function without a result."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index


class ServeNothing(Diagnostic, frozen=True, kw_only=True):
    """A function is served that returns nothing, so its callers get `null` whatever the model wrote.

    Wrong:
        @serve(path="/answer")
        def answer(question: str):
            user: question
            assistant: gen reply: str with max_tokens=50

    Right:
        @serve(path="/answer")
        def answer(question: str) -> str:
            user: question
            assistant: gen reply: str with max_tokens=50
            return reply
    """

    code = "SGL603"
    title = "served `{name}` returns nothing"
    label = "callers get null"
    hint = "give it a result type, and return the value"
    severity = "warning"
    name: str


DIAGNOSTIC = ServeNothing


def find(index: Index) -> Iterator[Diagnostic]:
    for decl in index.decls:
        if isinstance(decl, ast.FuncDecl | ast.SessionDecl) and any(d.name.name == "serve" for d in decl.decorators):
            answers = decl.turns[0] if isinstance(decl, ast.SessionDecl) else decl
            if answers.result is None:
                yield index.finding(ServeNothing, decl.name, name=decl.name.name)
