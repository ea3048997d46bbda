"""tests/cases/passes/PASS/name.ir -> name.after.ir, with three checks for free: the graph behind the pass is valid, its
text reads back as the same graph, and it means what the graph before the pass meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from golden import compare
from graph_strategy import reply, sample, tools

from sglc.ir.graph import Function, Graph
from sglc.ir.interpret import interpret
from sglc.ir.outcome import Outcome, same_meaning
from sglc.ir.text import parse_graph, print_graph
from sglc.ir.verify import verify
from sglc.passes import PIPELINE
from sglc.passes.manager import run_passes

CASES = Path(__file__).parent.parent / "cases" / "passes"
FILES = sorted(p for p in CASES.glob("*/*.ir") if not p.name.endswith(".after.ir"))


@pytest.mark.parametrize("file", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_pass(file: Path, pytestconfig: pytest.Config) -> None:
    before = parse_graph(file.read_text(encoding="utf-8"))
    after, _ = run_passes(before, [file.parent.name])
    verify(after)
    text = print_graph(after)
    assert parse_graph(text) == after
    for function in after.functions:
        for seed in range(6):
            assert same_meaning(outcome(before, function, seed), outcome(after, function, seed)), (function.name, seed)
    compare(text, file.with_suffix(".after.ir"), pytestconfig)


def test_every_pass_has_a_case() -> None:
    assert {file.parent.name for file in FILES} == set(PIPELINE)


def outcome(graph: Graph, function: Function, seed: int) -> Outcome:
    arguments: dict[str, Any] = {f.name: sample(f.type, seed + i) for i, f in enumerate(function.fields)}
    return interpret(graph, function.name, arguments, reply, tools)
