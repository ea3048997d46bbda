"""SGL422: a loop that generates and may do so more than a hundred times."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.survey import walk

LIMIT = 100


class LongLoop(Diagnostic, frozen=True, kw_only=True):
    """A loop that generates has a bound above 100: the worst case costs that many generations, one after another.

    The bound counts where requests are admitted, and nothing tells a model that never finishes from one that takes long.

    Wrong:
        def think(question: str) -> str:
            "{question}\\n"
            loop max 1000:
                "{gen line: str with max_tokens=20, stop="\\n"}\\n"
                if line == "":
                    return line
            fail "no end"

    Right:
        def think(question: str) -> str:
            "{question}\\n"
            loop max 12:
                "{gen line: str with max_tokens=20, stop="\\n"}\\n"
                if line == "":
                    return line
            fail "no end"
    """

    code = "SGL422"
    title = "up to {count:,} generations, one after another"
    label = "the bound of a loop that generates"
    hint = "lower it to what an answer can need"
    severity = "warning"
    count: int


DIAGNOSTIC = LongLoop


def find(index: Index) -> Iterator[Diagnostic]:
    loops: list[ast.Loop | ast.While] = [*index.nodes(ast.Loop), *index.nodes(ast.While)]
    for node in loops:
        count = index.program.constants.get(node.bound) if node.bound is not None else None
        if node.bound is None or count is None or count <= LIMIT:
            continue
        if any(index.generates(inner) for inner in walk(node.body)):
            yield index.finding(LongLoop, node.bound, count=count)
