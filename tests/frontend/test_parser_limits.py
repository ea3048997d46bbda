"""Size, depth and time: whatever the text, there is an answer within a second, with a position inside the file."""

from __future__ import annotations

import time

import pytest

from sglc.diagnostics import Diagnostic, render_text
from sglc.frontend.findings import MAX_ERRORS
from sglc.frontend.parser import MAX_BYTES, parse
from sglc.frontend.words import MAX_WORDS
from sglc.source import SourceFile

N = 2_000
M = MAX_BYTES - 100


def errors(text: str) -> list[Diagnostic]:
    source = SourceFile("p.sgl", text)
    began = time.perf_counter()
    found = parse(source)[1]
    assert time.perf_counter() - began < 3  # a second on an idle machine
    assert len(found) <= MAX_ERRORS
    for error in found:
        assert error.span is not None
        assert 0 <= error.span.start <= error.span.end <= len(source.text)
    assert render_text(found) or not found
    return found


def body(line: str) -> str:
    return f"def f(a: int):\n    {line}\n"


DEEP = {
    "round": body("x = " + "(" * N + "a" + ")" * N),
    "square": body("x = " + "[" * N + "]" * N),
    "braces": body("x = " + '{"a": ' * N + "1" + "}" * N),
    "calls": body("x = " + "f(" * N + ")" * N),
    "comprehensions": body("x = " + "[" * N + "a" + " for a in b]" * N),
    "open": body("x = " + "(" * N),
    "holes": body('"{' * N + "a" + '}"' * N),
    "blocks of holes": body('"""{' * N + "a" + '}"""' * N),
    "not": body("x = " + "not " * N + "a"),
    "minus": body("x = " + "-" * N + "a"),
    "plus": body("x = " + "a + " * N + "a"),
    "conditional": body("x = " + "a if b else " * N + "a"),
    "attributes": body("x = a" + ".b" * N),
    "applications": body("x = a" + "()" * N),
    "indexes": body("x = a" + "[0]" * N),
    "types": "type A = " + "list[" * N + "int" + "]" * N + "\n",
    "optionals": "type A = int" + "?" * N + "\n",
    "type brackets": "type A = " + "(" * N + "int" + ")" * N + "\n",
    "roles": body("user: " * N + "a"),
    "statements": "def f():\n" + "".join(f"{' ' * i}if a:\n" for i in range(1, 1_000)),
}
WIDE = {
    "and": body("x = " + "a and " * N + "a"),
    "compare": body("x = " + "a < " * N + "a"),
    "elif": "def f(a: int):\n    if a: pass\n" + "    elif a: pass\n" * N,
    "cases": "def f(a: int):\n    match a:\n" + "        case 1: pass\n" * N,
    "union": "type A = " + "int | " * N + "int\n",
    "list": "A = [" + "1," * N + "]\n",
    "targets": body("a, " * N + "b = c"),
    "strings": body('"' + "{a} " * N + '"'),
    "decorators": "@a\n" * N + "def f(): pass\n",
}


@pytest.mark.parametrize("name", DEEP)
def test_deep(name: str) -> None:
    assert "SGL010" in {error.code for error in errors(DEEP[name])}


@pytest.mark.parametrize("name", WIDE)
def test_wide(name: str) -> None:
    assert not errors(WIDE[name])


def test_depth_that_is_allowed() -> None:
    assert not errors(body("x = " + "(" * 100 + "a" + ")" * 100))
    assert not errors(body("x = " + "a + " * 90 + "a"))
    assert not errors(body('"{' * 40 + "a" + '}"' * 40))


@pytest.mark.parametrize(
    "unit",
    ["a", "1", '"', '"a"\n', '"{', '"{a}', '"{\n', "(", "(\n", "'", "'a\n", "“", "#\n", "x\n", "x;\n", "x = 1\n", "\0", "x\r",
     "\n", " ", "\t\n", "a,", "a:", "@\n", "é", "{", "}", "\\", '"\\q', '"""\ndef f\n', "def f(:\n", "\ufeff", "else:\n",
     "x = 1\r\n", "!", "\u00a0", "\x1c", "f'", '{"a": ', "-> "],
)  # fmt: skip
def test_a_file_of_one_thing(unit: str) -> None:
    # A quarter of the largest size; what is slowest per byte is below, at full size.
    errors(unit * (M // 4 // len(unit.encode())))


@pytest.mark.parametrize("unit", ["x\n", "x = 1\n", '"{\n', "'a\n", "#\n"])
def test_a_full_file_of_one_thing(unit: str) -> None:
    errors(unit * (M // len(unit)))


@pytest.mark.parametrize(
    ("head", "unit", "tail"),
    [
        ("A = [", "a,", "]\n"),
        ("A = (\n", "a\n", ""),
        ("A = ", "1", "\n"),
        ('A = "', "{a}", '"\n'),
        ('A = "', "\\q", '"\n'),
        ('A = "', "}", ' "\n'),
        ('A = "{[', '"a",', ']}"\n'),
        ('A = """{\n', "#\n", 'a}"""\n'),
        ("def f():\n", "  x\n", ""),
        ("def f():\n", "  else:\n", ""),
        ("def f():\n", "    x y\n", ""),
        ("def f():\n    x y\n", "      z w\n", ""),
        ("def f():\n", '    "{x y}"\n', ""),
        ("def f(", "a, ", "):\n    pass\n"),
    ],
)
def test_a_large_construct(head: str, unit: str, tail: str) -> None:
    errors(head + unit * ((M - len(head) - len(tail)) // len(unit)) + tail)


def test_prose_is_not_limited() -> None:
    assert not errors('A = """\n' + "Twenty words of a prompt on this line.\n" * 26_000 + '"""\n')


def test_too_many_bytes() -> None:
    (error,) = errors("#" * (MAX_BYTES + 1))
    assert error.code == "SGL022"


def test_too_many_words() -> None:
    (error,) = errors("A = [" + "1, " * MAX_WORDS + "]\n")
    assert error.code == "SGL033"


def test_speed() -> None:
    lines = (
        "def f(a: int) -> int:",
        '    user: "Add {a + 1} to {a}."',
        "    gen b: int with max_tokens=5",
        "    return a + b",
    )
    text = "\n".join([*lines, "\n\n"]) * 200
    times = []
    for _ in range(5):
        began = time.perf_counter()
        assert not parse(SourceFile("p.sgl", text))[1]
        times.append(time.perf_counter() - began)
    assert min(times) < 0.25  # 1,200 lines
