"""SGL424: an except arm behind a body in which nothing can fail."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.survey import walk

_SAFE = (
    ast.Prompt, ast.Role, ast.Insert, ast.GenStmt, ast.Gen, ast.Assign, ast.Jump, ast.If, ast.Branch, ast.Name, ast.Str,
    ast.Text, ast.Hole, ast.Number, ast.Constant, ast.Attribute, ast.Logic, ast.Option, ast.TypeName, ast.TypeRegex,
    ast.TypeLiteral, ast.TypeUnion, ast.TypeOptional, ast.Duration, ast.Return,
)  # fmt: skip
"""Kinds of nodes that cannot fail in a way that `except` catches: not calls, not arithmetic, not a look into a list."""


class UnreachableExcept(Diagnostic, frozen=True, kw_only=True):
    """Nothing in the `try` can fail in a way that `except` catches, so its arm never runs.

    Caught are `fail`, `ensure`, tools, values that do not fit, and recursion bounds; not a deadline, a cancellation or a
    lost engine.

    Wrong:
        def answer(question: str) -> str:
            user: question
            try:
                assistant: gen reply: str with max_tokens=50
            except:
                reply = "no answer"
            return reply

    Right:
        def answer(question: str) -> str:
            user: question
            assistant: gen reply: str with max_tokens=50
            return reply
    """

    code = "SGL424"
    title = "`except` never runs"
    label = "nothing in the `try` above can fail"
    hint = "remove the `try`"
    severity = "warning"


DIAGNOSTIC = UnreachableExcept


def find(index: Index) -> Iterator[Diagnostic]:
    coerced = index.program.coercions
    for node in index.nodes(ast.Try):
        inner = list(walk(node.body))
        if all(isinstance(n, _SAFE) and n not in coerced and not _may_fail(index, n) for n in inner):
            text = index.unit.source.text
            start = text.rfind("except", node.span.start, node.handler.body[0].span.start)
            place = ast.Name(type(node.span)(start, start + len("except")), "except") if start >= 0 else node.handler
            yield index.finding(UnreachableExcept, place)


def _may_fail(index: Index, node: ast.Node) -> bool:
    facts = index.program.gens.get(node)
    return facts is not None and bool(facts.dynamic)
