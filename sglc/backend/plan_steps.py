"""The steps of a Plan: one Struct each, with what it reads, what it fills and what it waits for.

A reference is an int: from 0 up a slot of the function, below 0 the constant `~reference` of the plan. A block lists
its steps in program order; what a step may run beside is said by its references, `leaves`, `effect` and `after` alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, TypeAlias

import msgspec

from sglc.ir.types import Type

Ref: TypeAlias = int
"""A slot (0 and up) or a constant (`~index`, below 0)."""


class Data(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of all parts of a plan."""


Part: TypeAlias = str | int
"""A piece of text: constant, or the index of the value that is inserted (counted behind the context)."""


class Hints(Data, frozen=True):
    """What the compiler tells the engine about a generation; see engine/interface.py."""

    priority: float = 0.0
    uses: int = 0
    next_use: int = 0
    expected_tokens: int = 0


class Options(Data, frozen=True):
    """A generation's options, defaults filled in. `seed` None: derived from the run's seed and the place."""

    max_tokens: int = 512
    min_tokens: int = 0
    stop: tuple[str, ...] = ()
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    repetition_penalty: float = 1.0
    logit_bias: tuple[tuple[str, float], ...] = ()
    seed: int | None = None
    ignore_eos: bool = False
    stream: bool = True
    top_logprobs: int = 0


class Pattern(Data, frozen=True):
    """What a case takes: "literal" (equals the constant), "type", "member" (a call's `name`), "any"."""

    kind: Literal["literal", "type", "member", "any"]
    constant: Ref = -1
    type: Type | None = None
    name: str = ""


# --- steps -----------------------------------------------------------------------------------------------------------


