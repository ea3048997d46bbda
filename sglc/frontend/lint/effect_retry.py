"""SGL508: a tool with an effect that is sent again when no answer comes."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index


class EffectRetry(Diagnostic, frozen=True, kw_only=True):
    """A tool with an effect says `retry=`. When an answer gets lost on the way back, the effect happens twice.

    Tools have an effect unless they are GET or HEAD requests or say `effect=false`.

    Wrong:
        tool order(sku: str) -> bool:
            http POST "https://example.com/order" with body={"sku": sku}, retry=3

    Right:
        tool order(sku: str) -> bool:
            http POST "https://example.com/order" with body={"sku": sku}
    """

    code = "SGL508"
    title = "`{name}` has an effect and is retried"
    label = "may happen twice"
    hint = "remove `retry`, or declare effect=false if it does no harm twice"
    severity = "warning"
    name: str


DIAGNOSTIC = EffectRetry


def find(index: Index) -> Iterator[Diagnostic]:
    for decl in index.decls:
        if not isinstance(decl, ast.ToolDecl):
            continue
        symbol = index.unit.own.get(decl.name.name)
        spec = index.program.tools.get(symbol.unique) if symbol is not None else None
        option = next((o for o in decl.impl.options if o.name.name == "retry"), None)
        if spec is not None and option is not None and spec.effect and spec.retry:
            yield index.finding(EffectRetry, option, name=decl.name.name)
