"""What `describe` writes: one rich golden text, and phrases for each type."""

from __future__ import annotations

from pathlib import Path

import pytest
from golden import compare

from sglc.ir.describe import describe, describe_tool, describe_type
from sglc.ir.tools import PythonSpec, ToolSpec
from sglc.ir.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    NONE,
    STR,
    CallMember,
    CallType,
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
    TypeTable,
    literal,
    optional,
    union,
)  # fmt: skip

CASES = Path(__file__).parent.parent / "cases" / "describe"
TABLE: TypeTable = {
    declared.name: declared
    for declared in (
        RecordType(
            "Request",
            (
                Field("order_id", RegexType(r"[A-Z]?\d{4,10}"), "the order number\nas the customer wrote it"),
                Field("intent", NamedType("Intent")),
                Field("language", StrType(max=20), "what to answer in", '"English"'),
                Field("items", ListType(NamedType("Item"), min=1, max=5)),
                Field("mood", optional(NamedType("Mood"))),
                Field("grade", IntType(1, 10), optional=True),
                Field("scores", DictType(ListType(union(INT, NONE)))),
                Field("where", TupleType((FloatType(min=-90, max=90), FloatType(min=-180, max=180)))),
                Field("reply", union(NamedType("Item"), ListType(STR))),
            ),
            "what a customer wants",
        ),
        EnumType(
            "Intent", (EnumMember("logistics", "where a parcel is"), EnumMember("refund"), EnumMember("other")), "why"
        ),
        EnumType("Mood", (EnumMember("glad"), EnumMember("cross"))),
        RecordType("Item", (Field("sku", STR), Field("parts", ListType(NamedType("Item"))), Field("n", JSON)), depth=3),
        RecordType("Loop", (Field("next", optional(NamedType("Link"))),)),
        RecordType("Link", (Field("back", NamedType("Loop")),)),
        RecordType("Empty", ()),
    )
}  # fmt: skip
TRACK = ToolSpec(
    "track", (Field("order_id", STR, "as printed"), Field("item", NamedType("Item"))), STR, PythonSpec("shop:track"),
    description="Where a parcel is.",
)  # fmt: skip


def test_a_rich_example(pytestconfig: pytest.Config) -> None:
    now = ToolSpec("now", (), STR, PythonSpec("shop:now"))
    text = describe([NamedType("Request"), TRACK, now], TABLE)
    compare(text + "\n", CASES / "order.txt", pytestconfig)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (STR, "Text"),
        (StrType(min=3), "Text (at least 3 characters)"),
        (StrType(max=1), "Text (at most 1 character)"),
        (RegexType("[a\n b]+"), r"Text matching /[a\n b]+/"),
        (literal("yes"), "Text: yes"),
        (union(literal("yes"), literal("not sure")), "Text, one of: yes, not sure"),
        (union(literal("yes"), literal(3)), 'JSON: "yes" or 3'),
        (INT, "JSON: integer"),
        (IntType(5, 5), "JSON: integer (5)"),
        (FLOAT, "JSON: number"),
        (FloatType(min=-2.0, max=0.5), "JSON: number (-2 to 0.5)"),
        (BOOL, "JSON: boolean"),
        (NONE, "JSON: null"),
        (JSON, "JSON: any JSON"),
        (optional(STR), "JSON: string or null"),
        (ListType(STR), "JSON: list of string"),
        (ListType(optional(INT), 3, 3), "JSON: list (3 items) of (integer or null)"),
        (optional(ListType(ListType(INT))), "JSON: (list of list of integer) or null"),
        (DictType(BOOL), "JSON: object of any keys with values boolean"),
        (TupleType((INT, STR)), "JSON: [integer, string]"),
        (NamedType("Mood"), "Mood is one of: glad, cross"),
        (ListType(NamedType("Mood")), 'JSON: list of Mood\nMood is one of: "glad", "cross"'),
        (NamedType("Intent"), "Intent is one of: // why\n  logistics, // where a parcel is\n  refund,\n  other"),
        (NamedType("Empty"), "Empty is JSON:\n{}"),
        (
            NamedType("Loop"),
            'Loop is JSON, nested at most 4 levels:\n{\n  "next": Link or null\n}\n'
            'Link is JSON, nested at most 4 levels:\n{\n  "back": Loop\n}',
        ),
        (
            CallType((CallMember("done", (Field("answer", STR),)),)),
            'Tool done\nTo call it, write JSON:\n{"name":"done","arguments":{\n  "answer": string\n}}',
        ),
    ],
    ids=str,
)
def test_types(type_: Type, text: str) -> None:
    assert describe_type(type_, TABLE) == text


def test_a_tool_by_its_parts() -> None:
    assert describe_tool("track", TRACK.params, TRACK.description, TABLE) == describe([TRACK], TABLE)
    assert describe_tool("now", (), "", TABLE) == 'Tool now\nTo call it, write JSON:\n{"name":"now","arguments":{}}'


def test_what_several_name_is_written_once() -> None:
    text = describe([NamedType("Item"), TRACK, NamedType("Request")], TABLE)
    assert text.count("Item is JSON") == 1
    assert describe([NamedType("Item"), NamedType("Item")], TABLE) == describe_type(NamedType("Item"), TABLE)
