"""What whole programs promise about order, from their source to the tools that run."""

from __future__ import annotations

import asyncio
import gc
import random
from typing import Any

import pytest
from builders import FakeTools, down

from sglc.backend.engine.echo import EchoEngine
from sglc.backend.errors import RunError
from sglc.backend.plan import Plan
from sglc.backend.runtime import Program
from sglc.pipeline import compile_program
from sglc.source import SourceFile

TOOLS = """
tool send(what: str) -> str:
    http POST "https://shop.test/send" with body={"what": what}

tool look(what: str) -> str:
    http GET "https://shop.test/look" with query={"what": what}

def sends(i: int) -> list[str]:
    return [send("{i}")]
"""


def plan_of(text: str) -> Plan:
    return compile_program("p.sgl", source=SourceFile("p.sgl", text)).plan


async def slower_first(what: str) -> str:
    await asyncio.sleep(0.03 - int(what) * 0.01)
    return what


@pytest.mark.parametrize(
    "body",
    [
        '[send("{i}") for i in range(3)]',
        "[y for i in range(3) for y in sends(i)]",
        "[y for i in range(3) for y in [j for j in sends(i)]]",
        '[i for i in range(3) if send("{i}") != ""]',
        '[j for i in range(3) for j in [0] if send("{i}") != ""]',
        '[send("{j}") for i in range(3) for j in [k for k in range(3) if k == i]]',
    ],
)
def test_effects_in_a_comprehension_run_in_order(body: str) -> None:
    tools = FakeTools({"send": slower_first})
    program = Program(plan_of(f"{TOOLS}\ndef main() -> int:\n    xs = {body}\n    return len(xs)\n"), {}, tools)
    assert asyncio.run(program.run("main", {})) == 3
    assert tools.log == [f"{mark}send({n})" for n in range(3) for mark in "+-"]


def test_a_comprehension_without_effects_runs_at_once() -> None:
    tools = FakeTools({"look": slower_first})
    text = f'{TOOLS}\ndef main() -> list[str]:\n    return [look("{{j}}") for i in range(3) for j in [i]]\n'
    assert asyncio.run(Program(plan_of(text), {}, tools).run("main", {})) == ["0", "1", "2"]
    assert tools.log[:3] == ["+look(0)", "+look(1)", "+look(2)"]


SESSION = """
session chat():
    state turns: int = 0
    turn(msg: str) -> str:
        user: msg
        assistant: gen reply: str
        turns = turns + 1
        return "{turns}:{msg}"

test "together":
    c = chat()
    out = FORK
    expect out == ["1:m0", "2:m1", "3:m2"]
"""
FORK = """fork i in range(3):
        r = c.turn("m{i}")
        yield r"""


@pytest.mark.parametrize("turns", [FORK, '[c.turn("m{i}") for i in range(3)]'])
def test_turns_of_one_session_wait_for_each_other(turns: str) -> None:
    engine = EchoEngine(delay=0.002)
    program = Program(plan_of(SESSION.replace("FORK", turns)), {"": engine}, FakeTools({}))
    verdict: Any = asyncio.run(program.run_test("together"))
    assert (verdict.error, verdict.passed, engine.peak) == (None, True, 1)


def test_thousands_of_effects_wait_for_their_turn() -> None:
    tools = FakeTools({})
    text = f'{TOOLS}\ndef main() -> int:\n    return len([send("{{i}}") for i in range(3_000)])\n'
    assert asyncio.run(Program(plan_of(text), {}, tools).run("main", {}, deadline_s=20.0)) == 3_000
    assert tools.log == [f"{mark}send({n})" for n in range(3_000) for mark in "+-"]


TALK = """
session chat():
    state said: list[str] = []
    turn(msg: str) -> int:
        user: msg
        assistant: gen reply: str
        said = said + [msg]
        xs = fork i in range(2):
            yield look("{msg}-{i}")
        return len(said)
"""


@pytest.mark.parametrize("seed", range(3))
def test_turns_that_fail_end_late_or_are_cancelled_leave_no_trace(seed: int) -> None:
    chance = random.Random(seed)

    async def look(what: str) -> Any:
        await asyncio.sleep(chance.random() * 0.005)
        return down() if chance.random() < 0.1 else what

    async def talk() -> None:
        tools, engine = FakeTools({"look": look}), EchoEngine(delay=0.001)
        session = await Program(plan_of(TOOLS + TALK), {"": engine}, tools).open_session("chat", {})
        expected = []
        for message in map(str, range(20)):
            turns = {}
            for name in (f"{message}a", f"{message}b", f"{message}c"):
                limit = chance.choice((None, 0.003, 5.0))
                turns[name] = asyncio.ensure_future(session.turn({"msg": name}, deadline_s=limit))
                if chance.random() < 0.3:
                    asyncio.get_running_loop().call_later(chance.random() * 0.03, turns[name].cancel)
            done = await asyncio.gather(*turns.values(), return_exceptions=True)
            expected += [name for name, found in zip(turns, done, strict=True) if isinstance(found, int)]
            assert all(isinstance(found, int | RunError | asyncio.CancelledError) for found in done)
        assert session.states == {"said": expected}
        assert [text for role, text in session.messages() if role == "user"] == expected
        assert engine.peak == 1

    asyncio.run(talk())


def test_a_failure_in_the_moment_of_cancelling_is_no_complaint(caplog: pytest.LogCaptureFixture) -> None:
    async def run(steps: int) -> BaseException:
        asked, answer = asyncio.Event(), asyncio.Event()

        async def look(what: str) -> Any:
            asked.set()
            await answer.wait()
            return down()

        program = Program(
            plan_of(f'{TOOLS}\ndef main() -> str:\n    return look("x")\n'), {}, FakeTools({"look": look})
        )
        task = asyncio.ensure_future(program.run("main", {}))
        await asked.wait()
        answer.set()
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        found = (await asyncio.gather(task, return_exceptions=True))[0]
        assert isinstance(found, BaseException)
        return found

    kinds = {type(asyncio.run(run(steps))) for steps in range(12)}
    gc.collect()
    assert (kinds, caplog.records) == ({asyncio.CancelledError, RunError}, [])
