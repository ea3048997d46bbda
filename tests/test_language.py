"""What docs/language.md says about the meaning of programs: from source to the prompts that the model sees."""

from __future__ import annotations

import asyncio
import textwrap
from typing import Any

import pytest

from sglc.backend.engine.echo import EchoEngine, Script
from sglc.backend.errors import RunError
from sglc.backend.runtime import Program
from sglc.pipeline import compile_program
from sglc.source import SourceFile


class NoTools:
    """These programs call none."""

    async def call(self, name: str, args: Any, *, deadline: float | None = None) -> Any:
        raise AssertionError(f"{name} was called")


class Bench:
    """A program's last function, with scripted replies."""

    def __init__(self, text: str, script: Script | None = None) -> None:
        source = SourceFile("test.sgl", textwrap.dedent(text))
        plan = compile_program("test.sgl", source=source).plan
        self.engine = EchoEngine(script)
        engines = {"": self.engine, **{model.name: self.engine for model in plan.models}}
        self.program, self.entry = Program(plan, engines, NoTools()), plan.entry

    def run(self, **args: Any) -> Any:
        return asyncio.run(self.program.run(self.entry, args))

    def failure(self, **args: Any) -> RunError:
        with pytest.raises(RunError) as caught:
            self.run(**args)
        return caught.value

    def prompt(self, path: str) -> str:
        """What the model saw when it was asked for this."""
        return next(call.prompt for call in self.engine.calls if call.path == path)


def test_an_except_of_a_fork_sees_the_item_and_starts_from_the_context_before_the_fork() -> None:
    bench = Bench(
        """
        def f(pairs: list[tuple[int, str]]) -> list[str]:
            "Go. "
            out = fork n, name in pairs:
                "Branch {n}: {gen text: str with max_tokens=5, stop="."}"
                ensure n != 2, "two is bad"
                yield text
            except err:
                "Again {name}: {gen text: str with max_tokens=5, stop="."}"
                yield "{n} {name} {err.kind} {err.message} {text}"
            return out
        """,
        lambda prompt, request, path: prompt.split()[1],
    )
    assert bench.run(pairs=[[1, "a"], [2, "b"]]) == ["Branch", "2 b ensure two is bad Again"]
    assert [call.prompt for call in bench.engine.calls][-1] == "Go. Again b: "
