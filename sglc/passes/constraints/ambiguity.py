"""Unions whose members cannot be told apart by their text: two types -> a JSON text that both can be, or None.

A JSON text can be read in one way only, so objects and arrays are compared by their structure; automata are needed for
scalars alone. Recursive records are compared without their depth: two that only meet deeper still count as ambiguous.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import msgspec

from sglc.ir.decode import ConformError, conform, to_json
from sglc.ir.types import (
    BOOL,
    NONE,
    STR,
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
    RegexType,
    StrType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
    literal,
)
from sglc.passes.constraints.type_walk import JSON_DEPTH, declared, reachable

if TYPE_CHECKING:
    from sglc.passes.constraints.scalar_overlap import ScalarOverlap


def ambiguous_union(type_: Type, table: TypeTable) -> tuple[Type, Type, str] | None:
    """The first two members of a union anywhere inside the type that share a text, and such a text.

    Raises BudgetError when two regexes or bounded texts are too large to compare.
    """
    overlaps = _Overlaps(table)
    for found in reachable(iter([type_]), table):
        if not isinstance(found, UnionType):
            continue
        for a, b in _pairs(found.members):
            text = overlaps.text(a, b)
            if text is not None:
                return a, b, text
    return None


def _pairs(members: tuple[Type, ...]) -> Iterator[tuple[Type, Type]]:
    """The pairs to compare; different literals of one scalar are different texts, however many choices there are."""
    scalars = [m for m in members if isinstance(m, LiteralType) and m.json[0] not in "[{"]
    others = [m for m in members if not isinstance(m, LiteralType) or m.json[0] in "[{"]
    place = {member: number for number, member in enumerate(members)}
    for scalar in scalars:
        for other in others:
            yield (scalar, other) if place[scalar] < place[other] else (other, scalar)
    yield from combinations(others, 2)


class _Json(msgspec.Struct, frozen=True):
    """Any JSON value with so many levels of nesting."""

    depth: int


class _Number(msgspec.Struct, frozen=True):
    """Any number of a `json` value."""


class _Fields(msgspec.Struct, frozen=True):
    """An object of these fields, in order: name, type, may it be absent."""

    fields: tuple[tuple[str, Shape, bool], ...]


class _Items(msgspec.Struct, frozen=True):
    """An array of these items."""

    items: tuple[Shape, ...]


class _Many(msgspec.Struct, frozen=True):
    """An array (`keyed`: an object with any keys) of `min` to `max` values of one shape."""

    item: Shape
    min: int
    max: int | None
    keyed: bool = False


Shape: TypeAlias = Type | _Json | _Number | _Fields | _Items | _Many


class _Overlaps:
    """Texts that two shapes share. Pairs may depend on themselves through recursive records.

    A shared text is finite, so it needs no pair inside itself: pairs under way count as disjoint, and rounds are
    repeated while they find anything new.
    """

    def __init__(self, table: TypeTable) -> None:
        self.table = table
        self._found: dict[tuple[Shape, Shape], str] = {}
        self._visited: set[tuple[Shape, Shape]] = set()
        self._scalars: dict[tuple[Shape, Shape], str | None] = {}
        self._automata: ScalarOverlap | None = None

    def text(self, a: Shape, b: Shape) -> str | None:
        while True:
            self._visited.clear()
            known = len(self._found)
            text = self._text(a, b)
            if text is not None or len(self._found) == known:
                return text

    def _text(self, a: Shape, b: Shape) -> str | None:
        if (a, b) in self._found or (a, b) in self._visited:
            return self._found.get((a, b))
        self._visited.add((a, b))
        for x in self._shapes(a):
            for y in self._shapes(b):
                text = self._compare(x, y)
                if text is not None:
                    self._found[a, b] = text
                    return text
        return None

    def _shapes(self, shape: Shape) -> Iterator[Shape]:
        """The alternatives of a shape, structure laid open: scalar types, _Number, _Fields, _Items, _Many."""
        match shape:
            case UnionType(members=members):
                for member in members:
                    yield from self._shapes(member)
            case JsonType():
                yield from self._shapes(_Json(JSON_DEPTH))
            case _Json(depth=depth):
                yield from (STR, _Number(), BOOL, NONE)
                if depth:
                    yield from (_Many(_Json(depth - 1), 0, None, keyed) for keyed in (False, True))
            case ListType(item=item, min=low, max=high):
                yield _Many(item, low, high)
            case DictType(value=value):
                yield _Many(value, 0, None, keyed=True)
            case TupleType(items=items):
                yield _Items(items)
            case CallType(members=calls):
                for call in calls:
                    yield _Fields((("name", literal(call.name), False), ("arguments", _record(call.args), False)))
            case LiteralType(json=json) if json[0] in "[{":
                yield _literal_shape(shape.value)
            case NamedType(name=name):
                found = declared(name, self.table)
                yield shape if isinstance(found, EnumType) else _record(found.fields)
            case _:
                yield shape

    def _compare(self, a: Shape, b: Shape) -> str | None:
        if _kind(a) != _kind(b):
            return None
        match a, b:
            case _Fields(), _Fields():
                return self._objects(a, b)
            case (_Fields() as fields, _Many(item=value)) | (_Many(item=value), _Fields() as fields):
                required = [(name, shape, value) for name, shape, optional in fields.fields if not optional]
                return self._object(required)
            case (_Items(), _Items() | _Many()) | (_Many(), _Items() | _Many()):
                return self._arrays(a, b)
        if (a, b) not in self._scalars:
            self._scalars[a, b] = self._scalar(a, b)
        return self._scalars[a, b]

    def _objects(self, a: _Fields, b: _Fields) -> str | None:
        """Both must be able to have exactly the fields that one of them requires, in one order."""
        in_a, in_b = ({name: shape for name, shape, _ in x.fields} for x in (a, b))
        needed = {name for x in (a, b) for name, _, optional in x.fields if not optional}
        if not needed <= in_a.keys() & in_b.keys():
            return None
        order = [name for name in in_a if name in needed]
        if order != [name for name in in_b if name in needed]:
            return None
        return self._object([(name, in_a[name], in_b[name]) for name in order])

    def _object(self, fields: list[tuple[str, Shape, Shape]]) -> str | None:
        texts = []
        for name, a, b in fields:
            text = self._text(a, b)
            if text is None:
                return None
            texts.append(f"{to_json(name)}:{text}")
        return f"{{{','.join(texts)}}}"

    def _arrays(self, a: Shape, b: Shape) -> str | None:
        """The shortest common length will do: more items never help."""
        if isinstance(a, _Many) and isinstance(b, _Many) and a.keyed:
            return "{}"
        (low_a, high_a), (low_b, high_b) = _lengths(a), _lengths(b)
        low = max(low_a, low_b)
        if low > min(high_a, high_b):
            return None
        # Of many equal items one is compared.
        single = isinstance(a, _Many) and isinstance(b, _Many)
        texts = []
        for at in range(min(low, 1) if single else low):
            text = self._text(_item(a, at), _item(b, at))
            if text is None:
                return None
            texts.append(text)
        return f"[{','.join(texts * low if single else texts)}]"

    # --- scalars -----------------------------------------------------------------------------------------------------

    def _scalar(self, a: Shape, b: Shape) -> str | None:
        if isinstance(a, StrType) and isinstance(b, StrType):
            low, highs = max(a.min, b.min), [x.max for x in (a, b) if x.max is not None]
            return None if highs and low > min(highs) else to_json("a" * low)
        if _kind(a) == '"':
            for some, other in ((a, b), (b, a)):
                values = self._finite(some)
                if values is not None:
                    return next((to_json(v) for v in values if self._conforms(v, other)), None)
        if self._automata is None:
            # NumPy is loaded here: most unions of most programs need no automata, and `sglc lint` has to start at once.
            from sglc.passes.constraints.scalar_overlap import ScalarOverlap

            self._automata = ScalarOverlap(self.table)
        text = self._automata.text(_scalar_type(a), _scalar_type(b))
        return to_json(text) if text is not None and _kind(a) == '"' else text

    def _finite(self, shape: Shape) -> tuple[str, ...] | None:
        """The texts of an enum or a literal."""
        if isinstance(shape, LiteralType):
            return (shape.value,)
        found = self.table.get(shape.name) if isinstance(shape, NamedType) else None
        return found.names if isinstance(found, EnumType) else None

    def _conforms(self, value: str, shape: Shape) -> bool:
        try:
            conform(value, cast(Type, shape), self.table)
        except ConformError:
            return False
        return True


def _scalar_type(shape: Shape) -> Type | None:
    return None if isinstance(shape, _Number) else cast(Type, shape)


def _record(fields: tuple[Field, ...]) -> _Fields:
    return _Fields(tuple((field.name, field.type, field.optional) for field in fields))


def _literal_shape(value: Any) -> Shape:
    if isinstance(value, list):
        return _Items(tuple(literal(item) for item in value))
    return _Fields(tuple((key, literal(item), False) for key, item in value.items()))


def _lengths(shape: Shape) -> tuple[int, float]:
    if isinstance(shape, _Items):
        return len(shape.items), len(shape.items)
    assert isinstance(shape, _Many)
    return shape.min, float("inf") if shape.max is None else shape.max


def _item(shape: Shape, at: int) -> Shape:
    if isinstance(shape, _Items):
        return shape.items[at]
    assert isinstance(shape, _Many)
    return shape.item


def _kind(shape: Shape) -> str:
    """What the text begins with: shapes of different kinds share no text."""
    match shape:
        case _Fields() | _Many(keyed=True):
            return "{"
        case _Items() | _Many():
            return "["
        case IntType() | FloatType() | _Number():
            return "0"
        case BoolType():
            return "b"
        case NoneType():
            return "n"
        case StrType() | RegexType() | NamedType():
            return '"'
        case LiteralType(json=json):
            return {"t": "b", "f": "b", "n": "n", '"': '"'}.get(json[0], "0")
    return ""
