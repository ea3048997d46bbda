"""What is known where a token does not fit: the input of hints.py and advice.py."""

from __future__ import annotations

import msgspec

from sglc.frontend.lexer import Token
from sglc.source import SourceFile, Span

DECORATED = frozenset(("AT", "DEF", "SESSION", "TEMPLATE"))
"""Terminals that fit behind a decorator."""


class Situation(msgspec.Struct, frozen=True):
    """One token that the grammar has no place for, and what stands around it."""

    source: SourceFile
    token: Token
    kind: str
    """The terminal that the token was taken for."""
    last: Token | None
    """The word before it."""
    statement: Token
    """The first word of the statement, which may be the token itself."""
    brackets: tuple[Token, ...]
    """The brackets that are open, the token's own not counted."""
    accepts: frozenset[str]
    in_hole: bool
    top: bool
    """The statement is a declaration's first line."""

    @property
    def span(self) -> Span:
        """The token; where layout does not fit, the place behind the last word."""
        if self.kind[0] not in "_$" or self.last is None:
            return self.token.span
        end = self.last.end
        return Span(end, min(end + 1, len(self.source.text)))

    @property
    def first(self) -> bool:
        return self.statement is self.token

    def touches(self) -> bool:
        """Nothing stands between the last word and the token."""
        return self.last is not None and self.last.end == self.token.start

    def starts_line(self, token: Token) -> bool:
        text = self.source.text
        return not text[text.rfind("\n", 0, token.start) + 1 : token.start].strip(" \t")

    def column(self, token: Token) -> int:
        """How far the line of the token is indented."""
        text = self.source.text
        line = text.rfind("\n", 0, token.start) + 1
        return len(text[line : token.start]) - len(text[line : token.start].lstrip(" \t"))

    def after(self) -> str:
        """The next character behind the token that is no blank."""
        rest = self.source.text[self.token.end : self.token.end + 20].lstrip(" \t")
        return rest[:1]
