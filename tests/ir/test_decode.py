"""Values: generated text -> value, any value -> value of a type, value -> text; errors name the place."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.ir.decode import ConformError, conform, decode_text, insert_text, is_bare, same, to_json
from sglc.ir.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    NONE,
    STR,
    CallMember,
    CallType,
    Declared,
    DictType,
    EnumMember,
    EnumType,
    Field,
    FloatType,
    IntType,
    ListType,
    NamedType,
    RecordType,
    RegexType,
    StrType,
    TupleType,
    Type,
    literal,
    optional,
    union,
)

PRICE = NamedType("Price")
ORDER = NamedType("Order")
TABLE: dict[str, Declared] = {
    "Price": RecordType("Price", (Field("amount", FLOAT), Field("unit", STR, default='"EUR"'))),
    "Order": RecordType(
        "Order", (Field("items", ListType(PRICE)), Field("note", STR, optional=True), Field("size", INT, default="1"))
    ),
    "Intent": EnumType("Intent", (EnumMember("buy"), EnumMember("sell"))),
    "Short": RecordType("Short", (Field("x", INT),)),
    "Long": RecordType("Long", (Field("x", INT), Field("y", INT, default="0"))),
    "A": RecordType("A", (Field("n", union(NamedType("A"), NamedType("B"), NONE)),)),
    "B": RecordType("B", (Field("n", union(NamedType("A"), NamedType("B"), NONE)), Field("z", INT, default="3"))),
}
STEP = CallType(
    (CallMember("track", (Field("id", STR),), INT), CallMember("done", (Field("answer", STR), Field("sure", BOOL))))
)


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ('"quoted"', STR, '"quoted"'),
        ("buy", NamedType("Intent"), "buy"),
        ("b", union(literal("a"), literal("b")), "b"),
        ("a", literal("a"), "a"),
        ('"buy"', optional(NamedType("Intent")), "buy"),
        ("null", optional(NamedType("Intent")), None),
        ("12", RegexType(r"\d+"), "12"),
        ("3", INT, 3),
        ("3", FLOAT, 3.0),
        ("true", BOOL, True),
        ('[1,"a"]', TupleType((INT, STR)), (1, "a")),
        ('{"amount":2,"unit":"x"}', PRICE, {"amount": 2.0, "unit": "x"}),
        ('{"items":[],"size":2}', ORDER, {"items": [], "size": 2}),
        (' { "x" : 1 } ', NamedType("Short"), {"x": 1}),
        ('{"x":1}', union(NamedType("Long"), NamedType("Short")), {"x": 1}),
        ('{"name":"track","arguments":{"id":"7"}}', STEP, {"name": "track", "args": {"id": "7"}}),
        ('{"name":"done","arguments":{"answer":"a","sure":true}}', STEP, {"name": "done", "answer": "a", "sure": True}),
        ('{"a":[1,null]}', JSON, {"a": [1, None]}),
    ],
)
def test_decode_text(text: str, type_: Type, value: Any) -> None:
    got = decode_text(text, type_, TABLE)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("nope", NamedType("Intent")),
        ("ab", StrType(max=1)),
        ("x", RegexType(r"\d+")),
        ("{", ORDER),
        ('{"amount":2}', PRICE),
        ('{"unit":"x","amount":2}', PRICE),
        ("NaN", FLOAT),
        ("1e999", FLOAT),
        ('"\ud800"', JSON),
        ("[" * 2000 + "]" * 2000, JSON),
        ('{"arguments":{"id":"7"},"name":"track"}', STEP),
    ],
)
def test_decode_text_refuses(text: str, type_: Type) -> None:
    with pytest.raises(ConformError):
        decode_text(text, type_, TABLE)


@pytest.mark.parametrize(
    ("value", "type_", "result"),
    [
        ({"amount": 1}, PRICE, {"amount": 1.0, "unit": "EUR"}),
        ({"size": 3, "items": [{"amount": 1, "unit": ""}]}, ORDER, {"items": [{"amount": 1.0, "unit": ""}], "size": 3}),
        ([1, 2], TupleType((INT, FLOAT)), (1, 2.0)),
        ((1, 2), ListType(INT), [1, 2]),
        (None, optional(STR), None),
        (1, union(STR, INT), 1),
        ({"x": 1}, union(NamedType("Long"), NamedType("Short")), {"x": 1, "y": 0}),
        (
            {"name": "track", "args": {"id": "1"}, "result": 4},
            STEP,
            {"name": "track", "args": {"id": "1"}, "result": 4},
        ),
        ({"name": "done", "answer": "z", "sure": False}, STEP, {"name": "done", "answer": "z", "sure": False}),
        ({"a": (1, 2)}, JSON, {"a": [1, 2]}),
        (10**40, INT, 10**40),
    ],
)
def test_conform(value: Any, type_: Type, result: Any) -> None:
    got = conform(value, type_, TABLE)
    assert to_json(got) == to_json(result)
    assert type(got) is type(result)


@pytest.mark.parametrize(
    ("value", "type_", "path", "message"),
    [
        (3, STR, "", "found 3, expected str"),
        (True, INT, "", "found true, expected int"),
        (3.0, INT, "", "found 3.0, expected int"),
        (12, IntType(max=10), "", "found 12, expected int(max=10)"),
        (0.5, FloatType(min=1), "", "found 0.5, expected float(min=1)"),
        (float("nan"), FLOAT, "", "found nan, expected float"),
        (float("inf"), JSON, "", "found inf, expected json"),
        (10**400, FLOAT, "", "expected float"),
        ("abc", StrType(max=2), "", 'found "abc" (3 characters), expected str(max=2)'),
        ([], ListType(INT, min=1), "", "found [] (0 items), expected list[int](min=1)"),
        ("\ud800", STR, "", "lone surrogate"),
        ({"\ud800": 1}, DictType(INT), "", "lone surrogate"),
        ({1: 2}, DictType(INT), "", "found 1, expected str"),
        ("x", NamedType("Intent"), "", 'found "x", expected Intent: `buy`, `sell`'),
        ({"items": [{"amount": 1}, {"amount": "x"}]}, ORDER, "items[1].amount", 'found "x", expected float'),
        ({"items": [{"amount": 1, "q": 1}]}, ORDER, "items[0]", "unknown field `q`, expected `amount`, `unit`"),
        ({"items": [{}]}, optional(ORDER), "items[0]", "found no field `amount`, which is required"),
        ({"odd key": [1, "x"]}, DictType(ListType(INT)), '["odd key"][1]', 'found "x", expected int'),
        ([[1], 2], ListType(ListType(INT)), "[1]", "found 2, expected list[int]"),
        (object(), JSON, "", "found a Python object, expected json"),
        (b"x", STR, "", "found a Python bytes, expected str"),
        ("x" * 500, INT, "", "x..., expected int"),
        ({"name": "other"}, STEP, "", 'found name "other", expected `track`, `done`'),
        ({"name": "track", "args": {"id": 5}}, STEP, "args.id", "found 5, expected str"),
    ],
)
def test_conform_refuses(value: Any, type_: Type, path: str, message: str) -> None:
    with pytest.raises(ConformError) as caught:
        conform(value, type_, TABLE)
    assert caught.value.path == path
    assert message in caught.value.message
    assert str(caught.value).startswith(path)


def test_nested_unions_take_no_exponential_time() -> None:
    value: Any = "bad"
    for _ in range(40):
        value = {"n": value, "z": 1}
    start = time.thread_time()
    with pytest.raises(ConformError):
        conform(value, union(NamedType("A"), NamedType("B")), TABLE)
    shared: Any = [1]
    for _ in range(60):
        shared = [shared, shared]
    conform(shared, JSON, TABLE)
    assert time.thread_time() - start < 1


def test_endless_values_are_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(ConformError, match="nested"):
        conform(loop, JSON, TABLE)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=8,
)


@given(json_values)
@settings(deadline=None)
def test_json_round_trip(value: Any) -> None:
    text = to_json(value)
    assert same(decode_text(text, JSON, {}), value)
    assert to_json(decode_text(text, JSON, {})) == text


@given(st.one_of(json_values, st.binary(), st.text(alphabet="\ud800a"), st.tuples(st.integers())), st.data())
@settings(deadline=None, max_examples=150)
def test_conform_is_total_and_idempotent(value: Any, data: st.DataObject) -> None:
    types: list[Type] = [STR, INT, FLOAT, BOOL, NONE, JSON, PRICE, ORDER, STEP, ListType(JSON), DictType(optional(INT)),
             TupleType((JSON, STR)), union(INT, NamedType("Intent"), ListType(STR))]  # fmt: skip
    type_ = data.draw(st.sampled_from(types))
    try:
        result = conform(value, type_, TABLE)
    except ConformError:
        return
    assert conform(result, type_, TABLE) == result


def test_bare_types() -> None:
    assert is_bare(STR, TABLE)
    assert is_bare(NamedType("Intent"), TABLE)
    assert is_bare(union(literal("a"), literal("b")), TABLE)
    assert not is_bare(union(literal("a"), literal(1)), TABLE)
    assert not is_bare(optional(STR), TABLE)
    assert not is_bare(ORDER, TABLE)


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        ("a", STR, "a"),
        ("a", optional(STR), "a"),
        ("a", JSON, '"a"'),
        ("buy", NamedType("Intent"), "buy"),
        (None, optional(STR), "null"),
        (1.0, FLOAT, "1.0"),
        ((1, "é\n\x1f"), TupleType((INT, STR)), '[1,"é\\n\\u001f"]'),
        ({"x": True}, JSON, '{"x":true}'),
        ("a", union(JSON, NONE), '"a"'),
        ("a", union(STR, NONE), "a"),
    ],
)
def test_insert_text(value: Any, type_: Type, text: str) -> None:
    assert insert_text(value, type_) == text
