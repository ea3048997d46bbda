"""What the interpreter is given to answer with, and what a run comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from sglc.ir.prompt import Prompt
from sglc.source import Location

Ask: TypeAlias = Callable[[Prompt, Any, str], Any]
"""(prompt, op, path) -> answer. For a Gen: the raw text, or a Reply; the op's options hold the dynamic ones too. For a
Select: the index of one of `prompt.choices`, its text, or a score for each (the first of the best wins). The path names
the place in the run: `out[2].tip`; loops add `name[index]`, calls the callee's name, templates nothing."""

Tools: TypeAlias = Callable[[str, dict[str, Any]], Any]
"""(tool, arguments) -> result; raises ToolFailure."""


class Reply(msgspec.Struct, frozen=True):
    """A gen's answer with what its extra results hold."""

    text: str
    reasoning: str = ""
    logprobs: tuple[Any, ...] = ()


class ToolFailure(Exception):
    """A tool did not answer; the program may catch it."""


class InterpretError(Exception):
    """The run cannot go on, and not by the program's fault: a reply that does not fit, too many steps."""


class Failure(msgspec.Struct, frozen=True):
    """How a program failed. kind: fail, ensure, tool, value, recursion."""

    kind: str
    message: str
    location: Location | None = None


class Expectation(msgspec.Struct, frozen=True):
    """What an `expect` found; `shown` are sources with their values."""

    held: bool
    text: str
    shown: tuple[tuple[str, Any], ...] = ()
    location: Location | None = None


class Effect(msgspec.Struct, frozen=True):
    """A call of a tool with an effect, in the order of the run."""

    tool: str
    args: Mapping[str, Any]


class Outcome(msgspec.Struct, frozen=True):
    """What a run gave (`value` or `failure`), asked and did. `context`: where a template or a session's turn ended."""

    value: Any = None
    failure: Failure | None = None
    context: Prompt | None = None
    requests: tuple[tuple[str, Prompt], ...] = ()
    expects: tuple[Expectation, ...] = ()
    effects: tuple[Effect, ...] = ()


def same_meaning(before: Outcome, after: Outcome) -> bool:
    """Whether a pass may turn a program with one outcome into a program with the other.

    Requests may disappear (dead ones), not appear or change; at which path they are asked does not matter.
    """
    return _kept(before) == _kept(after) and _prompts(after) <= _prompts(before)


def _kept(outcome: Outcome) -> str:
    # As text, because that tells 1, 1.0 and True apart and shows the order of fields, which prompts show too.
    return repr((outcome.value, outcome.failure, outcome.context, outcome.expects, outcome.effects))


def _prompts(outcome: Outcome) -> Counter[Prompt]:
    return Counter(prompt for _, prompt in outcome.requests)
