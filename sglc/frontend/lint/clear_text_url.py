"""SGL507: a tool that sends its requests over the network unencrypted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.source import Span

_HOST = re.compile(r"http://(\[[^\]]*\]|[^/?#:\s]*)", re.IGNORECASE)
_LOCAL = re.compile(r"(localhost|127(\.\d+){3}|\[::1\]|.*\.(localhost|local|internal|test))", re.IGNORECASE)


class ClearTextUrl(Diagnostic, frozen=True, kw_only=True):
    """A tool talks to another machine over `http://`: anyone on the way can read and change what it sends and gets.

    What it gets goes into a prompt, so a changed answer steers the model.

    Wrong:
        tool page(name: str) -> json:
            http GET "http://example.com/{name}.json"

    Right:
        tool page(name: str) -> json:
            http GET "https://example.com/{name}.json"
    """

    code = "SGL507"
    title = "`{host}` is reached without encryption"
    label = "plain http"
    hint = "write `https://`"
    severity = "warning"
    host: str


DIAGNOSTIC = ClearTextUrl


def find(index: Index) -> Iterator[Diagnostic]:
    for node in index.nodes(ast.HttpImpl):
        first = node.url.parts[0] if node.url.parts else None
        found = _HOST.match(first.text) if isinstance(first, ast.Text) else None
        if found is None or not found[1] or _LOCAL.fullmatch(found[1]) or first is None:
            continue
        span = Span(first.span.start, first.span.start + len("http://"))
        fix = Fix("write `https://`", (Edit(span, "https://"),), safe=False)
        # As it is written: the host may hold an env value.
        written = re.match(r"[^/?#]*", index.text(Span(span.end, node.url.span.end - 1)))
        yield index.finding(ClearTextUrl, span, host=written[0] if written else found[1], fix=fix)
