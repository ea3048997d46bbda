"""A script -> replies, as an engine gives them: for tests, replays and dry runs. No model, no torch.

A token is here a word with the blank before it, a mark, or a stretch of blanks: what a tokenizer of English would make
of them, roughly. Replies are streamed, delayed and counted in these, and `max_tokens` cuts free text after that many. A
constrained reply is never cut, since this count is not a real model's; it must match its constraint as a whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from sglc.backend.engine.interface import (
    NO_HINTS,
    Context,
    EngineError,
    Finish,
    GenRequest,
    GenResult,
    Hints,
    Listener,
    ModelInfo,
    Segment,
    SelectRequest,
    SelectResult,
    TokenLogprob,
    Usage,
)
from sglc.backend.engine.text_assembly import StopSearch
from sglc.passes.constraints.dfa import Dfa

_TOKEN = re.compile(r"[ ]?[^\W\d_]+|[ ]?\d|[ ]?[^\w\s]|_|\s+")
_READABLE_FIRST = sorted(range(256), key=lambda b: (b > 127 or not chr(b).isalnum(), not 32 <= b < 127, b))
_CJK = re.compile(r"([\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])")


class Reply(msgspec.Struct, frozen=True):
    """A scripted answer. `delay` (seconds before each token) overrides the engine's."""

    text: str
    reasoning: str = ""
    delay: float | None = None


Answer: TypeAlias = "str | int | Reply | Exception"
"""To a gen: its text. To a select: the choice or its index. An exception is raised."""
Request: TypeAlias = "GenRequest | SelectRequest"
Script: TypeAlias = "Sequence[Answer] | Mapping[str, Answer | Sequence[Answer]] | Callable[[str, Request, str], Answer]"
"""Answers in the order of asking; or by the request's path (a list: one each time); or from (prompt, request, path)."""

Status = Literal["running", "finished", "cancelled", "failed"]


class Call(msgspec.Struct):
    """What was asked and what became of it. `started` and `ended` count all starts and ends in one order."""

    prompt: str
    request: Request
    path: str
    started: int
    ended: int = -1
    status: Status = "running"
    text: str = ""


class EchoContext(msgspec.Struct, frozen=True):
    """A segment after a parent: a persistent list."""

    parent: EchoContext | None = None
    segment: Segment | None = None
    length: int = 0

    def segments(self) -> list[Segment]:
        found = []
        node: EchoContext | None = self
        while node is not None:
            if node.segment is not None:
                found.append(node.segment)
            node = node.parent
        return found[::-1]


