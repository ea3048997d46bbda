"""Invariants of single nodes: operands, results, regions' parameters and attributes of each op (IR030-IR036)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sglc.ir import ops
from sglc.ir.graph import Node, walk
from sglc.ir.ops import Op, Part, Pattern
from sglc.ir.option_values import COMPUTABLE, OptionError, option_value
from sglc.ir.pattern import PatternError, parse_pattern
from sglc.ir.relations import members_of
from sglc.ir.text_forms import options_differ
from sglc.ir.types import (
    BOOL,
    CONTEXT,
    FLOAT,
    INT,
    JSON,
    NONE,
    STR,
    CallType,
    ContextType,
    JsonType,
    ListType,
    NamedType,
    NeverType,
    RecordType,
    SessionType,
    Type,
    TypeTable,
    show,
    union,
)
from sglc.ir.values import FUNCTIONS, takes_count
from sglc.ir.verify_rules import LISTS, VALUES, Broken, NodeRules, Program, check_literal

ROLES = ("", "system", "user", "assistant", "tool")
RANKINGS = ("likelihood", "greedy", "unconditional")
_COMPUTED_NUMBER = union(INT, FLOAT, NONE)
_COMPUTED_TEXTS = union(STR, ListType(STR), NONE)


def check_node(node: Node, operands: Sequence[Type], program: Program) -> None:
    """Raise Broken for the first invariant that the node itself breaks; `operands` are its operands' types."""
    rules = _Checker(node, operands, program)
    check: Callable[[_Checker, Any], None] | None = CHECKS.get(type(node.op))
    if check is not None:
        check(rules, node.op)


