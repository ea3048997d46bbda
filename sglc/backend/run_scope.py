"""The tree of what is under way in a run, and the cells through which its parts hand values on.

Every scope keeps its unfinished parts in program order, and from that alone follows what a run promises about order: a
failure cancels what is later at once and waits for what is earlier, so the first in program order is reported; a tool
with an effect waits at every level until nothing earlier is left.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from sglc.backend.errors import RunError
from sglc.diagnostics import InternalError

SLICE = 500
"""Callbacks that run before the event loop gets its turn, so that a long computation can be cancelled."""

_UNKNOWN: Any = object()


class Queue:
    """Callbacks, run one after another: long chains of steps never grow the stack."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_error: Callable[[BaseException], None]) -> None:
        self._loop, self._on_error = loop, on_error
        self._waiting: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._scheduled = self._closed = False

    def post(self, call: Callable[..., None], *args: Any) -> None:
        if self._closed:
            return
        self._waiting.append((call, args))
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._drain)

    def close(self) -> None:
        self._closed = True
        self._waiting.clear()

    def _drain(self) -> None:
        for _ in range(SLICE):
            if not self._waiting:
                self._scheduled = False
                return
            call, args = self._waiting.popleft()
            try:
                call(*args)
            except Exception as error:  # a bug of ours, or of a listener: the run must end and say so
                self._on_error(error)
        self._loop.call_soon(self._drain)


class Cell:
    """A value that is known now or later."""

    __slots__ = ("_queue", "_value", "_waiting")

    def __init__(self, queue: Queue | None = None, value: Any = _UNKNOWN) -> None:
        self._queue, self._value = queue, value
        self._waiting: list[Callable[[Any], None]] | None = None

    @property
    def known(self) -> bool:
        return self._value is not _UNKNOWN

    @property
    def value(self) -> Any:
        if self._value is _UNKNOWN:
            raise InternalError("a value was read before it was known")
        return self._value

    def set(self, value: Any) -> None:
        self._value = value
        waiting, self._waiting = self._waiting, None
        if waiting and self._queue is not None:
            for call in waiting:
                self._queue.post(call, value)

    def when_known(self, call: Callable[[Any], None]) -> None:
        """Calls at once or later."""
        if self._value is not _UNKNOWN:
            call(self._value)
        elif self._waiting is None:
            self._waiting = [call]
        else:
            self._waiting.append(call)


