"""Expressions -> IR values. Short circuits and comprehensions become operations with regions, so nothing runs too early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sglc.diagnostics import InternalError
from sglc.frontend import ast
from sglc.frontend.constants import COMPARISONS, OPERATORS
from sglc.frontend.resolve import Unit
from sglc.frontend.typed import CallTarget, ConstantRef, TypedProgram, Variable
from sglc.ir import ops
from sglc.ir.decode import to_json
from sglc.ir.graph import Node, Region, Value
from sglc.ir.relations import item_type
from sglc.ir.types import (
    BOOL,
    CONTEXT,
    FLOAT,
    INT,
    NONE,
    STR,
    ListType,
    RecordType,
    SessionType,
    TupleType,
    Type,
    literal,
)  # fmt: skip
from sglc.source import Location

CTX = "$ctx"
"""The variable that holds the current prompt context."""


class ExprLowerer:
    """Builds the nodes of one function. `env` maps variables to the SSA values that they hold now."""

    assigned: ast.Expr | None = None
    """The expression whose value the statement assigns to `target`."""

    def __init__(self, program: TypedProgram, unit: Unit) -> None:
        self.program, self.unit = program, unit
        self.env: dict[str, str] = {}
        self.variables: dict[str, Variable] = {}
        self.types: dict[str, Type] = {}
        self.nodes: list[Node] = []
        self.names: dict[str, int] = {}
        self.target = "list"
        """Name of the variable that the statement assigns: names the branches of a comprehension in streams."""

    # --- building ---

    def fresh(self, hint: str, type_: Type) -> Value:
        """A value with a name that the function does not use yet."""
        base = "".join(c if c.isalnum() or c == "_" else "_" for c in hint) or "v"
        number = self.names.get(base, 0)
        self.names[base] = number + 1
        value = Value(base if number == 0 else f"{base}.{number}", type_)
        self.types[value.name] = type_
        return value

    def emit(
        self,
        op: ops.Op,
        operands: Sequence[str] = (),
        results: Sequence[tuple[str, Type]] = (),
        regions: Sequence[Region] = (),
        at: ast.Node | None = None,
    ) -> tuple[str, ...]:
        """Add a node; gives the names of its results."""
        if at is not None and at is self.assigned and len(results) == 1:
            results = [(self.target, results[0][1])]
        values = tuple(self.fresh(hint, type_) for hint, type_ in results)
        self.nodes.append(Node(op, tuple(operands), values, tuple(regions), self.location(at)))
        return tuple(v.name for v in values)

    def location(self, node: ast.Node | None) -> Location | None:
        return None if node is None else self.unit.source.location(node.span.start)

    @contextmanager
    def region(self) -> Iterator[list[Node]]:
        """Nodes emitted inside go to the list; variables are as before afterwards."""
        outer_nodes, outer_env = self.nodes, dict(self.env)
        self.nodes = []
        yield self.nodes
        self.nodes, self.env = outer_nodes, outer_env

    def const(self, value: Any, type_: Type, hint: str = "k") -> str:
        return self.emit(ops.Const(to_json(value)), (), [(hint, type_)])[0]

    def one(self, op: ops.Op, operands: Sequence[str], type_: Type, at: ast.Node, hint: str = "v") -> str:
        return self.emit(op, operands, [(hint, type_)], at=at)[0]

    def type_of(self, node: ast.Expr) -> Type:
        return self.program.types[node]

    # --- expressions ---

    def expr(self, node: ast.Expr) -> str:
        """The value of an expression, checked against what run time alone can tell where the checker asked for it."""
        name = self._expr(node)
        wanted = self.program.coercions.get(node)
        if wanted is not None:
            text = self.unit.source.text[node.span.start : node.span.end]
            what = text if len(text) <= 40 and "\n" not in text else ""
            name = self.one(ops.Conform(what), [name], wanted, node)
        return name

    def _expr(self, node: ast.Expr) -> str:
        type_ = self.type_of(node)
        binding = self.program.bindings.get(node)
        if isinstance(binding, ConstantRef):
            return self.const(binding.value, binding.type)
        match node:
            case ast.Name(name=name):
                return self.env[name]
            case ast.Str():
                return self.text(node)
            case ast.Number(value=value):
                return self.const(float(value) if type_ == FLOAT else value, type_)
            case ast.Duration(seconds=seconds):
                return self.const(seconds, FLOAT)
            case ast.Constant(value=constant):
                return self.const(constant, type_)
            case ast.ListExpr(items=items):
                return self.one(ops.Apply("list"), [self.expr(i) for i in items], type_, node)
            case ast.TupleExpr(items=items):
                return self.one(ops.Apply("tuple"), [self.expr(i) for i in items], type_, node)
            case ast.DictExpr(entries=entries):
                flat = [self.expr(part) for entry in entries for part in entry]
                return self.one(ops.Apply("dict"), flat, type_, node)
            case ast.Attribute(value=owner, name=field):
                return self.one(ops.Attr(field.name), [self.expr(owner)], type_, node, field.name)
            case ast.Index(value=owner, index=index):
                return self.one(ops.Apply("index"), [self.expr(owner), self.expr(index)], type_, node)
            case ast.Slice():
                return self._slice(node, type_)
            case ast.Call():
                return self.call(node)
            case ast.Unary(op=op, operand=operand):
                function = "not" if op == "not" else "neg"
                return self.one(ops.Apply(function), [self.expr(operand)], type_, node)
            case ast.Binary(op=op, left=left, right=right):
                return self.one(ops.Apply(OPERATORS[op]), [self.expr(left), self.expr(right)], type_, node)
            case ast.Logic(op=op, operands=operands):
                return self._logic(op, list(operands), node)
            case ast.Compare(operands=operands):
                return self.compare(node, [self.expr(operand) for operand in operands])
            case ast.Conditional():
                return self._conditional(node, type_)
            case ast.Comprehension():
                return self._comprehension(node, 0)
        raise InternalError(f"no lowering for {type(node).__name__}")

    def text(self, node: ast.Str) -> str:
        """A string as a value."""
        if node.constant is not None:
            return self.const(node.constant, self.program.types.get(node, STR))
        parts, operands = self.parts(node.parts)
        return self.one(ops.Format(parts), operands, STR, node)

    def parts(self, pieces: Sequence[ast.Text | ast.Hole]) -> tuple[tuple[ops.Part, ...], list[str]]:
        """Pieces of a string without generations: parts, and the operands that they index."""
        parts: list[ops.Part] = []
        operands: list[str] = []
        for piece in pieces:
            if isinstance(piece, ast.Text):
                parts.append(piece.text)
            else:
                assert not isinstance(piece.content, ast.Gen | ast.Select | ast.ModelCall)
                parts.append(len(operands))
                operands.append(self.expr(piece.content))
        return tuple(parts), operands

    def _slice(self, node: ast.Slice, type_: Type) -> str:
        operands = [self.expr(node.value)]
        for part in (node.start, node.stop, node.step):
            operands.append(self.const(None, NONE) if part is None else self.expr(part))
        return self.one(ops.Apply("slice"), operands, type_, node)

    def _choose(self, condition: str, then: Any, otherwise: Any, type_: Type, at: ast.Node) -> str:
        """`if` with one value from each side; the sides are functions that emit and give a name."""
        regions = []
        for side in (then, otherwise):
            with self.region() as nodes:
                self.emit(ops.Yield(), [side()])
            regions.append(Region((), tuple(nodes)))
        return self.emit(ops.If(), [condition], [("v", type_)], regions, at)[0]

    def _logic(self, op: str, operands: list[ast.Expr], at: ast.Node) -> str:
        first = self.expr(operands[0])
        if len(operands) == 1:
            return first

        def rest() -> str:
            return self._logic(op, operands[1:], at)

        def settled() -> str:
            return self.const(op == "or", BOOL)

        then, otherwise = (rest, settled) if op == "and" else (settled, rest)
        return self._choose(first, then, otherwise, BOOL, at)

    def compare(self, node: ast.Compare, values: list[str]) -> str:
        """A chain of comparisons over its operands' values."""
        pairs = list(zip(node.ops, values[:-1], values[1:], strict=True))

        def compare(position: int) -> str:
            op, left, right = pairs[position]
            result = self.one(ops.Apply(COMPARISONS[op]), [left, right], BOOL, node)
            if position == len(pairs) - 1:
                return result
            return self._choose(
                result, lambda: compare(position + 1), lambda: self.const(value=False, type_=BOOL), BOOL, node
            )

        return compare(0)

    def _conditional(self, node: ast.Conditional, type_: Type) -> str:
        condition = self.expr(node.condition)
        return self._choose(condition, lambda: self.expr(node.then), lambda: self.expr(node.otherwise), type_, node)

    # --- comprehensions ---

    def _comprehension(self, node: ast.Comprehension, position: int) -> str:
        clause = node.clauses[position]
        items = self.expr(clause.iterable)
        item_t = item_type(self.types[items])
        last = position == len(node.clauses) - 1
        # `[x for x in xs if ...]` only filters.
        kept = last and [n.name for n in clause.targets] == [getattr(node.element, "name", None)]
        kept = kept and bool(clause.conditions) and self.type_of(node.element) == item_t
        for condition in clause.conditions:
            at = node if kept and condition is clause.conditions[-1] else clause
            items = self._filter(clause, condition, items, item_t, at)
        if kept:
            return items
        target, self.target = self.target, "list"
        with self.region() as nodes:
            item = self.fresh(clause.targets[0].name if len(clause.targets) == 1 else "item", item_t)
            self.bind(clause.targets, item.name)
            value = self.expr(node.element) if last else self._comprehension(node, position + 1)
            inner = self.types[value]
            self.emit(ops.Yield(), [value])
        self.target = target
        inside = (node.element, *node.clauses[position + 1 :])
        op = ops.Map(target, ordered=self.reaches_effect(inside))
        result = self.emit(op, [items], [("list", ListType(inner))], [Region((item,), tuple(nodes))], node)[0]
        if last:
            return result
        return self.one(ops.Apply("flatten"), [result], inner, node)

    def _filter(self, clause: ast.Clause, condition: ast.Expr, items: str, item_t: Type, at: ast.Node) -> str:
        with self.region() as nodes:
            item = self.fresh(clause.targets[0].name if len(clause.targets) == 1 else "item", item_t)
            self.bind(clause.targets, item.name)
            self.emit(ops.Yield(), [self.expr(condition)])
        region = Region((item,), tuple(nodes))
        return self.emit(ops.Filter(), [items], [("list", ListType(item_t))], [region], at)[0]

    def reaches_effect(self, node: Any) -> bool:
        """Whether a call below the node (or tuple of nodes) may reach a tool with an effect, or is a session's turn."""
        from sglc.frontend.survey import walk

        for inner in walk(node):
            target = self.program.calls.get(inner) if isinstance(inner, ast.Call) else None
            if target is not None and (target.kind == "turn" or target.name in self.program.effects):
                return True
            if isinstance(inner, ast.Use) and self.program.uses[inner][0].name in self.program.effects:
                return True
        return False

    def bind(self, targets: tuple[ast.Name, ...], value: str) -> None:
        """Bind `a` or `a, b` to a value or its parts."""
        if len(targets) == 1:
            self.set(targets[0], value)
            return
        owner = self.types[value]
        for position, target in enumerate(targets):
            part_type = self.program.variables[target].type if target in self.program.variables else STR
            if isinstance(owner, TupleType):
                part_type = owner.items[position]
            index = self.const(position, INT)
            self.set(target, self.one(ops.Apply("index"), [value, index], part_type, target, target.name))

    def set(self, target: ast.Name, value: str) -> None:
        """Give a variable its value; `_` takes none."""
        variable = self.program.variables.get(target)
        if variable is not None:
            self.env[target.name] = value
            self.variables[target.name] = variable

    # --- calls ---

    def call(self, node: ast.Call) -> str:
        """A call as a value; one without a result gives none."""
        results = self.call_results(node)
        return results[0] if results else self.const(None, NONE)

    def call_results(self, node: ast.Call) -> tuple[str, ...]:
        target = self.program.calls[node]
        type_ = self.program.types[node]
        if target.kind == "describe":
            return (self.const(target.text, STR),)
        receiver = [self.expr(target.receiver)] if target.receiver is not None else []
        args = [*receiver, *self.arguments(target)]
        signature = self.program.signatures.get(target.name if target.kind != "turn" else f"{target.name}.turn")
        results = [] if signature is not None and signature.result is None else [("r", type_)]
        match target.kind:
            case "function":
                return self.emit(ops.Call(target.name), args, results, at=node)
            case "tool":
                return self.emit(ops.ToolCall(target.name), args, results, at=node)
            case "turn":
                return self.emit(ops.SessionTurn(target.name), args, results, at=node)
            case "session":
                return self.emit(ops.SessionOpen(target.name), args, [("s", SessionType(target.name))], at=node)
            case "record":
                record = self.program.table[target.name]
                assert isinstance(record, RecordType)
                names = tuple(f.name for f in record.fields)
                return (self.one(ops.MakeRecord(names), args, type_, node),)
            case "tokens":
                return (self.one(ops.CountTokens(), args, INT, node),)
        return (self.one(ops.Apply(target.name), args, type_, node),)

    def arguments(self, target: CallTarget) -> list[str]:
        fields = self._fields(target)
        out = []
        for position, arg in enumerate(target.args):
            if isinstance(arg, str):
                type_ = fields[position].type if position < len(fields) else literal(None)
                out.append(self.emit(ops.Const(arg), (), [("k", type_)])[0])
            else:
                out.append(self.expr(arg))
        return out

    def _fields(self, target: CallTarget) -> tuple[Any, ...]:
        if target.kind == "record":
            record = self.program.table[target.name]
            return record.fields if isinstance(record, RecordType) else ()
        name = f"{target.name}.turn" if target.kind == "turn" else target.name
        signature = self.program.signatures.get(name)
        return signature.fields if signature is not None else ()

    def context_value(self) -> str:
        """The current context, made where the function has none yet."""
        if CTX not in self.env:
            self.env[CTX] = self.emit(ops.NewContext(), (), [("c", CONTEXT)])[0]
        return self.env[CTX]
