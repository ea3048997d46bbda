"""What the tests of the runtime share: programs as textual IR, tools that record, and runs to their end."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from sglc.backend.engine.echo import EchoEngine, Script
from sglc.backend.errors import RunError
from sglc.backend.events import Event
from sglc.backend.plan import Plan
from sglc.backend.planner import make_plan
from sglc.backend.runtime import Program
from sglc.backend.tools.errors import ToolError
from sglc.ir.text import parse_graph

TOOLS = """
tool "look" (q: str) -> str {"python": {"target": "t:look"}}
"""


def plan_of(text: str) -> Plan:
    """The plan of a program in textual IR."""
    return make_plan(parse_graph(textwrap.dedent(text)))


class FakeTools:
    """Tools as functions; `log` holds what began and what ended, in that order."""

    def __init__(self, **tools: Callable[..., Any]) -> None:
        self._tools = tools
        self.log: list[str] = []

    async def call(self, name: str, args: Mapping[str, Any], *, deadline: float | None = None) -> Any:
        shown = f"{name}({', '.join(map(str, args.values()))})"
        self.log.append(f"+{shown}")
        try:
            result = self._tools[name](*args.values())
            if isinstance(result, Awaitable):
                result = await result
        except asyncio.CancelledError:
            self.log.append(f"x{shown}")
            raise
        if isinstance(result, Exception):
            self.log.append(f"!{shown}")
            raise result
        self.log.append(f"-{shown}")
        return result


def broken(name: str) -> ToolError:
    return ToolError("status", "it is down", tool=name)


class Bench:
    """A program with an echo engine and fake tools, and what its runs reported."""

    def __init__(
        self, text: str, script: Script | None = None, delay: float = 0.0, **tools: Callable[..., Any]
    ) -> None:
        self.plan = plan_of(text)
        self.engine = EchoEngine(script, delay)
        self.tools = FakeTools(**tools)
        self.program = Program(self.plan, {"": self.engine}, self.tools)
        self.events: list[Event] = []

    def run(self, name: str, *args: Any, **settings: Any) -> Any:
        """The value of a function; the arguments in the order of its fields."""
        return asyncio.run(self.start(name, *args, **settings))

    async def start(self, name: str, *args: Any, **settings: Any) -> Any:
        fields = self.plan.function(name).fields
        given = {field.name: arg for field, arg in zip(fields, args, strict=False)}
        before = asyncio.all_tasks()
        try:
            return await self.program.run(name, given, on_event=self.events.append, **settings)
        finally:
            assert asyncio.all_tasks() == before, "the run left tasks behind"

    def failure(self, name: str, *args: Any, **settings: Any) -> RunError:
        with pytest.raises(RunError) as caught:
            self.run(name, *args, **settings)
        return caught.value

    def prompts(self) -> list[str]:
        """The prompt of each request, in the order of asking."""
        return [call.prompt for call in self.engine.calls]

    def shown(self, *kinds: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kinds)]
