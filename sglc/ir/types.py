"""Value types: what the checker infers, what the IR carries, what an artifact stores. Frozen, structural, hashable.

Records and enums are used by name (`NamedType`); a `TypeTable` maps the name to the declaration, so a type may refer to
itself. Aliases are gone by the time a type is built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec


class _Type(msgspec.Struct, frozen=True, tag_field="t"):
    def __str__(self) -> str:
        return show(self)  # type: ignore[arg-type]


class StrType(_Type, frozen=True, tag="str"):
    """Text of `min` to `max` code points (None: no upper bound)."""

    min: int = 0
    max: int | None = None


class IntType(_Type, frozen=True, tag="int"):
    """Whole number, both bounds inclusive."""

    min: int | None = None
    max: int | None = None


class FloatType(_Type, frozen=True, tag="float"):
    """Decimal number, both bounds inclusive. An int is assignable to it."""

    min: float | None = None
    max: float | None = None


class BoolType(_Type, frozen=True, tag="bool"):
    pass


class NoneType(_Type, frozen=True, tag="none"):
    pass


class JsonType(_Type, frozen=True, tag="json"):
    """Any JSON value."""


class RegexType(_Type, frozen=True, tag="re"):
    """Text that the pattern (dialect: ir/pattern.py) matches as a whole; assignable to str."""

    pattern: str


class LiteralType(_Type, frozen=True, tag="literal"):
    """Exactly one JSON value, given as compact JSON text (`'"a"'`, `3`, `{"a":1}`)."""

    json: str

    @property
    def value(self) -> Any:
        return msgspec.json.decode(self.json)


class NamedType(_Type, frozen=True, tag="name"):
    """A record or an enum by its name in the TypeTable."""

    name: str


class ListType(_Type, frozen=True, tag="list"):
    item: Type
    min: int = 0
    max: int | None = None


class DictType(_Type, frozen=True, tag="dict"):
    """Keys are str."""

    value: Type


class TupleType(_Type, frozen=True, tag="tuple"):
    items: tuple[Type, ...]


class UnionType(_Type, frozen=True, tag="union"):
    """At least two members, none of them a union, no duplicates; build it with `union`. `T?` is a union with none."""

    members: tuple[Type, ...]


class CallMember(msgspec.Struct, frozen=True):
    """One choice of a `call`: a declared tool (`result` is its type) or an inline record (`result` is None)."""

    name: str
    args: tuple[Field, ...]
    result: Type | None = None


class CallType(_Type, frozen=True, tag="call"):
    """What `call` binds: a union tagged by name. The text is {"name":...,"arguments":{...}}.

    A value is `{"name":..., "args":{...}, "result":...}` for a tool, `{"name":..., **fields}` for an inline record.
    """

    members: tuple[CallMember, ...]


class SessionType(_Type, frozen=True, tag="session"):
    """An open session, only in tests."""

    name: str


class ContextType(_Type, frozen=True, tag="ctx"):
    """A prompt context; an IR value, never a program's."""


class NeverType(_Type, frozen=True, tag="never"):
    """No value: the item type of `[]`. Assignable to everything."""


class ErrorType(_Type, frozen=True, tag="error"):
    """The type of an expression that was already reported; agrees with everything. Never reaches the IR."""


Type: TypeAlias = (
    StrType | IntType | FloatType | BoolType | NoneType | JsonType | RegexType | LiteralType | NamedType | ListType
    | DictType | TupleType | UnionType | CallType | SessionType | ContextType | NeverType | ErrorType
)  # fmt: skip


class Field(msgspec.Struct, frozen=True):
    """A record's field or a parameter. `default` is compact JSON text; `optional` (JSON Schema) may be absent."""

    name: str
    type: Type
    description: str = ""
    default: str | None = None
    optional: bool = False


class RecordType(msgspec.Struct, frozen=True, tag_field="t", tag="record"):
    """A record's declaration. `depth` bounds how deep a recursive record is generated (None: DEFAULT_DEPTH)."""

    name: str
    fields: tuple[Field, ...]
    description: str = ""
    depth: int | None = None

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)


class EnumMember(msgspec.Struct, frozen=True):
    name: str
    description: str = ""


class EnumType(msgspec.Struct, frozen=True, tag_field="t", tag="enum"):
    """An enum's declaration; its values are the members' names."""

    name: str
    members: tuple[EnumMember, ...]
    description: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(m.name for m in self.members)


Declared: TypeAlias = RecordType | EnumType
TypeTable: TypeAlias = Mapping[str, Declared]

DEFAULT_DEPTH = 4
"""Levels of a recursive record that are generated when its declaration gives no `max`."""

