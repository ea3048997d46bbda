"""inline: the body of a template, or of a small function, takes the place of its use.

    template @ask(%c: ctx, %task: str) -> ctx, str {
      %d = append %c, role user [%task]
      %e, %text = gen %d : str
      return %e, %text                                  %d = append %c1, role user [%question]
    }                                             ->    %e, %text = gen %d : str site ask.text
    ...                                                 yield %text
      %c2, %plan: str = use @ask(%c1, %question)
      yield %plan

Templates: all whose returns can be brought to the end (straighten.py); they were written to be part of their user. A
function only when nobody could tell: it does not generate, call, reach a tool or record an expectation, it is not
recursive, and it has at most MAX_NODES nodes. Otherwise its generations would move to another place in event paths, and
a large body would be there many times.

A generation keeps its seed: its site becomes that of the use, a dot, its own. Inside a loop of the template sites stay
as they are, for there the loop has the site. A template that nobody uses any more is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import networkx as nx

from sglc.ir import ops
from sglc.ir.graph import Function, Graph, Node, Region, call_graph, defined, map_regions, walk
from sglc.ir.ops import site_of
from sglc.ir.types import Type
from sglc.passes.number_sites import ITERATING
from sglc.passes.remarks import Remarks
from sglc.passes.rewrite import Names, copied, renamed, replace_values, retyped, stands_for, value_types
from sglc.passes.straighten import straighten

MAX_NODES = 12
"""A function with more nodes is called, not copied."""


def inline(graph: Graph, remarks: Remarks) -> Graph:
    calls = call_graph(graph)
    cyclic = {name for part in nx.strongly_connected_components(calls) if len(part) > 1 for name in part}
    cyclic |= set(nx.nodes_with_selfloops(calls))
    done: dict[str, Function] = {}
    bodies: dict[str, Function] = {}
    # Callees first, so that a body is complete when it is copied.
    for name in _callees_first(calls, [f.name for f in graph.functions]):
        function = _Inliner(graph.function(name), bodies, remarks).run()
        done[name] = function
        body = straighten(function) if name not in cyclic and _may_inline(function) else None
        if body is not None:
            bodies[name] = body
    if all(done[f.name] is f for f in graph.functions):
        return graph
    return _without_unused_templates(graph.with_functions(lambda f: done[f.name]))


def _callees_first(calls: nx.DiGraph, names: list[str]) -> list[str]:
    order: dict[str, None] = {}
    for name in names:
        for found in nx.dfs_postorder_nodes(calls, name) if name not in order else ():
            order.setdefault(found)
    return [name for name in order if name in set(names)]


def _may_inline(function: Function) -> bool:
    if function.kind == "template":
        return True
    nodes = list(walk(function.body))
    quiet = all(n.op.effect in ("pure", "context", "control", "end") for n in nodes)
    records = any(isinstance(n.op, ops.Expect) for n in nodes)
    return function.kind == "def" and quiet and not records and len(nodes) <= MAX_NODES


def _without_unused_templates(graph: Graph) -> Graph:
    used = {node.op.template for f in graph.functions for node in walk(f.body) if isinstance(node.op, ops.Use)}
    return graph.with_functions(lambda f: f if f.kind != "template" or f.name in used else None)


class _Inliner:
    """Puts bodies into one function."""

    def __init__(self, function: Function, bodies: Mapping[str, Function], remarks: Remarks) -> None:
        self.function, self.bodies, self.remarks = function, bodies, remarks
        self.names = Names(function)
        self.types: dict[str, Type] = value_types(function)
        self.count = 0

    def run(self) -> Function:
        body = self._region(self.function.body)
        return msgspec.structs.replace(self.function, body=body) if self.count else self.function

    def _region(self, region: Region) -> Region:
        nodes: list[Node] = []
        known: dict[str, str] = {}
        for node in region.nodes:
            node = renamed(node, known)
            body = self.bodies.get(_callee(node))
            if body is None:
                nodes.append(map_regions(node, self._region))
                continue
            self.count += 1
            self.remarks.add(f"the body of `{body.name}` is part of `{self.function.name}`", node.location, calls=1)
            nodes += self._body(node, body, known)
            if nodes and nodes[-1].op.terminator:  # the body fails on every way, so nothing behind it runs
                break
        return Region(region.params, tuple(nodes))

    def _body(self, node: Node, body: Function, known: dict[str, str]) -> list[Node]:
        """The nodes that stand for a call; `known` gets what stands for its results."""
        nodes: list[Node] = []
        inner: dict[str, str] = {}
        for param, given in zip(body.params, node.operands, strict=True):
            inner[param.name] = given
            if not stands_for(self.types[given], param.type):
                own = self.names.fresh_value(param)
                inner[param.name] = own.name
                nodes.append(retyped(given, own))
        nodes += copied(body.body.nodes, self.names, inner)
        self.types.update((v.name, v.type) for v in defined(Region((), tuple(nodes))))
        if isinstance(node.op, ops.Use):
            nodes = [_at_site(n, site_of(node.op)) for n in nodes]
        end = nodes[-1]
        if not isinstance(end.op, ops.Return):
            return nodes
        return [*nodes[:-1], *replace_values(node.results, end.operands, self.types, known)]


def _callee(node: Node) -> str:
    match node.op:
        case ops.Use(template=name) | ops.Call(function=name):
            return name
    return ""


def _at_site(node: Node, site: str) -> Node:
    """The node with its place below the use that it came from."""
    own = site_of(node.op)
    if own:
        node = msgspec.structs.replace(node, op=msgspec.structs.replace(node.op, site=f"{site}.{own}"))
    if isinstance(node.op, ITERATING):
        return node
    return map_regions(node, lambda r: msgspec.structs.replace(r, nodes=tuple(_at_site(n, site) for n in r.nodes)))
