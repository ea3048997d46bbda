"""Type expressions -> types; type, enum and schema declarations -> the table of declared types."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sglc.diagnostics import Diagnostic, Related, SglError, nearest
from sglc.frontend import ast
from sglc.frontend.builtins import RECORDS
from sglc.frontend.endless import Endless
from sglc.frontend.errors import constraints as ce
from sglc.frontend.errors import declared as de
from sglc.frontend.errors import names as ne
from sglc.frontend.other_languages import TYPES
from sglc.frontend.resolve import KIND_NAMES, Read, Symbol, Unit, near_file, reason_of
from sglc.ir.json_schema import SchemaError, schema_to_types
from sglc.ir.pattern import PatternError, parse_pattern
from sglc.ir.relations import size_of
from sglc.ir.types import (
    BOOL,
    ERROR,
    JSON,
    NONE,
    STR,
    Declared,
    DictType,
    EnumMember,
    EnumType,
    Field,
    FloatType,
    IntType,
    ListType,
    NamedType,
    RecordType,
    RegexType,
    StrType,
    TupleType,
    Type,
    literal,
    optional,
    union,
)  # fmt: skip
from sglc.source import SourceFile, Span

PLAIN_TEXT = "write plain text, without holes"
_SIMPLE: dict[str, Type] = {"bool": BOOL, "json": JSON, "none": NONE}
_REFINED = {"str": int, "int": int, "float": float, "list": int}
_ARITY = {"list": (1, 1), "dict": (2, 2), "tuple": (1, 16)}
TYPE_NAMES = ("str", "int", "float", "bool", "json", "none", "list", "dict", "tuple")
MAX_PARTS = 5000
MAX_LEVELS = 100
Constant = Callable[[Unit, ast.Expr, str], Any]
"""Gives an expression's value, or None after reporting that it is not constant."""


