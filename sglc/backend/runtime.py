"""A plan and engines -> a Program whose functions, sessions and tests can be run, any number of them at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

import msgspec

from sglc.backend.caller import Caller, EngineCaller
from sglc.backend.engine.interface import Engine, Usage
from sglc.backend.errors import RunError
from sglc.backend.events import Done, Error, Listener, Start
from sglc.backend.execute import execute
from sglc.backend.plan import Function, Plan, Test
from sglc.backend.prompt import Handles, Tokens
from sglc.backend.run import Expectation, Place, Run, Tables, ToolCaller
from sglc.backend.run_steps import STEP_RUNS
from sglc.backend.session import SessionState
from sglc.ir.decode import ConformError
from sglc.ir.types import Field
from sglc.ir.values import fit_arguments

QUEUE = 8
"""Turns that may wait for a session; one more is refused."""


class Settings(TypedDict, total=False):
    """How one run goes. `deadline_s`: seconds it may take. `caller`: who answers instead of the engines (replay.py)."""

    seed: int
    deadline_s: float | None
    on_event: Listener | None
    caller: Caller | None


class Verdict(msgspec.Struct, frozen=True):
    """What a test came to: every `expect` in program order, and the error that ended it, if one did."""

    name: str
    expectations: tuple[Expectation, ...]
    error: RunError | None
    usage: Usage
    seconds: float

    @property
    def passed(self) -> bool:
        return self.error is None and all(found.passed for found in self.expectations)


class Program:
    """A plan, ready to run. `engines` by the name of the declared model, "" for the default; `tokens` are ids of
    constant texts for each of them (artifact.py). Engines and tools stay the caller's to start and to close."""

    def __init__(
        self,
        plan: Plan,
        engines: Mapping[str, Engine],
        tools: ToolCaller,
        *,
        tokens: Mapping[str, Tokens] | None = None,
    ) -> None:
        self.plan, self.engines, self.tools = plan, engines, tools
        self.tables = Tables(plan)
        self.handles = Handles(engines, tokens)

    async def run(self, name: str, args: Mapping[str, Any], **settings: Unpack[Settings]) -> Any:
        """The value of a function, or of a session's first turn (its arguments and the turn's together).

        Raises RunError; cancelling the caller cancels all work of the run at once.
        """
        session = self.tables.sessions.get(name)
        if session is not None:
            values = self.fit((*session.fields, *session.turn_fields), args)
            count = len(session.fields)
            state = SessionState(session, values[:count])

            async def work(run: Run) -> Any:
                await state.open(run)
                return await state.turn(run, values[count:])
        else:
            function = self._function(name, "def")
            values = self.fit(function.fields, args)

            async def work(run: Run) -> Any:
                results = await execute(run, function, values, Place(run.stream).entering(function))
                return results[-1] if results else None

        return await self.watch(name, work, **settings)

    async def open_session(self, name: str, args: Mapping[str, Any], **settings: Unpack[Settings]) -> Session:
        """A new session, what stands before its `turn` done. The settings are those of that."""
        session = self.tables.sessions.get(name)
        if session is None:
            raise RunError("argument", f"the program has no session `{name}`", hint=_offer(self.tables.sessions))
        state = SessionState(session, self.fit(session.fields, args))
        await self.watch(name, state.open, **settings)
        return Session(self, state)

    async def run_test(self, name: str, **settings: Unpack[Settings]) -> Verdict:
        """A failed test is a verdict, not an exception."""
        found = {test.name: test for test in self.plan.tests}
        if name not in found:
            raise RunError("argument", f"the program has no test `{name}`", hint=_offer(found))
        test: Test = found[name]
        runs: list[Run] = []

        async def work(run: Run) -> None:
            runs.append(run)
            await execute(run, self.tables.functions[test.function], (), Place(run.stream))

        error: RunError | None = None
        started = time.monotonic()
        try:
            await self.watch(name, work, **settings)
        except RunError as failure:
            error = failure
        expectations = tuple(expectation for _, expectation in sorted(runs[0].expectations, key=lambda item: item[0]))
        return Verdict(name, expectations, error, runs[0].usage, time.monotonic() - started)

    def fit(self, fields: Sequence[Field], args: Mapping[str, Any]) -> list[Any]:
        """The arguments as values in the order of the fields; raises RunError("argument")."""
        try:
            return fit_arguments(fields, args, self.tables.types)
        except ConformError as error:
            named = f"argument `{error.path}`: " if error.path else ""
            shape = ", ".join(f"{field.name}: {field.type}" for field in fields)
            hint = f"expected the arguments ({shape})"
            raise RunError("argument", f"{named}{error.message}", path=error.path, hint=hint) from None

    async def watch(self, name: str, work: Callable[[Run], Awaitable[Any]], **settings: Unpack[Settings]) -> Any:
        """One run from its start to its end: events, deadline, and nothing left behind."""
        deadline_s = settings.get("deadline_s")
        run = Run(
            self.tables,
            self.handles,
            settings.get("caller") or EngineCaller(),
            self.tools,
            STEP_RUNS,
            seed=settings.get("seed", 0),
            deadline=None if deadline_s is None else time.monotonic() + deadline_s,
            listener=settings.get("on_event"),
        )
        try:
            run.stream.send(Start(function=name, seed=run.seed, notes=self._notes()))
            async with asyncio.timeout(deadline_s) as timer:
                value = await work(run)
        except TimeoutError:
            if not timer.expired():
                raise
            raise self._report(run, _too_long(run, deadline_s)) from None
        except RunError as error:
            raise self._report(run, error) from None
        except asyncio.CancelledError:
            self._report(run, RunError("cancelled", "the run was cancelled"))
            raise
        finally:
            await run.close()
        run.stream.send(Done(value=value, usage=run.usage, seconds=time.monotonic() - run.started))
        return value

    def _report(self, run: Run, error: RunError) -> RunError:
        anew = error.raised_anew()
        event = Error(path=anew.path, kind=anew.kind, message=anew.message, location=anew.location, hint=anew.hint)
        run.stream.send(event)
        return anew

    def _function(self, name: str, kind: str) -> Function:
        callable_ = {f.name: f for f in self.plan.functions if f.kind == kind}
        if name not in callable_:
            offered = (*callable_, *self.tables.sessions)
            raise RunError("argument", f"the program has no function `{name}`", hint=_offer(offered))
        return callable_[name]

    def _notes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(note for engine in self.engines.values() for note in engine.info.notes))


