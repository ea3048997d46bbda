"""What an interpreted run touches outside itself: it asks for replies, calls tools, and keeps a log of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from sglc.ir.decode import ConformError, conform, decode_text
from sglc.ir.graph import Graph
from sglc.ir.ops import Gen, Select
from sglc.ir.option_values import OptionError, option_value
from sglc.ir.outcome import Ask, Effect, Expectation, Failure, InterpretError, Reply, ToolFailure, Tools
from sglc.ir.prompt import Context, Prompt
from sglc.ir.values import fit_arguments
from sglc.source import Location


class Failed(Exception):
    """The program failed; `try` and a fork's `except` catch it."""

    def __init__(self, kind: str, message: str, location: Location | None = None) -> None:
        super().__init__(message)
        self.failure = Failure(kind, message, location)

    def at(self, location: Location | None) -> Failed:
        """The same failure at a place, unless it has one."""
        found = self.failure
        return self if found.location is not None else Failed(found.kind, found.message, location)

    @property
    def record(self) -> dict[str, str]:
        """What `except name` binds (FAILURE in ir/types.py)."""
        return {"kind": self.failure.kind, "message": self.failure.message}


class World:
    def __init__(self, graph: Graph, reply: Ask, tools: Tools | None, count_tokens: Callable[[str, str], int]) -> None:
        self.graph, self.table = graph, graph.type_table
        self.reply, self.tools, self.count_tokens = reply, tools, count_tokens
        self.requests: list[tuple[str, Prompt]] = []
        self.expects: list[Expectation] = []
        self.effects: list[Effect] = []

    def gen(self, op: Gen, context: Context, dynamic: Sequence[Any], path: str) -> list[Any]:
        """The results of a gen."""
        op, prompt = _with_dynamic(op, dynamic), context.prompt()
        self.requests.append((path, prompt))
        answer = self.reply(prompt, op, path)
        if not isinstance(answer, Reply):
            answer = Reply(answer)
        try:
            value = decode_text(answer.text, op.type, self.table)
        except ConformError as error:
            raise InterpretError(f"the reply to `{path}` does not fit: {error}") from None
        extra = [answer.reasoning] * op.reasoning + [list(answer.logprobs)] * op.logprobs
        return [context.append(answer.text), value, *extra]

    def select(self, op: Select, context: Context, choices: Sequence[str], path: str) -> list[Any]:
        """The results of a select. A choice that comes twice is asked for once; scores stand for the list as given."""
        if not choices:
            raise Failed("value", f"`select {op.name}` has no choices")
        different = tuple(dict.fromkeys(choices))
        prompt = context.prompt(different)
        self.requests.append((path, prompt))
        answer = self.reply(prompt, op, path)
        scores = _scores(answer, different)
        if len(scores) != len(different):
            raise InterpretError(f"the reply to `{path}` is {answer!r}, expected one of {len(different)} choices")
        best = different[scores.index(max(scores))]
        by_choice = dict(zip(different, scores, strict=True))
        return [context.append(best), best, *([[by_choice[choice] for choice in choices]] if op.scores else [])]

    def tool(self, name: str, args: dict[str, Any]) -> Any:
        """A tool's result."""
        spec = self.graph.tool(name)
        try:
            values = fit_arguments(spec.params, args, self.table)
        except ConformError as error:
            raise Failed("tool", f"tool `{name}`: an argument does not fit: {error}") from None
        given = {param.name: value for param, value in zip(spec.params, values, strict=True)}
        if spec.effect:
            self.effects.append(Effect(name, given))
        if self.tools is None:
            raise InterpretError(f"the program calls the tool `{name}`, and no tools were given")
        try:
            return conform(self.tools(name, given), spec.result, self.table)
        except ToolFailure as error:
            raise Failed("tool", f"tool `{name}`: {error}") from None
        except ConformError as error:
            raise Failed("tool", f"tool `{name}`: the answer does not fit `{spec.result}`: {error}") from None


def _with_dynamic(op: Gen, values: Sequence[Any]) -> Gen:
    """The gen with its dynamic options filled in, in the form of the constant ones; none leaves an option as it is."""
    try:
        changed = {n: option_value(n, v) for n, v in zip(op.dynamic, values, strict=True) if v is not None}
    except OptionError as error:
        raise Failed("value", str(error)) from None
    return msgspec.structs.replace(op, options=msgspec.structs.replace(op.options, **changed), dynamic=())


def _scores(answer: Any, choices: Sequence[str]) -> list[float]:
    """One score a choice; empty for an answer that is none."""
    if isinstance(answer, str):
        answer = choices.index(answer) if answer in choices else -1
    if isinstance(answer, int):
        return [float(i == answer) for i in range(len(choices))] if 0 <= answer < len(choices) else []
    return [float(score) for score in answer]