class Declarer:
    """Builds types. `report` takes diagnostics, `constant` evaluates expressions that must be constant."""

    def __init__(
        self, table: dict[str, Declared], read: Read, report: Callable[[Diagnostic], None], constant: Constant
    ):
        self.table, self.read, self.report, self.constant = table, read, report, constant
        self.aliases: dict[str, Type] = {}
        self.open_aliases: list[str] = []
        self.schemas: dict[str, Type] = {}
        self.endless: Endless | None = None
        self.told: set[str] = set()
        """Records whose values never end, which was reported."""

    def _error(self, unit: Unit, kind: type[Diagnostic], place: ast.Node | Span, /, **facts: Any) -> Type:
        """Report a finding; gives the type of what could not be typed."""
        self.report(unit.finding(kind, place, **facts))
        return ERROR

    # --- declarations ---

    def declare(self, unit: Unit) -> None:
        """Put the unit's own records and enums into the table."""
        for symbol in unit.own.values():
            if isinstance(symbol.decl, ast.EnumDecl):
                self.table[symbol.unique] = self._enum(unit, symbol.unique, symbol.decl)
        for symbol in unit.own.values():
            if isinstance(symbol.decl, ast.TypeDecl):
                self.table[symbol.unique] = self._record(unit, symbol.unique, symbol.decl)
            elif isinstance(symbol.decl, ast.AliasDecl):
                self.alias(symbol)

    def _enum(self, unit: Unit, name: str, decl: ast.EnumDecl) -> EnumType:
        self._no_duplicates(unit, [m.name for m in decl.members], "a member", "remove one of the two")
        members = tuple(EnumMember(m.name.name, self.text(unit, m.description)) for m in decl.members)
        return EnumType(name, members, self.text(unit, decl.description))

    def _record(self, unit: Unit, name: str, decl: ast.TypeDecl) -> RecordType:
        depth = self.constant(unit, decl.bound, "the depth") if decl.bound is not None else None
        if decl.bound is not None and depth is not None and (type(depth) is not int or not 1 <= depth <= 32):
            problem = "the depth of a recursive type must be from 1 to 32"
            self._error(unit, de.BadTypeArguments, decl.bound, problem=problem)
            depth = None
        return RecordType(name, self.fields(unit, decl.fields), self.text(unit, decl.description), depth)

    def fields(self, unit: Unit, decls: tuple[ast.FieldDecl, ...]) -> tuple[Field, ...]:
        """Fields or parameters without their defaults, which need the table to be complete (see `check`)."""
        self._no_duplicates(unit, [d.name for d in decls], "the first of that name", "choose another name")
        return tuple(Field(d.name.name, self.type(unit, d.type), self.text(unit, d.description)) for d in decls)

    def _no_duplicates(self, unit: Unit, names: list[ast.Name], label: str, help_: str) -> None:
        first: dict[str, ast.Name] = {}
        for name in names:
            earlier = first.setdefault(name.name, name)
            if earlier is not name:
                related = (Related(unit.source, earlier.span, label),)
                self._error(unit, ne.DuplicateName, name, name=name.name, help=help_, related=related)

    def text(self, unit: Unit, string: ast.Str | None) -> str:
        """A description's text; holes are refused."""
        if string is None:
            return ""
        if string.constant is None:
            self._error(unit, de.NotConstant, string, what="a description", help=PLAIN_TEXT)
        return string.constant or ""

    def alias(self, symbol: Symbol) -> Type:
        """The type that an alias stands for."""
        known = self.aliases.get(symbol.unique)
        if known is not None:
            return known
        decl = symbol.decl
        assert isinstance(decl, ast.AliasDecl)
        if symbol.unique in self.open_aliases:
            plain = isinstance(decl.type, ast.TypeName) and not decl.type.args
            help_ = "write the type that it stands for" if plain else "declare a record with fields: records may recur"
            self._error(symbol.unit, de.AliasCycle, decl.name, name=decl.name.name, help=help_)
            self.aliases[symbol.unique] = ERROR
            return ERROR
        if len(self.open_aliases) == MAX_LEVELS:
            return self._too_large(symbol, decl)
        self.open_aliases.append(symbol.unique)
        type_ = self.type(symbol.unit, decl.type)
        self.open_aliases.pop()
        parts, levels = size_of(type_)
        if parts > MAX_PARTS or levels > MAX_LEVELS:
            type_ = self._too_large(symbol, decl)
        return self.aliases.setdefault(symbol.unique, type_)

    def _too_large(self, symbol: Symbol, decl: ast.AliasDecl) -> Type:
        return self._error(
            symbol.unit, de.TypeTooLarge, decl.name, name=decl.name.name, parts=MAX_PARTS, levels=MAX_LEVELS
        )

    def check_finite(self, unit: Unit, symbol: Symbol) -> None:
        """Report a record whose values could never end, once for the records that lead back to each other."""
        if not isinstance(symbol.decl, ast.TypeDecl) or symbol.unique in self.told:
            return
        self.endless = self.endless or Endless(self.table)
        way = self.endless.way_back(symbol.unique)
        if way:
            self.told.update(record for record, _ in way)
            field = next(f for f in symbol.decl.fields if f.name.name == way[0][1])
            label = f"another `{symbol.name}`"
            label = f"`{'.'.join(name for _, name in way)}` is {label}" if len(way) > 1 else label
            self._error(unit, de.InfiniteType, field.name, name=symbol.name, way=label, help=_endless_help(field, unit))

    # --- type expressions ---

    def type(self, unit: Unit, node: ast.TypeExpr) -> Type:
        """The type that an expression means; ERROR after a report."""
        match node:
            case ast.TypeName():
                return self._named(unit, node)
            case ast.TypeRegex(pattern=pattern):
                return self.regex(unit, pattern)
            case ast.TypeLiteral():
                return self._literal(unit, node)
            case ast.TypeSchema(path=path):
                return self._schema(unit, path)
            case ast.TypeOptional(item=item):
                inner = self.type(unit, item)
                return ERROR if inner == ERROR else optional(inner)
            case ast.TypeUnion(members=members):
                types = [self.type(unit, m) for m in members]
                return ERROR if ERROR in types else union(*types)

    def regex(self, unit: Unit, pattern: ast.Str) -> Type:
        text = pattern.constant or ""
        try:
            parse_pattern(text)
        except PatternError as error:
            span = pattern_span(unit.source, pattern, error.offset, error.length)
            return self._error(unit, ce.BadPattern, span, reason=error.message, help=error.hint)
        return RegexType(text)

    def _literal(self, unit: Unit, node: ast.TypeLiteral) -> Type:
        match node.value:
            case ast.Str() as string:
                if string.constant is None:
                    self._error(unit, de.NotConstant, string, what="a literal type", help=PLAIN_TEXT)
                    return ERROR
                return literal(string.constant)
            case ast.Number(value=value):
                return literal(value)
            case ast.Constant(value=constant):
                return NONE if constant is None else literal(constant)
            case ast.Unary(operand=ast.Number(value=value)):
                return literal(-value)
        return ERROR

    def _named(self, unit: Unit, node: ast.TypeName) -> Type:
        name = node.name.name
        if name in _ARITY:
            return self._generic(unit, node, name)
        if name not in TYPE_NAMES and name not in unit.names and name not in RECORDS:
            return self._unknown(unit, node.name)
        if node.args:
            problem, help_ = f"`{name}` takes no type arguments", "leave the brackets out"
            help_ = f"write `{name}(min=1, max=8)` for a range" if name in _REFINED else help_
            return self._error(unit, de.BadTypeArguments, node, problem=problem, help=help_)
        bounds = self._bounds(unit, node, name)
        if bounds is None:
            return ERROR
        if name == "str":
            return StrType(int(bounds[0] or 0), bounds[1])
        if name == "int":
            return IntType(*bounds)
        if name == "float":
            return FloatType(*(None if b is None else float(b) for b in bounds))
        return _SIMPLE.get(name) or self._declared(unit, node.name)

    def _declared(self, unit: Unit, name: ast.Name) -> Type:
        symbol = unit.names.get(name.name)
        if symbol is None and name.name in RECORDS:
            self.table.update(RECORDS)
            return NamedType(name.name)
        if symbol is None:
            return self._unknown(unit, name)
        if symbol.kind in ("type", "enum"):
            return NamedType(symbol.unique)
        if symbol.kind == "alias":
            return self.alias(symbol)
        if symbol.kind != "broken":
            kind = KIND_NAMES[symbol.kind]
            help_ = "choose it behind `with`: model=..." if symbol.kind == "model" else "name a type, enum or alias"
            self._error(unit, ne.WrongKind, name, name=name.name, kind=kind, expected="a type", help=help_)
        return ERROR

    def _unknown(self, unit: Unit, name: ast.Name) -> Type:
        declared = [n for n, s in unit.names.items() if s.kind in _TYPE_KINDS]
        near = nearest(name.name, declared) or nearest(name.name, TYPE_NAMES)
        help_ = f"use `{near}`" if near else "declare it with `type`, `enum` or an import"
        if nearest(name.name, declared) is None:
            help_ = TYPES.get(name.name.lower(), help_)
        return self._error(unit, ne.UnknownType, name, name=name.name, help=help_)

    def _generic(self, unit: Unit, node: ast.TypeName, name: str) -> Type:
        low, high = _ARITY[name]
        args = [self.type(unit, a) for a in node.args]
        bounds = self._bounds(unit, node, name)
        if not low <= len(args) <= high:
            example = {"list": "list[str]", "dict": "dict[str, int]", "tuple": "tuple[int, str]"}[name]
            count = f"{low} type argument{'s' if low > 1 else ''}" if low == high else f"{low} to {high} type arguments"
            problem = f"`{name}` takes {count}, {len(args)} given"
            return self._error(unit, de.BadTypeArguments, node, problem=problem, help=f"write {example}, say")
        if bounds is None or ERROR in args:  # what could be wrong with a value of which a part is unknown?
            return ERROR
        if name == "list":
            return ListType(args[0], int(bounds[0] or 0), bounds[1])
        if name == "tuple":
            return TupleType(tuple(args))
        if args[0] != STR:
            problem, help_ = "the keys of a dict are str", f"write dict[str, {unit.text(node.args[1])}]"
            self._error(unit, de.BadTypeArguments, node.args[0], problem=problem, help=help_)
        return DictType(args[1])

    def _bounds(self, unit: Unit, node: ast.TypeName, name: str) -> tuple[Any, Any] | None:
        """`(min=, max=)`; None after a report."""
        found: dict[str, Any] = {"min": None, "max": None}
        kind = _REFINED.get(name)
        for option in node.options:
            key = option.name.name
            if kind is None or key not in found:
                problem = f"`{name}` has no refinement `{key}`"
                help_ = (
                    "the refinements are min= and max=" if kind else "only str, int, float and list take min= and max="
                )
                if name == "str" and key in ("pattern", "regex", "re", "format"):
                    help_ = 'write the pattern as the type: re"..."'
                self._error(unit, de.BadTypeArguments, option, problem=problem, help=help_)
                return None
            value = self.constant(unit, option.value, f"`{key}`")
            if value is None:
                return None
            good = type(value) is int or (kind is float and type(value) is float)
            if not good or (name in ("str", "list") and not 0 <= value <= 10_000):
                wanted = "a number" if kind is float else "a whole number"
                wanted += " from 0 to 10000" if name in ("str", "list") else ""
                problem = f"`{key}` of `{name}` must be {wanted}"
                self._error(unit, de.BadTypeArguments, option.value, problem=problem)
                return None
            found[key] = value
        low, high = found["min"], found["max"]
        if low is not None and high is not None and low > high:
            self._error(unit, de.EmptyRange, node, low=str(low), high=str(high))
            return None
        return low, high

    # --- schemas ---

    def _schema(self, unit: Unit, node: ast.Str) -> Type:
        written = node.constant
        if written is None:
            self._error(unit, de.NotConstant, node, what="the path of a schema", help=PLAIN_TEXT)
            return ERROR
        path = os.path.normpath(Path(unit.source.path).parent / written)
        if path not in self.schemas:
            self.schemas[path] = self._read_schema(unit, node, written, path)
        return self.schemas[path]

    def _read_schema(self, unit: Unit, node: ast.Str, written: str, path: str) -> Type:
        try:
            source = self.read(path)
        except (OSError, ValueError) as error:
            help_ = near_file(written, unit.source.path, ".json")
            facts = {"file": written, "reason": reason_of(error), "help": help_}
            return self._error(unit, ne.ImportNotFound, node, **facts)
        except SglError as error:
            for diagnostic in error.diagnostics:
                self.report(diagnostic)
            return ERROR
        stem = "".join(c if c.isalnum() else "_" for c in Path(path).stem)
        try:
            type_, declared = schema_to_types(source.text, stem)
        except SchemaError as error:
            line, column = source.line_column(error.offset)
            related = (Related(source, Span(error.offset, error.offset + error.length), "here"),)
            where: dict[str, Any] = {"place": f"line {line}, column {column}", "related": related}
            if error.not_yet:
                keyword = error.message.removeprefix("the keyword ").removesuffix(" is not supported yet")
                return self._error(unit, ce.SchemaNotYet, node, keyword=keyword, **where)
            return self._error(unit, ce.BadSchema, node, file=written, reason=error.message, help=error.hint, **where)
        self.table.update(declared)
        return type_


