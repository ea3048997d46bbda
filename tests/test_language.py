"""What docs/language.md says about the meaning of programs: from source to the prompts that the model sees."""

from __future__ import annotations

import asyncio
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from sglc.backend.engine.echo import EchoEngine, Script
from sglc.backend.errors import RunError
from sglc.backend.runtime import Program
from sglc.pipeline import compile_program
from sglc.source import SourceFile

LANGUAGE = (Path(__file__).parent.parent / "docs" / "language.md").read_text("utf-8")


def section(heading: str) -> list[str]:
    """The blocks of code of one section of the reference."""
    text = LANGUAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^```\w+\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


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


def test_the_prompt_of_the_letter_is_as_shown() -> None:
    program, shown, *_ = section("Prompts")
    bench = Bench(program, ["Bo"])
    assert bench.run(name="Ann", items=["a", "b"]) == "Bo"
    assert bench.prompt("sender") == shown.removesuffix("\n")


def test_the_description_of_a_type_is_as_shown() -> None:
    program, shown, *_ = section("Telling the model: describe")
    bench = Bench(program, {"visit": '{"city":"Rome","mood":"calm","days":null}'})
    bench.run(wish="South.")
    assert bench.prompt("visit") == f"<|user|>\n{shown}South.\n<|assistant|>\n"


def test_tries_of_a_retry_accumulate_and_leave_no_trace() -> None:
    program, shown, *_ = section("Retries: ensure")
    bench = Bench(program, ["1111", "2222", "1234"])
    assert bench.run(text="It is 1234.") == 1234
    told = re.sub(r"<\|(\w+)\|>\n", r"\1: ", bench.engine.calls[-1].prompt).replace("\nIt is 1234.", " ...")
    assert told.split() == shown.split()
    again = Bench(
        """
        def f() -> str:
            user: "Q"
            assistant: "A: {gen a: str with max_tokens=3}!"
            ensure a == "c", "no {a}" retry 2
            user: "Next."
            assistant: gen z: str with max_tokens=3
            return z
        """,
        {"a": ["a", "b", "c"], "z": "z"},
    )
    assert again.run() == "z"
    assert again.prompt("z") == "<|user|>\nQ\n<|assistant|>\nA: c!\n<|user|>\nNext.\n<|assistant|>\n"


def test_after_n_retries_it_fails_with_the_last_reason() -> None:
    program = """
        def f() -> str:
            user: "Q"
            assistant: gen a: str with max_tokens=3
            ensure a == "x", "no {a}" retry 1
            return a
        """
    error = Bench(program, ["a", "b"]).failure()
    assert (error.kind, error.message) == ("ensure", "no b")


def test_an_except_starts_from_the_context_and_the_variables_before_try() -> None:
    bench = Bench(
        """
        def f(xs: list[int]) -> str:
            n = 1
            "start "
            try:
                n = 2
                "tried "
                n = xs[5]
            except err:
                "{err.kind} {n} "
            "{gen z: str with max_tokens=2}"
            return z
        """,
        ["z"],
    )
    bench.run(xs=[1])
    assert bench.prompt("z") == "start value 1 "


def test_n_samples_leave_nothing_of_their_statement() -> None:
    bench = Bench(
        """
        def f() -> list[int]:
            user: "Q"
            assistant: "Rate {gen r: int(min=1, max=9) with n=2, temperature=0.5} of 9"
            user: "after"
            assistant: gen z: int
            return r + [z]
        """,
        {"r[0].r": "1", "r[1].r": "2", "z": "3"},
    )
    assert bench.run() == [1, 2, 3]
    assert bench.prompt("r[1].r") == "<|user|>\nQ\n<|assistant|>\nRate "
    assert bench.prompt("z") == "<|user|>\nQ\nafter\n<|assistant|>\n"


def test_what_a_branch_sets_is_its_own_and_a_loop_carries_on() -> None:
    bench = Bench(
        """
        def f(xs: list[int]) -> tuple[list[int], list[int], int]:
            n = 0
            forked = fork x in xs:
                n = n + x
                yield n
            looped = for x in xs:
                n = n + x
                yield n
            return (forked, looped, n)
        """
    )
    assert bench.run(xs=[1, 2]) == ([1, 2], [1, 3], 3)


def test_a_depth_counts_the_first_call() -> None:
    program = """
        def down(n: int) -> int max 2:
            if n == 0:
                return 0
            return down(n - 1) + 1

        def f(n: int) -> int:
            return down(n)
        """
    assert Bench(program).run(n=1) == 1
    assert Bench(program).failure(n=2).kind == "recursion"
