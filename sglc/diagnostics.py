"""What sglc tells its user: a diagnostic is data (code, place, facts); this file alone turns it into text or JSON."""

from __future__ import annotations

import heapq
import string
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Literal

import msgspec

from sglc.source import SourceFile, Span

Severity = Literal["error", "warning"]
TAB_WIDTH = 4
_COMPARED = 12


class Edit(msgspec.Struct, frozen=True):
    """Replace the text of `span` by `text`; an empty span inserts."""

    span: Span
    text: str


class Fix(msgspec.Struct, frozen=True):
    """A change that removes a finding. `safe` says that it keeps what the program does; only such are applied unasked."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Related(msgspec.Struct, frozen=True):
    """A second place that explains the first."""

    source: SourceFile
    span: Span
    label: str


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. A subclass is one code: it sets the class variables and declares the facts that they name in braces.

    The docstring of a subclass is the page that `sglc rule CODE` prints: what it means and why it matters, then
    the sections `Wrong:` and `Right:` with a program each.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    label: ClassVar[str] = ""
    hint: ClassVar[str] = ""
    severity: ClassVar[Severity] = "error"

    source: SourceFile | None = None
    span: Span | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None

    def _facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__struct_fields__}

    @property
    def message(self) -> str:
        return _fill(self.title, self._facts())

    @property
    def label_text(self) -> str:
        return _fill(self.label, self._facts())

    @property
    def hint_text(self) -> str:
        """The instruction that helps; a subclass overrides it where the facts decide the wording."""
        return _fill(self.hint, self._facts())

    @property
    def path(self) -> str:
        return self.source.path if self.source else ""

    def sort_key(self) -> tuple[str, int, int, str]:
        return (self.path, self.span.start if self.span else -1, self.span.end if self.span else -1, self.code)


class SglError(Exception):
    """Compilation or a command failed with diagnostics that the user can act on."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(f"{d.code}: {d.message}" for d in self.diagnostics[:3]))

    def __reduce__(self) -> tuple[type[SglError], tuple[tuple[Diagnostic, ...]]]:
        """Exceptions are pickled with their message alone, but other processes need the diagnostics."""
        return type(self), (self.diagnostics,)


class InternalError(Exception):
    """A bug in sglc, never the user's mistake."""


