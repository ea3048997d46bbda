"""Diagnostics 0xx, first half: characters, strings, holes, numbers, indentation. A class is a code with its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.source import SourceFile, Span


class UnexpectedCharacter(Diagnostic, frozen=True, kw_only=True):
    """A character that begins no word of the language.

    Wrong:
        def f(a: int) -> int:
            return a $ 2

    Right:
        def f(a: int) -> int:
            return a * 2
    """

    code = "SGL001"
    title = "unexpected character {shown}"
    label = "no word of the language begins with it"
    hint = "{help}"
    shown: str
    help: str = ""


class UnclosedString(Diagnostic, frozen=True, kw_only=True):
    """A string has no closing quote. A `"` string ends on its own line; text over several lines takes `\"\"\"`.

    Wrong:
        def f():
            "Hello

    Right:
        def f():
            "Hello"
    """

    code = "SGL003"
    title = "string is never closed"
    label = "opened here"
    hint = "close it with {quote}{help}"
    quote: str
    help: str = ""


def unclosed_string(source: SourceFile, span: Span, quote: str) -> UnclosedString:
    help_ = '; text over several lines stands between """ and """' if quote == '"' else ""
    return UnclosedString(source=source, span=span, quote=quote, help=help_)


class UnclosedHole(Diagnostic, frozen=True, kw_only=True):
    """A `{` in a string opens a hole, which lasts until its `}`. A literal brace is written twice.

    Wrong:
        def f(name: str):
            "Hello {name"

    Right:
        def f(name: str):
            "Hello {name}"
    """

    code = "SGL004"
    title = "hole is never closed"
    label = "opened here"
    hint = "close it with }}, or write {{{{ for a literal brace"


class StrayBrace(Diagnostic, frozen=True, kw_only=True):
    """A lone `}` in a string closes nothing. A literal brace is written twice.

    Wrong:
        def f():
            "a } b"

    Right:
        def f():
            "a }} b"
    """

    code = "SGL005"
    title = "`}}` closes no hole"
    label = "no hole is open here"
    hint = "write }}}} for a literal brace"


class SingleQuotes(Diagnostic, frozen=True, kw_only=True):
    """Strings take straight double quotes, so that prompts may hold apostrophes.

    Wrong:
        NAME = 'Ann'

    Right:
        NAME = "Ann"
    """

    code = "SGL006"
    title = "strings take straight double quotes"
    label = "{kind}"
    hint = 'write "..."'
    kind: str = "single quote"


_QUOTE_KINDS = {"'": "single quote", "\uff02": "full-width quote"}


def quote_kind(char: str) -> str:
    return _QUOTE_KINDS.get(char, "typographic quote")


def foreign_quotes(source: SourceFile, span: Span, char: str, width: int) -> SingleQuotes:
    """The diagnostic for a closed string in other quotes, with a fix when straight quotes keep its meaning."""
    inner = source.text[span.start + width : span.end - width]
    quote = '"' * width
    fix = None
    if not set(inner) & set('"\\{}'):
        fix = Fix("use double quotes", (Edit(span, f"{quote}{inner}{quote}"),))
    return SingleQuotes(source=source, span=span, kind=quote_kind(char) + "s", fix=fix)


class BadIndent(Diagnostic, frozen=True, kw_only=True):
    """A line's indentation matches no open block, so it is not clear to which block the line belongs.

    Wrong:
        def f(a: int) -> int:
                b = a
            return b

    Right:
        def f(a: int) -> int:
            b = a
            return b
    """

    code = "SGL008"
    title = "indentation matches no open block"
    label = "indented by {found}, open blocks by {open}"
    hint = "indent the line like the block that it belongs to"
    found: int
    open: str


def bad_indent(source: SourceFile, span: Span, found: int, opened: tuple[int, ...]) -> BadIndent:
    return BadIndent(source=source, span=span, found=found, open=" and ".join(map(str, opened)))


class TabIndent(Diagnostic, frozen=True, kw_only=True):
    """Indentation mixes tabs and blanks, so what lines up depends on the editor. A file uses one kind.

    Wrong:
        def f(a: int) -> int:
            b = a
        \treturn b

    Right:
        def f(a: int) -> int:
            b = a
            return b
    """

    code = "SGL009"
    title = "indentation mixes tabs and blanks"
    label = "earlier lines are indented with {usual} only"
    hint = "indent the whole file with blanks, four for each level"
    usual: str


class TooDeep(Diagnostic, frozen=True, kw_only=True):
    """Blocks, brackets, operators or holes nest deeper than any person writes; the limit keeps compilation bounded.

    Wrong:
        A = not not not not not not not not not not not not not not not not not not not not not not not not not not \
