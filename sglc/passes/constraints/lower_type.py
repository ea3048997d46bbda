"""Type -> Dfa of the texts that a model may write for it.

At the top a str, a regex, an enum and string literals are bare text; everything else, and everything inside, is compact
JSON in field order. What has no finite or small automaton is bounded: ints to 18 digits, floats to 15 digits behind the
point without an exponent, `json` to JSON_DEPTH levels of nesting, a recursive record to its declared depth.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from sglc.diagnostics import InternalError
from sglc.ir import charset
from sglc.ir.decode import is_bare, to_json
from sglc.ir.pattern import PatternError, parse_pattern
from sglc.ir.types import (
    DEFAULT_DEPTH,
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
    NeverType,
    NoneType,
    RegexType,
    StrType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
    show,
)
from sglc.passes.constraints import expr
from sglc.passes.constraints.budget import Budget, ConstraintError
from sglc.passes.constraints.compile_expr import compile_expr
from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.expr import Expr
from sglc.passes.constraints.number_range import any_number, float_expr, int_expr
from sglc.passes.constraints.regex import pattern_expr
from sglc.passes.constraints.type_walk import JSON_DEPTH, declared, recursive_names

Levels: TypeAlias = tuple[tuple[str, int], ...]
"""For each recursive record that is being written, how many more levels of it may follow."""


def constraint_for(type_: Type, table: TypeTable, budget: Budget | None = None) -> Dfa | None:
    """The automaton of a hole of this type; None for a plain str, which may be anything."""
    return None if type_ == StrType() else build_dfa(type_, table, budget)


def build_dfa(type_: Type, table: TypeTable, budget: Budget | None = None) -> Dfa:
    """The automaton of the type's texts. Raises ConstraintError for a type without any, BudgetError for a huge one."""
    lowering = _Lowering(type_, table)
    text = lowering.text(type_)
    if text is expr.NOTHING:
        raise ConstraintError(lowering.reason or f"no text is of type {_short(type_)}")
    return compile_expr(expr.part(_short(type_), text), budget)


def json_dfa(type_: Type, table: TypeTable, budget: Budget | None = None) -> Dfa:
    """The automaton of the type's texts inside other JSON, where a str is quoted; empty for a type without any."""
    return compile_expr(expr.part(_short(type_), _Lowering(type_, table).json(type_, ())), budget)