def _endless_help(field: ast.FieldDecl, unit: Unit) -> str:
    written = unit.text(field.type)
    if isinstance(field.type, ast.TypeName) and not field.type.args:
        return f"make it optional: {field.name.name}: {written}?; or a list: {field.name.name}: list[{written}]"
    return "make it optional (`T?`), or a list that may be empty"


def pattern_span(source: SourceFile, pattern: ast.Str, offset: int, length: int) -> Span:
    """The place in the file of a place in a pattern's text, from which a block's indentation is gone."""
    if not pattern.parts:
        return pattern.span
    written, text = pattern.parts[0].span, pattern.constant or ""
    place, end = written.start, written.end
    lines_before = text[:offset].count("\n")
    if pattern.block and "\n" in source.text[place:end]:
        first = source.text[place:end].split("\n", 1)[0]
        lines_before += 0 if first.strip() else 1
        for _ in range(lines_before):
            place = source.text.find("\n", place, end) + 1
        line = text[text.rfind("\n", 0, offset) + 1 :].split("\n", 1)[0]
        place = max(place, source.text.find(line, place, end))
        offset -= text.rfind("\n", 0, offset) + 1
    start = min(place + offset, end)
    # A problem at the pattern's end is shown on its last character.
    start = max(written.start, start - 1) if start == end and length == 0 else start
    return Span(start, max(start + 1, min(start + length, end)))


_TYPE_KINDS = ("type", "enum", "alias")
