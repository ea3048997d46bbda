"""What whole programs promise about order, from their source to the tools that run."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from builders import FakeTools

from sglc.backend.engine.echo import EchoEngine
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
