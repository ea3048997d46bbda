"""SGL141: an imported name that nothing in the file uses."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.source import Span


class UnusedImport(Diagnostic, frozen=True, kw_only=True):
    """A name is imported that nothing in the file uses. A reader looks for a use that is not there.

    Wrong:
        from "./types.sgl" import Address, Parcel

        def greet(to: Address):
            "Hello {to.city}!"

    Right:
        from "./types.sgl" import Address

        def greet(to: Address):
            "Hello {to.city}!"
    """

    code = "SGL141"
    title = "`{name}` is imported but not used"
    label = "nothing refers to it"
    severity = "warning"
    name: str


DIAGNOSTIC = UnusedImport


def find(index: Index) -> Iterator[Diagnostic]:
    imports = [decl for decl in index.decls if isinstance(decl, ast.Import)]
    if not imports:
        return
    used = {node.name for node, decl in index.placed(ast.Name) if not isinstance(decl, ast.Import)}
    for decl in imports:
        unused = [item for item in decl.names if (item.alias or item.name).name not in used]
        for item in unused:
            name = (item.alias or item.name).name
            fix = _fix(index, decl, item, everything=len(unused) == len(decl.names))
            yield index.finding(UnusedImport, item, name=name, fix=fix)


def _fix(index: Index, decl: ast.Import, item: ast.ImportName, *, everything: bool) -> Fix:
    """Removes the name with one comma; the whole line when none of its names is used."""
    text = index.unit.source.text
    if everything:
        end = text.find("\n", decl.span.end)
        rest = text[decl.span.end : end if end >= 0 else len(text)]
        # A comment behind the import stays, at the start of the line.
        stop = end + 1 if end >= 0 and not rest.strip() else decl.span.end + len(rest) - len(rest.lstrip())
        return Fix("remove the import", (Edit(Span(decl.span.start, stop), ""),))
    position = decl.names.index(item)
    if position + 1 < len(decl.names):
        span = Span(item.span.start, decl.names[position + 1].span.start)
    else:
        span = Span(decl.names[position - 1].span.end, item.span.end)
    safe = "#" not in text[span.start : span.end]
    return Fix(f"remove `{index.text(item.span)}`", (Edit(span, ""),), safe=safe)
