"""Statements -> IR nodes. Variables become SSA values; the prompt context is one of them, under the name CTX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from sglc.frontend import ast
from sglc.frontend.lower_expr import CTX
from sglc.frontend.lower_prompt import PromptLowerer
from sglc.frontend.survey import GENERATIONS, assigned_names, walk
from sglc.frontend.typed import ConstantRef
from sglc.ir import ops
from sglc.ir.graph import Node, Region
from sglc.ir.relations import join
from sglc.ir.types import CONTEXT, STR, NamedType, Type

_PROMPTS = (ast.Prompt, ast.Role, ast.Insert, ast.GenStmt, ast.Use, ast.Encode)
YIELD = "$yield"


class LoopFrame(msgspec.Struct, eq=False):
    """A loop around the statement: the variables that it carries, in order."""

    carried: tuple[str, ...]
    collects: bool = False


class StatementLowerer(PromptLowerer):
    """Lowers one body. `return_` emits the return of the function at hand, with a value or none."""

    frames: list[LoopFrame]
    return_: Callable[[str | None], None]

    # --- blocks ---

    @property
    def ended(self) -> bool:
        return bool(self.nodes) and self.nodes[-1].op.terminator

    def block(self, statements: tuple[ast.Stmt, ...], start: int = 0, stop: int | None = None) -> None:
        """Lower statements from `start` to `stop`; stretches that an `ensure ... retry` repeats become attempts."""
        stop = len(statements) if stop is None else stop
        position = start
        while position < stop and not self.ended:
            end = self._retry_end(statements, position, stop)
            if end is not None:
                self._attempt(statements, position, end)
                position = end + 1
            else:
                self.statement(statements[position])
                position += 1

    def _retry_end(self, statements: tuple[ast.Stmt, ...], start: int, stop: int) -> int | None:
        """The last `ensure` before `stop` whose retry starts at `start`."""
        for position in range(stop - 1, start, -1):
            statement = statements[position]
            if isinstance(statement, ast.Ensure) and self.program.retries.get(statement) == start:
                return position
        return None

    def statement(self, node: ast.Stmt) -> None:
        if isinstance(node, ast.If | ast.Match | ast.For | ast.While | ast.Loop | ast.Fork | ast.Try | ast.Encode):
            self.open_role()
        method: Callable[[Any], None] = getattr(self, "_" + type(node).__name__.lower())
        method(node)

    def _attempt(self, statements: tuple[ast.Stmt, ...], start: int, end: int) -> None:
        ensure = statements[end]
        assert isinstance(ensure, ast.Ensure)
        assert ensure.retry is not None
        self.open_role()
        retries: int = self.program.constants[ensure.retry]
        context = self.context_value()
        names = self._changed(statements[start:end])
        before = dict(self.env)
        with self.region() as nodes:
            inner = self.fresh("c", CONTEXT)
            self.env[CTX] = inner.name
            self.block(statements, start, end)
            condition, why = self.expr(ensure.condition), self._reason(ensure)
            kept = [n for n in names if n in self.env and n != CTX]
            self.emit(ops.Check(), [condition, why, self.env[CTX], *(self.env[n] for n in kept)], at=ensure)
            types = [self._variable_type(n, [self.env[n]]) for n in kept]
        region = Region((inner,), tuple(nodes))
        results = [("c", CONTEXT), *zip(kept, types, strict=True)]
        op = ops.Attempt(retries, tells=self.has_roles)
        self.env = before
        outputs = self.emit(op, [context], results, [region], ensure)
        self._rebind((CTX, *kept), outputs)

    def _reason(self, node: ast.Ensure) -> str:
        if node.reason is not None:
            return self.expr(node.reason)
        text = self.unit.source.text[node.condition.span.start : node.condition.span.end]
        return self.const(f"this must hold: {text}", STR)

    # --- variables over regions ---

    def _changed(self, body: Any) -> tuple[str, ...]:
        """Variables that a body may give a new value, the context first when it may grow."""
        names = sorted(assigned_names(body))
        grows = any(isinstance(n, (*_PROMPTS, *GENERATIONS)) for n in walk(body))
        return ((CTX,) if grows else ()) + tuple(names)

    def _variable_type(self, name: str, values: Sequence[str]) -> Type:
        if name == CTX:
            return CONTEXT
        variable = self.variables.get(name)
        if variable is not None:
            return variable.type
        return join([self.types[v] for v in values], self.program.table)

    def _rebind(self, names: Sequence[str], values: Sequence[str]) -> None:
        self.env.update(zip(names, values, strict=True))

    def arms(
        self, op: ops.Op, operands: Sequence[str], arms: Sequence[Callable[[], None]], at: ast.Node, body: Any,
        params: Sequence[Sequence[tuple[str, Type]]] = (),
    ) -> None:  # fmt: skip
        """An operation whose regions are alternatives; what any of them changes becomes a result."""
        if CTX in self._changed(body):
            self.context_value()
        ends: list[dict[str, str]] = []
        bodies: list[list[Node]] = []
        heads = []
        for number, arm in enumerate(arms):
            with self.region() as nodes:
                head = [self.fresh(h, t) for h, t in (params[number] if params else ())]
                self._arm_params = [v.name for v in head]
                arm()
                self.pending_role = ""
                if not self.ended:
                    ends.append(dict(self.env))
            heads.append(tuple(head))
            bodies.append(nodes)
        names = self._results(ends)
        regions = []
        remaining = iter(ends)
        for head_, nodes in zip(heads, bodies, strict=True):
            if not (nodes and nodes[-1].op.terminator):
                end = next(remaining)
                nodes = [*nodes, Node(ops.Yield(), tuple(end[n] for n in names))]
            regions.append(Region(head_, tuple(nodes)))
        results = [(n.strip("$") if n != CTX else "c", self._variable_type(n, [e[n] for e in ends])) for n in names]
        self._rebind(names, self.emit(op, operands, results, regions, at))
        if not ends:
            # No arm comes back, so nothing behind can run; the region needs an end all the same.
            self.emit(ops.Fail(), [self.const("unreachable", STR)], at=at)

    def _results(self, ends: list[dict[str, str]]) -> list[str]:
        if not ends:
            return []
        common = set(ends[0]).intersection(*ends[1:])
        return sorted(n for n in common if any(e[n] != self.env.get(n) for e in ends))

    # --- roles and values ---

    def _role(self, node: ast.Role) -> None:
        outer, self.role = self.role, node.role.name
        self.pending_role = node.role.name
        self.block(node.body)
        # A role block without any text still is a message.
        self.pending_role = "" if any(self._samples_in(s) for s in node.body) else self.pending_role
        if self.pending_role and not self.ended:
            self.open_role()
        self.pending_role, self.role = "", outer

    def _samples_in(self, node: ast.Stmt) -> bool:
        return any(isinstance(n, ast.Gen) and self._samples(n) > 1 for n in walk(node))

    def _assign(self, node: ast.Assign) -> None:
        self.target, self.assigned = node.targets[0].name, node.value
        value = self.expr(node.value)
        self.target, self.assigned = "list", None
        self.bind(node.targets, value)

    def _use(self, node: ast.Use) -> None:
        self.open_role()
        signature, args = self.program.uses[node]
        values = []
        for field, arg in zip(signature.fields, args, strict=True):
            values.append(self._argument(field.type, arg))
        results: list[tuple[str, Type]] = [("c", CONTEXT)]
        if signature.result is not None:
            results.append((node.targets[0].name if node.targets else "r", signature.result))
        outputs = self.emit(ops.Use(signature.name), [self.context_value(), *values], results, at=node)
        self.env[CTX] = outputs[0]
        if node.targets:
            self.bind(node.targets, outputs[1])

    def _argument(self, type_: Type, arg: ast.Expr | str) -> str:
        """An argument as written, or a default's JSON text."""
        if isinstance(arg, str):
            return self.emit(ops.Const(arg), (), [("k", type_)])[0]
        return self.expr(arg)

    def _exprstmt(self, node: ast.ExprStmt) -> None:
        if isinstance(node.value, ast.Call):
            self.call_results(node.value)
        else:
            self.expr(node.value)

    # --- branches ---

    def _if(self, node: ast.If) -> None:
        self._branches(list(node.branches), node)

    def _branches(self, branches: list[ast.Branch], node: ast.If) -> None:
        first, *rest = branches
        if first.condition is None:
            self.block(first.body)
            return
        condition = self.expr(first.condition)
        otherwise = (lambda: self._branches(rest, node)) if rest else (lambda: None)
        bodies = tuple(b.body for b in branches)
        self.arms(ops.If(), [condition], [lambda: self.block(first.body), otherwise], first, bodies)

    def _match(self, node: ast.Match) -> None:
        subject = self.expr(node.subject)
        cases = [tuple(self.program.patterns[p] for p in case.patterns) for case in node.cases]
        arms = [lambda body=case.body: self.block(body) for case in node.cases]
        self.arms(ops.Match(tuple(cases)), [subject], arms, node, tuple(c.body for c in node.cases))

    def _try(self, node: ast.Try) -> None:
        handler = node.handler
        failure = NamedType("error")

        def handle() -> None:
            if handler.name is not None:
                self.set(handler.name, self._arm_params[0])
            self.block(handler.body)
            if handler.name is not None:
                self.env.pop(handler.name.name, None)

        params = ((), (("err", failure),))
        self.arms(ops.Try(), [], [lambda: self.block(node.body), handle], node, (node.body, handler.body), params)

    _arm_params: list[str]

    # --- ends ---

    def _return(self, node: ast.Return) -> None:
        self.return_(None if node.value is None else self.expr(node.value))

    def _fail(self, node: ast.Fail) -> None:
        self.emit(ops.Fail(), [self.expr(node.message)], at=node)

    def _ensure(self, node: ast.Ensure) -> None:
        self.emit(ops.Ensure(), [self.expr(node.condition), self._reason(node)], at=node)

    def _yield(self, node: ast.Yield) -> None:
        self.env[YIELD] = self.expr(node.value)

    def _jump(self, node: ast.Jump) -> None:
        if node.word == "pass":
            return
        frame = self.frames[-1]
        operands = [self._carried_value(n) for n in frame.carried]
        self.emit(ops.Break() if node.word == "break" else ops.Continue(), operands, at=node)

    def _carried_value(self, name: str) -> str:
        if name in self.env:
            return self.env[name]
        return self.emit(ops.Undef(), (), [(name, self._variable_type(name, []))])[0]

    def _expect(self, node: ast.Expect) -> None:
        """The condition, and the values of its sides that the source does not show; each side is computed once."""
        condition = node.condition
        text = self.unit.source.text
        shown: list[tuple[str, str]] = []
        if isinstance(condition, ast.Compare):
            values = [self.expr(operand) for operand in condition.operands]
            pairs = zip(condition.operands, values, strict=True)
            shown = [(text[o.span.start : o.span.end], v) for o, v in pairs if not self._written_out(o)]
            holds = self.compare(condition, values)
        else:
            holds = self.expr(condition)
        names = tuple(name for name, _ in shown)
        op = ops.Expect(text[condition.span.start : condition.span.end], names)
        self.emit(op, [holds, *(value for _, value in shown)], at=node)

    def _written_out(self, node: ast.Expr) -> bool:
        """Whether the source text of an operand already shows its value."""
        constant = isinstance(self.program.bindings.get(node), ConstantRef)
        return constant or isinstance(node, ast.Str | ast.Number | ast.Constant | ast.Unary)
