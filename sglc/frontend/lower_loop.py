"""Loops, forks and `encode` -> operations with regions."""

from __future__ import annotations

from sglc.frontend import ast
from sglc.frontend.lower_expr import CTX
from sglc.frontend.lower_stmt import YIELD, LoopFrame, StatementLowerer
from sglc.frontend.survey import walk
from sglc.ir import ops
from sglc.ir.graph import Region, Value
from sglc.ir.relations import item_type
from sglc.ir.types import CONTEXT, NONE, STR, ListType, NamedType, Type


class LoopLowerer(StatementLowerer):
    """Adds everything that runs a body more than once."""

    def _carry(self, body: tuple[ast.Stmt, ...], *, also_new: bool) -> tuple[str, ...]:
        """Variables that go round a loop. With `also_new` those too that the body sets first (it runs at least once)."""
        changed = self._changed(body)
        if CTX in changed:
            self.context_value()
        for name in walk(body):
            if isinstance(name, ast.Name) and name.name in changed and name in self.program.variables:
                self.variables.setdefault(name.name, self.program.variables[name])
        return tuple(n for n in changed if n in self.env or also_new)

    def _enter(self, carried: tuple[str, ...]) -> list[str]:
        """The values before the first iteration."""
        return [self._carried_value(name) for name in carried]

    def _params(self, carried: tuple[str, ...], initial: list[str]) -> list[Value]:
        """Region parameters for carried variables, bound."""
        values = []
        for name, start in zip(carried, initial, strict=True):
            value = self.fresh("c" if name == CTX else name, self._variable_type(name, [start]))
            values.append(value)
            self.env[name] = value.name
        return values

    def _finish_loop(self, op: ops.Op, operands: list[str], carried: tuple[str, ...], initial: list[str],
                     regions: list[Region], at: ast.Node, extra: list[tuple[str, Type]]) -> tuple[str, ...]:  # fmt: skip
        types = [self._variable_type(n, [v]) for n, v in zip(carried, initial, strict=True)]
        results = [("c" if n == CTX else n, t) for n, t in zip(carried, types, strict=True)]
        outputs = self.emit(op, operands, [*results, *extra], regions, at)
        self._rebind(carried, outputs[: len(carried)])
        return outputs[len(carried) :]

    def _loop_body(self, body: tuple[ast.Stmt, ...], frame: LoopFrame) -> None:
        self.frames.append(frame)
        self.block(body)
        self.frames.pop()
        self.pending_role = ""
        if not self.ended:
            more = [self.env[YIELD]] if frame.collects else []
            self.emit(ops.Continue(), [*(self._carried_value(n) for n in frame.carried), *more])

    def _for(self, node: ast.For) -> None:
        items = self.expr(node.iterable)
        item_t = item_type(self.types[items])
        carried = self._carry(node.body, also_new=False)
        initial = self._enter(carried)
        name = node.collect.name if node.collect is not None else "for"
        with self.region() as nodes:
            item = self.fresh(node.targets[0].name if len(node.targets) == 1 else "item", item_t)
            params = self._params(carried, initial)
            self.bind(node.targets, item.name)
            self._loop_body(node.body, LoopFrame(carried, node.collect is not None))
        region = Region((item, *params), tuple(nodes))
        extra = [] if node.collect is None else [(name, self.program.variables[node.collect].type)]
        op = ops.For(node.collect is not None, name)
        collected = self._finish_loop(op, [items, *initial], carried, initial, [region], node, extra)
        if node.collect is not None:
            self.set(node.collect, collected[0])

    def _while(self, node: ast.While) -> None:
        assert node.bound is not None
        carried = self._carry(node.body, also_new=False)
        initial = self._enter(carried)
        regions = []
        with self.region() as nodes:
            params = self._params(carried, initial)
            self.emit(ops.Yield(), [self.expr(node.condition)])
        regions.append(Region(tuple(params), tuple(nodes)))
        self._bounded(node, node.bound, node.body, carried, initial, regions, "while")

    def _bounded(self, node: ast.Stmt, bound: ast.Expr, body: tuple[ast.Stmt, ...], carried: tuple[str, ...],
                 initial: list[str], regions: list[Region], name: str) -> None:  # fmt: skip
        with self.region() as nodes:
            params = self._params(carried, initial)
            self._loop_body(body, LoopFrame(carried))
        regions.append(Region(tuple(params), tuple(nodes)))
        op = ops.Loop(self.program.constants[bound], name)
        self._finish_loop(op, initial, carried, initial, regions, node, [])

    def _loop(self, node: ast.Loop) -> None:
        assert node.bound is not None
        carried = self._carry(node.body, also_new=True)
        self._bounded(node, node.bound, node.body, carried, self._enter(carried), [], "loop")

    def _fork(self, node: ast.Fork) -> None:
        items = self.expr(node.iterable)
        item_t = item_type(self.types[items])
        self.context_value()
        name = node.collect.name if node.collect is not None else "fork"
        regions = []
        frames, self.frames = self.frames, []
        item_name = node.targets[0].name if len(node.targets) == 1 else "item"
        with self.region() as nodes:
            item = self.fresh(item_name, item_t)
            self.bind(node.targets, item.name)
            self._branch(node.body, node.collect is not None)
        regions.append(Region((item,), tuple(nodes)))
        if node.handler is not None:
            with self.region() as nodes:
                item, error = self.fresh(item_name, item_t), self.fresh("err", NamedType("error"))
                self.bind(node.targets, item.name)
                if node.handler.name is not None:
                    self.set(node.handler.name, error.name)
                self._branch(node.handler.body, node.collect is not None)
            regions.append(Region((item, error), tuple(nodes)))
        self.frames = frames
        type_: Type = ListType(NONE) if node.collect is None else self.program.variables[node.collect].type
        op = ops.Map(name, ordered=False)
        result = self.emit(op, [items], [(name, type_)], regions, node)[0]
        if node.collect is not None:
            self.set(node.collect, result)

    def _branch(self, body: tuple[ast.Stmt, ...], collects: bool) -> None:
        self.env.pop(YIELD, None)
        self.block(body)
        self.pending_role = ""
        if not self.ended:
            self.emit(ops.Yield(), [self.env[YIELD] if collects else self.const(None, NONE)])

    def _encode(self, node: ast.Encode) -> None:
        self.open_role()
        items = self.expr(node.iterable)
        stride = None
        for option in node.options:
            stride = self.program.constants.get(option.value)
        with self.region() as nodes:
            item = self.fresh(node.target.name, item_type(self.types[items]))
            self.bind((node.target,), item.name)
            self.emit(ops.Yield(), [self._document(node.body)])
        region = Region((item,), tuple(nodes))
        context = self.context_value()
        operands = [context, items]
        self.env[CTX] = self.emit(ops.Encode(stride), operands, [("c", CONTEXT)], [region], node)[0]

    def _document(self, body: tuple[ast.Stmt, ...]) -> str:
        """The text of one document: its prompt strings, one behind the other."""
        parts: list[ops.Part] = []
        operands: list[str] = []
        for statement in body:
            if isinstance(statement, ast.Prompt):
                more, values = self.parts(statement.text.parts)
                parts += [p if isinstance(p, str) else p + len(operands) for p in more]
                operands += values
            else:
                self.statement(statement)
        return self.emit(ops.Format(tuple(parts)), operands, [("text", STR)])[0]
