"""Trees of textual IR -> types and fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sglc.ir.text_tree import (
    Parsed,
    all_of,
    child,
    children,
    description,
    error_at,
    find,
    json_text,
    name_of,
    string,
    tokens,
)
from sglc.ir.types import (
    BOOL,
    CONTEXT,
    JSON,
    NEVER,
    NONE,
    CallMember,
    CallType,
    DictType,
    Field,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    NamedType,
    RegexType,
    SessionType,
    StrType,
    TupleType,
    Type,
    UnionType,
)

TYPE_RULES = (
    "simple", "regex", "quoted_regex", "literal_type", "declared", "session_type", "call_type", "optional", "union",
)  # fmt: skip

_BARE: dict[str, Type] = {"bool": BOOL, "none": NONE, "json": JSON, "ctx": CONTEXT, "never": NEVER}
_BOUNDED: dict[str, tuple[Callable[..., Type], Callable[[str], Any]]] = {
    "str": (StrType, int),
    "int": (IntType, int),
    "float": (FloatType, float),
}


def read_type(tree: Parsed, text: str) -> Type:
    """A type; `tree` is of one of TYPE_RULES."""
    match tree.data:
        case "simple":
            return _simple(tree, text)
        case "regex":
            return RegexType(tokens(tree)[0][3:-1])
        case "quoted_regex":
            return RegexType(string(tokens(tree)[0]))
        case "literal_type":
            return LiteralType(json_text(tree, text))
        case "declared":
            return NamedType(name_of(tree))
        case "session_type":
            return SessionType(name_of(tree))
        case "call_type":
            return CallType(tuple(_member(m, text) for m in children(tree)))
        case "optional":
            return UnionType((read_type(children(tree)[0], text), NONE))
    return UnionType(tuple(read_type(member, text) for member in children(tree)))


def type_of(tree: Parsed, text: str) -> Type | None:
    """The type that stands in a tree."""
    found = find(tree, *TYPE_RULES)
    return read_type(found, text) if found else None


def stated_type(tree: Parsed, text: str) -> Type:
    """The same where the grammar says that there is one."""
    return read_type(child(tree, *TYPE_RULES), text)


def read_field(tree: Parsed, text: str) -> Field:
    return Field(
        name=name_of(tree),
        type=stated_type(tree, text),
        description=description(tree),
        default=default(tree, text),
        optional=any(t.type == "OPTIONAL" for t in tokens(tree)),
    )


def read_fields(group: Parsed, text: str) -> tuple[Field, ...]:
    return tuple(read_field(field, text) for field in all_of(group, "field"))


def default(tree: Parsed, text: str) -> str | None:
    found = find(tree, "json")
    return json_text(found, text) if found else None


def _member(tree: Parsed, text: str) -> CallMember:
    return CallMember(name_of(tree), read_fields(child(tree, "group"), text), type_of(tree, text))


def _simple(tree: Parsed, text: str) -> Type:
    name = str(tokens(tree)[0])
    inner = find(tree, "types")
    args = [read_type(a, text) for a in children(inner)] if inner else []
    limits = {str(key): value for key, value in map(tokens, all_of(tree, "limit"))}
    if not limits.keys() <= {"min", "max"} or (limits and name not in (*_BOUNDED, "list")):
        raise error_at(f"`{name}` takes no ({', '.join(limits)})", tree)
    match name, args:
        case "list", [item]:
            return ListType(item, **{key: int(value) for key, value in limits.items()})
        case "dict", [StrType(), value]:
            return DictType(value)
        case "tuple", _ if inner:
            return TupleType(tuple(args))
        case _ if args or name in ("list", "dict", "tuple"):
            raise error_at(f"`{name}` has wrong arguments in `[]`", tree)
    if name in _BOUNDED:
        make, number = _BOUNDED[name]
        return make(**{key: number(value) for key, value in limits.items()})
    return _BARE.get(name) or NamedType(name)
