"""Types of expressions: names, operators, collections, strings in expressions. Calls are in check_call.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from sglc.diagnostics import Diagnostic, nearest
from sglc.frontend import ast
from sglc.frontend.builtins import BUILTINS, can_order, is_bool, is_int, is_number, is_text, item_of, method_names
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import types as te
from sglc.frontend.resolve import KIND_NAMES, Symbol, Unit
from sglc.frontend.typed import ConstantRef, Local, TypedProgram, Variable
from sglc.ir.decode import ConformError, conform
from sglc.ir.relations import (
    assignable, certain, disjoint_kinds, enums_in, fields_of, join, may_be_none, members_of, plain, without_none,
)  # fmt: skip
from sglc.ir.types import (
    BOOL, ERROR, FLOAT, INT, JSON, NEVER, NONE, STR, CallType, DictType, EnumType, ErrorType, IntType, JsonType,
    ListType, LiteralType, NamedType, NeverType, SessionType, TupleType, Type, UnionType, literal, show,
)  # fmt: skip
from sglc.source import Span


class Flow(msgspec.Struct, eq=False):
    """What is known at one point of a function: who has a value, which paths (`p.eta`) have a narrower type."""

    assigned: set[str] = msgspec.field(default_factory=set)
    narrowed: dict[str, Type] = msgspec.field(default_factory=dict)
    left: str = ""
    """The word that left the block (`return`), or "" while the point is reached."""

    def copy(self) -> Flow:
        return Flow(set(self.assigned), dict(self.narrowed), self.left)


class Scope(msgspec.Struct, eq=False):
    """One function body."""

    name: str
    kind: str
    variables: dict[str, Variable] = msgspec.field(default_factory=dict)


class ExprChecker:
    """Checks expressions of one unit. Facts go into `program`, findings to `report`."""

    def __init__(self, program: TypedProgram, unit: Unit, report: Callable[[Diagnostic], None]) -> None:
        self.program, self.unit, self._report = program, unit, report
        self.scope = Scope("", "constant")
        self.flow = Flow()
        self.constant_of: Callable[[Symbol], tuple[Any, Type] | None] = lambda symbol: None

    @property
    def table(self) -> dict[str, Any]:
        return self.program.table

    def error(self, kind: type[Diagnostic], node: ast.Node | Span, /, **facts: Any) -> Type:
        """Report a finding; gives the type of what could not be typed."""
        span = node if isinstance(node, Span) else node.span
        self._report(kind(source=self.unit.source, span=span, **facts))
        return ERROR

    # --- entry points ---

    def expr(self, node: ast.Expr, expected: Type | None = None) -> Type:
        """The type of an expression. `expected` lets bare enum members and empty lists find their type."""
        type_ = self._expr(node, expected)
        self.program.types[node] = type_
        return type_

    def coerce(self, node: ast.Expr, expected: Type, where: str) -> Type:
        """Check an expression that must be of a type; what only run time can tell is noted for lowering."""
        found = self.expr(node, expected)
        if not assignable(found, expected, self.table):
            return self.mismatch(node, expected, found, where)
        if certain(found, expected, self.table):
            return found
        value = self.literal_value(node)
        if value is not None:
            try:
                conform(value[0], expected, self.table)
            except ConformError as error:
                return self.error(te.TypeMismatch, node, expected=show(expected), found=str(error), where=where)
        self.program.coercions[node] = expected
        return found

    def mismatch(self, node: ast.Expr, expected: Type, found: Type, where: str) -> Type:
        help_ = ""
        if may_be_none(found) and assignable(without_none(found), expected, self.table):
            help_ = "test for none first: `if x != none:`"
        elif is_text(expected) and not isinstance(expected, UnionType):
            help_ = "convert it with str(...)"
        elif isinstance(expected, NamedType) and isinstance(node, ast.Str):
            enum = self.table.get(expected.name)
            if isinstance(enum, EnumType) and node.constant in enum.names:
                help_ = f"write the member without quotes: {node.constant}"
        return self.error(
            te.TypeMismatch, node, expected=f"`{show(expected)}`", found=f"`{show(found)}`", where=where, help=help_
        )

    def boolean(self, node: ast.Expr, where: str) -> None:
        found = self.expr(node)
        if is_bool(found) or isinstance(found, JsonType):
            if isinstance(found, JsonType):
                self.program.coercions[node] = BOOL
            return
        help_ = "compare it: `x != none`" if may_be_none(found) else ""
        if is_text(found):
            help_ = 'compare it: `x != ""`'
        elif isinstance(found, ListType):
            help_ = "compare its length: `len(x) > 0`"
        self.error(te.TypeMismatch, node, expected="`bool`", found=f"`{show(found)}`", where=where, help=help_)

    def literal_value(self, node: ast.Expr) -> tuple[Any] | None:
        """The value of a literal as a one-tuple; None for anything that is computed."""
        match node:
            case ast.Str() if node.constant is not None:
                return (node.constant,)
            case ast.Number(value=value):
                return (value,)
            case ast.Constant(value=constant):
                return (constant,)
            case ast.Unary(op="-", operand=ast.Number(value=value)):
                return (-value,)
        return None

    # --- by node ---

    def _expr(self, node: ast.Expr, expected: Type | None) -> Type:
        match node:
            case ast.Name():
                return self._name(node, expected)
            case ast.Str():
                return self._string(node, expected)
            case ast.Number(value=value):
                return self._literal(value, INT if isinstance(value, int) else FLOAT, expected)
            case ast.Duration():
                return FLOAT
            case ast.Constant(value=constant):
                return NONE if constant is None else self._literal(constant, BOOL, expected)
            case ast.ListExpr(items=items):
                return self._list(items, expected)
            case ast.TupleExpr(items=items):
                return self._tuple(items, expected)
            case ast.DictExpr(entries=entries):
                return self._dict(entries, expected)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Index():
                return self._index(node)
            case ast.Slice():
                return self._slice(node)
            case ast.Call():
                return self.call(node, expected)
            case ast.Unary():
                return self._unary(node, expected)
            case ast.Binary():
                return self._binary(node)
            case ast.Logic():
                return self._logic(node)
            case ast.Compare():
                return self._compare(node)
            case ast.Conditional():
                return self._conditional(node, expected)
            case ast.Comprehension():
                return self._comprehension(node, expected)

    def call(self, node: ast.Call, expected: Type | None) -> Type:
        raise NotImplementedError  # check_call.py

    def _literal(self, value: Any, plain_type: Type, expected: Type | None) -> Type:
        """A literal has its plain type, unless exactly this value is expected."""
        wanted = members_of(expected) if expected is not None else ()
        return literal(value) if literal(value) in wanted else plain_type

    def _name(self, node: ast.Name, expected: Type | None) -> Type:
        name = node.name
        variable = self.scope.variables.get(name)
        if variable is not None:
            variable.used = True
            self.program.bindings[node] = Local(name)
            if name not in self.flow.assigned:
                return self.error(ne.NotAssigned, node, name=name)
            return self.flow.narrowed.get(name, variable.type)
        member = self._bare_member(node, expected)
        if member is not None:
            return member
        symbol = self.unit.names.get(name)
        if symbol is not None:
            return self._symbol(node, symbol)
        return self._unknown(node)

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
            found = self.constant_of(symbol)
            if found is None:
                return ERROR
            self.program.bindings[node] = ConstantRef(*found)
            return found[1]
        kind = KIND_NAMES[symbol.kind]
        help_ = {
            "function": f"call it: {node.name}(...)",
            "tool": f"call it: {node.name}(...)",
            "template": f"write `use {node.name}(...)`",
            "enum": f"name a member: {node.name}.member",
        }.get(symbol.kind, "")
        return self.error(ne.WrongKind, node, name=node.name, kind=kind, expected="a value", help=help_)

    def _unknown(self, node: ast.Name) -> Type:
        name = node.name
        where = f"`{self.scope.name}`" if self.scope.name else "this file"
        if name == "env":
            return self.error(ne.EnvOutsideTool, node)
        known = _PYTHON_NAMES.get(name)
        candidates = {**self.unit.names, **self.scope.variables, **dict.fromkeys(BUILTINS)}
        near = nearest(name, candidates)
        owners = [s for s in self.table.values() if isinstance(s, EnumType) and name in s.names]
        help_ = f"write `{known}`" if known else ""
        if not help_ and owners:
            help_ = f"write `{owners[0].name}.{name}`"
        if not help_ and near:
            help_ = f"use `{near}`{self._place(near)}"
        return self.error(ne.UnknownName, node, name=name, where=where, help=help_)

    def _place(self, name: str) -> str:
        variable = self.scope.variables.get(name)
        if variable is None:
            symbol = self.unit.names.get(name)
            return f", {KIND_NAMES[symbol.kind]}" if symbol and symbol.kind in KIND_NAMES else ""
        line = self.unit.source.line_column(variable.span.start)[0]
        return f", the {variable.what} on line {line}"

    # --- strings ---

    def _string(self, node: ast.Str, expected: Type | None) -> Type:
        if node.prefix == "re":
            return self.error(te.TypeMismatch, node, expected="a value", found="a pattern", where="re\"...\" is a type")
        for part in node.parts:
            if isinstance(part, ast.Hole):
                if isinstance(part.content, ast.Gen | ast.Select | ast.ModelCall):
                    self.error(pe.GenNotAllowed, part.content, where="this string is a value, not a prompt")
                else:
                    self.insertable(part.content)
        return self._literal(node.constant, STR, expected) if node.constant is not None else STR

    def insertable(self, node: ast.Expr) -> None:
        """Check an expression whose text is put into a string."""
        found = self.expr(node)
        if isinstance(found, SessionType):
            self.error(te.CannotInsert, node, type=show(found))

    # --- collections ---

    def _list(self, items: Iterable[ast.Expr], expected: Type | None) -> Type:
        inner = next((m.item for m in members_of(expected) if isinstance(m, ListType)), None) if expected else None
        types = [self.expr(item, inner) for item in items]
        if inner is not None and all(assignable(t, inner, self.table) for t in types):
            return ListType(inner if not all(certain(t, inner, self.table) for t in types) else join(types, self.table))
        return ListType(join([plain(t) for t in types], self.table))

    def _tuple(self, items: tuple[ast.Expr, ...], expected: Type | None) -> Type:
        wanted = next((m.items for m in members_of(expected) if isinstance(m, TupleType)), ()) if expected else ()
        hints = wanted if len(wanted) == len(items) else (None,) * len(items)
        return TupleType(tuple(self.expr(item, hint) for item, hint in zip(items, hints, strict=True)))

    def _dict(self, entries: tuple[tuple[ast.Expr, ast.Expr], ...], expected: Type | None) -> Type:
        inner = next((m.value for m in members_of(expected) if isinstance(m, DictType)), None) if expected else None
        types = []
        for key, value in entries:
            if not is_text(self.expr(key)):
                self.mismatch(key, STR, self.program.types[key], "the keys of a dict")
            types.append(self.expr(value, inner))
        if inner is not None and all(assignable(t, inner, self.table) for t in types):
            return DictType(inner)
        return DictType(join([plain(t) for t in types], self.table))

    def _comprehension(self, node: ast.Comprehension, expected: Type | None) -> Type:
        inner = next((m.item for m in members_of(expected) if isinstance(m, ListType)), None) if expected else None
        with self.inner_scope():
            for clause in node.clauses:
                self.bind_targets(clause.targets, self.iterate(clause.iterable), "loop variable")
                for condition in clause.conditions:
                    self.boolean(condition, "a condition")
                    self.assume(condition, truth=True)
            element = self.expr(node.element, inner)
        return ListType(element)

    @contextmanager
    def inner_scope(self) -> Iterator[None]:
        """Names bound inside are gone afterwards, and hide outer ones meanwhile."""
        variables, flow = dict(self.scope.variables), self.flow.copy()
        yield
        self.scope.variables, self.flow = variables, flow

    def iterate(self, node: ast.Expr) -> Type:
        """The item type of something to loop over."""
        found = self.expr(node)
        item = item_of(found)
        if item is None and isinstance(found, TupleType):
            item = join(found.items, self.table)
        if item is None:
            help_ = "use .keys(), .values() or .items()" if isinstance(found, DictType) else ""
            help_ = "use .splitlines() or .split()" if is_text(found) else help_
            help_ = "test for none first" if may_be_none(found) else help_
            return self.error(te.NotIterable, node, type=f"`{show(found)}`", help=help_)
        return item

    def bind_targets(self, targets: tuple[ast.Name, ...], type_: Type, what: str) -> None:
        """`a` or `a, b`: give each name its part of the type. Loop variables are fresh in their loop."""
        for name, part in zip(targets, self.unpack(targets, type_), strict=True):
            variable = Variable(part, name.span, what)
            self.scope.variables[name.name] = self.program.variables[name] = variable
            self.flow.assigned.add(name.name)
            self.forget(name.name)

    def unpack(self, targets: tuple[ast.Name, ...], type_: Type) -> list[Type]:
        if len(targets) == 1:
            return [type_]
        if isinstance(type_, TupleType) and len(type_.items) == len(targets):
            return list(type_.items)
        if isinstance(type_, JsonType):
            return [JSON] * len(targets)
        if isinstance(type_, ListType) and type_.min == type_.max == len(targets):
            return [type_.item] * len(targets)
        if not isinstance(type_, ErrorType | NeverType):
            span = targets[0].span.to(targets[-1].span)
            self.error(te.BadUnpack, span, type=f"`{show(type_)}`", count=len(targets))
        return [ERROR] * len(targets)

    # --- access ---

    def _attribute(self, node: ast.Attribute) -> Type:
        if isinstance(node.value, ast.Name):
            found = self._qualified(node, node.value)
            if found is not None:
                return found
        owner = self.expr(node.value)
        narrowed = self.flow.narrowed.get(path_of(node) or "")
        field = self.field_type(node, owner, node.name)
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
        enum = self.table[symbol.unique]
        if node.name.name not in enum.names:
            near = nearest(node.name.name, enum.names)
            help_ = f"did you mean `{near}`" if near else f"the members are {', '.join(enum.names)}"
            return self.error(ne.UnknownField, node.name, name=node.name.name, type=owner.name, help=help_)
        self.program.bindings[node] = ConstantRef(node.name.name, NamedType(symbol.unique))
        return NamedType(symbol.unique)

    def field_type(self, node: ast.Node, owner: Type, name: ast.Name) -> Type:
        if isinstance(owner, ErrorType | JsonType):
            return owner
        if may_be_none(owner):
            return self.error(te.MayBeNone, node, type=f"`{show(owner)}`")
        fields = fields_of(owner, self.table)
        if fields is not None and name.name in fields:
            return fields[name.name]
        shown = show(owner) if not isinstance(owner, CallType) else "this step"
        if fields is not None:
            near = nearest(name.name, fields)
            help_ = f"did you mean `{near}`" if near else f"it has {', '.join(fields) or 'no fields'}"
            if isinstance(owner, CallType) and len(owner.members) > 1:
                help_ = "match on it first; only what all its choices have is known here"
            return self.error(ne.UnknownField, name, name=name.name, type=shown, help=help_)
        if isinstance(owner, DictType):
            help_ = f'the entries of a dict are read with ["{name.name}"]'
            return self.error(ne.UnknownField, name, name=name.name, type=shown, help=help_)
        return self.error(ne.UnknownField, name, name=name.name, type=shown)

    def _index(self, node: ast.Index) -> Type:
        owner = self.expr(node.value)
        index = self.expr(node.index)
        if isinstance(owner, ErrorType):
            return ERROR
        if may_be_none(owner):
            return self.error(te.MayBeNone, node.value, type=f"`{show(owner)}`")
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
        help_ = "fields of a record are read with a dot" if fields_of(owner, self.table) is not None else ""
        types = f"`{show(owner)}` and `{show(index)}`"
        return self.error(te.BadOperands, node, op="[ ]", types=types, help=help_)

    def _tuple_item(self, node: ast.Index, items: tuple[Type, ...]) -> Type:
        value = self.literal_value(node.index)
        if value is None:
            return join(items, self.table)
        if not -len(items) <= value[0] < len(items):
            help_ = f"the tuple has {len(items)} items, counted from 0"
            return self.error(te.BadOperands, node.index, op="[ ]", types=f"item {value[0]}", help=help_)
        return items[value[0]]

    def _slice(self, node: ast.Slice) -> Type:
        owner = self.expr(node.value)
        for part in (node.start, node.stop, node.step):
            if part is not None and not is_int(self.expr(part)):
                self.mismatch(part, INT, self.program.types[part], "a slice")
        if is_text(owner):
            return STR
        item = item_of(owner)
        if item is None:
            return self.error(te.BadOperands, node, op="[:]", types=f"`{show(owner)}`")
        return ListType(item)

    # --- operators ---

    def _unary(self, node: ast.Unary, expected: Type | None) -> Type:
        if node.op == "not":
            self.boolean(node.operand, "operand of `not`")
            return BOOL
        value = self.literal_value(node)
        if value is not None:
            self.expr(node.operand)
            return self._literal(value[0], INT if isinstance(value[0], int) else FLOAT, expected)
        found = self.expr(node.operand)
        if not is_number(found):
            return self.error(te.BadOperands, node, op="-", types=f"`{show(found)}`")
        return plain(found)

    def _binary(self, node: ast.Binary) -> Type:
        left, right = self.expr(node.left), self.expr(node.right)
        if isinstance(left, ErrorType) or isinstance(right, ErrorType):
            return ERROR
        found = _arithmetic(node.op, left, right, self)
        if found is not None:
            return found
        help_ = ""
        if node.op == "+" and (is_text(left) or is_text(right)):
            help_ = 'convert with str(...), or write "{a}{b}"'
        if may_be_none(left) or may_be_none(right):
            help_ = "test for none first"
        types = f"`{show(left)}` and `{show(right)}`"
        return self.error(te.BadOperands, node, op=node.op, types=types, help=help_)

    def _logic(self, node: ast.Logic) -> Type:
        before = self.flow.copy()
        for operand in node.operands:
            self.boolean(operand, f"operand of `{node.op}`")
            self.assume(operand, truth=node.op == "and")
        self.flow = before
        return BOOL

    def _compare(self, node: ast.Compare) -> Type:
        left = self.expr(node.operands[0], self._enum_side(node))
        for op, operand in zip(node.ops, node.operands[1:], strict=True):
            expected = left
            if op in ("in", "not in"):
                expected = ListType(left)
            right = self.expr(operand, expected)
            self._comparable(node, op, left, right)
            left = right
        return BOOL

    def _enum_side(self, node: ast.Compare) -> Type | None:
        """`refund == req.intent`: the bare member is on the left, so the right side gives the enum."""
        first = node.operands[0]
        known = isinstance(first, ast.Name) and (first.name in self.scope.variables or first.name in self.unit.names)
        if not isinstance(first, ast.Name) or known:
            return None
        return self.expr(node.operands[1])

    def _comparable(self, node: ast.Compare, op: str, left: Type, right: Type) -> None:
        types = f"`{show(left)}` and `{show(right)}`"
        if isinstance(left, ErrorType) or isinstance(right, ErrorType):
            return
        if op in ("==", "!="):
            if disjoint_kinds(left, right, self.table):
                self.error(te.BadOperands, node, op=op, types=types, help="values of these types are never equal")
        elif op in ("in", "not in"):
            self._contains(node, op, left, right)
        elif not can_order(join([left, right], self.table), self.table):
            help_ = "test for none first" if may_be_none(left) or may_be_none(right) else ""
            self.error(te.BadOperands, node, op=op, types=types, help=help_)

    def _contains(self, node: ast.Compare, op: str, left: Type, right: Type) -> None:
        if isinstance(right, JsonType) or (is_text(right) and is_text(left)):
            return
        if isinstance(right, DictType) and is_text(left):
            return
        item = join(right.items, self.table) if isinstance(right, TupleType) else item_of(right)
        if item is None or disjoint_kinds(left, item, self.table):
            help_ = "test for none first" if may_be_none(left) or may_be_none(right) else ""
            self.error(te.BadOperands, node, op=op, types=f"`{show(left)}` and `{show(right)}`", help=help_)

    def _conditional(self, node: ast.Conditional, expected: Type | None) -> Type:
        self.boolean(node.condition, "a condition")
        before = self.flow.copy()
        self.assume(node.condition, truth=True)
        then = self.expr(node.then, expected)
        self.flow = before.copy()
        self.assume(node.condition, truth=False)
        otherwise = self.expr(node.otherwise, expected)
        self.flow = before
        return join([then, otherwise], self.table)

    # --- narrowing ---

    def assume(self, condition: ast.Expr, *, truth: bool) -> None:
        """Narrow what a condition says when it is true (or false)."""
        match condition:
            case ast.Unary(op="not", operand=operand):
                self.assume(operand, truth=not truth)
            case ast.Logic(op=op, operands=operands) if (op == "and") == truth:
                for operand in operands:
                    self.assume(operand, truth=truth)
            case ast.Compare(operands=(left, right), ops=(op,)) if op in ("==", "!="):
                is_none_test = isinstance(right, ast.Constant) and right.value is None
                path = path_of(left)
                type_ = self.program.types.get(left)
                if is_none_test and path and type_ is not None:
                    equal = (op == "==") == truth
                    self.flow.narrowed[path] = NONE if equal else without_none(type_)

    def forget(self, name: str) -> None:
        """Drop what was known of a name that gets a new value."""
        stale = [p for p in self.flow.narrowed if p == name or p.startswith(f"{name}.")]
        for path in stale:
            del self.flow.narrowed[path]


def path_of(node: ast.Expr) -> str | None:
    """`a.b.c` of names and attributes as text; None for other expressions."""
    if isinstance(node, ast.Name):
        return node.name
    if isinstance(node, ast.Attribute):
        inner = path_of(node.value)
        return f"{inner}.{node.name.name}" if inner else None
    return None


def _arithmetic(op: str, left: Type, right: Type, checker: ExprChecker) -> Type | None:
    if isinstance(left, NeverType) or isinstance(right, NeverType):
        return NEVER
    if is_number(left) and is_number(right):
        both_int = isinstance(plain(left), IntType) and isinstance(plain(right), IntType)
        return INT if both_int and op != "/" else FLOAT
    if op == "+" and is_text(left) and is_text(right):
        return STR
    if op == "+" and isinstance(left, ListType) and isinstance(right, ListType):
        return ListType(join([left.item, right.item], checker.table))
    if op == "*" and is_text(left) and is_int(right):
        return STR
    if op == "*" and isinstance(left, ListType) and is_int(right):
        return ListType(left.item)
    return None


_PYTHON_NAMES = {
    "True": "true", "False": "false", "None": "none", "null": "none", "nil": "none", "print": "a string as a statement",
    "append": "xs + [x]", "dict": "{...}", "list": "[...]", "set": "unique(...)",
}  # fmt: skip
