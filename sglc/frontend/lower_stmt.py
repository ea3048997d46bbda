"""Statements -> IR nodes. Variables become SSA values; the prompt context is one of them, under the name CTX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from sglc.frontend import ast
from sglc.frontend.lower_expr import CTX, ExprLowerer
from sglc.frontend.survey import assigned_names, walk
from sglc.frontend.typed import ConstantRef, GenFacts
from sglc.ir import ops
from sglc.ir.graph import Node, Region
from sglc.ir.relations import join
from sglc.ir.types import CONTEXT, FLOAT, INT, STR, ListType, NamedType, Type

_GENERATIONS = (ast.Gen, ast.Select, ast.ModelCall)
_PROMPTS = (ast.Prompt, ast.Role, ast.Insert, ast.GenStmt, ast.Use, ast.Encode)
YIELD = "$yield"


class LoopFrame(msgspec.Struct, eq=False):
    """A loop around the statement: the variables that it carries, in order."""

    carried: tuple[str, ...]
    collects: bool = False


class StatementLowerer(ExprLowerer):
    """Lowers one body. `finish` emits the return of the function at hand with a value or none."""

    pending_role: str = ""
    has_roles: bool = False
    role: str = ""
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
        assert isinstance(ensure, ast.Ensure) and ensure.retry is not None
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
        grows = any(isinstance(n, _PROMPTS) or isinstance(n, _GENERATIONS) for n in walk(body))
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

    # --- prompts ---

    def open_role(self) -> None:
        """Emit a role statement that has no text yet."""
        if self.pending_role:
            self._append((), [])

    def _append(self, parts: tuple[ops.Part, ...], operands: list[str], at: ast.Node | None = None) -> None:
        role, self.pending_role = self.pending_role, ""
        context = self.context_value()
        self.env[CTX] = self.emit(ops.Append(parts, role), [context, *operands], [("c", CONTEXT)], at=at)[0]

    def _prompt(self, node: ast.Prompt) -> None:
        self.prompt_string(node.text)

    def prompt_string(self, node: ast.Str) -> None:
        sampled = next((h.content for h in node.parts if isinstance(h, ast.Hole) and self._samples(h.content) > 1), None)
        if sampled is not None:
            self._sample(sampled, lambda: self._string(node.parts))
        else:
            self._string(node.parts)

    def _string(self, pieces: tuple[ast.Text | ast.Hole, ...]) -> None:
        stretch: list[ast.Text | ast.Hole] = []
        for number, piece in enumerate(pieces):
            if isinstance(piece, ast.Hole) and isinstance(piece.content, _GENERATIONS):
                self._stretch(stretch)
                stretch = []
                after = pieces[number + 1] if number + 1 < len(pieces) else None
                self.generate(piece.content, after.text if isinstance(after, ast.Text) else "")
            else:
                stretch.append(piece)
        self._stretch(stretch)

    def _stretch(self, pieces: list[ast.Text | ast.Hole]) -> None:
        if pieces:
            parts, operands = self.parts(pieces)
            self._append(parts, operands, pieces[0])

    def _insert(self, node: ast.Insert) -> None:
        self._append((0,), [self.expr(node.value)], node)

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

    def _genstmt(self, node: ast.GenStmt) -> None:
        if self.has_roles and not self.role:
            self.pending_role = "assistant"
        if self._samples(node.content) > 1:
            self._sample(node.content, lambda: self.generate(node.content))
            self.pending_role = ""
        else:
            self.generate(node.content)

    # --- generation ---

    def _samples(self, content: Any) -> int:
        facts = self.program.gens.get(content) if isinstance(content, ast.Gen) else None
        return facts.samples if facts is not None else 1

    def _sample(self, content: Any, lower: Callable[[], None]) -> None:
        """`n=k`: a fork of the whole statement; the context gets no sample."""
        role = self.pending_role
        self.context_value()
        count = self.const(self._samples(content), INT)
        items = self.emit(ops.Apply("range"), [count], [("samples", ListType(INT))])[0]
        with self.region() as nodes:
            item = self.fresh("sample", INT)
            lower()
            value = self.env[content.name.name]
            self.emit(ops.Yield(), [value])
        region = Region((item,), tuple(nodes))
        type_ = self.program.gens[content].type
        self.pending_role = role
        result = self.emit(ops.Map(content.name.name), [items], [("samples", ListType(type_))], [region], content)[0]
        self.set(content.name, result)

    def generate(self, node: ast.Gen | ast.Select | ast.ModelCall, follow: str = "") -> None:
        """A generation in the current context; its names are bound."""
        self.open_role()
        facts = self.program.gens[node]
        if isinstance(node, ast.Select):
            self._select(node, facts)
            return
        context = self.context_value()
        dynamic = tuple(facts.dynamic)
        operands = [context, *(self.expr(facts.dynamic[name]) for name in dynamic)]
        op = ops.Gen(
            node.name.name, facts.type, self._options(facts), dynamic, bool(facts.reasoning), bool(facts.logprobs), follow
        )
        results: list[tuple[str, Type]] = [("c", CONTEXT), (node.name.name, facts.type)]
        if facts.reasoning:
            results.append((facts.reasoning, STR))
        if facts.logprobs:
            results.append((facts.logprobs, ListType(NamedType("Logprob"))))
        self.env[CTX], value, *more = self.emit(op, operands, results, at=node)
        if isinstance(node, ast.ModelCall):
            value = self._dispatch(node, facts, value)
        self.set(node.name, value)
        bound = {o.name.name: o.value for o in node.options}
        for key in ("reasoning", "logprobs"):
            target = bound.get(key)
            if isinstance(target, ast.Name):
                self.set(target, more.pop(0))

    def _dispatch(self, node: ast.ModelCall, facts: GenFacts, value: str) -> str:
        tools = tuple(m.name for m in getattr(facts.type, "members", ()) if m.result is not None)
        return self.one(ops.Dispatch(tools), [value], facts.type, node, node.name.name)

    def _select(self, node: ast.Select, facts: GenFacts) -> None:
        context, choices = self.context_value(), self.expr(node.choices)
        results: list[tuple[str, Type]] = [("c", CONTEXT), (node.name.name, STR)]
        if facts.scores:
            results.append((facts.scores, ListType(FLOAT)))
        op = ops.Select(node.name.name, node.by.name if node.by else "likelihood", bool(facts.scores), facts.model)
        self.env[CTX], value, *more = self.emit(op, [context, choices], results, at=node)
        self.set(node.name, value)
        bound = {o.name.name: o.value for o in node.options}
        if more and isinstance(target := bound.get("scores"), ast.Name):
            self.set(target, more[0])

    def _options(self, facts: GenFacts) -> ops.GenOptions:
        defaults = self.defaults.get(facts.model, {})
        given = {**{k: v for k, v in defaults.items() if k not in facts.dynamic}, **facts.constants}
        return ops.GenOptions(**given, model=facts.model)

    defaults: dict[str, dict[str, Any]]

    # --- values ---

    def _assign(self, node: ast.Assign) -> None:
        self.target = node.targets[0].name
        value = self.expr(node.value)
        self.target = "list"
        self.bind(node.targets, value)

    def _use(self, node: ast.Use) -> None:
        self.open_role()
        signature, args = self.program.uses[node]
        values = []
        for field, arg in zip(signature.fields, args, strict=True):
            literal = isinstance(arg, str)
            values.append(self.emit(ops.Const(arg), (), [("k", field.type)])[0] if literal else self.expr(arg))  # type: ignore[arg-type]
        results: list[tuple[str, Type]] = [("c", CONTEXT)]
        if signature.result is not None:
            results.append(("r", signature.result))
        outputs = self.emit(ops.Use(signature.name), [self.context_value(), *values], results, at=node)
        self.env[CTX] = outputs[0]
        if node.targets:
            self.bind(node.targets, outputs[1])

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
        arms = [lambda body=case.body: self.block(body) for case in node.cases]  # type: ignore[misc]
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
        condition = node.condition
        text = self.unit.source.text
        shown: list[ast.Expr] = []
        if isinstance(condition, ast.Compare):
            shown = [o for o in condition.operands if not self._written_out(o)]
        operands = [self.expr(condition), *(self.expr(o) for o in shown)]
        names = tuple(text[o.span.start : o.span.end] for o in shown)
        op = ops.Expect(text[condition.span.start : condition.span.end], names)
        self.emit(op, operands, at=node)

    def _written_out(self, node: ast.Expr) -> bool:
        """Whether the source text of an operand already shows its value."""
        constant = isinstance(self.program.bindings.get(node), ConstantRef)
        return constant or isinstance(node, ast.Str | ast.Number | ast.Constant | ast.Unary)
