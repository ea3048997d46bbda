"""Formatting is idempotent, keeps the tree, every byte of a prompt and every comment, and looks as it should."""

from __future__ import annotations

import textwrap
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from program_strategy import programs

from sglc.diagnostics import SglError
from sglc.frontend import ast
from sglc.frontend.formatter import format_source
from sglc.frontend.parser import parse
from sglc.source import SourceFile

PROGRAMS = sorted((Path(__file__).parents[1] / "cases" / "programs").glob("*.sgl"))


def formatted(text: str) -> str:
    return format_source(SourceFile("p.sgl", text))


def block(text: str) -> str:
    return textwrap.dedent(text).removeprefix("\n")


def body(text: str) -> str:
    """What statements of a function are formatted to."""
    head = "def f(a: int):\n"
    found = formatted(head + textwrap.indent(block(text), "  "))
    assert found.startswith(head)
    return textwrap.dedent(found.removeprefix(head))


def value(text: str) -> str:
    return formatted(f"A = {text}\n").removeprefix("A = ").removesuffix("\n")


# --- properties ---


def check(text: str) -> None:
    new = formatted(text)
    assert formatted(new) == new
    before, after = (parse(SourceFile("p.sgl", t))[0] for t in (text, new))
    assert ast.dump(before) == ast.dump(after)
    assert Counter(c.text for c in before.comments) == Counter(c.text for c in after.comments)
    assert "\r\n" not in new.replace("\r\r\n", "")
    assert not new or (new.endswith("\n") and not new.endswith("\n\n"))
    assert not new.startswith("\ufeff")


@settings(max_examples=200, deadline=None)
@given(programs())
def test_random_programs(text: str) -> None:
    check(text)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_programs(path: Path) -> None:
    check(path.read_text("utf-8"))
    check(path.read_text("utf-8").replace("\n", "\r\n"))


def test_a_program_with_errors_is_refused() -> None:
    with pytest.raises(SglError) as caught:
        formatted("A = \nB = )\n")
    assert [d.code for d in caught.value.diagnostics] == ["SGL002", "SGL014"]


# --- expressions ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("((1)+(2*3))", "1 + 2 * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("(1-2)-3", "1 - 2 - 3"),
        ("-(-a)", "--a"),
        ("-(a+b)", "-(a + b)"),
        ("not(a)", "not a"),
        ("not(a and b)", "not (a and b)"),
        ("(not a) and b", "not a and b"),
        ("(a or b) or c", "(a or b) or c"),
        ("(a and b) or c", "a and b or c"),
        ("a and (b or c)", "a and (b or c)"),
        ("(a<b)==c", "(a < b) == c"),
        ("a  not   in b", "a not in b"),
        ("(a if b else c) if d else (e if f else g)", "(a if b else c) if d else e if f else g"),
        ("a if (b if c else d) else e", "a if (b if c else d) else e"),
        ("(a).b", "a.b"),
        ("(a+b).c", "(a + b).c"),
        ("(1).a", "(1).a"),
        ('("a").b( )', '"a".b()'),
        ("a [ 1 : 2 ]", "a[1:2]"),
        ("a[::2]", "a[::2]"),
        ("f(a,b = 1,)", "f(a, b=1)"),
        ("[1,2,]", "[1, 2]"),
        ("(1,)", "(1,)"),
        ("(1,2,)", "(1, 2)"),
        ('{"a":1,}', '{"a": 1}'),
        ("[a for b , c in(d)if(e)]", "[a for b, c in d if e]"),
        ("[a for b in (c if d else e)]", "[a for b in (c if d else e)]"),
        ("[\n  a,\n  b\n]", "[a, b]"),
        ("1_000.5e-3", "1_000.5e-3"),
        ('"{ a+b } {{ }} {  f( "x" ) }"', '"{a + b} {{ }} {f("x")}"'),
        ('"{ {"a":1} }"', '"{ {"a": 1} }"'),
        ('"{gen  a:int  with b = 1 ,c=2}"', '"{gen a: int with b=1, c=2}"'),
        ('"{select  a  from b  by c}"', '"{select a from b by c}"'),
        ('"{call a:b|c( d:int )|e()}"', '"{call a: b | c(d: int) | e()}"'),
        ('"{a + \n  b}"', '"{a + \n  b}"'),
        ('"{a\n}{ b }"', '"{a\n}{b}"'),
        ('r"{ a }"', 'r"{ a }"'),
        (r'"\x41{{\n"', r'"\x41{{\n"'),
    ],
)
def test_expressions(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list [ str ] ( min = 1 )", "list[str](min=1)"),
        ("( a|b )?", "(a | b)?"),
        ("(a?)|b", "a? | b"),
        ("(a|b)|c", "(a | b) | c"),
        ('"a"|-1|none', '"a" | -1 | none'),
        ('schema  "x.json"', 'schema "x.json"'),
        ("int()", "int"),
    ],
)
def test_types(text: str, expected: str) -> None:
    assert formatted(f"type T={text}\n") == f"type T = {expected}\n"


