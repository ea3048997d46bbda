"""Text -> tokens, with lines and indentation, for one declaration or hole.

The lexer takes strings from the scan, knows which brackets are open and how far each open block is indented, and can go
on at a later line, which is how the parser recovers from an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from sglc.diagnostics import Diagnostic
from sglc.frontend import characters, tables
from sglc.frontend.errors import lexical as e
from sglc.frontend.findings import Findings
from sglc.frontend.scanner import RawString, too_many_words
from sglc.frontend.words import MAX_NESTING, MAX_WORDS
from sglc.source import SourceFile, Span

OPENERS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
CLOSERS = {close: open_ for open_, close in OPENERS.items()}
STRINGS = frozenset(("STRING", "RAW", "REGEX"))
_ANY = re.compile(r"[!$&;\\^`~\x00-\x08\x0e-\x1f\x7f]+|[^\w\s!-~]+|.", re.DOTALL)
_STRING_KIND = {"": "STRING", "r": "RAW", "re": "REGEX"}


class Token(msgspec.Struct, frozen=True, gc=False):
    """One word, sign or string. Layout tokens begin with `_` and have no text; an ERROR was reported by the lexer."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class IndentStyle:
    """What a file is indented with: the character of its first indented line, and whether a mixture was reported."""

    def __init__(self) -> None:
        self.character = ""
        self.reported = False


@cache
def _patterns() -> tuple[re.Pattern[str], list[str], dict[str, str]]:
    """The pattern of one token with the blanks before it, its groups' kinds, and the kinds of signs and words."""
    grammar = tables.load()
    signs = sorted((s for s in grammar.fixed if not s[0].isalpha()), key=len, reverse=True)
    groups = {
        "STRING": r'(?:re|r)?"|[\'\u201c\u201d\u201e\uff02\u2018\u2019]',
        **grammar.patterns,
        "SIGN": "|".join(map(re.escape, signs)),
        "_NEWLINE": r"(?:\r?\n[ \t]*(?:#[^\n]*)?)++",
        "COMMENT": r"#[^\n]*",
    }
    pattern = "|".join(f"({p})" for p in groups.values())
    return re.compile(f"[ \t]*+(?:{pattern})"), ["", *groups], grammar.fixed


