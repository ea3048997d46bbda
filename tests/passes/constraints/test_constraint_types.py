"""Types: every text that the automaton accepts is a value of the type, and every value's text is accepted."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.ir.decode import ConformError, conform, decode_text, is_bare, to_json
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
    union,
)
from sglc.passes.constraints.budget import Budget, BudgetError, ConstraintError
from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.lower_type import build_dfa, constraint_for, json_dfa

TREE, PAIR = NamedType("Tree"), NamedType("Pair")
TABLE: dict[str, Declared] = {
    "Intent": EnumType("Intent", (EnumMember("buy"), EnumMember("sell"), EnumMember("é"))),
    "Pair": RecordType("Pair", (Field('a "b"', IntType(0, 9)), Field("c", optional(STR)))),
    "Loose": RecordType(
        "Loose", (Field("x", INT, optional=True), Field("y", BOOL), Field("z", NONE, optional=True), Field("w", STR))
    ),
    "Absent": RecordType("Absent", tuple(Field(n, BOOL, optional=True) for n in "pqr")),
    "Tree": RecordType("Tree", (Field("v", IntType(0, 9)), Field("kids", ListType(TREE)))),
    "Chain": RecordType("Chain", (Field("next", optional(NamedType("Chain"))),), depth=2),
    "Even": RecordType("Even", (Field("odd", NamedType("Odd"), optional=True),), depth=2),
    "Odd": RecordType("Odd", (Field("even", NamedType("Even")),)),
    "Endless": RecordType("Endless", (Field("again", NamedType("Endless")),)),
    "Empty": EnumType("Empty", ()),
}


def texts(dfa: Dfa, count: int, seed: int) -> list[str]:
    """Random walks that head for the nearest end once they are long."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        state, text = 0, bytearray()
        patience = rng.choice([0, 5, 20, 80])
        while not (dfa.is_final(state) and (len(text) >= patience or rng.random() < 0.05)):
            steps = [(byte, dfa.step(state, byte)) for byte in range(256)]
            steps = [(byte, after) for byte, after in steps if after >= 0]
            if not steps:
                break
            if len(text) >= patience:
                steps = [s for s in steps if dfa.distances[s[1]] < dfa.distances[state]]
            byte, state = rng.choice(steps)
            text.append(byte)
        found.append(text.decode())
    return found


@pytest.mark.parametrize(
    ("type_", "accepted", "refused"),
    [
        (StrType(1, 2), ["a", "éü", "\n\x00"], ["", "abc"]),
        (RegexType(r"\d{2}"), ["12"], ['"12"', "1"]),
        (NamedType("Intent"), ["buy", "é"], ['"buy"', "bu", ""]),
        (union(literal("a b"), literal("a"), literal("")), ["a b", "a", ""], ['"a"', "a "]),
        (literal("x"), ["x"], ['"x"']),
        (optional(NamedType("Intent")), ['"buy"', "null"], ["buy"]),
        (union(literal("a"), literal(1)), ['"a"', "1"], ["a"]),
        (INT, ["0", "-1", "9" * 18], ["-0", "01", "1.0", "9" * 19, "+1", ""]),
        (FLOAT, ["0", "-0.5", "1.50", "9" * 18], ["-0", "-0.0", ".5", "1.", "1e5", "00.1", "0." + "1" * 16]),
        (BOOL, ["true", "false"], ["True"]),
        (NONE, ["null"], ["none"]),
        (ListType(INT, 1, 2), ["[1]", "[1,2]"], ["[]", "[1,2,3]", "[1, 2]", "[1,]"]),
        (ListType(BOOL), ["[]", "[true,false,true]"], ["[,]"]),
        (TupleType((INT, StrType(max=1))), ['[1,"a"]', '[1,"\\n"]'], ["[1]", '[1,"ab"]', '[1,"\n"]']),
        (TupleType(()), ["[]"], ["[1]"]),
        (DictType(INT), ["{}", '{"a":1,"":2}'], ['{"a":"b"}', '{"a":1,}', "{a:1}"]),
        (
            PAIR,
            ['{"a \\"b\\"":3,"c":null}'],
            ['{"c":null,"a \\"b\\"":3}', '{"a \\"b\\"":3}', '{"a \\"b\\"":10,"c":null}'],
        ),
        (
            NamedType("Loose"),
            ['{"y":true,"w":""}', '{"x":1,"y":true,"z":null,"w":"a"}', '{"y":false,"z":null,"w":""}'],
            ['{"w":""}', '{,"y":true,"w":""}', '{"y":true,"z":null}', '{"z":null,"y":true,"w":""}'],
        ),
        (NamedType("Absent"), ["{}", '{"q":true}', '{"p":true,"r":false}'], ['{"r":true,"p":true}', "{,}"]),
        (literal({"a": [1, None]}), ['{"a":[1,null]}'], ['{"a": [1,null]}']),
        (JSON, ["[[[1]]]", '{"a":{"b":[true]}}', '"x"', "-0.00001"], ["[[[[1]]]]", "-0", "1e3", "[1 ]"]),
        (TREE, ['{"v":1,"kids":[{"v":2,"kids":[]}]}'], ['{"v":1,"kids":[{}]}']),
        (NamedType("Chain"), ['{"next":null}', '{"next":{"next":null}}'], ['{"next":{"next":{"next":null}}}', "{}"]),
        (NamedType("Even"), ["{}", '{"odd":{"even":{}}}'], ['{"odd":{}}', '{"odd":{"even":{"odd":{"even":{}}}}}']),
        (optional(NamedType("Endless")), ["null"], ["{}"]),
        (
            CallType((CallMember("f", (Field("x", INT),), STR), CallMember("g", ()))),
            ['{"name":"f","arguments":{"x":1}}', '{"name":"g","arguments":{}}'],
            ['{"name":"g","arguments":{"x":1}}', '{"name":"f"}'],
        ),
    ],
)
def test_texts(type_: Type, accepted: list[str], refused: list[str]) -> None:
    dfa = build_dfa(type_, TABLE)
    for text in accepted:
        assert dfa.matches(text.encode()), text
    for text in refused:
        assert not dfa.matches(text.encode()), text


