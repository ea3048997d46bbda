"""What needs more than one body: names and files, constants, declarations of types, recursion, serving, sessions, tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import analyze_text, codes, places, shown, types_of


def errors(text: str, folder: Path, **files: str) -> list[str]:
    return places(analyze_text(text, folder, **files).errors)


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('from "./types.sgl" import Address, Color\n', []),
        ('from "types.sgl" import Address as A\ndef f(a: A) -> str:\n    return a.city\n', []),
        ('from "./types.sgl" import (Address,\n    Color as C)\ndef f(c: C) -> bool:\n    return c == red\n', []),
        ('from "./nope.sgl" import A\ndef f(a: A) -> str:\n    return a.city\n', ['SGL101 "./nope.sgl"']),
        ('from "." import A\n', ['SGL101 "."']),
        ('from "./a{1}.sgl" import A\n', ['SGL101 "./a{1}.sgl"']),
        ('from "./types.sgl" import Adress\n', ["SGL106 Adress"]),
        ('from "./types.sgl" import Address\ntype Address:\n    a: str\n', ["SGL104 Address"]),
        ('from "./types.sgl" import Address, Color as Address\n', ["SGL104 Address"]),
        ('from "./program.sgl" import f\ndef f():\n    pass\n', ['SGL102 "./program.sgl"']),
    ],
)  # fmt: skip
def test_imports(text: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(text, tmp_path) == expected


def test_import_cycle_names_all_files(tmp_path: Path) -> None:
    files = {
        "a": 'from "./b.sgl" import B\ntype A:\n    b: str\n',
        "b": 'from "./a.sgl" import A\ntype B:\n    a: str\n',
    }
    found = analyze_text('from "./a.sgl" import A\ndef f(a: A) -> str:\n    return a.b\n', tmp_path, **files).errors
    assert codes(found) == ["SGL102"]
    assert found[0].label_text == "a.sgl imports b.sgl imports a.sgl"
    assert found[0].path.endswith("b.sgl")


def test_two_roads_to_one_file(tmp_path: Path) -> None:
    files = {
        "a": 'from "./types.sgl" import Address\ndef home(a: Address) -> str:\n    return a.city\n',
        "b": 'from "./types.sgl" import Address\ndef work() -> Address:\n    return Address("Bonn", "Main")\n',
    }
    text = 'from "./a.sgl" import home\nfrom "./b.sgl" import work\ndef f() -> str:\n    return home(work())\n'
    analysis = analyze_text(text, tmp_path, **files)
    assert not analysis.errors, shown(analysis.errors)


def test_one_name_in_two_files(tmp_path: Path) -> None:
    files = {"a": "type Point:\n    x: int\ndef make() -> Point:\n    return Point(1)\n"}
    text = 'from "./a.sgl" import make\ntype Point:\n    y: str\ndef f() -> Point:\n    p = make()\n    return p\n'
    assert errors(text, tmp_path, **files) == ["SGL120 p"]
    good = text.replace("return p", "return Point(str(p.x))")
    analysis = analyze_text(good, tmp_path, **files)
    assert not analysis.errors, shown(analysis.errors)
    assert analysis.typed is not None
    assert types_of(analysis.typed)["p"] == "a.Point"


def test_errors_of_an_imported_file_are_told_there(tmp_path: Path) -> None:
    files = {"a": "def g() -> int:\n    return nope\n"}
    found = analyze_text('from "./a.sgl" import g\ndef f() -> int:\n    return g()\n', tmp_path, **files).errors
    assert codes(found) == ["SGL103"]
    assert found[0].path.endswith("a.sgl")


def test_a_broken_declaration_is_told_once(tmp_path: Path) -> None:
    files = {"a": "def g( -> int:\n    return 1\n"}
    text = 'from "./a.sgl" import g\ntype T:\n    x int\ndef f(t: T) -> int:\n    return g() + t.x\n'
    found = analyze_text(text, tmp_path, **files).errors
    assert {d.code[:4] for d in found} == {"SGL0"}, shown(found)


def test_a_name_that_is_imported_there_is_not_passed_on(tmp_path: Path) -> None:
    files = {"a": 'from "./types.sgl" import Address\ndef home(a: Address) -> str:\n    return a.city\n'}
    found = analyze_text('from "./a.sgl" import Address\n', tmp_path, **files).errors
    assert codes(found) == ["SGL106"]
    assert "types.sgl" in found[0].hint_text


# --- declarations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A = 1\nA = 2\n", ["SGL104 A"]),
        ("def f():\n    pass\ntype f:\n    a: str\n", ["SGL104 f"]),
        ("def f(a: int, a: str):\n    pass\n", ["SGL104 a"]),
        ("type T:\n    a: str\n    a: int\n", ["SGL104 a"]),
        ("enum E: a | b | a\n", ["SGL104 a"]),
        ("def len():\n    pass\n", ["SGL115 len"]),
        ("type error:\n    a: str\n", ["SGL115 error"]),
        ("type Logprob:\n    a: str\n", ["SGL115 Logprob"]),
        ("def f(a: int = 1, b: int):\n    pass\n", ["SGL137 b"]),
        ("type T:\n    a: int = 1\n    b: int\ndef f() -> T:\n    return T(b=2)\n", []),
        ("def f(a: int = x):\n    pass\n", ["SGL103 x"]),
        ('def f(a: int = "x"):\n    pass\n', ['SGL120 "x"']),
        ("def f(a: int(max=3) = 5):\n    pass\n", ["SGL120 5"]),
        ("def g() -> int:\n    return 1\ndef f(a: int = g()):\n    pass\n", ["SGL130 g()"]),
        ("enum E: a | b\ndef f(e: E = a) -> E:\n    return e\ndef h() -> E:\n    return f()\n", []),
        # types
        ("type T = list\n", ["SGL125 list"]),
        ("type T = list[int, str]\n", ["SGL125 list[int, str]"]),
        ("type T = str[int]\n", ["SGL125 str[int]"]),
        ("type T = dict[int, str]\n", ["SGL125 int"]),
        ("type T = bool(min=1)\n", ["SGL125 min=1"]),
        ("type T = int(low=1)\n", ["SGL125 low=1"]),
        ("type T = int(min=1.5)\n", ["SGL125 1.5"]),
        ("type T = str(max=-1)\n", ["SGL125 -1"]),
        ("type T = str(max=100000)\n", ["SGL125 100000"]),
        ("type T = int(min=3, max=1)\n", ["SGL126 int(min=3, max=1)"]),
        ("MOST = 5\ntype T = int(max=MOST)\ndef f() -> T:\n    return 6\n", ["SGL120 6"]),
        ("type T = list[T]\n", ["SGL128 T"]),
        ("type A = B\ntype B = A?\n", ["SGL128 A"]),
        ("type T:\n    t: T\n", ["SGL127 t"]),
        ("type A:\n    b: B\ntype B:\n    a: A\n", ["SGL127 b"]),
        ("type T:\n    t: T?\n    u: list[T]\n    v: dict[str, T]\n", []),
        ("type T:\n    t: list[T](min=1)\n", ["SGL127 t"]),
        ("type T max 0:\n    t: T?\n", ["SGL125 0"]),
        ("type T max 40:\n    t: T?\n", ["SGL125 40"]),
        ('type T = re"[a-"\n', ["SGL301 ["]),
        ('type T = re"ab(c"\n', ["SGL301 ("]),
        ('type T = re"a{3,1}"\n', ["SGL301 {3,1}"]),
        ('type T = re"^a$"\n', []),
        ('type T = re"a^"\n', ["SGL301 ^"]),
        ('type T = "a{1}"\n', ['SGL130 "a{1}"']),
        ("type T = f\ndef f():\n    pass\n", ["SGL114 f"]),
        ("type T = Strng\n", ["SGL107 Strng"]),
        ('type T:\n    a: str "with {1}"\n', ['SGL130 "with {1}"']),
    ],
)  # fmt: skip
def test_declarations(text: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(text, tmp_path) == expected


def test_position_inside_of_a_pattern_block(tmp_path: Path) -> None:
    text = 'type T = re"""\n    [a-z]+\n    b(c\n    """\n'
    found = analyze_text(text, tmp_path).errors
    assert places(found) == ["SGL301 ("]
    assert found[0].source is not None
    assert found[0].span is not None
    assert found[0].source.line_column(found[0].span.start) == (3, 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A = 1 + 2\nB = A * 2\nC = [A, B]\nD = C[0]\n", []),
        ("B = A\nA = 1\n", []),
        ("A = B\nB = A\n", ["SGL131 A"]),
        ("A = A\n", ["SGL131 A"]),
        ("A = 1 / 0\n", ["SGL131 1 / 0"]),
        ("A = [1][3]\n", ["SGL131 [1][3]"]),
        ('A = int("x")\n', ['SGL131 int("x")']),
        ('A = "b{1 + 1}".upper()\n', []),
        ("def f() -> int:\n    return A\nA = f()\n", ["SGL130 f()"]),
        ("A = f()\ndef f() -> int:\n    return 1\n", ["SGL130 f()"]),
        ("A = x\n", ["SGL103 x"]),
        ('A = "{gen x: int}"\n', ["SGL205 gen x: int"]),
        ("A = [x * 2 for x in [1, 2]]\n", ["SGL130 [x * 2 for x in [1, 2]]"]),
        ('A = tokens("abc")\n', ['SGL130 tokens("abc")']),
        ('A = describe(T)\ntype T:\n    a: int = 3\ndef f() -> str:\n    return A\n', []),
        ("A = T(1)\ntype T:\n    a: int\n    b: int = 2\ndef f() -> int:\n    return A.b\n", []),
        ("A = T(1)\ntype T:\n    a: int\n    b: int = A.a\n", ["SGL131 T"]),
        ("enum E: a | b\nA = E.a\ndef f() -> E:\n    return A\n", []),
        ("A = 5 if true else 6\nB = not true or 1 < 2 < 3\n", []),
        ("type T:\n    a: int(max=A)\nA = T(1).a\n", ["SGL130 T(1)"]),
    ],
)  # fmt: skip
def test_constants(text: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(text, tmp_path) == expected


# --- calls among functions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(i: int) -> int:\n    return f(i)\n", ["SGL402 f"]),
        ("def f(i: int) -> int max 3:\n    return f(i)\n", []),
        ("def f(i: int) -> int:\n    return g(i)\ndef g(i: int) -> int:\n    return f(i)\n", ["SGL402 f"]),
        ("def f(i: int) -> int:\n    return g(i)\ndef g(i: int) -> int max 3:\n    return f(i)\n", []),
        ("def f(i: int) -> int max 3:\n    return f(i) + g(i)\ndef g(i: int) -> int:\n    return g(i)\n", ["SGL402 g"]),
        ("def f(i: int) -> int max 0:\n    return f(i)\n", ["SGL414 0"]),
        ("def f(i: int) -> int max i:\n    return f(i)\n", ["SGL130 i"]),
        ("template t():\n    use t()\n", ["SGL415 t"]),
        ("template t():\n    use u()\ntemplate u():\n    use t()\ndef f():\n    use t()\n", ["SGL415 t"]),
        ("def f():\n    f = 1\n    f()\n", ["SGL113 f"]),
        ("def f() -> int:\n    return g(1)\ndef g() -> int:\n    return 1\n", ["SGL112 1"]),
        ("def g(a: int, b: int = 2) -> int:\n    return a\ndef f() -> int:\n    return g(b=1)\n", ["SGL111 g(b=1)"]),
        ("def g(a: int) -> int:\n    return a\ndef f() -> int:\n    return g(1, a=2)\n", ["SGL112 a=2"]),
        ("def g(a: int) -> int:\n    return a\ndef f() -> int:\n    return g(aa=2)\n", ["SGL110 aa"]),
    ],
)  # fmt: skip
def test_calls(text: str, expected: list[str], tmp_path: Path) -> None:
    found = [e.replace("use t()", "use t()") for e in errors(text, tmp_path)]
    assert [e.split()[0] for e in found] == [e.split()[0] for e in expected], found
    if "415" not in "".join(expected):
        assert found == expected


def test_recursion_through_an_import(tmp_path: Path) -> None:
    files = {"a": "def g(i: int) -> int:\n    return g(i - 1)\n"}
    found = analyze_text('from "./a.sgl" import g\ndef f() -> int:\n    return g(3)\n', tmp_path, **files).errors
    assert codes(found) == ["SGL402"]
    assert found[0].path.endswith("a.sgl")
    assert found[0].label_text == "g -> g"


def test_effects_reach_through_imports(tmp_path: Path) -> None:
    files = {
        "a": 'tool send(x: str) -> bool:\n    http POST "https://a.b/" with body=x\ndef g(x: str) -> bool:\n    return send(x)\n'
    }
    text = 'from "./a.sgl" import g\ndef f(x: str) -> bool:\n    return g(x)\ndef h(x: str) -> str:\n    return x\n'
    analysis = analyze_text(text, tmp_path, **files)
    assert analysis.typed is not None
    assert analysis.typed.effects == {"send", "g", "f"}


# --- serving, sessions, tests ----------------------------------------------------------------------------------------

F = "def f() -> int:\n    return 1\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@serve\n" + F, []),
        ('@serve(path="/a", method="GET", name="A")\n' + F, []),
        ('@serve(path="a")\n' + F, ['SGL601 "a"']),
        ('@serve(path="/a b")\n' + F, ['SGL601 "/a b"']),
        ('@serve("/a")\n' + F, ['SGL601 "/a"']),
        ('@serve(pth="/a")\n' + F, ['SGL601 pth']),
        ("@serve(path=1)\n" + F, ["SGL601 1"]),
        ('@serve(method="PUT")\n' + F, ['SGL601 "PUT"']),
        ("@srv\n" + F, ["SGL601 srv"]),
        ("@serve\ntemplate t():\n    pass\n", ["SGL601 @serve"]),
        ('@serve(path="/a")\n' + F + '@serve(path="/a")\ndef g() -> int:\n    return 1\n', ['SGL602 "/a"']),
        ('test "a":\n    expect 1 == 1\ntest "a":\n    expect 1 == 1\n', ['SGL702 "a"']),
        ('test "a{1}":\n    expect 1 == 1\n', ['SGL130 "a{1}"']),
        ('test "a" with replay="x.jsonl":\n    expect 1 == 1\n', []),
        ('test "a" with replay=1:\n    expect 1 == 1\n', ["SGL130 1"]),
        ('test "a" with record="x":\n    expect 1 == 1\n', ["SGL206 record"]),
        ('test "a":\n    return 1\n', ["SGL417 return 1"]),
        ('test "a":\n    "text"\n    expect 1 == 1\n', ['SGL203 "text"']),
        ('test "a":\n    user: "text"\n    expect 1 == 1\n', ['SGL203 "text"']),
        ('test "a":\n    gen x: int\n    expect x == 1\n', ["SGL203 gen x: int"]),
        ('template t():\n    user: "x"\ntest "a":\n    use t()\n    expect 1 == 1\n', ["SGL203 use t()"]),
        ('test "a":\n    for x in [1]:\n        expect x == 1\n', []),
        ('test "a":\n    expect 1\n', ["SGL120 1"]),
    ],
)  # fmt: skip
def test_serving_and_tests(text: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(text, tmp_path) == expected


def session(body: str, turn: str = "        return msg\n", after: str = "") -> str:
    return f'session chat(lang: str = "a"):\n{body}    turn(msg: str) -> str:\n        user: lang\n{turn}{after}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (session("    state n: int = 0\n    system: lang\n", "        n = n + 1\n        return msg\n"), []),
        (session("    state n: int\n"), ["SGL111 state n: int"]), (session('    state n: int = "a"\n'), ['SGL120 "a"']),
        (session("    state n: int = 0\n", "        n = msg\n        return msg\n"), ["SGL123 n"]),
        (session("    state msg: int = 0\n"), ["SGL104 msg"]), (session("    state lang: int = 0\n"), ["SGL104 lang"]),
        (session("    return lang\n"), ["SGL417 return lang"]), (session('    "text"\n'), ['SGL201 "text"']),
        (session("", "        pass\n"), ["SGL132 turn"]),
        (session("", after="    turn() -> str:\n        return lang\n"), ["SGL416 turn"]),
        ("session chat():\n    state n: int = 0\n", ["SGL416 chat"]),
        (session("    x = 1\n", "        return str(x)\n"), ["SGL103 x"]),
        (session("", after='test "a":\n    s = chat()\n    expect s.turn("x") == "x"\n'), []),
        (session("", after='test "a":\n    s = chat("b")\n    s.turn("y")\n    expect s.turn(1) == "x"\n'), ["SGL120 1"]),
        (session("", after='test "a":\n    s = chat()\n    expect s.trun("x") == "x"\n'), ["SGL109 trun"]),
        (session("", after='test "a":\n    s = chat()\n    expect "{s}" == "x"\n'), ["SGL136 s"]),
        (session("", after="def f():\n    s = chat()\n"), ["SGL114 chat"]),
        (session("    state last: str? = none\n", "        last = msg\n        return last\n"), []),
        (session("    state n: int(min=0) = 0\n", "        n = n - 1\n        return msg\n"), []),
    ],
)  # fmt: skip
def test_sessions(text: str, expected: list[str], tmp_path: Path) -> None:
    assert [e.strip() for e in errors(text, tmp_path)] == [e.strip() for e in expected]


def test_state_keeps_its_declared_type(tmp_path: Path) -> None:
    """A new value of a state variable is checked at run time where its type does not tell."""
    text = session("    state n: int(min=0) = 0\n", "        n = n - 1\n        return msg\n")
    analysis = analyze_text(text, tmp_path)
    assert analysis.typed is not None
    assert [str(t) for n, t in analysis.typed.coercions.items() if type(n).__name__ == "Binary"] == ["int(min=0)"]


# --- match -----------------------------------------------------------------------------------------------------------

MATCH = """
enum Color: red | green
type Cat:
    kind: "cat"
type Dog:
    kind: "dog"
def f(c: Color, b: bool, lit: "a" | "b", i: int, s: str?, pet: Cat | Dog, j: json, num: 1 | 2, u: Color | int) -> str:
"""


@pytest.mark.parametrize(
    ("subject", "cases", "expected"),
    [
        ("c", ["red", "green"], []), ("c", ["red | green"], []), ("c", ["red"], ["SGL403 c"]),
        ("c", ["Color.red", "_"], []), ("c", ["purple", "_"], ["SGL420 purple"]),
        ("c", ['"red"', "_"], ['SGL420 "red"']), ("c", ["1", "_"], ["SGL420 1"]),
        ("c", ["Color.purple", "_"], ["SGL108 purple"]), ("b", ["true", "false"], []), ("b", ["true"], ["SGL403 b"]),
        ("lit", ['"a"', '"b"'], []), ("lit", ['"a"'], ["SGL403 lit"]), ("lit", ['"c"', "_"], ['SGL420 "c"']),
        ("i", ["1", "2", "_"], []), ("i", ["1", "-1"], ["SGL403 i"]), ("i", ['"a"', "_"], ['SGL420 "a"']),
        ("s", ["none", "_"], []), ("s", ["none", "str"], []), ("s", ['"x"', "none"], ["SGL403 s"]),
        ("s", ["str"], ["SGL403 s"]), ("pet", ["Cat", "Dog"], []), ("pet", ["Cat"], ["SGL403 pet"]),
        ("pet", ["Color", "_"], ["SGL420 Color"]), ("j", ["1", "_"], []), ("j", ["str", "_"], []),
        ("j", ["str"], ["SGL403 j"]), ("num", ["1", "2"], []), ("num", ["1 | 2"], []),
        ("u", ["red", "green", "int"], []), ("u", ["Color", "int"], []), ("i", ["i", "_"], ["SGL420 i"]),
        ("i", ["int"], []), ("nope", ["1", "_"], ["SGL103 nope"]),
    ],
)  # fmt: skip
def test_match(subject: str, cases: list[str], expected: list[str], tmp_path: Path) -> None:
    lines = "".join(f"        case {case}: pass\n" for case in cases)
    assert errors(f'{MATCH}    match {subject}:\n{lines}    return ""\n', tmp_path) == expected


@pytest.mark.parametrize(
    ("subject", "cases"),
    [
        ("c", ["red", "green", "_"]),
        ("c", ["red", "red", "green"]),
        ("i", ["_", "1"]),
        ("b", ["true", "true | true", "_"]),
    ],
)
def test_cases_never_chosen(subject: str, cases: list[str], tmp_path: Path) -> None:
    lines = "".join(f"        case {case}: pass\n" for case in cases)
    found = analyze_text(f'{MATCH}    match {subject}:\n{lines}    return ""\n', tmp_path).diagnostics
    assert "SGL404" in codes(found), shown(found)


def test_match_narrows(tmp_path: Path) -> None:
    text = MATCH + "    match pet:\n        case Cat: x = pet.kind\n        case _: x = pet.kind\n    return x\n"
    analysis = analyze_text(text, tmp_path)
    assert not analysis.errors, shown(analysis.errors)
    assert analysis.typed is not None
    shown_types = {str(t) for n, t in analysis.typed.types.items() if type(n).__name__ == "Attribute"}
    assert shown_types == {'"cat"', '"dog"'}
