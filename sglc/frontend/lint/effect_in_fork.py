"""SGL418: a tool with an effect runs in a fork, where order is not promised."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.survey import walk


class EffectInFork(Diagnostic, frozen=True, kw_only=True):
    """A tool with an effect runs in the branches of a fork. Branches run together, in no promised order.

    When one branch fails, the effects of others may have happened. A comprehension or a collecting `for` runs such calls
    one after another.

    Wrong:
        tool send(text: str) -> bool:
            http POST "https://example.com/send" with body=text

        def tell(names: list[str]) -> list[bool]:
            sent = fork name in names:
                yield send("Hello {name}!")
            return sent

    Right:
        tool send(text: str) -> bool:
            http POST "https://example.com/send" with body=text

        def tell(names: list[str]) -> list[bool]:
            sent = for name in names:
                yield send("Hello {name}!")
            return sent
    """

    code = "SGL418"
    title = "`{name}` has an effect and runs in a fork"
    label = "branches run in no promised order"
    hint = "collect texts in the fork, and call it in a `for` behind"
    severity = "warning"
    name: str


DIAGNOSTIC = EffectInFork


def find(index: Index) -> Iterator[Diagnostic]:
    seen: set[int] = set()
    for fork in index.nodes(ast.Fork):
        for node in walk((fork.body, fork.handler.body if fork.handler is not None else ())):
            name = index.callee(node)
            if name in index.program.effects and id(node) not in seen and name is not None:
                seen.add(id(node))
                yield index.finding(EffectInFork, node, name=index.program.signatures[name].symbol.name)