# --- statements ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user :  a", "user: a\n"),
        ("user:\n    a()\n", "user:\n    a()\n"),
        ("a,b=c", "a, b = c\n"),
        ("x=use t( a )", "x = use t(a)\n"),
        ('ensure(a),"b"retry 2', 'ensure a, "b" retry 2\n'),
        ("if(a):return b\nelse :\n  return c", "if a: return b\nelse:\n    return c\n"),
        ("x=for i,j in y:yield i", "x = for i, j in y: yield i\n"),
        ("while(a)max 3:\n  pass", "while a max 3:\n    pass\n"),
        ("loop max(3):\n  break", "loop max 3:\n    break\n"),
        ("encode d in x with stride=1:a()", "encode d in x with stride=1: a()\n"),
        ("try:a()\nexcept e:b()", "try: a()\nexcept e: b()\n"),
        (
            "match(a):\n  case b|c.d:pass\n  case _:\n      pass",
            "match a:\n    case b | c.d: pass\n    case _:\n        pass\n",
        ),
        ("return(a)", "return a\n"),
    ],
)
def test_statements(text: str, expected: str) -> None:
    assert body(text) == expected


def test_text_blocks_move_with_their_statement() -> None:
    text = block('''
        def f(a: int):
          if a:
            user: """
              Hello {  a }
                more {b(
          c)} end

              """
            """x
              y
            z"""
    ''')
    assert formatted(text) == block('''
        def f(a: int):
            if a:
                user: """
                Hello {a}
                  more {b(
          c)} end

                """
                """x
                  y
                z"""
    ''')
    check(text)


def test_blank_lines() -> None:
    text = block('''


        """Doc."""
        from "a" import b
        A = 1


        B = 2
        def f():

            a()



            b()

            # why

            c()


        @serve
        def g(): pass
        # next
        enum E: a
        enum F: b
    ''')
    assert formatted(text) == block('''
        """Doc."""

        from "a" import b
        A = 1

        B = 2


        def f():
            a()

            b()

            # why

            c()


        @serve
        def g(): pass


        # next
        enum E: a
        enum F: b
    ''')


def test_comments_stay_where_they_were() -> None:
    text = block("""
        # top

        @serve( # in a bracket
          a=1) # behind it
        # between
        def f( # first
          a: int, # one
          # two
          b: int
          # last
        ): # head
          # block
          if a: # if
            b() # call
            # end of if
          # before elif
          elif b: return c # one line
          # before else
          else: # else
            pass
          x = [
            1, # one
          ]
          y = (a + # plus
            b)
          try:
            a()
          # before except
          except: # except
            b()
            # end of except
          # end of f
        # end of file
    """)
    assert formatted(text) == block("""
        # top

        @serve(  # in a bracket
            a=1,
        )  # behind it
        # between
        def f(  # first
            a: int,  # one
            # two
            b: int,
            # last
        ):  # head
            # block
            if a:  # if
                b()  # call
                # end of if
            # before elif
            elif b: return c  # one line
            # before else
            else:  # else
                pass
            x = [
                1,  # one
            ]
            # plus
            y = a + b
            try:
                a()
            # before except
            except:  # except
                b()
                # end of except
            # end of f


        # end of file
    """)
    check(text)


def test_long_lines_break_at_brackets() -> None:
    a, b, c = (letter * 40 for letter in "abc")
    assert value(f"f({a}, {b}, x={c})") == f"f(\n    {a},\n    {b},\n    x={c},\n)"
    assert value(f"f(1)({a}, {b}, {c})") == f"f(1)(\n    {a},\n    {b},\n    {c},\n)"
    assert (
        value(f"[{a}, f({b}, {c}, {c})]") == f"[\n    {a},\n    f(\n        {b},\n        {c},\n        {c},\n    ),\n]"
    )
    assert value(f"{a} and {b} and {c}") == f"(\n    {a}\n    and {b}\n    and {c}\n)"
    assert value(f"[{a} for {b} in {c}]") == f"[\n    {a}\n    for {b} in {c}\n]"
    assert formatted(f"type T = {a} | {b} | {c}\n") == f"type T = (\n    {a}\n    | {b}\n    | {c}\n)\n"
    assert (
        formatted(f"def f({a}: int, {b}: int) -> {c}: pass\n")
        == f"def f(\n    {a}: int,\n    {b}: int,\n) -> {c}: pass\n"
    )
    assert formatted(f'from "x" import {a}, {b}, {c}\n') == f'from "x" import (\n    {a},\n    {b},\n    {c},\n)\n'


def test_a_line_that_just_fits_does_not_break() -> None:
    line = f"A = f({'a' * 57}, {'b' * 53})"
    assert len(line) == 119
    assert formatted(line) == f"{line}\n"
    assert formatted(line.replace("f(", "ff(")) == line.replace("f(", "ff(") + "\n"
    assert formatted(line.replace("f(", "fff(")).count("\n") == 4


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", "  \n\t\n"])
def test_nothing(text: str) -> None:
    assert formatted(text) == ""


def test_only_comments() -> None:
    assert formatted("\n\n# a\n\n\n\n  # b") == "# a\n\n# b\n"


def test_line_ends_and_byte_order_mark() -> None:
    assert formatted("\ufeffA=1\r\nB=2") == "A = 1\nB = 2\n"
