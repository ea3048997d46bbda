"""The dataflow graph: functions of nested regions of nodes, all frozen, with views over networkx for questions about order.

The tree of regions is the one stored form, so a pass cannot change its input and equal programs compare equal; who uses what,
what may run together and who calls whom are computed from it on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec
import networkx as nx

from sglc.ir.ops import Call, Dispatch, Op, SessionOpen, SessionTurn, ToolCall, Use
from sglc.ir.tools import ToolSpec
from sglc.ir.types import Declared, Field, Type, TypeTable
from sglc.source import Location


class Value(msgspec.Struct, frozen=True):
    """An SSA value; the name is unique in its function."""

    name: str
    type: Type


class Node(msgspec.Struct, frozen=True):
    """One operation in place: what it uses, what it gives, what it contains, where it was written."""

    op: Op
    operands: tuple[str, ...] = ()
    results: tuple[Value, ...] = ()
    regions: tuple[Region, ...] = ()
    location: Location | None = None


class Region(msgspec.Struct, frozen=True):
    """Nodes in program order; the last one is a terminator. Nodes see the values around the region."""

    params: tuple[Value, ...]
    nodes: tuple[Node, ...]

    @property
    def end(self) -> Node:
        return self.nodes[-1]


FunctionKind = Literal["def", "template", "open", "turn", "test"]


class Function(msgspec.Struct, frozen=True):
    """A function's body and signature.

    def: values -> value. template: ctx, values -> ctx [, value]. open: session's arguments -> ctx, states.
    turn: ctx, states, session's arguments, turn's arguments -> ctx, states, value. test: -> nothing.
    `fields` are the arguments as the caller sees them (names, defaults, descriptions), without ctx and states.
    """

    name: str
    kind: FunctionKind
    fields: tuple[Field, ...]
    params: tuple[Value, ...]
    results: tuple[Type, ...]
    body: Region
    depth: int | None = None
    description: str = ""
    location: Location | None = None


class Serve(msgspec.Struct, frozen=True):
    """`@serve` of a function or session."""

    function: str
    path: str = ""
    method: str = "POST"
    name: str = ""


class Session(msgspec.Struct, frozen=True):
    """`states` are names and types; functions `name.open` and `name.turn` do the work."""

    name: str
    fields: tuple[Field, ...]
    states: tuple[Field, ...]
    turn_fields: tuple[Field, ...]
    result: Type


class Model(msgspec.Struct, frozen=True):
    """A declared model. `path` "" (name "") stands for the operator's default. `date` is what chat templates print."""

    name: str
    path: str
    date: str = ""


class Test(msgspec.Struct, frozen=True):
    """A test block: `function` is its body, `replay` the file of recorded replies ("" for none)."""

    name: str
    function: str
    replay: str = ""


class Graph(msgspec.Struct, frozen=True):
    """A whole program. `entry` is the function or session that `sglc run` starts: the file's last public one."""

    functions: tuple[Function, ...] = ()
    types: tuple[Declared, ...] = ()
    tools: tuple[ToolSpec, ...] = ()
    models: tuple[Model, ...] = ()
    sessions: tuple[Session, ...] = ()
    serves: tuple[Serve, ...] = ()
    tests: tuple[Test, ...] = ()
    entry: str = ""

    def function(self, name: str) -> Function:
        """Raises KeyError for an unknown name."""
        for function in self.functions:
            if function.name == name:
                return function
        raise KeyError(name)

    def tool(self, name: str) -> ToolSpec:
        """Raises KeyError for an unknown name."""
        for tool in self.tools:
            if tool.name == name:
                return tool
        raise KeyError(name)

    @property
    def type_table(self) -> TypeTable:
        return {t.name: t for t in self.types}

    def with_functions(self, change: Callable[[Function], Function | None]) -> Graph:
        """The graph with each function replaced by what `change` gives; None drops it."""
        changed = (change(f) for f in self.functions)
        return msgspec.structs.replace(self, functions=tuple(f for f in changed if f is not None))


# --- walking ---------------------------------------------------------------------------------------------------------


def walk(region: Region) -> Iterator[Node]:
    """All nodes, outer before inner, in program order."""
    for node in region.nodes:
        yield node
        for inner in node.regions:
            yield from walk(inner)


def map_regions(node: Node, change: Callable[[Region], Region]) -> Node:
    """The node with each of its regions replaced."""
    if not node.regions:
        return node
    return msgspec.structs.replace(node, regions=tuple(change(r) for r in node.regions))


def rename(region: Region, names: dict[str, str]) -> Region:
    """The region with uses of outer values renamed; what it defines itself keeps its name."""
    nodes = tuple(
        msgspec.structs.replace(
            node,
            operands=tuple(names.get(o, o) for o in node.operands),
            regions=tuple(rename(r, names) for r in node.regions),
        )
        for node in region.nodes
    )
    return msgspec.structs.replace(region, nodes=nodes)


def defined(region: Region) -> Iterator[Value]:
    """All values that a region defines, its parameters and inner regions included."""
    yield from region.params
    for node in region.nodes:
        yield from node.results
        for inner in node.regions:
            yield from defined(inner)


def free_values(region: Region) -> tuple[str, ...]:
    """Names of outer values that a region uses, in order of first use."""
    own = {v.name for v in defined(region)}
    uses = (name for node in walk(region) for name in node.operands)
    return tuple(dict.fromkeys(name for name in uses if name not in own))


def uses(node: Node) -> tuple[str, ...]:
    """Everything a node needs before it can finish: operands and what its regions take from around."""
    inner = (name for region in node.regions for name in free_values(region))
    return tuple(dict.fromkeys((*node.operands, *inner)))


# --- questions about order -------------------------------------------------------------------------------------------


def dataflow(region: Region) -> nx.DiGraph:
    """Nodes of one region by their position; an edge from i to j when j uses a value of i."""
    graph = nx.DiGraph()
    made: dict[str, int] = {}
    for position, node in enumerate(region.nodes):
        graph.add_node(position, node=node)
        for name in uses(node):
            if name in made:
                graph.add_edge(made[name], position)
        made.update((value.name, position) for value in node.results)
    return graph


def call_graph(graph: Graph) -> nx.DiGraph:
    """Functions and tools by name; an edge from caller to callee. Tools carry kind="tool"."""
    calls = nx.DiGraph()
    for tool in graph.tools:
        calls.add_node(f"tool {tool.name}", kind="tool", effect=tool.effect)
    for function in graph.functions:
        calls.add_node(function.name, kind=function.kind)
        for node in walk(function.body):
            for callee in callees(node.op):
                calls.add_edge(function.name, callee)
    return calls


def callees(op: Op) -> tuple[str, ...]:
    """What an operation may run: function names, and tools as `tool NAME`."""
    match op:
        case Call(function=name):
            return (name,)
        case Use(template=name):
            return (name,)
        case SessionOpen(session=name):
            return (f"{name}.open",)
        case SessionTurn(session=name):
            return (f"{name}.turn",)
        case ToolCall(tool=name):
            return (f"tool {name}",)
        case Dispatch(tools=names):
            return tuple(f"tool {name}" for name in names)
    return ()


def reaching_effects(graph: Graph) -> frozenset[str]:
    """Functions and tools (as `tool NAME`) that are, or can reach, a tool with an effect."""
    calls = call_graph(graph)
    sources = [name for name, facts in calls.nodes(data=True) if facts.get("effect")]
    reached = set(sources)
    for source in sources:
        reached |= nx.ancestors(calls, source)
    return frozenset(reached)
