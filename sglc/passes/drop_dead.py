"""drop_dead: what nobody needs is not done.

    %d, %idea = gen %c : str
    %e = append %d, ["..."]                         %r: ctx = if %b {
    %r: ctx, %n: int = if %b {                        yield %c
      yield %c, %one                       ->       } else {
    } else {                                          %f, %x = gen %c : str
      %f, %x = gen %c : str                           yield %f
      yield %f, %two                                }
    }                                               return %r
    return %r

Needed are what the function returns, what may fail, and what reaches outside; and what these need in turn, results and
carried variables one by one, so that a context that a loop only hands on is not kept by that.

Dropped are constants, contexts, text, functions of values that cannot fail, generations and selections of which neither
the value nor the context is used, and whatever holds only such things: branches, loops, forks, calls.

Kept are tools, since the program sees a call that fails even if it ignores the answer; all that may fail (an index, a
division, an `ensure`, an option that is computed and may be out of range); and the turns of sessions.
"""

from __future__ import annotations

import msgspec
import networkx as nx

from sglc.ir import ops
from sglc.ir.graph import Function, Graph, Node, Region, call_graph, walk
from sglc.passes.essential import is_essential
from sglc.passes.liveness import Liveness, Place
from sglc.passes.remarks import Remarks
from sglc.passes.rewrite import value_types


def drop_dead(graph: Graph, remarks: Remarks) -> Graph:
    quiet = quiet_functions(graph)
    swept = {f.name: _Sweeper(f, graph, quiet, remarks).run() for f in graph.functions}
    if all(swept[f.name].body == f.body for f in graph.functions):
        return graph
    return graph.with_functions(lambda f: swept[f.name])


def quiet_functions(graph: Graph) -> frozenset[str]:
    """Functions whose call does not matter when nobody uses its results."""
    calls = call_graph(graph)
    cyclic = {name for part in nx.strongly_connected_components(calls) if len(part) > 1 for name in part}
    cyclic |= set(nx.nodes_with_selfloops(calls))
    quiet: frozenset[str] = frozenset()
    functions = {f.name: f for f in graph.functions}
    for name in nx.dfs_postorder_nodes(calls):  # callees first
        if name in functions and name not in cyclic and _is_quiet(functions[name], graph, quiet):
            quiet |= {name}
    return quiet


def _is_quiet(function: Function, graph: Graph, quiet: frozenset[str]) -> bool:
    types = value_types(function)
    return not any(
        is_essential(node, types, graph.type_table, quiet) and not isinstance(node.op, ops.Return)
        for node in walk(function.body)
    )


class _Sweeper:
    """Drops what is dead in one function."""

    def __init__(self, function: Function, graph: Graph, quiet: frozenset[str], remarks: Remarks) -> None:
        self.function, self.remarks = function, remarks
        types = value_types(function)
        self.live = Liveness(function.body, lambda node: is_essential(node, types, graph.type_table, quiet))

    def run(self) -> Function:
        return msgspec.structs.replace(self.function, body=self._region(self.function.body, self.live.top))

    def _region(self, region: Region, places: list[Place]) -> Region:
        nodes = []
        for node, place in zip(region.nodes, places, strict=True):
            if place.kept or node.op.terminator:
                nodes.append(self._node(node, place))
            else:
                self._tell(node)
        return Region(tuple(p for p in region.params if self.live.keeps_param(p.name)), tuple(nodes))

    def _node(self, node: Node, place: Place) -> Node:
        regions = tuple(self._region(r, inner) for r, inner in zip(node.regions, place.inner, strict=True))
        operands = tuple(o for o, kept in zip(node.operands, self.live.kept_operands(place), strict=True) if kept)
        results = tuple(r for r, kept in zip(node.results, self.live.kept_results(place), strict=True) if kept)
        if (operands, results) == (node.operands, node.results) and not regions:
            return node
        return msgspec.structs.replace(node, operands=operands, results=results, regions=regions)

    def _tell(self, node: Node) -> None:
        for dead in (node, *(inner for region in node.regions for inner in walk(region))):
            match dead.op:
                case ops.Gen(name=name) | ops.Select(name=name):
                    self.remarks.add(f"nobody uses `{name}`, so it is not generated", dead.location, generations=1)
                case ops.Call(function=name):
                    self.remarks.add(f"nobody uses what `{name}` returns, so it is not called", dead.location, calls=1)
