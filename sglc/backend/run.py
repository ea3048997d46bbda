"""One run: what all its parts share, from the program's tables to the tasks under way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

import msgspec

from sglc.backend.caller import Caller
from sglc.backend.engine.interface import Usage
from sglc.backend.errors import RunError
from sglc.backend.events import Listener, Stream
from sglc.backend.plan import Function, Plan, Session
from sglc.backend.plan_steps import Step
from sglc.backend.prompt import Handles
from sglc.backend.run_scope import Cell, Queue
from sglc.diagnostics import InternalError
from sglc.ir.decode import conform
from sglc.ir.types import TypeTable
from sglc.source import Location


class ToolCaller(Protocol):
    """What runs tools: tools/toolbox.py, or a test's stand-in. All failures are ToolErrors."""

    async def call(self, name: str, args: Mapping[str, Any], *, deadline: float | None = None) -> Any: ...


class Tables:
    """A plan made ready to run: names looked up, constants decoded once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.types: TypeTable = plan.type_table
        self.functions: Mapping[str, Function] = {function.name: function for function in plan.functions}
        self.sessions: Mapping[str, Session] = {session.name: session for session in plan.sessions}
        self.parameters = {tool.name: tuple(field.name for field in tool.params) for tool in plan.tools}
        self.constants = [
            Cell(value=conform(msgspec.json.decode(constant.json), plan.value_types[constant.type], self.types))
            for constant in plan.constants
        ]


class Expectation(msgspec.Struct, frozen=True):
    """One `expect` of a test: the condition as written, whether it held, and what its parts were."""

    text: str
    passed: bool
    shown: tuple[tuple[str, Any], ...] = ()
    location: Location | None = None


class Place(msgspec.Struct, frozen=True):
    """Where in the run a part is: `path` for people and events, `site` for seeds and replays (the same whatever the
    passes did), `attempt` the retries around it, `depths` how often each bounded function is around it."""

    stream: Stream
    path: str = ""
    site: str = ""
    attempt: str = ""
    depths: Mapping[str, int] = {}

    def inside(self, name: str, site: str = "") -> Place:
        """`site` "" is the same as the name."""
        return msgspec.structs.replace(self, path=join(self.path, name), site=join(self.site, site or name))

    def streaming(self, stream: Stream) -> Place:
        return msgspec.structs.replace(self, stream=stream)

    def retrying(self, number: int) -> Place:
        """The first try counts as nothing, so that a run without retries is numbered as if there could be none."""
        if not number:
            return self
        return msgspec.structs.replace(self, attempt=f"{self.attempt}.{number}" if self.attempt else str(number))

    def entering(self, function: Function) -> Place:
        if function.depth is None:
            return self
        depth = self.depths.get(function.name, 0) + 1
        return msgspec.structs.replace(self, depths={**self.depths, function.name: depth})


def join(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


class Run:
    """The shared state of one run. Make it inside the event loop; `close` when it is over, however it ended.

    `step_runs`: what runs each kind of step (run_steps.py).
    """

    def __init__(
        self,
        tables: Tables,
        handles: Handles,
        caller: Caller,
        tools: ToolCaller,
        step_runs: Mapping[type[Step], Any],
        *,
        seed: int = 0,
        deadline: float | None = None,
        listener: Listener | None = None,
    ) -> None:
        self.tables, self.handles, self.caller, self.tools = tables, handles, caller, tools
        self.step_runs = step_runs
        self.seed, self.deadline = seed, deadline
        self.stream = Stream(listener or _nobody)
        self.listening = listener is not None
        self.usage = Usage()
        self.expectations: list[tuple[tuple[int, ...], Expectation]] = []
        self.broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.queue = Queue(asyncio.get_running_loop(), self.break_off)
        self.stopped_at: RunError | None = None
        """What was under way when the run was cancelled."""
        self.started = time.monotonic()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._tool_calls = 0

    def cell(self) -> Cell:
        return Cell(self.queue)

    def location(self, at: int) -> Location | None:
        return self.tables.plan.location(at)

    def error(self, kind: Any, message: str, at: int, path: str, hint: str = "") -> RunError:
        return RunError(kind, message, location=self.location(at), path=path, hint=hint)

    def next_tool_call(self) -> int:
        self._tool_calls += 1
        return self._tool_calls

    def spawn(self, work: Coroutine[Any, Any, Any], done: Callable[[asyncio.Task[Any]], None]) -> asyncio.Task[Any]:
        """A task that belongs to the run; `done` is called through the queue when it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)

        def ended(task: asyncio.Task[Any]) -> None:
            self._tasks.discard(task)
            if not task.cancelled():
                task.exception()  # seen, so that asyncio does not complain when the run is over and nobody asks
            self.queue.post(done, task)

        task.add_done_callback(ended)
        return task

    def break_off(self, error: BaseException) -> None:
        """A bug, here or in a listener: it ends the run and reaches whoever started it."""
        if not self.broken.done():
            self.broken.set_exception(error)

    async def close(self) -> None:
        """Ends what still runs and waits for it, so that nothing of the run is left."""
        self.queue.close()
        cancelled: asyncio.CancelledError | None = None
        while self._tasks:
            for task in self._tasks:
                # Once is enough, and a second time would break off what the task does to clean up.
                if not task.cancelling():
                    task.cancel()
            try:
                await asyncio.wait(list(self._tasks))
            except asyncio.CancelledError as error:
                cancelled = error  # whoever waits for the run is in a hurry, but its tasks must end first
        if self.broken.done():
            self.broken.exception()  # seen, so that asyncio does not complain
        self.handles.release_dropped()
        if cancelled is not None:
            raise cancelled


def _nobody(event: object) -> None:
    """Listens to nothing."""


def known_function(tables: Tables, name: str) -> Function:
    try:
        return tables.functions[name]
    except KeyError:
        raise InternalError(f"the plan calls `{name}`, which it does not have") from None
