"""A scanned string -> its node: text with escapes decoded and blocks dedented, between its parsed holes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.errors import lexical as e
from sglc.frontend.findings import Findings
from sglc.frontend.scanner import RawString
from sglc.source import SourceFile, Span

HoleContent: TypeAlias = ast.Gen | ast.Select | ast.ModelCall | ast.Expr

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.|$)|\{\{|\}\}", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "0": "\0", "\n": ""}
_BLANKS = " \t\n"


class Run:
    """A stretch of text on one line: where it is in the file, and whether a line begins with it."""

    __slots__ = ("line_start", "offset", "text")

    def __init__(self, offset: int, text: str, line_start: bool) -> None:
        self.offset, self.text, self.line_start = offset, text, line_start


def build_string(
    source: SourceFile, raw: RawString, contents: Sequence[HoleContent | None], errors: Findings
) -> ast.Str:
    """The string's node. `contents` are those of its holes, None where one has an error."""
    spans = text_spans(raw)
    pieces = [_runs(source.text, span, raw.block) for span in spans]
    if raw.block:
        _dedent(pieces)
    parts: list[ast.Text | ast.Hole] = []
    for index, (span, runs) in enumerate(zip(spans, pieces, strict=True)):
        text = "".join(run.text for run in runs)
        if not raw.prefix and ("\\" in text or "{" in text or "}" in text):
            text = _decode(source, text, runs, errors)
        if text:
            parts.append(ast.Text(span, text))
        content = contents[index] if index < len(contents) else None
        if content is not None:
            parts.append(ast.Hole(raw.holes[index], content))
    return ast.Str(raw.span, tuple(parts), raw.prefix, raw.block)


class BlockText(msgspec.Struct, frozen=True):
    """A block's dedented lines, a list for each stretch between holes."""

    pieces: list[list[Run]]
    opens_alone: bool
    """Nothing stands behind the opening quotes on their line."""
    closes_alone: bool
    """Nothing stands in front of the closing quotes on their line."""


def block_text(text: str, raw: RawString) -> BlockText:
    """What the formatter writes anew, at another indentation."""
    pieces = [_runs(text, span, raw.block) for span in text_spans(raw)]
    opens, closes = _dedent(pieces)
    return BlockText(pieces, opens, closes)


def text_spans(raw: RawString) -> list[Span]:
    """The stretches between the holes, one more than there are holes."""
    cuts = [raw.inner.start]
    for hole in raw.holes:
        cuts += [hole.start, hole.end]
    cuts.append(raw.inner.end)
    return [Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=True)]


def _runs(text: str, span: Span, block: bool) -> list[Run]:
    """A stretch as lines, each with its end as LF."""
    if not block:
        return [Run(span.start, text[span.start : span.end], line_start=False)]
    runs, start = [], span.start
    while (newline := text.find("\n", start, span.end)) >= 0:
        line = text[start:newline].removesuffix("\r") + "\n"
        runs.append(Run(start, line, line_start=start > span.start))
        start = newline + 1
    return [*runs, Run(start, text[start : span.end], line_start=start > span.start)]


def _dedent(pieces: list[list[Run]]) -> tuple[bool, bool]:
    """Drop the first newline, the last one, and the indentation that all lines share, the closing one's included.

    Only the text's own lines count; lines inside a hole are code. Returns whether there was a first and a last newline.
    """
    first, last = pieces[0], pieces[-1]
    opens_alone = len(first) > 1 and not first[0].text.strip(_BLANKS)
    if opens_alone:
        del first[0]
    indents = [_leading(run.text) for run in _lines(pieces)]
    closing = last[-1]
    closes_alone = closing.line_start and not closing.text.strip(_BLANKS)
    if closes_alone:
        indents.append(closing.text)
        last.pop()
        if last:
            last[-1].text = last[-1].text.removesuffix("\n")
    common = _common_prefix(indents)
    for run in (run for runs in pieces for run in runs if run.line_start):
        cut = len(common) if run.text.startswith(common) else len(_leading(run.text))
        run.text, run.offset = run.text[cut:], run.offset + cut
    return opens_alone, closes_alone


def _lines(pieces: list[list[Run]]) -> list[Run]:
    """Runs that begin a line which holds more than blanks (a hole counts as more)."""
    return [
        run
        for runs in pieces
        for run in runs
        if run.line_start and (run.text.strip(_BLANKS) or (run is runs[-1] and runs is not pieces[-1]))
    ]


def _leading(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _common_prefix(indents: list[str]) -> str:
    if not indents:
        return ""
    low, high = min(indents), max(indents)
    length = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
    return low[:length]


def _decode(source: SourceFile, text: str, runs: list[Run], errors: Findings) -> str:
    """Escapes and doubled braces."""

    def replace(match: re.Match[str]) -> str:
        body = match.group(1)
        if body is None:
            return match.group()[0]
        if body in _SIMPLE:
            return _SIMPLE[body]
        if len(body) > 1:
            code = int(body[1:], 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
        if not errors.full:
            start = _offset(runs, match.start())
            errors.append(_bad_escape(source, start, len(match.group())))
        return ""

    return _ESCAPE.sub(replace, text)


def _bad_escape(source: SourceFile, start: int, length: int) -> Diagnostic:
    return e.bad_escape(source, Span(start, start + length))


def _offset(runs: list[Run], position: int) -> int:
    """The place in the file of a place in the runs' text."""
    for run in runs:
        if position < len(run.text):
            return run.offset + position
        position -= len(run.text)
    return runs[-1].offset + len(runs[-1].text)
