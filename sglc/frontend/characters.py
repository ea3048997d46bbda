"""Characters that begin no token: what to say about each, and what the lexer goes on as if had been written."""

from __future__ import annotations

import re
import unicodedata

import msgspec

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend.errors import lexical as e
from sglc.source import SourceFile, Span

_FOREIGN_SIGNS = "，：（）［］｛｝＝＋－＊／％｜？＠＜＞．。、＃【】《》–—−×÷"
_ASCII = dict(zip(_FOREIGN_SIGNS, ",:()[]{}=+-*/%|?@<>..,#[]<>---*/", strict=True))
_BLANKS = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\f\v\x1c-\x1f\x85"
_INVISIBLE = "\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069"
_RUN = re.compile(f"[{_BLANKS}]+|[{_INVISIBLE}]+|[\\0-\\x08\\x0e-\\x1b\\x7f]+|[^\\w\\s\\0-~]+|.", re.DOTALL)
_LINE_ENDS = re.compile(r"[ \t]*(?:#|\r?\n|\Z)")
_NUMBER = re.compile(r"[0-9][\w.]*")
_HELP = {
    "$": "in a prompt `$` is text and belongs into the string; a tool reads the environment with {env.NAME}",
    "&": "write `and`",
    "!": "write `not`, or `!=`",
    "；": "put each statement on a line of its own",
    ";": "put each statement on a line of its own",
    "`": 'strings take double quotes: "..."',
    "~": "write `not`",
    "^": "write `**` as repeated `*`; there are no bit operators",
    "\\": "put the expression into brackets to go on in the next line",
    "\r": "save the file with LF or CRLF line ends",
}


class Irregular(msgspec.Struct, frozen=True):
    """A finding about `[start, end)`; the lexer continues as with `text` (None: the line cannot go on)."""

    error: Diagnostic
    end: int
    text: str | None


_NUMBERS = "write digits as in 12, 1_000, 0.5, 1e-3, or a duration as in 200ms, 5s, 2m, 1h; names begin with a letter"


def explain(source: SourceFile, start: int, in_hole: bool) -> Irregular:
    """What is wrong with the character at `start`."""
    text = source.text
    char = text[start]
    if number := _NUMBER.match(text, start):
        span, help_ = Span(start, number.end()), _NUMBERS
        low, dots, high = number.group().partition("..")
        if dots and low.isdigit() and high.isdigit():
            help_ = f"write range({low}, {high}) in a `for`; a case takes single values, joined with `|`"
        found = e.BadNumber(source=source, span=span, number=number.group(), help=help_)
        return Irregular(found, span.end, "0")
    if in_hole and char == "!":
        return Irregular(e.FormatSpec(source=source, span=Span(start, start + 1)), start + 1, None)
    run = _RUN.match(text, start)
    end = run.end() if run else start + 1
    if char in _ASCII:
        sign = _ASCII[char]
        span = Span(start, start + 1)
        fix = Fix(f"write `{sign}`", (Edit(span, sign),))
        help_ = f"write `{sign}` (ASCII) instead of `{char}`"
        return Irregular(_unexpected(source, span, help_, fix), span.end, sign if sign != "#" else None)
    span = Span(start, end)
    if re.match(f"[{_BLANKS}]", char):
        fix = Fix("write a blank", (Edit(span, " "),))
        return Irregular(_unexpected(source, span, "write an ordinary blank", fix), end, "")
    if re.match(f"[{_INVISIBLE}]", char):
        fix = Fix("remove it", (Edit(span, ""),))
        return Irregular(_unexpected(source, span, "remove this invisible character", fix), end, "")
    if char == "\r":
        return Irregular(_unexpected(source, span, _HELP[char]), end, "")
    if char in ";；" and _LINE_ENDS.match(text, start + 1):
        fix = Fix("remove `;`", (Edit(span, ""),))
        return Irregular(_unexpected(source, span, "remove it; a statement ends with its line", fix), end, "")
    if unicodedata.combining(char):
        return Irregular(bad_name(source, span), end, None)
    help_ = _HELP.get(char, "put text for the model into quotes" if ord(char) > 127 else "")
    return Irregular(_unexpected(source, span, help_), end, None)


def bad_name(source: SourceFile, span: Span) -> Diagnostic:
    """A word that Unicode does not count as an identifier (`x²`)."""
    return _unexpected(source, span, "names hold letters, digits and `_`")


def _unexpected(source: SourceFile, span: Span, help_: str, fix: Fix | None = None) -> Diagnostic:
    shown = _shown(source.text[span.start : span.end])
    return e.UnexpectedCharacter(source=source, span=span, shown=shown, help=help_, fix=fix)


def _shown(run: str) -> str:
    char = run[0]
    if char.isprintable() and not unicodedata.combining(char):
        return f"`{run[:10]}`"
    name = unicodedata.name(char, "").lower() or {"\0": "null", "\r": "carriage return"}.get(char, "control character")
    return f"U+{ord(char):04X} ({name})"
