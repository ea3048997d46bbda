"""Checks what runs a body more than once: for, while, loop, fork, encode; and the words that belong to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sglc.diagnostics import Edit, Fix, Related
from sglc.frontend import ast
from sglc.frontend.check_stmt import StatementChecker
from sglc.frontend.constants import NotConstantError, evaluate
from sglc.frontend.errors import loops as le
from sglc.frontend.errors import prompts as pe
from sglc.frontend.flow import Frame, merge
from sglc.frontend.survey import assigned_names, walk
from sglc.ir.relations import join
from sglc.ir.types import ErrorType, IntType, ListType, Type
from sglc.ir.values import EvalError
from sglc.source import Span

MAX_BOUND = 10_000
MAX_STRIDE = 1_000_000
_MAX_ROUNDS = 8


class LoopChecker(StatementChecker):
    """Adds loops."""

    # --- bounds ---

    def bound(self, node: ast.Expr, limit: int) -> None:
        found = self.expr(node)
        try:
            value: Any = evaluate(node, self.program)
        except (NotConstantError, EvalError):
            value = None
        if type(value) is int and 1 <= value <= limit:
            self.program.constants[node] = value
        elif not isinstance(found, ErrorType):
            what = (
                "is not constant" if value is None and isinstance(found, IntType) else f"found `{self.written(node)}`"
            )
            self.error(le.BadBound, node, limit=limit, found=what)

    def _loop_bound(self, node: ast.While | ast.Loop, word: str) -> None:
        if node.bound is not None:
            self.bound(node.bound, MAX_BOUND)
            return
        place = node.condition.span.end if isinstance(node, ast.While) else node.span.start + len(word)
        if isinstance(node, ast.While) and self.unit.source.text[node.condition.span.end :].lstrip()[:1] != ":":
            place = self.unit.source.text.find(":", place)
        fix = Fix("add `max 10`", (Edit(Span(place, place), " max 10"),), safe=False) if place >= 0 else None
        self.error(le.LoopWithoutBound, Span(node.span.start, node.span.start + len(word)), word=word, fix=fix)

    # --- bodies ---

    @contextmanager
    def frame(self, kind: str, collect: ast.Name | None = None) -> Iterator[Frame]:
        outer, self.yielded = self.yielded, 0
        frame = Frame(kind, collect.name if collect is not None else kind, collects=collect is not None)
        self.frames.append(frame)
        yield frame
        self.frames.pop()
        self.yielded = outer

    def _repeat(self, body: tuple[ast.Stmt, ...], check: Callable[[], Frame]) -> Frame:
        """Check a body that runs again: once more when a variable got a wider type, which its first lines then see."""
        for name in assigned_names(body):
            self.flow.forget(name)
        start, variables = self.flow.copy(), dict(self.scope.variables)
        generated, pending = len(self.program.generated), len(self.shared.pending)
        for _ in range(_MAX_ROUNDS):
            widened = self.scope.widened
            with self.held_reports() as held:
                frame = check()
            if self.scope.widened == widened:
                break
            self.flow, self.scope.variables = start.copy(), {**variables}
            del self.program.generated[generated:], self.shared.pending[pending:]
        for diagnostic in held:
            self.report(diagnostic)
        return frame

    def _for(self, node: ast.For) -> None:
        item = self.iterate(node.iterable)
        before = self.flow.copy()

        def check() -> Frame:
            variables = dict(self.scope.variables)
            with self.frame("for" if node.collect is None else "collecting for", node.collect) as frame:
                self._targets(node.targets, item, "loop variable")
                self.block(node.body)
                self._must_yield(node, frame)
            self._drop({t.name for t in node.targets} & (self.scope.variables.keys() - variables.keys()))
            self.scope.variables.update({t.name: variables[t.name] for t in node.targets if t.name in variables})
            return frame

        frame = self._repeat(node.body, check)
        self.flow = merge([before, self.flow, *frame.ends])
        self._end_targets(node.targets)
        self._collect(node.collect, frame)

    def _targets(self, targets: tuple[ast.Name, ...], item: Type, what: str) -> None:
        for target in targets:
            self.hides(target)
        self.bind_targets(targets, item, what)

    def _end_targets(self, targets: tuple[ast.Name, ...]) -> None:
        for target in targets:
            if target.name not in self.scope.variables:
                self.flow.assigned.discard(target.name)
                self.flow.forget(target.name)

    def _while(self, node: ast.While) -> None:
        self._loop_bound(node, "while")
        before = self.flow

        def check() -> Frame:
            nonlocal before
            self.boolean(node.condition, "a condition")
            before = self.flow.copy()
            with self.frame("while") as frame:
                self.assume(node.condition, truth=True)
                self.block(node.body)
            return frame

        frame = self._repeat(node.body, check)
        self.flow = merge([before, self.flow, *frame.ends])

    def _loop(self, node: ast.Loop) -> None:
        self._loop_bound(node, "loop")
        before = self.flow.copy()

        def check() -> Frame:
            with self.frame("loop") as frame:
                self.block(node.body)
            return frame

        frame = self._repeat(node.body, check)
        ends = [f for f in (self.flow, *frame.ends) if not f.left]
        # A bounded loop falls through when it is spent, whatever its body does.
        self.flow = merge(ends or [before])

    # --- forks ---

    def _fork(self, node: ast.Fork) -> None:
        item = self.iterate(node.iterable)
        with self.inner_scope(), self.frame("fork", node.collect) as frame:
            self._targets(node.targets, item, "branch variable")
            start = self.flow.copy()
            variables = dict(self.scope.variables)
            self.block(node.body)
            self._must_yield(node, frame)
            if node.handler is not None:
                self._drop(self.scope.variables.keys() - variables.keys())
                self.scope.variables, self.flow, self.yielded = variables, start, 0
                self.handler(node.handler)
                self._must_yield(node, frame)
        self._collect(node.collect, frame)

    def _must_yield(self, node: ast.For | ast.Fork, frame: Frame) -> None:
        if not self.flow.left and node.collect is not None and self.yielded in (0, None):
            kind = "fork" if frame.kind == "fork" else "for"
            self.error(le.YieldMissing, node.collect, name=node.collect.name, kind=kind)

    def _collect(self, collect: ast.Name | None, frame: Frame) -> None:
        if collect is not None:
            self.assign(collect, ListType(join(frame.types, self.table)))

    # --- encode ---

    def _encode(self, node: ast.Encode) -> None:
        self.context(node, "text")
        item = self.iterate(node.iterable)
        for option in node.options:
            if option.name.name != "stride":
                help_ = "the option is stride="
                self.error(pe.UnknownOption, option.name, name=option.name.name, owner="`encode`", help=help_)
            else:
                self.bound(option.value, MAX_STRIDE)
        with self.inner_scope(), self.frame("encode"):
            self._targets((node.target,), item, "document")
            text = tuple(s for s in node.body if isinstance(s, ast.Prompt | ast.Assign))
            for statement in node.body:
                if statement not in text:
                    self.error(le.EncodeOnlyText, _first_line(statement, self.unit.source.text))
            self.block(text)
            for call in (n for n in walk(text) if isinstance(n, ast.Call)):
                target = self.program.calls.get(call)
                if target is not None and target.kind in ("function", "tool", "session", "turn"):
                    self.error(le.EncodeOnlyText, call)

    # --- words ---

    def _yield(self, node: ast.Yield) -> None:
        frame = self.frames[-1] if self.frames else None
        found = self.expr(node.value)
        if frame is None or not frame.collects:
            outer = next((f for f in reversed(self.frames) if f.collects), None)
            label = (
                f"the innermost {frame.kind} collects nothing" if frame is not None else "no fork or for is open here"
            )
            hint = (
                f"yield at the end of the {_plain_kind(outer)}, outside of this {frame.kind}" if frame and outer else ""
            )
            self.error(le.YieldOutside, node, where=label, help=hint or "write `name = fork ...:` or `name = for ...:`")
            return
        if self.yielded != 0:
            related: tuple[Related, ...] = ()
            if self.yielded:
                start = self.unit.source.line_start(self.yielded)
                related = (Related(self.unit.source, self._yield_on(start), "the first one"),)
            self.error(le.YieldTwice, node, related=related)
        self.yielded = self.line_of(node)
        frame.types.append(found)

    def _yield_on(self, line_start: int) -> Span:
        place = self.unit.source.text.find("yield", line_start)
        return Span(place, place + len("yield"))

    def _jump(self, node: ast.Jump) -> None:
        if node.word == "pass":
            return
        frame = self.frames[-1] if self.frames else None
        if frame is None or frame.kind not in ("for", "while", "loop"):
            inside = frame is not None and frame.kind in ("fork", "collecting for")
            where = f"a {_plain_kind(frame)} gives one value for each item" if inside else "no loop is open here"
            help_ = "put `if` around what is to be skipped, and yield on every path" if inside else ""
            if inside and frame is not None and not frame.collects:
                where = "a branch of a fork cannot leave it"
                help_ = "put `if` around what is to be skipped"
            self.error(le.JumpOutside, node, word=node.word, where=where, help=help_ or "remove it, or use `if`")
        else:
            frame.ends.append(self.flow.copy())
        self.flow.left = node.word


def _plain_kind(frame: Frame | None) -> str:
    return frame.kind.removeprefix("collecting ") if frame is not None else ""


def _first_line(node: ast.Stmt, text: str) -> Span:
    """The part of a statement on its first line: a block is marked by its head."""
    end = text.find("\n", node.span.start, node.span.end)
    return Span(node.span.start, end) if end >= 0 else node.span
