"""Program text and places in it: a Span is two character offsets, a SourceFile turns offsets into lines and columns."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from functools import cached_property

import msgspec


class Span(msgspec.Struct, frozen=True, order=True):
    """Half-open range `[start, end)` of character offsets into a file's text (a byte order mark is not counted)."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


class Location(msgspec.Struct, frozen=True, order=True):
    """A place as a person writes it: file, and line and column, both counted from 1 in Unicode code points."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class SourceFile:
    """A file's text and its lines. Lines end at LF or CRLF; offsets count code points, without a byte order mark."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text.removeprefix("\ufeff")

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r}, {len(self.text)} characters)"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    @property
    def line_count(self) -> int:
        return len(self._line_starts)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1; an offset past the end stands behind the last character."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def location(self, offset: int) -> Location:
        return Location(self.path, *self.line_column(offset))

    def line_start(self, line: int) -> int:
        """Offset of the first character of a line (from 1)."""
        return self._line_starts[line - 1]

    def line_text(self, line: int) -> str:
        """A line's text (from 1) without its end."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] - 1 if line < len(self._line_starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")