class _Checker(NodeRules):
    """A method for each op."""

    # --- values

    def const(self, op: ops.Const) -> None:
        self.takes()
        self.gives(self.result)
        check_literal(op.json, self.result, self.program.table, self.node)

    def undef(self, op: ops.Undef) -> None:
        self.takes()
        self.gives(self.result)

    def conform(self, op: ops.Conform) -> None:
        self.takes(VALUES)
        self.gives(VALUES)

    def apply(self, op: ops.Apply) -> None:
        self.takes(*[VALUES] * len(self.operands))
        self.gives(VALUES)
        self.exists(op.function in FUNCTIONS, "the function", op.function)
        if not takes_count(op.function, len(self.operands)):
            raise self.broken("IR030", f"`{op.function}` does not take {len(self.operands)} operands")

    def attr(self, op: ops.Attr) -> None:
        self.takes(VALUES)
        self.gives(VALUES)
        shown = show(self.operands[0])
        self.sensible(_may_have(self.operands[0], op.name, self.program.table), f"`{shown}` has no field `{op.name}`")

    def make_record(self, op: ops.MakeRecord) -> None:
        self.takes(*[VALUES] * len(op.fields))
        self.gives(self.result)
        declared = self.program.table.get(self.result.name) if isinstance(self.result, NamedType) else None
        if not isinstance(declared, RecordType):
            raise self.broken("IR031", f"`record` gives `{show(self.result)}`, which is not a record")
        self.sensible(len(set(op.fields)) == len(op.fields), "a field is given twice")
        for name, given in zip(op.fields, self.operands, strict=True):
            field = declared.field(name)
            if field is None:
                raise self.broken("IR033", f"`{declared.name}` has no field `{name}`")
            if not self.fits(given, field.type):
                raise self.broken("IR030", f"field `{name}` is `{show(given)}`, expected `{show(field.type)}`")
        missing = next((f.name for f in declared.fields if not f.optional and f.name not in op.fields), "")
        self.sensible(not missing, f"field `{missing}` is not given")
        in_order = [f.name for f in declared.fields if f.name in op.fields]
        self.sensible(in_order == list(op.fields), "the fields are in another order than declared")

    def format(self, op: ops.Format) -> None:
        self.takes(*[VALUES] * len(self.operands))
        self.gives(STR)
        self._parts(op.parts, len(self.operands))

    def _parts(self, parts: Sequence[Part], count: int) -> None:
        inserted = [p for p in parts if isinstance(p, int)]
        self.sensible(all(0 <= p < count for p in inserted), "a part inserts an operand that is not there")
        self.sensible(len(set(inserted)) == count, "an operand is not inserted anywhere")

    def count_tokens(self, op: ops.CountTokens) -> None:
        self.takes(STR)
        self.gives(INT)
        self.exists(op.model in self.program.models, "the model", op.model)

    # --- contexts and generations

    def new_context(self, op: ops.NewContext) -> None:
        self.takes()
        self.gives(CONTEXT)

    def append(self, op: ops.Append) -> None:
        self.takes(CONTEXT, *[VALUES] * (len(self.operands) - 1))
        self.gives(CONTEXT)
        self._parts(op.parts, len(self.operands) - 1)
        self.sensible(op.role in ROLES, f"`{op.role}` is not a role")

    def gen(self, op: ops.Gen) -> None:
        self.takes(CONTEXT, *[VALUES] * len(op.dynamic))
        extra: list[Type] = [*[STR] * op.reasoning, *[VALUES] * op.logprobs]
        self.gives(CONTEXT, op.type, *extra)
        self.sensible(bool(op.name), "it has no name")
        is_value = not isinstance(op.type, ContextType | SessionType | NeverType)
        self.sensible(is_value, f"no text is of type `{show(op.type)}`")
        self._options(op)
        self.exists(op.options.model in self.program.models, "the model", op.options.model)

    def _options(self, op: ops.Gen) -> None:
        self.sensible(options_differ(op), "an option comes twice")
        unknown = set(op.dynamic) - COMPUTABLE
        self.sensible(not unknown, f"options that cannot be computed: {', '.join(sorted(unknown))}")
        for name, given in zip(op.dynamic, self.operands[1:], strict=True):
            wanted = _COMPUTED_TEXTS if name == "stop" else _COMPUTED_NUMBER
            if not self.fits(given, wanted):
                raise self.broken("IR030", f"`{name}` is `{show(given)}`, expected `{show(wanted)}`")
        for name in COMPUTABLE:
            value = getattr(op.options, name)
            if value is not None and value != ():
                self._constant_option(name, value)
        if op.options.stop_re:
            try:
                parse_pattern(op.options.stop_re)
            except PatternError as error:
                raise self.broken("IR033", f"{self.shown}: `stop_re`: {error.message}") from None

    def _constant_option(self, name: str, value: Any) -> None:
        try:
            option_value(name, value)
        except OptionError as error:
            raise self.broken("IR033", f"{self.shown}: {error}") from None

    def select(self, op: ops.Select) -> None:
        self.takes(CONTEXT, ListType(STR))
        self.gives(CONTEXT, STR, *[ListType(FLOAT)] * op.scores)
        self.sensible(bool(op.name), "it has no name")
        self.sensible(op.by in RANKINGS, f"`{op.by}` is not one of {', '.join(RANKINGS)}")
        self.exists(op.model in self.program.models, "the model", op.model)

    def encode(self, op: ops.Encode) -> None:
        self.takes(CONTEXT, LISTS)
        self.gives(CONTEXT)
        self.holds(1)
        self.sensible(op.stride is None or op.stride > 0, "the stride is not positive")
        for inner in walk(self.node.regions[0]):
            if inner.op.effect in ("model", "tool", "call"):
                raise Broken("IR036", f"`{inner.op.mnemonic}` stands in a document of `encode`", inner)

    # --- calls

    def tool_call(self, op: ops.ToolCall) -> None:
        tool = self.program.tools.get(op.tool)
        self.exists(tool is not None, "the tool", op.tool)
        assert tool is not None
        self.takes(*(p.type for p in tool.params))
        self.gives(tool.result)

    def dispatch(self, op: ops.Dispatch) -> None:
        choice = CallType(())
        self.takes(choice)
        self.gives(choice)
        for name in op.tools:
            self.exists(name in self.program.tools, "the tool", name)
        if isinstance(self.operands[0], CallType):
            tools = [m.name for m in self.operands[0].members if m.result is not None]
            self.sensible(sorted(tools) == sorted(op.tools), "it does not run the tools of its operand")

    def call(self, op: ops.Call) -> None:
        self._function(op.function, "def")

    def use(self, op: ops.Use) -> None:
        self._function(op.template, "template")

    def _function(self, name: str, kind: str) -> None:
        function = self.program.functions.get(name)
        self.exists(function is not None and function.kind == kind, f"the {kind}", name)
        assert function is not None
        self.takes(*(p.type for p in function.params))
        self.gives(*function.results)

    def session_open(self, op: ops.SessionOpen) -> None:
        session = self.program.sessions.get(op.session)
        self.exists(session is not None, "the session", op.session)
        assert session is not None
        self.takes(*(f.type for f in session.fields))
        self.gives(SessionType(op.session))

    def session_turn(self, op: ops.SessionTurn) -> None:
        session = self.program.sessions.get(op.session)
        self.exists(session is not None, "the session", op.session)
        assert session is not None
        self.takes(SessionType(op.session), *(f.type for f in session.turn_fields))
        self.gives(session.result)

    # --- control

    def if_(self, op: ops.If) -> None:
        self.takes(BOOL)
        self.holds(2)

    def match(self, op: ops.Match) -> None:
        self.takes(VALUES)
        self.sensible(len(op.cases) > 0, "it has no case")
        self.holds(len(op.cases))
        for patterns in op.cases:
            self.sensible(len(patterns) > 0, "a case has no pattern")
            for pattern in patterns:
                self._pattern(pattern)

    def _pattern(self, pattern: Pattern) -> None:
        match pattern:
            case Pattern(kind="literal", json=text):
                check_literal(text, JSON, self.program.table, self.node)
            case Pattern(kind="type", type=None):
                raise self.broken("IR033", "a type pattern has no type")
            case Pattern(kind="type", type=type_) if type_ is not None:
                given = self.operands[0]
                self.sensible(self.program.agree(given, type_), f"no `{show(given)}` is `{show(type_)}`")
            case Pattern(kind="member", name=name):
                calls = [m for t in members_of(self.operands[0]) if isinstance(t, CallType) for m in t.members]
                self.sensible(any(m.name == name for m in calls), f"the value is never a call of `{name}`")

    def loop(self, op: ops.Loop) -> None:
        self.takes(*(r.type for r in self.node.results))
        self.holds(1, 2)
        self.sensible(op.max >= 0 and bool(op.name), "it needs a name, and a bound that is not negative")

    def for_(self, op: ops.For) -> None:
        count = len(self.node.results) - op.collect
        if count < 0:
            raise self.broken("IR031", "`for` collects, but has no result")
        self.takes(LISTS, *(r.type for r in self.node.results[:count]))
        if op.collect and not self.fits(LISTS, self.node.results[-1].type):
            raise self.broken("IR031", f"`for` collects into `{show(self.node.results[-1].type)}`")
        self.holds(1)
        self.sensible(bool(op.name), "it has no name")

    def map(self, op: ops.Map) -> None:
        self.takes(LISTS)
        self.gives(LISTS)
        self.holds(1, 2)
        self.sensible(bool(op.name), "it has no name")

    def filter(self, op: ops.Filter) -> None:
        self.takes(LISTS)
        self.gives(self.operands[0] if isinstance(self.operands[0], ListType) else LISTS)
        self.holds(1)

    def try_(self, op: ops.Try) -> None:
        self.takes()
        self.holds(2)

    def attempt(self, op: ops.Attempt) -> None:
        self.takes(CONTEXT)
        if not self.node.results or self.node.results[0].type != CONTEXT:
            raise self.broken("IR031", "the first result of `attempt` is its context")
        self.holds(1)
        self.sensible(op.retries >= 0, "retries must not be negative")

    def ensure(self, op: ops.Ensure) -> None:
        self.takes(BOOL, STR)
        self.gives()

    def expect(self, op: ops.Expect) -> None:
        self.takes(BOOL, *[VALUES] * len(op.shown))
        self.gives()

    def fail(self, op: ops.Fail) -> None:
        self.takes(STR)
        self.gives()

    def end(self, op: Op) -> None:
        self.gives()


