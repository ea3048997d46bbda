"""Escapes, doubled braces, raw text and the dedenting of text blocks."""

from __future__ import annotations

import pytest

from sglc.frontend import ast
from sglc.frontend.parser import parse
from sglc.source import SourceFile


def value(literal: str) -> ast.Str:
    module, errors = parse(SourceFile("s.sgl", f"A = {literal}\n"))
    assert not errors
    (decl,) = module.decls
    assert isinstance(decl, ast.ConstDecl)
    assert isinstance(decl.value, ast.Str)
    return decl.value


def texts(literal: str) -> list[str]:
    """The text parts, a hole as `...`."""
    return [part.text if isinstance(part, ast.Text) else "..." for part in value(literal).parts]


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (r'"a\nb\tc\rd\\e\"f\0g"', 'a\nb\tc\rd\\e"f\0g'),
        (r'"\x41\u00e9\U0001F600"', "Aé😀"),
        ('"{{a}}"', "{a}"),
        ('"$ % {{}}"', "$ % {}"),
        (r'r"\d{2}\n"', r"\d{2}\n"),
        (r'r"\""', r"\""),
        ('""', ""),
        ('"it\'s"', "it's"),
    ],
)
def test_one_line(literal: str, text: str) -> None:
    assert (value(literal).constant or "") == text


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ('"""a"""', "a"),
        ('"""\na\n"""', "a"),
        ('"""\n    a\n    b\n    """', "a\nb"),
        ('"""\n    a\n      b\n    """', "a\n  b"),
        ('"""\n    a\n      b\n  """', "  a\n    b"),
        ('"""\n    a\n\n    b\n    """', "a\n\nb"),
        ('"""\n    a\n  \n    b\n    """', "a\n\nb"),
        ('"""\n    a\n      \n    b\n    """', "a\n  \nb"),
        ('"""a\n    b\n    c"""', "a\nb\nc"),
        ('"""\n    a\n    b"""', "a\nb"),
        ('"""\n\n    a\n\n    """', "\na\n"),
        ('"""\n"""', ""),
        ('"""\n\n"""', ""),
        ('"""   \n    a\n    """', "a"),
        ('"""\n\ta\n\t\tb\n\t"""', "a\n\tb"),
        ('"""\n    a  \n    """', "a  "),
        ('"""\r\n    a\r\n    b\r\n    """', "a\nb"),
        ('"""\n    a\\\n    b\n    """', "ab"),
        ('"""\n    \\n{{a}}\n    """', "\n{a}"),
        ('r"""\n    \\n{{a}}\n    """', "\\n{{a}}"),
        ('"""a "quoted" word"""', 'a "quoted" word'),
        ('""" a""""', ' a"'),
    ],
)
def test_blocks(literal: str, text: str) -> None:
    assert (value(literal).constant or "") == text


@pytest.mark.parametrize(
    ("literal", "parts"),
    [
        ('"a {b} c"', ["a ", "...", " c"]),
        ('"{b}{c}"', ["...", "..."]),
        ('"""\n    {b}\n    c\n    """', ["...", "\nc"]),
        ('"""\n    a\n  {b}\n    """', ["  a\n", "..."]),
        ('"""\n    a {b(\n c)} d\n    e\n    """', ["a ", "...", " d\ne"]),
        ('"a {"b {c}"}"', ["a ", "..."]),
        ('"{\n  b\n}"', ["..."]),
        ('"{b # why\n}"', ["..."]),
    ],
)
def test_parts(literal: str, parts: list[str]) -> None:
    assert [part for part in texts(literal) if part] == parts


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('A = "a\\q"', 1, 7),
        ('A = """\n    ok \\n\n    a \\q\n    """', 3, 7),
        ('A = """\r\n    ok \\n\r\n    a \\q\r\n    """', 3, 7),
        ('A = "\\n {1} \\q"', 1, 13),
        ('A = "名\\q"', 1, 7),
    ],
)
def test_bad_escape_is_where_it_stands(text: str, line: int, column: int) -> None:
    source = SourceFile("s.sgl", text)
    (error,) = parse(source)[1]
    assert error.code == "SGL016"
    assert error.span is not None
    assert source.line_column(error.span.start) == (line, column)
