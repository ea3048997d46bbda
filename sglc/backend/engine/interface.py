"""What a runtime may ask of an engine, and nothing about how an engine does it. No torch here.

A context is a sequence of text segments plus the role of the open message. Handles to it are immutable and belong to
one engine; a fork is two users of one handle and costs nothing. Work is asked for with `gen`, `select` and `prefill`,
which are awaited, may stream, and are cancelled by cancelling the awaiting task.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol, TypeAlias

import msgspec

from sglc.passes.constraints.dfa import Dfa

Role = Literal["system", "user", "assistant", "tool"]
ROLES: tuple[Role, ...] = ("system", "user", "assistant", "tool")
Finish = Literal["final", "stop", "end", "length"]
"""Why a generation ended: constraint complete, stop text, the model's end-of-turn token, or max_tokens."""


class Segment(msgspec.Struct, frozen=True):
    """A piece of prompt text.

    `role` (if given) first closes the open message and opens one of that role; None continues where the context ends.
    The text is data: whatever it holds, it never becomes a control token. `tokens` are the ids of `text` alone in the
    engine's tokenizer, when the artifact brought them (its tokenizer hash was checked at load). An engine uses them
    where `text` starts a message or follows generated text, and encodes anew where it continues appended text.
    """

    text: str
    role: Role | None = None
    tokens: tuple[int, ...] | None = None


Listener: TypeAlias = Callable[[str], None]


class Context(Protocol):
    """An engine's immutable handle to a prompt. Only the engine that made it looks inside."""

    @property
    def length(self) -> int:
        """Tokens, as far as the engine counts them."""
        ...


class Sampling(msgspec.Struct, frozen=True):
    """How the next token is drawn. temperature 0 is greedy. `logit_bias`: (text of one token, added to its logit)."""

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    repetition_penalty: float = 1.0
    logit_bias: tuple[tuple[str, float], ...] = ()
    seed: int = 0


class Hints(msgspec.Struct, frozen=True):
    """What only a compiler knows; an engine may ignore all of it.

    priority: longer critical path first (larger is more urgent). uses: how often the resulting context is used again
    (None: unknown).
    next_use: steps until its next use (0: unknown). expected_tokens: likely length (0: unknown).
    """

    priority: float = 0.0
    uses: int | None = None
    next_use: int = 0
    expected_tokens: int = 0


NO_HINTS = Hints()


class GenRequest(msgspec.Struct, frozen=True):
    """Decode one value.

    constraint: byte automaton of the value's text, None for free text. stop: texts that end the value, not part of it
    (under a constraint only where the text before is complete). stop_dfa: automaton of a stop pattern, searched for
    anywhere in the text. Of several stops the one that is complete first counts. min_tokens: no end and no stop within
    these. follow: constant text that the program appends next; a constrained value also ends when the model begins it.
    max_tokens bounds every value, reasoning included; only tokens are allowed from which a complete text fits into what
    is left. reasoning: let a model that can think do so first, apart from the value. deadline: `time.monotonic()`
    seconds. path: where the value is in the program's event stream (`out[2].tip`), for scripts and records.
    """

    constraint: Dfa | None = None
    max_tokens: int = 512
    min_tokens: int = 0
    stop: tuple[str, ...] = ()
    stop_dfa: Dfa | None = None
    follow: str = ""
    ignore_eos: bool = False
    sampling: Sampling = Sampling()
    logprobs: bool = False
    top_logprobs: int = 0
    reasoning: bool = False
    deadline: float | None = None
    path: str = ""
    hints: Hints = NO_HINTS


class TokenLogprob(msgspec.Struct, frozen=True):
    """A token's text and natural-log probability under the model before any mask, and the likeliest alternatives."""

    token: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()


