"""The operations of the IR: one frozen Struct each, attributes only. Operands, results and regions are on the Node.

A prompt context is an SSA value: `append` and `gen` take one and give a new one, so a fork is two users of one context
and a rollback is a use of an earlier one. Operand and result layout stands in each docstring as `operands -> results`.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import msgspec

from sglc.ir.types import Type

Effect = Literal["pure", "context", "model", "tool", "call", "control", "end"]
"""pure: value from values. context: prompt text only. model: asks the engine. tool: reaches outside. call: what the
callee does. control: what its regions do. end: ends a region."""

Part: TypeAlias = str | int
"""A piece of text: constant, or the index of the operand that is inserted (behind the context, counted from 0)."""


class Op(msgspec.Struct, frozen=True, tag_field="op"):
    """Base of all operations."""

    effect: ClassVar[Effect] = "pure"
    terminator: ClassVar[bool] = False

    @property
    def mnemonic(self) -> str:
        return str(self.__struct_config__.tag)


# --- values ----------------------------------------------------------------------------------------------------------


class Const(Op, frozen=True, tag="const"):
    """-> value. `json` is compact JSON text, read as the result's type."""

    json: str


class Undef(Op, frozen=True, tag="undef"):
    """-> value. Stands for a variable that has no value yet where a loop carries it; never read on any path."""


class Apply(Op, frozen=True, tag="apply"):
    """args -> value. A pure function of ir/values.py by name: operators, methods (`str.upper`), builtins."""

    function: str


class Attr(Op, frozen=True, tag="attr"):
    """record -> value"""

    name: str


class MakeRecord(Op, frozen=True, tag="record"):
    """one value a field -> record"""

    fields: tuple[str, ...]


class Conform(Op, frozen=True, tag="conform"):
    """value -> value. Checks and converts to the result's type where only run time can tell (refinements, json); fails
    with a "value" failure otherwise. `what` is the source text of the value, for the message."""

    what: str = ""


class Format(Op, frozen=True, tag="format"):
    """values -> str"""

    parts: tuple[Part, ...]


class CountTokens(Op, frozen=True, tag="tokens"):
    """str -> int, in the tokenizer of `model` ("" is the default model)"""

    effect: ClassVar[Effect] = "model"
    model: str = ""


# --- contexts --------------------------------------------------------------------------------------------------------


class NewContext(Op, frozen=True, tag="context"):
    """-> ctx"""

    effect: ClassVar[Effect] = "context"


class Append(Op, frozen=True, tag="append"):
    """ctx, values -> ctx. With `role`, a role statement begins: a message of that role is opened, or the open one of
    the same role goes on after one newline. Without it the text continues what is open."""

    effect: ClassVar[Effect] = "context"
    parts: tuple[Part, ...] = ()
    role: str = ""


class GenOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """Constant options of a generation; None means the model's default. See docs/language.md for each."""

    max_tokens: int | None = None
    min_tokens: int = 0
    stop: tuple[str, ...] = ()
    stop_re: str = ""
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    repetition_penalty: float | None = None
    logit_bias: tuple[tuple[str, float], ...] = ()
    seed: int | None = None
    ignore_eos: bool = False
    stream: bool = True
    top_logprobs: int = 0
    model: str = ""


class Gen(Op, frozen=True, tag="gen"):
    """ctx, dynamic options -> ctx, value [, reasoning] [, logprobs]

    `type` is the grammar of the value (a CallType for `call`: the value is the choice, not yet run). `dynamic` names
    the options that come as operands, in order. `follow` is constant text that comes next, where known. `site`: see
    `site_of`.
    """

    effect: ClassVar[Effect] = "model"
    name: str
    type: Type
    options: GenOptions = GenOptions()
    dynamic: tuple[str, ...] = ()
    reasoning: bool = False
    logprobs: bool = False
    follow: str = ""
    site: str = ""


class Select(Op, frozen=True, tag="select"):
    """ctx, list[str] -> ctx, str [, scores]"""

    effect: ClassVar[Effect] = "model"
    name: str
    by: str = "likelihood"
    scores: bool = False
    model: str = ""
    site: str = ""


class Encode(Op, frozen=True, tag="encode"):
    """ctx, list -> ctx; region (item): yields the text of one document. Documents do not see each other."""

    effect: ClassVar[Effect] = "context"
    stride: int | None = None


# --- calls -----------------------------------------------------------------------------------------------------------


class ToolCall(Op, frozen=True, tag="tool"):
    """args, one for each parameter -> value"""

    effect: ClassVar[Effect] = "tool"
    tool: str


class Dispatch(Op, frozen=True, tag="dispatch"):
    """choice -> step. Runs the tool that a CallType value names and puts its `result` in; an inline record stays."""

    effect: ClassVar[Effect] = "tool"
    tools: tuple[str, ...]


class Call(Op, frozen=True, tag="call"):
    """args -> value. A `def`, with a context of its own."""

    effect: ClassVar[Effect] = "call"
    function: str
    site: str = ""


class Use(Op, frozen=True, tag="use"):
    """ctx, args -> ctx [, value]. A template; the inline pass puts its body here."""

    effect: ClassVar[Effect] = "call"
    template: str
    site: str = ""


class SessionOpen(Op, frozen=True, tag="open"):
    """args -> session"""

    effect: ClassVar[Effect] = "call"
    session: str


class SessionTurn(Op, frozen=True, tag="turn"):
    """session, args -> value. Changes the session, so turns keep program order."""

    effect: ClassVar[Effect] = "call"
    session: str


