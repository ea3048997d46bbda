"""Where strings, holes and comments are, also when a quote or brace is missing."""

from __future__ import annotations

import pytest

from sglc.frontend.scanner import scan
from sglc.source import SourceFile, Span


def strings(text: str) -> list[str]:
    """The strings of a text as written, inner ones first."""
    return [text[raw.span.start : raw.span.end] for raw in scan(SourceFile("s.sgl", text)).strings.values()]


def codes(text: str) -> list[str]:
    return [error.code for error in scan(SourceFile("s.sgl", text)).errors]


def test_strings_stand_in_closing_order() -> None:
    assert strings('a = "x {f("y {g("z")}")} w"') == ['"z"', '"y {g("z")}"', '"x {f("y {g("z")}")} w"']


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"a"', ['"a"']),
        ('""', ['""']),
        ('"" ""', ['""', '""']),
        ('""""""', ['""""""']),
        ('"""a"b""c"""', ['"""a"b""c"""']),
        ('"""a""""', ['"""a""""']),
        (r'"a\"b"', [r'"a\"b"']),
        (r'r"\d" re"\w" r"\""', [r'r"\d"', r're"\w"', r'r"\""']),
        ('r"{x" "y"', ['r"{x"', '"y"']),
        ('xr"a"', ['"a"']),
        ('"{{x}}"', ['"{{x}}"']),
        ('"{ {"a": 1} }"', ['"a"', '"{ {"a": 1} }"']),
        ('"{\nx\n}"', ['"{\nx\n}"']),
        ('"{r"}"}"', ['r"}"', '"{r"}"}"']),
        ('"{"""x"""}"', ['"""x"""', '"{"""x"""}"']),
        ('"""\n{f("a")}\n"""', ['"a"', '"""\n{f("a")}\n"""']),
        ('# "no string"\n"a"', ['"a"']),
        ('"# no comment"', ['"# no comment"']),
        (r'"\\"', [r'"\\"']),
    ],
)
def test_well_formed(text: str, found: list[str]) -> None:
    assert strings(text) == found
    assert not codes(text)


def test_holes() -> None:
    text = '"a {b} c { {"k": 1} } {{d}}"'
    (outer,) = (raw for raw in scan(SourceFile("s.sgl", text)).strings.values() if raw.holes)
    assert [text[hole.start : hole.end] for hole in outer.holes] == ["{b}", '{ {"k": 1} }']


def test_comments() -> None:
    text = 'a = 1  # one\n  # two\n"# text {b # in a hole\n}"\r\n# three  \r\n'
    comments = scan(SourceFile("s.sgl", text)).comments
    assert [(c.text, c.own_line) for c in comments] == [
        ("# one", False),
        ("# two", True),
        ("# in a hole", False),
        ("# three", True),
    ]
    assert comments[0].span == Span(7, 12)


@pytest.mark.parametrize(
    ("text", "errors", "found"),
    [
        ('a = "x\nb = "y"', ["SGL003"], ['"x', '"y"']),
        ('a = "x\r\nb = "y"', ["SGL003"], ['"x', '"y"']),
        ('a = "x', ["SGL003"], ['"x']),
        ('"a {b"\n"c"', ["SGL004"], ['"a {b"', '"c"']),
        ('"a {b\n"c"', ["SGL004"], ['"a {b', '"c"']),
        ('"a {b" and "c"\nd', ["SGL004"], ['"a {b" and "c"']),
        ('"a {b\nreturn "c"', ["SGL004"], ['"a {b', '"c"']),
        ('"a {b\ndef f(): "c"', ["SGL004"], ['"a {b', '"c"']),
        ('"""a {b\n"""\n"c"', ["SGL004"], ['"""a {b\n"""', '"c"']),
        ('"""a {f("b)}\n"""\n"c"', ["SGL003"], ['"b)', '"""a {f("b)}\n"""', '"c"']),
        ('"""a\n\ndef f(): "c"', ["SGL003"], ['"""a\n', '"c"']),
        ('"""a\n\ndef f(): """c"""', ["SGL003"], ['"""a\n', '"""c"""']),
        ('"""a\n\nno more', ["SGL003"], ['"""a\n\nno more']),
        ('"a } b"', ["SGL005"], ['"a } b"']),
        ("'a' 'b", ["SGL006", "SGL006"], ["'a'"]),
        ("'''a\nb''' \"c\"", ["SGL006"], ["'''a\nb'''", '"c"']),
        ("“a” ‘b’", ["SGL006", "SGL006"], ["“a”", "‘b’"]),
        ('f"a" Rb"b" RE"c"', ["SGL034", "SGL034", "SGL034"], ['f"a"', 'Rb"b"', 'RE"c"']),
    ],
)
def test_mistakes(text: str, errors: list[str], found: list[str]) -> None:
    assert codes(text) == errors
    assert strings(text) == found


def test_no_mistake_is_reported_twice() -> None:
    text = '"' + "{".join("abcdefgh") + '\n"fine"\n'
    assert codes(text) == ["SGL004"]
    assert strings(text)[-1] == '"fine"'