def _fill(template: str, facts: dict[str, Any]) -> str:
    return string.Formatter().vformat(template, (), facts) if "{" in template or "}" in template else template


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a person most likely meant, or None when nothing is close (Damerau-Levenshtein distance).

    Of very many candidates only those are compared whose letters agree best, so that a file of a thousand unknown
    names is told of as quickly as one.
    """
    limit = max(1, (len(name) + 1) // 3)
    name = name.lower()
    letters = _letters(name)

    def differing(candidate: str) -> int:
        return (_letters(candidate.lower()) ^ letters).bit_count()

    # One edit adds, drops or replaces one letter: two bits at most.
    likely = [c for c in candidates if abs(len(c) - len(name)) <= limit and differing(c) <= 2 * limit]
    if len(likely) > _COMPARED:
        likely = heapq.nsmallest(_COMPARED, likely, key=differing)
    best = min(((_distance(name, c.lower(), limit), abs(len(c) - len(name)), c) for c in likely), default=None)
    return best[2] if best and best[0] <= limit else None


@lru_cache(maxsize=8192)
def _letters(name: str) -> int:
    """The letters of a name as a set of bits."""
    bits = 0
    for char in name:
        bits |= 1 << ord(char) % 64
    return bits


def _distance(a: str, b: str, limit: int) -> int:
    """Optimal string alignment distance; anything over `limit` is returned as limit + 1."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        after = [i]
        for j, y in enumerate(b, 1):
            cost = min(row[j] + 1, after[j - 1] + 1, row[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            after.append(cost)
        before, row = row, after
    return min(row[-1], limit + 1)


# --- text ------------------------------------------------------------------------------------------------------------


def display_width(text: str) -> int:
    """Terminal cells that text takes as it is shown: wide characters two, combining marks none, a tab TAB_WIDTH."""
    return sum(_cells(c) for c in _shown(text))


def _shown(text: str) -> str:
    """Text for a terminal: tabs as blanks, each character that does not print as one blank."""
    text = text.replace("\t", " " * TAB_WIDTH)
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def render_text(diagnostics: Iterable[Diagnostic]) -> str:
    """All diagnostics as a person reads them: header, place, source line with the span marked, hint."""
    return "\n".join(_render_one(d) for d in diagnostics)


def _render_one(d: Diagnostic) -> str:
    lines = [f"{d.severity}[{d.code}]: {_shown(d.message)}"]
    if d.source is not None and d.span is not None:
        lines += _snippet(d.source, d.span, d.label_text, mark="^")
    for related in d.related:
        lines += _snippet(related.source, related.span, related.label, mark="-")
    gutter = " " * (_gutter(d) + 1)
    if d.hint_text and not (d.fix is not None and d.fix.title == d.hint_text):
        lines.append(f"{gutter}= hint: {d.hint_text}")
    if d.fix is not None:
        lines.append(f"{gutter}= {'fix' if d.fix.safe else 'fix (unsafe)'}: {d.fix.title}")
    return "\n".join(lines) + "\n"


def _gutter(d: Diagnostic) -> int:
    return len(str(d.source.line_column(d.span.start)[0])) if d.source and d.span else 1


def _snippet(source: SourceFile, span: Span, label: str, mark: str) -> list[str]:
    line, column = source.line_column(span.start)
    end_line, end_column = source.line_column(span.end)
    text = source.line_text(line)
    stop = end_column - 1 if end_line == line else len(text)
    before, marked = text[: column - 1], text[column - 1 : stop]
    width = max(1, display_width(marked))
    gutter = " " * len(str(line))
    shown = _shown(text)
    # A very long line (a minified schema, say) is shown around the mark only.
    offset = display_width(before)
    if len(shown) > 160:
        cut = max(0, len(before) - 60)
        offset = display_width(before[cut:]) + (3 if cut else 0)
        shown = ("..." if cut else "") + _shown(text[cut : cut + 150]) + "..."
        width = min(width, 80)
    pointer = f"{' ' * offset}{mark * width}{' ' + label if label else ''}"
    return [
        f"{gutter} --> {source.path}:{line}:{column}",
        f"{gutter} |",
        f"{line} | {shown}",
        f"{gutter} | {pointer}".rstrip(),
    ]


# --- JSON, GitHub, SARIF ---------------------------------------------------------------------------------------------


def to_dict(d: Diagnostic) -> dict[str, Any]:
    """The JSON form; positions count from 1 in code points, the end is exclusive."""
    out: dict[str, Any] = {"file": d.path, "code": d.code, "severity": d.severity, "message": d.message}
    if d.source and d.span:
        out["line"], out["column"] = d.source.line_column(d.span.start)
        out["end_line"], out["end_column"] = d.source.line_column(d.span.end)
    for key, value in (("label", d.label_text), ("hint", d.hint_text)):
        if value:
            out[key] = value
    if d.fix:
        out["fix"] = {"title": d.fix.title, "safe": d.fix.safe}
    return out


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    return msgspec.json.format(msgspec.json.encode([to_dict(d) for d in diagnostics]), indent=2).decode()


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands that GitHub shows as annotations on the changed lines."""
    out = []
    for item in map(to_dict, diagnostics):
        keys = {"file": "file", "line": "line", "col": "column", "endLine": "end_line", "endColumn": "end_column"}
        props = [f"{k}={_escape_property(item[v])}" for k, v in keys.items() if v in item]
        text = item["message"] + (f": {item['label']}" if "label" in item else "")
        text += f"\nhint: {item['hint']}" if "hint" in item else ""
        out.append(f"::{item['severity']} {','.join([*props, 'title=' + item['code']])}::{_escape_message(text)}")
    return "\n".join(out)


def _escape_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(value: object) -> str:
    return _escape_message(str(value)).replace(":", "%3A").replace(",", "%2C")


def render_sarif(diagnostics: Iterable[Diagnostic], version: str) -> str:
    """SARIF 2.1.0 (OASIS), columns in code points."""
    items = [(d, to_dict(d)) for d in diagnostics]
    titles = {d.code: type(d).title for d, _ in items}
    results = []
    for d, item in items:
        result: dict[str, Any] = {
            "ruleId": d.code,
            "level": d.severity,
            "message": {"text": item["message"] + (f" ({item['hint']})" if "hint" in item else "")},
        }
        if "line" in item:
            region = {
                "startLine": item["line"],
                "startColumn": item["column"],
                "endLine": item["end_line"],
                "endColumn": item["end_column"],
            }
            place = {"artifactLocation": {"uri": d.path.replace("\\", "/")}, "region": region}
            result["locations"] = [{"physicalLocation": place}]
        results.append(result)
    rules = [{"id": code, "shortDescription": {"text": titles[code]}} for code in sorted(titles)]
    driver = {"name": "sglc", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    document = {"$schema": schema, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