class _Lowering:
    def __init__(self, type_: Type, table: TypeTable) -> None:
        self.table = table
        self.reason = ""
        self._recursive = recursive_names(type_, table)
        self._known: dict[tuple[Type, Levels], Expr] = {}

    def text(self, type_: Type) -> Expr:
        """How a hole of the type is written."""
        if not is_bare(type_, self.table):
            return self.json(type_, ())
        match type_:
            case StrType(min=low, max=high):
                return self._explain(expr.repeat(expr.one_of(charset.ANY), low, high), type_)
            case RegexType(pattern=pattern):
                return self._explain(_pattern(pattern, json=False), type_)
            case NamedType(name=name):
                return self._enum(name, self.table[name], quoted=False)
            case LiteralType():
                return expr.words([type_.value])
            case UnionType(members=members):
                return expr.words(m.value for m in members if isinstance(m, LiteralType))
        raise InternalError(f"no bare text for {show(type_)}")

    def json(self, type_: Type, levels: Levels) -> Expr:
        """How a value of the type is written inside JSON."""
        key = (type_, levels)
        if key not in self._known:
            self._known[key] = self._json(type_, levels)
        return self._known[key]

    def _json(self, type_: Type, levels: Levels) -> Expr:
        match type_:
            case StrType(min=low, max=high):
                return self._explain(_quoted(expr.repeat(_CHAR, low, high)), type_)
            case RegexType(pattern=pattern):
                return self._explain(_quoted(_pattern(pattern, json=True)), type_)
            case IntType(min=int_low, max=int_high):
                return self._explain(int_expr(int_low, int_high), type_)
            case FloatType(min=float_low, max=float_high):
                return self._explain(float_expr(float_low, float_high), type_)
            case BoolType():
                return expr.words(["true", "false"])
            case NoneType():
                return expr.Bytes(b"null")
            case LiteralType(json=text):
                return expr.Bytes(text.encode())
            case JsonType():
                return _any_json(JSON_DEPTH)
            case ListType(item=item, min=low, max=high):
                items = expr.repeat(self.json(item, levels), low, high, b",")
                return self._explain(_around(b"[", items, b"]"), type_)
            case TupleType(items=types):
                return _around(b"[", expr.fields((self.json(t, levels), False) for t in types), b"]")
            case DictType(value=value):
                return _object_of(self.json(value, levels))
            case NamedType(name=name):
                return self._named(name, levels)
            case UnionType(members=members):
                return self._union(members, levels)
            case CallType(members=calls):
                return expr.alt(self._call(member, levels) for member in calls)
            case NeverType():
                return expr.NOTHING
        raise InternalError(f"a value of type {show(type_)} cannot be generated")

    def _union(self, members: tuple[Type, ...], levels: Levels) -> Expr:
        texts = [member.json for member in members if isinstance(member, LiteralType)]
        others = [self.json(member, levels) for member in members if not isinstance(member, LiteralType)]
        return expr.alt([expr.words(texts), *others] if texts else others)

    def _named(self, name: str, levels: Levels) -> Expr:
        found = declared(name, self.table)
        if isinstance(found, EnumType):
            return self._enum(name, found, quoted=True)
        if name not in self._recursive:
            return self._record(name, found.fields, levels)
        depth = found.depth or DEFAULT_DEPTH
        left = dict(levels).get(name, depth)
        if left == 0:
            # What needs this level is left out: lists stay empty, optional fields absent, unions take another member.
            self.reason = self.reason or (
                f"no value of `{name}` ends within {depth} levels: let a field of it be absent, none or an empty list"
            )
            return expr.NOTHING
        return self._record(name, found.fields, tuple(sorted({**dict(levels), name: left - 1}.items())))

    def _record(self, name: str, fields: Iterable[Field], levels: Levels) -> Expr:
        items = []
        for field in fields:
            value = expr.seq(expr.Bytes(f"{to_json(field.name)}:".encode()), self.json(field.type, levels))
            if value is expr.NOTHING and self.reason and " in field " not in self.reason:
                self.reason += f" in field `{field.name}` of `{name}`"
            items.append((expr.part(f"`{name}.{field.name}`", value), field.optional))
        return _around(b"{", expr.fields(items), b"}")

    def _call(self, member: CallMember, levels: Levels) -> Expr:
        opening = f'{{"name":{to_json(member.name)},"arguments":'.encode()
        return _around(opening, self._record(member.name, member.args, levels), b"}")

    def _enum(self, name: str, found: object, quoted: bool) -> Expr:
        names = found.names if isinstance(found, EnumType) else ()
        if not names:
            self.reason = self.reason or f"the enum `{name}` has no members"
        return expr.words(to_json(n) if quoted else n for n in names)

    def _explain(self, item: Expr, type_: Type) -> Expr:
        if item is expr.NOTHING:
            self.reason = self.reason or f"no text is of type {_short(type_)}"
        return item


_CHAR = expr.one_of(charset.ANY, json=True)


def _around(opening: bytes, item: Expr, closing: bytes) -> Expr:
    return expr.seq(expr.Bytes(opening), item, expr.Bytes(closing))


def _quoted(item: Expr) -> Expr:
    return _around(b'"', item, b'"')


def _object_of(value: Expr) -> Expr:
    """An object with any keys; a key that stands twice cannot be excluded, the last one counts."""
    member = expr.seq(_quoted(expr.repeat(_CHAR, 0, None)), expr.Bytes(b":"), value)
    return _around(b"{", expr.repeat(member, 0, None, b","), b"}")


def _any_json(depth: int) -> Expr:
    options = [_quoted(expr.repeat(_CHAR, 0, None)), any_number(), expr.words(["true", "false", "null"])]
    if depth:
        inner = _any_json(depth - 1)
        options += [_around(b"[", expr.repeat(inner, 0, None, b","), b"]"), _object_of(inner)]
    return expr.alt(options)


def _pattern(pattern: str, json: bool) -> Expr:
    try:
        return pattern_expr(parse_pattern(pattern), json)
    except PatternError as error:
        raise ConstraintError(f"in the pattern `{pattern}`: {error.message}") from None


def _short(type_: Type) -> str:
    text = show(type_)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:60]}...`"
