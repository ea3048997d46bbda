"""`ensure ... retry`: where it starts again, what it must not repeat or leave, when it would change nothing."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from checking import analyze_text, places, shown

from sglc.frontend import ast
from sglc.frontend.survey import walk

HEAD = """
tool look(name: str) -> int "Look it up.":
    http GET "https://example.com/{name}"
tool order(name: str) -> bool "Order it.":
    http POST "https://example.com/order" with body={"name": name}
template ask(question: str) -> str:
    user: question
    assistant: gen reply: str with max_tokens=20
    return reply
def greedy(text: str) -> str:
    "{text} {gen a: str with max_tokens=5}"
    return a
def lively(text: str) -> str:
    "{text} {gen a: str with max_tokens=5, temperature=0.7}"
    return a
def outer(text: str) -> str:
    return lively(text)
def orders(text: str) -> bool:
    return order(text)
def plain(text: str) -> str:
    return text
"""
DEF = "def f(q: str, c: bool, words: list[str]) -> str:\n"


def program(body: str) -> str:
    return HEAD + DEF + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + '\n    return ""\n'


def errors(body: str, folder: Path) -> list[str]:
    return places(analyze_text(program(body), folder).errors)


@pytest.mark.parametrize(
    ("body", "starts"),
    [
        ("user: q\nassistant: gen a: str with stop=\"x\"\nensure a != q retry 2", [1]),
        ("user: q\nassistant: gen a: int\nassistant: gen b: int\nensure a > b retry 2", [1]),
        ("user: q\nassistant: gen a: int\nassistant: gen b: int\nensure b > 1 retry 2", [2]),
        ("user: q\nassistant: gen a: int\nb = a + 1\nd = b * 2\nensure d > 1 retry 2", [1]),
        ("user: q\nassistant:\n    \"n: {gen a: int}\"\n    \"m: {gen b: int}\"\nensure b > 1 retry 2", [1]),
        ("a = use ask(q)\nb = a.upper()\nensure b != q retry 2", [0]),
        ("user: q\nassistant: select a from words\nensure a != q retry 2", [1]),
        ("user: q\nassistant: call a: look | done(x: str)\nensure a.name == q retry 2", [1]),
        ("user: q\nif c:\n    assistant: gen a: int\nelse:\n    a = 1\nensure a > 1 retry 2", [1]),
        ("user: q\nout = fork w in words:\n    assistant: gen a: int\n    yield a\nensure sum(out) > 1 retry 2", [1]),
        ("user: q\nassistant: gen a: int\nensure a > 1 retry 2\nassistant: gen b: int\nensure b > a retry 2", [1, 1]),
        ("user: q\nassistant: gen a: int\nassistant: gen b: int\nensure b > 1 retry 2\nensure a > 1 retry 2", [2, 1]),
        ("user: q\nassistant: gen a: int\nassistant: gen b: int\nensure a > 1 retry 2\nensure b > 1 retry 2", [1, 1]),
        ("user: q\nassistant: gen a: list[int] with n=3, temperature=1\nensure len(a) > 1 retry 2", [1]),
        ("a = lively(q)\nensure a != q retry 2", [0]), ("a = outer(q)\nensure a != q retry 2", [0]),
        ("\"{q} {gen a: int with temperature=0.5}\"\nensure a > 1 retry 2", [0]),
        ("for w in words:\n    user: w\n    assistant: gen a: int\n    ensure a > 1 retry 2", [1]),
        ("out = fork w in words:\n    user: w\n    assistant: gen a: int\n    ensure a > 1 retry 2\n    yield a\nensure sum(out) > 1", [1]),
        ("user: q\nassistant:\n    gen a: int\n    ensure a > 1 retry 2", [0]),
        ("user: q\nassistant: gen a: int\nloop max 3:\n    if a > 1:\n        break\nensure a > 1 retry 2", [1]),
        ("user: q\nassistant: gen a: int\nout = for w in words:\n    yield len(w)\nensure sum(out) > a retry 2", [1]),
        ("user: q\nassistant: gen a: int\nx = look(str(a))\nensure x > a retry 2", [1]),
    ],
)  # fmt: skip
def test_start(body: str, starts: list[int], tmp_path: Path) -> None:
    analysis = analyze_text(program(body), tmp_path)
    assert not analysis.errors, shown(analysis.errors)
    assert analysis.typed is not None
    decl = next(
        d for d in analysis.typed.linked.main.module.decls if isinstance(d, ast.FuncDecl) and d.name.name == "f"
    )
    found = [analysis.typed.retries[n] for n in walk(decl) if isinstance(n, ast.Ensure) and n.retry is not None]
    assert found == starts


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ensure c retry 2", ["SGL411 c"]), ("a = plain(q)\nensure a != q retry 2", ["SGL411 a != q"]),
        ("user: q\nassistant: gen a: int\nif c:\n    ensure a > 1 retry 2", ["SGL411 a > 1"]),
        ("user: q\nassistant: gen a: int\nensure c retry 2", ["SGL411 c"]),
        ("user: q\nassistant: gen a: int\nensure a > 1 retry 0", ["SGL414 0"]),
        ("user: q\nassistant: gen a: int\nensure a > 1 retry 101", ["SGL414 101"]),
        ("user: q\nassistant: gen a: int\nensure a > 1 retry len(q)", ["SGL414 len(q)"]),
        # leaving the stretch
        ("user: q\nassistant: gen a: int\nif c:\n    return q\nensure a > 1 retry 2", ["SGL417 return q"]),
        ("loop max 3:\n    user: q\n    assistant: gen a: int\n    if c:\n        break\n    ensure a > 1 retry 2", ["SGL417 break"]),
        ("for w in words:\n    user: w\n    assistant: gen a: int\n    if c:\n        continue\n    ensure a > 1 retry 2", ["SGL417 continue"]),
        ("out = for w in words:\n    user: w\n    assistant: gen a: int\n    yield a\n    ensure a > 1 retry 2\nq = str(out)", ["SGL417 yield a"]),
        ("user: q\nassistant: gen a: int\nloop max 3:\n    if c:\n        break\nensure a > 1 retry 2", []),
        # effects
        ("user: q\nassistant: gen a: str with stop=\"x\"\nb = order(a)\nensure a != q retry 2", ["SGL412 order"]),
        ("user: q\nassistant: gen a: str with stop=\"x\"\nb = orders(a)\nensure a != q retry 2", ["SGL412 orders"]),
        ("user: q\nassistant: call a: order | done(x: str)\nensure a.name == q retry 2", ["SGL412 order"]),
        ("user: q\nassistant: gen a: str with stop=\"x\"\nensure a != q retry 2\nb = order(a)", []),
        ("b = order(q)\nuser: q\nassistant: gen a: str with stop=\"x\"\nensure a != q retry 2", []),
        ("user: q\nassistant: gen a: str with stop=\"x\"\nb = [order(w) for w in words]\nensure a != q retry 2", ["SGL412 order"]),
        # what would not change
        ("\"{q} {gen a: int}\"\nensure a > 1 retry 2", ["SGL413 retry 2"]),
        ("\"{q} {gen a: int with temperature=0}\"\nensure a > 1 retry 2", ["SGL413 retry 2"]),
        ("a = greedy(q)\nensure a != q retry 2", ["SGL413 retry 2"]),
        ("user: q\na = greedy(q)\nensure a != q retry 2", ["SGL413 retry 2"]),
        ("user: q\na = greedy(q)\nassistant: gen b: str with max_tokens=3\nensure a != b retry 2", []),
        ("\"{q}\"\nselect a from words\nensure a != q retry 2", ["SGL413 retry 2"]),
    ],
)  # fmt: skip
def test_refused(body: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(body, tmp_path) == expected


def test_default_model_gives_chance(tmp_path: Path) -> None:
    text = 'model warm: "m" with temperature=0.7\n' + program('"{q} {gen a: int}"\nensure a > 1 retry 2')
    assert not analyze_text(text, tmp_path).errors
