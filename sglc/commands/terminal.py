"""Text -> standard output and standard error, with colours where a person reads along and allows them."""

from __future__ import annotations

import os
import re
import sys
from typing import IO

_RED, _GREEN, _YELLOW, _BLUE, _BOLD, _PLAIN = (
    "\x1b[1;31m",
    "\x1b[1;32m",
    "\x1b[1;33m",
    "\x1b[1;34m",
    "\x1b[1m",
    "\x1b[0m",
)
_HEADER = re.compile(r"^(error|warning)(\[SGL\d{3}\])(:.*)$", re.MULTILINE)
_GUTTER = re.compile(r"^( *(?:\d+ )?(?:\||-->|= (?:hint|fix(?: \(unsafe\))?):))", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def use_colour(stream: IO[str]) -> bool:
    """https://no-color.org: any value of NO_COLOR but the empty one turns colours off."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def out(text: str) -> None:
    """To standard output, with a newline at the end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def note(text: str) -> None:
    """To standard error: whatever is not the result."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


def paint(text: str, stream: IO[str]) -> str:
    """Rendered diagnostics with their headers coloured."""
    if not use_colour(stream):
        return text
    text = _GUTTER.sub(lambda m: f"{_BLUE}{m[1]}{_PLAIN}", text)
    return _HEADER.sub(
        lambda m: f"{_RED if m[1] == 'error' else _YELLOW}{m[1]}{m[2]}{_PLAIN}{_BOLD}{m[3]}{_PLAIN}", text
    )


def colour(text: str, name: str, stream: IO[str]) -> str:
    """A word in red or green."""
    return f"{_RED if name == 'red' else _GREEN}{text}{_PLAIN}" if use_colour(stream) else text


def printable(text: str) -> str:
    """Text from elsewhere, harmless for a terminal: control characters are shown, not sent."""
    return _CONTROL.sub(lambda m: f"\\x{ord(m[0]):02x}", text)


def plural(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
