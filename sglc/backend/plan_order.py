"""What order the nodes of a region must keep, beside the order of who uses whose values."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import networkx as nx

from sglc.ir import ops
from sglc.ir.graph import Graph, Node, Region, call_graph, callees, free_values, reaching_effects, walk
from sglc.ir.types import ContextType


class Order(msgspec.Struct, frozen=True):
    """What a step says about order; see plan.Step."""

    leaves: bool = False
    effect: bool = False
    after: tuple[int, ...] = ()


class OrderFacts:
    """`effects` and `tools`: functions and tools (as `tool NAME`) that reach a tool with an effect, or any tool."""

    def __init__(self, graph: Graph) -> None:
        self._effects, self._tools = reaching_effects(graph), _reaching_tools(graph)

    def orders(self, nodes: Sequence[Node]) -> list[Order]:
        """One for each node of a region."""
        found = []
        effects: list[int] = []
        for position, node in enumerate(nodes):
            effect = self._reaches(node, self._effects)
            tool = effect or self._reaches(node, self._tools)
            found.append(Order(may_leave(node), effect, tuple(effects) if tool else ()))
            if effect:
                # A single tool waited for everything before it, so who waits for it need not wait for that again.
                effects = [position] if isinstance(node.op, ops.ToolCall) else [*effects, position]
        return found

    def _reaches(self, node: Node, names: frozenset[str]) -> bool:
        nodes = [node, *(inner for region in node.regions for inner in walk(region))]
        # Turns of a session change it, so they keep their order like tools with an effect.
        return any(isinstance(n.op, ops.SessionTurn) or not names.isdisjoint(callees(n.op)) for n in nodes)


def _reaching_tools(graph: Graph) -> frozenset[str]:
    calls = call_graph(graph)
    tools = [name for name, facts in calls.nodes(data=True) if facts.get("kind") == "tool"]
    return frozenset(tools).union(*(nx.ancestors(calls, tool) for tool in tools))


def may_leave(node: Node) -> bool:
    """Whether the node may leave its region: by return, or by a break, continue or fail that nothing inside catches."""
    return any(_leaves(region, _caught_by(node.op, number)) for number, region in enumerate(node.regions))


def _leaves(region: Region, caught: tuple[type[ops.Op], ...]) -> bool:
    if isinstance(region.end.op, ops.Return | ops.Break | ops.Continue | ops.Fail) and not isinstance(
        region.end.op, caught
    ):
        return True
    return any(
        _leaves(inner, (*caught, *_caught_by(node.op, number)))
        for node in region.nodes
        for number, inner in enumerate(node.regions)
    )


def _caught_by(op: ops.Op, region: int) -> tuple[type[ops.Op], ...]:
    """Ends of a region, however deep inside, that stay inside the op."""
    match op:
        case ops.Loop() | ops.For():
            return (ops.Break, ops.Continue)
        case ops.Try() if region == 0:
            return (ops.Fail,)
        case ops.Map() | ops.Filter() | ops.Encode():
            # Nothing leaves a branch. One that fails is a failure like any other: it holds nothing back.
            return (ops.Break, ops.Continue, ops.Return, ops.Fail)
    return ()


def last_uses(region: Region) -> list[tuple[str, ...]]:
    """For each node the region's own contexts that neither a later node nor the end uses."""
    nodes = region.nodes
    dies: list[list[str]] = [[] for _ in nodes]
    owned = {value.name: 0 for value in region.params if isinstance(value.type, ContextType)}
    for position, node in enumerate(nodes):
        owned.update((value.name, position) for value in node.results if isinstance(value.type, ContextType))
        for name in (*node.operands, *(name for inner in node.regions for name in free_values(inner))):
            if name in owned:
                owned[name] = position
    for name, position in owned.items():
        dies[position].append(name)
    return [tuple(names) if position < len(nodes) - 1 else () for position, names in enumerate(dies)]
