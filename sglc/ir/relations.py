"""How types relate: what may stand where, what two values have in common, which fields a value has."""

from __future__ import annotations

from collections.abc import Iterable

from sglc.ir.types import (
    BOOL,
    ERROR,
    FLOAT,
    INT,
    JSON,
    NEVER,
    NONE,
    STR,
    BoolType,
    CallType,
    ContextType,
    DictType,
    EnumType,
    ErrorType,
    FloatType,
    IntType,
    JsonType,
    ListType,
    LiteralType,
    NamedType,
    NeverType,
    NoneType,
    RecordType,
    RegexType,
    SessionType,
    StrType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
    union,
)  # fmt: skip


def assignable(source: Type, target: Type, table: TypeTable) -> bool:
    """Whether a value of `source` may stand where `target` is expected.

    Refinements (bounds, patterns) and the inside of `json` are left to run time: `str` may stand for `re"..."`, which
    `Conform` then checks.
    """
    return _fits(source, target, table, strict=False)


def certain(source: Type, target: Type, table: TypeTable) -> bool:
    """Whether every value of `source` is a value of `target` as it stands, with nothing left to check or convert."""
    return _fits(source, target, table, strict=True)


def _fits(source: Type, target: Type, table: TypeTable, *, strict: bool) -> bool:
    if source == target or isinstance(source, NeverType | ErrorType) or isinstance(target, ErrorType):
        return True
    if isinstance(source, UnionType):
        return all(_fits(m, target, table, strict=strict) for m in source.members)
    if isinstance(target, UnionType):
        return any(_fits(source, m, table, strict=strict) for m in target.members)
    match source, target:
        case SessionType() | ContextType(), _:
            return False
        case _, JsonType():
            return True
        case JsonType(), _:
            return not strict
        case LiteralType(), _:
            return _literal_fits(source, target, strict=strict)
        case RegexType(), StrType():
            return not strict or target == STR
        case StrType(), RegexType():
            return not strict
        case StrType(), StrType():
            return not strict or _inside(source.min, source.max, target.min, target.max)
        case IntType(), IntType():
            return not strict or _inside(source.min, source.max, target.min, target.max)
        case FloatType(), FloatType():
            return not strict or _inside(source.min, source.max, target.min, target.max)
        case IntType(), FloatType():
            return not strict
        case ListType(), ListType():
            bounds = not strict or _inside(source.min, source.max, target.min, target.max)
            return bounds and _fits(source.item, target.item, table, strict=strict)
        case DictType(), DictType():
            return _fits(source.value, target.value, table, strict=strict)
        case TupleType(), TupleType():
            return len(source.items) == len(target.items) and all(
                _fits(a, b, table, strict=strict) for a, b in zip(source.items, target.items, strict=True)
            )
        case CallType(), CallType():
            return set(source.members) <= set(target.members)
    return False


def _literal_fits(source: LiteralType, target: Type, *, strict: bool) -> bool:
    value = source.value
    match target:
        case StrType():
            return isinstance(value, str) and (not strict or target == STR)
        case RegexType():
            return isinstance(value, str) and not strict
        case IntType():
            return type(value) is int and (not strict or target == INT)
        case FloatType():
            return type(value) in (int, float) and not strict
        case BoolType():
            return isinstance(value, bool)
        case NoneType():
            return value is None
    return False


def _inside(low: float | None, high: float | None, outer_low: float | None, outer_high: float | None) -> bool:
    below = outer_low is None or (low is not None and low >= outer_low)
    above = outer_high is None or (high is not None and high <= outer_high)
    return below and above


def plain(type_: Type) -> Type:
    """The type without refinements and literals: what a variable or a list of such values is."""
    match type_:
        case StrType() | RegexType():
            return STR
        case IntType():
            return INT
        case FloatType():
            return FLOAT
        case LiteralType():
            return of_value(type_.value)
        case ListType(item=item):
            return ListType(plain(item))
        case DictType(value=value):
            return DictType(plain(value))
        case TupleType(items=items):
            return TupleType(tuple(plain(i) for i in items))
        case UnionType(members=members) if not all(isinstance(m, LiteralType) for m in members):
            return union(*(plain(m) for m in members))
        case UnionType(members=members):
            return union(*(plain(m) for m in members))
    return type_


def of_value(value: object) -> Type:
    """The plain type of a JSON value."""
    if value is None:
        return NONE
    known: dict[type, Type] = {bool: BOOL, int: INT, float: FLOAT, str: STR}
    return known.get(type(value), JSON)


def join(types: Iterable[Type], table: TypeTable) -> Type:
    """The type of a value that has one of the types: the widest of them where one takes all, else their union."""
    found = [t for t in types if not isinstance(t, NeverType)]
    if any(isinstance(t, ErrorType) for t in found):
        return ERROR
    if not found:
        return NEVER
    if len(set(found)) == 1:
        return found[0]
    for candidate in found:
        if all(certain(t, candidate, table) for t in found):
            return candidate
    widened = [plain(t) for t in found]
    for wide in widened:
        if not isinstance(wide, JsonType) and all(assignable(t, wide, table) for t in widened):
            return wide
    return union(*widened)


