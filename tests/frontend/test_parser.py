"""Every construct's tree, what is a name and what a word, and how much of a broken file is still understood."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sglc.frontend import ast, tables
from sglc.frontend.builder import Builder
from sglc.frontend.findings import Findings
from sglc.frontend.parser import parse
from sglc.source import SourceFile

PROGRAMS = sorted((Path(__file__).parents[1] / "cases" / "programs").glob("*.sgl"))


def module(text: str) -> ast.Module:
    found, errors = parse(SourceFile("p.sgl", text))
    assert not errors, errors
    return found


def expression(text: str) -> object:
    (decl,) = module(f"A = {text}\n").decls
    assert isinstance(decl, ast.ConstDecl)
    return ast.dump(decl.value)


def statement(text: str) -> object:
    (decl,) = module(f"def f():\n    {text}\n").decls
    assert isinstance(decl, ast.FuncDecl)
    (found,) = decl.body
    return ast.dump(found)


def errors(text: str) -> list[tuple[int, str]]:
    """The line and code of each error."""
    source = SourceFile("p.sgl", text)
    return [(source.line_column(e.span.start)[0], e.code) for e in parse(source)[1] if e.span]


def name(text: str) -> tuple[str, str]:
    return ("Name", text)


A, B, C = name("a"), name("b"), name("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("1_000", ("Number", 1000)),
        ("2.5e3", ("Number", 2500.0)),
        ("200ms", ("Duration", 0.2)),
        ("2m", ("Duration", 120.0)),
        ("none", ("Constant", None)),
        ("[]", ("ListExpr", ())),
        ("[a,]", ("ListExpr", (A,))),
        ("(a)", A),
        ("(a,)", ("TupleExpr", (A,))),
        ("(a, b)", ("TupleExpr", (A, B))),
        ("{a: b,}", ("DictExpr", ((A, B),))),
        ("a - b - c", ("Binary", "-", ("Binary", "-", A, B), C)),
        ("a - (b - c)", ("Binary", "-", A, ("Binary", "-", B, C))),
        ("a + b * c", ("Binary", "+", A, ("Binary", "*", B, C))),
        ("-a * b", ("Binary", "*", ("Unary", "-", A), B)),
        ("-a.b", ("Unary", "-", ("Attribute", A, B))),
        ("not a == b", ("Unary", "not", ("Compare", (A, B), ("==",)))),
        ("a < b <= c", ("Compare", (A, B, C), ("<", "<="))),
        ("a not in b", ("Compare", (A, B), ("not in",))),
        ("a or b or c", ("Logic", "or", (A, B, C))),
        ("(a or b) or c", ("Logic", "or", (("Logic", "or", (A, B)), C))),
        ("a or b and c", ("Logic", "or", (A, ("Logic", "and", (B, C))))),
        ("a if b else c", ("Conditional", B, A, C)),
        ("a.for", ("Attribute", A, name("for"))),
        ("a[b]", ("Index", A, B)),
        ("a[:]", ("Slice", A, None, None, None)),
        ("a[b:]", ("Slice", A, B, None, None)),
        ("a[:b]", ("Slice", A, None, B, None)),
        ("a[::c]", ("Slice", A, None, None, C)),
        ("a[b:c:a]", ("Slice", A, B, C, A)),
        ("a(b, c=a)", ("Call", A, (("Argument", None, B), ("Argument", C, A)))),
        ("[a for b in c if a if b]", ("Comprehension", A, (("Clause", (B,), C, (A, B)),))),
        ("[a for b, c in a for c in b]", ("Comprehension", A, (("Clause", (B, C), A, ()), ("Clause", (C,), B, ())))),
        ('"x {a} {{y}}"', ("Str", (("Text", "x "), ("Hole", A), ("Text", " {y}")), "", False)),
        ('r"{x}"', ("Str", (("Text", "{x}"),), "r", False)),
        ('re"[a]"', ("Str", (("Text", "[a]"),), "re", False)),
        ('"{gen a}"', ("Str", (("Hole", ("Gen", A, None, ())),), "", False)),
        ('"{select a from b}"', ("Str", (("Hole", ("Select", A, B, None, ())),), "", False)),
        ('"{call a: b}"', ("Str", (("Hole", ("ModelCall", A, (("CallChoice", B, None),), ())),), "", False)),
    ],
)
def test_expressions(text: str, tree: object) -> None:
    assert expression(text) == tree


INT = ("TypeName", name("int"), (), ())
TEXT = ("Str", (("Text", "x"),), "", False)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"x"', ("Prompt", TEXT)),
        ('("x")', ("Prompt", TEXT)),
        ("a()", ("ExprStmt", ("Call", A, ()))),
        ("a = b", ("Assign", (A,), B)),
        ("a, b = c", ("Assign", (A, B), C)),
        ("use a()", ("Use", (), A, ())),
        ("a, b = use c(a)", ("Use", (A, B), C, (("Argument", None, A),))),
        ("user: a", ("Role", name("user"), (("Insert", A),), False)),
        ('user: "x"', ("Role", name("user"), (("Prompt", TEXT),), False)),
        ("user: gen a", ("Role", name("user"), (("GenStmt", ("Gen", A, None, ())),), False)),
        ("user:\n        pass", ("Role", name("user"), (("Jump", "pass"),), True)),
        ("gen a: int with b=c", ("GenStmt", ("Gen", A, INT, (("Option", B, C),)))),
        ("select a from b by c", ("GenStmt", ("Select", A, B, C, ()))),
        (
            "call a: b | c(a: int)",
            ("GenStmt", ("ModelCall", A, (
                ("CallChoice", B, None), ("CallChoice", C, (("FieldDecl", A, INT, None, None),)),
            ), ())),
        ),
        ("ensure a", ("Ensure", A, None, None)),
        ("ensure a, b retry c", ("Ensure", A, B, C)),
        ("return", ("Return", None)),
        ("yield a", ("Yield", A)),
        ("fail a", ("Fail", A)),
        ("if a: pass", ("If", (("Branch", A, (("Jump", "pass"),)),))),
        ("while a max b: break", ("While", A, B, (("Jump", "break"),))),
        ("loop: continue", ("Loop", None, (("Jump", "continue"),))),
        ("for a in b: pass", ("For", None, (A,), B, (("Jump", "pass"),))),
        ("c = for a, b in c: pass", ("For", C, (A, B), C, (("Jump", "pass"),))),
        ("fork a in b: pass", ("Fork", None, (A,), B, (("Jump", "pass"),), None)),
        ("encode a in b with c=a: pass", ("Encode", A, B, (("Option", C, A),), (("Jump", "pass"),))),
        ("try: pass\n    except a: pass", ("Try", (("Jump", "pass"),), ("Handler", A, (("Jump", "pass"),)))),
        (
            "match a:\n        case b | a.b | -1: pass",
            ("Match", A, (("Case", (B, ("Attribute", A, B), ("Unary", "-", ("Number", 1))), (("Jump", "pass"),)),)),
        ),
    ],
)  # fmt: skip
def test_statements(text: str, tree: object) -> None:
    assert statement(text) == tree


@pytest.mark.parametrize(
    "word", ["system", "user", "tool", "type", "model", "state", "test", "max", "retry", "by", "from"]
)
@pytest.mark.parametrize(
    "text",
    [
        "def f({0}: int) -> int:\n    {0} = {0} + 1\n    return {0}.{0}[{0}]({0}={0})\n",
        "def f():\n    gen {0}\n    for {0} in {0}: pass\n    if {0}: pass\n    {0} = 1\n    {0}()\n",
        "{0} = 1\nB = {0}\n",
        "session s():\n    state {0}: int = 0\n    if {0}:\n        pass\n    {0} = 1\n    {0}.a()\n",
        "def f():\n    match {0}:\n        case {0}:\n            {0} = 1\n            {0}()\n",
        "type T:\n    {0}: {0}\ntype U = {0}[{0}]({0}=1) | {0}?\nenum E: {0} | b\n",
    ],
)
def test_soft_words_are_names(word: str, text: str) -> None:
    module(text.format(word))


def test_case_and_state_as_names() -> None:
    module("def f():\n    if a:\n        pass\n    case = 1\n    case(case)\n    state = 2\n")


def test_docstring_and_comments() -> None:
    found = module('# one\n"""Doc."""\nA = 1  # two\n')
    assert found.doc is not None
    assert found.doc.constant == "Doc."
    assert [comment.text for comment in found.comments] == ["# one", "# two"]


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "  # indented\n", "\ufeff", "\r\n", " \t\n\t"])
def test_empty_files(text: str) -> None:
    assert not module(text).decls


def test_a_bracket_may_go_on_at_column_0() -> None:
    assert len(module("def f(\na: int,\nb: int\n):\n    a(\nb, c=[\n1\n]\n)\n\nA = 1\n").decls) == 2


def test_decorators() -> None:
    (decl,) = module("@serve(\npath=a\n)\n# why\n@b\ndef f(): pass\n").decls
    assert isinstance(decl, ast.FuncDecl)
    assert [d.name.name for d in decl.decorators] == ["serve", "b"]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_programs(path: Path) -> None:
    assert module(path.read_text("utf-8")).decls


# --- errors ---


def test_every_declaration_reports_its_own() -> None:
    text = "def f(a int):\n    pass\n\nA = \n\nenum E: a, b\n\n"  # noqa: E501
    text += "def g():\n    x = 1 +\n    y = )\n    z = 2\n    w = w w\n\nB = 2\n"
    token, bracket = "SGL002", "SGL014"
    assert errors(text) == [(1, token), (4, token), (6, token), (9, token), (10, bracket), (12, token)]
    found, _ = parse(SourceFile("p.sgl", text))
    assert [ast.dump(decl) for decl in found.decls] == [("ConstDecl", name("B"), ("Number", 2), None)]
    assert found.broken == {"f", "A", "E", "g"}


def test_a_broken_head_does_not_hide_its_block() -> None:
    text = "def f(a: int -> int:\n    x = 1 +\n    if a = = 1:\n        y = 2 +\n    else:\n        z = 3 +\n    return )\n"
    assert [line for line, _ in errors(text)] == [1, 2, 3, 4, 6, 7]


def test_errors_in_holes_do_not_hide_errors_outside() -> None:
    assert [line for line, _ in errors('def f():\n    "{a b}"\n    x = 1 +\n    "{c d} {e f}"\n')] == [2, 3, 4, 4]


def test_broken_imports_declare_their_names() -> None:
    found, _ = parse(SourceFile("p.sgl", 'from "x" import (a, b as c,\n    d e)\n'))
    assert found.broken >= {"a", "c", "d"}


def test_a_statement_outside_is_reported_once() -> None:
    assert errors("user: a\nfoo()\nif a:\n    b = 1\nelse:\n    c = 1\nA = 1\nbar()\n") == [
        (1, "SGL029"),
        (8, "SGL029"),
    ]


# --- the tables ---


def test_tables_are_up_to_date() -> None:
    assert tables.build() == tables.load(), "run `python -m sglc.frontend.tables`"


def test_every_rule_has_its_method() -> None:
    source = SourceFile("p.sgl", "")
    methods = Builder(source, {}, Findings(source), in_hole=False).methods
    assert {rule.name for rule in tables.load().rules if tables.has_method(rule)} == set(methods)


def test_parsing_needs_no_lark() -> None:
    code = "from sglc.frontend.parser import parse; from sglc.source import SourceFile; parse(SourceFile('a', 'A = 1'))"
    script = f"{code}; import sys; assert 'lark' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
