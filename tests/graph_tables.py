"""What the random graphs of graph_strategy.py are made from: types, tools, constants, functions, pieces of text."""

from __future__ import annotations

from sglc.ir.tools import PythonSpec, ToolSpec
from sglc.ir.types import (
    BOOL,
    INT,
    JSON,
    STR,
    EnumMember,
    EnumType,
    Field,
    ListType,
    NamedType,
    RecordType,
    Type,
)

MOOD, PAIR, STRS = NamedType("Mood"), NamedType("Pair"), ListType(STR)
TYPES = (
    EnumType("Mood", (EnumMember("glad"), EnumMember("sad"), EnumMember("calm"))),
    RecordType("Pair", (Field("text", STR), Field("number", INT))),
)
TOOLS = (
    ToolSpec("look", (Field("what", STR),), STR, PythonSpec("tools:look")),
    ToolSpec("send", (Field("what", STR),), INT, PythonSpec("tools:send"), effect=True),
)
PLAIN: tuple[Type, ...] = (STR, INT, BOOL, STRS, MOOD, PAIR, JSON)
LITERALS: dict[Type, tuple[str, ...]] = {
    STR: ('"a"', '""', '"two\\nlines"', '"12"'),
    INT: ("0", "1", "2", "-3"),
    BOOL: ("true", "false"),
    STRS: ("[]", '["a"]', '["a","b","a"]'),
    MOOD: ('"glad"', '"sad"'),
    PAIR: ('{"text":"p","number":4}',),
    JSON: ('"text"', "null", '{"k":[1,2]}', "1.5"),
}
APPLIES: tuple[tuple[str, tuple[Type, ...], Type], ...] = (
    ("add", (INT, INT), INT),
    ("add", (STR, STR), STR),
    ("floordiv", (INT, INT), INT),
    ("lt", (INT, INT), BOOL),
    ("eq", (STR, STR), BOOL),
    ("not", (BOOL,), BOOL),
    ("index", (STRS, INT), STR),
    ("len", (STRS,), INT),
    ("list", (STR, STR), STRS),
    ("int", (STR,), INT),
    ("str", (INT,), STR),
    ("str.upper", (STR,), STR),
    ("str.split", (STR,), STRS),
    ("parse_json", (STR,), JSON),
)
TEXTS = ("Say: ", "a", "\n", "", 'quote " and \\', "Zwölf 二", "%x {y}")
