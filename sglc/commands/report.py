"""A failed run -> a message with the program's line, as compile errors have it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from sglc.commands.errors import RunFailed
from sglc.commands.failure import RunFailure, UsageError
from sglc.commands.hints import command_hint
from sglc.commands.terminal import paint
from sglc.diagnostics import render_text
from sglc.source import SourceFile, Span

if TYPE_CHECKING:
    from sglc.backend.errors import RunError
    from sglc.backend.plan import Plan
    from sglc.source import Location


_MAX_BYTES = 1 << 21
"""More than a program may have."""


def failure_of(error: RunError, plan: Plan) -> Exception:
    """The exception to raise for a failed run: what came from the command line is wrong usage."""
    if error.kind == "argument":
        return UsageError(error.message, error.hint)
    return RunFailure(paint(render_text([diagnostic_of(error, plan)]), sys.stderr))


def diagnostic_of(error: RunError, plan: Plan) -> RunFailed:
    """With the line of the program, when its source is still the one that was compiled."""
    source, span = place_of(error.location, plan) if error.location is not None else (None, None)
    problem, where = error.message, error.path and f"in `{error.path}`"
    if error.kind == "ensure":
        problem = f"the condition stayed false: {problem}"
    if source is None and error.location is not None:
        problem = f"{error.location}: {problem}"
    elif source is None and error.path:
        problem, where = f"{problem} (in `{error.path}`)", ""
    return RunFailed(source=source, span=span, problem=problem, where=where, help=_hint(error))


def _hint(error: RunError) -> str:
    if error.kind == "deadline":
        return "allow more time with `--timeout`"
    return command_hint(error.message, error.hint)


def place_of(location: Location, plan: Plan) -> tuple[SourceFile | None, Span | None]:
    """Where it is in the source; nothing when that is no longer what was compiled."""
    digest = dict(plan.sources).get(location.file)
    # Whoever made a compiled program chose the name: only a file that is known by its content is shown.
    if digest is None or not os.path.isfile(location.file):
        return None, None
    try:
        with open(location.file, "rb") as file:
            source = SourceFile(location.file, file.read(_MAX_BYTES).decode("utf-8"))
    except (OSError, ValueError):
        return None, None
    if digest != source.digest or location.line > source.line_count:
        return None, None
    start = source.line_start(location.line) + location.column - 1
    text = source.line_text(location.line)
    # A run knows where a step begins; the rest of that line is what it is about.
    end = source.line_start(location.line) + len(text.split("  #", 1)[0].rstrip())
    return source, Span(start, max(start + 1, end))
