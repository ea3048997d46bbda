"""Checks statements: prompts and roles, values, branches, ends. Loops are in check_loop.py, match in check_match.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sglc.diagnostics import Related, nearest
from sglc.frontend import ast
from sglc.frontend.builtins import is_text
from sglc.frontend.check_expr import ExprChecker
from sglc.frontend.errors import control as fe
from sglc.frontend.errors import declared as de
from sglc.frontend.errors import loops as le
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import types as te
from sglc.frontend.flow import Flow, merge
from sglc.frontend.resolve import KIND_NAMES
from sglc.frontend.survey import walk
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

_GENERATIONS = (ast.Gen, ast.Select, ast.ModelCall)
_DECLARED = ("parameter", "state")


class StatementChecker(ExprChecker):
    """Adds statements. `result` is the type that `return` gives; `role` the role statement around."""

    result: Type | None = None
    has_roles: bool = False
    role: str | None = None
    yielded: int | None = 0
    """Line of the yield on this path, 0 for none, None where paths differ."""

    # --- blocks ---

    def block(self, statements: tuple[ast.Stmt, ...]) -> None:
        for position, statement in enumerate(statements):
            if self.flow.left:
                span = statement.span.to(statements[-1].span)
                self.error(fe.UnreachableCode, span, word=_LEAVERS.get(self.flow.left, f"`{self.flow.left}`"))
                return
            self.statement_(statement)
            if isinstance(statement, ast.Ensure) and statement.retry is not None:
                self.retry(statements, position, statement)

    def statement_(self, node: ast.Stmt) -> None:
        method: Callable[[ast.Stmt], None] = getattr(self, "_" + type(node).__name__.lower())
        method(node)

    @contextmanager
    def arms(self) -> Iterator[Callable[[Flow, Callable[[], None]], None]]:
        """Alternatives: gives a function that checks one arm from a flow. Afterwards holds what all of them agree on."""
        ends: list[Flow] = []
        yields: list[int | None] = []
        before = self.yielded

        def arm(start: Flow, check: Callable[[], None]) -> None:
            self.flow, self.yielded = start.copy(), before
            check()
            ends.append(self.flow)
            if not self.flow.left:
                yields.append(self.yielded)

        yield arm
        self.flow = merge(ends)
        same = bool(yields) and None not in yields and len({y == 0 for y in yields}) == 1
        self.yielded = yields[0] if same else before if not yields else None

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
            self.program.coercions[value] = known
        elif not assignable(type_, known, self.table):
            help_ = "write the first value as a float: 0.0, say" if _int_then_float(known, type_) else ""
            facts = {"was": f"`{show(known)}`", "now": f"`{show(type_)}`", "help": help_ or "use another name"}
            related = (Related(self.unit.source, variable.span, f"`{show(known)}` here"),)
            self.error(te.RebindType, name, name=name.name, related=related, **facts)

    def _assign(self, node: ast.Assign) -> None:
        single = len(node.targets) == 1
        known = self.scope.variables.get(node.targets[0].name) if single else None
        found = self.expr(node.value, known.type if known is not None else None)
        for name, part in zip(node.targets, self.unpack(node.targets, found), strict=True):
            self.assign(name, part, value=node.value if single else None)

    # --- prompts ---

    def context(self, node: ast.Node, what: str) -> bool:
        """Whether text can be appended here; reports otherwise."""
        if self.scope.kind == "test":
            help_ = "call a function that has the prompt"
            self.error(pe.PromptNotAllowed, node, where="a test", help=help_)
            return False
        if self.has_roles and self.role is None and what == "text":
            first = self.shared.summaries[self.current].role if self.current in self.shared.summaries else None
            related = (Related(self.unit.source, first.span, "a role here"),) if first is not None else ()
            self.error(pe.TextOutsideRole, node, name=self.scope.name, related=related)
            return False
        return True

    def _prompt(self, node: ast.Prompt) -> None:
        if not any(f.kind == "encode" for f in self.frames):  # where `encode` may stand is checked there
            self.context(node, "text")
        self.prompt_string(node.text)

    def prompt_string(self, node: ast.Str) -> None:
        """A string that is appended: its holes run from left to right."""
        holes = [p for p in node.parts if isinstance(p, ast.Hole)]
        generations = [h.content for h in holes if isinstance(h.content, _GENERATIONS)]
        sampled = self._sampled(generations)
        later = {g.name.name: g for g in generations}
        for hole in holes:
            content = hole.content
            if isinstance(content, _GENERATIONS):
                later.pop(content.name.name, None)
                self.generation(content)
                continue
            names = [n for n in walk(content) if isinstance(n, ast.Name)]
            early = next((n for n in names if n.name in later and n.name not in self.flow.assigned), None)
            single = next((n for n in names if sampled is not None and n.name == sampled.name.name), None)
            if early is not None:
                related = (Related(self.unit.source, later[early.name].name.span, "generated here"),)
                self.error(pe.UsedBeforeGenerated, early, name=early.name, related=related)
            elif single is not None and single.name not in later:
                problem = f"`{single.name}` is a list of samples, which exists behind this string only"
                self.error(pe.SampledString, single, problem=problem, help="use it in a later statement")
            else:
                self.insertable(content)

    def _sampled(self, generations: list[ast.Gen | ast.Select | ast.ModelCall]) -> ast.Gen | None:
        """The generation with `n` of a string, which must be the only one: the other values would be lost."""
        found = next((g for g in generations if isinstance(g, ast.Gen) and _has_samples(g)), None)
        for other in generations if found is not None else ():
            if found is not None and other is not found:
                problem = f"`{other.name.name}` is generated once for each sample of `{found.name.name}`, and then lost"
                related = (Related(self.unit.source, found.name.span, "with `n` here"),)
                help_ = "write a `fork` and yield both, or generate it in a string of its own"
                self.error(pe.SampledString, other.name, problem=problem, help=help_, related=related)
        return found

    def _insert(self, node: ast.Insert) -> None:
        if self.context(node, "text"):
            self.insertable(node.value)
        else:
            self.expr(node.value)

    def _role(self, node: ast.Role) -> None:
        if self.role is not None:
            self.error(pe.NestedRole, node.role, outer=self.role)
        outer, self.role = self.role, self.role or node.role.name
        self.block(node.body)
        self.role = outer

    def _genstmt(self, node: ast.GenStmt) -> None:
        self.context(node, "generation")
        self.generation(node.content)

    def generation(self, node: ast.Gen | ast.Select | ast.ModelCall) -> None:
        """A generation in the context of this function."""
        if any(f.kind == "encode" for f in self.frames):
            self.error(le.EncodeOnlyText, node)
        self.program.roles[node] = self.role
        self.generate(node)

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
            self.error(pe.NestedRole, node.template, outer=self.role)
        elif self.scope.kind == "test" or (signature.has_text and not signature.has_roles):
            self.context(node, "text")
        if not node.targets:
            return
        if signature.result is None:
            self.error(te.NoValue, node.template, function=symbol.name)
        found: Type = signature.result if signature.result is not None else ERROR
        for name, part in zip(node.targets, self.unpack(node.targets, found), strict=True):
            self.assign(name, part)

    def _not_a_template(self, node: ast.Use) -> None:
        for arg in node.args:
            self.expr(arg.value)
        for target in node.targets:
            self.assign(target, ERROR)
        name = node.template.name
        symbol = self.unit.names.get(name)
        if symbol is None:
            near = nearest(name, [n for n, s in self.unit.names.items() if s.kind == "template"])
            help_ = f"use `{near}`" if near else f"declare it: template {name}(...): ..."
            self.error(ne.UnknownName, node.template, name=name, where="the templates of this file", help=help_)
        elif symbol.kind in KIND_NAMES and symbol.kind != "template":
            call = f"call it: {'name = ' if node.targets else ''}{name}(...)"
            facts = {"kind": KIND_NAMES[symbol.kind], "help": call if symbol.kind in ("function", "tool") else ""}
            self.error(ne.WrongKind, node.template, name=name, expected="a template", **facts)

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
        if node.name is None or self.hides(node.name):
            self.block(node.body)
            return
        name = node.name.name
        variable = Variable(NamedType("error"), node.name.span, "error")
        self.scope.variables[name] = self.program.variables[node.name] = variable
        self.flow.assigned.add(name)
        self.block(node.body)
        self.flow.assigned.discard(name)
        self.flow.forget(name)
        self._drop({name})

    # --- ends ---

    def _return(self, node: ast.Return) -> None:
        barrier = next((f for f in reversed(self.frames) if f.kind in ("fork", "collecting for", "encode")), None)
        if barrier is not None:
            where = {"fork": "a fork", "encode": "`encode`"}.get(barrier.kind, "a collecting `for`")
            self.error(le.ReturnInside, node, where=where)
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
            problem = f"`{self.scope.name}` has no result type but returns a value"
            known = "T" if isinstance(found, ErrorType) else show(plain(found))
            self.error(de.ReturnValue, node.value, problem=problem, help=f"write `-> {known}` before the colon")
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
            self.bound(node.retry, limit=100)
        self.assume(node.condition, truth=True)

    def _expect(self, node: ast.Expect) -> None:
        if self.scope.kind != "test":
            help_ = "in a function, `ensure` checks a condition"
            self.error(fe.Misplaced, node, word="expect", where="only tests expect", help=help_)
        self.boolean(node.condition, "the condition of `expect`")
        self.assume(node.condition, truth=True)


_LEAVERS = {"end": "a statement"}


def _has_samples(node: ast.Gen) -> bool:
    return any(
        o.name.name == "n" and not (isinstance(o.value, ast.Number) and o.value.value == 1) for o in node.options
    )


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