not not not not not not not not not not not not not not not not not not not not not not not not not not not not not \
not not not not not not not not not not not not not not not not not not not not not not not not not not not not not \
not not not not not not not not not not not not not not not not not not not not not not not not not not not not true

    Right:
        A = true
    """

    code = "SGL010"
    title = "nested deeper than {limit} levels"
    label = "too deep here"
    hint = "give the inner part a name of its own"
    limit: int


class UnclosedBracket(Diagnostic, frozen=True, kw_only=True):
    """A bracket has no partner.

    Wrong:
        A = [1, 2

    Right:
        A = [1, 2]
    """

    code = "SGL014"
    title = "{problem}"
    label = "no partner"
    hint = "{help}"
    problem: str
    help: str


PARTNERS = {"(": ")", "[": "]", "{": "}"}


def unclosed_bracket(source: SourceFile, span: Span, bracket: str) -> UnclosedBracket:
    help_ = f"close it with `{PARTNERS[bracket]}`"
    return UnclosedBracket(source=source, span=span, problem=f"`{bracket}` is never closed", help=help_)


def stray_bracket(source: SourceFile, span: Span, bracket: str, open_: tuple[Span, str] | None) -> UnclosedBracket:
    """A closing bracket that closes nothing, or not the bracket that is open (its place and text)."""
    if open_ is None:
        return UnclosedBracket(source=source, span=span, problem=f"`{bracket}` closes nothing", help="remove it")
    place, opening = open_
    line, column = source.line_column(place.start)
    where = f"line {line}, column {column}"
    help_ = f"write `{PARTNERS[opening]}`, which closes the `{opening}` in {where}"
    return UnclosedBracket(source=source, span=span, problem=f"`{bracket}` does not close `{opening}`", help=help_)


class EmptyHole(Diagnostic, frozen=True, kw_only=True):
    """A hole holds an expression or something to generate.

    Wrong:
        def f():
            "a {} b"

    Right:
        def f():
            "a {{}} b"
    """

    code = "SGL015"
    title = "empty hole"
    label = "nothing to insert"
    hint = "write an expression between the braces, or {{{{}}}} for literal braces"


class BadEscape(Diagnostic, frozen=True, kw_only=True):
    r"""A backslash in a string begins one of `\n \t \r \\ \" \0 \xHH \uHHHH \UHHHHHHHH`.

    Wrong:
        PATH = "C:\data"

    Right:
        PATH = "C:\\data"
    """

    code = "SGL016"
    title = "unknown escape `{escape}`"
    label = "not an escape of the language"
    hint = "{help}"
    escape: str
    help: str = ""


def bad_escape(source: SourceFile, span: Span) -> BadEscape:
    escape = source.text[span.start : span.end]
    help_ = 'write \\\\ for a backslash, or r"..." for text without escapes and holes'
    if escape[1:2] in ("{", "}"):
        help_ = f"write {escape[1] * 2} for a literal brace"
    elif escape[1:2] == "'":
        help_ = "an apostrophe needs no backslash"
    elif escape[1:2] in ("x", "u", "U"):
        help_ = "give all digits: \\xHH, \\uHHHH, or \\UHHHHHHHH up to 10FFFF, no surrogates"
    return BadEscape(source=source, span=span, escape=escape, help=help_)


class FormatSpec(Diagnostic, frozen=True, kw_only=True):
    """Holes take no format after a colon, `!` or `=`; round or convert in the expression.

    Wrong:
        def f(x: float):
            "{x:.2f}"

    Right:
        def f(x: float):
            "{round(x, 2)}"
    """

    code = "SGL017"
    title = "holes take no format"
    label = "remove this"
    hint = "use an expression such as {{round(x, 2)}}"


class NumberTooLarge(Diagnostic, frozen=True, kw_only=True):
    """Whole numbers have at most 18 digits, so that every tool that reads JSON agrees on them.

    Wrong:
        A = 1000000000000000000000

    Right:
        A = 100000000000000000
    """

    code = "SGL027"
    title = "number is too large"
    label = "more than 18 digits, or beyond a float"
    hint = "use a string for identifiers"


class BadNumber(Diagnostic, frozen=True, kw_only=True):
    """Numbers are written `12`, `1_000`, `0.5` or `1e-3`, durations with one unit: `200ms`, `5s`, `2m`, `1h`.

    Wrong:
        LIMIT = 5min

    Right:
        LIMIT = 5m
    """

    code = "SGL028"
    title = "`{number}` is neither a number nor a duration"
    hint = "{help}"
    number: str
    help: str


class LiteralBrace(Diagnostic, frozen=True, kw_only=True):
    """A `{` in a string opens a hole. Text with braces of its own, such as JSON, doubles them or is a raw string.

    Wrong:
        def f():
            "Answer as {"name": "Ann"}"

    Right:
        def f():
            r\"\"\"Answer as {"name": "Ann"}\"\"\"
    """

    code = "SGL030"
    title = "braces of the text are doubled"
    label = "read as a hole with an expression"
    hint = 'write {{{{ and }}}} for braces that are text, or r"""...""" for text without holes'


class AdjacentStrings(Diagnostic, frozen=True, kw_only=True):
    """Neighbouring strings are not joined: a second string is a description, where one may stand.

    Wrong:
        A = "a" "b" "c"

    Right:
        A = "a" + "b" + "c"
    """

    code = "SGL020"
    title = "neighbouring strings are not joined"
    label = "a second string"
    hint = "{help}"
    help: str = "write one string, or join with `+`"


class StringPrefix(Diagnostic, frozen=True, kw_only=True):
    """Strings have no letter in front, except `r` for text without escapes and holes, and `re` for a pattern.

    Wrong:
        A = f"one {1 + 1}"

    Right:
        A = "one {1 + 1}"
    """

    code = "SGL034"
    title = "`{prefix}` is no prefix of strings"
    label = "{help}"
    prefix: str
    help: str


def string_prefix(source: SourceFile, span: Span, meant: str) -> StringPrefix:
    help_ = f"write `{meant}`" if meant else "leave it out: any string may hold holes"
    fix = Fix(f"write `{meant}`" if meant else "remove it", (Edit(span, meant),))
    return StringPrefix(source=source, span=span, prefix=source.text[span.start : span.end], help=help_, fix=fix)


class TooManyWords(Diagnostic, frozen=True, kw_only=True):
    """A program has at most 60,000 words, signs, strings and holes, so that every program compiles at once.

    No example: a program of this size does not fit a page."""

    code = "SGL033"
    title = "program has more than {limit:,} words and signs"
    label = "the first one too many"
    hint = "keep programs small, and pass lists and tables as arguments"
    limit: int


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    UnexpectedCharacter, UnclosedString, UnclosedHole, StrayBrace, SingleQuotes, BadIndent, TabIndent, TooDeep, EmptyHole,
    UnclosedBracket, BadEscape, FormatSpec, NumberTooLarge, BadNumber, LiteralBrace, AdjacentStrings, TooManyWords, StringPrefix,
)  # fmt: skip
