"""Checks statements: flow of values and control, roles, loops, forks. Match is in check_match.py, retries in retry.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import msgspec

from sglc.diagnostics import nearest
from sglc.frontend import ast
from sglc.frontend.builtins import is_text
from sglc.frontend.check_expr import Flow
from sglc.frontend.check_gen import GenChecker
from sglc.frontend.constants import NotConstantError, evaluate
from sglc.frontend.errors import control as fe
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import types as te
from sglc.frontend.resolve import KIND_NAMES
from sglc.frontend.survey import assigned_names, walk
from sglc.frontend.typed import Variable
from sglc.ir.relations import assignable, join, plain
from sglc.ir.types import NEVER, STR, ErrorType, ListType, NamedType, Type, show
from sglc.ir.values import EvalError

MAX_BOUND = 10_000


class Frame(msgspec.Struct, eq=False):
    """A loop or fork around the statement. `ends` are the flows at `break` and `continue`."""

    kind: str
    name: str
    types: list[Type] = msgspec.field(default_factory=list)
    ends: list[Flow] = msgspec.field(default_factory=list)

    @property
    def collects(self) -> bool:
        return self.kind in ("fork", "collecting for")


class StatementChecker(GenChecker):
    """Checks one body at a time; `start` says which."""

    result: Type | None
    has_roles: bool
    role: str | None
    frames: list[Frame]
    yielded: int | None
    """Line of the yield on this path, 0 for none, None where paths differ."""

    def start(self, name: str, kind: str, result: Type | None, has_roles: bool) -> None:
        self.scope.name, self.scope.kind = name, kind
        self.result, self.has_roles = result, has_roles
        self.role, self.frames, self.yielded = None, [], 0

    # --- blocks and flow ---

    def block(self, statements: tuple[ast.Stmt, ...]) -> None:
        """Check statements in order; what follows a `return` is reported once."""
        for position, statement in enumerate(statements):
            if self.flow.left:
                last = statements[-1]
                self.error(fe.UnreachableCode, statement.span.to(last.span), word=self.flow.left)
                return
            self.statement_(statement)
            if isinstance(statement, ast.Ensure) and statement.retry is not None:
                self.retry(statements, position, statement)

    def retry(self, block: tuple[ast.Stmt, ...], position: int, node: ast.Ensure) -> None:
        """Find where a retry starts (retry.py)."""
        raise NotImplementedError

    def statement_(self, node: ast.Stmt) -> None:
        method: Callable[[ast.Stmt], None] = getattr(self, "_" + type(node).__name__.lower())
        method(node)

    def merge(self, flows: Iterable[Flow]) -> Flow:
        """What holds on all of the paths that arrive."""
        arriving = [f for f in flows if not f.left]
        if not arriving:
            return next(iter(flows), Flow(left="end")).copy()
        first, *rest = arriving
        narrowed = {p: t for p, t in first.narrowed.items() if all(f.narrowed.get(p) == t for f in rest)}
        return Flow(set.intersection(*(f.assigned for f in arriving)), narrowed)

    def arms(self, arms: Iterable[Callable[[], None]], start: Flow, otherwise: Flow | None = None) -> None:
        """Check alternatives that all start from `start`; `otherwise` is the path that takes none of them."""
        ends = [] if otherwise is None else [otherwise]
        before = self.yielded
        yields = [] if otherwise is None else [before]
        for arm in arms:
            self.flow, self.yielded = start.copy(), before
            arm()
            ends.append(self.flow)
            if not self.flow.left:
                yields.append(self.yielded)
        self.flow = self.merge(ends)
        self.yielded = yields[0] if len(set(yields)) == 1 else before if not yields else None

    def assign(self, name: ast.Name, type_: Type, what: str = "variable") -> None:
        """Bind a name; it keeps the type of its first value."""
        known = self.scope.variables.get(name.name)
        self.forget(name.name)
        if known is None:
            self.scope.variables[name.name] = Variable(type_, name.span, what)
        elif isinstance(known.type, ErrorType) or _has_never(known.type):
            known.type = join([known.type, type_], self.table) if not isinstance(known.type, ErrorType) else type_
        elif not assignable(type_, plain(known.type), self.table) and not assignable(type_, known.type, self.table):
            if plain(type_) != plain(known.type):
                self.error(te.RebindType, name, name=name.name, was=f"`{show(known.type)}`", now=f"`{show(type_)}`")
        if name.name in ("_",):
            del self.scope.variables[name.name]
            return
        self.program.variables[name] = self.scope.variables[name.name]
        self.flow.assigned.add(name.name)

    # --- prompts ---

    def context(self, node: ast.Node, what: str) -> bool:
        """Whether text can be appended here; reports otherwise."""
        if self.scope.kind == "test":
            help_ = "call a function that has the prompt"
            self.error(pe.PromptNotAllowed, node, where="a test", help=help_)
            return False
        if self.has_roles and self.role is None and what == "text":
            self.error(pe.TextOutsideRole, node, name=self.scope.name)
            return False
        return True

    def _prompt(self, node: ast.Prompt) -> None:
        self.context(node, "text")
        self.prompt_string(node.text)

    def prompt_string(self, node: ast.Str) -> None:
        """A string that is appended: its holes run from left to right."""
        later = {h.content.name.name: h.content for h in _holes(node) if isinstance(h.content, _GENERATIONS)}
        encoding = any(f.kind == "encode" for f in self.frames)
        for hole in _holes(node):
            if isinstance(hole.content, _GENERATIONS):
                if encoding:
                    self.error(fe.EncodeOnlyText, hole.content)
                    return
                self.generate(hole.content)
                later.pop(hole.content.name.name, None)
                continue
            early = [n for n in walk(hole.content) if isinstance(n, ast.Name) and n.name in later]
            unknown = [n for n in early if n.name not in self.flow.assigned]
            if unknown:
                self.error(pe.UsedBeforeGenerated, unknown[0], name=unknown[0].name)
                continue
            self.insertable(hole.content)

    def _insert(self, node: ast.Insert) -> None:
        if self.context(node, "text"):
            self.insertable(node.value)
        else:
            self.expr(node.value)

    def _role(self, node: ast.Role) -> None:
        if self.role is not None:
            self.error(pe.NestedRole, node.role, outer=self.role)
        if any(f.kind == "encode" for f in self.frames):
            self.error(fe.EncodeOnlyText, node)
        outer, self.role = self.role, self.role or node.role.name
        self.block(node.body)
        self.role = outer

    def _genstmt(self, node: ast.GenStmt) -> None:
        if any(f.kind == "encode" for f in self.frames):
            self.error(fe.EncodeOnlyText, node)
        self.context(node, "generation")
        self.generate(node.content)

    # --- values ---

    def _assign(self, node: ast.Assign) -> None:
        expected = None
        if len(node.targets) == 1:
            known = self.scope.variables.get(node.targets[0].name)
            expected = known.type if known is not None else None
        found = self.expr(node.value, expected)
        for name, part in zip(node.targets, self.unpack(node.targets, found), strict=True):
            self.assign(name, part)

    def _use(self, node: ast.Use) -> None:
        symbol = self.unit.names.get(node.template.name)
        signature = self.program.signatures.get(symbol.unique) if symbol is not None else None
        if symbol is None or symbol.kind != "template" or signature is None:
            self._not_a_template(node)
            return
        args = self.arguments(node, node.args, signature.fields, symbol.name)
        self.program.uses[node] = (signature, args)
        self.note_call(node, signature)
        if self.role is not None and signature.has_roles:
            self.error(pe.NestedRole, node, outer=self.role)
        if signature.has_text and not signature.has_roles:
            self.context(node, "text")
        elif self.scope.kind == "test":
            self.context(node, "text")
        if not node.targets:
            return
        if signature.result is None:
            self.error(te.NoValue, node, function=symbol.name)
        found: Type = signature.result if signature.result is not None else self.error_type()
        for name, part in zip(node.targets, self.unpack(node.targets, found), strict=True):
            self.assign(name, part)

    def error_type(self) -> Type:
        return ErrorType()

    def _not_a_template(self, node: ast.Use) -> None:
        for arg in node.args:
            self.expr(arg.value)
        for target in node.targets:
            self.assign(target, ErrorType())
        symbol = self.unit.names.get(node.template.name)
        if symbol is not None and symbol.kind in KIND_NAMES and symbol.kind != "template":
            call = f"{node.template.name}(...)"
            help_ = f"call it: {'name = ' if node.targets else ''}{call}" if symbol.kind in ("function", "tool") else ""
            name, kind = node.template.name, KIND_NAMES[symbol.kind]
            self.error(ne.WrongKind, node.template, name=name, kind=kind, expected="a template", help=help_)
        elif symbol is None:
            near = nearest(node.template.name, [n for n, s in self.unit.names.items() if s.kind == "template"])
            help_ = f"use `{near}`" if near else ""
            self.error(
                ne.UnknownName, node.template, name=node.template.name, where="the templates of this file", help=help_
            )

    def _exprstmt(self, node: ast.ExprStmt) -> None:
        self.statement = node.value
        self.expr(node.value)
        self.statement = None

    # --- branches ---

    def _if(self, node: ast.If) -> None:
        start = self.flow.copy()
        ends: list[Flow] = []
        before, yields = self.yielded, []
        for branch in node.branches:
            self.flow = start.copy()
            if branch.condition is not None:
                self.boolean(branch.condition, "a condition")
                self.assume(branch.condition, truth=True)
            self.yielded = before
            self.block(branch.body)
            ends.append(self.flow)
            if not self.flow.left:
                yields.append(self.yielded)
            self.flow = start.copy()
            if branch.condition is not None:
                self.assume(branch.condition, truth=False)
            start = self.flow
        if node.branches[-1].condition is not None:
            ends.append(start)
            yields.append(before)
        self.flow = self.merge(ends)
        self.yielded = yields[0] if len(set(yields)) == 1 else before if not yields else None

    def _match(self, node: ast.Match) -> None:
        raise NotImplementedError  # check_match.py

    def _try(self, node: ast.Try) -> None:
        start = self.flow.copy()
        self.arms([lambda: self.block(node.body), lambda: self._handler(node.handler)], start)

    def _handler(self, handler: ast.Handler) -> None:
        if handler.name is None:
            self.block(handler.body)
            return
        hidden = self.scope.variables.get(handler.name.name)
        variable = Variable(NamedType("error"), handler.name.span, "error")
        self.scope.variables[handler.name.name] = self.program.variables[handler.name] = variable
        self.flow.assigned.add(handler.name.name)
        self.block(handler.body)
        self.flow.assigned.discard(handler.name.name)
        if hidden is not None:
            self.scope.variables[handler.name.name] = hidden

    # --- loops ---

    def bound(self, node: ast.Node, bound: ast.Expr | None, word: str, limit: int = MAX_BOUND) -> None:
        """Check `max n`; its value is noted."""
        if bound is None:
            start = node.span.start
            self.error(fe.LoopWithoutBound, type(node.span)(start, start + len(word)), word=word)
            return
        self.expr(bound)
        try:
            value = evaluate(bound, self.program)
        except (NotConstantError, EvalError):
            value = None
        if type(value) is not int or not 1 <= value <= limit:
            found = self.unit.source.text[bound.span.start : bound.span.end][:40]
            self.error(fe.BadBound, bound, found=f"`{found}`")
            return
        self.program.constants[bound] = value

    @contextmanager
    def frame(self, kind: str, name: str) -> Iterator[Frame]:
        outer, self.yielded = self.yielded, 0
        frame = Frame(kind, name)
        self.frames.append(frame)
        yield frame
        self.frames.pop()
        self.yielded = outer

    def _enter_loop(self, body: tuple[ast.Stmt, ...]) -> None:
        """What the body assigns may have changed when it starts again."""
        for name in assigned_names(body):
            self.forget(name)

    def _for(self, node: ast.For) -> None:
        item = self.iterate(node.iterable)
        self._enter_loop(node.body)
        before = self.flow.copy()
        kind = "collecting for" if node.collect is not None else "for"
        with self.frame(kind, node.collect.name if node.collect else "for") as frame:
            self.bind_targets(node.targets, item, "loop variable")
            self.block(node.body)
            self._must_yield(node, frame)
        self.flow = self.merge([before, self.flow, *frame.ends])
        self._collect(node.collect, frame)

    def _collect(self, collect: ast.Name | None, frame: Frame) -> None:
        if collect is not None:
            self.assign(collect, ListType(join(frame.types, self.table)))

    def _must_yield(self, node: ast.For | ast.Fork, frame: Frame) -> None:
        if not self.flow.left and node.collect is not None and self.yielded in (0, None):
            self.error(fe.YieldMissing, node.collect, name=node.collect.name)

    def _while(self, node: ast.While) -> None:
        self.bound(node, node.bound, "while")
        self._enter_loop(node.body)
        self.boolean(node.condition, "a condition")
        before = self.flow.copy()
        with self.frame("while", "while") as frame:
            self.assume(node.condition, truth=True)
            self.block(node.body)
        self.flow = self.merge([before, self.flow, *frame.ends])

    def _loop(self, node: ast.Loop) -> None:
        self.bound(node, node.bound, "loop")
        self._enter_loop(node.body)
        with self.frame("loop", "loop") as frame:
            self.block(node.body)
        self.flow = self.merge([self.flow, *frame.ends])

    def _fork(self, node: ast.Fork) -> None:
        item = self.iterate(node.iterable)
        with self.inner_scope(), self.frame("fork", node.collect.name if node.collect else "fork") as frame:
            self.bind_targets(node.targets, item, "branch variable")
            start = self.flow.copy()
            self.block(node.body)
            self._must_yield(node, frame)
            if node.handler is not None:
                self.flow, self.yielded = start, 0
                self._handler(node.handler)
                self._must_yield(node, frame)
        self._collect(node.collect, frame)

    def _encode(self, node: ast.Encode) -> None:
        self.context(node, "text")
        item = self.iterate(node.iterable)
        for option in node.options:
            if option.name.name != "stride":
                help_ = "the option is stride="
                self.error(pe.UnknownOption, option.name, name=option.name.name, owner="`encode`", help=help_)
            else:
                self.bound(node, option.value, "stride", limit=1_000_000)
        with self.inner_scope(), self.frame("encode", "encode"):
            self.bind_targets((node.target,), item, "document")
            for statement in node.body:
                if not isinstance(statement, ast.Prompt | ast.Assign):
                    self.error(fe.EncodeOnlyText, statement)
            self.block(tuple(s for s in node.body if isinstance(s, ast.Prompt | ast.Assign)))

    # --- ends ---

    def _inside(self, kinds: tuple[str, ...]) -> Frame | None:
        return next((f for f in reversed(self.frames) if f.kind in kinds), None)

    def _return(self, node: ast.Return) -> None:
        barrier = self._inside(("fork", "collecting for", "encode"))
        if barrier is not None:
            where = {"fork": "a fork", "encode": "`encode`"}.get(barrier.kind, "a collecting `for`")
            self.error(fe.ReturnInside, node, where=where)
        elif self.scope.kind in ("test", "session"):
            where = "a test" if self.scope.kind == "test" else "the set-up of a session"
            self.error(fe.Misplaced, node, word="return", where=f"{where} gives no value")
        if node.value is not None:
            if self.result is None:
                self.expr(node.value)
                if self.scope.kind in ("def", "template", "turn"):
                    problem = f"`{self.scope.name}` has no result type but returns a value"
                    self.error(te.ReturnValue, node.value, problem=problem, help="write `-> T` before the colon")
            else:
                self.coerce(node.value, self.result, f"result of `{self.scope.name}`")
        elif self.result is not None and barrier is None:
            problem = f"`{self.scope.name}` returns `{show(self.result)}`; here is no value"
            self.error(te.ReturnValue, node, problem=problem, help="return a value")
        self.flow.left = "return"

    def _yield(self, node: ast.Yield) -> None:
        frame = self.frames[-1] if self.frames else None
        found = self.expr(node.value)
        if frame is None or not frame.collects:
            self.error(fe.YieldOutside, node)
            return
        if self.yielded != 0:
            self.error(fe.YieldTwice, node, line=self.yielded or 0)
        self.yielded = self.unit.source.line_column(node.span.start)[0]
        frame.types.append(plain(found) if not isinstance(node.value, ast.Name) else found)

    def _fail(self, node: ast.Fail) -> None:
        found = self.expr(node.message)
        if not is_text(found):
            self.mismatch(node.message, STR, found, "the reason of `fail`")
        self.flow.left = "fail"

    def _ensure(self, node: ast.Ensure) -> None:
        self.boolean(node.condition, "the condition of `ensure`")
        if node.reason is not None:
            self.coerce(node.reason, STR, "the reason of `ensure`")
        if node.retry is not None:
            self.bound(node, node.retry, "retry", limit=100)
        self.assume(node.condition, truth=True)

    def _expect(self, node: ast.Expect) -> None:
        if self.scope.kind != "test":
            help_ = "in a function, `ensure` checks a condition"
            self.error(fe.Misplaced, node, word="expect", where="only tests expect", help=help_)
        self.boolean(node.condition, "the condition of `expect`")
        self.assume(node.condition, truth=True)

    def _jump(self, node: ast.Jump) -> None:
        if node.word == "pass":
            return
        frame = self.frames[-1] if self.frames else None
        if frame is None or frame.kind not in ("for", "while", "loop"):
            where = f"a {frame.kind} gives one value for each item" if frame and frame.collects else "no loop is open here"
            help_ = "use `if` around what is to be skipped" if frame else ""
            self.error(fe.JumpOutside, node, word=node.word, where=where, help=help_)
        else:
            frame.ends.append(self.flow.copy())
        self.flow.left = node.word


_GENERATIONS = (ast.Gen, ast.Select, ast.ModelCall)


def _holes(node: ast.Str) -> list[ast.Hole]:
    return [p for p in node.parts if isinstance(p, ast.Hole)]


def _has_never(type_: Type) -> bool:
    return type_ == NEVER or (isinstance(type_, ListType) and _has_never(type_.item))