class EchoEngine:
    """Answers from `script`, or without one (a dry run) with the shortest text that fits.

    A dry run's free text is `[PATH]`, its select takes the first choice. `calls` records every request.
    """

    def __init__(self, script: Script | None = None, delay: float = 0.0, context_length: int = 1 << 20) -> None:
        notes = () if script is not None else ("dry run: no model is called, values are the shortest that fit",)
        self.info = ModelInfo("echo", context_length, notes=notes)
        self.calls: list[Call] = []
        self.released: list[EchoContext] = []
        self.peak = 0
        """The most requests that ran at once."""
        self._script, self._delay = script, delay
        self._asked: dict[str, int] = {}
        self._clock = 0

    async def start(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to free."""

    def context(self) -> Context:
        return EchoContext()

    def append(self, context: Context, segments: Sequence[Segment], hints: Hints = NO_HINTS) -> Context:
        node = _own(context)
        for segment in segments:
            opening = 1 if segment.role is not None else 0
            node = EchoContext(node, segment, node.length + opening + self.count_tokens(segment.text))
        return node

    def append_parallel(
        self,
        context: Context,
        documents: Sequence[Sequence[Segment]],
        stride: int | None,
        hints: Hints = NO_HINTS,
    ) -> Context:
        return self.append(context, [segment for document in documents for segment in document])

    async def prefill(self, context: Context, hints: Hints = NO_HINTS, *, pin: bool = False) -> None:
        self._check_room(context)

    async def gen(
        self,
        context: Context,
        request: GenRequest,
        on_text: Listener | None = None,
        on_reasoning: Listener | None = None,
    ) -> GenResult:
        with self._record(context, request) as call:
            reply = self._answer(call)
            reply = reply if isinstance(reply, Reply) else Reply(str(reply))
            text, finish = _cut(reply.text, request)
            _check(text, request)
            pieces = list(tokens(text))
            reasoning = reply.reasoning if request.reasoning else ""
            for piece in tokens(reasoning):
                await self._wait(1, reply, request.deadline)
                if on_reasoning is not None:
                    on_reasoning(piece)
            for piece in pieces:
                await self._wait(1, reply, request.deadline)
                call.text += piece
                if on_text is not None:
                    on_text(piece)
            usage = Usage(prompt_tokens=context.length, generated_tokens=len(pieces))
            logprobs = tuple(TokenLogprob(piece, 0.0) for piece in pieces) if request.logprobs else ()
            after = self.append(context, [Segment(text)] if text else [])
            return GenResult(text, after, finish, usage, logprobs, reasoning)

    async def select(self, context: Context, request: SelectRequest) -> SelectResult:
        with self._record(context, request) as call:
            answer = self._answer(call)
            reply = answer if isinstance(answer, Reply) else Reply(str(answer))
            index = answer if isinstance(answer, int) else _index_of(reply.text, request.choices)
            if not 0 <= index < len(request.choices):
                raise EngineError("script", f"the script chose number {index} of {len(request.choices)} choices")
            await self._wait(1, reply, request.deadline)
            call.text = request.choices[index]
            # The chosen one scores 0, the others fall off in their order.
            scores = tuple(0.0 if n == index else -1.0 - n for n in range(len(request.choices)))
            after = self.append(context, [Segment(call.text)])
            return SelectResult(index, scores, after, Usage(prompt_tokens=context.length))

    def release(self, context: Context) -> None:
        self.released.append(_own(context))

    def count_tokens(self, text: str) -> int:
        return sum(1 for _ in tokens(text))

    def render(self, context: Context) -> str:
        """`<|role|>` on a line of its own before each message's text."""
        rendered = ""
        for segment in _own(context).segments():
            if segment.role is not None:
                rendered += ("\n" if rendered else "") + f"<|{segment.role}|>\n"
            rendered += segment.text
        return rendered

    @contextlib.contextmanager
    def _record(self, context: Context, request: Request) -> Iterator[Call]:
        call = Call(self.render(context), request, request.path, self._tick())
        self.calls.append(call)
        self.peak = max(self.peak, sum(c.status == "running" for c in self.calls))
        try:
            self._check_room(context)
            yield call
            call.status = "finished"
        except asyncio.CancelledError:
            call.status = "cancelled"
            raise
        except BaseException:
            call.status = "failed"
            raise
        finally:
            call.ended = self._tick()

    def _check_room(self, context: Context) -> None:
        if context.length > self.info.context_length:
            full = f"the prompt has {context.length} tokens, the context holds {self.info.context_length}"
            raise EngineError("context_full", full)

    def _tick(self) -> int:
        self._clock += 1
        return self._clock

    def _answer(self, call: Call) -> str | int | Reply:
        answer = self._scripted(call) if self._script is not None else _shortest_answer(call.request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _scripted(self, call: Call) -> Answer:
        script = self._script
        if callable(script):
            return script(call.prompt, call.request, call.path)
        if isinstance(script, Mapping):
            if call.path not in script:
                raise EngineError("script", f"the script has no reply for `{call.path}`", "record it again")
            answers = script[call.path]
            if isinstance(answers, (str, int, Reply, Exception)):
                return answers
        else:
            answers = script or ()
        # A list by path counts that path's requests, a plain list counts all.
        counter = call.path if isinstance(script, Mapping) else ""
        number = self._asked.get(counter, 0)
        self._asked[counter] = number + 1
        if number >= len(answers):
            where = f" for `{call.path}`" if call.path else ""
            raise EngineError("script", f"the script has {len(answers)} replies{where}, and one more was asked for")
        return answers[number]

    async def _wait(self, count: int, reply: Reply, deadline: float | None) -> None:
        delay = self._delay if reply.delay is None else reply.delay
        for _ in range(count):
            if deadline is not None and time.monotonic() + delay > deadline:
                await asyncio.sleep(max(0.0, deadline - time.monotonic()))
                raise EngineError("deadline", "the time ran out while a value was generated")
            await asyncio.sleep(delay)


def tokens(text: str) -> Iterator[str]:
    """The text in this engine's tokens; joined, they are the text. A Chinese, Japanese or Korean character is one."""
    for piece in _CJK.split(text):
        yield from (match[0] for match in _TOKEN.finditer(piece))


def shortest(dfa: Dfa) -> str:
    """The shortest text that the automaton accepts; of several, one of letters and digits. Raises if there is none."""
    # One byte of each class will do; the most readable one.
    by_class = {dfa.classes[byte]: byte for byte in reversed(_READABLE_FIRST)}
    letters = sorted(by_class.values(), key=_READABLE_FIRST.index)
    paths: dict[int, bytes] = {0: b""}
    waiting = deque([0])
    while waiting:
        state = waiting.popleft()
        if dfa.is_final(state):
            return paths[state].decode()
        for byte in letters:
            after = dfa.step(state, byte)
            if after >= 0 and after not in paths:
                paths[after] = paths[state] + bytes([byte])
                waiting.append(after)
    raise EngineError("impossible", "no text fits the value's type")


def _shortest_answer(request: Request) -> Answer:
    if isinstance(request, SelectRequest):
        return 0
    return shortest(request.constraint) if request.constraint is not None else f"[{request.path or 'text'}]"


def _cut(text: str, request: GenRequest) -> tuple[str, Finish]:
    """The reply as a model's would end: at a stop, or for free text after max_tokens."""
    search = StopSearch(request.stop, request.stop_dfa)
    raw = text.encode()
    dfa, state = request.constraint, 0
    for byte in raw:
        found = search.push(byte, may_begin=dfa is None or (state >= 0 and dfa.is_final(state)))
        if found is not None:
            return raw[: found.start].decode(), "stop"
        state = dfa.step(state, byte) if dfa is not None and state >= 0 else -1
    if dfa is not None:
        return text, "final"
    pieces = list(tokens(text))
    return ("".join(pieces[: request.max_tokens]), "length") if len(pieces) > request.max_tokens else (text, "end")


def _check(text: str, request: GenRequest) -> None:
    if request.constraint is None or request.constraint.matches(text.encode()):
        return
    where = f" for `{request.path}`" if request.path else ""
    example = shortest(request.constraint)
    raise EngineError(
        "script",
        f"the script's reply{where} does not fit the value's type: {_clip(text)}",
        f"expected text such as {_clip(example)}",
    )


def _index_of(text: str, choices: Sequence[str]) -> int:
    if text not in choices:
        raise EngineError("script", f"the script chose {_clip(text)}, which is none of the {len(choices)} choices")
    return choices.index(text)


def _clip(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")


def _own(context: Context) -> EchoContext:
    if not isinstance(context, EchoContext):
        raise TypeError("the context belongs to another engine")
    return context
