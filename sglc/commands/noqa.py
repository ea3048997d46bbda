"""`# noqa` comments: reading them, silencing findings with them, and finding those that silence nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from sglc.commands.errors import BadNoqa, UnusedNoqa
from sglc.commands.findings import Finding, Sources, to_finding
from sglc.diagnostics import Edit, Fix
from sglc.source import SourceFile, Span

_NOQA = re.compile(r"#[ \t]*noqa\b(?P<colon>[ \t]*:)?(?P<rest>[^#]*)", re.IGNORECASE)
_CODE = re.compile(r"SGL\d{3}(?!\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\s,]+")


class Directive(msgspec.Struct, frozen=True, array_like=True):
    """One `# noqa`: its place, the lines that it covers, its codes (None: all), and what in it is no code."""

    path: str
    span: Span
    first_line: int
    last_line: int
    codes: tuple[str, ...] | None
    bad: Span | None = None

    def covers(self, code: str, line: int) -> bool:
        wanted = self.bad is None and (self.codes is None or code in self.codes)
        return wanted and self.first_line <= line <= self.last_line


def read_directives(source: SourceFile) -> tuple[Directive, ...]:
    """All `# noqa` comments of a program. One behind the end of a text block covers all lines of the block."""
    if not re.search("noqa", source.text, re.IGNORECASE):
        return ()
    from sglc.frontend.scanner import LimitError, scan

    try:
        scanned = scan(source)
    except LimitError:
        return ()
    first_lines: dict[int, int] = {}
    for string in scanned.strings.values():
        first, last = source.line_column(string.span.start)[0], source.line_column(string.span.end)[0]
        first_lines[last] = min(first, first_lines.get(last, last))
    found = []
    for comment in scanned.comments:
        for match in _NOQA.finditer(source.text, comment.span.start, comment.span.end):
            line = source.line_column(match.start())[0]
            found.append(_directive(source, match, first_lines.get(line, line), line))
    return tuple(found)


def _directive(source: SourceFile, match: re.Match[str], first_line: int, last_line: int) -> Directive:
    codes, end, bad = _codes(match)
    return Directive(source.path, Span(match.start(), end), first_line, last_line, codes, bad)


def _codes(match: re.Match[str]) -> tuple[tuple[str, ...] | None, int, Span | None]:
    """The codes, where the directive ends (what follows is an explanation), and what should have been a code."""
    start, end = match.span("rest")
    if match["colon"] is None:
        # Without its colon a list of codes would silence everything on the line, which is not what was meant.
        word = _CODE.match(match.string, start + len(match["rest"]) - len(match["rest"].lstrip()), end)
        return None, start, Span(*word.span()) if word else None
    codes: list[str] = []
    position, wanted = start, True
    for word in _WORD.finditer(match.string, start, end):
        code = _CODE.fullmatch(word[0])
        wanted = wanted or "," in match.string[position : word.start()]
        if code is None and wanted:
            return (), word.end(), Span(*word.span())
        if code is None:
            break
        codes.append(word[0].upper())
        position, wanted = word.end(), False
    if not codes:
        return (), match.end("colon"), Span(match.start(), match.end("colon"))
    return tuple(codes), position, None


def apply_noqa(
    findings: Iterable[Finding], directives: Sequence[Directive], sources: Sources, checked: frozenset[str]
) -> list[Finding]:
    """Findings without those that a comment silences, with one for each comment that makes no sense.

    Unused comments are reported in the `checked` files only: those whose rules have all run.
    """
    by_file: dict[str, list[Directive]] = {}
    for directive in directives:
        by_file.setdefault(directive.path, []).append(directive)
    used: set[tuple[Directive, str]] = set()
    kept = []
    for finding in findings:
        silencing = None
        if finding.path in by_file and finding.span is not None and not finding.is_error:
            line = sources.get(finding.path).line_column(finding.span.start)[0]
            silencing = next((d for d in by_file[finding.path] if d.covers(finding.code, line)), None)
        if silencing is None:
            kept.append(finding)
        else:
            used.add((silencing, finding.code))
    for directive in directives:
        if directive.path in checked:
            kept += _complaint(directive, used, sources.get(directive.path))
    return kept


def _complaint(directive: Directive, used: set[tuple[Directive, str]], source: SourceFile) -> list[Finding]:
    if directive.bad is not None:
        found = source.text[directive.bad.start : directive.bad.end]
        problem, hint = f"`{found}` is not a code", "write `# noqa: SGL302`, or `# noqa` for all codes"
        if _CODE.fullmatch(found):
            problem, hint = "a colon is missing before the codes", f"write `# noqa: {found.upper()}`"
        elif found.startswith("#"):
            problem = f"no codes behind `{found}`"
        return [to_finding(BadNoqa(source=source, span=directive.bad, problem=problem, help=hint))]
    if directive.codes is None:
        if any(d == directive for d, _ in used):
            return []
        return [_unused(directive, source, unused=(), left=())]
    left = tuple(code for code in dict.fromkeys(directive.codes) if (directive, code) in used)
    unused = tuple(code for code in dict.fromkeys(directive.codes) if code not in left)
    return [_unused(directive, source, unused, left)] if unused else []


def _unused(directive: Directive, source: SourceFile, unused: tuple[str, ...], left: tuple[str, ...]) -> Finding:
    codes = ": " + ", ".join(unused) if unused else ""
    if left:
        fix = Fix("remove the unused codes", (Edit(directive.span, f"# noqa: {', '.join(left)}"),))
    else:
        fix = Fix("remove the comment", (Edit(_with_blanks(directive.span, source), ""),))
    return to_finding(UnusedNoqa(source=source, span=directive.span, codes=codes, help=fix.title, fix=fix))


def _with_blanks(span: Span, source: SourceFile) -> Span:
    """The comment with the blanks before it; with its line when nothing else is on it; with its explanation."""
    text = source.text
    line = source.line_column(span.start)[0]
    line_start = source.line_start(line)
    line_end = line_start + len(source.line_text(line))
    next_comment = text.find("#", span.end, line_end)
    end = next_comment if next_comment >= 0 else line_end
    start = span.start
    while next_comment < 0 and start > line_start and text[start - 1] in " \t":
        start -= 1
    if start == line_start and end == line_end and line < source.line_count:
        return Span(line_start, source.line_start(line + 1))
    return Span(start, end)
