"""number_sites: tell generations, calls and loops of one name apart, so that each draws from a seed of its own.

    %c1, %text = gen %c0 as text : str            %c1, %text = gen %c0 as text : str
    %c2, %text.1 = gen %c1 as text : str    ->    %c2, %text.1 = gen %c1 as text : str site text.2

Sites are unique among what one call, or one iteration of a loop, runs. They come from names, in the order of the
program, so that an edit of the source leaves the seeds of all else as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sglc.ir.graph import Graph, Node, Region
from sglc.ir.ops import Filter, For, Loop, Map, site_of
from sglc.passes.remarks import Remarks

ITERATING = (Loop, For, Map, Filter)
"""Ops whose regions run once an iteration, and so have places of their own."""


def number_sites(graph: Graph, remarks: Remarks) -> Graph:
    bodies = {f.name: _numbered([f.body])[0] for f in graph.functions}
    if all(f.body is bodies[f.name] for f in graph.functions):
        return graph
    return graph.with_functions(lambda f: msgspec.structs.replace(f, body=bodies[f.name]))


def _numbered(regions: list[Region]) -> list[Region]:
    """The regions of one scope; those that give nothing to number are the same objects."""
    taken = {site_of(node.op) for region in regions for node in _scope(region) if getattr(node.op, "site", "")}
    return [_region(region, taken) for region in regions]


def _scope(region: Region) -> Iterator[Node]:
    """The nodes that run at most once when the region runs once."""
    for node in region.nodes:
        yield node
        if not isinstance(node.op, ITERATING):
            for inner in node.regions:
                yield from _scope(inner)


def _region(region: Region, taken: set[str]) -> Region:
    nodes = tuple(_node(node, taken) for node in region.nodes)
    if all(a is b for a, b in zip(nodes, region.nodes, strict=True)):
        return region
    return msgspec.structs.replace(region, nodes=nodes)


def _node(node: Node, taken: set[str]) -> Node:
    op, name = node.op, site_of(node.op)
    if name and not getattr(op, "site", ""):
        site = _free(name, taken)
        taken.add(site)
        op = op if site == name else msgspec.structs.replace(op, site=site)
    inner = list(node.regions)
    regions = _numbered(inner) if isinstance(op, ITERATING) else [_region(r, taken) for r in inner]
    if op is node.op and all(a is b for a, b in zip(regions, inner, strict=True)):
        return node
    return msgspec.structs.replace(node, op=op, regions=tuple(regions))


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}.{number}" in taken:
        number += 1
    return f"{name}.{number}"
