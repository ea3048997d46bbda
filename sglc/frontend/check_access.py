"""Types of names and of the parts of values: `name`, `value.field`, `value[index]`, `value[a:b]`."""

from __future__ import annotations

from typing import Any, TypeAlias

from sglc.diagnostics import Related, nearest
from sglc.frontend import ast
from sglc.frontend.builtins import BUILTINS, METHODS, is_int, is_text, item_of, method_kind
from sglc.frontend.check_base import Checker
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import types as te
from sglc.frontend.flow import path_of
from sglc.frontend.other_languages import ANY_MODULE, MODULES, VALUES
from sglc.frontend.resolve import KIND_NAMES, Symbol
from sglc.frontend.survey import GENERATIONS, assigned_names, assigned_places, walk
from sglc.frontend.typed import ConstantRef, Local
from sglc.ir.relations import enums_in, fields_of, join, may_be_none
from sglc.ir.types import (
    ERROR,
    INT,
    JSON,
    NEVER,
    STR,
    CallType,
    DictType,
    EnumType,
    ErrorType,
    JsonType,
    ListType,
    NamedType,
    NeverType,
    SessionType,
    TupleType,
    Type,
    show,
)  # fmt: skip

Generation: TypeAlias = ast.Gen | ast.Select | ast.ModelCall


