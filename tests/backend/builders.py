"""What the tests of the runtime share: programs as textual IR, tools that record, and runs to their end."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from sglc.backend.engine.echo import EchoEngine, Script
from sglc.backend.errors import RunError
from sglc.backend.events import Event, Reset, Text, ValueEvent
from sglc.backend.plan import Plan
from sglc.backend.planner import plan_graph
from sglc.backend.runtime import Program
from sglc.backend.tools.errors import ToolError
from sglc.ir.text import parse_graph
from sglc.ir.verify import verify

PYTHON = '"impl": {"t": "python", "target": "tools:tool"}'
TOOLS = "".join(
    f'tool {name}(what: str) -> str {{{PYTHON}, "effect": {str(effect).lower()}}}\n'
    for name, effect in (("look", False), ("find", False), ("send", True), ("pay", True))
)
"""Declarations of two tools without effects and two with: look and find, send and pay."""


ENSURE = """
func @f() -> str {
  %c0 = context
  %c1 = append %c0, role user ["Pick a digit."]
  %why: str = const "a digit, please"
  %c2, %d: str = attempt %c3 = %c1 retries 2 {
    %c4 = append %c3, role assistant []
    %c5, %d1 = gen %c4 : str
    %ok: bool = apply str.isdigit(%d1)
    check %ok, %why, %c5, %d1
  }
  %c6 = append %c2, role user ["Thanks."]
  %c7 = append %c6, role assistant []
  %c8, %bye = gen %c7 : str
  return %d
}
"""
"""Asks again, at most twice, until the reply is a digit; then goes on."""


def plan_of(text: str) -> Plan:
    """The plan of a program in textual IR."""
    graph = parse_graph(textwrap.dedent(text))
    verify(graph)
    return plan_graph(graph)


class FakeTools:
    """Tools as functions; `log` holds what began (+), ended (-), failed (!) and was cancelled (x), in that order."""

    def __init__(self, tools: Mapping[str, Callable[..., Any]]) -> None:
        self._tools = tools
        self.log: list[str] = []

    async def call(self, name: str, args: Mapping[str, Any], *, deadline: float | None = None) -> Any:
        shown = f"{name}({', '.join(map(str, args.values()))})"
        self.log.append(f"+{shown}")
        try:
            tool = self._tools.get(name)
            result = tool(*args.values()) if tool is not None else " ".join((name, *map(str, args.values())))
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


def down(name: str = "look") -> ToolError:
    """What a broken tool raises."""
    return ToolError("status", "it is down", tool=name)


class Bench:
    """A program with an echo engine and fake tools, and what its runs reported."""

    def __init__(
        self, text: str, script: Script | None = None, delay: float = 0.0, **tools: Callable[..., Any]
    ) -> None:
        self.plan = plan_of(TOOLS + textwrap.dedent(text))
        self.engine = EchoEngine(script, delay)
        self.tools = FakeTools(tools)
        self.program = Program(self.plan, {"": self.engine}, self.tools)
        self.events: list[Event] = []

    def run(self, name: str, *args: Any, **settings: Any) -> Any:
        """The value of a function; the arguments in the order of its fields."""
        return asyncio.run(self.start(name, *args, **settings))

    async def start(self, name: str, *args: Any, **settings: Any) -> Any:
        fields = self.plan.function(name).fields
        given = {field.name: arg for field, arg in zip(fields, args, strict=False)}
        return await self.watch(self.program.run(name, given, on_event=self.events.append, **settings))

    async def watch(self, work: Awaitable[Any]) -> Any:
        """The result; fails when the work leaves tasks behind."""
        before = asyncio.all_tasks()
        try:
            return await work
        finally:
            assert asyncio.all_tasks() <= before, "the run left tasks behind"

    def failure(self, name: str, *args: Any, **settings: Any) -> RunError:
        with pytest.raises(RunError) as caught:
            self.run(name, *args, **settings)
        return caught.value

    @property
    def prompts(self) -> list[str]:
        """The prompt of each request, in the order of asking."""
        return [call.prompt for call in self.engine.calls]

    @property
    def story(self) -> list[str]:
        """Values and resets as `path=value` and `path!`, and texts of one path as one `path:text`."""
        told: list[str] = []
        for event in self.events:
            match event:
                case Text(path=path, text=text) if told and told[-1].startswith(f"{path}:"):
                    told[-1] += text
                case Text(path=path, text=text):
                    told.append(f"{path}:{text}")
                case ValueEvent(path=path, value=value):
                    told.append(f"{path}={value}")
                case Reset(path=path):
                    told.append(f"{path}!")
        return told


class Gates:
    """Tools that wait until they are let through, by their argument."""

    def __init__(self) -> None:
        self.waiting: dict[str, asyncio.Future[Any]] = {}

    async def __call__(self, what: str) -> Any:
        self.waiting[what] = asyncio.get_running_loop().create_future()
        return await self.waiting[what]

    async def seen(self, *names: str) -> None:
        """Returns when these wait, and checks that no others do."""
        for _ in range(200):
            await asyncio.sleep(0)
        assert {name for name, gate in self.waiting.items() if not gate.done()} == set(names)

    def open(self, what: str, result: Any = "ok") -> None:
        self.waiting[what].set_result(result)


def drive(bench: Bench, *args: Any, play: Callable[[asyncio.Task[Any]], Awaitable[Any]]) -> Any:
    """Run `f` while `play` moves it on; the run's value, or its error."""

    async def both() -> Any:
        run = asyncio.ensure_future(bench.start("f", *args))
        await play(run)
        try:
            return await asyncio.wait_for(run, 5)
        except RunError as error:
            return error

    return asyncio.run(both())
