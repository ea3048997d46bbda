"""SGL423: an except arm that does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index


class SilentExcept(Diagnostic, frozen=True, kw_only=True):
    """A failure is caught and nothing happens. The model then answers without the data, and often invents it.

    Wrong:
        tool stock(sku: str) -> int:
            http GET "https://example.com/stock/{sku}"

        def tell(sku: str) -> str:
            try:
                user: "In stock: {stock(sku)}"
            except:
                pass
            assistant: gen reply: str with max_tokens=50
            return reply

    Right:
        tool stock(sku: str) -> int:
            http GET "https://example.com/stock/{sku}"

        def tell(sku: str) -> str:
            try:
                user: "In stock: {stock(sku)}"
            except:
                user: "The stock is not known."
            assistant: gen reply: str with max_tokens=50
            return reply
    """

    code = "SGL423"
    title = "failures vanish here"
    label = "caught, and nothing happens"
    hint = "tell the model, give a value, or `fail` with a reason"
    severity = "warning"


DIAGNOSTIC = SilentExcept


def find(index: Index) -> Iterator[Diagnostic]:
    for handler in index.nodes(ast.Handler):
        if all(isinstance(s, ast.Jump) and s.word == "pass" for s in handler.body):
            yield index.finding(SilentExcept, handler.body[0])
