"""Types of builtins and methods: from the types of the arguments to the type of the result.

A rule gives None where the arguments do not fit; what the functions do is in ir/values.py under the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec

from sglc.ir.relations import assignable, join, plain
from sglc.ir.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    NEVER,
    NONE,
    STR,
    BoolType,
    DictType,
    ErrorType,
    Field,
    FloatType,
    IntType,
    JsonType,
    ListType,
    LiteralType,
    NamedType,
    NeverType,
    RecordType,
    RegexType,
    SessionType,
    StrType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
)  # fmt: skip

Rule: TypeAlias = Callable[[Sequence[Type], TypeTable], Type | None]


RECORDS = {
    "Logprob": RecordType(
        "Logprob",
        (Field("token", STR), Field("logprob", FLOAT), Field("top", ListType(NamedType("Alternative")))),
        "a token of a generation and its log probability",
    ),
    "Alternative": RecordType(
        "Alternative", (Field("token", STR), Field("logprob", FLOAT)), "a token that was likely instead"
    ),
}
"""Record types of the language: what `logprobs=name` binds is a list of the first."""
RESERVED_TYPES = frozenset({*RECORDS, "error"})


class Builtin(msgspec.Struct, frozen=True):
    """`function` is the name in ir/values.py. `usage` is what an error shows. Between `low` and `high` arguments."""

    function: str
    usage: str
    low: int
    high: int
    rule: Rule


def is_text(type_: Type) -> bool:
    if isinstance(type_, UnionType):
        return all(is_text(m) for m in type_.members)
    if isinstance(type_, LiteralType):
        return isinstance(type_.value, str)
    return isinstance(type_, StrType | RegexType | ErrorType | NeverType)


def is_number(type_: Type) -> bool:
    if isinstance(type_, UnionType):
        return all(is_number(m) for m in type_.members)
    if isinstance(type_, LiteralType):
        return type(type_.value) in (int, float)
    return isinstance(type_, IntType | FloatType | ErrorType | NeverType)


def is_int(type_: Type) -> bool:
    return is_number(type_) and isinstance(plain(type_), IntType | ErrorType | NeverType)


def is_bool(type_: Type) -> bool:
    return isinstance(plain(type_), BoolType | ErrorType | NeverType)


def item_of(type_: Type) -> Type | None:
    """The item type of a list or of a tuple of like items; None for anything else."""
    match type_:
        case ListType(item=item):
            return item
        case ErrorType() | NeverType():
            return type_
        case JsonType():
            return JSON
        case TupleType(items=parts):
            return join(parts, {})
        case UnionType(members=members):
            items = [item_of(m) for m in members]
            known = [i for i in items if i is not None]
            return join(known, {}) if len(known) == len(items) else None
    return None


def parts_of(type_: Type, count: int) -> list[Type] | None:
    """The types of the items of a value that has exactly `count` of them, as far as its type says; None otherwise."""
    match type_:
        case ErrorType() | NeverType() | JsonType():
            return [type_] * count
        case TupleType(items=items) if len(items) == count:
            return list(items)
        case ListType(item=item, min=low, max=high) if low == high == count:
            return [item] * count
        case UnionType(members=members):
            known = [p for m in members if (p := parts_of(m, count)) is not None]
            return [join(types, {}) for types in zip(*known, strict=True)] if len(known) == len(members) else None
    return None


def can_order(type_: Type, table: TypeTable) -> bool:
    """Whether values of a type can be compared with < among themselves."""
    if isinstance(type_, TupleType):
        return all(can_order(i, table) for i in type_.items)
    if isinstance(type_, ListType):
        return can_order(type_.item, table)
    return is_text(type_) or is_number(type_) or is_bool(type_) or isinstance(type_, JsonType)


def is_data(type_: Type) -> bool:
    """Whether a value is JSON data (a session is not)."""
    return not isinstance(type_, SessionType)


def _sized(args: Sequence[Type], table: TypeTable) -> Type | None:
    kinds = (ListType, DictType, TupleType, JsonType, ErrorType, NeverType)
    return INT if isinstance(args[0], kinds) or is_text(args[0]) else None


def _range(args: Sequence[Type], table: TypeTable) -> Type | None:
    return ListType(INT) if all(is_int(a) for a in args) else None


def _extreme(args: Sequence[Type], table: TypeTable) -> Type | None:
    if len(args) == 1:
        item = item_of(args[0])
        return plain(item) if item is not None and can_order(item, table) else None
    joined = join(args, table)
    return plain(joined) if can_order(joined, table) else None


def _sum(args: Sequence[Type], table: TypeTable) -> Type | None:
    item = item_of(args[0])
    if item is None or not (is_number(item) or isinstance(item, JsonType)):
        return None
    return INT if isinstance(item, NeverType) else FLOAT if isinstance(item, JsonType) else plain(item)


def _sorted(args: Sequence[Type], table: TypeTable) -> Type | None:
    item = item_of(args[0])
    if item is None or not can_order(item, table) or (len(args) > 1 and not is_bool(args[1])):
        return None
    return ListType(item)


def _same_list(args: Sequence[Type], table: TypeTable) -> Type | None:
    item = item_of(args[0])
    return ListType(item) if item is not None else None


def _mode(args: Sequence[Type], table: TypeTable) -> Type | None:
    return item_of(args[0])


def _round(args: Sequence[Type], table: TypeTable) -> Type | None:
    if not is_number(args[0]) or (len(args) > 1 and not is_int(args[1])):
        return None
    return FLOAT if len(args) > 1 else INT


def _abs(args: Sequence[Type], table: TypeTable) -> Type | None:
    return plain(args[0]) if is_number(args[0]) else None


def _bools(args: Sequence[Type], table: TypeTable) -> Type | None:
    item = item_of(args[0])
    return BOOL if item is not None and (is_bool(item) or isinstance(item, JsonType)) else None


def _enumerate(args: Sequence[Type], table: TypeTable) -> Type | None:
    item = item_of(args[0])
    fits = item is not None and (len(args) == 1 or is_int(args[1]))
    return ListType(TupleType((INT, item))) if item is not None and fits else None


def _zip(args: Sequence[Type], table: TypeTable) -> Type | None:
    items = [item_of(a) for a in args]
    known = tuple(i for i in items if i is not None)
    return ListType(TupleType(known)) if len(known) == len(items) else None


def _flatten(args: Sequence[Type], table: TypeTable) -> Type | None:
    outer = item_of(args[0])
    inner = item_of(outer) if outer is not None else None
    return ListType(inner) if inner is not None else None


def _to_number(result: Type) -> Rule:
    def rule(args: Sequence[Type], table: TypeTable) -> Type | None:
        fits = is_text(args[0]) or is_number(args[0]) or isinstance(args[0], JsonType)
        return result if fits else None

    return rule


def _from_data(result: Type) -> Rule:
    return lambda args, table: result if all(is_data(a) for a in args) else None


def _from_text(result: Type) -> Rule:
    return lambda args, table: result if all(is_text(a) or isinstance(a, JsonType) for a in args) else None


def _builtin(name: str, usage: str, low: int, high: int, rule: Rule) -> tuple[str, Builtin]:
    return name, Builtin(name, usage, low, high, rule)


BUILTINS: dict[str, Builtin] = dict([
    _builtin("len", "len(text, list or dict)", 1, 1, _sized),
    _builtin("range", "range(stop) or range(start, stop, step)", 1, 3, _range),
    _builtin("min", "min(list) or min(a, b, ...)", 1, 16, _extreme),
    _builtin("max", "max(list) or max(a, b, ...)", 1, 16, _extreme),
    _builtin("sum", "sum(list of numbers)", 1, 1, _sum),
    _builtin("sorted", "sorted(list) or sorted(list, reverse)", 1, 2, _sorted),
    _builtin("reversed", "reversed(list)", 1, 1, _same_list),
    _builtin("unique", "unique(list)", 1, 1, _same_list),
    _builtin("flatten", "flatten(list of lists)", 1, 1, _flatten),
    _builtin("mode", "mode(list)", 1, 1, _mode),
    _builtin("round", "round(number) or round(number, digits)", 1, 2, _round),
    _builtin("abs", "abs(number)", 1, 1, _abs),
    _builtin("any", "any(list of bools)", 1, 1, _bools),
    _builtin("all", "all(list of bools)", 1, 1, _bools),
    _builtin("enumerate", "enumerate(list) or enumerate(list, start)", 1, 2, _enumerate),
    _builtin("zip", "zip(list, list, ...)", 2, 8, _zip),
    _builtin("int", "int(text or number)", 1, 1, _to_number(INT)),
    _builtin("float", "float(text or number)", 1, 1, _to_number(FLOAT)),
    _builtin("str", "str(value)", 1, 1, _from_data(STR)),
    _builtin("bool", "bool(value)", 1, 1, _from_data(BOOL)),
    _builtin("json", "json(value)", 1, 1, _from_data(STR)),
    _builtin("parse_json", "parse_json(text)", 1, 1, _from_text(JSON)),
    _builtin("tokens", "tokens(text)", 1, 1, _from_text(INT)),
    _builtin("describe", "describe(type or tool, ...)", 1, 16, lambda args, table: STR),
    _builtin("image", "image(path)", 1, 1, lambda args, table: STR),
])  # fmt: skip


# --- methods ---------------------------------------------------------------------------------------------------------


def _text_method(result: Type) -> Rule:
    """All arguments are texts."""
    return lambda args, table: result if all(is_text(a) for a in args[1:]) else None


def _join(args: Sequence[Type], table: TypeTable) -> Type | None:
    item = item_of(args[1])
    return STR if item is not None and (is_text(item) or isinstance(item, JsonType)) else None


def _replace(args: Sequence[Type], table: TypeTable) -> Type | None:
    return STR if is_text(args[1]) and is_text(args[2]) else None


def _list_find(args: Sequence[Type], table: TypeTable) -> Type | None:
    item = item_of(args[0]) or NEVER
    return INT if assignable(args[1], plain(item), table) or assignable(plain(item), args[1], table) else None


def _keys(args: Sequence[Type], table: TypeTable) -> Type | None:
    return ListType(STR)


def _dict_value(type_: Type) -> Type:
    return type_.value if isinstance(type_, DictType) else JSON


def _values(args: Sequence[Type], table: TypeTable) -> Type | None:
    return ListType(_dict_value(args[0]))


def _items(args: Sequence[Type], table: TypeTable) -> Type | None:
    return ListType(TupleType((STR, _dict_value(args[0]))))


def _get(args: Sequence[Type], table: TypeTable) -> Type | None:
    if not is_text(args[1]):
        return None
    return join([_dict_value(args[0]), args[2] if len(args) > 2 else NONE], table)


def _method(kind: str, name: str, usage: str, low: int, high: int, rule: Rule) -> tuple[str, Builtin]:
    return f"{kind}.{name}", Builtin(f"{kind}.{name}", usage, low + 1, high + 1, rule)


METHODS: dict[str, Builtin] = dict([
    _method("str", "upper", "text.upper()", 0, 0, _text_method(STR)),
    _method("str", "lower", "text.lower()", 0, 0, _text_method(STR)),
    _method("str", "title", "text.title()", 0, 0, _text_method(STR)),
    _method("str", "strip", "text.strip()", 0, 1, _text_method(STR)),
    _method("str", "lstrip", "text.lstrip()", 0, 1, _text_method(STR)),
    _method("str", "rstrip", "text.rstrip()", 0, 1, _text_method(STR)),
    _method("str", "split", "text.split() or text.split(separator)", 0, 1, _text_method(ListType(STR))),
    _method("str", "splitlines", "text.splitlines()", 0, 0, _text_method(ListType(STR))),
    _method("str", "join", "separator.join(list of texts)", 1, 1, _join),
    _method("str", "replace", "text.replace(old, new)", 2, 2, _replace),
    _method("str", "startswith", "text.startswith(prefix)", 1, 1, _text_method(BOOL)),
    _method("str", "endswith", "text.endswith(suffix)", 1, 1, _text_method(BOOL)),
    _method("str", "find", "text.find(part)", 1, 1, _text_method(INT)),
    _method("str", "count", "text.count(part)", 1, 1, _text_method(INT)),
    _method("str", "isdigit", "text.isdigit()", 0, 0, _text_method(BOOL)),
    _method("list", "index", "list.index(value)", 1, 1, _list_find),
    _method("list", "count", "list.count(value)", 1, 1, _list_find),
    _method("dict", "keys", "dict.keys()", 0, 0, _keys),
    _method("dict", "values", "dict.values()", 0, 0, _values),
    _method("dict", "items", "dict.items()", 0, 0, _items),
    _method("dict", "get", "dict.get(key) or dict.get(key, default)", 1, 2, _get),
])  # fmt: skip


def method_kind(type_: Type) -> str:
    """The group of methods that a type has: "str", "list", "dict" or "" for none."""
    if is_text(type_) and not isinstance(type_, ErrorType | NeverType):
        return "str"
    if isinstance(type_, ListType):
        return "list"
    return "dict" if isinstance(type_, DictType | JsonType) else ""


def method_names(kind: str) -> list[str]:
    return [name.partition(".")[2] for name in METHODS if name.startswith(f"{kind}.")]
