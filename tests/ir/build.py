"""Runs programs in textual IR with scripted replies and tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sglc.ir.graph import Graph
from sglc.ir.interpret import interpret
from sglc.ir.outcome import InterpretError, Outcome, ToolFailure
from sglc.ir.prompt import Prompt
from sglc.ir.text import parse_graph
from sglc.ir.verify import verify


def script(replies: Mapping[str, Any]) -> Callable[[Prompt, Any, str], Any]:
    """Answers by path. A list is given out one by one, for a path that is asked more than once."""
    waiting = {path: list(answers) if isinstance(answers, list) else None for path, answers in replies.items()}

    def reply(prompt: Prompt, op: Any, path: str) -> Any:
        if path not in replies:
            raise InterpretError(f"nothing is scripted for `{path}`")
        answers = waiting[path]
        return replies[path] if answers is None else answers.pop(0)

    return reply


def tools(results: Mapping[str, Any]) -> Callable[[str, dict[str, Any]], Any]:
    """Answers by name. A list is given out one by one; a ToolFailure is raised; a function gets the arguments."""
    waiting = {name: list(found) if isinstance(found, list) else None for name, found in results.items()}

    def call(name: str, args: dict[str, Any]) -> Any:
        queue = waiting[name]
        found = results[name] if queue is None else queue.pop(0)
        if isinstance(found, ToolFailure):
            raise found
        return found(**args) if callable(found) else found

    return call


def run(
    program: str | Graph,
    args: Mapping[str, Any] | None = None,
    replies: Mapping[str, Any] | None = None,
    results: Mapping[str, Any] | None = None,
    function: str = "main",
    **options: Any,
) -> Outcome:
    graph = parse_graph(program) if isinstance(program, str) else program
    verify(graph)
    return interpret(graph, function, args or {}, script(replies or {}), tools(results or {}), **options)


def prompts(outcome: Outcome) -> list[tuple[str, str]]:
    """Each request as its path and its prompt's text."""
    return [(path, prompt.text) for path, prompt in outcome.requests]
