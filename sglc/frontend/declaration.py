"""One declaration's tokens -> its node, with recovery.

After an error the parser goes on at the next line that can begin a statement, so that several mistakes in one
declaration are all reported, and none of them twice.
"""

from __future__ import annotations

import re
from typing import Any

from sglc.diagnostics import Diagnostic
from sglc.frontend import hints, tables
from sglc.frontend.automaton import Automaton, Mark, TooDeepError
from sglc.frontend.errors import lexical, syntax
from sglc.frontend.findings import Findings
from sglc.frontend.lexer import OPENERS, Lexer, Token
from sglc.frontend.situation import DECORATED, Situation
from sglc.frontend.words import MAX_NESTING, RESERVED
from sglc.source import Span

MAX_SILENT = 50
"""So many consequences of earlier errors are passed over in one declaration before its rest is given up."""

_NAME_FOLLOWS = re.compile(r"[ \t]*(?:=(?!=)|[.,(\[])")

# What stands in for a broken statement, by its first word: the head of a block, or a whole line. The first sequence of
# terminals that fits is taken.
_IF = "IF TRUE COLON"
_HEADS = {
    "elif": ("ELIF TRUE COLON",), "else": ("ELSE COLON",), "except": ("EXCEPT COLON",), "try": ("TRY COLON",),
    "match": ("MATCH TRUE COLON",), "case": ("CASE NAME COLON",), "turn": ("TURN LPAR RPAR COLON",),
    "session": ("SESSION NAME LPAR RPAR COLON",), "type": ("TYPE NAME COLON",), "enum": ("ENUM NAME COLON",),
    "tool": ("TOOL NAME LPAR RPAR COLON",), "fork": ("FORK NAME IN NAME COLON",),
}  # fmt: skip
_ANY_HEAD = (_IF, "CASE NAME COLON", "EXCEPT COLON", "DEF NAME LPAR RPAR COLON")
_FORK = ("FORK NAME IN NAME COLON",)
_LINES = {
    "if": ("IF TRUE COLON PASS",), "elif": ("ELIF TRUE COLON PASS",), "else": ("ELSE COLON PASS",),
    "except": ("EXCEPT COLON PASS",), "fork": ("FORK NAME IN NAME COLON PASS",),
}  # fmt: skip
_ANY_LINE = ("PASS", "NAME COLON NAME", "NAME", "CASE NAME COLON PASS", "EXCEPT COLON PASS", "PYTHON STRING")
_BLOCK_ENDS = ("_INDENT", "PASS", "_NEWLINE", "_DEDENT")


def terminal(automaton: Automaton, lexer: Lexer, token: Token, last: Token | None) -> str:
    """The grammar's terminal for a token: a soft word is a name where the grammar does not take it as a word."""
    if token.kind != "NAME" or (last is not None and last.kind == "DOT"):
        return token.kind
    grammar = tables.load()
    word = grammar.fixed.get(token.text)
    if word is None or token.text in RESERVED:
        return word or "NAME"
    row = grammar.actions[automaton.states[-1]]
    if word not in row:
        return "NAME"
    if "NAME" in row and (not automaton.takes(word) or _NAME_FOLLOWS.match(lexer.text, lexer.position)):
        return "NAME"
    return word


def situation(
    automaton: Automaton, lexer: Lexer, token: Token, kind: str, last: Token | None, statement: Token, top: bool = False
) -> Situation:
    own = bool(lexer.brackets) and lexer.brackets[-1] is token and kind in OPENERS
    brackets = tuple(lexer.brackets[:-1] if own else lexer.brackets)
    return Situation(lexer.source, token, kind, last, statement, brackets, automaton.accepts(), lexer.in_hole, top)


