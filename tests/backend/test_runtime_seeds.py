"""A generation draws from the same seed whatever the passes did to the program around it."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from builders import FakeTools

from sglc.backend.engine.echo import EchoEngine, Request
from sglc.backend.engine.interface import GenRequest
from sglc.backend.runtime import Program
from sglc.passes import PIPELINE, REQUIRED
from sglc.pipeline import compile_program

SOURCE = """\
template line(a: str) -> str:
    "[{a}] {gen x: str with max_tokens=3, temperature=1.0}\\n"
    return x

template block(n: int) -> str:
    out = "s"
    for i in range(n):
        q = use line(str(i))
        r = use line("again {q}")
        out = out + q + r
    last = use line("last")
    if len(last) > 2:
        return out + last
    more = use line("more")
    return out + more

template early(n: int) -> str:
    for i in range(3):
        v = use line("e{i}")
        if i == n:
            return v
    return "none"

def spell(n: int) -> str max 3:
    if n <= 0:
        return "."
    a = use line("r{n}")
    return a + spell(n - 1)

def main(n: int = 2) -> str:
    a = use block(n)
    b = use block(n)
    c = fork i in range(2):
        d = use block(i)
        e = fork j in range(2):
            f = use line("{i}{j}")
            yield f
        yield d + ",".join(e)
    g = use early(1)
    h = use early(2)
    k = [spell(i) for i in range(2)]
    m = spell(2)
    "{gen w: str with temperature=1.0}"
    ensure w == "yes", "not yes" retry 2
    return ",".join(c) + ",".join(k) + a + b + g + h + m
"""


def asked(file: Path, off: frozenset[str]) -> Counter[tuple[str, int]]:
    """The prompt and the seed of each generation."""
    tries = 0

    def reply(prompt: str, request: Request, path: str) -> str:
        nonlocal tries
        tries += path == "w"
        return ("yes" if tries > 2 else "no") if path == "w" else f"t{len(prompt)}"

    engine = EchoEngine(reply)
    program = Program(compile_program(str(file), off=off).plan, {"": engine}, FakeTools({}))
    asyncio.run(program.run("main", {}, seed=5))
    requests = [(call.prompt, call.request) for call in engine.calls]
    return Counter((prompt, request.sampling.seed) for prompt, request in requests if isinstance(request, GenRequest))


@pytest.mark.parametrize("off", [*({name} for name in PIPELINE if name not in REQUIRED), {*PIPELINE} - REQUIRED])
def test_seeds_do_not_depend_on_the_passes(off: set[str], tmp_path: Path) -> None:
    file = tmp_path / "program.sgl"
    file.write_text(SOURCE)
    expected = asked(file, frozenset())
    assert max(expected.values()) == 1
    assert len({seed for _, seed in expected}) == len(expected)
    assert asked(file, frozenset(off)) == expected
