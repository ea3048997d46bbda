"""The syntax errors of one file as they are found: counted, limited in number, and known by line."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic
from sglc.source import SourceFile, Span

MAX_ERRORS = 100
"""More syntax errors than these help nobody."""


class Findings:
    """Takes diagnostics in any order, each place and code once; keeps the first MAX_ERRORS that come."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.count = 0
        self._found: dict[tuple[str, Span | None], Diagnostic] = {}
        self._lines: set[int] = set()

    @property
    def full(self) -> bool:
        return self.count >= MAX_ERRORS

    def append(self, diagnostic: Diagnostic) -> None:
        self.count += 1
        if len(self._found) < MAX_ERRORS:
            self._found.setdefault((diagnostic.code, diagnostic.span), diagnostic)
        if diagnostic.span is not None:
            self._lines.add(self._line(diagnostic.span.start))

    def on_line(self, offset: int) -> bool:
        """Whether something was found on the line of that offset."""
        return self._line(offset) in self._lines

    def within(self, span: Span) -> bool:
        """Whether something was found in the lines of that span."""
        first, last = self._line(span.start), self._line(max(span.start, span.end - 1))
        if last - first > len(self._lines):
            return any(first <= line <= last for line in self._lines)
        return any(line in self._lines for line in range(first, last + 1))

    def sorted(self) -> list[Diagnostic]:
        return sorted(self._found.values(), key=Diagnostic.sort_key)

    def _line(self, offset: int) -> int:
        return self.source.line_column(offset)[0]
