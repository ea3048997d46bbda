"""Every pass, and all together, on random graphs: valid before and after, the same meaning, the same seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from graph_strategy import arguments, changed, graphs, reply, tools
from hypothesis import given, settings

from sglc.ir import ops
from sglc.ir.graph import Graph, Region
from sglc.ir.interpret import interpret
from sglc.ir.ops import site_of
from sglc.ir.outcome import same_meaning
from sglc.ir.text import print_graph
from sglc.passes import PIPELINE
from sglc.passes.manager import run_passes


def check_meaning(before: Graph, after: Graph) -> None:
    for seed in range(3):
        given_ = arguments(before.function("main"), seed)
        one, other = (interpret(graph, "main", given_, reply, tools) for graph in (before, after))
        assert same_meaning(one, other), f"{print_graph(before)}\n->\n{print_graph(after)}\n{changed(one, other)}"


@pytest.mark.parametrize("name", PIPELINE)
def test_pass(name: str) -> None:
    @settings(max_examples=150, deadline=None)
    @given(graphs())
    def check(graph: Graph) -> None:
        text = print_graph(graph)
        after, _ = run_passes(graph, [name])
        assert print_graph(graph) == text, "a pass changed its input"
        check_meaning(graph, after)

    check()


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_pipeline(graph: Graph) -> None:
    after, _ = run_passes(graph)
    check_meaning(graph, after)


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_seeds_stay(graph: Graph) -> None:
    numbered, _ = run_passes(graph, ["number_sites"])
    after, _ = run_passes(graph)
    before_sites, after_sites = (Counter(sites(g, "main", "")) for g in (numbered, after))
    assert max(before_sites.values(), default=1) == 1, "two generations draw from one seed"
    assert after_sites <= before_sites


def sites(graph: Graph, function: str, path: str) -> Iterator[str]:
    """Where each generation of a function and of what it calls has its seed from; an iteration is `[]`."""
    yield from _sites(graph, graph.function(function).body, path)


def _sites(graph: Graph, region: Region, path: str) -> Iterator[str]:
    for node in region.nodes:
        here = f"{path}.{site_of(node.op)}" if site_of(node.op) else path
        match node.op:
            case ops.Gen() | ops.Select():
                yield here
            case ops.Call(function=name) | ops.Use(template=name):
                yield from sites(graph, name, here)
        iterates = isinstance(node.op, ops.Loop | ops.For | ops.Map | ops.Filter)
        for inner in node.regions:
            yield from _sites(graph, inner, f"{here}[]" if iterates else here)
