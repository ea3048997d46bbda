"""How a run fails: one exception with a kind, a place in the program's text and a place in the run."""

from __future__ import annotations

from typing import Literal

from sglc.backend.engine.interface import EngineError
from sglc.backend.tools.errors import ToolError
from sglc.source import Location

ErrorKind = Literal[
    "fail", "ensure", "tool", "value", "recursion", "argument", "busy", "context_full", "deadline", "cancelled",
    "engine",
]  # fmt: skip
"""fail: the program's own `fail`. ensure: a condition stayed false. tool: a tool call failed. value: an operation has
no value for its operands, or a reply is none of the type. recursion: past a `max`. argument: from outside, and wrong.
busy: a session's queue is full. context_full: the prompt does not fit the model. deadline: the run's time is over.
cancelled: the program is being shut down. engine: the engine is lost or cannot be asked."""

_UNCATCHABLE = frozenset({"argument", "busy", "deadline", "cancelled", "engine"})
_FROM_ENGINE: dict[str, ErrorKind] = {"context_full": "context_full", "deadline": "deadline", "impossible": "value"}
_FROM_TOOL: dict[str, ErrorKind] = {"deadline": "deadline", "cancelled": "cancelled"}


class RunError(Exception):
    """A failed run, or a failure on its way to an `except`. `path` is its place in the run, `location` in the text."""

    def __init__(
        self, kind: ErrorKind, message: str, *, location: Location | None = None, path: str = "", hint: str = ""
    ) -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind
        self.message, self.location, self.path, self.hint = message, location, path, hint

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location is not None else ""
        return f"{place}{self.message}" + (f" ({self.hint})" if self.hint else "")

    @property
    def catchable(self) -> bool:
        """Whether `try` sees it: a program cannot answer for its time or its engine."""
        return self.kind not in _UNCATCHABLE

    def raised_anew(self) -> RunError:
        """The same error without the frames that it came through, which would keep the run's prompts alive."""
        return RunError(self.kind, self.message, location=self.location, path=self.path, hint=self.hint)


def from_engine(error: EngineError, location: Location | None, path: str) -> RunError:
    kind = _FROM_ENGINE.get(error.kind, "engine")
    return RunError(kind, error.message, location=location, path=path, hint=error.hint)


def from_tool(error: ToolError, location: Location | None, path: str) -> RunError:
    kind = _FROM_TOOL.get(error.kind, "tool")
    message = f"tool `{error.tool}`: {error.message}"
    return RunError(kind, message, location=location, path=path, hint=error.hint)