class Step(Data, frozen=True, tag_field="k"):
    """Base of all steps.

    at: index of the source location (-1: none). leaves: may leave the block by return, break, continue or fail, so the
    steps behind it wait until it is known that it does not. effect: reaches a tool with an effect, which waits for
    everything before it in the program. after: earlier steps that must be over before a tool in here starts. dies:
    context slots of the block that no later step uses.

    Of steps that show in a run's events, `name` is their place in paths, unique in the function, and `site` their place
    among the seeds (ir/ops.py, `site_of`).
    """

    awaits: ClassVar[int | None] = None
    """How many leading references must have their values before the step begins (None: all)."""

    refs: tuple[Ref, ...] = ()
    out: tuple[int, ...] = ()
    at: int = -1
    leaves: bool = False
    effect: bool = False
    after: tuple[int, ...] = ()
    dies: tuple[int, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks inside, in program order."""
        return ()


class Apply(Step, frozen=True, tag="apply"):
    """args -> value, by a function of ir/values.py"""

    function: str = ""


class Attr(Step, frozen=True, tag="attr"):
    """record -> value"""

    name: str = ""


class MakeRecord(Step, frozen=True, tag="record"):
    """values -> record"""

    fields: tuple[str, ...] = ()


class Conform(Step, frozen=True, tag="conform"):
    """value -> the value checked against the type numbered `type`, and converted. `what` names it in the message."""

    type: int = 0
    what: str = ""


class Format(Step, frozen=True, tag="format"):
    """values -> str. `json`: values of type json, inserted as JSON even where they are text."""

    parts: tuple[Part, ...] = ()
    json: tuple[int, ...] = ()


class CountTokens(Step, frozen=True, tag="tokens"):
    """str -> int"""

    model: str = ""


class NewContext(Step, frozen=True, tag="context"):
    """-> ctx"""


class Append(Step, frozen=True, tag="append"):
    """ctx, values -> ctx; `json` as for Format"""

    parts: tuple[Part, ...] = ()
    json: tuple[int, ...] = ()
    role: str = ""


class Gen(Step, frozen=True, tag="gen"):
    """ctx, dynamic options -> ctx, value [, reasoning] [, logprobs]. `constraint` and `stop_constraint` index
    `Plan.dfas`."""

    name: str = ""
    type: int = 0
    constraint: int = -1
    stop_constraint: int = -1
    options: Options = Options()
    dynamic: tuple[str, ...] = ()
    reasoning: bool = False
    logprobs: bool = False
    follow: str = ""
    model: str = ""
    hints: Hints = Hints()
    site: str = ""


class Select(Step, frozen=True, tag="select"):
    """ctx, list[str] -> ctx, str [, scores]"""

    name: str = ""
    by: Literal["likelihood", "greedy", "unconditional"] = "likelihood"
    scores: bool = False
    model: str = ""
    hints: Hints = Hints()
    site: str = ""


class Tool(Step, frozen=True, tag="tool"):
    """args -> value"""

    tool: str = ""
    name: str = ""


class Dispatch(Step, frozen=True, tag="dispatch"):
    """choice -> step"""

    tools: tuple[str, ...] = ()
    name: str = ""


class Call(Step, frozen=True, tag="call"):
    """args -> results of the function. A template has no name."""

    awaits: ClassVar[int | None] = 0
    function: str = ""
    name: str = ""
    site: str = ""


class Open(Step, frozen=True, tag="open"):
    """args -> session"""

    session: str = ""
    name: str = ""


class Turn(Step, frozen=True, tag="turn"):
    """session, args -> value"""

    session: str = ""


class Ensure(Step, frozen=True, tag="ensure"):
    """bool, str ->"""


class Fail(Step, frozen=True, tag="fail"):
    """str ->; the block has no other end"""


class Expect(Step, frozen=True, tag="expect"):
    """bool, values ->"""

    text: str = ""
    shown: tuple[str, ...] = ()


class If(Step, frozen=True, tag="if", kw_only=True):
    """bool -> results"""

    then: Block
    other: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.then, self.other)


class Match(Step, frozen=True, tag="match", kw_only=True):
    """value -> results"""

    cases: tuple[tuple[Pattern, ...], ...]
    arms: tuple[Block, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.arms


class Loop(Step, frozen=True, tag="loop", kw_only=True):
    """carried -> carried. shows: something in it shows in events, and so its iterations do."""

    awaits: ClassVar[int | None] = 0
    max: int
    name: str
    site: str = ""
    shows: bool = False
    condition: Block | None = None
    body: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.body,) if self.condition is None else (self.condition, self.body)


class For(Step, frozen=True, tag="for", kw_only=True):
    """list, carried -> carried [, collected]"""

    awaits: ClassVar[int | None] = 1
    name: str
    site: str = ""
    shows: bool = False
    collect: bool = False
    body: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.body,)


class Map(Step, frozen=True, tag="map", kw_only=True):
    """list -> list"""

    name: str
    site: str = ""
    shows: bool = False
    ordered: bool = False
    branch: Block
    handler: Block | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.branch,) if self.handler is None else (self.branch, self.handler)


class Filter(Step, frozen=True, tag="filter", kw_only=True):
    """list -> list"""

    name: str
    site: str = ""
    keep: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.keep,)


class Encode(Step, frozen=True, tag="encode", kw_only=True):
    """ctx, list -> ctx"""

    stride: int | None = None
    document: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.document,)


class Try(Step, frozen=True, tag="try", kw_only=True):
    """-> results"""

    body: Block
    handler: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.body, self.handler)


class Attempt(Step, frozen=True, tag="attempt", kw_only=True):
    """ctx -> ctx, results"""

    awaits: ClassVar[int | None] = 0
    retries: int
    tells: bool = True
    body: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.body,)


AnyStep: TypeAlias = (
    Apply | Attr | MakeRecord | Conform | Format | CountTokens | NewContext | Append | Gen | Select | Tool | Dispatch
    | Call | Open | Turn | Ensure | Fail | Expect | If | Match | Loop | For | Map | Filter | Encode | Try | Attempt
)  # fmt: skip


class End(Data, frozen=True):
    """How a block ends; `refs` as the operands of the IR's terminator of that name. "fail": the last step is a Fail."""

    kind: Literal["yield", "continue", "break", "return", "fail", "check"]
    refs: tuple[Ref, ...] = ()
    at: int = -1


class Block(Data, frozen=True):
    """Steps in program order. `params` are bound by what runs the block, `captures` are slots taken from around."""

    params: tuple[int, ...]
    captures: tuple[int, ...]
    steps: tuple[AnyStep, ...]
    end: End


def walk(block: Block) -> Iterator[AnyStep]:
    """All steps, outer before inner, in program order."""
    for step in block.steps:
        yield step
        for inner in step.blocks:
            yield from walk(inner)
