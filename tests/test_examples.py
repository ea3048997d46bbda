"""Every example is linted, formatted, compiled, and tested and run with the embedded model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pytest

from sglc.backend.artifact import from_bytes, to_bytes
from sglc.backend.engine.interface import Engine, EngineConfig
from sglc.backend.engine.load import make_engine
from sglc.backend.engine.tiny import corpus
from sglc.backend.example_tools import ExampleTools
from sglc.backend.plan import Plan
from sglc.backend.replay import Replayer, load_recording
from sglc.backend.runtime import Program
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.toolbox import Toolbox
from sglc.diagnostics import render_text
from sglc.frontend.formatter import format_source
from sglc.frontend.resolve import read_source
from sglc.pipeline import analyze, compile_program

EXAMPLES = Path(__file__).parent.parent / "examples"
CORPUS = Path(corpus.__file__).parent
PATHS = sorted(EXAMPLES.glob("*.sgl"))
RUNNABLE = [p for p in PATHS if p.stem != "types"]
T = TypeVar("T")


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def tiny(loop: asyncio.AbstractEventLoop) -> Iterator[Engine]:
    engine = make_engine(EngineConfig("sglc-tiny"))
    loop.run_until_complete(engine.start())
    yield engine
    loop.run_until_complete(engine.close())


def in_loop(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    return loop.run_until_complete(asyncio.wait_for(work, 60))


async def with_program(plan: Plan, engine: Engine, work: Any) -> Any:
    async with ExampleTools() as tools:
        folder = (str(EXAMPLES),)
        policy = ToolPolicy(
            env=tools.env, private_hosts=(tools.host,), python_modules=("shop_tools",), python_paths=folder
        )
        async with Toolbox(plan.tools, policy, plan.type_table) as toolbox:
            return await work(Program(plan, {"": engine}, toolbox))


def test_there_are_enough() -> None:
    assert len(RUNNABLE) >= 12
    assert any(ord(c) > 0x4E00 for p in PATHS for c in p.read_text("utf-8"))


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_is_clean_and_formatted(path: Path) -> None:
    diagnostics = analyze(str(path)).diagnostics
    assert not diagnostics, render_text(diagnostics)
    source = read_source(str(path))
    assert format_source(source) == source.text, "run `sglc fmt examples`"


@pytest.mark.parametrize("path", RUNNABLE, ids=lambda p: p.stem)
def test_compiles_reproducibly_and_has_tests(path: Path) -> None:
    plan = compile_program(str(path)).plan
    content = to_bytes(plan)
    assert to_bytes(compile_program(str(path)).plan) == content
    assert from_bytes(content).plan == plan
    assert len(plan.tests) >= 3
    assert sum(not test.replay for test in plan.tests) >= 2, "tests say what the model's answers mean"


@pytest.mark.parametrize("path", RUNNABLE, ids=lambda p: p.stem)
def test_two_of_its_tests_are_not_in_the_training_data(path: Path) -> None:
    fresh = 0
    for block in path.read_text("utf-8").split("\ntest ")[1:]:
        _, _, body = block.partition(":\n")
        given = max(re.findall(r'"([^"\n]*)"', body), key=len, default="")
        fresh += bool(given) and given.lower().rstrip(".?!\u3002\uff1f") not in _corpus()
    assert fresh >= 2


@lru_cache(maxsize=1)
def _corpus() -> str:
    files = [*CORPUS.glob("*.py"), *CORPUS.glob("lists/*.txt")]
    assert len(files) > 100
    return "\n".join(file.read_text("utf-8") for file in files).lower()


@pytest.mark.parametrize("path", RUNNABLE, ids=lambda p: p.stem)
def test_passes_its_tests(path: Path, tiny: Engine, loop: asyncio.AbstractEventLoop) -> None:
    plan = compile_program(str(path)).plan
    for test in plan.tests:
        replies = Replayer(load_recording(path.parent / test.replay)) if test.replay else None

        async def work(program: Program, name: str = test.name, replies: Replayer | None = replies) -> Any:
            return await program.run_test(name, caller=replies)

        verdict = in_loop(loop, with_program(plan, tiny, work))
        assert verdict.passed, (test.name, verdict.error, verdict.expectations)


@pytest.mark.parametrize("path", RUNNABLE, ids=lambda p: p.stem)
def test_runs_with_the_embedded_model(path: Path, tiny: Engine, loop: asyncio.AbstractEventLoop) -> None:
    plan = compile_program(str(path)).plan
    arguments = {"msg": "Hello"} if plan.entry == "chat" else {}

    async def work(program: Program) -> Any:
        return await program.run(plan.entry, arguments)

    in_loop(loop, with_program(plan, tiny, work))
