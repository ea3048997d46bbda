"""Checks statements: values, branches, ends. check_prompt.py has prompts, check_loop.py loops, check_match.py match."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sglc.diagnostics import Related
from sglc.frontend import ast
from sglc.frontend.builtins import is_text
from sglc.frontend.check_prompt import PromptChecker
from sglc.frontend.errors import control as fe
from sglc.frontend.errors import declared as de
from sglc.frontend.errors import loops as le
from sglc.frontend.errors import types as te
from sglc.frontend.flow import Flow, merge
from sglc.frontend.typed import Variable
from sglc.ir.relations import assignable, certain, join, plain
from sglc.ir.types import (
    ERROR,
    NEVER,
    NONE,
    STR,
    DictType,
    ErrorType,
    FloatType,
    IntType,
    JsonType,
    ListType,
    NamedType,
    TupleType,
    Type,
    TypeTable,
    UnionType,
    optional,
    show,
)  # fmt: skip
from sglc.source import Span

_DECLARED = ("parameter", "state")


class StatementChecker(PromptChecker):
    """Adds statements. `result` is the type that `return` gives."""

    result: Type | None = None
    yielded: bool | None = False
    """Whether this path has yielded; None where paths differ."""

    # --- blocks ---

    def block(self, statements: tuple[ast.Stmt, ...]) -> None:
        for position, statement in enumerate(statements):
            if self.flow.left:
                span = statement.span.to(statements[-1].span)
                self._unreachable(span, statements[position - 1])
                return
            self.statement_(statement)
            if isinstance(statement, ast.Ensure) and statement.retry is not None:
                self.retry(statements, position, statement)

    def _unreachable(self, span: Span, leaving: ast.Stmt) -> None:
        facts = {"word": f"`{self.flow.left}`"}
        if not isinstance(leaving, ast.Return | ast.Fail | ast.Jump):
            facts = {
                "word": f"the `{type(leaving).__name__.lower()}` above",
                "leaves": "leaves the block on every path",
            }
        self.error(fe.UnreachableCode, span, **facts)

    def statement_(self, node: ast.Stmt) -> None:
        method: Callable[[ast.Stmt], None] = getattr(self, "_" + type(node).__name__.lower())
        method(node)

    @contextmanager
    def arms(self) -> Iterator[Callable[[Flow, Callable[[], None]], None]]:
        """Alternatives: gives a function that checks one arm from a flow. Afterwards holds what all of them agree on."""
        ends: list[Flow] = []
        yields: list[bool | None] = []
        before = self.yielded

        def arm(start: Flow, check: Callable[[], None]) -> None:
            self.flow, self.yielded = start.copy(), before
            check()
            ends.append(self.flow)
            if not self.flow.left:
                yields.append(self.yielded)

        yield arm
        self.flow = merge(ends)
        self.yielded = (yields[0] if len(set(yields)) == 1 else None) if yields else before

    # --- variables ---

    def assign(self, name: ast.Name, type_: Type, what: str = "variable", value: ast.Expr | None = None) -> None:
        if name.name == "_":
            return
        variable = self.scope.variables.get(name.name)
        self.flow.forget(name.name)
        if variable is None:
            variable = self.scope.variables[name.name] = Variable(type_, name.span, what)
            self.scope.gone.pop(name.name, None)
        else:
            self._rebind(name, variable, type_, value)
            if isinstance(variable.type, UnionType) and certain(type_, variable.type, self.table):
                self.flow.narrowed[name.name] = type_
        self.program.variables[name] = variable
        self.flow.assigned.add(name.name)

    def _rebind(self, name: ast.Name, variable: Variable, type_: Type, value: ast.Expr | None) -> None:
        """A variable keeps the kind of its first value; refinements, `none` and `[]` are widened."""
        known = variable.type
        if isinstance(type_, ErrorType) or certain(type_, known, self.table):
            return
        wider = None if variable.what in _DECLARED else _widened(known, type_, self.table)
        if wider is not None:
            variable.type = wider
            self.scope.widened += 1
        elif assignable(type_, known, self.table) and value is not None:
            self.settle(value, type_, known, f"new value of `{name.name}`")
        elif not assignable(type_, known, self.table):
            help_ = (
                "write the first value as a float (0.0, say), or divide with `//`"
                if _int_then_float(known, type_)
                else ""
            )
            facts = {"was": f"`{show(known)}`", "now": f"`{show(type_)}`", "help": help_ or "use another name"}
            related = (Related(self.unit.source, variable.span, f"`{show(known)}` here"),)
            self.error(te.RebindType, name, name=name.name, related=related, **facts)
            self.flow.narrowed[name.name] = ERROR  # either type may be meant behind this

    def _assign(self, node: ast.Assign) -> None:
        single = len(node.targets) == 1
        known = self.scope.variables.get(node.targets[0].name) if single else None
        found = self.expr(node.value, known.type if known is not None else None)
        for name, part in zip(node.targets, self.unpack(node.targets, found), strict=True):
            self.assign(name, part, value=node.value if single else None)

    # --- calls ---

    def _exprstmt(self, node: ast.ExprStmt) -> None:
        self.statement = node.value
        self.expr(node.value)
        self.statement = None

    # --- branches ---

    def _if(self, node: ast.If) -> None:
        rest = self.flow.copy()
        with self.arms() as arm:
            for branch in node.branches:
                self.flow = rest.copy()
                if branch.condition is None:
                    arm(rest, lambda b=branch: self.block(b.body))  # type: ignore[misc]
                    break
                self.boolean(branch.condition, "a condition")
                rest = self.flow.copy()
                self.assume(branch.condition, truth=True)
                start = self.flow
                arm(start, lambda b=branch: self.block(b.body))  # type: ignore[misc]
                self.flow = rest.copy()
                self.assume(branch.condition, truth=False)
                rest = self.flow
            else:
                arm(rest, lambda: None)

    def _try(self, node: ast.Try) -> None:
        start = self.flow.copy()
        with self.arms() as arm:
            arm(start, lambda: self.block(node.body))
            arm(start, lambda: self.handler(node.handler))

    def handler(self, node: ast.Handler) -> None:
        """The body of `except name:`; the name lives in it only."""
        if node.name is None:
            self.block(node.body)
            return
        name = node.name.name
        hidden = self.scope.variables.get(name) if self.hides(node.name) else None
        type_: Type = NamedType("error") if hidden is None else ERROR  # either of the two may be meant in the body
        variable = Variable(type_, node.name.span, "error")
        self.scope.variables[name] = self.program.variables[node.name] = variable
        self.flow.assigned.add(name)
        self.flow.forget(name)
        self.block(node.body)
        self.flow.forget(name)
        if hidden is not None:
            self.scope.variables[name] = hidden
            return
        self.flow.assigned.discard(name)
        self._drop({name}, "except")

    # --- ends ---

    def _return(self, node: ast.Return) -> None:
        barrier = next((f for f in reversed(self.frames) if f.kind in ("fork", "collecting for", "encode")), None)
        if barrier is not None:
            word = barrier.kind.removeprefix("collecting ")
            help_ = f"write `yield` here, and `return` behind the `{word}`"
            if not barrier.collects:
                help_ = f"collect values: `name = {word} ...:` with `yield`; and return behind it"
            self.error(
                le.ReturnInside,
                node,
                where=f"a `{word}` that collects" if barrier.collects else f"a `{word}`",
                help=help_,
            )
        elif self.scope.kind in ("test", "session"):
            where = "a test" if self.scope.kind == "test" else "the set-up of a session"
            help_ = "remove it" if self.scope.kind == "test" else "return from the turn"
            self.error(fe.Misplaced, node, word="return", where=f"{where} gives no value", help=help_)
        self._returned(node, is_end=barrier is None and self.scope.kind in ("def", "template", "turn"))
        self.flow.left = "return"

    def _returned(self, node: ast.Return, *, is_end: bool) -> None:
        if not is_end:
            if node.value is not None:
                self.expr(node.value)
        elif node.value is not None and self.result is not None:
            self.coerce(node.value, self.result, f"result of `{self.scope.name}`")
        elif node.value is not None:
            found = self.expr(node.value)
            if isinstance(found, ErrorType):
                return
            problem = f"`{self.scope.name}` has no result type but returns a value"
            help_ = "write `return` alone" if found == NONE else f"write `-> {show(plain(found))}` before the colon"
            self.error(de.ReturnValue, node.value, problem=problem, help=help_)
        elif self.result is not None:
            problem = f"`{self.scope.name}` returns `{show(self.result)}`, and here is no value"
            self.error(de.ReturnValue, node, problem=problem, help="return a value")

    def _fail(self, node: ast.Fail) -> None:
        found = self.expr(node.message)
        if not is_text(found):
            self.coerce(node.message, STR, "the reason of `fail`")
        self.flow.left = "fail"

    def _ensure(self, node: ast.Ensure) -> None:
        self.boolean(node.condition, "the condition of `ensure`")
        if node.reason is not None:
            self.coerce(node.reason, STR, "the reason of `ensure`")
        if node.retry is not None:
            self.bound(node.retry, 100, "retry")
        self.assume(node.condition, truth=True)

    def _expect(self, node: ast.Expect) -> None:
        if self.scope.kind != "test":
            help_ = "in a function, `ensure` checks a condition"
            self.error(fe.Misplaced, node, word="expect", where="only tests expect", help=help_)
        self.boolean(node.condition, "the condition of `expect`")
        self.assume(node.condition, truth=True)


def _widened(known: Type, new: Type, table: TypeTable) -> Type | None:
    """The type of a variable that held `known` and gets `new`; None where they do not go together."""
    if isinstance(known, ErrorType):
        return new
    if isinstance(new, JsonType) or isinstance(known, JsonType):
        return None
    if known == NONE:
        return optional(plain(new))
    if _has_never(known) and certain(known, plain(new), table):
        return plain(new)
    if isinstance(known, UnionType) and NONE in known.members:
        # Only `none` made it a union: what else it holds may still widen.
        rest = [m for m in known.members if m != NONE]
        wider = _widened(rest[0], new, table) if len(rest) == 1 else None
        return optional(wider) if wider is not None else None
    return join([known, new], table) if plain(known) == plain(new) else None


def _has_never(type_: Type) -> bool:
    match type_:
        case ListType(item=inner) | DictType(value=inner):
            return inner == NEVER or _has_never(inner)
        case TupleType(items=items):
            return any(_has_never(i) for i in items)
    return False


def _int_then_float(known: Type, new: Type) -> bool:
    return isinstance(plain(known), IntType) and isinstance(plain(new), FloatType)
