"""Types of expressions: operators, builtins, methods, collections, inference and what does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import analyze_text, places, shown, types_of

DECLARED = """
from "./types.sgl" import Color

LIMIT = 3
NAMES = ["Ann", "Bob"]
type Word = re"[a-z]+"
type Score = int(min=1, max=10)
type Pet:
    name: str
    age: int?
    tags: list[str] = []
type Cat:
    kind: "cat"
    lives: int
type Dog:
    kind: "dog"
    lives: float
def f(
    i: int, x: float, s: str, b: bool, j: json, ints: list[int], texts: list[str], d: dict[str, int], p: Pet, c: Color,
    t: tuple[int, str], so: str?, po: Pet?, w: Word, score: Score, u: int | str, lit: "a" | "b", nested: list[list[int]],
    pets: list[Pet], animal: Cat | Dog, pair: list[int](min=2, max=2), flags: list[bool], js: list[json],
):
"""


def value_type(expression: str, folder: Path) -> str:
    analysis = analyze_text(f"{DECLARED}    value = {expression}\n", folder)
    assert not analysis.errors, shown(analysis.errors)
    assert analysis.typed is not None
    return types_of(analysis.typed)["value"]


def problem(expression: str, folder: Path) -> list[str]:
    return places(analyze_text(f"{DECLARED}    value = {expression}\n", folder).errors)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # literals and names
        ("1", "int"), ("1.5", "float"), ('"a"', "str"), ("true", "bool"), ("none", "none"), ("-2", "int"),
        ("5s", "float"), ("LIMIT", "int"), ("NAMES", "list[str]"), ("Color.red", "Color"), ('"{i} and {p}"', "str"),
        ('r"\\d"', "str"),
        # arithmetic
        ("i + 1", "int"), ("i + x", "float"), ("i / 2", "float"), ("i // 2", "int"), ("x // 2", "float"),
        ("i % 2", "int"), ("x % 2", "float"), ("-x", "float"), ("score + score", "int"), ('s + "b"', "str"),
        ("s + w", "str"), ("s * 3", "str"), ("3 * s", "str"), ("ints + ints", "list[int]"), ("ints * 2", "list[int]"),
        ("2 * texts", "list[str]"), ("ints + [1.5]", "list[float]"), ("t + (1.5,)", "tuple[int, str, float]"),
        ("[] + ints", "list[int]"),
        # comparison and logic
        ("i == 1", "bool"), ("i < x", "bool"), ("s < w", "bool"), ("t < t", "bool"), ("b and i > 1 or not b", "bool"),
        ("1 < i <= 3", "bool"), ('"a" in s', "bool"), ("i in ints", "bool"), ('"k" in d', "bool"),
        ("c == red", "bool"), ("red == c", "bool"), ("c in [red, green]", "bool"), ("so == none", "bool"),
        ("none != po", "bool"), ("j == 1", "bool"), ('lit == "a"', "bool"), ("i in t", "bool"), ("u == 1", "bool"),
        ("b < true", "bool"),
        # conditional expressions
        ("1 if b else 2", "int"), ("1 if b else 2.5", "float"), ('"a" if b else none', "str?"),
        ("i if b else s", "int | str"), ("so if so != none else s", "str"), ("po.name if po != none else s", "str"),
        ("[] if b else ints", "list[int]"),
        # collections
        ("[1, 2]", "list[int]"), ("[1, 2.5]", "list[float]"), ("[]", "list[never]"), ("[[], [1]]", "list[list[int]]"),
        ("(1, s)", "tuple[int, str]"), ('{"a": 1}', "dict[str, int]"), ('{"a": 1, "b": s}', "dict[str, int | str]"),
        ("[none, s]", "list[none | str]"), ("[w, s]", "list[str]"), ("[lit, lit]", "list[str]"),
        # access
        ("p.name", "str"), ("p.age", "int?"), ("p.tags", "list[str]"), ("ints[0]", "int"), ("ints[-1]", "int"),
        ("s[0]", "str"), ("t[0]", "int"), ("t[1]", "str"), ("t[-1]", "str"), ("t[i]", "int | str"), ('d["k"]', "int"),
        ("j.a.b", "json"), ('j["a"]', "json"), ("j[0]", "json"), ("ints[1:]", "list[int]"), ("s[:2]", "str"),
        ("s[::2]", "str"), ("nested[0][1]", "int"), ("pets[0].name", "str"), ("animal.kind", "str"),
        ("animal.lives", "float"), ("d[s]", "int"),
        # builtins
        ("len(s)", "int"), ("len(ints)", "int"), ("len(d)", "int"), ("len(t)", "int"), ("range(3)", "list[int]"),
        ("range(1, i, 2)", "list[int]"), ("min(ints)", "int"), ("max(1, x)", "float"), ("max(texts)", "str"),
        ("sum(ints)", "int"), ("sum([1.5])", "float"), ("sorted(texts)", "list[str]"),
        ("sorted(ints, true)", "list[int]"), ("reversed(ints)", "list[int]"), ("unique(texts)", "list[str]"),
        ("flatten(nested)", "list[int]"), ("mode(texts)", "str"), ("round(x)", "int"), ("round(x, 2)", "float"),
        ("abs(-i)", "int"), ("any(flags)", "bool"), ("all([i > 1 for i in ints])", "bool"), ("all(js)", "bool"),
        ("enumerate(texts)", "list[tuple[int, str]]"), ("enumerate(texts, 1)", "list[tuple[int, str]]"),
        ("zip(texts, ints)", "list[tuple[str, int]]"), ("int(s)", "int"), ("int(x)", "int"), ("int(j)", "int"),
        ("float(s)", "float"), ("str(p)", "str"), ("bool(i)", "bool"), ("json(p)", "str"), ("parse_json(s)", "json"),
        ("tokens(s)", "int"), ("describe(Pet)", "str"), ("describe(int, Word, Color)", "str"),
        ("max(pets[0].tags)", "str"), ("sum(pair)", "int"),
        # methods
        ("s.upper()", "str"), ("s.lower().title()", "str"), ("s.strip(\".\")", "str"), ("s.split()", "list[str]"),
        ('s.split(",")', "list[str]"), ("s.splitlines()", "list[str]"), ('", ".join(texts)', "str"),
        ('s.replace("a", "b")', "str"), ('s.startswith("a")', "bool"), ('s.endswith("a")', "bool"),
        ('s.find("a")', "int"), ('s.count("a")', "int"), ("s.isdigit()", "bool"), ("w.upper()", "str"),
        ('texts.index("a")', "int"), ("ints.count(1)", "int"), ("d.keys()", "list[str]"), ("d.values()", "list[int]"),
        ("d.items()", "list[tuple[str, int]]"), ('d.get("k", 0)', "int"), ('d.get("k")', "int?"),
        ('j.get("a", 1)', "json"), ("j.keys()", "list[str]"), ('lit.upper()', "str"), ("s.lstrip().rstrip()", "str"),
        # comprehensions
        ("[i * 2 for i in ints]", "list[int]"), ("[a for a, b in d.items()]", "list[str]"),
        ("[x for xs in nested for x in xs]", "list[int]"),
        ("[pet.age for pet in pets if pet.age != none]", "list[int]"),
        ("[[y for y in ys] for ys in nested]", "list[list[int]]"), ("[a for a in j]", "list[json]"),
        ("[n for n in t]", "list[int | str]"), ("[s for s in texts if s != \"\"][0]", "str"),
        # records
        ('Pet("Tom", 3)', "Pet"), ('Pet(name="Tom", age=none)', "Pet"), ('Pet("Tom", age=i, tags=["a"])', "Pet"),
        ("Pet(s, 1).name", "str"), ('Cat("cat", 9)', "Cat"),
    ],
)  # fmt: skip
def test_type(expression: str, expected: str, tmp_path: Path) -> None:
    assert value_type(expression, tmp_path) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("i + s", "SGL121 i + s"), ("s - s", "SGL121 s - s"), ("s + so", "SGL129 so"), ("j + 1", "SGL121 j + 1"),
        ("-s", "SGL121 -s"), ("b + 1", "SGL121 b + 1"), ("texts + s", "SGL121 texts + s"),
        ("texts * texts", "SGL121 texts * texts"), ("i == s", "SGL121 i == s"), ("i == none", "SGL121 i == none"),
        ("c == 1", "SGL121 c == 1"), ('c == "red"', 'SGL121 c == "red"'), ("i < s", "SGL121 i < s"),
        ("p < p", "SGL121 p < p"), ("so < s", "SGL129 so"), ("d < d", "SGL121 d < d"), ("i in s", "SGL121 i in s"),
        ("s in ints", "SGL121 s in ints"), ("1 in d", "SGL121 1 in d"), ("s in i", "SGL121 s in i"),
        ("not i", "SGL120 i"), ("s and b", "SGL120 s"), ("1 if s else 2", "SGL120 s"), ("1 if so else 2", "SGL120 so"),
        ("so.upper()", "SGL129 so"), ("po.name", "SGL129 po"), ("p.age + 1", "SGL129 p.age"),
        ("d[1]", "SGL121 d[1]"), ("ints[s]", "SGL121 ints[s]"), ("i[0]", "SGL121 i[0]"), ("p[0]", "SGL121 p[0]"),
        ("t[2]", "SGL121 2"), ("t[-3]", "SGL121 -3"), ("i[1:]", "SGL121 i[1:]"), ("s[:s]", "SGL120 s"),
        ("so[0]", "SGL129 so"), ("so[1:]", "SGL129 so"), ("p.nam", "SGL108 nam"), ("s.name", "SGL108 name"),
        ("d.k", "SGL108 k"), ("ints.name", "SGL108 name"), ("animal.color", "SGL108 color"),
        ("i.upper()", "SGL109 upper"), ("s.uper()", "SGL109 uper"), ("texts.append(s)", "SGL109 append"),
        ("p.upper()", "SGL109 upper"), ("p.name()", "SGL109 name"), ("j.upper()", "SGL109 upper"),
        ("u.upper()", "SGL109 upper"), ("Color.redd", "SGL108 redd"), ("Color.red()", "SGL113 Color.red"),
        ("len(i)", "SGL121 len(i)"), ("len()", "SGL111 len()"), ("len(s, s)", "SGL112 s"),
        ("len(text=s)", "SGL110 text"), ("min(i)", "SGL121 min(i)"), ("min(pets)", "SGL121 min(pets)"),
        ("sum(texts)", "SGL121 sum(texts)"), ("sorted(pets)", "SGL121 sorted(pets)"),
        ("sorted(ints, 1)", "SGL121 sorted(ints, 1)"), ("flatten(ints)", "SGL121 flatten(ints)"),
        ("round(s)", "SGL121 round(s)"), ("any(ints)", "SGL121 any(ints)"), ("zip(ints, i)", "SGL121 zip(ints, i)"),
        ("int(b)", "SGL121 int(b)"), ("int(p)", "SGL121 int(p)"), ("parse_json(i)", "SGL121 parse_json(i)"),
        ("range(x)", "SGL121 range(x)"), ("enumerate(i)", "SGL121 enumerate(i)"),
        ('", ".join(ints)', 'SGL121 ", ".join(ints)'), ("s.replace(s)", "SGL111 s.replace(s)"),
        ("s.find(1)", "SGL121 s.find(1)"), ("texts.index(1)", "SGL121 texts.index(1)"),
        ("d.get(1)", "SGL121 d.get(1)"), ('image("a.png")', 'SGL134 image("a.png")'), ("describe(i)", "SGL211 i"),
        ("describe()", "SGL111 describe()"), ("describe(Nope)", "SGL103 Nope"), ("[1 for a in i]", "SGL122 i"),
        ("[1 for a in s]", "SGL122 s"), ("[1 for a in d]", "SGL122 d"), ("[1 for a, b in ints]", "SGL124 a, b"),
        ("[1 for a, b, c in d.items()]", "SGL124 a, b, c"), ("[1 for a in ints if a]", "SGL120 a"),
        ("{1: 2}", "SGL120 1"), ("nope", "SGL103 nope"), ("print(s)", "SGL103 print"), ("Pet", "SGL114 Pet"),
        ("Color", "SGL114 Color"), ("f", "SGL114 f"), ("red", "SGL103 red"), ("len", "SGL103 len"),
        ("env.KEY", "SGL116 env.KEY"), ("i()", "SGL113 i"), ("p.name.x", "SGL108 x"), ("(1)(2)", "SGL113 1"),
        ("Pet()", "SGL111 Pet()"), ('Pet("a", 1, [], 2)', "SGL112 2"), ("Pet(1, 2)", "SGL120 1"),
        ("Pet(nam=s, age=1)", "SGL110 nam"), ("Pet(s, name=s, age=1)", "SGL112 name=s"),
        ('Cat("dog", 1)', 'SGL120 "dog"'), ("Color(1)", "SGL114 Color"), ('re"[a-z]"', 'SGL120 re"[a-z]"'),
    ],
)  # fmt: skip
def test_problem(expression: str, expected: str, tmp_path: Path) -> None:
    assert problem(expression, tmp_path) == [expected]


@pytest.mark.parametrize(
    ("type_", "expression", "fits"),
    [
        ("int", "1", True), ("float", "1", True), ("int", "1.5", False), ("str", "1", False), ("json", "[1]", True),
        ("str?", "none", True), ("str", "none", False), ("Color", "red", True), ("Color", '"red"', False),
        ("Color", "purple", False), ("list[Color]", "[red, green]", True), ("list[str]", "[]", True),
        ("list[str]", "[1]", False), ("list[float]", "[1, 2]", True), ('"a" | "b"', '"a"', True),
        ('"a" | "b"', '"c"', False), ("int(min=1, max=5)", "3", True), ("int(min=1, max=5)", "6", False),
        ("int(min=1, max=5)", "LIMIT", True), ("int(max=2)", "LIMIT", False), ('re"[a-z]+"', '"abc"', True),
        ('re"[a-z]+"', '"ABC"', False), ("str(max=2)", '"abc"', False), ("list[int](min=2)", "[1]", False),
        ("list[int](min=2)", "[1, 2]", True), ("tuple[int, str]", '(1, "a")', True),
        ("tuple[int, str]", "(1, 2)", False), ("dict[str, int]", '{"a": 1}', True),
        ("dict[str, int]", '{"a": "b"}', False), ("Pet", 'Pet("a", 1)', True), ("Pet?", "none", True),
        ("int | str", "1.5", False), ("list[int | str]", '[1, "a"]', True), ("bool", "1", False),
        ("none", "none", True), ("none", "1", False), ("1 | 2", "2", True), ("1 | 2", "3", False),
        ("dict[str, list[Color]]", '{"a": [red]}', True), ("-1 | 1", "-1", True),
    ],
)  # fmt: skip
def test_argument(type_: str, expression: str, fits: bool, tmp_path: Path) -> None:
    text = f"{DECLARED}    pass\ndef g(a: {type_}):\n    pass\ndef h():\n    g({expression})\n"
    found = analyze_text(text, tmp_path).errors
    assert (not found) == fits, shown(found)


@pytest.mark.parametrize(
    ("type_", "expression", "coerced"),
    [
        ("int", "i", False), ("float", "i", True), ("int", "j", True), ("Word", "s", True), ("Word", "w", False),
        ("str", "w", False), ("Score", "i", True), ("Score", "score", False), ("list[int]", "j", True),
        ("list[Score]", "[i]", True), ("json", "p", False), ("str?", "s", False), ("list[str](min=1)", "texts", True),
    ],
)  # fmt: skip
def test_run_time_checks(type_: str, expression: str, coerced: bool, tmp_path: Path) -> None:
    """What only run time can tell is noted for lowering, and nothing else."""
    analysis = analyze_text(f"{DECLARED}    g({expression})\ndef g(a: {type_}):\n    pass\n", tmp_path)
    assert not analysis.errors, shown(analysis.errors)
    assert analysis.typed is not None
    assert bool(analysis.typed.coercions) == coerced
