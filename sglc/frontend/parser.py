"""Text -> Module: finds the strings, cuts the file into declarations and parses each.

So one run reports the errors of all declarations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast, hints
from sglc.frontend.automaton import Automaton, TooDeepError
from sglc.frontend.builder import Builder
from sglc.frontend.declaration import DeclarationParser, situation, terminal
from sglc.frontend.errors import lexical, syntax
from sglc.frontend.findings import Findings
from sglc.frontend.lexer import IndentStyle, Lexer
from sglc.frontend.scanner import DECLARATION, LimitError, RawString, scan, too_many_words
from sglc.frontend.strings import HoleContent, build_string
from sglc.frontend.words import MAX_NESTING, MAX_WORDS
from sglc.source import SourceFile, Span

MAX_BYTES = 1 << 20
_PLAUSIBLE = re.compile(rf"{DECLARATION.pattern}|[^\W\d]\w*[ \t]*=(?!=)")
"""A line that may begin a declaration."""

_LINE_START = re.compile(r"^[^\s)\]}#]", re.MULTILINE)
_BRACKET = re.compile(r"[()\[\]{}\"'#]")
_DECLARED = re.compile(
    r"^(?:(?:def|template|tool|type|enum|model|session)[ \t]+([^\W\d]\w*)|([^\W\d]\w*)[ \t]*=)", re.MULTILINE
)
_IMPORTED = re.compile(r"from\b.*?\bimport\b(.*)", re.DOTALL)


def parse(source: SourceFile) -> tuple[ast.Module, list[Diagnostic]]:
    """The file's tree and its syntax errors. Declarations with errors are left out, their names are in `broken`."""
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        error = syntax.FileTooLarge(source=source, span=Span(0, 1), size=size, limit=MAX_BYTES)
        return ast.Module(source, None, (), ()), [error]
    try:
        return _Parser(source).run()
    except LimitError as limit:
        return ast.Module(source, None, (), ()), [limit.diagnostic]