def without_none(type_: Type) -> Type:
    if isinstance(type_, UnionType):
        return union(*(m for m in type_.members if not isinstance(m, NoneType)))
    return NEVER if isinstance(type_, NoneType) else type_


def may_be_none(type_: Type) -> bool:
    members = type_.members if isinstance(type_, UnionType) else (type_,)
    return any(isinstance(m, NoneType) for m in members)


def members_of(type_: Type) -> tuple[Type, ...]:
    return type_.members if isinstance(type_, UnionType) else (type_,)


def may_be_json(type_: Type) -> bool:
    """Whether a text of the type may be a `json` value, which is inserted with its quotes."""
    return any(isinstance(m, JsonType) for m in members_of(type_))


def parts_of(type_: Type) -> tuple[Type, ...]:
    """The types that stand directly inside a type; the declaration behind a name is not looked into."""
    match type_:
        case ListType(item=part) | DictType(value=part):
            return (part,)
        case TupleType(items=parts) | UnionType(members=parts):
            return parts
        case CallType(members=members):
            return tuple(field.type for member in members for field in member.args)
    return ()


def size_of(type_: Type) -> tuple[int, int]:
    """How many types a type is written with (itself included; a part that stands twice counts twice), and its levels."""
    known: dict[int, tuple[int, int]] = {}  # by identity: aliases share their parts, and to hash a type is to walk it

    def measure(part: Type) -> tuple[int, int]:
        if id(part) not in known:
            sizes = [measure(inner) for inner in parts_of(part)]
            known[id(part)] = 1 + sum(parts for parts, _ in sizes), 1 + max((levels for _, levels in sizes), default=0)
        return known[id(part)]

    return measure(type_)


def fields_of(type_: Type, table: TypeTable) -> dict[str, Type] | None:
    """Fields that every value of the type has, by name; None where the type has no fields at all."""
    match type_:
        case NamedType(name=name):
            declared = table.get(name)
            if not isinstance(declared, RecordType):
                return None
            return {f.name: union(f.type, NONE) if f.optional else f.type for f in declared.fields}
        case CallType():
            return _call_fields(type_)
        case UnionType(members=members):
            each = [fields_of(m, table) for m in members]
            known = [f for f in each if f is not None]
            if len(known) < len(each):
                return None
            common = set(known[0]).intersection(*known[1:])
            return {name: join([f[name] for f in known], table) for name in known[0] if name in common}
    return None


def _call_fields(type_: CallType) -> dict[str, Type]:
    shapes: list[dict[str, Type]] = []
    for member in type_.members:
        shape: dict[str, Type] = {"name": STR}
        if member.result is not None:
            shape |= {"args": NamedType(f"{member.name}.args"), "result": member.result}
        else:
            shape |= {f.name: f.type for f in member.args}
        shapes.append(shape)
    common = set(shapes[0]).intersection(*shapes[1:])
    return {name: union(*(s[name] for s in shapes)) for name in shapes[0] if name in common}


def enums_in(type_: Type, table: TypeTable) -> list[EnumType]:
    """The enums among a type's members."""
    found = (table.get(m.name) for m in members_of(type_) if isinstance(m, NamedType))
    return [d for d in found if isinstance(d, EnumType)]


def disjoint_kinds(a: Type, b: Type, table: TypeTable) -> bool:
    """Whether no value can be of both types, judged by kind (text, number, bool, none, list, record)."""
    kinds_a, kinds_b = _kinds(a, table), _kinds(b, table)
    return "any" not in kinds_a | kinds_b and not kinds_a & kinds_b


def _kinds(type_: Type, table: TypeTable) -> set[str]:
    match type_:
        case UnionType(members=members):
            return set().union(*(_kinds(m, table) for m in members))
        case StrType() | RegexType():
            return {"text"}
        case IntType() | FloatType():
            return {"number"}
        case BoolType():
            return {"bool"}
        case NoneType():
            return {"none"}
        case LiteralType():
            return _kinds(of_value(type_.value), table)
        case ListType():
            return {"list"}
        case TupleType():
            return {"tuple"}
        case NamedType(name=name):
            return {f"enum {name}"} if isinstance(table.get(name), EnumType) else {"record"}
        case DictType():
            return {"record"}
        case CallType():
            return {"call"}
    return {"any"}


def item_type(type_: Type) -> Type:
    """The type of what a loop over a value sees."""
    match type_:
        case ListType(item=item):
            return item
        case TupleType(items=items):
            return join(items, {})
        case UnionType(members=members):
            return join([item_type(m) for m in members], {})
        case JsonType():
            return JSON
    return type_