def when_all_known(cells: Sequence[Cell], call: Callable[[list[Any]], None]) -> None:
    """Calls with all values, at once or later."""
    left = sum(not cell.known for cell in cells)
    if not left:
        call([cell.value for cell in cells])
        return

    def one_more(_: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            call([cell.value for cell in cells])

    for cell in cells:
        if not cell.known:
            cell.when_known(one_more)


class Outcome(msgspec.Struct, frozen=True):
    """How a block ended: the kind of its End, and the cells that it hands out, known now or later."""

    kind: str
    cells: tuple[Cell, ...]
    at: int = -1


class Scope:
    """A part of a run. `live` are its own parts that are not over, by their number in program order."""

    __slots__ = ("_failed_at", "_failure", "_gates", "_queued", "index", "live", "over", "owner", "queue")

    def __init__(self, queue: Queue, owner: Scope | None, index: int) -> None:
        self.queue, self.owner, self.index = queue, owner, index
        self.live: dict[int, Scope] = {}
        self.over = False
        self._failure: RunError | None = None
        self._failed_at = -1
        # Tools that wait here for earlier parts: those that keep the order of the parts, the first on top of the heap,
        # and those that wait for some parts only. Of the former there may be thousands, so only the first is looked at.
        self._queued: list[tuple[int, int, asyncio.Future[None]]] = []
        self._gates: list[tuple[int, asyncio.Future[None]]] = []

    # --- what a subclass says about itself ---

    @property
    def complete(self) -> bool:
        """Whether no new parts will begin."""
        return True

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        """A part came to its end; work inside it may go on."""

    def stop(self) -> None:
        """Cancel what the scope does beside its parts."""

    def keeps_order(self, effect: bool) -> bool:
        """Whether a tool in a part (one with an effect?) waits until all parts before are over."""
        return False

    def awaited(self, index: int) -> Sequence[int]:
        """The parts that a tool in part `index` waits for where the order is not kept."""
        return ()

    # --- parts ---

    def begin(self, child: Scope) -> None:
        self.live[child.index] = child

    @property
    def failing(self) -> bool:
        """Whether a part failed: nothing new begins, what is earlier is waited for."""
        return self._failure is not None

    def child_over(self, child: Scope) -> None:
        if not self.over:
            self.live.pop(child.index, None)
            self.progress()

    def child_failed(self, child: Scope, failure: RunError) -> None:
        # A part that was cancelled after it failed is no longer live: something earlier failed.
        if not self.over and self.live.get(child.index) is child:
            del self.live[child.index]
            self.fail_at(child.index, failure)

    def fail_at(self, index: int, failure: RunError) -> None:
        """Part `index` failed. Of several failures the one that is first in program order counts."""
        self._failed_at, self._failure = index, failure
        for later in [number for number in self.live if number > index]:
            self.live.pop(later).cancel()
        self.progress()

    def progress(self) -> None:
        """Something changed: over, failed, or a gate may open."""
        while self._queued and self._nothing_before(self._queued[0][0]):
            _open(heapq.heappop(self._queued)[-1])
        if self._gates:
            opened = [gate for gate in self._gates if self._is_free(gate[0])]
            self._gates = [gate for gate in self._gates if gate not in opened]
            for _, gate in opened:
                _open(gate)
        if self.over or self.live:
            return
        if self._failure is not None:
            self.fail(self._failure)
        elif self.complete:
            self.finish()

    def finish(self) -> None:
        self.over = True
        if self.owner is not None:
            self.queue.post(self.owner.child_over, self)

    def fail(self, failure: RunError) -> None:
        self.over = True
        if self.owner is not None:
            self.queue.post(self.owner.child_failed, self, failure)

    def cancel(self) -> None:
        """The scope and everything in it ends now and reports nothing more."""
        left: list[Scope] = [self]
        while left:
            scope = left.pop()
            if not scope.over:
                scope.over = True
                scope.stop()
                left += scope.live.values()
                scope.live.clear()

    # --- order ---

    def order_key(self) -> tuple[int, ...]:
        """Sorts parts of a run in program order."""
        key: list[int] = []
        scope: Scope | None = self
        while scope is not None:
            key.append(scope.index)
            scope = scope.owner
        return tuple(reversed(key))

    def first_leaf(self) -> Scope:
        """What comes first in program order of all that is under way."""
        scope = self
        while scope.live:
            scope = scope.live[min(scope.live)]
        return scope

    async def clear(self, index: int, effect: bool) -> None:
        """Returns when a tool in part `index` may start, as far as the parts before it are concerned."""
        ordered = self.keeps_order(effect)
        if self._nothing_before(index) if ordered else self._is_free(index):
            return
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if ordered:
            heapq.heappush(self._queued, (index, id(gate), gate))
        else:
            self._gates.append((index, gate))
        await gate

    def _nothing_before(self, index: int) -> bool:
        # Parts mostly begin in order, so the first one tells at once that there is one before.
        return not self.live or (next(iter(self.live)) >= index and min(self.live) >= index)

    def _is_free(self, index: int) -> bool:
        return not any(before in self.live for before in self.awaited(index))

    async def turn(self, effect: bool) -> None:
        """Returns when a tool at this place may start: one with an effect when nothing before it in the whole run is
        left, any other when no effect before it is."""
        scope: Scope = self
        while scope.owner is not None:
            await scope.owner.clear(scope.index, effect)
            scope = scope.owner


def _open(gate: asyncio.Future[None]) -> None:
    if not gate.done():
        gate.set_result(None)
