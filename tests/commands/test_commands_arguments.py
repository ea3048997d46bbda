"""Options and JSON -> arguments by type, and what is said about those that do not fit."""

from __future__ import annotations

from typing import Any

import pytest

from sglc.commands.arguments import Parameters, read_object
from sglc.diagnostics import SglError
from sglc.ir.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    STR,
    DictType,
    EnumMember,
    EnumType,
    Field,
    IntType,
    ListType,
    NamedType,
    RecordType,
    RegexType,
    Type,
    literal,
    optional,
    union,
)

TABLE: dict[str, RecordType | EnumType] = {
    "Mood": EnumType("Mood", (EnumMember("good"), EnumMember("bad"))),
    "Point": RecordType("Point", (Field("x", INT), Field("y", INT, default="0"))),
}
FIELDS = (
    Field("city", STR, "where to go"),
    Field("nights", IntType(min=1), default="3"),
    Field("price_limit", FLOAT, default="1.0"),
    Field("tags", ListType(STR), default="[]"),
    Field("counts", ListType(INT), default="[]"),
    Field("fast", BOOL, default="false"),
    Field("mood", NamedType("Mood"), default='"good"'),
    Field("code", RegexType("[A-Z]{3}"), default='"ABC"'),
    Field("at", NamedType("Point"), default='{"x":0}'),
    Field("lang", optional(STR), default="null"),
    Field("mode", union(literal("a"), literal("b")), default='"a"'),
    Field("either", union(INT, literal("none")), default="1"),
    Field("extra", JSON, default="null"),
    Field("table", DictType(INT), default="{}"),
)
PARAMETERS = Parameters("plan", FIELDS, TABLE)


def one(name: str, *texts: str | None) -> Any:
    options = [("city", "Rome"), *((name, text) for text in texts)] if name != "city" else [(name, t) for t in texts]
    return PARAMETERS.from_options(options).get(name.replace("-", "_"))


@pytest.mark.parametrize(
    ("name", "texts", "value"),
    [
        ("city", ["Rome"], "Rome"),
        ("city", ["3"], "3"),
        ("city", [""], ""),
        ("city", ['"quoted"'], '"quoted"'),
        ("nights", ["5"], 5),
        ("price-limit", ["2"], 2.0),
        ("price_limit", ["-2.5"], -2.5),
        ("tags", ["a"], ["a"]),
        ("tags", ["a", "b,c"], ["a", "b,c"]),
        ("tags", ['["a","b"]'], ["a", "b"]),
        ("tags", ["[no json"], ["[no json"]),
        ("counts", ["1", "2"], [1, 2]),
        ("counts", ["[]"], []),
        ("fast", ["true"], True),
        ("fast", [None], True),
        ("mood", ["bad"], "bad"),
        ("code", ["XYZ"], "XYZ"),
        ("at", ['{"x": 1}'], {"x": 1, "y": 0}),
        ("lang", ["English"], "English"),
        ("lang", ["null"], None),
        ("lang", ["5"], "5"),
        ("mode", ["b"], "b"),
        ("either", ["7"], 7),
        ("either", ["none"], "none"),
        ("extra", ['{"a": [1]}'], {"a": [1]}),
        ("table", ['{"a": 1}'], {"a": 1}),
    ],
)
def test_values(name: str, texts: list[str | None], value: Any) -> None:
    found = one(name, *texts)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "texts", "code", "message"),
    [
        ("nights", ["five"], "SGL807", "`--nights`: found `five`, expected int(min=1)"),
        ("nights", ["0"], "SGL807", "`--nights`: found 0, expected int(min=1)"),
        ("nights", ["2.5"], "SGL807", "`--nights`: found 2.5, expected int(min=1)"),
        ("nights", [None], "SGL807", "`--nights`: found no value, expected int(min=1)"),
        ("nights", ["1", "2"], "SGL807", "`--nights`: given 2 times, expected one value of type int(min=1)"),
        ("counts", ["1", "x"], "SGL807", "`--counts`: found `x`, expected int"),
        ("mood", ["fine"], "SGL807", "`mood`: found \"fine\", expected Mood: `good`, `bad`"),
        ("code", ["abc"], "SGL807", '`code`: found "abc", expected re"[A-Z]{3}"'),
        ("at", ['{"z": 1}'], "SGL807", "`--at`: found no field `x`, which is required, expected Point"),
        ("extra", ["abc"], "SGL807", "`--extra`: found `abc`, which is no JSON: a text stands in quotes, \"...\", there"),
        ("nihgts", ["1"], "SGL805", "`plan` has no parameter `nihgts`"),
    ],
)  # fmt: skip
def test_refusals(name: str, texts: list[str | None], code: str, message: str) -> None:
    with pytest.raises(SglError) as caught:
        one(name, *texts)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.message) == (code, message)


def test_a_missing_parameter_lists_all() -> None:
    parameters = Parameters("plan", (Field("city", STR, "where to go"), Field("nights", INT, default="3")), {})
    with pytest.raises(SglError) as caught:
        parameters.from_options([("nights", "2")])
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message == "`plan` needs a value for `city`"
    assert diagnostic.hint_text == (
        "give `--city VALUE`; the parameters of `plan` are:\n    --city    str      where to go\n    --nights  int = 3"
    )


def test_options_override_json() -> None:
    assert PARAMETERS.from_options([("city", "Rome")], {"city": "Oslo", "nights": 2}) == {"city": "Rome", "nights": 2}


def test_objects_name_their_place() -> None:
    with pytest.raises(SglError) as caught:
        PARAMETERS.from_object({"city": 3}, " in row 7")
    assert caught.value.diagnostics[0].message == "`city` in row 7: found 3, expected str"
    with pytest.raises(SglError, match="no parameter `town` in row 7"):
        PARAMETERS.from_object({"town": "x"}, " in row 7")


@pytest.mark.parametrize(
    ("type_", "line", "value"),
    [(STR, "hello", {"msg": "hello"}), (STR, '{"msg": "x"}', {"msg": '{"msg": "x"}'}), (INT, '{"msg": 3}', {"msg": 3})],
)
def test_turns(type_: Type, line: str, value: dict[str, Any]) -> None:
    parameters = Parameters("chat.turn", (Field("msg", type_), Field("n", INT, default="1")), {})
    assert parameters.from_line(line, " in turn 1") == value


@pytest.mark.parametrize("text", ["", "{", "[1]", "3", '"a"', "nul", b"\xff", "[" * 100_000])
def test_no_object(text: str | bytes) -> None:
    with pytest.raises(SglError) as caught:
        read_object(text, "rows.jsonl")
    assert caught.value.diagnostics[0].message.startswith("rows.jsonl: ")
