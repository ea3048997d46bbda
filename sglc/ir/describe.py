"""What `{describe(T, tool, ...)}` inserts: types and tools -> a text from which a model knows the JSON it shall write.

The text looks like the JSON itself with a type in the place of each value, one field a line, descriptions behind `//`:

    Request is JSON:
    {
      "order_id": string matching /[A-Z]?\\d{4,10}/, // the order number as the customer wrote it
      "intent": Intent,
      "eta": string or null
    }
    Intent is one of:
      "logistics", // where a parcel is
      "other"

    Tool track: Where it is.
    To call it, write JSON:
    {"name":"track","arguments":{
      "order_id": string // as printed
    }}

Fields come in order. A record or an enum is written out once, after what first names it, and its name stands everywhere
else, so a type may hold itself. Types are TypeScript's words where there are any, bounds follow in brackets:

    string (at most 80 characters)    integer (1 to 10)    number (at least 0)    boolean    null    any JSON
    string matching /[a-z]+/    "a" or 3    list (2 to 5 items) of string    [string, integer]    T or null
    object of any keys with values string    list of (A or B)    (list of A) or B

What is generated as bare text (str, a regex, an enum, string literals) is announced as text, without quotes. Models are
trained on this form: a change of it is a change of what they know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from sglc.ir.decode import is_bare
from sglc.ir.types import (
    DEFAULT_DEPTH,
    BoolType,
    CallType,
    DictType,
    EnumType,
    Field,
    FloatType,
    IntType,
    JsonType,
    ListType,
    LiteralType,
    NamedType,
    NoneType,
    RecordType,
    RegexType,
    StrType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
)


class Tool(Protocol):
    """A tool's declaration (ToolSpec of ir/tools.py, or what the checker knows of it)."""

    @property
    def name(self) -> str: ...
    @property
    def params(self) -> tuple[Field, ...]: ...
    @property
    def description(self) -> str: ...


def describe(items: Sequence[Type | Tool], table: TypeTable) -> str:
    """Types and tools in the order given; what several of them name is written out once."""
    writer = _Writer(table)
    for item in items:
        if isinstance(item, Type):
            writer.root(item)
        else:
            writer.tool(item.name, item.params, item.description)
    return "\n".join(writer.lines)


def describe_type(type_: Type, table: TypeTable) -> str:
    return describe([type_], table)


def describe_tool(name: str, params: Sequence[Field], description: str, table: TypeTable) -> str:
    """A tool, or an inline record of a `call`, which is written the same way."""
    writer = _Writer(table)
    writer.tool(name, params, description)
    return "\n".join(writer.lines)


def type_phrase(type_: Type) -> str:
    """A type as one phrase; records and enums by name."""
    match type_:
        case StrType(min=low, max=high):
            return "string" + _bounds(low or None, high, "character")
        case RegexType(pattern=pattern):
            return f"string matching /{_escaped(pattern)}/"
        case IntType(min=low, max=high):
            return "integer" + _bounds(low, high)
        case FloatType(min=low, max=high):
            return "number" + _bounds(low, high)
        case BoolType():
            return "boolean"
        case NoneType():
            return "null"
        case JsonType():
            return "any JSON"
        case LiteralType(json=text):
            return text
        case NamedType(name=name):
            return name
        case ListType(item=item, min=low, max=high):
            return f"list{_bounds(low or None, high, 'item')} of {_item(item)}"
        case DictType(value=value):
            return f"object of any keys with values {_item(value)}"
        case TupleType(items=items):
            return f"[{', '.join(map(type_phrase, items))}]"
        case UnionType(members=members):
            return " or ".join(map(_operand, members))
        case CallType(members=members):
            return "a call of " + " or ".join(member.name for member in members)
    return str(type_)


