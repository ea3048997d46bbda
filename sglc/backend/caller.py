"""The seam between a run and its engines: every generation and selection passes here with its place in the run, so that
replies can be recorded and replayed (replay.py)."""

from __future__ import annotations

from typing import Protocol

import msgspec

from sglc.backend.engine.interface import (
    Context,
    Engine,
    EngineError,
    GenRequest,
    Listener,
    SelectRequest,
    TokenLogprob,
    Usage,
)
from sglc.backend.prompt import Handles, Prompt


class GenCall(msgspec.Struct, frozen=True):
    """What is asked: where (see Place in run.py), of which model, behind which prompt."""

    path: str
    site: str
    attempt: str
    model: str
    prompt: Prompt
    request: GenRequest
    on_text: Listener | None = None
    on_reasoning: Listener | None = None


class GenAnswer(msgspec.Struct, frozen=True):
    """`context` is the engine's handle to prompt and text (None: there was no engine)."""

    text: str
    context: Context | None = None
    reasoning: str = ""
    logprobs: tuple[TokenLogprob, ...] = ()
    usage: Usage = Usage()


class SelectCall(msgspec.Struct, frozen=True):
    path: str
    site: str
    attempt: str
    model: str
    prompt: Prompt
    request: SelectRequest


class SelectAnswer(msgspec.Struct, frozen=True):
    index: int
    scores: tuple[float, ...]
    context: Context | None = None
    usage: Usage = Usage()


class Caller(Protocol):
    """Who answers. Failures are EngineErrors; cancelling the awaiting task cancels the work."""

    async def gen(self, call: GenCall) -> GenAnswer: ...

    async def select(self, call: SelectCall) -> SelectAnswer: ...

    def count_tokens(self, handles: Handles, model: str, text: str) -> int: ...


class EngineCaller:
    """Asks the engines."""

    async def gen(self, call: GenCall) -> GenAnswer:
        engine, context = _ask(call)
        result = await engine.gen(context, call.request, call.on_text, call.on_reasoning)
        return GenAnswer(result.text, result.context, result.reasoning, result.logprobs, result.usage)

    async def select(self, call: SelectCall) -> SelectAnswer:
        engine, context = _ask(call)
        result = await engine.select(context, call.request)
        return SelectAnswer(result.index, result.scores, result.context, result.usage)

    def count_tokens(self, handles: Handles, model: str, text: str) -> int:
        return _engine(handles, model).count_tokens(text)


def _ask(call: GenCall | SelectCall) -> tuple[Engine, Context]:
    return _engine(call.prompt.handles, call.model), call.prompt.handle(call.model)


def _engine(handles: Handles, model: str) -> Engine:
    engine = handles.engines.get(model)
    if engine is None:
        named = f"the model `{model}`" if model else "the default model"
        raise EngineError("lost", f"{named} has no engine", "start the run with an engine for it")
    return engine
