"""Graph -> a chart of its dataflow, as Mermaid or Graphviz: a cluster for a function or region, an edge for a use.

Bold edges are prompt contexts, thin ones values, dotted ones calls. Pure expressions are folded into labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sglc.ir import ops
from sglc.ir.expressions import Expressions, is_folded, shorten
from sglc.ir.graph import Function, Graph, Node, Region, callees, defined, uses
from sglc.ir.outline import condition, heading, line, show_case, show_field, with_effects
from sglc.ir.types import ContextType, Type

_LABEL = 40
"""Characters of a label."""


class Vertex(msgspec.Struct, frozen=True):
    """`kind` is an op's mnemonic, or "start" for a function's arguments."""

    id: str
    label: str
    kind: str


class Edge(msgspec.Struct, frozen=True):
    """`kind` is "context", "value" or "call"."""

    source: str
    target: str
    kind: str


class Cluster(msgspec.Struct):
    id: str
    label: str
    vertices: list[Vertex] = msgspec.field(default_factory=list)
    clusters: list[Cluster] = msgspec.field(default_factory=list)


class Chart(msgspec.Struct):
    """`edges` holds for each edge the expressions that travel on it."""

    clusters: list[Cluster] = msgspec.field(default_factory=list)
    edges: dict[Edge, dict[str, None]] = msgspec.field(default_factory=dict)


def explain_mermaid(graph: Graph) -> str:
    """A Mermaid flowchart."""
    chart = draw(graph)
    lines = ["flowchart TD"]
    for cluster in chart.clusters:
        lines += _mermaid_cluster(cluster, "  ")
    for edge, carried in chart.edges.items():
        arrow = _MERMAID_ARROWS[edge.kind]
        label = f'|"{_mermaid_text(_edge_label(carried))}"|' if carried else ""
        lines.append(f"  {edge.source} {arrow}{label} {edge.target}")
    return "\n".join(lines) + "\n"


def explain_dot(graph: Graph) -> str:
    """A Graphviz digraph."""
    chart = draw(graph)
    lines = ["digraph program {", '  node [shape=box, fontname="sans-serif"];', '  edge [fontname="sans-serif"];']
    for cluster in chart.clusters:
        lines += _dot_cluster(cluster, "  ")
    for edge, carried in chart.edges.items():
        label = f", label={_dot_text(_edge_label(carried))}" if carried else ""
        lines.append(f"  {edge.source} -> {edge.target} [style={_DOT_STYLES[edge.kind]}{label}];")
    return "\n".join([*lines, "}"]) + "\n"


def _edge_label(carried: Iterable[str]) -> str:
    return shorten(", ".join(carried), _LABEL)


def draw(graph: Graph) -> Chart:
    chart = Chart()
    starts = {function.name: f"f{number}_1" for number, function in enumerate(graph.functions)}
    for number, function in enumerate(graph.functions):
        chart.clusters.append(_Drawing(graph, chart, starts, number).function(function))
    return chart


class _Drawing:
    """Draws one function. `sources` says for each value which vertices it comes from."""

    def __init__(self, graph: Graph, chart: Chart, starts: dict[str, str], number: int) -> None:
        self.effects, self.edges, self.starts, self.number = with_effects(graph), chart.edges, starts, number
        self.names = Expressions()
        self.sources: dict[str, tuple[str, ...]] = {}
        self.types: dict[str, Type] = {}
        self.count = 0

    def function(self, function: Function) -> Cluster:
        self.types = {value.name: value.type for value in (*function.params, *defined(function.body))}
        self.names.declare(function.params)
        cluster = self._cluster(f"{function.kind} {function.name}")
        fields = ", ".join(map(show_field, function.fields))
        start = self._vertex(cluster, fields or "no arguments", "start")
        self.sources.update((param.name, (start,)) for param in (*function.params, *function.body.params))
        self.region(function.body, cluster)
        return cluster

    def region(self, region: Region, cluster: Cluster) -> None:
        for node in region.nodes:
            self.names.add(node)
            if is_folded(node) or isinstance(node.op, ops.NewContext):
                origin = self._origins(uses(node))
                self.sources.update((result.name, origin) for result in node.results)
            elif node.regions:
                self._nested(node, cluster)
            elif text := line(node, self.names, self.effects):
                vertex = self._vertex(cluster, text, node.op.mnemonic)
                self._connect(node.operands, vertex)
                for callee in callees(node.op):
                    if callee in self.starts:
                        self.edges[Edge(vertex, self.starts[callee], "call")] = {}
                self.sources.update((result.name, (vertex,)) for result in node.results)
            else:
                origin = self._origins(node.operands)  # a node without a line of its own hands its values on
                self.sources.update((result.name, origin) for result in node.results)

    def _nested(self, node: Node, outer: Cluster) -> None:
        text = ", ".join(filter(None, (heading(node, self.names), condition(node, self.names))))
        cluster = self._cluster(node.op.mnemonic)
        outer.clusters.append(cluster)
        head = self._vertex(cluster, text, node.op.mnemonic)
        self._connect(node.operands, head)
        for title, region in zip(_titles(node), node.regions, strict=True):
            self.sources.update((param.name, (head,)) for param in region.params)
            inner = self._cluster(title) if title else cluster
            self.region(region, inner)
            if inner is not cluster and (inner.vertices or inner.clusters):
                cluster.clusters.append(inner)
        # A loop may run no round, and then hands on what it was given.
        own = (head,) if isinstance(node.op, ops.Loop | ops.For | ops.Filter | ops.Encode) else ()
        for position, result in enumerate(node.results):
            self.sources[result.name] = tuple(dict.fromkeys((*own, *self._results(node, position)))) or (head,)

    def _results(self, node: Node, position: int) -> Iterator[str]:
        """Where a result comes from: what the regions end with in its place."""
        regions = node.regions[-1:] if isinstance(node.op, ops.Loop) else node.regions
        for region in regions:
            operands = region.end.operands[2:] if isinstance(region.end.op, ops.Check) else region.end.operands
            leaves = isinstance(region.end.op, ops.Return | ops.Fail)
            if not leaves and position < len(operands):
                yield from self.sources.get(operands[position], ())

    def _origins(self, values: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source for value in values for source in self.sources.get(value, ())))

    def _connect(self, operands: Sequence[str], target: str) -> None:
        for operand in operands:
            is_context = isinstance(self.types.get(operand), ContextType)
            for source in self.sources.get(operand, ()):
                carried = self.edges.setdefault(Edge(source, target, "context" if is_context else "value"), {})
                if not is_context:
                    carried[shorten(self.names[operand], _LABEL // 2)] = None

    def _cluster(self, label: str) -> Cluster:
        self.count += 1
        return Cluster(f"f{self.number}_{self.count - 1}", shorten(label, _LABEL))

    def _vertex(self, cluster: Cluster, label: str, kind: str) -> str:
        vertex = Vertex(f"f{self.number}_{self.count}", shorten(label, _LABEL), kind)
        self.count += 1
        cluster.vertices.append(vertex)
        return vertex.id


def _titles(node: Node) -> list[str]:
    """A title for each region; "" where the region needs no cluster of its own."""
    match node.op:
        case ops.Match(cases=cases):
            return [f"case {show_case(case)}" for case in cases]
        case ops.If():
            return ["then", "else"]
        case ops.Loop() if len(node.regions) == 2:
            return ["while", "do"]
        case ops.Try():
            return ["try", "except"]
    return ["", "except"][: len(node.regions)]


# --- Mermaid ---------------------------------------------------------------------------------------------------------

_MERMAID_ARROWS = {"context": "==>", "value": "-->", "call": "-.->"}
_MERMAID_SHAPES = {
    "start": ("[/", "/]"), "gen": ("([", "])"), "select": ("([", "])"), "tool": ("[[", "]]"), "dispatch": ("[[", "]]"),
    "call": ("[[", "]]"), "return": ("(", ")"), "fail": ("(", ")"), "if": ("{{", "}}"), "match": ("{{", "}}"),
    "loop": ("{{", "}}"), "for": ("{{", "}}"), "map": ("{{", "}}"), "filter": ("{{", "}}"), "attempt": ("{{", "}}"),
    "try": ("{{", "}}"), "encode": ("{{", "}}"),
}  # fmt: skip


def _mermaid_cluster(cluster: Cluster, margin: str) -> Iterator[str]:
    yield f'{margin}subgraph s_{cluster.id}["{_mermaid_text(cluster.label)}"]'
    for vertex in cluster.vertices:
        left, right = _MERMAID_SHAPES.get(vertex.kind, ("[", "]"))
        yield f'{margin}  {vertex.id}{left}"{_mermaid_text(vertex.label)}"{right}'
    for inner in cluster.clusters:
        yield from _mermaid_cluster(inner, margin + "  ")
    yield f"{margin}end"


def _mermaid_text(text: str) -> str:
    """Inside quotes; what Mermaid, Markdown or HTML would read goes by its number."""
    return "".join(f"#{ord(c)};" if c in _MERMAID_SPECIAL else c if c.isprintable() else " " for c in text)


_MERMAID_SPECIAL = frozenset('"#&<>\\`%*_;$')


# --- Graphviz --------------------------------------------------------------------------------------------------------

_DOT_STYLES = {"context": "bold", "value": "solid", "call": "dotted"}
_DOT_SHAPES = {
    "start": "parallelogram", "gen": "ellipse", "select": "ellipse", "tool": "component", "dispatch": "component",
    "call": "cds", "return": "oval", "fail": "oval", "if": "diamond", "match": "diamond", "loop": "hexagon",
    "for": "hexagon", "map": "hexagon", "filter": "hexagon", "attempt": "hexagon", "try": "hexagon",
    "encode": "hexagon",
}  # fmt: skip


def _dot_cluster(cluster: Cluster, margin: str) -> Iterator[str]:
    yield f"{margin}subgraph cluster_{cluster.id} {{"
    yield f"{margin}  label={_dot_text(cluster.label)};"
    for vertex in cluster.vertices:
        yield f"{margin}  {vertex.id} [label={_dot_text(vertex.label)}, shape={_DOT_SHAPES.get(vertex.kind, 'box')}];"
    for inner in cluster.clusters:
        yield from _dot_cluster(inner, margin + "  ")
    yield f"{margin}}}"


def _dot_text(text: str) -> str:
    """A quoted string; a backslash would begin an escape."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