class _Writer:
    def __init__(self, table: TypeTable) -> None:
        self.table = table
        self.lines: list[str] = []
        self.written: set[str] = set()

    def root(self, type_: Type) -> None:
        declared = self.table.get(type_.name) if isinstance(type_, NamedType) else None
        if isinstance(type_, CallType):
            for member in type_.members:
                self.tool(member.name, member.args, "")
        elif isinstance(declared, EnumType):
            self._enum(declared, bare=True)
        elif declared is not None:
            self._definitions([type_])
        elif is_bare(type_, self.table):
            self.lines.append(_bare_phrase(type_))
        else:
            self.lines.append(f"JSON: {type_phrase(type_)}")
            self._definitions([type_])

    def tool(self, name: str, params: Sequence[Field], description: str) -> None:
        if self.lines:
            self.lines.append("")
        self.lines.append(f"Tool {name}: {_one_line(description)}" if description else f"Tool {name}")
        self.lines.append("To call it, write JSON:")
        opening = f'{{"name":{_json(name)},"arguments":{{'
        self._object(opening, params, "}}")
        self._definitions([param.type for param in params])

    def _definitions(self, types: Sequence[Type]) -> None:
        """The records and enums that the types name, each followed by those that it names, unless written before."""
        for name in (name for type_ in types for name in _names(type_)):
            declared = self.table.get(name)
            if declared is None or name in self.written:
                continue
            self.written.add(name)
            if isinstance(declared, EnumType):
                self._enum(declared, bare=False)
            else:
                self._record(declared)
                self._definitions([field.type for field in declared.fields])

    def _record(self, record: RecordType) -> None:
        depth = f", nested at most {record.depth or DEFAULT_DEPTH} levels" if self._is_recursive(record.name) else ""
        self.lines.append(f"{record.name} is JSON{depth}:{_comment(record.description)}")
        self._object("{", record.fields, "}")

    def _object(self, opening: str, fields: Sequence[Field], closing: str) -> None:
        if not fields:
            self.lines.append(opening + closing)
            return
        self.lines.append(opening)
        for field in fields:
            comma = "," if field is not fields[-1] else ""
            notes = [_one_line(field.description), f"default {field.default}" if field.default is not None else ""]
            notes.append("may be left out" if field.optional else "")
            comment = _comment("; ".join(filter(None, notes)))
            self.lines.append(f"  {_json(field.name)}: {type_phrase(field.type)}{comma}{comment}")
        self.lines.append(closing)

    def _enum(self, enum: EnumType, bare: bool) -> None:
        names = [name if bare else _json(name) for name in enum.names]
        opening = f"{enum.name} is one of:"
        if not any(member.description for member in enum.members):
            self.lines.append(f"{opening} {', '.join(names)}{_comment(enum.description)}")
            return
        self.lines.append(opening + _comment(enum.description))
        for name, member in zip(names, enum.members, strict=True):
            comma = "," if member is not enum.members[-1] else ""
            self.lines.append(f"  {name}{comma}{_comment(member.description)}")

    def _is_recursive(self, name: str) -> bool:
        """Whether a record can hold itself."""
        waiting, seen = [name], set[str]()
        while waiting:
            declared = self.table.get(waiting.pop())
            for field in declared.fields if isinstance(declared, RecordType) else ():
                new = set(_names(field.type)) - seen
                seen |= new
                waiting += new
        return name in seen


def _names(type_: Type) -> Iterator[str]:
    """Records and enums that a type names, in order."""
    match type_:
        case NamedType(name=name):
            yield name
        case ListType(item=inner) | DictType(value=inner):
            yield from _names(inner)
        case TupleType(items=inners) | UnionType(members=inners):
            for inner in inners:
                yield from _names(inner)


def _item(type_: Type) -> str:
    """A type behind `of`, in brackets where `or` would be read together with what stands before."""
    phrase = type_phrase(type_)
    return f"({phrase})" if isinstance(type_, UnionType) else phrase


def _operand(type_: Type) -> str:
    """A type beside `or`, in brackets where `of` would reach over it."""
    phrase = type_phrase(type_)
    return f"({phrase})" if isinstance(type_, ListType | DictType) else phrase


def _bare_phrase(type_: Type) -> str:
    match type_:
        case LiteralType():
            return f"Text: {_escaped(type_.value)}"
        case UnionType(members=members):
            return "Text, one of: " + ", ".join(_escaped(m.value) for m in members if isinstance(m, LiteralType))
    return "Text" + type_phrase(type_).removeprefix("string")


def _bounds(low: float | None, high: float | None, unit: str = "") -> str:
    plural = "" if (high if high is not None else low) == 1 else "s"
    unit = f" {unit}{plural}" if unit else ""
    if low is not None and low == high:
        return f" ({_json(low)}{unit})"
    if low is not None and high is not None:
        return f" ({_json(low)} to {_json(high)}{unit})"
    if low is not None:
        return f" (at least {_json(low)}{unit})"
    return f" (at most {_json(high)}{unit})" if high is not None else ""


def _comment(text: str) -> str:
    return f" // {_one_line(text)}" if text else ""


def _one_line(text: str) -> str:
    """A description may hold line feeds; here a line is a field."""
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """The text on one line, every character kept: what cannot be seen as an escape."""
    return "".join(c if c.isprintable() else _json(c)[1:-1] for c in text)


def _json(value: object) -> str:
    """Compact JSON; a whole number without `.0`."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return msgspec.json.encode(value).decode()