class Session:
    """An open session. Turns are taken one at a time, in the order in which they were asked for."""

    def __init__(self, program: Program, state: SessionState) -> None:
        self._program, self._state = program, state
        self._lock = asyncio.Lock()
        self._waiting = 0

    @property
    def states(self) -> dict[str, Any]:
        """The states as the last successful turn left them."""
        return {field.name: value for field, value in zip(self._state.session.states, self._state.states, strict=True)}

    @property
    def turns(self) -> int:
        """How many turns succeeded."""
        return self._state.turns

    def messages(self) -> list[tuple[str, str]]:
        """Role and text of the conversation so far."""
        return self._state.prompt.messages() if self._state.prompt is not None else []

    async def turn(self, args: Mapping[str, Any], **settings: Unpack[Settings]) -> Any:
        """The turn's value. Raises RunError: "busy" when too many turns wait. After a failure the session is as before.

        The deadline counts from the turn's own start.
        """
        session = self._state.session
        values = self._program.fit(session.turn_fields, args)
        if self._waiting >= QUEUE:
            raise RunError("busy", f"{QUEUE} turns wait for this session already", hint="try again later")
        self._waiting += 1
        try:
            await self._lock.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._program.watch(session.name, lambda run: self._state.turn(run, values), **settings)
        finally:
            self._lock.release()


def _too_long(run: Run, deadline_s: float | None) -> RunError:
    at = run.stopped_at
    message = f"the run took longer than {deadline_s:g} s"
    if at is None:
        return RunError("deadline", message)
    return RunError("deadline", message, location=at.location, path=at.path)


def _offer(names: Sequence[str] | Mapping[str, object]) -> str:
    return f"it has {', '.join(f'`{name}`' for name in names)}" if names else "it has none"