class AccessChecker(Checker):
    """Adds names and parts of values."""

    _firsts: tuple[Any, dict[str, Generation], dict[str, ast.Name]] | None = None
    """A body, and what `_first_values` found in it."""

    # --- names ---

    def _name(self, node: ast.Name, expected: Type | None) -> Type:
        name = node.name
        variable = self.scope.variables.get(name)
        if variable is not None:
            variable.used = True
            self.program.bindings[node] = Local(name)
            if name not in self.flow.assigned:
                if name in self.flow.told:
                    return ERROR
                self.flow.told.add(name)
                return self.error(ne.NotAssigned, node, name=name, line=self.line_of(variable.span))
            return self.flow.narrowed.get(name, variable.type)
        member = self._bare_member(node, expected)
        if member is not None:
            return member
        symbol = self.unit.names.get(name)
        return self._symbol(node, symbol) if symbol is not None else self._unknown(node)

    def _bare_member(self, node: ast.Name, expected: Type | None) -> Type | None:
        for enum in enums_in(expected, self.table) if expected is not None else ():
            if node.name in enum.names:
                self.program.bindings[node] = ConstantRef(node.name, NamedType(enum.name))
                return NamedType(enum.name)
        return None

    def _symbol(self, node: ast.Name, symbol: Symbol) -> Type:
        if symbol.kind == "broken":
            return ERROR
        if symbol.kind == "constant":
            found = self.shared.constant(symbol)
            if found is None:
                return ERROR
            self.program.bindings[node] = ConstantRef(*found)
            return found[1]
        help_ = {
            "function": f"call it: {node.name}(...)",
            "tool": f"call it: {node.name}(...)",
            "template": f"write `use {node.name}(...)`",
            "enum": f"name a member: {self._first_member(symbol)}",
            "type": f"make a value: {node.name}(...)",
            "alias": "name a value; a type stands behind a colon only",
            "session": SESSION_HELP if self.scope.kind != "test" else f"open it: {node.name}(...)",
            "model": f"name it in a generation: with model={node.name}",
        }.get(symbol.kind, "")
        kind = KIND_NAMES[symbol.kind]
        return self.error(ne.WrongKind, node, name=node.name, kind=kind, expected="a value", help=help_)

    def _first_member(self, symbol: Symbol) -> str:
        """`Enum.member` as an example."""
        enum = self.table.get(symbol.unique)
        return f"{symbol.name}.{enum.names[0]}" if isinstance(enum, EnumType) and enum.names else symbol.name

    def _unknown(self, node: ast.Name) -> Type:
        if node.name == "env":
            return self.error(ne.EnvOutsideTool, node)
        if self.scope.kind == "constant" and node.name in self._run_time_names(node):
            return NEVER  # what asks for a constant reports that this is none
        made, places = self._first_values()
        made_here = made.get(node.name)
        if made_here is not None and made_here.span.end > node.span.start and node.name not in self.scope.gone:
            if node.name in self.flow.told:
                return ERROR
            self.flow.told.add(node.name)
            related = (Related(self.unit.source, made_here.name.span, "generated here"),)
            return self.error(pe.UsedBeforeGenerated, node, name=node.name, related=related)
        later = places.get(node.name) if node.name not in self.scope.gone else None
        if later is not None:
            return self._used_early(node, later)
        where = f"`{self.scope.name}`" if self.scope.name else "this file"
        return self.error(ne.UnknownName, node, name=node.name, where=where, help=self._advice(node.name))

    def _first_values(self) -> tuple[dict[str, Generation], dict[str, ast.Name]]:
        """Of each name in the body its first generation and its first assignment; found once for all unknown names."""
        if self._firsts is None or self._firsts[0] is not self.body:
            made: dict[str, Generation] = {}
            for node in walk(self.body):
                if isinstance(node, GENERATIONS):
                    made.setdefault(node.name.name, node)
            self._firsts = (self.body, made, assigned_places(self.body))
        return self._firsts[1:]

    def _run_time_names(self, node: ast.Name) -> set[str]:
        """Names that only the body of the declaration around a place knows."""
        start = node.span.start
        around = next((d for d in self.unit.module.decls if d.span.start <= start < d.span.end), None)
        fields = {n.name.name for n in walk(around) if isinstance(n, ast.FieldDecl)}
        return fields | assigned_names(around) if isinstance(around, ast.FuncDecl | ast.SessionDecl) else fields

    def _used_early(self, node: ast.Name, later: ast.Name) -> Type:
        """Report a name that has its first value further down."""
        if node.name in self.flow.told:
            return ERROR
        self.flow.told.add(node.name)
        where = (
            "its first value comes later" if later.span.start > node.span.end else "nothing before this gives it one"
        )
        facts = {"has": "has", "where": where, "help": "assign it first, or make it a parameter"}
        return self.error(ne.NotAssigned, node, name=node.name, line=self.line_of(later), **facts)

    def _advice(self, name: str) -> str:
        known = VALUES.get(name) or (ANY_MODULE if name in MODULES and name not in BUILTINS else None)
        if known is not None:
            return known
        if name in self.scope.gone:
            what, span, kind = self.scope.gone[name]
            return _GONE[kind].format(it=f"the {what} of line {self.line_of(span)}")
        if name in BUILTINS:
            return f"call it: {BUILTINS[name].usage}"
        owners = [d for d in self.table.values() if isinstance(d, EnumType) and name in d.names]
        if owners:
            return f"write `{owners[0].name}.{name}`"
        template = self._template_with(name)
        if template:
            return f"a template keeps its names: return `{name}` from it, and write `{name} = use {template}(...)`"
        near = nearest(name, {**self.unit.names, **self.scope.variables, **dict.fromkeys(BUILTINS)})
        if near:
            return f"use `{near}`{self._place(near)}"
        if self.scope.kind == "constant":
            return f"declare it at the top of the file: {name} = ..."
        return "assign it first" if self.scope.kind == "test" else "assign it first, or make it a parameter"

    def _template_with(self, name: str) -> str:
        """The template that this body uses and that gives a value to the name."""
        summary = self.shared.summaries.get(self.current)
        for used in summary.uses if summary is not None else ():
            signature = self.program.signatures.get(used)
            decl = signature.symbol.decl if signature is not None else None
            if isinstance(decl, ast.FuncDecl) and name in assigned_names(decl.body):
                return decl.name.name
        return ""

    def _place(self, name: str) -> str:
        variable = self.scope.variables.get(name)
        if variable is None:
            symbol = self.unit.names.get(name)
            return f", {KIND_NAMES[symbol.kind]}" if symbol and symbol.kind in KIND_NAMES else ""
        return f", the {variable.what} on line {self.line_of(variable.span)}"

    # --- fields ---

    def _attribute(self, node: ast.Attribute) -> Type:
        if isinstance(node.value, ast.Name):
            found = self._qualified(node, node.value)
            if found is not None:
                return found
        owner = self.expr(node.value)
        narrowed = self.flow.narrowed.get(path_of(node) or "")
        field = self.field_type(node, owner)
        return narrowed if narrowed is not None else field

    def _qualified(self, node: ast.Attribute, owner: ast.Name) -> Type | None:
        """`Enum.member`, `env.NAME`."""
        if owner.name in self.scope.variables:
            return None
        if owner.name == "env" and "env" not in self.unit.names:
            return self.error(ne.EnvOutsideTool, node)
        symbol = self.unit.names.get(owner.name)
        if symbol is None or symbol.kind != "enum":
            return None
        enum = self.table.get(symbol.unique)
        if not isinstance(enum, EnumType):
            return ERROR
        if node.name.name not in enum.names:
            near = nearest(node.name.name, enum.names)
            help_ = f"use `{near}`" if near else f"the members are {', '.join(enum.names)}"
            return self.error(
                ne.UnknownField, node.name, name=node.name.name, type=owner.name, what="member", help=help_
            )
        self.program.bindings[node] = ConstantRef(node.name.name, NamedType(symbol.unique))
        return NamedType(symbol.unique)

    def field_type(self, node: ast.Attribute, owner: Type) -> Type:
        """The type of a field of a value."""
        name = node.name
        if isinstance(owner, ErrorType | NeverType | JsonType):
            return owner
        if may_be_none(owner):
            return self.found_none(node.value, owner)
        fields = fields_of(owner, self.table)
        if fields is not None and name.name in fields:
            return fields[name.name]
        shown = show(owner) if not isinstance(owner, CallType) else self.written(node.value)
        return self.error(ne.UnknownField, name, name=name.name, type=shown, help=self._field_help(node, owner, fields))

    def _field_help(self, node: ast.Attribute, owner: Type, fields: dict[str, Type] | None) -> str:
        name, value = node.name.name, self.written(node.value)
        if isinstance(owner, CallType):
            return self._choice_help(name, value, owner, fields or {})
        if fields is not None:
            near = nearest(name, fields)
            return f"use `{near}`" if near else f"it has {', '.join(fields) or 'no fields'}"
        if name in ("length", "size", "count", "len") and method_kind(owner):
            return f"write len({value})"
        if isinstance(owner, DictType):
            return f'read the entry with ["{name}"]'
        if f"{method_kind(owner)}.{name}" in METHODS:
            return f"call it: .{name}{METHODS[f'{method_kind(owner)}.{name}'].usage.rpartition(name)[2]}"
        if isinstance(owner, ListType):
            items = fields_of(owner.item, self.table) or {}
            return f"take an item first: {value}[0].{name}" if name in items else f"its items are `{show(owner.item)}`"
        if isinstance(owner, SessionType):
            return f"its state is its own; {value}.turn(...) gives what a turn returns"
        enum = self.table.get(owner.name) if isinstance(owner, NamedType) else None
        if isinstance(enum, EnumType):
            known = name in enum.names
            return f"compare it: `{value} == {enum.name}.{name}`" if known else "it has no fields: its text is its name"
        return ""

    def _choice_help(self, name: str, value: str, owner: CallType, fields: dict[str, Type]) -> str:
        """For a field of a step that the model chose."""
        owners = [m.name for m in owner.members if name in (fields_of(CallType((m,)), self.table) or {})]
        if owners:
            have = "has" if len(owners) == 1 else "have"
            return f"match {value} first: only {' and '.join(f'`{o}`' for o in owners)} {have} `{name}`"
        near = "args" if name in ("arguments", "params", "input") else nearest(name, fields)
        if len(owner.members) > 1 and near not in fields:
            return f"match {value} first; only what all its choices have is known here"
        return f"use `{near}`" if near in fields else f"it has {', '.join(fields)}"

    # --- items ---

    def _index(self, node: ast.Index) -> Type:
        owner = self.expr(node.value)
        index = self.expr(node.index)
        if isinstance(owner, ErrorType) or isinstance(index, ErrorType):
            return ERROR
        if may_be_none(owner):
            return self.found_none(node.value, owner)
        match owner:
            case DictType(value=value) if is_text(index):
                return value
            case JsonType() if is_text(index) or is_int(index) or isinstance(index, JsonType):
                return JSON
            case TupleType(items=items) if is_int(index):
                return self._tuple_item(node, items)
        if is_text(owner) and is_int(index):
            return STR
        item = item_of(owner)
        if item is not None and is_int(index):
            return item
        help_ = "take a whole number between the brackets" if item is not None or is_text(owner) else ""
        if fields_of(owner, self.table) is not None:
            help_ = "read fields with a dot"
        help_ = help_ or "only texts, lists, tuples and dicts have items"
        types = f"`{show(owner)}` and `{show(index)}`"
        return self.error(te.BadOperands, node, op="[ ]", types=types, help=help_)

    def _tuple_item(self, node: ast.Index, items: tuple[Type, ...]) -> Type:
        value = self.literal_value(node.index)
        if value is None:
            return join(items, self.table)
        if not -len(items) <= value[0] < len(items):
            help_ = f"the tuple has {len(items)} items, counted from 0"
            types = f"`{show(TupleType(items))}` and `{value[0]}`"
            return self.error(te.BadOperands, node.index, op="[ ]", types=types, help=help_)
        item: Type = items[value[0]]
        return item

    def _slice(self, node: ast.Slice) -> Type:
        owner = self.expr(node.value)
        for part in (node.start, node.stop, node.step):
            if part is not None and not is_int(self.expr(part)):
                self.mismatch(part, INT, self.program.types[part], "a slice")
        if isinstance(owner, ErrorType):
            return ERROR
        if may_be_none(owner):
            return self.found_none(node.value, owner)
        if is_text(owner):
            return STR
        item = item_of(owner)
        if item is None:
            help_ = "only texts, lists and tuples have parts"
            return self.error(te.BadOperands, node, op="[:]", types=f"`{show(owner)}`", help=help_)
        return ListType(item)


SESSION_HELP = "sessions are opened by `sglc run`, the server, and tests"
_GONE = {
    "fork": "yield what is needed outside: {it} lives in its branch only",
    "for": "assign what is needed to another name, before the loop and in it: {it} lives in the loop only",
    "except": "assign what is needed to another name, in the `try` and in the `except`: {it} lives in its block only",
    "encode": "{it} lives in its `encode` only",
    "comprehension": "{it} lives in its comprehension only",
}
