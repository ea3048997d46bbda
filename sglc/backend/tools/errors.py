"""How a tool call fails: one exception with a kind that programs can match on, and no secret in its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

ToolErrorKind = Literal[
    "timeout", "deadline", "unreachable", "status", "shape", "refused", "env", "raised", "cancelled"
]  # fmt: skip
"""timeout: an attempt took longer than the tool's own limit. deadline: the run's time is over. unreachable: no answer,
or a broken one. status: an answer that is not a success. shape: not JSON, or not of the declared type. refused: the
operator's policy, or an argument that cannot be sent. env: a value is missing or unusable. raised: the Python function
failed. cancelled: the toolbox was closed during the call."""


class ToolError(Exception):
    """A failed tool call. `message` is one line; `hint` is an instruction for whoever can change something."""

    def __init__(
        self,
        kind: ToolErrorKind,
        message: str,
        *,
        tool: str,
        hint: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.tool, self.hint = kind, message, tool, hint
        self.status, self.retry_after = status, retry_after

    def reword(self, message: str) -> None:
        """Replace the message everywhere, also where `repr` and loggers find it."""
        self.message, self.args = message, (message,)

    def __str__(self) -> str:
        return f"tool `{self.tool}`: {self.message}" + (f" ({self.hint})" if self.hint else "")


class Secrets:
    """Replaces env values in text by their names, as they are and as a url spells them."""

    # A shorter value (a language, a page size) is no secret, and hiding it would tear words apart.
    MIN_LENGTH = 5

    def __init__(self, values: Mapping[str, str]) -> None:
        self._names: dict[str, str] = {}
        for name, value in values.items():
            if len(value) >= self.MIN_LENGTH:
                self._names |= {value: name, quote(value, safe="", errors="replace"): name}
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def hide(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: f"{{env.{self._names[match[0]]}}}", text)


def one_line(text: str, limit: int = 200) -> str:
    """Text with control characters and runs of blanks turned into single blanks, cut to `limit` characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= limit else flat[:limit] + "..."
