"""Types of expressions: which method checks which node, literals, strings in expressions, collections."""

from __future__ import annotations

from typing import Any

from sglc.frontend import ast
from sglc.frontend.builtins import is_text, item_of
from sglc.frontend.check_access import AccessChecker
from sglc.frontend.check_operators import OperatorChecker
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import types as te
from sglc.frontend.typed import Variable
from sglc.ir.relations import assignable, certain, fields_of, join, may_be_none, members_of, plain, without_none
from sglc.ir.types import (
    BOOL,
    ERROR,
    FLOAT,
    INT,
    NONE,
    STR,
    CallType,
    DictType,
    ListType,
    NamedType,
    SessionType,
    TupleType,
    Type,
    show,
)  # fmt: skip


class ExprChecker(AccessChecker, OperatorChecker):
    """All expressions except calls, which are in check_call.py."""

    has_roles: bool = False

    def expr(self, node: ast.Expr, expected: Type | None = None) -> Type:
        type_ = self._expr(node, expected)
        self.program.types[node] = type_
        return type_

    def _expr(self, node: ast.Expr, expected: Type | None) -> Type:
        match node:
            case ast.Name():
                return self._name(node, expected)
            case ast.Str():
                return self._string(node, expected)
            case ast.Number(value=value):
                return self.literal_type(value, INT if isinstance(value, int) else FLOAT, expected)
            case ast.Duration():
                return FLOAT
            case ast.Constant(value=constant):
                return NONE if constant is None else self.literal_type(constant, BOOL, expected)
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
                return self.call(node)
            case ast.Unary():
                return self._unary(node, expected)
            case ast.Binary():
                return self._binary(node)
            case ast.Logic():
                return self._logic(node, expected)
            case ast.Compare():
                return self._compare(node)
            case ast.Conditional():
                return self._conditional(node, expected)
            case ast.Comprehension():
                return self._comprehension(node, expected)

    # --- strings ---

    def _string(self, node: ast.Str, expected: Type | None) -> Type:
        if node.prefix == "re":
            facts: dict[str, Any] = {"expected": "a value", "found": "a pattern", "where": 're"..." is a type'}
            return self.error(te.TypeMismatch, node, **facts, help='write the text as "..." or r"..."')
        for part in node.parts:
            if isinstance(part, ast.Hole):
                if isinstance(part.content, ast.Gen | ast.Select | ast.ModelCall):
                    self._misplaced_generation(part.content)
                else:
                    self.insertable(part.content)
        return self.literal_type(node.constant, STR, expected) if node.constant is not None else STR

    def _misplaced_generation(self, node: ast.Gen | ast.Select | ast.ModelCall) -> None:
        """A generation in a string that is a value."""
        name = node.name.name
        place = "under `assistant:`" if self.has_roles else "as a statement of its own"
        help_ = f"write the string {place}, then use `{name}`"
        if self.scope.kind in ("constant", "test"):
            help_ = "generate in a function" + (", and call that" if self.scope.kind == "test" else "")
        self.error(pe.GenNotAllowed, node, help=help_)
        self.assign(node.name, ERROR)
        self.flow.told.add(name)

    def insertable(self, node: ast.Expr) -> None:
        """Check an expression whose text is put into a string."""
        found = self.expr(node)
        if isinstance(found, SessionType):
            self.error(te.CannotInsert, node, type=f"`{show(found)}`")

    # --- collections ---

    def _list(self, items: tuple[ast.Expr, ...], expected: Type | None) -> Type:
        inner = next((m.item for m in members_of(expected) if isinstance(m, ListType)), None) if expected else None
        types = [self.expr(item, inner) for item in items]
        return ListType(self._element(types, inner))

    def _element(self, types: list[Type], inner: Type | None) -> Type:
        """The item type of a collection whose items have these types and shall be of `inner`."""
        if inner is not None and all(certain(t, inner, self.table) for t in types):
            return inner
        if inner is not None and all(assignable(t, inner, self.table) for t in types):
            return join(types, self.table)
        return join([plain(t) for t in types], self.table)

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
        return DictType(self._element(types, inner))

    def _comprehension(self, node: ast.Comprehension, expected: Type | None) -> Type:
        inner = next((m.item for m in members_of(expected) if isinstance(m, ListType)), None) if expected else None
        with self.inner_scope("comprehension"):
            for clause in node.clauses:
                self.bind_targets(clause.targets, self.iterate(clause.iterable), "loop variable", clause.iterable)
                for condition in clause.conditions:
                    self.boolean(condition, "a condition")
                    self.assume(condition, truth=True)
            element = self.expr(node.element, inner)
        return ListType(element)

    # --- walking through ---

    def iterate(self, node: ast.Expr) -> Type:
        """The item type of something to loop over."""
        found = self.expr(node)
        item = item_of(found)
        if item is not None:
            return item
        help_ = ""
        if may_be_none(found) and item_of(without_none(found)) is not None:
            self.found_none(node, found)
            return item_of(without_none(found)) or ERROR
        lists = [f for f, t in (fields_of(found, self.table) or {}).items() if item_of(t) is not None]
        if lists and isinstance(found, NamedType):
            help_ = f"name a list of it: {self.written(node)}.{lists[0]}"
        elif isinstance(found, CallType):
            help_ = f"match {self.written(node)} first"
        elif isinstance(found, DictType):
            help_ = "use .keys(), .values() or .items()"
        elif is_text(found):
            help_ = "use .splitlines() or .split()"
        elif plain(found) == INT:
            help_ = f"write range({self.written(node)})"
        type_ = "a step" if isinstance(found, CallType) else f"`{show(found)}`"
        return self.error(te.NotIterable, node, type=type_, help=help_)

    def bind_targets(self, targets: tuple[ast.Name, ...], type_: Type, what: str, iterable: ast.Expr) -> None:
        """`a` or `a, b`: give each name its part of the type. Such names are fresh in their block."""
        for place, (name, part) in enumerate(zip(targets, self.unpack(targets, type_, iterable), strict=True)):
            if name.name != "_" and any(t.name == name.name for t in targets[:place]):
                self.error(ne.DuplicateName, name, name=name.name)
            variable = Variable(part, name.span, what)
            self.scope.variables[name.name] = self.program.variables[name] = variable
            self.flow.assigned.add(name.name)
            self.flow.forget(name.name)
