"""Text -> where its strings, their holes and the comments are.

Strings hold holes, holes hold expressions with strings, to any depth, so no regular terminal can find a string's end.
This scanner does, in one pass with a stack of its own. The lexer then takes each string as one token, and the parser
reads each hole on its own. When a quote or brace is missing, the scanner ends the string where its writer most likely
meant it to end, so that one mistake makes one error and does not swallow what follows.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from sglc.diagnostics import Diagnostic
from sglc.frontend.ast import Comment
from sglc.frontend.errors import lexical as e
from sglc.frontend.findings import MAX_ERRORS
from sglc.frontend.words import DECLARATION_WORDS, EXPRESSION_WORDS, MAX_NESTING, MAX_WORDS, STATEMENT_WORDS
from sglc.source import SourceFile, Span


class RawString(msgspec.Struct, frozen=True, gc=False):
    """A string as scanned: `span` with prefix and quotes, `inner` between the quotes, `holes` with their braces."""

    span: Span
    inner: Span
    prefix: str
    block: bool
    holes: tuple[Span, ...]


class Scan(msgspec.Struct, frozen=True):
    """`strings` maps the offset of a string's first character to it; all depths, inner strings before outer ones."""

    strings: dict[int, RawString]
    comments: tuple[Comment, ...]
    errors: tuple[Diagnostic, ...]


