"""Values of a type: a generated text -> Python value, any JSON-like value -> a value of the type, a value -> text.

Values are plain: str, int, float, bool, None, list, tuple (for tuple types), dict (a record's in field order).
An enum's value is its member's name. An `optional` field that is absent has no key.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import msgspec

from sglc.ir.pattern_match import matches
from sglc.ir.relations import may_be_json
from sglc.ir.types import (
    JSON,
    BoolType,
    CallMember,
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
    RegexType,
    StrType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
    show,
)

MAX_NESTING = 100
_ANY_OBJECT = DictType(JSON)
_SHOWN = 60
"""Characters of a wrong value that a message repeats."""


class ConformError(Exception):
    """A value is not of its type; `path` is the place inside the value (`items[2].price`, empty for the whole)."""

    def __init__(self, path: str, message: str, depth: int = 0) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path, self.message, self.depth = path, message, depth

    def inside(self, key: str | int) -> ConformError:
        """The same error, seen from the container that holds the value under `key`."""
        rest = self.path if not self.path or self.path.startswith("[") else f".{self.path}"
        if isinstance(key, str) and key.isidentifier():
            return ConformError(key + rest, self.message, self.depth + 1)
        return ConformError(f"[{to_json(key)}]{rest}", self.message, self.depth + 1)


def is_bare(type_: Type, table: TypeTable) -> bool:
    """Whether a value's text is the text itself (str, regex, enum, string literals) rather than JSON."""
    match type_:
        case StrType() | RegexType():
            return True
        case NamedType(name=name):
            return isinstance(table.get(name), EnumType)
        case LiteralType():
            return isinstance(type_.value, str)
        case UnionType(members=members):
            return all(isinstance(m, LiteralType) and isinstance(m.value, str) for m in members)
    return False


def decode_text(text: str, type_: Type, table: TypeTable) -> Any:
    """The value that a generated text spells; raises ConformError for a text that the type's constraint refuses.

    JSON may hold white space here, so that texts from elsewhere (replays, scripted replies) are welcome too.
    """
    if is_bare(type_, table):
        return _Conformer(table, exact=True).whole(text, type_)
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise ConformError("", f"found {_shorten(text)}, expected {show(type_)} as JSON ({error})") from None
    return _Conformer(table, exact=True).whole(value, type_)


def conform(value: Any, type_: Type, table: TypeTable) -> Any:
    """A JSON-like value as a value of the type: defaults filled in, fields in order, ints as floats where asked for.

    A union takes the first member that fits. Raises ConformError, and nothing else, for a value that does not fit.
    """
    return _Conformer(table, exact=False).whole(value, type_)


def to_json(value: Any) -> str:
    """Compact JSON: tuples as arrays, floats shortest and with a `.0` where they are whole."""
    return msgspec.json.encode(value).decode()


def insert_text(value: Any, type_: Type) -> str:
    """What `{expr}` puts into a prompt: a text as it is, everything else, and any value of type json, as JSON."""
    if isinstance(value, str) and not may_be_json(type_):
        return value
    return to_json(value)


