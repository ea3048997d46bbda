"""Steps under way that reach outside: tools, calls that a model chose, sessions inside tests."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sglc.backend import plan_steps as steps
from sglc.backend.errors import from_tool
from sglc.backend.events import ToolCall, ToolResult
from sglc.backend.run import Place
from sglc.backend.run_ask import TaskRun
from sglc.backend.session import SessionState
from sglc.backend.tools.errors import ToolError


class _ToolTask(TaskRun):
    __slots__ = ()

    async def call_tool(self, place: Place, name: str, args: Mapping[str, Any]) -> Any:
        """Waits for the tool's turn among the effects, then calls it."""
        await self.turn(self.step.effect)
        number, started = self.run.next_tool_call(), time.monotonic()
        place.stream.send(ToolCall(path=place.path, id=number, tool=name, args=dict(args)))
        try:
            value = await self.run.tools.call(name, args, deadline=self.run.deadline)
        except ToolError as error:
            failed = from_tool(error, self.run.location(self.step.at), place.path)
            place.stream.send(self._result(place, number, name, started, error=failed.message))
            raise failed from None
        place.stream.send(self._result(place, number, name, started, value=value))
        return value

    def _result(self, place: Place, number: int, name: str, started: float, **result: Any) -> ToolResult:
        return ToolResult(path=place.path, id=number, tool=name, seconds=time.monotonic() - started, **result)


class ToolRun(_ToolTask):
    __slots__ = ()
    step: steps.Tool

    async def work(self) -> Sequence[Any]:
        args = dict(zip(self.run.tables.parameters[self.step.tool], self.values(), strict=True))
        return [await self.call_tool(self.place.inside(self.step.name), self.step.tool, args)]


class DispatchRun(_ToolTask):
    __slots__ = ()
    step: steps.Dispatch

    async def work(self) -> Sequence[Any]:
        choice: dict[str, Any] = self.inputs[0].value
        name = choice["name"]
        if name not in self.step.tools:
            return [choice]
        place = self.place.inside(self.step.name).inside(name)
        return [{**choice, "result": await self.call_tool(place, name, choice["args"])}]


class OpenRun(TaskRun):
    __slots__ = ()
    step: steps.Open

    async def work(self) -> Sequence[Any]:
        await self.turn(self.step.effect)
        place = self.place.inside(self.step.name)
        state = SessionState(self.run.tables.sessions[self.step.session], self.values(), place.path)
        await state.open(self.run)
        return [state]


class TurnRun(TaskRun):
    __slots__ = ()
    step: steps.Turn

    async def work(self) -> Sequence[Any]:
        await self.turn(self.step.effect)
        state, *args = self.values()
        return [await state.turn(self.run, args)]
