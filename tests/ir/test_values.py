"""Pure functions: what they give, that they refuse with one line, and that they are total and bounded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.ir.decode import ConformError
from sglc.ir.ops import Pattern
from sglc.ir.types import (
    FLOAT,
    INT,
    JSON,
    STR,
    EnumMember,
    EnumType,
    Field,
    ListType,
    NamedType,
    RecordType,
    TypeTable,
    optional,
)  # fmt: skip
from sglc.ir.value_checks import MAX_INT, MIN_INT
from sglc.ir.values import FUNCTIONS, EvalError, apply, fit_arguments, format_parts, matches

GIVES: list[tuple[str, list[Any], Any]] = [
    ("add", [1, 2], 3),
    ("add", [1, 2.5], 3.5),
    ("add", ["a", "b"], "ab"),
    ("add", [[1], [2]], [1, 2]),
    ("add", [(1,), ("a",)], (1, "a")),
    ("sub", [1, 2], -1),
    ("mul", [3, "ab"], "ababab"),
    ("mul", [[0], 3], [0, 0, 0]),
    ("mul", ["a", -1], ""),
    ("mul", ["", 10**12], ""),
    ("mul", [2, 1.5], 3.0),
    ("div", [4, 2], 2.0),
    ("floordiv", [-7, 2], -4),
    ("floordiv", [7.5, 2], 3.0),
    ("mod", [-7, 2], 1),
    ("neg", [3], -3),
    ("not", [[]], True),
    ("eq", [1, 1.0], True),
    ("eq", [True, 1], False),
    ("eq", [[True], [1]], False),
    ("eq", [[1, (2.0, "a")], [1.0, (2, "a")]], True),
    ("eq", [{"a": 1, "b": None}, {"b": None, "a": 1}], True),
    ("eq", ["1", 1], False),
    ("eq", [None, 0], False),
    ("ne", [{"a": []}, {"a": {}}], True),
    ("lt", ["Z", "a"], True),
    ("lt", ["é", "z"], False),
    ("lt", [(1, "b"), (1, "c")], True),
    ("le", [[1], [1, 0]], True),
    ("gt", [2, 1.5], True),
    ("ge", [False, True], False),
    ("in", ["b", "abc"], True),
    ("in", [1.0, [1, 2]], True),
    ("in", [True, [1, 2]], False),
    ("in", ["k", {"k": 1}], True),
    ("not_in", [3, [1, 2]], True),
    ("index", [[1, 2, 3], -1], 3),
    ("index", ["añb", 1], "ñ"),
    ("index", [{"k": 1}, "k"], 1),
    ("index", [(1, "a"), 1], "a"),
    ("slice", ["abcd", 1, None], "bcd"),
    ("slice", [[1, 2, 3], None, None, -1], [3, 2, 1]),
    ("slice", [(1, 2, 3), -2, 99, None], (2, 3)),
    ("list", [], []),
    ("list", [1, "a"], [1, "a"]),
    ("tuple", [1, "a"], (1, "a")),
    ("dict", ["a", 1, "b", 2, "a", 3], {"a": 3, "b": 2}),
    ("len", ["añ"], 2),
    ("len", [{"a": 1}], 1),
    ("range", [3], [0, 1, 2]),
    ("range", [5, 0, -2], [5, 3, 1]),
    ("range", [3, 1], []),
    ("range", [0, -5], []),
    ("min", [[3, 1, 2]], 1),
    ("max", [1, 3, 2], 3),
    ("max", [[(1, "a"), (1, "b")]], (1, "b")),
    ("max", [[1, 1.0]], 1),
    ("sum", [[]], 0),
    ("sum", [[0.1] * 10], 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1),
    ("sorted", [["b", "a"]], ["a", "b"]),
    ("sorted", [[(2, "x"), (1, "y"), (2, "a")], True], [(2, "x"), (2, "a"), (1, "y")]),
    ("reversed", [[1, 2]], [2, 1]),
    ("mode", [["b", "a", "a", "b"]], "b"),
    ("mode", [[{"x": 1}, {"x": 2}, {"x": 2.0}]], {"x": 2}),
    ("round", [2.5], 2),
    ("round", [3.5], 4),
    ("round", [2.675, 2], 2.67),
    ("round", [7, 1], 7.0),
    ("round", [1234.5, -2], 1200.0),
    ("abs", [-2.5], 2.5),
    ("any", [[False, True]], True),
    ("all", [[]], True),
    ("enumerate", [["a", "b"]], [(0, "a"), (1, "b")]),
    ("zip", [[1, 2, 3], ["a", "b"]], [(1, "a"), (2, "b")]),
    ("unique", [[1, True, 1.0, "1", True]], [1, True, "1"]),
    ("flatten", [[[1], [], [2, [3]]]], [1, 2, [3]]),
    ("int", [" -12 "], -12),
    ("int", [2.9], 2),
    ("float", ["1e3"], 1000.0),
    ("float", [3], 3.0),
    ("bool", [""], False),
    ("str", ["a"], "a"),
    ("str", [True], "true"),
    ("str", [{"a": [1, 2.0, None]}], '{"a":[1,2.0,null]}'),
    ("json", ["a"], '"a"'),
    ("json", [(1, "ü")], '[1,"ü"]'),
    ("parse_json", [' {"a": [1, 2.5]} '], {"a": [1, 2.5]}),
    ("str.upper", ["straße"], "STRASSE"),
    ("str.lower", ["ÀB"], "àb"),
    ("str.title", ["two words"], "Two Words"),
    ("str.strip", ["  a "], "a"),
    ("str.strip", ["xax", "x"], "a"),
    ("str.lstrip", [" a "], "a "),
    ("str.rstrip", [" a "], " a"),
    ("str.split", [" a  b "], ["a", "b"]),
    ("str.split", ["a,,b", ","], ["a", "", "b"]),
    ("str.join", [", ", ["a", "b"]], "a, b"),
    ("str.replace", ["aaa", "a", "bb"], "bbbbbb"),
    ("str.startswith", ["abc", "ab"], True),
    ("str.endswith", ["abc", "ab"], False),
    ("str.find", ["abc", "z"], -1),
    ("str.count", ["abab", "ab"], 2),
    ("str.splitlines", ["a\nb\n"], ["a", "b"]),
    ("str.isdigit", ["12"], True),
    ("str.isdigit", ["²"], False),
    ("list.index", [["a", "b"], "b"], 1),
    ("list.count", [[1, 1.0, True], 1], 2),
    ("dict.keys", [{"a": 1}], ["a"]),
    ("dict.values", [{"a": 1}], [1]),
    ("dict.items", [{"a": 1}], [("a", 1)]),
    ("dict.get", [{"a": 1}, "a"], 1),
    ("dict.get", [{}, "a", 5], 5),
]

REFUSES: list[tuple[str, list[Any], str | None]] = [
    ("add", [1, "a"], "`+`: cannot be used with int and str"),
    ("add", [True, 1], "`+`: cannot be used with bool and int"),
    ("add", [MAX_INT, 1], "`+`: number out of range"),
    ("mul", [1e300, 1e300], "`*`: number out of range"),
    ("mul", ["ab", 10**9], "`*`: the text would have 2000000000 characters, at most 10000000 are allowed"),
    ("mul", [[1], 100_001], "`*`: the list would have 100001 items, at most 100000 are allowed"),
    ("div", [1, 0], "`/`: division by zero"),
    ("floordiv", [MIN_INT, -1], "`//`: number out of range"),
    ("neg", [MIN_INT], "`-`: number out of range"),
    ("lt", [1, "a"], "`<`: int and str have no order"),
    ("lt", [None, None], "`<`: none and none have no order"),
    ("lt", [(1, "a"), (1, 2)], "`<`: str and int have no order"),
    ("in", [1, "abc"], "`in`: found int, expected str"),
    ("index", [[1], 1], "`[]`: there is no item 1 among 1"),
    ("index", [{"a": 1}, "b"], "`[]`: there is no key `b`"),
    ("slice", [[1], None, None, 0], "`[:]`: the step is 0"),
    ("dict", [1, 2], "`dict`: found int, expected str"),
    ("range", [10**6], "`range`: the list would have 1000000 items, at most 100000 are allowed"),
    ("range", [MIN_INT, MAX_INT], f"`range`: the list would have {2**64 - 1} items, at most 100000 are allowed"),
    ("max", [[]], "`max`: the list is empty"),
    ("sorted", [[1, "a"]], "`sorted`: str and int have no order"),
    ("int", ["1.5"], "`int`: found '1.5', expected int as text"),
    ("int", ["١"], "`int`: found '١', expected int as text"),
    ("int", ["9" * 5000], "`int`: number out of range"),
    ("int", [1e19], "`int`: number out of range"),
    ("int", [True], "`int`: found bool, expected a number"),
    ("float", ["nan"], "`float`: found 'nan', expected float as text"),
    ("float", ["1e999"], "`float`: number out of range"),
    ("parse_json", ["{"], "`parse_json`: not JSON: input data was truncated"),
    ("parse_json", [str(2**64)], "`parse_json`: number out of range"),
    ("parse_json", ["[" * 5000 + "]" * 5000], "`parse_json`: the value is nested too deep"),
    ("parse_json", ["[" * 150 + "]" * 150], "`parse_json`: the value is nested deeper than 100 levels"),
    ("str.split", ["a", ""], "`str.split`: the separator is empty"),
    ("str.replace", ["a" * 1000, "", "b" * 100_000], None),
    ("str.join", ["", [1]], "`str.join`: found int, expected str"),
    ("list.index", [["a"], "b"], "`list.index`: the value is not in the list"),
    ("json", ["\ud800"], "`json`: the text holds half a character (a lone surrogate)"),
    ("upper", ["a"], "unknown function `upper`"),
    ("len", [], "`len`: found 0 arguments, expected 1"),
    ("round", [1, 2, 3], "`round`: found 3 arguments, expected 1 to 2"),
    ("max", [], "`max`: found 0 arguments, expected 1 or more"),
]


@pytest.mark.parametrize(("function", "args", "value"), GIVES, ids=str)
def test_gives(function: str, args: list[Any], value: Any) -> None:
    found = apply(function, args)
    assert (found, type(found)) == (value, type(value))
    assert repr(found) == repr(value)


@pytest.mark.parametrize(("function", "args", "message"), REFUSES, ids=lambda value: str(value)[:30])
def test_refuses(function: str, args: list[Any], message: str | None) -> None:
    with pytest.raises(EvalError) as caught:
        apply(function, args)
    assert message is None or caught.value.message == message


def test_every_function_has_a_case() -> None:
    assert {name for name, _, _ in GIVES} == set(FUNCTIONS)


def test_a_value_that_shares_its_parts_is_bounded() -> None:
    huge: list[Any] = [1]
    for _ in range(60):
        huge = [huge, huge]
    for function, args in (("json", [huge]), ("eq", [huge, huge]), ("lt", [huge, huge]), ("unique", [[huge]])):
        with pytest.raises(EvalError, match="holds more than 1000000 values"):
            apply(function, args)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.sampled_from([float("inf"), 1e308, 2**70])
)
SMALL = st.integers(-3, 3) | st.sampled_from(["", "a", ",", "1", "[1]"])
JSON_LIKE = st.recursive(
    SCALARS | SMALL,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(JSON_LIKE, max_size=4))
@settings(max_examples=500, deadline=None)
def test_every_function_is_total(function: str, args: list[Any]) -> None:
    message = ""
    try:
        apply(function, args)
    except EvalError as error:
        message = error.message or "empty"
    assert message != "empty"
    assert message.isprintable()


@given(st.lists(JSON_LIKE, min_size=3, max_size=3))
@settings(max_examples=200, deadline=None)
def test_equality_is_an_equivalence(values: list[Any]) -> None:
    def eq(a: Any, b: Any) -> Any:
        return apply("eq", [a, b])

    try:
        a, b, c = values
        assert eq(a, b) == eq(b, a)
        assert not (eq(a, b) and eq(b, c)) or eq(a, c)
        assert apply("ne", [a, b]) == (not eq(a, b))
    except EvalError:
        return  # numbers that no program can hold


TABLE: TypeTable = {
    "Mood": EnumType("Mood", (EnumMember("glad"), EnumMember("sad"))),
    "Small": RecordType("Small", (Field("x", INT), Field("note", STR, default='"-"'))),
    "Large": RecordType("Large", (Field("x", INT), Field("y", INT, default="0"))),
}


@pytest.mark.parametrize(
    ("pattern", "value", "taken"),
    [
        (Pattern("any"), None, True),
        (Pattern("literal", json="1"), 1.0, True),
        (Pattern("literal", json="1"), True, False),
        (Pattern("literal", json='"glad"'), "glad", True),
        (Pattern("literal", json="null"), None, True),
        (Pattern("type", type=NamedType("Mood")), "glad", True),
        (Pattern("type", type=NamedType("Mood")), "other", False),
        (Pattern("type", type=INT), 1, True),
        (Pattern("type", type=INT), True, False),
        (Pattern("type", type=NamedType("Small")), {"x": 1, "note": "a"}, True),
        (Pattern("type", type=NamedType("Small")), {"x": 1, "y": 2}, False),
        (Pattern("type", type=NamedType("Small")), {"x": 1}, False),
        (Pattern("type", type=ListType(INT)), (1, 2), True),
        (Pattern("member", name="done"), {"name": "done", "answer": "a"}, True),
        (Pattern("member", name="done"), {"name": "track", "args": {}}, False),
        (Pattern("member", name="done"), "done", False),
    ],
    ids=str,
)
def test_matches(pattern: Pattern, value: Any, taken: bool) -> None:
    assert matches(pattern, value, TABLE) is taken


def test_format_parts() -> None:
    parts = ("a ", 0, " ", 1, 2, "!")
    assert format_parts(parts, ["x", "x", [1, "y"]], [STR, JSON, ListType(JSON)]) == 'a x "x"[1,"y"]!'
    assert format_parts((0,), ["x"], [optional(JSON)]) == '"x"'
    with pytest.raises(EvalError, match="at most 10000000"):
        format_parts((0, 0), ["a" * 6_000_000], [STR])


def test_fit_arguments() -> None:
    fields = (Field("a", FLOAT), Field("b", optional(STR), default="null"), Field("c", NamedType("Small")))
    fitted = fit_arguments(fields, {"c": {"x": 1}, "a": 2}, TABLE)
    assert repr(fitted) == "[2.0, None, {'x': 1, 'note': '-'}]"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({}, "found no argument `a`, which is required"),
        ({"a": "x"}, 'a: found "x", expected list[int]'),
        ({"a": [1, "x"]}, 'a[1]: found "x", expected int'),
        ({"a": [], "z": 1}, "found unknown argument `z`, expected `a`"),
    ],
    ids=str,
)
def test_fit_arguments_refuses(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConformError) as caught:
        fit_arguments((Field("a", ListType(INT)),), args, {})
    assert str(caught.value) == message
