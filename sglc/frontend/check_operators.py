"""Types of operators and conditions, and what a condition says about the values in it."""

from __future__ import annotations

from sglc.diagnostics import nearest
from sglc.frontend import ast
from sglc.frontend.builtins import can_order, is_bool, is_int, is_number, is_text, item_of
from sglc.frontend.check_base import Checker
from sglc.frontend.errors import types as te
from sglc.frontend.flow import path_of
from sglc.ir.relations import disjoint_kinds, join, may_be_none, plain, without_none
from sglc.ir.types import (
    BOOL,
    ERROR,
    FLOAT,
    INT,
    NEVER,
    NONE,
    STR,
    DictType,
    EnumType,
    ErrorType,
    IntType,
    JsonType,
    ListType,
    NamedType,
    NeverType,
    SessionType,
    TupleType,
    Type,
    TypeTable,
    show,
)  # fmt: skip


class OperatorChecker(Checker):
    """Adds arithmetic, comparison, logic and conditional expressions."""

    # --- arithmetic ---

    def _unary(self, node: ast.Unary, expected: Type | None) -> Type:
        if node.op == "not":
            self.boolean(node.operand, "operand of `not`")
            return BOOL
        found = self.expr(node.operand)
        value = self.literal_value(node)
        if value is not None:
            return self.literal_type(value[0], INT if isinstance(value[0], int) else FLOAT, expected)
        if isinstance(found, ErrorType):
            return ERROR
        if not is_number(found):
            help_ = "convert the text with int(...) or float(...)" if is_text(found) else _operand_help("-", [found])
            return self.error(te.BadOperands, node, op="-", types=f"`{show(found)}`", help=help_)
        return plain(found)

    def _binary(self, node: ast.Binary) -> Type:
        left, right = self.expr(node.left), self.expr(node.right)
        if isinstance(left, ErrorType) or isinstance(right, ErrorType):
            return ERROR
        found = _arithmetic(node.op, left, right, self.table)
        if found is not None:
            return found
        none = next((n for n, t in ((node.left, left), (node.right, right)) if may_be_none(t)), None)
        if none is not None and _arithmetic(node.op, without_none(left), without_none(right), self.table) is not None:
            return self.found_none(none, self.program.types[none])
        types = f"`{show(left)}` and `{show(right)}`"
        help_ = _operand_help(node.op, [left, right])
        if node.op == "+" and isinstance(left, ListType) and not isinstance(right, ListType):
            help_ = f"put the item into a list: {self.written(node.left)} + [{self.written(node.right)}]"
        return self.error(te.BadOperands, node, op=node.op, types=types, help=help_)

    # --- logic ---

    def _logic(self, node: ast.Logic, expected: Type | None) -> Type:
        before = self.flow.copy()
        with self.held_reports() as held:
            for operand in node.operands:
                self.boolean(operand, f"operand of `{node.op}`")
                self.assume(operand, truth=node.op == "and")
        self.flow = before
        types = [self.program.types[operand] for operand in node.operands]
        if expected != BOOL and not any(is_bool(t) or isinstance(t, JsonType) for t in types):
            # `name or "nobody"`: as a value, which these operators do not give.
            return self._default_value(node, types[0])
        for diagnostic in held:
            self.report(diagnostic)
        return ERROR if held else BOOL

    def _default_value(self, node: ast.Logic, found: Type) -> Type:
        first, last = self.written(node.operands[0]), self.written(node.operands[-1])
        test = "none" if may_be_none(found) else '""' if is_text(found) else "[]" if item_of(found) else "0"
        help_ = (
            f"write `{first} if {first} != {test} else {last}`" if node.op == "or" else "write `... if ... else ...`"
        )
        facts = {"expected": "`bool`", "found": f"`{show(found)}`", "where": f"operand of `{node.op}`"}
        return self.error(te.TypeMismatch, node.operands[0], **facts, help=help_)

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

    # --- comparison ---

    def _compare(self, node: ast.Compare) -> Type:
        first, second = node.operands[:2]
        if self._bare_word(first) and not self._bare_word(second):
            # `refund == req.intent`: the bare member is on the left, so the right side gives the enum.
            types = [self.expr(first, self.expr(second))]
            known = {second: self.program.types[second]}
        else:
            types, known = [self.expr(first)], {}
        for op, operand in zip(node.ops, node.operands[1:], strict=True):
            left = types[-1]
            expected = ListType(left) if op in ("in", "not in") else left
            types.append(known[operand] if operand in known else self.expr(operand, expected))
            self._comparable(node, op, left, types[-1])
        return BOOL

    def _bare_word(self, node: ast.Expr) -> bool:
        """Whether a name stands for nothing unless it is an enum's member."""
        return isinstance(node, ast.Name) and node.name not in self.scope.variables and node.name not in self.unit.names

    def _comparable(self, node: ast.Compare, op: str, left: Type, right: Type) -> None:
        if isinstance(left, ErrorType) or isinstance(right, ErrorType):
            return
        types = f"`{show(left)}` and `{show(right)}`"
        session = next((t for t in (left, right) if isinstance(t, SessionType)), None)
        if session is not None:
            self.error(te.BadOperands, node, op=op, types=types, help="compare what turns of the session return")
        elif op in ("==", "!="):
            if disjoint_kinds(left, right, self.table):
                help_ = self._never_equal(node, left, right)
                self.error(te.BadOperands, node, op=op, types=types, help=help_)
        elif op in ("in", "not in"):
            if may_be_none(right) and _may_contain(left, without_none(right), self.table):
                self.found_none(node.operands[1], right)
            elif not _may_contain(left, right, self.table):
                self.error(te.BadOperands, node, op=op, types=types, help=self._container_help(node, left, right))
        elif not can_order(join([left, right], self.table), self.table):
            self._not_ordered(node, op, left, right)

    def _not_ordered(self, node: ast.Compare, op: str, left: Type, right: Type) -> None:
        for operand, type_ in zip(node.operands, (left, right), strict=False):
            if may_be_none(type_) and can_order(
                join([without_none(left), without_none(right)], self.table), self.table
            ):
                self.found_none(operand, type_)
                return
        help_ = _operand_help(op, [left, right])
        if any(isinstance(t, NamedType) and isinstance(self.table.get(t.name), EnumType) for t in (left, right)):
            help_ = "the members of an enum have no order: use `==`, or `in` with a list"
        elif isinstance(left, ListType) and isinstance(right, IntType):
            help_ = f"compare its length: `len({self.written(node.operands[0])})`"
        self.error(te.BadOperands, node, op=op, types=f"`{show(left)}` and `{show(right)}`", help=help_)

    def _container_help(self, node: ast.Compare, left: Type, right: Type) -> str:
        if may_be_none(left) or may_be_none(right):
            return "test for none first"
        if is_text(right) or isinstance(right, DictType):
            return f"look for a text: `str({self.written(node.operands[0])}) in {self.written(node.operands[1])}`"
        enum = self.table.get(left.name) if isinstance(left, NamedType) else None
        if isinstance(enum, EnumType):
            return f"name its members, without quotes: {', '.join(enum.names)}"
        if isinstance(right, TupleType | ListType):
            return "look for a value of the kind that the list holds"
        return "look into a list, a dict's keys or a text"

    def _never_equal(self, node: ast.Compare, left: Type, right: Type) -> str:
        named = next((t for t in (left, right) if isinstance(t, NamedType)), None)
        enum = self.table.get(named.name) if named is not None else None
        if isinstance(enum, EnumType) and (is_text(left) or is_text(right)):
            texts = [o.constant for o in node.operands if isinstance(o, ast.Str) and o.constant is not None]
            near = nearest(texts[0], enum.names) if texts else None
            return f"write the member without quotes: {near or ', '.join(enum.names)}"
        if {is_text(left), is_text(right)} == {True, False} and (is_number(left) or is_number(right)):
            return "convert the text with int(...) or float(...), or the number with str(...)"
        booleans = [o for o in node.operands if isinstance(o, ast.Str) and o.constant in ("true", "false")]
        if booleans and (is_bool(left) or is_bool(right)):
            return f"write {booleans[0].constant} without quotes"
        return "compare values of one kind; these are never equal"

    # --- narrowing ---

    def assume(self, condition: ast.Expr, *, truth: bool) -> None:
        match condition:
            case ast.Unary(op="not", operand=operand):
                self.assume(operand, truth=not truth)
            case ast.Logic(op=op, operands=operands) if (op == "and") == truth:
                for operand in operands:
                    self.assume(operand, truth=truth)
            case ast.Compare(operands=(left, right), ops=(op,)) if op in ("==", "!="):
                if isinstance(left, ast.Constant):
                    left, right = right, left
                path = path_of(left)
                type_ = self.program.types.get(left)
                if isinstance(right, ast.Constant) and right.value is None and path and type_ is not None:
                    equal = (op == "==") == truth
                    self.flow.narrowed[path] = NONE if equal else without_none(type_)


