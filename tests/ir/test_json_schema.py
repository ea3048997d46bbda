"""JSON Schema files: the types they become, and errors at the right place of the file."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.ir.json_reader import JsonError, read_json
from sglc.ir.json_schema import SchemaError, schema_to_types
from sglc.ir.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    NONE,
    STR,
    DictType,
    Field,
    ListType,
    NamedType,
    RecordType,
    Type,
    literal,
    union,
)
from sglc.passes.constraints.lower_type import json_dfa


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ({}, JSON),
        (True, JSON),
        ({"type": "string", "title": "t", "default": 3, "examples": [], "$id": "x", "$schema": "y"}, STR),
        ({"type": ["integer", "null"]}, union(INT, NONE)),
        ({"type": ["integer", "number"]}, FLOAT),
        ({"type": "boolean"}, BOOL),
        ({"type": "array"}, ListType(JSON)),
        ({"type": "array", "items": {"type": "integer"}}, ListType(INT)),
        ({"items": {"type": "integer"}}, ListType(INT)),
        ({"type": "object"}, DictType(JSON)),
        ({"type": "object", "properties": {}}, DictType(JSON)),
        ({"enum": ["a", 1, 1.0, None, True]}, union(literal("a"), literal(1), NONE, literal(True))),
        ({"enum": ["a", 1], "type": "string"}, literal("a")),
        ({"const": {"a": [1]}}, literal({"a": [1]})),
        ({"const": 2, "enum": [1, 2.0]}, literal(2)),
        ({"type": "string", "properties": {"a": {}}}, STR),
    ],
)
def test_types(schema: Any, type_: Type) -> None:
    assert schema_to_types(json.dumps(schema), "R") == (type_, {})


def test_records() -> None:
    schema = {
        "description": "an order",
        "properties": {
            "id": {"type": "string", "description": "as printed"},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "integer"}}}},
            "to": {"type": "object", "properties": {"zip": {"type": "string"}}, "required": ["zip"]},
        },
        "required": ["id", "extra"],
    }
    type_, declared = schema_to_types(json.dumps(schema), "Order")
    assert type_ == NamedType("Order")
    assert declared == {
        "Order": RecordType(
            "Order",
            (
                Field("id", STR, "as printed"),
                Field("lines", ListType(NamedType("Order.lines.item")), optional=True),
                Field("to", NamedType("Order.to"), optional=True),
                Field("extra", JSON),
            ),
            "an order",
        ),
        "Order.lines.item": RecordType("Order.lines.item", (Field("sku", INT, optional=True),)),
        "Order.to": RecordType("Order.to", (Field("zip", STR),)),
    }


def test_names_do_not_collide() -> None:
    part: dict[str, Any] = {"properties": {"a": {}}}
    schema: dict[str, Any] = {"type": ["object", "array"], "properties": {"item": part}, "items": part}
    type_, declared = schema_to_types(json.dumps(schema), "R")
    assert type_ == union(NamedType("R"), ListType(NamedType("R.item_2")))
    assert set(declared) == {"R", "R.item", "R.item_2"}


@pytest.mark.parametrize(
    ("text", "marked", "not_yet"),
    [
        ('{"type":"string","minLength":3}', '"minLength"', True),
        ('{"properties":{"a":{"oneOf":[]}}}', '"oneOf"', True),
        ('{"enum":[[1]],"items":{}}', '"items"', True),
        ('{"type":"strin"}', '"strin"', False),
        ('{"type":["string","string"]}', '"string"', False),
        ('{"type":[]}', "[]", False),
        ('{"required":[1]}', "1", False),
        ('{"properties":[]}', "[]", False),
        ('{"items":3}', "3", False),
        ('{"items":false}', "false", False),
        ('{"enum":[]}', "[]", False),
        ('{"enum":["a"],"type":"null"}', '"enum"', False),
        ('{"title":3}', "3", False),
        ('{"a":1,"a":2}', '"a"', False),
        ("[1", "[", False),
        ('{"type":01}', "0", False),
        ('{"type": NaN}', "N", False),
        ('{"const":"\\ud800"}', '"\\ud800"', False),
        ('{"const":"a\nb"}', '"', False),
        ("", "", False),
        ("{} x", "x", False),
        ("[" * 65, "[", False),
    ],
)
def test_errors(text: str, marked: str, not_yet: bool) -> None:
    with pytest.raises(SchemaError) as caught:
        schema_to_types(text, "R")
    error = caught.value
    assert text[error.offset : error.offset + error.length] == marked
    assert error.not_yet == not_yet


@given(st.text(alphabet='{}[]":,-0123456789.eE+truefalsn\\ \n\x01\ud800', max_size=40))
@settings(max_examples=200, deadline=None)
def test_reader_is_total_and_no_laxer_than_python(text: str) -> None:
    try:
        value = read_json(text).value
    except JsonError:
        return
    assert json.loads(text) == value


scalars = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=3), st.floats(-2, 2))
schemas = st.recursive(
    st.one_of(
        st.just({}),
        st.fixed_dictionaries({"type": st.sampled_from(["string", "integer", "number", "boolean", "null", "array"])}),
        st.fixed_dictionaries({"enum": st.lists(scalars, min_size=1, max_size=3)}),
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": inner}),
        st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=3)},
            optional={"required": st.lists(st.sampled_from("abcd"), unique=True)},
        ),
    ),
    max_leaves=5,
)


@given(schemas)
@settings(max_examples=20, deadline=None)
def test_generated_texts_are_valid(schema: dict[str, Any]) -> None:
    """The shortest text of the type is valid under the schema."""
    type_, declared = schema_to_types(json.dumps(schema), "R")
    text = json_dfa(type_, declared).shortest()
    assert text is not None
    jsonschema.validate(json.loads(text), schema)