def test_plain_str_has_no_constraint() -> None:
    assert constraint_for(STR, TABLE) is None
    assert constraint_for(StrType(max=3), TABLE) is not None
    assert build_dfa(STR, TABLE).matches(b"any\ntext")


@pytest.mark.parametrize(
    ("type_", "reason"),
    [
        (NamedType("Endless"), "no value of `Endless` ends within 4 levels"),
        (TupleType((INT, NamedType("Endless"))), "no value of `Endless` ends within 4 levels"),
        (IntType(5, 4), "no text is of type `int(min=5, max=4)`"),
        (FloatType(1e-20, 2e-20), "no text is of type `float("),
        (ListType(INT, 3, 2), "no text is of type `list[int](min=3, max=2)`"),
        (RegexType(r"[^\s\S]"), "no text is of type `re"),
        (RegexType("("), "in the pattern `(`: `(` is never closed"),
        (NamedType("Empty"), "the enum `Empty` has no members"),
    ],
)
def test_no_text(type_: Type, reason: str) -> None:
    with pytest.raises(ConstraintError) as caught:
        build_dfa(type_, TABLE)
    assert caught.value.message.startswith(reason)


def test_budget_names_the_part() -> None:
    small = RecordType("Small", (Field("text", StrType(max=40)), Field("n", INT)))
    table: dict[str, Declared] = {
        "Small": small,
        "Big": RecordType("Big", (Field("id", INT), Field("items", ListType(NamedType("Small"), max=5000)))),
        "Wide": RecordType("Wide", (Field("id", INT), Field("body", StrType(max=10_000)))),
    }
    with pytest.raises(BudgetError, match=r"`Big\.items` needs about \d+ automaton states, over 20000"):
        build_dfa(NamedType("Big"), table)
    with pytest.raises(BudgetError, match=r"`Wide\.body` needs"):
        build_dfa(NamedType("Wide"), table)
    with pytest.raises(BudgetError, match="over 100 automaton states"):
        build_dfa(StrType(max=40), {}, Budget(states=100))
    tree = RecordType("T", tuple(Field(name, optional(NamedType("T"))) for name in "abcdefgh"), depth=30)
    with pytest.raises(BudgetError, match="billions of"):
        build_dfa(NamedType("T"), {"T": tree})


