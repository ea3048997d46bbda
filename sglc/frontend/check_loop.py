"""Checks what runs a body more than once: for, while, loop, fork, encode; and the words that belong to them."""

from __future__ import annotations

import json
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
from sglc.frontend.yields import without_yield, yields
from sglc.ir.relations import join
from sglc.ir.types import ErrorType, IntType, ListType, Type, show
from sglc.ir.values import EvalError
from sglc.source import Span

MAX_BOUND = 10_000
MAX_STRIDE = 1_000_000
_MAX_ROUNDS = 8


class LoopChecker(StatementChecker):
    """Adds loops."""

    # --- bounds ---

    def bound(self, node: ast.Expr, limit: int, word: str) -> None:
        found = self.expr(node)
        try:
            value: Any = evaluate(node, self.program)
        except (NotConstantError, EvalError):
            value = None
        if type(value) is int and 1 <= value <= limit:
            self.program.constants[node] = value
        elif not isinstance(found, ErrorType):
            what = found_bound(value, found)
            help_ = "write a number, or the name of a constant"
            if value is None and word == "max":
                help_ = "write a number; to end earlier, `break` out of the loop"
            elif value == 0 and word == "retry":
                help_ = "leave `retry` out"
            self.error(le.BadBound, node, word=word, limit=limit, found=what, help=help_)

    def _loop_bound(self, node: ast.While | ast.Loop, word: str) -> None:
        if node.bound is not None:
            self.bound(node.bound, MAX_BOUND, "max")
            return
        place = node.condition.span.end if isinstance(node, ast.While) else node.span.start + len(word)
        if isinstance(node, ast.While) and self.unit.source.text[node.condition.span.end :].lstrip()[:1] != ":":
            place = self.unit.source.text.find(":", place)
        fix = Fix("add `max 10`", (Edit(Span(place, place), " max 10"),), safe=False) if place >= 0 else None
        better = "loop max 10:" if word == "loop" else "while ... max 10:"
        span = Span(node.span.start, node.span.start + len(word))
        self.error(le.LoopWithoutBound, span, word=word, better=better, fix=fix)

    # --- bodies ---

    @contextmanager
    def frame(self, kind: str, collect: ast.Name | None = None) -> Iterator[Frame]:
        outer, self.yielded = self.yielded, False
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
                self._targets(node.targets, item, "loop variable", node.iterable)
                self.block(node.body)
                self._must_yield(node, frame, node.body)
            self._drop({t.name for t in node.targets} & (self.scope.variables.keys() - variables.keys()), "for")
            self.scope.variables.update({t.name: variables[t.name] for t in node.targets if t.name in variables})
            return frame

        frame = self._repeat(node.body, check)
        self.flow = merge([before, self.flow, *frame.ends])
        self._end_targets(node.targets)
        self._collect(node.collect, frame)

    def _targets(self, targets: tuple[ast.Name, ...], item: Type, what: str, iterable: ast.Expr) -> None:
        for target in targets:
            self.hides(target)
        self.bind_targets(targets, item, what, iterable)

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
        with self.inner_scope("fork"), self.frame("fork", node.collect) as frame:
            self._targets(node.targets, item, "branch variable", node.iterable)
            start = self.flow.copy()
            variables = dict(self.scope.variables)
            self.block(node.body)
            self._must_yield(node, frame, node.body)
            if node.handler is not None:
                self._drop(self.scope.variables.keys() - variables.keys(), "fork")
                self.scope.variables, self.flow, self.yielded = variables, start, False
                self.handler(node.handler)
                self._must_yield(node, frame, node.handler.body)
        self._collect(node.collect, frame)

    def _must_yield(self, node: ast.For | ast.Fork, frame: Frame, body: tuple[ast.Stmt, ...]) -> None:
        if self.flow.left or node.collect is None or self.yielded or frame.misplaced or self.flow.doubtful:
            return
        kind = f"the `except` of this `{frame.plain}`" if body != node.body else f"this `{frame.plain}`"
        place = without_yield(body)
        problem, help_ = f"a path of {kind} does not yield", "end every path with `yield` or `fail`"
        if not yields(body):
            place, problem, help_ = None, f"{kind} does not yield", "end it with `yield` and the value"
        related: tuple[Related, ...] = ()
        if place is not None:
            label = "a path goes past this `if`" if isinstance(place, ast.If) else "no `yield` on this path"
            related = (Related(self.unit.source, first_line(place, self.unit.source.text), label),)
        facts = {"problem": problem, "name": node.collect.name, "help": help_, "related": related}
        self.error(le.YieldMissing, node.collect, **facts)

    def _collect(self, collect: ast.Name | None, frame: Frame) -> None:
        if collect is not None:
            self.assign(collect, ListType(join(frame.types, self.table)))

    # --- encode ---

    def _encode(self, node: ast.Encode) -> None:
        if not any(isinstance(s, ast.Role) for s in node.body):  # a role inside is reported as such
            self.context(node, "text")
        item = self.iterate(node.iterable)
        for option in node.options:
            if option.name.name != "stride":
                help_ = "the option is stride="
                self.error(pe.UnknownOption, option.name, name=option.name.name, owner="`encode`", help=help_)
            else:
                self.bound(option.value, MAX_STRIDE, "stride")
        with self.inner_scope("encode"), self.frame("encode"):
            self._targets((node.target,), item, "document", node.iterable)
            text = tuple(s for s in node.body if isinstance(s, ast.Prompt | ast.Assign))
            for statement in node.body:
                if statement not in text:
                    span = first_line(statement, self.unit.source.text)
                    self.error(le.EncodeOnlyText, span, help=_instead(statement))
            self.block(text)
            for call in (n for n in walk(text) if isinstance(n, ast.Call)):
                target = self.program.calls.get(call)
                if target is not None and target.kind in ("function", "tool", "session", "turn"):
                    help_ = "call it before, for all documents: `[... for d in documents]`"
                    self.error(le.EncodeOnlyText, call, help=help_)

    # --- words ---

    def _yield(self, node: ast.Yield) -> None:
        frame = self.frames[-1] if self.frames else None
        found = self.expr(node.value)
        if frame is None or not frame.collects:
            self._misplaced_yield(node, frame)
            return
        if self.yielded is not False:
            related = (Related(self.unit.source, frame.last, "the one before"),) if frame.last is not None else ()
            facts = {}
            if self.yielded is None:
                help_ = "put it under `else:`, so that every path yields once"
                facts = {"where": "some paths have yielded already", "help": help_}
            self.error(le.YieldTwice, node, related=related, **facts)
        self.yielded, frame.last = True, node.span
        frame.types.append(found)

    def _misplaced_yield(self, node: ast.Yield, frame: Frame | None) -> None:
        outer = next((f for f in reversed(self.frames) if f.collects), None)
        label, hint = "no `fork` or `for` is open here", "write `return`, or `name = for ...:` around it"
        if frame is not None:
            label = f"the innermost `{frame.plain}` collects nothing"
            hint = f"write `name = {frame.plain} ...:`"
            if outer is not None:
                outer.misplaced = True
                hint = f"yield at the end of the `{outer.plain}`, outside of this `{frame.plain}`"
            elif frame.kind in ("loop", "while"):
                hint = "add to a list: `values = values + [...]`"
        self.error(le.YieldOutside, node, where=label, help=hint)

    def _jump(self, node: ast.Jump) -> None:
        if node.word == "pass":
            return
        frame = self.frames[-1] if self.frames else None
        if frame is None or frame.kind not in ("for", "while", "loop"):
            problem, where, help_ = self._no_loop(node.word, frame)
            self.error(le.JumpOutside, node, word=node.word, problem=problem, where=where, help=help_)
        else:
            frame.ends.append(self.flow.copy())
        self.flow.left = node.word

    def _no_loop(self, word: str, frame: Frame | None) -> tuple[str, str, str]:
        if frame is None:
            help_ = "remove it" if self.scope.kind in ("test", "session") else "to end the function, write `return`"
            return "stands outside of loops", "no loop is open here", help_ if word == "break" else "remove it"
        if not frame.collects:
            return "stands in a `fork`", "branches run together", "put what is to be skipped under an `if`"
        where = f"`{frame.name}` gets a value from every item"
        if word == "break" and frame.kind != "fork":
            help_ = f"write a plain `for`, and `{frame.name} = {frame.name} + [...]` in it"
            return "stands in a `for` that collects", where, help_
        help_ = "leave items out before: `[x for x in xs if ...]`; or yield on every path"
        return f"stands in a `{frame.plain}` that collects", where, help_


def found_bound(value: object, type_: Type) -> str:
    """What is wrong with a bound, for the label of its finding."""
    if value is None:
        return "not known before it runs" if isinstance(type_, IntType) else f"`{show(type_)}` is no whole number"
    return f"this is {json.dumps(value, ensure_ascii=False)}"


def _instead(statement: ast.Stmt) -> str:
    """What to write in place of a statement in `encode`."""
    match statement:
        case ast.Role(role=role):
            return f"write `{role.name}:` around the `encode`"
        case ast.GenStmt():
            return "generate behind the `encode`"
        case ast.Use():
            return "use the template before the `encode`, or write its text here"
        case ast.Jump(word="pass") | ast.ExprStmt():
            return "remove it"
    return "make a list of the texts before, and encode that"


def first_line(node: ast.Stmt, text: str) -> Span:
    """The part of a statement on its first line: a block is marked by its head."""
    end = text.find("\n", node.span.start, node.span.end)
    return Span(node.span.start, end) if end >= 0 else node.span
