"""SGL225: a prompt that spells a variable's name in braces instead of its value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.survey import walk
from sglc.source import Span


class LiteralHole(Diagnostic, frozen=True, kw_only=True):
    """A string holds the name of a variable in doubled braces, or in a raw string, so the model reads `{name}` itself.

    Wrong:
        def greet(name: str):
            "Hello {{name}}! Your name is {name}."

    Right:
        def greet(name: str):
            "Hello {name}! Your name is {name}."
    """

    code = "SGL225"
    title = "`{name}` is not inserted here"
    label = "the string holds the text `{{{name}}}`"
    hint = "{help}"
    severity = "warning"
    name: str
    help: str


DIAGNOSTIC = LiteralHole
_DOUBLED = re.compile(r"\{\{\s*([^\W\d]\w*)\s*\}\}")
_SINGLE = re.compile(r"(?<!\{)\{([^\W\d]\w*)\}(?!\})")


def find(index: Index) -> Iterator[Diagnostic]:
    source = index.unit.source.text
    if "{{" not in source and 'r"' not in source and 're"' not in source:
        return
    for text in index.nodes(ast.Str):
        if text.prefix == "re":
            yield from _in_pattern(index, text)
    for decl in index.decls:
        if not isinstance(decl, ast.FuncDecl | ast.SessionDecl):
            continue
        names = {n.name for n in walk(decl) if isinstance(n, ast.Name) and n in index.program.variables}
        for text in (n for n in walk(decl) if isinstance(n, ast.Str) and n.prefix != "re"):
            pattern = _SINGLE if text.prefix == "r" else _DOUBLED
            for part in text.parts:
                if isinstance(part, ast.Text):
                    yield from _in_text(index, part, pattern, names)


def _in_pattern(index: Index, pattern: ast.Str) -> Iterator[Diagnostic]:
    """A pattern has no holes; a name of the file in braces was meant as one."""
    for match in _SINGLE.finditer(index.text(pattern.span)):
        if match[1] in index.unit.names:
            span = Span(pattern.span.start + match.start(), pattern.span.start + match.end())
            yield index.finding(LiteralHole, span, name=match[1], help="write it out: patterns have no holes")


def _in_text(index: Index, part: ast.Text, pattern: re.Pattern[str], names: set[str]) -> Iterator[Diagnostic]:
    for match in pattern.finditer(index.unit.source.text, part.span.start, part.span.end):
        name = match[1]
        if name not in names:
            continue
        span = Span(*match.span())
        fix, help_ = None, "write the string without `r`"
        if pattern is _DOUBLED:
            help_ = f"write `{{{name}}}`"
            fix = Fix(help_, (Edit(span, f"{{{name}}}"),), safe=False)
        yield index.finding(LiteralHole, span, name=name, help=help_, fix=fix)