class _Parser:
    def __init__(self, source: SourceFile) -> None:
        self.source, self.text = source, source.text
        self.scan = scan(source)
        self.errors = Findings(source)
        for error in self.scan.errors:
            self.errors.append(error)
        self.unclear = {source.line_column(error.span.start)[0] for error in self.scan.errors if error.span}
        """Lines with mistakes in the strings themselves; what stands in their holes is guesswork."""
        self.strings: dict[int, ast.Str] = {}
        self.depths: dict[int, int] = {}
        self.style = IndentStyle()
        self.words = len(self.scan.strings)
        self.holes = Builder(source, self.strings, self.errors, in_hole=True)
        self.declarations = Builder(source, self.strings, self.errors, in_hole=False)
        self.outer: list[RawString] = []

    def run(self) -> tuple[ast.Module, list[Diagnostic]]:
        for start, raw in self.scan.strings.items():
            self._string(start, raw)
        self.outer = _outermost(self.scan.strings)
        decls: list[ast.Decl] = []
        broken: set[str] = set()
        doc: ast.Str | None = None
        stray = False
        """The declaration before was no declaration, or lacked its block: one error for all that follows in kind."""
        for chunk in self._chunks():
            if self.errors.full:
                broken |= _declared_names(self.text[chunk.start :])
                break
            if stray and not _PLAUSIBLE.match(self.text, chunk.start):
                continue
            parser = DeclarationParser(
                self._lexer(chunk, self.style),
                Automaton("declaration", self.declarations.methods, self.depths),
                self.errors,
                quiet_top=stray,
            )
            decl: ast.Decl | ast.Str | None = parser.run()
            self.words += parser.lexer.count
            stray = parser.stray
            if decl is None or self.errors.within(chunk):
                broken |= _declared_names(self.text[chunk.start : chunk.end])
            elif not isinstance(decl, ast.Str):
                decls.append(decl)
            elif doc is None and not decls and not broken:
                doc = decl
            else:
                self.errors.append(syntax.TopLevelStatement(source=self.source, span=decl.span))
        module = ast.Module(self.source, doc, tuple(decls), self.scan.comments, frozenset(broken))
        return module, self.errors.sorted()

    def _lexer(self, area: Span, style: IndentStyle | None) -> Lexer:
        return Lexer(self.source, self.scan.strings, self.errors, area, style, MAX_WORDS - self.words)

    # --- strings and holes, from the inside out ---

    def _string(self, start: int, raw: RawString) -> None:
        depth = 1
        contents: list[HoleContent | None] = []
        for hole in raw.holes:
            content, nested = self._hole(hole)
            contents.append(content)
            depth = max(depth, nested + 2)
        if depth > MAX_NESTING:
            self.errors.append(lexical.TooDeep(source=self.source, span=raw.holes[0], limit=MAX_NESTING))
            contents, depth = [], 1
        self.strings[start] = build_string(self.source, raw, contents, self.errors)
        self.depths[start] = depth

    def _hole(self, hole: Span) -> tuple[HoleContent | None, int]:
        """What stands in `{...}` and how deep it is; None after reporting an error."""
        inner = Span(hole.start + 1, hole.end - 1)
        if not self.text[inner.start : inner.end].strip():
            self.errors.append(lexical.EmptyHole(source=self.source, span=hole))
            return None, 0
        lexer = self._lexer(inner, None)
        automaton = Automaton("hole", self.holes.methods, self.depths)
        statement, last = None, None
        while True:
            token = lexer.next()
            if token.kind == "ERROR":
                break
            statement = statement or token
            kind = terminal(automaton, lexer, token, last)
            try:
                taken = automaton.feed(token, kind)
            except TooDeepError as error:
                self.errors.append(lexical.TooDeep(source=self.source, span=error.span, limit=MAX_NESTING))
                break
            if not taken:
                if not self.errors.full and self.source.line_column(token.start)[0] not in self.unclear:
                    self.errors.append(hints.explain(situation(automaton, lexer, token, kind, last, statement)))
                break
            if kind == "$END":
                self.words += lexer.count
                value, _, _, depth = automaton.items[-1]
                return value, depth
            last = token
        self.words += lexer.count
        return None, 0

    # --- declarations ---

    def _chunks(self) -> Iterator[Span]:
        """The declarations: each from a line at column 0 to the next such line; decorators go with what follows."""
        start, decorator, brackets = -1, False, _Brackets(self.text, self.scan.strings)
        for line in self._lines():
            if start < 0:
                first = self._first_word(line)
                if first < line:
                    yield Span(first, line)
            elif brackets.open_at(line) and not DECLARATION.match(self.text, line):
                continue
            elif decorator:
                decorator = self.text[line] == "@"
                continue
            else:
                yield Span(start, line)
            start, decorator = line, self.text[line] == "@"
            brackets.restart(line)
        start = self._first_word(len(self.text)) if start < 0 else start
        if start < len(self.text):
            yield Span(start, len(self.text))

    def _first_word(self, end: int) -> int:
        """Where the file's first word is when it stands before `end`, which is the first line at column 0."""
        return Lexer(self.source, self.scan.strings, Findings(self.source), Span(0, end)).next().start

    def _lines(self) -> Iterator[int]:
        """Offsets of the lines that begin at column 0 with a word, outside of strings."""
        strings = iter(self.outer)
        string = next(strings, None)
        for count, found in enumerate(_LINE_START.finditer(self.text)):
            line = found.start()
            if count > MAX_WORDS:
                raise too_many_words(self.source, line)
            while string is not None and string.span.end <= line:
                string = next(strings, None)
            if string is None or line <= string.span.start:
                yield line


class _Brackets:
    """Counts the brackets that are open from a place on, strings and comments left out."""

    def __init__(self, text: str, strings: dict[int, RawString]) -> None:
        self.text, self.strings = text, strings
        self.position, self.depth = 0, 0

    def restart(self, position: int) -> None:
        self.position, self.depth = position, 0

    def open_at(self, line: int) -> bool:
        """Whether a bracket is open in front of a line that is later than the last one asked about."""
        while found := _BRACKET.search(self.text, self.position, line):
            self.position = found.end()
            char = found.group()
            if char == "#":
                self.position = self.text.index("\n", self.position)
            elif char in "\"'":
                self.position = self._string_end(found.start())
            else:
                self.depth = max(0, self.depth + (1 if char in "([{" else -1))
        self.position = max(self.position, line)
        return self.depth > 0

    def _string_end(self, quote: int) -> int:
        for start in (quote, quote - 1, quote - 2):
            raw = self.strings.get(start)
            if raw is not None and quote < raw.inner.start:
                return raw.span.end
        return quote + 1


def _outermost(strings: dict[int, RawString]) -> list[RawString]:
    """Strings that stand in no other, in order."""
    found: list[RawString] = []
    for raw in sorted(strings.values(), key=lambda s: s.span.start):
        if not found or raw.span.start >= found[-1].span.end:
            found.append(raw)
    return found


def _declared_names(text: str) -> set[str]:
    """The names that a declaration with errors seems to declare."""
    if found := _IMPORTED.match(text):
        return set(re.findall(r"[^\W\d]\w*", found.group(1)))
    return {kind or constant for kind, constant in _DECLARED.findall(text)}