class Lexer:
    """The tokens of `[start, end)`. Errors of its own go to `errors`; the token is then an ERROR or a good guess."""

    def __init__(
        self,
        source: SourceFile,
        strings: dict[int, RawString],
        errors: Findings,
        area: Span,
        style: IndentStyle | None = None,
        limit: int = MAX_WORDS,
    ) -> None:
        """`style` is None in a hole, which has no lines."""
        self.source, self.text = source, source.text
        self.strings, self.errors, self.style = strings, errors, style
        self.position, self.end = area.start, area.end
        self.brackets: list[Token] = []
        self.indents = [0]
        self.last: Token | None = None
        """The last token that is not layout."""
        self.count, self._limit = 0, limit
        self._queue: list[Token] = []
        self._ignored: set[int] = set()
        self._ended = False
        self._pattern, self._kinds, self._fixed = _patterns()

    @property
    def in_hole(self) -> bool:
        return self.style is None

    def next(self) -> Token:
        """The next token; at the end `$END`, as often as asked."""
        while not self._queue:
            found = self._pattern.match(self.text, self.position, self.end)
            if not found:
                token = self._irregular()
                if token is not None:
                    return self._word(token)
                continue
            group = found.lastindex or 0
            kind = self._kinds[group]
            start = found.start(group)
            self.position = found.end()
            if kind == "_NEWLINE":
                if not self.brackets and self.style is not None:
                    self._newline(self.style)
            elif kind == "STRING":
                return self._word(self._string(start))
            elif kind != "COMMENT":
                text = found.group(group)
                if kind == "NAME" and start in self.strings:
                    return self._word(self._string(start))
                if kind == "NAME" and not text.isidentifier():
                    self.errors.append(characters.bad_name(self.source, Span(start, self.position)))
                return self._word(Token(self._fixed[text] if kind == "SIGN" else kind, text, start, self.position))
        return self._queue.pop()

    def _word(self, token: Token) -> Token:
        self._count()
        kind = token.kind
        if kind in OPENERS:
            self.brackets.append(token)
            if len(self.brackets) > MAX_NESTING:
                return self._fail(e.TooDeep(source=self.source, span=token.span, limit=MAX_NESTING), token)
        elif kind in CLOSERS:
            if not self.brackets or self.brackets[-1].kind != CLOSERS[kind]:
                open_ = (self.brackets[-1].span, self.brackets[-1].text) if self.brackets else None
                return self._fail(e.stray_bracket(self.source, token.span, token.text, open_), token)
            self.brackets.pop()
        self.last = token
        return token

    def _count(self) -> None:
        self.count += 1
        if self.count > self._limit:
            raise too_many_words(self.source, min(self.position, len(self.text) - 1))

    def _fail(self, error: Diagnostic, token: Token) -> Token:
        self.errors.append(error)
        return Token("ERROR", token.text, token.start, token.end)

    def _string(self, start: int) -> Token:
        raw = self.strings.get(start)
        if raw is None or raw.span.end > self.end:
            # A quote without a partner, which the scanner reported.
            return Token("ERROR", "", start, self.position)
        self.position = raw.span.end
        return Token(_STRING_KIND[raw.prefix], "", start, raw.span.end)

    def _irregular(self) -> Token | None:
        """The end, or a character that no pattern takes; None when that character is passed over."""
        while self.position < self.end and self.text[self.position] in " \t":
            self.position += 1
        if self.position >= self.end:
            self._finish()
            return None
        self._count()
        found = characters.explain(self.source, self.position, self.in_hole)
        start, self.position = self.position, min(found.end, self.end)
        if self.text[start] != "\r" or not self.errors.on_line(start):
            self.errors.append(found.error)
        if not found.text:
            return Token("ERROR", "", start, self.position) if found.text is None else None
        return Token(self._fixed.get(found.text, "NUMBER"), found.text, start, self.position)

    # --- lines ---

    def skip_to(self, position: int) -> None:
        """Go on at the first word of a later line, as if what stands before had been complete."""
        self._queue.clear()
        self.brackets.clear()
        self.position = position
        if self.style is not None:
            self._newline(self.style)

    def restore(self, indents: tuple[int, ...]) -> None:
        """Go back to the blocks that were open at an earlier place."""
        self.indents = list(indents)
        self._ignored = {level for level in self._ignored if level < len(indents)}

    def lines_after(self, position: int) -> Iterator[tuple[int, bool]]:
        """The first words of the later lines, brackets ignored, and whether a colon ended the line before each."""
        colon = False
        while found := self._pattern.match(self.text, position, self.end) or _ANY.match(self.text, position, self.end):
            kind = self._kinds[found.lastindex or 0]
            position = found.end()
            if kind == "STRING" and (raw := self.strings.get(found.start(found.lastindex or 0))):
                position = raw.span.end
            if kind == "_NEWLINE" and position < self.end:
                yield position, colon
            elif kind != "COMMENT":
                colon = found.group().endswith(":")

    def ignore_indent(self) -> None:
        """Take the block that has just begun as a part of the one around it."""
        self._ignored.add(len(self.indents) - 1)

    def _newline(self, style: IndentStyle) -> None:
        """Queue a line's end and how the next line is indented, last token first."""
        if self.position >= self.end:
            return  # `_finish` ends the last line
        here = self.position
        line = self.text.rfind("\n", 0, here) + 1
        width = self._width(Span(line, here), style)
        layout = [Token("_NEWLINE", "", here, here)]
        opened = tuple(self.indents)
        if width > self.indents[-1]:
            self.indents.append(width)
            layout.append(Token("_INDENT", "", here, here))
            if len(self.indents) > MAX_NESTING:
                error = e.TooDeep(source=self.source, span=Span(here, here + 1), limit=MAX_NESTING)
                layout[-1] = self._fail(error, layout[-1])
        while width < self.indents[-1]:
            if width > self.indents[-2]:
                # Between two blocks: reported, and taken for the inner one from here on.
                self.errors.append(e.bad_indent(self.source, Span(line, here), width, opened))
                self.indents[-1] = width
                break
            self.indents.pop()
            if len(self.indents) in self._ignored:
                self._ignored.discard(len(self.indents))
            else:
                layout.append(Token("_DEDENT", "", here, here))
        self._queue = layout[::-1]

    def _width(self, indent: Span, style: IndentStyle) -> int:
        """How far a line is indented. A file keeps to blanks or to tabs; the first line that does not is reported."""
        text = self.text[indent.start : indent.end]
        style.character = style.character or text[:1]
        if text.strip(style.character) and not style.reported:
            style.reported = True
            usual = "tabs" if style.character == "\t" else "blanks"
            self.errors.append(e.TabIndent(source=self.source, span=indent, usual=usual))
        return len(text.expandtabs(4))

    def _finish(self) -> None:
        """Queue the end: of the last line, of its blocks, of everything."""
        self._queue = [Token("$END", "", self.end, self.end)]
        if not self._ended and self.style is not None and self.last is not None:
            blocks = len(self.indents) - 1 - len(self._ignored)
            self._queue += [Token("_DEDENT", "", self.end, self.end) for _ in range(blocks)]
            self._queue.append(Token("_NEWLINE", "", self.end, self.end))
        self._ended = True
        del self.indents[1:]