def test_many_choices_are_fast() -> None:
    rng = random.Random(1)
    choices = sorted({" ".join(rng.choices(["red", "green", "old", "new", "Apple", "Tree"], k=4)) for _ in range(1500)})
    start = time.thread_time()
    dfa = build_dfa(UnionType(tuple(literal(c) for c in choices)), {})
    assert time.thread_time() - start < 0.5
    assert all(dfa.matches(choice.encode()) for choice in choices)
    assert not dfa.matches(b"red red red")


scalar_types = st.one_of(
    st.sampled_from(
        [STR, INT, FLOAT, BOOL, NONE, JSON, TREE, PAIR, NamedType("Intent"), RegexType(r'[a"\\]{1,3}|\n?')]
    ),
    st.sampled_from([NamedType("Loose"), NamedType("Absent"), NamedType("Chain"), NamedType("Even")]),
    st.tuples(st.integers(0, 3), st.integers(0, 4)).map(lambda p: StrType(p[0], p[0] + p[1])),
    st.tuples(st.integers(-200, 200), st.integers(0, 300)).map(lambda p: IntType(p[0], p[0] + p[1])),
    st.tuples(st.floats(-30, 30), st.floats(0, 30)).map(lambda p: FloatType(p[0], p[0] + p[1] + 1e-9)),
    st.sampled_from(["a", 'q"', "é\n", 3, -0.5, True, None, [1, "b"], {"k": {}}]).map(literal),
)


def _extend(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    fields = st.dictionaries(st.sampled_from(["id", "x y", 'k"', "é"]), inner, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(inner, st.integers(0, 2), st.one_of(st.none(), st.integers(2, 4))).map(lambda p: ListType(*p)),
        inner.map(DictType),
        st.lists(inner, max_size=3).map(lambda items: TupleType(tuple(items))),
        inner.map(optional),
        fields.map(lambda f: CallType((CallMember("run", tuple(Field(k, t) for k, t in f.items()), INT),))),
    )


types = st.recursive(scalar_types, _extend, max_leaves=4)


@given(types, st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_accepted_texts_are_values(type_: Type, seed: int) -> None:
    dfa = build_dfa(type_, TABLE)
    for text in texts(dfa, 6, seed):
        assert dfa.matches(text.encode())
        value = decode_text(text, type_, TABLE)
        if not _has_call(type_):
            assert to_json(conform(value, type_, TABLE)) == to_json(value)
        if not _has_numbers(type_):
            assert _text(value, type_) == text


@given(types, st.integers(0, 2**32), st.data())
@settings(max_examples=40, deadline=None)
def test_texts_of_values_are_accepted(type_: Type, seed: int, data: st.DataObject) -> None:
    """A changed text that still decodes, and is the compact spelling of its value, is accepted too."""
    dfa = build_dfa(type_, TABLE)
    for text in texts(dfa, 4, seed):
        at = data.draw(st.integers(0, len(text)))
        added = data.draw(st.sampled_from(["", "0", "1", '"', "a", "é", ",", "\\n", "[]", "null", "-", "\x00"]))
        changed = text[:at] + added + text[at + data.draw(st.integers(0, 2)) :]
        try:
            value = decode_text(changed, type_, TABLE)
        except ConformError:
            assert not dfa.matches(changed.encode())
            continue
        if _text(value, type_) == changed and not _has_numbers(type_) and not _has_recursion(type_):
            assert dfa.matches(changed.encode()), changed


def _text(value: Any, type_: Type) -> str:
    return value if is_bare(type_, TABLE) else to_json(_as_text(value))


def _as_text(value: Any) -> Any:
    """A call's value as its text has it."""
    if isinstance(value, dict) and value.keys() == {"name", "args"}:
        return {"name": value["name"], "arguments": _as_text(value["args"])}
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    return [_as_text(item) for item in value] if isinstance(value, list | tuple) else value


def _has_call(type_: Type) -> bool:
    return "call(" in str(type_)


def _has_numbers(type_: Type) -> bool:
    """Types whose numbers have several spellings, or fewer digits than a value may have."""
    return any(word in str(type_) for word in ("float", "json", "int", "Loose"))


def _has_recursion(type_: Type) -> bool:
    return any(word in str(type_) for word in ("Tree", "Chain", "Even"))


def test_inside_json_a_str_is_quoted() -> None:
    assert json_dfa(StrType(max=2), TABLE).matches(b'"ab"')
    assert json_dfa(NamedType("Intent"), TABLE).matches(b'"buy"')
    assert json_dfa(IntType(2, 1), TABLE).is_empty