CHECKS: dict[type[Op], Callable[[_Checker, Any], None]] = {
    ops.Const: _Checker.const,
    ops.Undef: _Checker.undef,
    ops.Conform: _Checker.conform,
    ops.Apply: _Checker.apply,
    ops.Attr: _Checker.attr,
    ops.MakeRecord: _Checker.make_record,
    ops.Format: _Checker.format,
    ops.CountTokens: _Checker.count_tokens,
    ops.NewContext: _Checker.new_context,
    ops.Append: _Checker.append,
    ops.Gen: _Checker.gen,
    ops.Select: _Checker.select,
    ops.Encode: _Checker.encode,
    ops.ToolCall: _Checker.tool_call,
    ops.Dispatch: _Checker.dispatch,
    ops.Call: _Checker.call,
    ops.Use: _Checker.use,
    ops.SessionOpen: _Checker.session_open,
    ops.SessionTurn: _Checker.session_turn,
    ops.If: _Checker.if_,
    ops.Match: _Checker.match,
    ops.Loop: _Checker.loop,
    ops.For: _Checker.for_,
    ops.Map: _Checker.map,
    ops.Filter: _Checker.filter,
    ops.Try: _Checker.try_,
    ops.Attempt: _Checker.attempt,
    ops.Ensure: _Checker.ensure,
    ops.Expect: _Checker.expect,
    ops.Fail: _Checker.fail,
    **dict.fromkeys((ops.Yield, ops.Continue, ops.Break, ops.Return, ops.Check), _Checker.end),
}


def _may_have(type_: Type, field: str, table: TypeTable) -> bool:
    """Whether some value of the type has a field; what was narrowed keeps its type."""
    return any(_has(member, field, table) for member in members_of(type_))


def _has(member: Type, field: str, table: TypeTable) -> bool:
    match member:
        case NamedType(name=name):
            declared = table.get(name)
            return isinstance(declared, RecordType) and declared.field(field) is not None
        case CallType(members=calls):
            fields: set[str] = {"name"}
            for call in calls:
                fields |= {"args", "result"} if call.result is not None else {f.name for f in call.args}
            return field in fields
    return isinstance(member, JsonType | NeverType)
