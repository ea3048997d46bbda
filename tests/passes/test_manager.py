"""The manager: order, switches, verification, remarks, dumps; and that the pipeline's files are what it says."""

from __future__ import annotations

import importlib
import subprocess
import sys

import msgspec
import pytest

from sglc.diagnostics import InternalError
from sglc.ir.graph import Graph
from sglc.ir.text import parse_graph, print_graph
from sglc.passes import PIPELINE, REQUIRED
from sglc.passes.manager import load_pass, run_passes
from sglc.passes.remarks import Remarks

TEXT = """\
template @ask(%c: ctx, %task: str) -> ctx, str {
  %d = append %c, role user [%task]
  %e = append %d, role assistant []
  %f, %text = gen %e : str
  return %f, %text
}

func @main(%q: str) -> str {
  %c = context
  %why: str = const "Why?"
  %d, %unused = gen %c : str
  %c1 = append %c, role user ["Think. "]
  %c2, %a: str = use @ask(%c1, %why)
  %c3, %b: str = use @ask(%c2, %a)
  return %b
}
"""

AFTER = """\
func @main(%q: str) -> str {
  %c = context
  %d.1 = append %c, role user ["Think. \\nWhy?"]
  %e = append %d.1, role assistant []
  %f, %text = gen %e : str site ask.text
  %d.2 = append %f, role user [%text]
  %e.1 = append %d.2, role assistant []
  %f.1, %text.1 = gen %e.1 as text : str site ask.2.text
  return %text.1
}
"""


def test_the_pipeline_works_together() -> None:
    before = parse_graph(TEXT)
    after, remarks = run_passes(before)
    assert print_graph(after) == AFTER
    assert before == parse_graph(TEXT)
    assert [(r.pass_name, r.message, r.saved) for r in remarks] == [
        ("inline", "the body of `ask` is part of `main`", {"calls": 1}),
        ("inline", "the body of `ask` is part of `main`", {"calls": 1}),
        ("drop_dead", "nobody uses `unused`, so it is not generated", {"generations": 1}),
        ("fold_text", "pieces of text of `main` that became part of another: 1", {"nodes": 1}),
    ]


def test_passes_can_be_off() -> None:
    graph = parse_graph(TEXT)
    after, remarks = run_passes(graph, off={"inline", "drop_dead"})
    assert "use @ask(%c2, %a) site ask.2" in print_graph(after)
    assert not {r.pass_name for r in remarks} & {"inline", "drop_dead"}
    assert run_passes(graph, (), off=set(PIPELINE) - REQUIRED) == (graph, [])


def test_a_pass_with_nothing_to_do_gives_its_input_back() -> None:
    after, _ = run_passes(parse_graph(TEXT))
    for name in PIPELINE:
        remarks = Remarks(name)
        assert load_pass(name)(after, remarks) is after, name
        assert remarks.items == []


@pytest.mark.parametrize(
    ("names", "off", "message"),
    [
        (("inlin",), (), "unknown pass `inlin`, did you mean `inline`?"),
        (PIPELINE, ("x",), "unknown pass `x`; there are number_sites, inline"),
        (PIPELINE, ("number_sites",), "the pass `number_sites` cannot be off"),
    ],
)
def test_names_are_checked(names: tuple[str, ...], off: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match="pass") as caught:
        run_passes(Graph(), names, off)
    assert message in str(caught.value)


def test_an_invalid_graph_is_refused() -> None:
    with pytest.raises(InternalError, match="the graph before all passes is not valid: IR004"):
        run_passes(msgspec.structs.replace(Graph(), entry="nobody"))


def test_a_pass_that_breaks_the_graph_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(graph: Graph, remarks: Remarks) -> Graph:
        return msgspec.structs.replace(graph, entry="nobody")

    monkeypatch.setattr(importlib.import_module("sglc.passes.inline"), "inline", broken)
    with pytest.raises(InternalError, match="the graph behind the pass `inline` is not valid: IR004"):
        run_passes(Graph(), ("inline",))


def test_dump_gets_each_graph_and_its_time() -> None:
    dumped: list[tuple[str, Graph]] = []

    def dump(name: str, graph: Graph, seconds: float) -> None:
        assert 0 <= seconds < 60
        dumped.append((name, graph))

    run_passes(Graph(), ("number_sites", "drop_dead"), dump=dump)
    assert dumped == [("number_sites", Graph()), ("drop_dead", Graph())]


def test_every_pass_shows_what_it_does() -> None:
    for name in PIPELINE:
        doc = sys.modules[load_pass(name).__module__].__doc__ or ""
        assert doc.startswith(f"{name}: ")
        assert "->" in doc, f"{name} shows no IR before and after"


def test_the_package_loads_nothing_heavy() -> None:
    code = "import sglc.passes.constraints, sys; print('networkx' in sys.modules, 'lark' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
