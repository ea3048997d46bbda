"""Lines and columns count code points from 1, whatever the file's line ends, tabs and characters."""

from __future__ import annotations

import pytest

from sglc.diagnostics import display_width, render_text
from sglc.frontend import ast
from sglc.frontend.parser import parse
from sglc.source import SourceFile


def place(text: str) -> tuple[int, int]:
    """Where the only error is."""
    source = SourceFile("p.sgl", text)
    (error,) = parse(source)[1]
    assert error.span is not None
    return source.line_column(error.span.start)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A = 1 $ 2\n", (1, 7)),
        ("\ufeffA = 1 $ 2\n", (1, 7)),
        ("A = 1\r\nB = 1 $ 2\r\n", (2, 7)),
        ("A = 1\n\n\nB = 1 $ 2", (4, 7)),
        ("def f():\n\tx = 1 $ 2\n", (2, 8)),
        ("def f():\n\tx\t=\t1 $ 2\n", (2, 8)),
        ('A = "名前" $ 2\n', (1, 10)),
        ('A = "e\u0301" $ 2\n', (1, 10)),
        ('A = "😀" $ 2\n', (1, 9)),
        ("名前 = 1 $ 2\n", (1, 8)),
        ('A = "{1 $ 2}"\n', (1, 9)),
        ('A = "名{1 $ 2}"\n', (1, 10)),
        ('A = "{f("x {1 $ 2}")}"\n', (1, 15)),
        ('A = """\n  名 {\n    1 $ 2}\n"""\n', (3, 7)),
        ('A = """\r\n  {f("{\r\n    1 $ 2}")}\r\n"""\r\n', (3, 7)),
        ("A = (1 +\n", (1, 5)),
        ("A = 1 +\n", (1, 8)),
        ("A = 1 +", (1, 8)),
        ("def f():", (1, 9)),
    ],
)
def test_place_of_an_error(text: str, expected: tuple[int, int]) -> None:
    assert place(text) == expected


def names(text: str) -> dict[str, tuple[int, int]]:
    """The place of every name of the program's only declaration."""
    source = SourceFile("p.sgl", text)
    module, errors = parse(source)
    assert not errors
    found: dict[str, tuple[int, int]] = {}

    def walk(node: object) -> None:
        if isinstance(node, ast.Name):
            found[node.name] = source.line_column(node.span.start)
        if isinstance(node, ast.Node):
            for field in node.__struct_fields__:
                walk(getattr(node, field))
        elif isinstance(node, tuple):
            for item in node:
                walk(item)

    walk(module.decls)
    return found


def test_places_of_nodes() -> None:
    text = 'def f(a: int):\r\n\tuser: "名 {a + "{ b }" + g(\r\n\t  c)}" # d\r\n\t"""\r\n\t{d}\r\n\t"""\r\n'
    assert names(text) == {
        "f": (1, 5), "a": (2, 12), "int": (1, 10), "user": (2, 2), "b": (2, 19), "g": (2, 26), "c": (3, 4), "d": (5, 3),
    }  # fmt: skip


def test_spans_hold_brackets() -> None:
    text = "A = (1 + 2) * (3)\n"
    module, _ = parse(SourceFile("p.sgl", text))
    (decl,) = module.decls
    assert isinstance(decl, ast.ConstDecl)
    assert text[decl.value.span.start : decl.value.span.end] == "(1 + 2) * (3)"


def test_statement_spans_end_with_their_last_word() -> None:
    text = "def f():\n    if a:\n        b()  # why\n\n    # more\n\n"
    module, _ = parse(SourceFile("p.sgl", text))
    (decl,) = module.decls
    assert isinstance(decl, ast.FuncDecl)
    assert text[decl.span.start : decl.span.end].endswith("b()")


@pytest.mark.parametrize(
    "line",
    ["\tx = 1 $ 2", "x = 名前 $ 2", 'e = "e\u0301e\u0301" $ 2', 'x = "\0\x1b\u200b" $ 2', 'x = "a\u200db" $ 2'],
)
def test_the_mark_is_below_the_character(line: str) -> None:
    source = SourceFile("p.sgl", f"def f(名前: int):\n  {line}\n")
    shown = render_text([e for e in parse(source)[1] if e.code in ("SGL001", "SGL009")][-1:]).splitlines()
    code, mark = shown[3], shown[4]
    at = code.index("$")
    assert display_width(code[:at]) == display_width(mark[: mark.index("^")])
