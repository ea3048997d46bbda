"""A Python annotation's text -> Shape, and whether values of a program's type go in or come out of it.

Only what is certain counts: a name that is not known here (a class, a TypedDict, a TypeVar) fits everything.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

import msgspec

from sglc.ir.types import (
    BoolType,
    CallType,
    DictType,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    NamedType,
    NoneType,
    RegexType,
    StrType,
    TupleType,
    Type,
    UnionType,
)


class Shape(msgspec.Struct, frozen=True):
    """Kinds of value that an annotation admits, and the shape of their items where it names one."""

    kinds: frozenset[str]
    item: Shape | None = None


# Each name, under whatever module prefix, and the kinds it admits as an argument.
_NAMES = {
    "str": {"str"}, "int": {"int", "bool"}, "float": {"float", "int", "bool"}, "complex": {"float", "int", "bool"},
    "bool": {"bool"}, "None": {"none"}, "bytes": {"bytes"}, "bytearray": {"bytes"}, "LiteralString": {"str"},
    "list": {"list"}, "List": {"list"}, "tuple": {"tuple"}, "Tuple": {"tuple"}, "set": {"set"}, "frozenset": {"set"},
    "dict": {"dict"}, "Dict": {"dict"}, "Mapping": {"dict"}, "MutableMapping": {"dict"},
    "Sequence": {"list", "tuple", "str"}, "Collection": {"list", "tuple", "str", "dict"},
    "Iterable": {"list", "tuple", "str", "dict"}, "date": {"date"}, "datetime": {"date"}, "Path": {"path"},
}  # fmt: skip
# What arrives from a function as another kind, because the result is made JSON-like.
_RETURNED_AS = {"set": "list", "date": "str"}
_WRAPPERS = {"Annotated", "Required", "NotRequired", "Final", "Awaitable", "Coroutine"}
_LISTS = {"list", "List", "Sequence", "Iterable", "Collection"}


def read_annotation(text: str) -> Shape | None:
    """The shape of an annotation, None when it is not understood."""
    try:
        return _read(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError):
        return None


def accepts(shape: Shape | None, type_: Type) -> bool:
    """Whether every value of the type may be passed where the annotation stands."""
    if isinstance(type_, UnionType):
        return all(accepts(shape, member) for member in type_.members)
    return _fits(shape, type_, accepts, widen=False)


def gives(shape: Shape | None, type_: Type) -> bool:
    """Whether what the annotation describes may be a value of the type; each kind it admits must be one."""
    if shape is None:
        return True
    members = type_.members if isinstance(type_, UnionType) else (type_,)
    kinds = {_RETURNED_AS.get(kind, kind) for kind in shape.kinds}
    # `int` admits a bool as argument, but a function that says int returns one; so with float and int.
    kinds -= {"bool"} if "int" in kinds else set()
    kinds -= {"int"} if "float" in kinds else set()
    fitting = [any(_fits(Shape(frozenset({k}), shape.item), m, gives, widen=True) for m in members) for k in kinds]
    # An abstract type (Sequence, Iterable) does not say what really comes.
    return any(fitting) if {"list", "tuple", "str"} <= kinds else all(fitting)


def _fits(shape: Shape | None, type_: Type, inner: Callable[[Shape | None, Type], bool], widen: bool) -> bool:
    if shape is None:
        return True
    expected = _kinds(type_)
    if widen and isinstance(type_, FloatType):
        expected |= {"int"}
    if expected and not expected & shape.kinds:
        return False
    if isinstance(type_, ListType) and "list" in shape.kinds and shape.item is not None:
        return inner(shape.item, type_.item)
    return True


def _kinds(type_: Type) -> set[str]:
    """What Python value carries the type; empty when that is open."""
    match type_:
        case StrType() | RegexType():
            return {"str"}
        case IntType():
            return {"int"}
        case FloatType():
            return {"float"}
        case BoolType():
            return {"bool"}
        case NoneType():
            return {"none"}
        case LiteralType():
            kind = {str: "str", bool: "bool", int: "int", float: "float", type(None): "none"}.get(type(type_.value))
            return {kind} if kind else set()
        case ListType() | TupleType():
            return {"list", "tuple"}
        case DictType() | CallType():
            return {"dict"}
        case NamedType():
            return {"dict", "str"}  # a record or an enum
    return set()


def _read(node: ast.expr) -> Shape | None:
    match node:
        case ast.Constant(value=None):
            return Shape(frozenset({"none"}))
        case ast.Constant(value=str(text)):
            return read_annotation(text)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return Shape(frozenset(_NAMES[name])) if name in _NAMES else None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _either([_read(left), _read(right)])
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
            return _read_generic(name, inside.elts if isinstance(inside, ast.Tuple) else [inside])
    return None


def _read_generic(name: str, inside: list[ast.expr]) -> Shape | None:
    if name == "Optional":
        return _either([_read(inside[0]), Shape(frozenset({"none"}))])
    if name == "Union":
        return _either([_read(part) for part in inside])
    if name == "Literal":
        values = [part.value for part in inside if isinstance(part, ast.Constant)]
        kinds = {{str: "str", bool: "bool", int: "int"}.get(type(v), "none") for v in values}
        return Shape(frozenset(kinds)) if len(values) == len(inside) else None
    if name in _WRAPPERS:
        return _read(inside[-1] if name in ("Awaitable", "Coroutine") else inside[0])
    if name not in _NAMES:
        return None
    return Shape(frozenset(_NAMES[name]), _read(inside[0]) if name in _LISTS else None)


def _either(shapes: list[Shape | None]) -> Shape | None:
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes):
        return None
    items = {shape.item for shape in known if "list" in shape.kinds}
    return Shape(frozenset().union(*(s.kinds for s in known)), items.pop() if len(items) == 1 else None)
