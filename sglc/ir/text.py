"""Graph <-> text: `print_graph` and `parse_graph` are each other's inverse, and equal graphs print alike.

docs/ir.md shows the form of every op, grammar.lark is its syntax.

    func @tips(%place: str, %topics: list[str]) -> list[str] {
      %c0 = context
      %c1 = append %c0, role user ["Tips for a trip to ", %place, "."]
      %out = map %t in %topics as out captures %c1 {
        %c2 = append %c1, role assistant ["About ", %t, ": "]
        %c3, %tip = gen %c2 : str { max_tokens = 48, stop = ["\\n"] }
        yield %tip
      }
      return %out
    }
"""

from __future__ import annotations

import msgspec

from sglc.ir.graph import Function, Graph, Node, Region, map_regions
from sglc.ir.text_printer import NO_LOCATION, Printer
from sglc.ir.text_reader import read_graph
from sglc.ir.text_tree import IrTextError, parse
from sglc.ir.text_types import read_type
from sglc.ir.types import Type

__all__ = ["IrTextError", "mark_node", "parse_graph", "parse_type", "print_function", "print_graph", "strip_locations"]


def print_graph(graph: Graph, *, locations: bool = False) -> str:
    """The graph as text; `locations` adds where each node was written (` at "trip.sgl":3:5`)."""
    printer = Printer(locations=locations)
    printer.graph(graph)
    return "".join(f"{line}\n" for line in printer.lines)


def print_function(function: Function) -> str:
    printer = Printer(locations=False)
    printer.function(function)
    return "".join(f"{line}\n" for line in printer.lines)


def mark_node(function: Function, node: Node | None) -> str:
    """The function as text with the line of one of its nodes (None: the first line) marked by `>`."""
    printer = Printer(locations=False, mark=node)
    printer.function(function)
    marked = printer.marked or 0
    return "".join(f"{'>' if i == marked else ' '} {line}\n" for i, line in enumerate(printer.lines))


def parse_graph(text: str) -> Graph:
    """The graph that a text stands for. Raises IrTextError; does not verify."""
    return read_graph(parse(text, "graph"), text)


def parse_type(text: str) -> Type:
    """The type that `show` writes as `text`. Raises IrTextError."""
    return read_type(parse(text, "type"), text)


def strip_locations(graph: Graph) -> Graph:
    """The graph without a note of where anything was written."""
    tools = tuple(msgspec.structs.replace(t, location=NO_LOCATION) for t in graph.tools)
    functions = tuple(
        msgspec.structs.replace(f, body=_strip(f.body), location=None) for f in graph.functions
    )  # fmt: skip
    return msgspec.structs.replace(graph, functions=functions, tools=tools)


def _strip(region: Region) -> Region:
    nodes = (msgspec.structs.replace(map_regions(n, _strip), location=None) for n in region.nodes)
    return msgspec.structs.replace(region, nodes=tuple(nodes))