STR, INT, FLOAT, BOOL, NONE, JSON = StrType(), IntType(), FloatType(), BoolType(), NoneType(), JsonType()
NEVER, ERROR, CONTEXT = NeverType(), ErrorType(), ContextType()

FAILURE = RecordType("error", (Field("kind", STR), Field("message", STR)), "what `except` binds")
"""The record that `except name` binds: `.kind` and `.message`."""


def literal(value: object) -> LiteralType:
    """The type of exactly one JSON value."""
    return LiteralType(msgspec.json.encode(value).decode())


def union(*members: Type) -> Type:
    """The union of types: flattened, duplicates dropped; a single member is returned as it is."""
    flat: dict[Type, None] = {}
    for member in members:
        for part in member.members if isinstance(member, UnionType) else (member,):
            if not isinstance(part, NeverType):
                flat[part] = None
    if any(isinstance(t, ErrorType) for t in flat):
        return ERROR
    if not flat:
        return NEVER
    return next(iter(flat)) if len(flat) == 1 else UnionType(tuple(flat))


def optional(type_: Type) -> Type:
    return union(type_, NONE)


_PLAIN_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*")
_RAW_PATTERN = re.compile(r'(?:[^"\\\n\r]|\\[^\n\r])*')
_WORDS = frozenset(
    [
        "str",
        "int",
        "float",
        "bool",
        "none",
        "json",
        "list",
        "dict",
        "tuple",
        "ctx",
        "never",
        "re",
        "call",
        "type",
        "session",
        "true",
        "false",
        "null",
    ]
)


def show(type_: Type) -> str:
    """The type as the language writes it; `parse_type` of ir/text.py reads it back.

    What the language cannot write has a form of its own: `type x` for a declared name that is also a word of types,
    `session x`, and `re("...")` with a JSON string for a pattern that no raw string can hold.
    """
    match type_:
        case StrType(min=lo, max=hi):
            return "str" + _bounds(lo or None, hi)
        case IntType(min=lo, max=hi):
            return "int" + _bounds(lo, hi)
        case FloatType(min=lo, max=hi):
            return "float" + _bounds(lo, hi)
        case ListType(item=item, min=lo, max=hi):
            return f"list[{show(item)}]" + _bounds(lo or None, hi)
        case RegexType(pattern=pattern):
            return f're"{pattern}"' if _RAW_PATTERN.fullmatch(pattern) else f"re({quote(pattern)})"
        case LiteralType(json=text):
            return text
        case NamedType(name=name):
            return f"type {show_name(name)}" if name in _WORDS or not is_plain(name) else name
        case SessionType(name=name):
            return f"session {show_name(name)}"
        case DictType(value=value):
            return f"dict[str, {show(value)}]"
        case TupleType(items=items):
            return f"tuple[{', '.join(map(show, items))}]"
        case UnionType(members=members):
            return _show_union(members)
        case CallType(members=calls):
            return "call(" + " | ".join(_show_member(m) for m in calls) + ")"
    return str(type_.__struct_config__.tag)


def show_field(field: Field, shown: str = "") -> str:
    """A field as the language writes it; `name?:` marks one that may be absent. `shown` may stand for its name."""
    default = f" = {field.default}" if field.default is not None else ""
    description = f" {quote(field.description)}" if field.description else ""
    return f"{shown or show_name(field.name)}{'?' * field.optional}: {show(field.type)}{default}{description}"


def is_plain(name: str) -> bool:
    """Whether a name reads as one word in textual IR; dots join the words of a generated name."""
    return _PLAIN_NAME.fullmatch(name) is not None


def show_name(name: str) -> str:
    return name if is_plain(name) else quote(name)


def quote(text: str) -> str:
    """A JSON string that keeps what a person can read."""
    return json.dumps(text, ensure_ascii=False)


def _show_union(members: tuple[Type, ...]) -> str:
    if len(members) == 2 and isinstance(members[1], NoneType):
        return f"{show(members[0])}?"
    return " | ".join(map(show, members))


def _show_member(member: CallMember) -> str:
    args = f"{show_name(member.name)}({', '.join(map(show_field, member.args))})"
    if member.result is None:
        return args
    result = show(member.result)
    is_open = isinstance(member.result, UnionType) and not result.endswith("?")
    return f"{args} -> ({result})" if is_open else f"{args} -> {result}"


def _bounds(lo: float | None, hi: float | None) -> str:
    parts = [f"{key}={_number(value)}" for key, value in (("min", lo), ("max", hi)) if value is not None]
    return f"({', '.join(parts)})" if parts else ""


def _number(value: float) -> str:
    """Equal numbers read alike: a whole float without its fraction, as long as that is short."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value) if whole else value)
