"""What all parts of the checker share: the facts of one body, the findings, and what the parts ask of each other.

`Checker` names the entry points; each check_*.py implements some of them, and `Body` of check_body.py is all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from sglc.diagnostics import Diagnostic, Related
from sglc.frontend import ast
from sglc.frontend.builtins import is_bool, is_text, parts_of
from sglc.frontend.constants import NotConstantError, evaluate
from sglc.frontend.conversions import conversion
from sglc.frontend.declare import Declarer
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import types as te
from sglc.frontend.flow import Flow, Frame, Scope, path_of
from sglc.frontend.resolve import Symbol, Unit
from sglc.frontend.survey import Summary
from sglc.frontend.typed import Signature, TypedProgram
from sglc.ir.decode import ConformError, conform
from sglc.ir.relations import assignable, certain, may_be_none, members_of, without_none
from sglc.ir.types import (
    BOOL,
    ERROR,
    NONE,
    DictType,
    EnumType,
    Field,
    FloatType,
    IntType,
    JsonType,
    ListType,
    LiteralType,
    NamedType,
    RecordType,
    TupleType,
    Type,
    literal,
    show,
)  # fmt: skip
from sglc.ir.values import EvalError
from sglc.source import Span

Report = Callable[[Diagnostic], None]
CallSites = dict[str, list[tuple[str, Unit, ast.Node]]]
"""For each function, tool and template: who calls it, and where."""
NONE_HELP = "test it first: `if x != none:`"


class PendingRetry(msgspec.Struct, frozen=True, eq=False):
    """An `ensure ... retry` for the checks that need the whole program."""

    node: ast.Ensure
    unit: Unit
    function: str
    stretch: tuple[ast.Stmt, ...]
    tells: bool
    """Whether the function has roles, so that the model is told what was wrong."""


class Shared(msgspec.Struct, eq=False):
    """What the bodies of one program share."""

    program: TypedProgram
    declarer: Declarer
    summaries: dict[str, Summary]
    constant: Callable[[Symbol], tuple[Any, Type] | None]
    """Value and type of a top-level constant; None after a report."""
    complete: Callable[[str], None]
    """Makes sure that a record has the defaults of its fields."""
    report: Report
    defaults: dict[str, dict[str, Any]] = {}
    """Options of each model by its unique name, of the default model under ""."""
    sites: CallSites = {}
    pending: list[PendingRetry] = []


class Checker(ABC):
    """One body of one unit. Facts go into `program`, findings to `report`."""

    def __init__(self, shared: Shared, unit: Unit, name: str = "", kind: str = "constant", current: str = "") -> None:
        self.shared, self.unit, self.current = shared, unit, current
        self.program, self.report = shared.program, shared.report
        self.scope = Scope(name, kind)
        self.flow = Flow()
        self.frames: list[Frame] = []
        self.body: tuple[ast.Stmt, ...] = ()
        """All statements, of which those behind the one that is checked are still to come."""
        self.statement: ast.Expr | None = None
        """The call that stands as a statement, whose missing value nobody needs."""

    # --- what the parts implement ---

    @abstractmethod
    def expr(self, node: ast.Expr, expected: Type | None = None) -> Type:
        """The type of an expression. `expected` lets bare enum members and empty lists find their type."""

    @abstractmethod
    def call(self, node: ast.Call) -> Type:
        """The type of a call; what it runs is noted."""

    @abstractmethod
    def arguments(
        self, node: ast.Node, args: tuple[ast.Argument, ...], fields: tuple[Field, ...], name: str
    ) -> tuple[ast.Expr | str, ...]:
        """Arguments in the order of the fields, defaults filled in as JSON text; reports what does not fit."""

    @abstractmethod
    def assume(self, condition: ast.Expr, *, truth: bool) -> None:
        """Narrow what a condition says when it is true (or false)."""

    @abstractmethod
    def generate(self, node: ast.Gen | ast.Select | ast.ModelCall) -> None:
        """Check a generation and bind what it gives."""

    @abstractmethod
    def assign(self, name: ast.Name, type_: Type, what: str = "variable", value: ast.Expr | None = None) -> None:
        """Give a variable a value; `value` is the expression where it is the whole value."""

    @abstractmethod
    def block(self, statements: tuple[ast.Stmt, ...]) -> None:
        """Check statements in order."""

    @abstractmethod
    def bound(self, node: ast.Expr, limit: int, word: str) -> None:
        """Check the number that stands behind a word and must be known; its value is noted."""

    @abstractmethod
    def retry(self, block: tuple[ast.Stmt, ...], position: int, node: ast.Ensure) -> None:
        """Find where a retry starts."""

    # --- findings ---

    @property
    def table(self) -> dict[str, Any]:
        return self.program.table

    def found_none(self, node: ast.Expr, found: Type) -> Type:
        """Report a value that may be none, each name once: one test mends all its uses."""
        path = path_of(node)
        if path is not None:
            if f"{path}?" in self.flow.told:
                return ERROR
            self.flow.told.add(f"{path}?")
        is_none = found == NONE
        facts = {"is_": "is" if is_none else "may be", "type": f"`{show(found)}`", "help": self.none_help(node)}
        if is_none:
            facts["help"] = f"use `{self.written(node)}` on the path where it is not none"
        return self.error(te.MayBeNone, node, **facts)

    def none_help(self, node: ast.Expr) -> str:
        """How to test a value for none."""
        path = path_of(node)
        return f"test it first: `if {path} != none:`" if path else "assign it to a name, and test that: `if x != none:`"

    def error(self, kind: type[Diagnostic], node: ast.Node | Span, /, **facts: Any) -> Type:
        """Report a finding; gives the type of what could not be typed."""
        self.report(self.unit.finding(kind, node, **facts))
        return ERROR

    def written(self, node: ast.Node) -> str:
        """A node as the source has it, cut where it is long."""
        text = " ".join(self.unit.source.text[node.span.start : node.span.end].split())
        return text if len(text) <= 40 else f"{text[:37]}..."

    def line_of(self, node: ast.Node | Span) -> int:
        span = node if isinstance(node, Span) else node.span
        return self.unit.source.line_column(span.start)[0]

    @contextmanager
    def held_reports(self) -> Iterator[list[Diagnostic]]:
        """Findings go to the list instead."""
        outer, held = self.report, list[Diagnostic]()
        self.report = held.append
        try:
            yield held
        finally:
            self.report = outer

    @contextmanager
    def inner_scope(self, kind: str) -> Iterator[None]:
        """Names bound inside are gone afterwards."""
        variables, flow = dict(self.scope.variables), self.flow.copy()
        yield
        self._drop(self.scope.variables.keys() - variables.keys(), kind)
        flow.told |= self.flow.told
        self.scope.variables, self.flow = variables, flow

    def _drop(self, names: set[str], kind: str) -> None:
        for name in names:
            variable = self.scope.variables.pop(name)
            self.scope.gone[name] = (variable.what, variable.span, kind)

    def note_call(self, node: ast.Node, signature: Signature) -> None:
        """Remember who calls whom."""
        self.program.callees.setdefault(self.current, set()).add(signature.name)
        self.shared.sites.setdefault(signature.name, []).append((self.current, self.unit, node))

    # --- values that must be of a type ---

    def coerce(self, node: ast.Expr, expected: Type, where: str) -> Type:
        """Check an expression that must be of a type; what only run time can tell is noted for lowering."""
        found = self.expr(node, expected)
        if not assignable(found, expected, self.table):
            return self.mismatch(node, expected, found, where)
        return found if certain(found, expected, self.table) else self.settle(node, found, expected, where)

    def settle(self, node: ast.Expr, found: Type, expected: Type, where: str) -> Type:
        """Check a value now if it is constant, and leave it to run time otherwise."""
        problem = self._constant_problem(node, expected)
        if problem is not None:
            facts = {"expected": f"`{show(expected)}`", "found": f"`{self.written(node)}`", "where": where}
            return self.error(te.TypeMismatch, node, **facts)
        self.program.coercions[node] = expected
        return found

    def _constant_problem(self, node: ast.Expr, expected: Type) -> str | None:
        """Why a value that is known now is not of a type that its own type may stand for."""
        try:
            conform(evaluate(node, self.program), expected, self.table)
        except ConformError as error:
            return str(error)
        except (NotConstantError, EvalError):
            pass
        return None

    def mismatch(self, node: ast.Expr, expected: Type, found: Type, where: str) -> Type:
        """Report a value of another type, at the smallest part of it that does not fit."""
        for part, wanted, type_ in self._misfits(node, expected, found):
            is_known = isinstance(part, ast.Str) and self._literals(wanted)
            shown = self.written(part) if is_known else show(type_)
            facts = {"expected": f"`{show(wanted)}`", "found": f"`{shown}`", "where": where}
            self.error(te.TypeMismatch, part, **facts, help=conversion(self, part, wanted, type_))
        return ERROR

    def _misfits(self, node: ast.Expr, expected: Type, found: Type) -> list[tuple[ast.Expr, Type, Type]]:
        """The parts of a collection that keep it from being of a type; the node itself where it has no such parts."""
        parts: list[tuple[ast.Expr, Type]] = []
        match node, without_none(expected):
            case ast.ListExpr(items=items), ListType(item=item):
                parts = [(i, item) for i in items]
            case ast.TupleExpr(items=items), TupleType(items=wanted) if len(items) == len(wanted):
                parts = list(zip(items, wanted, strict=True))
            case ast.DictExpr(entries=entries), DictType(value=value):
                parts = [(v, value) for _, v in entries]
            case ast.Conditional(then=then, otherwise=otherwise), _:
                parts = [(then, expected), (otherwise, expected)]
            case ast.Comprehension(element=element), ListType(item=item):
                parts = [(element, item)]
        types = [(part, wanted, self.program.types[part]) for part, wanted in parts]
        wrong = [t for t in types if not assignable(t[2], t[1], self.table)]
        return [m for part, wanted, type_ in wrong for m in self._misfits(part, wanted, type_)] or [
            (node, expected, found)
        ]

    def _literals(self, type_: Type) -> bool:
        return any(isinstance(m, LiteralType) for m in members_of(type_))

    def boolean(self, node: ast.Expr, where: str) -> None:
        """Check a condition; a json value is checked at run time."""
        found = self.expr(node, BOOL)
        if is_bool(found):
            return
        if isinstance(found, JsonType):
            self.program.coercions[node] = BOOL
            return
        text = self.written(node)
        text = "..." if text.endswith("...") else text
        help_ = f"compare it: `{text} != none`" if may_be_none(found) else "compare it with something"
        declared = self.table.get(found.name) if isinstance(found, NamedType) else None
        if isinstance(declared, EnumType):
            help_ = f"compare it: `{text} == {declared.name}.{declared.names[0]}`"
        elif isinstance(declared, RecordType) and declared.fields:
            help_ = f"compare a field of it, such as `{text}.{declared.fields[0].name}`"
        elif is_text(found):
            help_ = f'compare it: `{text} != ""`'
        elif isinstance(found, ListType | DictType):
            help_ = f"compare its length: `len({text}) > 0`"
        elif isinstance(found, IntType | FloatType):
            help_ = f"compare it: `{text} != 0`"
        self.error(te.TypeMismatch, node, expected="`bool`", found=f"`{show(found)}`", where=where, help=help_)

    def literal_value(self, node: ast.Expr) -> tuple[Any] | None:
        """The value of a literal as a one-tuple; None for anything that is computed."""
        match node:
            case ast.Str() if node.constant is not None and node.prefix != "re":
                return (node.constant,)
            case ast.Number(value=value):
                return (value,)
            case ast.Constant(value=constant):
                return (constant,)
            case ast.Unary(op="-", operand=ast.Number(value=value)):
                return (-value,)
        return None

    def literal_type(self, value: object, plain_type: Type, expected: Type | None) -> Type:
        """A literal has its plain type, unless exactly this value is expected."""
        wanted = members_of(expected) if expected is not None else ()
        return literal(value) if literal(value) in wanted else plain_type

    # --- names that blocks bind ---

    def unpack(self, targets: tuple[ast.Name, ...], type_: Type, iterable: ast.Expr | None = None) -> list[Type]:
        """The type of each name in `a, b = value`, or in `for a, b in iterable`."""
        if len(targets) == 1:
            return [type_]
        parts = parts_of(type_, len(targets))
        if parts is not None:
            return parts
        span = targets[0].span.to(targets[-1].span)
        help_ = _unpack_help(type_, len(targets), self.written(iterable) if iterable is not None else "")
        self.error(te.BadUnpack, span, type=f"`{show(type_)}`", count=len(targets), help=help_)
        return [ERROR] * len(targets)

    def hides(self, name: ast.Name) -> bool:
        """Whether a name that a block binds is taken already; reports it."""
        known = self.scope.variables.get(name.name)
        if known is None or name.name == "_":
            return False
        related = (Related(self.unit.source, known.span, f"the {known.what}"),)
        self.error(ne.DuplicateName, name, name=name.name, related=related)
        return True


def _unpack_help(type_: Type, count: int, iterable: str) -> str:
    """What to write instead of taking a value apart; `iterable` is what a loop walks through."""
    match type_:
        case TupleType(items=items):
            return f"the tuple has {len(items)} items: write {len(items)} name{'s' if len(items) > 1 else ''}"
        case NamedType():
            return "read its fields with a dot"
        case _ if is_text(type_) and not iterable:
            return "take parts of a text by position, such as x[0] and x[1:], or .split() it"
        case _ if iterable and count == 2:
            return f"for the position, too, write enumerate({iterable})"
        case ListType():
            return "how long the list is, is not known here: read its items by position, such as xs[0]"
    return "use a tuple with as many items as there are names"
