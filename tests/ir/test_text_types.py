"""Types and declarations in textual IR: `show` and parse_type are each other's inverse, and so are whole declarations."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.ir.graph import Graph, Model, Serve, Session
from sglc.ir.graph import Test as DeclaredTest
from sglc.ir.text import IrTextError, parse_graph, parse_type, print_graph
from sglc.ir.tools import PythonSpec, ToolSpec
from sglc.ir.types import (
    BOOL,
    CONTEXT,
    INT,
    JSON,
    NEVER,
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
    LiteralType,
    NamedType,
    RecordType,
    RegexType,
    SessionType,
    StrType,
    TupleType,
    Type,
    UnionType,
    show,
)
from sglc.source import Location

NAMES = st.sampled_from(["Address", "a.b", "str", "list", "type", "session", "true", "Größe", "a b", "", "error", "re"])
TEXT = st.text(max_size=6) | st.sampled_from(['"', "\\", '\\"', "\n", "é", "[A-Z]?\\d", "a|b", " "])
BOUND = st.none() | st.integers(0, 9)
JSON_TEXT = st.sampled_from(
    ['"a"', '"\\u00e9 \\n"', "3", "-1.5e3", "1.0", "true", "null", "[]", '{"a":[1,"b c"],"d":{}}']
)


def fields(types: st.SearchStrategy[Type]) -> st.SearchStrategy[Field]:
    return st.builds(Field, NAMES, types, TEXT, st.none() | JSON_TEXT, st.booleans())


def flat_union(members: list[Type]) -> Type:
    flat = tuple(dict.fromkeys(m for t in members for m in (t.members if isinstance(t, UnionType) else (t,))))
    return UnionType(flat) if len(flat) > 1 else flat[0]


def composed(types: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    arguments = st.lists(fields(types), max_size=2).map(tuple)
    members = st.lists(st.builds(CallMember, NAMES, arguments, st.none() | types), min_size=1, max_size=2)
    return st.one_of(
        st.builds(ListType, types, st.integers(0, 3), BOUND),
        st.builds(DictType, types),
        st.builds(TupleType, st.lists(types, max_size=3).map(tuple)),
        st.lists(types, min_size=2, max_size=3).map(flat_union),
        st.builds(CallType, members.map(tuple)),
    )


LEAVES: st.SearchStrategy[Type] = st.one_of(
    st.sampled_from([BOOL, NONE, JSON, NEVER, CONTEXT]),
    st.builds(StrType, st.integers(0, 3), BOUND),
    st.builds(IntType, BOUND, st.none() | st.integers()),
    st.builds(FloatType, st.none() | st.floats(allow_nan=False), BOUND),
    st.builds(RegexType, TEXT),
    st.builds(LiteralType, JSON_TEXT),
    st.builds(NamedType, NAMES),
    st.builds(SessionType, NAMES),
)
TYPES = st.recursive(LEAVES, composed, max_leaves=6)


@settings(max_examples=300, deadline=None)
@given(TYPES)
def test_types_round_trip(type_: Type) -> None:
    assert parse_type(show(type_)) == type_


@pytest.mark.parametrize(
    ("type_", "shown"),
    [
        (RegexType('[A-Z]"?\\d'), 're("[A-Z]\\"?\\\\d")'),
        (RegexType('[A-Z]\\"?\\d'), 're"[A-Z]\\"?\\d"'),
        (RegexType("a\nb"), 're("a\\nb")'),
        (UnionType((STR, NONE)), "str?"),
        (UnionType((NONE, STR)), "none | str"),
        (UnionType((LiteralType('"a"'), LiteralType('"b"'), NONE)), '"a" | "b" | none'),
        (ListType(UnionType((INT, STR)), 1, 3), "list[int | str](min=1, max=3)"),
        (FloatType(min=0.0, max=1e-7), "float(min=0, max=1e-07)"),
        (NamedType("list"), "type list"),
        (SessionType("chat"), "session chat"),
        (DictType(NamedType("A")), "dict[str, A]"),
    ],
)
def test_types_show(type_: Type, shown: str) -> None:
    assert show(type_) == shown
    assert parse_type(shown) == type_


def test_a_type_that_is_none() -> None:
    with pytest.raises(IrTextError, match="1:6: unexpected the end"):
        parse_type("list[")


# --- everything ------------------------------------------------------------------------------------------------------

DECLARED: st.SearchStrategy[Declared] = st.one_of(
    st.builds(RecordType, NAMES, st.lists(fields(TYPES), max_size=2).map(tuple), TEXT, BOUND),
    st.builds(EnumType, NAMES, st.lists(st.builds(EnumMember, NAMES, TEXT), max_size=3).map(tuple), TEXT),
)
FIELDS = st.lists(fields(TYPES), max_size=2).map(tuple)
LOCATIONS = st.builds(Location, TEXT, st.integers(1, 99), st.integers(1, 99))


@settings(max_examples=40, deadline=None)
@given(
    st.builds(
        Graph,
        functions=st.just(()),
        types=st.lists(DECLARED, max_size=2).map(tuple),
        tools=st.lists(
            st.builds(ToolSpec, NAMES, FIELDS, TYPES, st.builds(PythonSpec, TEXT), location=LOCATIONS), max_size=1
        ).map(tuple),
        models=st.lists(st.builds(Model, NAMES, TEXT, TEXT), max_size=1).map(tuple),
        sessions=st.lists(st.builds(Session, NAMES, FIELDS, FIELDS, FIELDS, TYPES), max_size=1).map(tuple),
        serves=st.lists(st.builds(Serve, NAMES, TEXT, TEXT, TEXT), max_size=1).map(tuple),
        tests=st.lists(st.builds(DeclaredTest, TEXT, NAMES, TEXT), max_size=1).map(tuple),
        entry=NAMES,
    )
)
def test_declarations_round_trip(graph: Graph) -> None:
    assert parse_graph(print_graph(graph, locations=True)) == graph
