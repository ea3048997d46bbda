"""Runs a pipeline of passes over a Graph: verifies before and after each, times it, collects its remarks."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Sequence
from time import perf_counter
from typing import TypeAlias, cast

from sglc.diagnostics import InternalError, nearest
from sglc.ir.graph import Graph
from sglc.ir.verify import VerifyError, verify
from sglc.passes import PIPELINE, REQUIRED
from sglc.passes.remarks import Remark, Remarks

Pass: TypeAlias = Callable[[Graph, Remarks], Graph]
"""Valid graph in, valid graph out; never changes its input, and gives it back as it is where there is nothing to do."""

Dump: TypeAlias = Callable[[str, Graph, float], None]
"""(pass, the graph that it made, seconds that it took)"""


def run_passes(
    graph: Graph,
    names: Sequence[str] = PIPELINE,
    off: Collection[str] = frozenset(),
    dump: Dump | None = None,
) -> tuple[Graph, list[Remark]]:
    """The graph behind all passes named, without those that are off.

    Raises ValueError for an unknown name or a pass that cannot be off, InternalError for a graph that is not valid.
    """
    _check_names((*names, *off), off)
    _verify(graph, "the graph before all passes")
    remarks: list[Remark] = []
    for name in names:
        if name in off:
            continue
        before, found, start = graph, Remarks(name), perf_counter()
        graph = load_pass(name)(before, found)
        seconds = perf_counter() - start
        if graph is not before:
            _verify(graph, f"the graph behind the pass `{name}`")
        remarks += found.items
        if dump is not None:
            dump(name, graph, seconds)
    return graph, remarks


def load_pass(name: str) -> Pass:
    """The function that the file of the pass's name holds."""
    return cast(Pass, getattr(importlib.import_module(f"sglc.passes.{name}"), name))


def _check_names(names: Sequence[str], off: Collection[str]) -> None:
    for name in names:
        if name not in PIPELINE:
            close = nearest(name, PIPELINE)
            hint = f", did you mean `{close}`?" if close else f"; there are {', '.join(PIPELINE)}"
            raise ValueError(f"unknown pass `{name}`{hint}")
    for name in off:
        if name in REQUIRED:
            raise ValueError(f"the pass `{name}` cannot be off")


def _verify(graph: Graph, what: str) -> None:
    try:
        verify(graph)
    except VerifyError as error:
        raise InternalError(f"{what} is not valid: {error}") from error