class _Conformer:
    """`exact`: the value was parsed from a generated text, so no default may be missing and fields come in order.

    That keeps apart union members whose texts differ although their values would do for each other.
    """

    def __init__(self, table: TypeTable, exact: bool) -> None:
        self.table, self.exact = table, exact
        # By the identity of a container and a type, both alive throughout: the result, or why there is none. Without it
        # nested unions, or one list in many places, would be looked into over and over.
        self._known: dict[tuple[int, int], Any] = {}

    def whole(self, value: Any, type_: Type) -> Any:
        try:
            return self.value(value, type_, 0)
        except RecursionError:
            raise ConformError("", "nested too deep") from None

    def value(self, value: Any, type_: Type, depth: int) -> Any:
        if depth > MAX_NESTING:
            raise ConformError("", f"nested deeper than {MAX_NESTING} levels")
        match type_:
            case StrType(min=low, max=high):
                return _sized(_text(value, type_), value, low, high, type_)
            case RegexType(pattern=pattern):
                if not matches(pattern, _text(value, type_)):
                    raise _wrong(value, type_)
                return value
            case IntType(min=low, max=high):
                if isinstance(value, int) and not isinstance(value, bool) and _within(value, low, high):
                    return value
            case FloatType():
                return _float(value, type_)
            case BoolType():
                if isinstance(value, bool):
                    return value
            case NoneType():
                if value is None:
                    return None
            case LiteralType():
                if same(value, type_.value):
                    return type_.value
            case JsonType():
                return self._json(value, depth)
            case ListType(item=item, min=low, max=high):
                items = _sized(_array(value, type_), value, low, high, type_)
                return [self._at(i, v, item, depth) for i, v in enumerate(items)]
            case TupleType(items=types):
                items = _sized(_array(value, type_), value, len(types), len(types), type_)
                return tuple(self._at(i, v, t, depth) for i, (v, t) in enumerate(zip(items, types, strict=True)))
            case DictType(value=item):
                return {k: self._at(k, v, item, depth) for k, v in _object(value, type_).items()}
            case NamedType(name=name):
                return self._named(value, name, type_, depth)
            case UnionType(members=members):
                return self._union(value, members, type_, depth)
            case CallType(members=calls):
                return self._call(_object(value, type_), calls, type_, depth)
        raise _wrong(value, type_)

    def _at(self, key: str | int, value: Any, type_: Type, depth: int) -> Any:
        place = (id(value), id(type_))
        known = self._known.get(place)
        if known is None:
            try:
                known = self.value(value, type_, depth + 1)
            except ConformError as error:
                known = error
            if isinstance(value, dict | list | tuple):
                self._known[place] = known
        if isinstance(known, ConformError):
            raise known.inside(key)
        return known

    def _json(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return {k: self._at(k, v, JSON, depth) for k, v in _object(value, JSON).items()}
        if isinstance(value, list | tuple):
            return [self._at(i, v, JSON, depth) for i, v in enumerate(value)]
        if isinstance(value, str):
            return _text(value, JSON)
        if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        raise _wrong(value, JSON)

    def _named(self, value: Any, name: str, type_: NamedType, depth: int) -> Any:
        declared = self.table.get(name)
        if isinstance(declared, EnumType):
            if isinstance(value, str) and value in declared.names:
                return value
            raise ConformError("", f"found {_shorten(value)}, expected {name}: {_listed(declared.names)}")
        if declared is None:
            raise _wrong(value, type_)
        return self._fields(_object(value, type_), declared.fields, depth)

    def _fields(self, found: dict[str, Any], fields: Iterable[Field], depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for field in fields:
            if field.name in found:
                result[field.name] = self._at(field.name, found[field.name], field.type, depth)
            elif field.default is not None and not self.exact:
                result[field.name] = self._at(field.name, msgspec.json.decode(field.default), field.type, depth)
            elif not field.optional:
                raise ConformError("", f"found no field `{field.name}`, which is required")
        if unknown := next((name for name in found if name not in result), None):
            raise ConformError("", f"found unknown field `{unknown}`, expected {_listed(f.name for f in fields)}")
        if self.exact and list(found) != list(result):
            raise ConformError("", f"found the fields in another order, expected {_listed(result)}")
        return result

    def _union(self, value: Any, members: tuple[Type, ...], type_: Type, depth: int) -> Any:
        errors: list[ConformError] = []
        for member in members:
            try:
                return self.value(value, member, depth)
            except ConformError as error:
                errors.append(error)
        # An error deep inside tells more than the list of members: there the value had the right shape so far.
        deepest = max(errors, key=lambda error: error.depth)
        raise deepest if deepest.depth else _wrong(value, type_)

    def _call(self, value: dict[str, Any], members: tuple[CallMember, ...], type_: Type, depth: int) -> dict[str, Any]:
        """A choice of a `call`, given as its text's JSON (exact) or as a value."""
        name = value.get("name")
        member = next((m for m in members if m.name == name), None)
        if member is None:
            raise ConformError("", f"found name {_shorten(name)}, expected {_listed(m.name for m in members)}")
        rest = {key: item for key, item in value.items() if key != "name"}
        if self.exact:
            if list(value) != ["name", "arguments"]:
                raise _wrong(value, type_)
            args = self._arguments("arguments", rest, member, depth)
            return {"name": name, **args} if member.result is None else {"name": name, "args": args}
        if member.result is None:
            return {"name": name, **self._fields(rest, member.args, depth)}
        if not {"args"} <= rest.keys() <= {"args", "result"}:
            raise ConformError("", f"found the fields {_listed(value)}, expected `name`, `args` and `result`")
        call = {"name": name, "args": self._arguments("args", rest, member, depth)}
        if "result" in rest:
            call["result"] = self._at("result", rest["result"], member.result, depth)
        return call

    def _arguments(self, key: str, value: dict[str, Any], member: CallMember, depth: int) -> dict[str, Any]:
        try:
            return self._fields(_object(value[key], _ANY_OBJECT), member.args, depth + 1)
        except ConformError as error:
            raise error.inside(key) from None


def same(a: Any, b: Any) -> bool:
    """Equality of JSON values: numbers by value, but true is not 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


def _float(value: Any, type_: FloatType) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            raise _wrong(value, type_) from None
        if math.isfinite(number) and _within(number, type_.min, type_.max):
            return number
    raise _wrong(value, type_)


def _text(value: Any, type_: Type) -> str:
    if not isinstance(value, str):
        raise _wrong(value, type_)
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        raise ConformError("", f"found a lone surrogate in {ascii(value)[:_SHOWN]}, expected Unicode text")
    return value


def _array(value: Any, type_: Type) -> list[Any] | tuple[Any, ...]:
    if isinstance(value, list | tuple):
        return value
    raise _wrong(value, type_)


def _object(value: Any, type_: Type) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(value, type_)
    for key in value:
        _text(key, StrType())
    return value


def _sized(items: Any, value: Any, low: int, high: int | None, type_: Type) -> Any:
    if _within(len(items), low, high):
        return items
    unit = "characters" if isinstance(value, str) else "items"
    raise ConformError("", f"found {_shorten(value)} ({len(items)} {unit}), expected {show(type_)}")


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _wrong(value: Any, type_: Type) -> ConformError:
    return ConformError("", f"found {_shorten(value)}, expected {show(type_)}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _shorten(value: Any) -> str:
    """A wrong value as JSON, cut short; what JSON cannot say is named by its Python type."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    try:
        text = to_json(value) if isinstance(value, str | int | float | list | tuple | dict | None) else ""
    except (TypeError, ValueError, RecursionError):
        text = ""
    if not text:
        return f"a Python {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
