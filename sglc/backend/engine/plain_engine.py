"""An engine over any causal LM that transformers knows: one request at a time, on a worker thread, CPU or GPU."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sglc.backend.engine.chat_template import load_format
from sglc.backend.engine.context import TokenContext
from sglc.backend.engine.interface import (
    NO_HINTS,
    Context,
    EngineConfig,
    EngineError,
    GenRequest,
    GenResult,
    Hints,
    Listener,
    ModelInfo,
    Segment,
    SelectRequest,
    SelectResult,
)
from sglc.backend.engine.model_folder import bad_model, check_folder
from sglc.backend.engine.tokenizer import Tokenizer
from sglc.backend.engine.watch import Stopped, Watch, out_of_time

if TYPE_CHECKING:
    from sglc.backend.engine.plain_decode import Decoder

T = TypeVar("T")
RECOMPUTES_NOTE = "the model's state cannot be cut back to a prefix: it reads its whole prompt anew for every token"


class PlainEngine:
    """Serves the model in `folder`. `info` is complete after `start`. `notes` come before those about the model."""

    def __init__(self, folder: Path, config: EngineConfig, notes: Sequence[str] = ()) -> None:
        self.info = ModelInfo(config.model, 0, notes=tuple(notes))
        self._folder, self._config = folder, config
        self._decoder: Decoder | None = None
        self._tokenizer: Tokenizer | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sglc-model")
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    async def close(self) -> None:
        """Waits for the running request. Contexts are of no use afterwards."""
        async with self._turn:
            self._decoder = None
            self._thread.shutdown()

    def context(self) -> Context:
        return self._running().layout.empty()

    def append(self, context: Context, segments: Sequence[Segment], hints: Hints = NO_HINTS) -> Context:
        return self._running().layout.append(_own(context), segments)

    def append_parallel(
        self,
        context: Context,
        documents: Sequence[Sequence[Segment]],
        stride: int | None,
        hints: Hints = NO_HINTS,
    ) -> Context:
        """Appends the documents one after the other: transformers' cache has no way to keep them apart."""
        return self.append(context, [segment for document in documents for segment in document])

    async def prefill(self, context: Context, hints: Hints = NO_HINTS, *, pin: bool = False) -> None:
        """Computes the prompt at once. It is kept like any other, pinned or not: while it is among the last few."""
        decoder, prompt = self._running(), _own(context)
        watch = Watch(None)
        await self._work(lambda: decoder.prefill(prompt, watch), watch)

    async def gen(
        self,
        context: Context,
        request: GenRequest,
        on_text: Listener | None = None,
        on_reasoning: Listener | None = None,
    ) -> GenResult:
        decoder, start = self._running(), _own(context)
        loop = asyncio.get_running_loop()
        watch = Watch(request.deadline)
        failures: list[BaseException] = []

        def deliver(listener: Listener, piece: str) -> None:
            try:
                if not failures:
                    listener(piece)
            except BaseException as error:
                failures.append(error)
                watch.stop()

        def on_loop(listener: Listener | None) -> Listener:
            """What the worker thread calls. The loop keeps the order, and the result comes after the last piece."""

            def emit(piece: str) -> None:
                if listener is not None:
                    loop.call_soon_threadsafe(deliver, listener, piece)

            return emit

        emits = on_loop(on_text), on_loop(on_reasoning)
        try:
            result = await self._work(lambda: decoder.generate(start, request, watch, *emits), watch)
        except Stopped:
            raise failures[0] from None
        if failures:
            raise failures[0]
        return result

    async def select(self, context: Context, request: SelectRequest) -> SelectResult:
        decoder, start = self._running(), _own(context)
        watch = Watch(request.deadline)
        return await self._work(lambda: decoder.select(start, request, watch), watch)

    def release(self, context: Context) -> None:
        """Nothing to do: the model keeps the caches of the last few prompts, whoever holds their handles."""

    def count_tokens(self, text: str) -> int:
        self._running()
        assert self._tokenizer is not None
        return len(self._tokenizer.encode(text))

    def render(self, context: Context) -> str:
        decoder = self._running()
        assert self._tokenizer is not None
        return self._tokenizer.spell_out(decoder.layout.prompt(_own(context)).ids)

    async def _work(self, job: Callable[[], T], watch: Watch) -> T:
        """Runs the job on the worker thread when its turn comes. A cancellation stops it first, within one token."""
        await self._wait_for_turn(watch.deadline)
        try:
            running = asyncio.get_running_loop().run_in_executor(self._thread, job)
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                watch.stop()
                await _settled(running)
                raise
        finally:
            self._turn.release()

    async def _wait_for_turn(self, deadline: float | None) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(None if deadline is None else deadline - _clock_offset(loop)):
                await self._turn.acquire()
        except TimeoutError:
            raise out_of_time() from None
        if self._decoder is None:
            self._turn.release()
            raise _closed()

    def _load(self) -> None:
        # Here, because torch and transformers take seconds to load and the event loop should not wait for them.
        from sglc.backend.engine.plain_decode import Decoder
        from sglc.backend.engine.plain_model import PlainModel

        check_folder(self._folder)
        # The small files first: what is wrong with them is known before the weights are read.
        tokenizer = Tokenizer.load(self._folder)
        chat = load_format(self._folder, tokenizer, self._config.date)
        model = PlainModel.load(self._folder, self._config.device, self._config.dtype)
        used = {i for opening in (*chat.first.values(), *chat.later.values()) for i in opening.ids}
        if any(i >= model.size for i in used):
            missing = tokenizer.spell_out([max(used)])
            raise bad_model(
                f"the chat template in {self._folder} uses `{missing}`, for which the model has no embedding"
            )
        self._tokenizer, self._decoder = tokenizer, Decoder(model, tokenizer, chat)
        slow = () if model.is_cacheable else (RECOMPUTES_NOTE,)
        notes = (*self.info.notes, *model.notes, *slow, *chat.notes)
        self.info = ModelInfo(self._config.model, model.context_length, tokenizer.hash, notes)

    def _running(self) -> Decoder:
        if self._decoder is None:
            raise _closed()
        return self._decoder


async def _settled(running: asyncio.Future[T]) -> None:
    """Waits for the worker thread, however often the wait is cancelled: the model must not be in use by two."""
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError:
            continue
    running.exception()  # looked at, so that asyncio does not report it as lost


def _clock_offset(loop: asyncio.AbstractEventLoop) -> float:
    """What to take from a `time.monotonic()` time to have the loop's time."""
    return time.monotonic() - loop.time()


def _closed() -> EngineError:
    return EngineError("lost", "the engine is not running")


def _own(context: Context) -> TokenContext:
    if not isinstance(context, TokenContext):
        raise TypeError("the context belongs to another engine")
    return context