class LimitError(Exception):
    """The file is larger than the compiler takes; carries the diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def too_many_words(source: SourceFile, position: int) -> LimitError:
    span = Span(position, min(position + 1, len(source.text)))
    return LimitError(e.TooManyWords(source=source, span=span, limit=MAX_WORDS))


class _Open:
    """A string whose end has not been seen: where it began, its delimiter, its holes, where its open hole began."""

    __slots__ = ("block", "braces", "hole", "holes", "inner", "prefix", "quote", "start")

    def __init__(self, start: int, prefix: str, quote: str, inner: int) -> None:
        self.start, self.prefix, self.quote, self.inner = start, prefix, quote, inner
        self.block = len(quote) == 3
        self.hole = -1
        self.braces = 0
        self.holes: list[Span] = []


_QUOTES = "\"'\u201c\u201d\u201e\uff02\u2018\u2019"
_SINGLE = "'\u2018\u2019"
_PREFIX_LETTERS = frozenset("refbutRFBUTE")
_FOREIGN_PREFIXES = frozenset(("r", "re", "f", "b", "u", "t", "rf", "fr", "br", "rb", "tr", "rt"))
_CODE = re.compile(f"[{_QUOTES}#]")
_HOLE = re.compile(f"[{_QUOTES}#{{}}\n]")
# What cannot end a string or begin a hole. In raw text a backslash only keeps a quote from ending the string.
_TEXT = {
    ("", False): re.compile(r'(?:[^"\\{}\n]++|\\[^\r\n]|\\\r(?!\n)|\{\{|\}\})*+\\?'),
    ("", True): re.compile(r'(?:[^"\\{}]++|\\.|\{\{|\}\}|"(?!""))*+', re.DOTALL),
    ("r", False): re.compile(r'(?:[^"\\\n]++|\\[^\r\n]|\\\r(?!\n))*+\\?'),
    ("r", True): re.compile(r'(?:[^"\\]++|\\.|"(?!""))*+', re.DOTALL),
}
DECLARATION = re.compile(
    rf"@|(?:{'|'.join(DECLARATION_WORDS)})[ \t]+(?!(?:{'|'.join(sorted(EXPRESSION_WORDS))})\b)[\w\"]|[A-Z]\w*[ \t]*=(?!=)"
)
"""What a line at column 0 begins with that can only be a declaration."""

_STATEMENT = re.compile(rf"[ \t]*(?:{'|'.join(sorted(STATEMENT_WORDS))})\b")
_DECLARATION_LINE = re.compile(rf"^(?:{DECLARATION.pattern})", re.MULTILINE)


def scan(source: SourceFile) -> Scan:
    """Find all strings and comments of a file; an unclosed string or hole is reported and closed."""
    return _Scanner(source).run()


class _Scanner:
    def __init__(self, source: SourceFile) -> None:
        self.source, self.text = source, source.text
        self.strings: dict[int, RawString] = {}
        self.comments: list[Comment] = []
        self.errors: list[Diagnostic] = []
        self.stack: list[_Open] = []
        self.blocks: list[RawString] = []
        self.position = 0
        self.steps = 0

    def run(self) -> Scan:
        while self.position < len(self.text) or self.stack:
            self.steps += 1
            if len(self.errors) >= MAX_ERRORS:
                break
            if self.steps > 2 * MAX_WORDS:
                raise too_many_words(self.source, self.position)
            if self.position >= len(self.text):
                self._end_of_file()
            elif self.stack and self.stack[-1].hole < 0:
                self._string(self.stack[-1])
            else:
                self._code()
        return Scan(self.strings, tuple(self.comments), tuple(self.errors))

    def _error(self, finding: type[Diagnostic], start: int, end: int, **facts: Any) -> None:
        self.errors.append(finding(source=self.source, span=Span(start, end), **facts))

    def _line_end(self, position: int) -> int:
        """The offset of the line's end, in front of LF or CRLF."""
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > position and self.text[end - 1] == "\r" else end

    # --- code: outside of strings, or inside a hole ---

    def _code(self) -> None:
        hole = self.stack[-1] if self.stack else None
        found = (_HOLE if hole else _CODE).search(self.text, self.position)
        if not found:
            self.position = len(self.text)
            return
        char, start = found.group(), found.start()
        self.position = found.end()
        if char == '"':
            self._open(start)
        elif char == "#":
            self._comment(start)
        elif char in _QUOTES:
            self._foreign_quote(start, char)
        elif hole is not None:
            self._in_hole(hole, char, start)

    def _in_hole(self, hole: _Open, char: str, start: int) -> None:
        if char == "\n":
            # No expression has a line like the next one: the hole should have been closed before.
            if DECLARATION.match(self.text, start + 1) or _STATEMENT.match(self.text, start + 1):
                self._hole_failed()
        elif char == "{":
            hole.braces += 1
        elif hole.braces:
            hole.braces -= 1
        else:
            hole.holes.append(Span(hole.hole, start + 1))
            hole.hole = -1

    def _comment(self, start: int) -> None:
        end = self._line_end(start)
        line_start = self.text.rfind("\n", 0, start) + 1
        own_line = not self.text[line_start:start].strip(" \t")
        self.comments.append(Comment(Span(start, end), self.text[start:end].rstrip(), own_line))
        self.position = end

    def _open(self, at: int) -> None:
        start, prefix = self._prefix(at)
        quote = '"""' if self.text.startswith('"""', at) else '"'
        self.position = at + len(quote)
        if len(self.stack) < MAX_NESTING:
            self.stack.append(_Open(start, prefix, quote, self.position))
        else:
            self._hole_failed(e.TooDeep(source=self.source, span=Span(start, self.position), limit=MAX_NESTING))

    def _prefix(self, quote: int) -> tuple[int, str]:
        """Where a string begins whose quote is there, and its prefix; another language's is reported."""
        start = quote
        while start > 0 and quote - start < 3 and self.text[start - 1] in _PREFIX_LETTERS:
            start -= 1
        word = self.text[start:quote]
        before = self.text[start - 1 : start]
        if not word or before.isalnum() or before in ("_", '"'):
            return quote, ""
        if word in ("r", "re"):
            return start, word
        if word.lower() not in _FOREIGN_PREFIXES:
            return quote, ""
        meant = "re" if word.lower() == "re" else "r" if "r" in word.lower() else ""
        self.errors.append(e.string_prefix(self.source, Span(start, quote), meant))
        return start, meant

    def _foreign_quote(self, start: int, char: str) -> None:
        """'...', \u201c...\u201d and the like: reported, then taken as a string without holes."""
        block = self.text.startswith("'''", start)
        if block:
            close = self.text.find("'''", start + 3)
            end, width = close + 3, 3
        else:
            line_end, width = self._line_end(start), 1
            partners = _SINGLE if char in _SINGLE else set(_QUOTES) - set(_SINGLE)
            close = next((i for i in range(start + 1, line_end) if self.text[i] in partners), -1)
            end = close + 1
        if close < 0:
            self._error(e.SingleQuotes, start, start + width, kind=e.quote_kind(char))
            self.position = start + width
            return
        self.errors.append(e.foreign_quotes(self.source, Span(start, end), char, width))
        self.strings[start] = RawString(Span(start, end), Span(start + width, end - width), "r", block, ())
        self.position = end

    # --- text: inside a string, outside of its holes ---

    def _string(self, string: _Open) -> None:
        found = _TEXT["r" if string.prefix else "", string.block].match(self.text, self.position)
        start = found.end() if found else self.position
        char = self.text[start : start + 1]
        self.position = start + 1
        if char == '"':
            self._close_quote(string, start)
        elif char == "\n" and not string.block:
            self._unclosed_line(string, start)
        elif char == "{":
            string.hole, string.braces = start, 0
        elif char == "}":
            self._error(e.StrayBrace, start, start + 1)

    def _close_quote(self, string: _Open, start: int) -> None:
        end = start + len(string.quote)
        # `""""` at a block's end: the first quote is text.
        while string.block and self.text[end : end + 1] == '"':
            start, end = start + 1, end + 1
        self.stack.pop()
        self.position = end
        self._close(string, start, end)

    def _close(self, string: _Open, inner_end: int, end: int) -> None:
        inner = Span(string.inner, max(string.inner, inner_end))
        closed = RawString(Span(string.start, end), inner, string.prefix, string.block, tuple(string.holes))
        self.strings[string.start] = closed
        if string.block and not self.stack:
            self.blocks.append(closed)

    # --- what is never closed ---

    def _unclosed_line(self, string: _Open, newline: int) -> None:
        """A one-line string meets the line's end."""
        parent = self.stack[-2] if len(self.stack) > 1 else None
        if parent is not None and not parent.block:
            # `"Hello {name"`: the quote was meant to end the outer string.
            self._hole_failed()
            return
        self.stack.pop()
        end = newline - 1 if self.text[newline - 1] == "\r" and newline > string.inner else newline
        self._drop_errors(string.start)
        self.errors.append(e.unclosed_string(self.source, Span(string.start, string.inner), string.quote))
        if parent is not None and "}" in self.text[string.inner : end]:
            # A hole of a block: its brace went into the string.
            end = self.text.index("}", string.inner)
        self._close(string, end, end)
        self.position = end

    def _end_of_file(self) -> None:
        outer = self.stack[0]
        if outer.hole >= 0:
            self._hole_failed()
        elif outer.block:
            self._block_failed(outer)
        else:
            self.stack.clear()
            self.errors.append(e.unclosed_string(self.source, Span(outer.start, outer.inner), outer.quote))
            self._close(outer, len(self.text), len(self.text))

    def _hole_failed(self, error: Diagnostic | None = None) -> None:
        """The outermost open hole does not end: end its string with its line (a block at the next three quotes)."""
        outer = self.stack[0]
        if outer.block:
            # Of blocks in blocks, which only a deep nest has, the last quotes are the outermost ones.
            close = self.text.rfind('"""', outer.hole) if error else self.text.find('"""', outer.hole)
            inner_end, end = (close, close + 3) if close >= 0 else (len(self.text), len(self.text))
        else:
            inner_end = end = self._line_end(outer.hole)
            close = self.text.rfind('"', outer.hole, end)
            if close >= 0:
                inner_end, end = close, close + 1
        error = error or e.UnclosedHole(source=self.source, span=Span(outer.hole, outer.hole + 1))
        self._go_back(outer.hole, end, error)
        self._close(outer, inner_end, end)

    def _block_failed(self, open_block: _Open) -> None:
        """The file ends inside a block. The first block that holds a declaration is the one that was not closed."""
        suspect, found = open_block, _DECLARATION_LINE.search(self.text, open_block.inner)
        for block in self.blocks:
            earlier = _DECLARATION_LINE.search(self.text, block.inner.start, block.inner.end)
            if earlier:
                suspect, found = _Open(block.span.start, block.prefix, '"""', block.inner.start), earlier
                suspect.holes = list(block.holes)
                break
        end = found.start() - 1 if found else len(self.text)
        suspect.holes = [hole for hole in suspect.holes if hole.end <= end]
        opening = Span(suspect.start, suspect.inner)
        self._go_back(end, end, e.unclosed_string(self.source, opening, '"""'))
        self.strings.pop(suspect.start, None)
        self._close(suspect, end, end)
        self.blocks.clear()

    def _go_back(self, drop: int, position: int, error: Diagnostic) -> None:
        """Forget what was found from `drop` on and scan on from `position`, outside of all strings."""
        self.stack.clear()
        self.position = position
        while self.strings and next(reversed(self.strings)) >= drop:
            self.strings.popitem()
        while self.comments and self.comments[-1].span.start >= drop:
            self.comments.pop()
        self._drop_errors(drop)
        self.errors.append(error)

    def _drop_errors(self, start: int) -> None:
        while self.errors and self.errors[-1].span and self.errors[-1].span.start >= start:
            self.errors.pop()
