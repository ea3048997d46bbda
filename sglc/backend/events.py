"""What a run reports while it goes on: one Struct an event, and the Stream through which a part of the run sends them.

A path says where in the program something happens: `out[2].tip` is the hole `tip` in the third branch of `out`. Events
of one path come in order, those of different paths do not. After `reset` everything that came under its path is void.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import msgspec

from sglc.backend.engine.interface import Usage
from sglc.source import Location


class _Event(msgspec.Struct, frozen=True, tag_field="event", omit_defaults=True):
    path: str = ""


class Start(_Event, frozen=True, tag="start", kw_only=True):
    """The run begins. `notes` are what the engines want the user to know."""

    function: str
    seed: int = 0
    notes: tuple[str, ...] = ()


class Text(_Event, frozen=True, tag="text", kw_only=True):
    """A piece of a hole's text, or with `reasoning` of what the model thinks before it.

    `provisional`: an `ensure` may still refuse it; `value` confirms it.
    """

    text: str
    reasoning: bool = False
    provisional: bool = False


class ValueEvent(_Event, frozen=True, tag="value", kw_only=True):
    """A hole's value, final."""

    value: Any


class ToolCall(_Event, frozen=True, tag="tool_call", kw_only=True):
    """`id` joins a call to its result."""

    id: int
    tool: str
    args: dict[str, Any]


class ToolResult(_Event, frozen=True, tag="tool_result", kw_only=True):
    """What the tool gave, or with `error` why it did not."""

    id: int
    tool: str
    value: Any = None
    error: str = ""
    seconds: float = 0.0


class Branch(_Event, frozen=True, tag="branch", kw_only=True):
    """A branch of a fork, or an iteration, begins or is over."""

    state: Literal["begin", "end"]


class Reset(_Event, frozen=True, tag="reset", kw_only=True):
    """A retry or an `except` begins: what came under this path is void."""


class Error(_Event, frozen=True, tag="error", kw_only=True):
    """The run failed."""

    kind: str
    message: str
    location: Location | None = None
    hint: str = ""


class Done(_Event, frozen=True, tag="done", kw_only=True):
    """The run is over, and gave this value."""

    value: Any
    usage: Usage
    seconds: float


Event: TypeAlias = Start | Text | ValueEvent | ToolCall | ToolResult | Branch | Reset | Error | Done
Listener: TypeAlias = Callable[[Event], None]


class Stream:
    """Sends the events of a part of the run, which may still be taken back.

    `holds`: an `ensure` is yet to pass, so texts are provisional and values wait for `confirm`. `take_back` sends a
    reset for each path that has shown something.
    """

    def __init__(self, send: Listener, parent: Stream | None = None, *, holds: bool = False) -> None:
        self._send, self._parent, self._holds = send, parent, holds
        self.provisional: bool = holds or (parent is not None and parent.provisional)
        self._held: list[ValueEvent] = []
        self._shown: dict[str, None] = {}

    def inside(self, *, holds: bool = False) -> Stream:
        """The stream of a part of this part."""
        return Stream(self._send, self, holds=holds)

    def send(self, event: Event) -> None:
        if isinstance(event, ValueEvent) and self._holds:
            self._held.append(event)
        elif self._parent is None:
            self._send(event)
        else:
            self._shown[event.path] = None
            self._parent.send(event)

    def confirm(self) -> None:
        """The part will not be taken back."""
        self._holds = False
        held, self._held = self._held, []
        for event in held:
            self.send(event)

    def take_back(self) -> None:
        shown, self._shown, self._held = self._shown, {}, []
        for path in shown:
            self.send(Reset(path=path))
        self._shown = {}