class DeclarationParser:
    """Parses one declaration. `stray` says afterwards that it was none, or that its block is missing."""

    def __init__(self, lexer: Lexer, automaton: Automaton, errors: Findings, quiet_top: bool) -> None:
        self.lexer, self.automaton, self.errors = lexer, automaton, errors
        self.quiet_top = quiet_top
        self.stray = False
        self.source = lexer.source
        self.last: Token | None = None
        self.statement: Token | None = None
        self.mark: Mark = automaton.mark()
        self.indents: tuple[int, ...] = (0,)
        self.fresh = True
        """The next word begins a statement."""
        self.quiet = False
        """Nothing has fitted since the last error, so what does not fit is its consequence."""
        self.silent = 0
        self.lost = False
        """This is no declaration at all."""
        self.resumed = -1
        """Where the parser went on after the last error."""

    def run(self) -> Any:
        """The declaration's node; None when it has errors."""
        if self._indented():
            return None
        broken = False
        while True:
            token = self.lexer.next()
            if self.fresh and token.kind[0] != "_":
                self.statement = token
                self.mark, self.indents = self.automaton.mark(), tuple(self.lexer.indents)
            kind = terminal(self.automaton, self.lexer, token, self.last)
            if self._take(token, kind):
                if kind == "$END":
                    return None if broken else self.automaton.result
                self._moved(token)
                continue
            broken = True
            if self._repair(token, kind):
                continue
            if self.lost or not self._recover(token):
                return None

    def _indented(self) -> bool:
        """Whether this is a file's first line, and indented."""
        text, start = self.source.text, self.lexer.position
        line = text.rfind("\n", 0, start) + 1
        if line < start:
            self.errors.append(syntax.UnexpectedIndent(source=self.source, span=Span(line, start)))
        return line < start

    def _take(self, token: Token, kind: str) -> bool:
        if kind == "ERROR":
            return False
        try:
            return self.automaton.feed(token, kind)
        except TooDeepError as error:
            self.errors.append(lexical.TooDeep(source=self.source, span=error.span, limit=MAX_NESTING))
            self.quiet = True
            return False

    def _moved(self, token: Token) -> None:
        if token.kind[0] == "_":
            self.fresh = True
        else:
            self.fresh = self.quiet = False
            self.last = token

    # --- errors ---

    def _repair(self, token: Token, kind: str) -> bool:
        """Report the error; if a small change makes the token fit, go on from there."""
        if kind == "ERROR" or self.errors.full:
            return False
        if self.quiet:
            self.silent += 1
            self.lost = self.silent > MAX_SILENT
            return False
        statement = self.statement or token
        at = situation(self.automaton, self.lexer, token, kind, self.last, statement, top=len(self.mark.states) == 1)
        error = hints.explain(at)
        self._report(error)
        self.lost = at.top and isinstance(error, syntax.TopLevelStatement | syntax.PythonWord)
        self.lost |= at.accepts <= DECORATED  # what follows is read as a function, which it is not
        match error:
            case syntax.MissingColon():
                return self._insert(("COLON",), token, kind)
            case syntax.AssignInCondition():
                return self._take(token, "EQ")
            case syntax.MissingBlock():
                self.stray = self._at_end(kind)
                return self._insert(_BLOCK_ENDS, token, kind)
            case syntax.UnexpectedIndent():
                self.lexer.ignore_indent()
                return True
        return False

    def _at_end(self, kind: str) -> bool:
        return kind == "$END" and len(self.lexer.indents) == 1

    def _report(self, error: Diagnostic) -> None:
        if isinstance(error, syntax.TopLevelStatement):
            self.stray = True
            if self.quiet_top:
                return
        start = error.span.start if error.span is not None else 0
        if not self.errors.on_line(start):
            self.errors.append(error)

    def _insert(self, kinds: tuple[str, ...], token: Token, kind: str) -> bool:
        """Take terminals that are not there, then the token."""
        return self.automaton.takes(*kinds, kind) and self._feed(kinds) and self._take(token, kind)

    def _feed(self, kinds: tuple[str, ...]) -> bool:
        here = self.lexer.position
        return all(self._take(Token(kind, self._text(kind), here, here), kind) for kind in kinds)

    def _text(self, kind: str) -> str:
        words = tables.load().fixed
        return next((word for word, of in words.items() if of == kind), "user" if kind == "NAME" else "")

    # --- recovery ---

    def _recover(self, token: Token) -> bool:
        """Put a stand-in where the statement was and go on at a later line; False when that does not work out."""
        self.automaton.restore(self.mark)
        self.lexer.restore(self.indents)
        line, block = self._next_line(token)
        if line <= self.resumed:
            return False
        self.resumed = line
        word = self.source.text[self.statement.start : self.statement.end] if self.statement is not None else ""
        if not self._stand_in(word, block):
            return False
        self.lexer.skip_to(line)
        self.fresh = self.quiet = True
        return True

    def _stand_in(self, word: str, block: bool) -> bool:
        """Take the terminals of a statement like the broken one."""
        if block:
            candidates = (*_HEADS.get(word, ()), *_ANY_HEAD)
            follow: tuple[str, ...] = ("_NEWLINE", "_INDENT")
        else:
            candidates = (*_LINES.get(word, ()), *_ANY_LINE)
            follow = ("_NEWLINE",)
        for candidate in candidates:
            kinds = tuple(candidate.split())
            if self.automaton.takes(*kinds, *follow):
                return self._feed(kinds)
        return False

    def _next_line(self, token: Token) -> tuple[int, bool]:
        """The first word of the line to go on with, and whether that line is in the block of the broken statement.

        Without such a line it is the end.
        """
        indent = self.indents[-1]
        position = token.start
        if token.kind[0] in "_$" and self.last is not None:
            position = self.last.end
        elif self.lexer.brackets and self._starts_line(token) and self._column(token.start) <= indent:
            return token.start, False
        head = True
        for line, colon in self.lexer.lines_after(position):
            column = self._column(line)
            closer = self.source.text[line] in ")]}"
            if head and colon and column > indent:
                return line, True
            if column <= indent and not closer:
                return line, False
            head = closer
        return self.lexer.end, False

    def _starts_line(self, token: Token) -> bool:
        text = self.source.text
        return not text[text.rfind("\n", 0, token.start) + 1 : token.start].strip(" \t")

    def _column(self, position: int) -> int:
        text = self.source.text
        return len(text[text.rfind("\n", 0, position) + 1 : position].expandtabs(4))
