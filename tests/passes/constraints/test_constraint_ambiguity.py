"""Unions whose members share a text, against the product of their whole automata."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    UnionType,
    literal,
    optional,
)
from sglc.passes.constraints.ambiguity import ambiguous_union
from sglc.passes.constraints.budget import BudgetError
from sglc.passes.constraints.dfa import common_text
from sglc.passes.constraints.lower_type import json_dfa


def record(name: str, **types: Type) -> RecordType:
    return RecordType(name, tuple(Field(key, type_) for key, type_ in types.items()))


TABLE: dict[str, Declared] = {
    "A": record("A", kind=literal("a"), x=INT),
    "B": record("B", kind=literal("b"), x=INT),
    "C": RecordType("C", (Field("x", INT), Field("y", STR, optional=True))),
    "D": record("D", x=FLOAT),
    "E": EnumType("E", (EnumMember("p"), EnumMember("q"))),
    "Int": record("Int", v=INT, n=optional(NamedType("Int"))),
    "Float": record("Float", v=FLOAT, n=optional(NamedType("Float"))),
    "Never1": record("Never1", n=NamedType("Never1")),
    "Never2": record("Never2", n=NamedType("Never2")),
    "X1": record("X1", n=NamedType("X2")),
    "X2": record("X2", n=optional(NamedType("X1"))),
    "Y1": record("Y1", n=NamedType("Y2")),
    "Y2": record("Y2", n=optional(NamedType("Y1"))),
}
A, B, C, D, E = (NamedType(name) for name in "ABCDE")


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ((INT, FLOAT), "0"),
        ((INT, STR), None),
        ((A, B), None),
        ((A, C), None),
        ((C, D), '{"x":0}'),
        ((IntType(0, 5), IntType(6, 9)), None),
        ((IntType(0, 5), FloatType(5.5, 9.0)), None),
        ((IntType(0, 5), FloatType(5.0, 9.0)), "5"),
        ((literal("a"), STR), '"a"'),
        ((literal("p"), E), '"p"'),
        ((literal("z"), E), None),
        ((literal(True), BOOL), "true"),
        ((ListType(INT), ListType(STR)), "[]"),
        ((ListType(INT, min=1), ListType(STR)), None),
        ((ListType(INT, min=2), ListType(FLOAT)), "[0,0]"),
        ((ListType(INT), TupleType((INT, FLOAT))), "[0,0]"),
        ((ListType(INT), TupleType((INT, STR))), None),
        ((JSON, NONE), "null"),
        ((JSON, A), '{"kind":"a","x":0}'),
        ((JSON, ListType(ListType(ListType(INT, 1), 1), 1)), "[[[0]]]"),
        ((JSON, ListType(ListType(ListType(ListType(INT, 1), 1), 1), 1)), None),
        ((DictType(INT), A), None),
        ((DictType(INT), C), '{"x":0}'),
        ((DictType(INT), DictType(STR)), "{}"),
        ((literal({"x": 1}), C), '{"x":1}'),
        ((literal({"x": "1"}), C), None),
        ((literal([1, 2]), ListType(INT)), "[1,2]"),
        ((RegexType("a+"), RegexType("(aa)+b?")), '"aa"'),
        ((RegexType("a+"), RegexType("b+")), None),
        ((StrType(max=5), StrType(min=6)), None),
        ((StrType(max=50_000), StrType(min=3)), '"aaa"'),
        ((NamedType("Int"), NamedType("Float")), '{"v":0,"n":null}'),
        ((NamedType("Never1"), NamedType("Never2")), None),
        ((NamedType("X1"), NamedType("Y1")), '{"n":{"n":null}}'),
    ],
)
def test_pairs(members: tuple[Type, ...], text: str | None) -> None:
    for order in (members, members[::-1]):
        found = ambiguous_union(UnionType(order), TABLE)
        assert found == (None if text is None else (*order, text))


@pytest.mark.parametrize(
    "type_",
    [
        ListType(UnionType((BOOL, INT, FLOAT))),
        DictType(TupleType((UnionType((INT, FLOAT)),))),
        CallType((CallMember("f", (Field("x", UnionType((INT, FLOAT))),)),)),
        NamedType("Outer"),
    ],
)
def test_anywhere_inside(type_: Type) -> None:
    table = {
        **TABLE,
        "Outer": record("Outer", inner=NamedType("Inner")),
        "Inner": record("Inner", x=UnionType((INT, FLOAT))),
    }
    assert ambiguous_union(type_, table) == (INT, FLOAT, "0")


def test_many_choices_are_fast() -> None:
    start = time.thread_time()
    assert ambiguous_union(UnionType(tuple(literal(str(i)) for i in range(3000))), {}) is None
    assert ambiguous_union(UnionType((*[literal(str(i)) for i in range(3000)], INT)), {}) is None
    assert time.thread_time() - start < 1


def test_too_large_to_compare() -> None:
    with pytest.raises(BudgetError):
        ambiguous_union(UnionType((StrType(max=5000), RegexType("a{6000}"))), {})


scalars = st.sampled_from(
    [INT, FLOAT, BOOL, NONE, E, IntType(0, 5), IntType(5, 7), FloatType(6.5, 6.75), StrType(max=2), StrType(min=2),
     RegexType("p+"), RegexType("[0-9]{2}"), literal("p"), literal("pp"), literal(6), literal(True), literal({"x": 6}),
     literal([6]), literal([]), A, B, C, D]
)  # fmt: skip
shapes = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.tuples(inner, st.integers(0, 1)).map(lambda p: ListType(p[0], p[1])),
        inner.map(DictType),
        st.lists(inner, max_size=2).map(lambda items: TupleType(tuple(items))),
    ),
    max_leaves=3,
)


@given(shapes, shapes)
@settings(max_examples=80, deadline=None)
def test_like_the_product_of_automata(a: Type, b: Type) -> None:
    if a == b:
        return
    found = ambiguous_union(UnionType((a, b)), TABLE)
    first, second = json_dfa(a, TABLE), json_dfa(b, TABLE)
    assert (found is None) == (common_text(first, second) is None)
    if found:
        assert first.matches(found[2].encode())
        assert second.matches(found[2].encode())