class Usage(msgspec.Struct, frozen=True):
    """Tokens: in the prompt, of those taken from a cache, decoded by the model, appended without decoding."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    generated_tokens: int = 0
    forced_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            *(a + b for a, b in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True))
        )


class GenResult(msgspec.Struct, frozen=True):
    """The value's text and the context that holds exactly that text after what was there before.

    After `reasoning`, that context also holds the reasoning before the text, as the model wrote it.
    """

    text: str
    context: Context
    finish: Finish
    usage: Usage = Usage()
    logprobs: tuple[TokenLogprob, ...] = ()
    reasoning: str = ""


class SelectRequest(msgspec.Struct, frozen=True):
    """Score `choices` (not empty) as continuations.

    likelihood: mean log probability a token. greedy: follow the likeliest token among those that some choice allows.
    unconditional: total log probability minus that of the choice without its context.
    """

    choices: tuple[str, ...]
    by: Literal["likelihood", "greedy", "unconditional"] = "likelihood"
    deadline: float | None = None
    path: str = ""
    hints: Hints = NO_HINTS


class SelectResult(msgspec.Struct, frozen=True):
    """Index of the best choice (the first of equals), one score a choice, and the context with the chosen text."""

    index: int
    scores: tuple[float, ...]
    context: Context
    usage: Usage = Usage()


class ModelInfo(msgspec.Struct, frozen=True):
    """What an engine runs. `notes`: lines for the user, each said once a run (a demonstration model, a merged role)."""

    name: str
    context_length: int
    tokenizer_hash: str = ""
    notes: tuple[str, ...] = ()


class EngineConfig(msgspec.Struct, frozen=True):
    """How to load an engine. `model`: a folder, or an embedded model's name. `date`: for templates that print one."""

    model: str
    device: str = "auto"
    dtype: str = "auto"
    date: str = ""
    seed: int = 0


class EngineError(Exception):
    """The engine cannot do what was asked.

    `kind` is "context_full", "bad_model", "impossible", "deadline", "lost", or "script" (an echo engine's script does
    not fit what is asked).
    """

    def __init__(self, kind: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.kind, self.message, self.hint = kind, message, hint


class Engine(Protocol):
    """All methods are called from one event loop; only those that are awaited may take long."""

    info: ModelInfo

    async def start(self) -> None:
        """Load. Raises EngineError("bad_model") that names the file and what was expected of it."""
        ...

    async def close(self) -> None: ...

    def context(self) -> Context:
        """The empty context."""
        ...

    def append(self, context: Context, segments: Sequence[Segment], hints: Hints = NO_HINTS) -> Context:
        """The context followed by the segments. Cheap: an engine prefills when it pleases."""
        ...

    def append_parallel(
        self,
        context: Context,
        documents: Sequence[Sequence[Segment]],
        stride: int | None,
        hints: Hints = NO_HINTS,
    ) -> Context:
        """The context followed by documents that do not see each other (`encode`).

        Positions run on as if they were one text, or each document starts `stride` after the one before. An engine that
        cannot do this appends them one after the other.
        """
        ...

    async def prefill(self, context: Context, hints: Hints = NO_HINTS, *, pin: bool = False) -> None:
        """Compute a prompt before it is asked for: one that a program always begins with, or may soon need.

        `pin`: keep what was computed until the handle is released. Without it an engine may do nothing when it has no
        room. A prompt that does not fit raises EngineError("context_full"), as `gen` does.
        """
        ...

    async def gen(
        self,
        context: Context,
        request: GenRequest,
        on_text: Listener | None = None,
        on_reasoning: Listener | None = None,
    ) -> GenResult:
        """Decode one value. `on_text` gets each piece of its text as it is settled, in order, on the event loop.

        `on_reasoning` gets what the model thinks before, where it was asked to; blanks around the thought included.
        """
        ...

    async def select(self, context: Context, request: SelectRequest) -> SelectResult: ...

    def release(self, context: Context) -> None:
        """The program will not use this handle again. Other handles that share its beginning stay valid."""
        ...

    def count_tokens(self, text: str) -> int: ...

    def render(self, context: Context) -> str:
        """The whole prompt as the model reads it, control tokens spelled out."""
        ...
