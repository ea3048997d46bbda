"""A function whose only `return` is its last node: what stands behind an early return moves into the other arms.

    if %b {                             %r: ctx = if %b {
      return %c                           yield %c
    } else {                            } else {
      yield                     ->        %d = append %c, ["more"]
    }                                     yield %d
    %d = append %c, ["more"]            }
    return %d                           return %r

Only where that copies nothing: at most one arm may go on behind the `if` or `match`. A return inside a loop, a `try` or
an attempt cannot be moved: what follows would be repeated, or caught, there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sglc.ir import ops
from sglc.ir.graph import Function, Node, Region, Value, walk
from sglc.ir.types import Type
from sglc.passes.rewrite import Names, renamed, replace_values, value_types


def straighten(function: Function) -> Function | None:
    """The same function with one return, at its end, or none where it always fails. None where that cannot be had."""
    try:
        nodes = _Straightener(function).nodes(function.body.nodes)
    except _BentError:
        return None
    return msgspec.structs.replace(function, body=Region(function.body.params, tuple(nodes)))


class _BentError(Exception):
    """A return stands where it cannot be moved from."""


class _Straightener:
    def __init__(self, function: Function) -> None:
        self.results = function.results
        self.names = Names(function)
        self.types: Mapping[str, Type] = value_types(function)

    def nodes(self, nodes: Sequence[Node]) -> list[Node]:
        for position, node in enumerate(nodes):
            if node.regions and any(isinstance(inner.op, ops.Return) for r in node.regions for inner in walk(r)):
                return [*nodes[:position], *self._arms(node, nodes[position + 1 :])]
        return list(nodes)

    def _arms(self, node: Node, rest: Sequence[Node]) -> list[Node]:
        """The node with all that follows in the arm that goes on, and the return behind it."""
        goes_on = [isinstance(region.end.op, ops.Yield) for region in node.regions]
        if not isinstance(node.op, ops.If | ops.Match) or sum(goes_on) > 1:
            raise _BentError
        regions = tuple(self._arm(node, region, rest) for region in node.regions)
        results = tuple(Value(self.names.fresh("r"), type_) for type_ in self.results)
        moved = msgspec.structs.replace(node, results=results, regions=regions)
        return [moved, Node(ops.Return(), tuple(r.name for r in results), (), (), node.location)]

    def _arm(self, node: Node, region: Region, rest: Sequence[Node]) -> Region:
        nodes = list(region.nodes)
        if isinstance(region.end.op, ops.Yield):
            known: dict[str, str] = {}
            retyped = replace_values(node.results, region.end.operands, self.types, known)
            nodes = [*nodes[:-1], *retyped, *(renamed(n, known) for n in rest)]
        nodes = self.nodes(nodes)
        if isinstance(nodes[-1].op, ops.Return):
            nodes[-1] = msgspec.structs.replace(nodes[-1], op=ops.Yield())
        return Region((), tuple(nodes))