# --- control ---------------------------------------------------------------------------------------------------------


class If(Op, frozen=True, tag="if"):
    """bool -> results; regions: then, else. A region ends in `yield` of the results, or leaves."""

    effect: ClassVar[Effect] = "control"


class Pattern(msgspec.Struct, frozen=True):
    """What a case takes: "literal" (equals `json`), "type" (conforms to `type`), "member" (`name` of a call), "any"."""

    kind: Literal["literal", "type", "member", "any"]
    json: str = ""
    type: Type | None = None
    name: str = ""


class Match(Op, frozen=True, tag="match"):
    """value -> results; one region a case, the first case with a pattern that takes the value."""

    effect: ClassVar[Effect] = "control"
    cases: tuple[tuple[Pattern, ...], ...]


class Loop(Op, frozen=True, tag="loop"):
    """carried -> carried; regions: condition (carried -> yields bool; absent for `loop`), body (carried).

    The body ends in `continue` (next iteration) or `break`, both with the carried values. Ends after `max` iterations.
    """

    effect: ClassVar[Effect] = "control"
    max: int
    name: str = "loop"
    site: str = ""


class For(Op, frozen=True, tag="for"):
    """list, carried -> carried [, collected]; region (item, carried).

    The body ends in `continue` carried [, collected value] or `break` carried (not when it collects). Iterations run in
    order of their contexts.
    """

    effect: ClassVar[Effect] = "control"
    collect: bool = False
    name: str = "for"
    site: str = ""


class Map(Op, frozen=True, tag="map"):
    """list -> list; regions: branch (item) that yields its value, and optionally handler (item, error) that yields instead.

    Branches are independent and see the values around, contexts too. `ordered` ones run one after another (effects).
    """

    effect: ClassVar[Effect] = "control"
    name: str = "fork"
    ordered: bool = False
    site: str = ""


class Filter(Op, frozen=True, tag="filter"):
    """list -> list; region (item) that yields a bool"""

    effect: ClassVar[Effect] = "control"
    site: str = ""


class Try(Op, frozen=True, tag="try"):
    """-> results; regions: body, handler (error). The handler starts from what was before."""

    effect: ClassVar[Effect] = "control"


class Attempt(Op, frozen=True, tag="attempt"):
    """ctx -> ctx, results; region (ctx) that ends in `check`. `ensure ... retry n`: when the check fails, the region
    runs again, at most `retries` times; with `tells` its context then holds the failed stretch and `user: why`."""

    effect: ClassVar[Effect] = "control"
    retries: int
    tells: bool = True


class Ensure(Op, frozen=True, tag="ensure"):
    """bool, str ->. Fails with the text."""

    effect: ClassVar[Effect] = "control"


class Expect(Op, frozen=True, tag="expect"):
    """bool, shown values ->. Records a test's outcome; `text` is the condition as written, `shown` what the values are
    called."""

    effect: ClassVar[Effect] = "control"
    text: str
    shown: tuple[str, ...] = ()


# --- ends of regions -------------------------------------------------------------------------------------------------


class Yield(Op, frozen=True, tag="yield"):
    """results ->"""

    effect: ClassVar[Effect] = "end"
    terminator: ClassVar[bool] = True


class Continue(Op, frozen=True, tag="continue"):
    """carried [, collected value] ->"""

    effect: ClassVar[Effect] = "end"
    terminator: ClassVar[bool] = True


class Break(Op, frozen=True, tag="break"):
    """carried ->"""

    effect: ClassVar[Effect] = "end"
    terminator: ClassVar[bool] = True


class Return(Op, frozen=True, tag="return"):
    """the function's results ->. Leaves the function from any depth, but not out of `map`, `filter`, `encode` or a
    collecting `for`."""

    effect: ClassVar[Effect] = "end"
    terminator: ClassVar[bool] = True


class Fail(Op, frozen=True, tag="fail"):
    """str ->. Fails the function with the text."""

    effect: ClassVar[Effect] = "end"
    terminator: ClassVar[bool] = True


class Check(Op, frozen=True, tag="check"):
    """bool, str, ctx, results ->. Ends an attempt."""

    effect: ClassVar[Effect] = "end"
    terminator: ClassVar[bool] = True


OPS: tuple[type[Op], ...] = (
    Const, Undef, Apply, Attr, MakeRecord, Conform, Format, CountTokens, NewContext, Append, Gen, Select, Encode,
    ToolCall, Dispatch, Call, Use, SessionOpen, SessionTurn, If, Match, Loop, For, Map, Filter, Try, Attempt, Ensure,
    Expect, Yield, Continue, Break, Return, Fail, Check,
)  # fmt: skip


def site_of(op: Op) -> str:
    """What sets a generation, a call or a loop apart from its namesakes around, "" for other ops.

    Seeds derive from the sites on the way (of each call, each loop with the number of the iteration, then of the
    generation itself), so a pass that moves a generation keeps its site: inlining `use ... site a` of a body with
    `gen ... site b` gives `gen ... site a.b`. An empty `site` stands for the name of what is generated, called or
    repeated; passes/number_sites.py tells namesakes apart.
    """
    match op:
        case Gen(name=name, site=site) | Select(name=name, site=site):
            return site or name
        case Call(function=name, site=site) | Use(template=name, site=site):
            return site or name
        case Loop(name=name, site=site) | For(name=name, site=site) | Map(name=name, site=site):
            return site or name
        case Filter(site=site):
            return site or "filter"
    return ""
