"""What `sglc explain` shows: goldens of a program with every operation, and that charts are well formed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from golden import compare
from graph_strategy import graphs
from hypothesis import HealthCheck, given, settings

from sglc.ir.explain import explain_dot, explain_json, explain_mermaid, explain_text, render_prompt
from sglc.ir.graph import Graph, walk
from sglc.ir.ops import OPS
from sglc.ir.text import parse_graph
from sglc.ir.verify import verify
from sglc.source import Location

CASES = Path(__file__).parent.parent / "cases" / "explain"
EVERYTHING = parse_graph((CASES / "everything.ir").read_text(encoding="utf-8"))


class PassRemark(msgspec.Struct, frozen=True):
    pass_name: str
    location: Location | None
    message: str
    saved: dict[str, int]


REMARKS = (
    PassRemark("fold_text", Location("shop.sgl", 3, 5), "joined two texts", {"nodes": 1, "tokens": 0}),
    PassRemark("inline", None, "put `voice` where it is used", {}),
)


def test_the_case_is_valid_and_nearly_complete() -> None:
    verify(EVERYTHING)
    used = {type(node.op) for function in EVERYTHING.functions for node in walk(function.body)}
    missing = {op.__name__ for op in OPS} - {op.__name__ for op in used}
    assert missing <= {"Undef", "Conform", "MakeRecord", "CountTokens", "SessionOpen", "SessionTurn", "Break"}


@pytest.mark.parametrize(
    ("name", "show"),
    [
        ("everything.txt", lambda graph: explain_text(graph, REMARKS)),
        ("everything.mmd", explain_mermaid),
        ("everything.dot", explain_dot),
        ("everything.prompt", lambda graph: render_prompt(graph, "support")),
        ("session.prompt", lambda graph: render_prompt(graph, "chat")),
    ],
    ids=str,
)
def test_golden(name: str, show: Callable[[Graph], str], pytestconfig: pytest.Config) -> None:
    compare(show(EVERYTHING), CASES / name, pytestconfig)


def test_json() -> None:
    found = json.loads(explain_json(EVERYTHING, REMARKS))
    assert found["entry"] == "support"
    support = next(f for f in found["functions"] if f["name"] == "support")
    assert support["marks"] == ["entry", "POST /support", "at most 2 deep"]
    kinds = [item["kind"] for item in support["body"]]
    assert kinds[:4] == ["use", "append", "attempt", "gen"]
    attempt = support["body"][2]
    assert [item["kind"] for item in attempt["children"]] == ["append", "gen", "check"]
    assert [tool["effect"] for tool in found["tools"]] == [False, True]
    assert found["remarks"][0]["saved"] == {"nodes": 1, "tokens": 0}
    assert found["remarks"][0]["location"]["line"] == 3


# --- charts ----------------------------------------------------------------------------------------------------------

_VERTEX = re.compile(r'\s*(f\d+_\d+)(\[/|\(\[|\[\[|\(|\{\{|\[)"([^"\n]*)"(/\]|\]\)|\]\]|\)|\}\}|\])')
_CLUSTER = re.compile(r'\s*subgraph (s_f\d+_\d+)\["([^"\n]*)"\]')
_EDGE = re.compile(r'  (f\d+_\d+) (==>|-->|-\.->)(?:\|"([^"\n]*)"\|)? (f\d+_\d+)')
_CLOSING = {"[/": "/]", "([": "])", "[[": "]]", "(": ")", "{{": "}}", "[": "]"}


def check_mermaid(text: str) -> None:
    """Each line has a known form, labels hold nothing that Mermaid reads, ids are unique, edges end at vertices."""
    first, *lines = text.splitlines()
    assert first == "flowchart TD"
    depth, ids, labels, ends = 0, [], [], []
    for line in lines:
        if found := _VERTEX.fullmatch(line):
            assert found[4] == _CLOSING[found[2]]
            ids.append(found[1])
            labels.append(found[3])
        elif found := _CLUSTER.fullmatch(line):
            depth += 1
            ids.append(found[1])
            labels.append(found[2])
        elif found := _EDGE.fullmatch(line):
            ends += [found[1], found[4]]
            labels.append(found[3] or "")
        else:
            assert line.strip() == "end"
            depth -= 1
            assert depth >= 0
    assert depth == 0
    assert len(set(ids)) == len(ids)
    assert set(ends) <= set(ids)
    for label in labels:
        assert not re.search(r'["<>`\\&%;#]', re.sub(r"#\d+;", "", label))


_DOT_TEXT = r'"(?:[^"\\\n]|\\["\\])*"'
_DOT_LINES = [
    re.compile(r"digraph program \{"),
    re.compile(r'  (?:node|edge) \[(?:shape=box, )?fontname="sans-serif"\];'),
    re.compile(r"\s*subgraph cluster_(?P<cluster>f\d+_\d+) \{"),
    re.compile(rf"\s*label={_DOT_TEXT};"),
    re.compile(rf"\s*(?P<vertex>f\d+_\d+) \[label={_DOT_TEXT}, shape=[a-z]+\];"),
    re.compile(rf"  (?P<source>f\d+_\d+) -> (?P<target>f\d+_\d+) \[style=[a-z]+(?:, label={_DOT_TEXT})?\];"),
    re.compile(r"\s*\}"),
]


def check_dot(text: str) -> None:
    depth = 0
    found: dict[str, list[str]] = {"cluster": [], "vertex": [], "source": [], "target": []}
    for line in text.splitlines():
        match = next((m for form in _DOT_LINES if (m := form.fullmatch(line))), None)
        assert match is not None, line
        for group, value in match.groupdict().items():
            found[group].append(value)
        depth += line.endswith("{") - (line.strip() == "}")
    assert depth == 0
    for group in ("cluster", "vertex"):
        assert len(set(found[group])) == len(found[group])
    assert {*found["source"], *found["target"]} <= set(found["vertex"])


def test_charts_are_well_formed() -> None:
    check_mermaid(explain_mermaid(EVERYTHING))
    check_dot(explain_dot(EVERYTHING))


NASTY = '%c1 = append %c, ["quote \\" back \\\\ <b> `x` # &amp; %% ; end \\n\\t | } ]"]'


def test_labels_are_escaped() -> None:
    graph = parse_graph("func @f() {\n  %c = context\n  " + NASTY + "\n  return\n}\n")
    check_mermaid(explain_mermaid(graph))
    check_dot(explain_dot(graph))
    assert "#92;" in explain_mermaid(graph)


@given(graphs())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_program_is_explained(graph: Graph) -> None:
    check_mermaid(explain_mermaid(graph))
    check_dot(explain_dot(graph))
    assert explain_text(graph).count("\n") > len(graph.functions)
    json.loads(explain_json(graph))
    for function in graph.functions:
        render_prompt(graph, function.name)


# --- prompts ---------------------------------------------------------------------------------------------------------


def prompt(body: str) -> str:
    return render_prompt(parse_graph(f"func @f(%x: str, %b: bool) {{\n  %c = context\n{body}\n  return\n}}\n"), "f")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            '%c1 = append %c, ["a\\nb ", %x]\n%c2, %y = gen %c1 : str\n%c3 = append %c2, [" end"]',
            "a\nb {x}<gen y: str> end\n",
        ),
        ('%c1 = append %c, role user ["a"]\n%c2 = append %c1, role user ["b"]', "[user]\na\nb\n"),
        (
            '%c1 = append %c, role user ["a"]\nif %b {\nfail %x\n} else {\nyield\n}\n%c2 = append %c1, ["b"]',
            "[user]\na\n-- if b\n   -- fail x\n[user, continued]\nb\n",
        ),
        (
            '%c1 = append %c, role user ["a"]\n%d = context\n%d1 = append %d, ["new"]\n%c2 = append %c1, ["b"]',
            "[user]\na\n-- a new prompt\nnew\n-- from an earlier point of the prompt\n[user, continued]\nb\n",
        ),
    ],
    ids=["plain", "joined", "continued", "rollback"],
)
def test_prompts(body: str, shown: str) -> None:
    assert prompt(body) == shown


def test_an_unknown_function_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        render_prompt(EVERYTHING, "nope")


def test_no_text_is_lost() -> None:
    shown: Any = render_prompt(EVERYTHING, "support")
    assert 'Answer in French. {"kind": "<b>"}' in shown
