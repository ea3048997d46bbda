"""ToolSpecs + the operator's policy -> a Toolbox, which calls tools by name and keeps what the calls share."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import msgspec

from sglc.backend.tools.errors import ToolError
from sglc.backend.tools.http_tool import HttpTool, Sessions
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.python_tool import PythonFunction, PythonTool, Threads
from sglc.ir.decode import ConformError, conform
from sglc.ir.tools import HttpSpec, ToolSpec, check_spec
from sglc.ir.types import TypeTable


class Toolbox:
    """The tools of one program, for one event loop.

    `python_functions` maps "module:function" to a function that is used as it is, without an import.
    """

    def __init__(
        self,
        specs: Iterable[ToolSpec],
        policy: ToolPolicy,
        table: TypeTable,
        python_functions: Mapping[str, PythonFunction] | None = None,
    ) -> None:
        self._specs = {spec.name: spec for spec in specs}
        self._table = table
        self._sessions = Sessions()
        self._threads = Threads(policy.max_threads)
        self._slots = asyncio.Semaphore(policy.max_concurrency)
        self._cache = _Cache(policy.cache_bytes)
        self._shared: dict[bytes, _Flight] = {}
        self._flights: set[_Flight] = set()
        self._closed = False
        for spec in self._specs.values():
            check_spec(spec)
        self._tools = {
            name: self._make(spec, policy, dict(python_functions or {})) for name, spec in self._specs.items()
        }

    def _make(
        self, spec: ToolSpec, policy: ToolPolicy, functions: Mapping[str, PythonFunction]
    ) -> HttpTool | PythonTool:
        if isinstance(spec.impl, HttpSpec):
            return HttpTool(
                spec, spec.impl, policy=policy, table=self._table, sessions=self._sessions, slots=self._slots
            )
        function = functions.get(spec.impl.target)
        return PythonTool(
            spec,
            spec.impl,
            policy=policy,
            table=self._table,
            threads=self._threads,
            slots=self._slots,
            function=function,
        )

    def problems(self) -> list[ToolError]:
        """What would fail whatever the arguments: missing env values, hosts and modules that are not allowed, failing
        imports. It imports the python tools."""
        return [tool.problem for tool in self._tools.values() if tool.problem is not None]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the calls in flight with ToolError("cancelled") and close all connections."""
        self._closed = True
        flights = list(self._flights)
        for flight in flights:
            flight.task.cancel()
        await asyncio.gather(*(flight.task for flight in flights), return_exceptions=True)
        await self._sessions.close()

    async def call(self, name: str, args: Mapping[str, Any], *, deadline: float | None = None) -> Any:
        """The tool's value; `deadline` is in `time.monotonic()` seconds. All failures are ToolErrors. Cancelling the
        awaiting task cancels the request, unless another caller shares it."""
        spec = self._specs[name]
        if self._closed:
            raise ToolError("cancelled", "the program is being shut down", tool=name)
        arguments = self._arguments(spec, args)
        if deadline is not None and deadline <= time.monotonic():
            raise _deadline_error(name)
        key = msgspec.json.encode([name, arguments], order="sorted") if spec.cache_s else None
        if key is not None:
            hit, value = self._cache.get(key)
            if hit:
                return value
        return await self._join(self._flight(spec, arguments, key, deadline), spec, deadline)

    def _arguments(self, spec: ToolSpec, args: Mapping[str, Any]) -> dict[str, Any]:
        arguments = {}
        for field in spec.params:
            if field.name not in args and field.default is not None:
                value = msgspec.json.decode(field.default)
            elif field.name not in args:
                raise ToolError("shape", f"the argument `{field.name}` is missing", tool=spec.name)
            else:
                value = args[field.name]
            try:
                arguments[field.name] = conform(value, field.type, self._table)
            except ConformError as error:
                message = f"the argument `{field.name}` does not fit `{field.type}`: {error}"
                raise ToolError("shape", message, tool=spec.name) from None
        return arguments

    def _flight(self, spec: ToolSpec, arguments: dict[str, Any], key: bytes | None, deadline: float | None) -> _Flight:
        """The running call with the same key, or a new one."""
        if key is not None and key in self._shared:
            return self._shared[key]
        # A shared call must not end with the deadline of the caller who happened to come first.
        work = self._tools[spec.name].call(arguments, deadline if key is None else None)
        flight = _Flight(asyncio.create_task(work, name=f"tool {spec.name}"))
        self._flights.add(flight)
        if key is not None:
            self._shared[key] = flight
        flight.task.add_done_callback(lambda _: self._land(flight, spec, key))
        return flight

    def _land(self, flight: _Flight, spec: ToolSpec, key: bytes | None) -> None:
        self._flights.discard(flight)
        if key is not None and self._shared.get(key) is flight:
            del self._shared[key]
        failed = flight.task.cancelled() or flight.task.exception() is not None
        if key is not None and not failed:
            self._cache.put(key, flight.task.result(), spec.cache_s)

    async def _join(self, flight: _Flight, spec: ToolSpec, deadline: float | None) -> Any:
        # Both clocks are monotonic, but an event loop may use its own.
        loop = asyncio.get_running_loop()
        until = None if deadline is None else loop.time() + deadline - time.monotonic()
        flight.waiters += 1
        try:
            async with asyncio.timeout_at(until):
                return await asyncio.shield(flight.task)
        except TimeoutError:
            raise _deadline_error(spec.name) from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if flight.task.cancelled() and not (task is not None and task.cancelling()):
                raise ToolError("cancelled", "the program is being shut down", tool=spec.name) from None
            raise
        finally:
            flight.waiters -= 1
            if flight.waiters == 0 and not flight.task.done():
                flight.task.cancel()
                self._shared = {key: other for key, other in self._shared.items() if other is not flight}


def _deadline_error(tool: str) -> ToolError:
    return ToolError("deadline", "the deadline of the run passed before the tool answered", tool=tool)


class _Flight:
    """One call on its way and the number of callers who wait for it."""

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self.task, self.waiters = task, 0


class _Cache:
    """Results by key, each for its own time; the least recently used go when all their JSON grows too large."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit, self._size = limit_bytes, 0
        self._entries: OrderedDict[bytes, tuple[float, int, Any]] = OrderedDict()

    def get(self, key: bytes) -> tuple[bool, Any]:
        entry = self._entries.get(key)
        if entry is None:
            return False, None
        if entry[0] <= time.monotonic():
            self._drop(key)
            return False, None
        self._entries.move_to_end(key)
        return True, entry[2]

    def put(self, key: bytes, value: Any, seconds: float) -> None:
        size = len(key) + len(msgspec.json.encode(value))
        if key in self._entries:
            self._drop(key)
        self._entries[key] = (time.monotonic() + seconds, size, value)
        self._size += size
        while self._size > self._limit:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: bytes) -> None:
        self._size -= self._entries.pop(key)[1]