def _arithmetic(op: str, left: Type, right: Type, table: TypeTable) -> Type | None:
    """The type of an operator's result; None where it does not apply."""
    if isinstance(left, NeverType) or isinstance(right, NeverType):
        return NEVER
    if is_number(left) and is_number(right):
        both_int = isinstance(plain(left), IntType) and isinstance(plain(right), IntType)
        return INT if both_int and op != "/" else FLOAT
    if op == "+" and is_text(left) and is_text(right):
        return STR
    if op == "+" and isinstance(left, ListType) and isinstance(right, ListType):
        return ListType(join([left.item, right.item], table))
    if op == "+" and isinstance(left, TupleType) and isinstance(right, TupleType):
        return TupleType(left.items + right.items)
    if op == "*" and is_int(left):
        left, right = right, left
    if op == "*" and is_int(right):
        return STR if is_text(left) else ListType(left.item) if isinstance(left, ListType) else None
    return None


def _may_contain(left: Type, right: Type, table: TypeTable) -> bool:
    if isinstance(right, JsonType) or (is_text(right) and is_text(left)):
        return True
    if isinstance(right, DictType):
        return is_text(left)
    item = item_of(right)
    return item is not None and not disjoint_kinds(left, item, table)


def _operand_help(op: str, types: list[Type]) -> str:
    """How to make an operator apply."""
    if any(may_be_none(t) for t in types):
        return "test for none first"
    if any(isinstance(t, JsonType) for t in types):
        return "convert json first: int(x), float(x) or str(x)"
    texts = [t for t in types if is_text(t)]
    if op == "+" and texts:
        return 'convert with str(...), or write "{a}{b}"'
    if op == "+" and any(isinstance(t, ListType) for t in types):
        return "put the item into a list: xs + [x]"
    if op == "%" and texts:
        return 'write a string with holes: "{a} and {b}"'
    if texts and len(texts) < len(types):
        return "convert the text with int(...) or float(...)"
    return ""
