"""Which context goes on from which, for the places where a run takes the difference of two (IR027)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sglc.ir import ops
from sglc.ir.graph import Node, Region
from sglc.ir.types import CONTEXT

GROWING = (ops.Append, ops.Gen, ops.Select, ops.Encode, ops.Use, ops.Attempt)
"""Their first result is their first operand with more behind it."""


class Growth:
    """A tree of contexts: each hangs below the nearest one that it certainly goes on from."""

    def __init__(self) -> None:
        self._above: dict[str, str | None] = {}
        self._depth: dict[str, int] = {}

    def enter(self, region: Region, around: Node | None) -> None:
        """The parameters of a region: what an attempt or a loop begins with, or goes round with, is its operand."""
        begins = around is not None and isinstance(around.op, ops.Attempt | ops.Loop | ops.For)
        for index, param in enumerate(region.params):
            if param.type == CONTEXT:
                known = begins and around is not None and index < len(around.operands)
                self._hang(param.name, around.operands[index] if known and around is not None else None)

    def leave(self, node: Node) -> None:
        """The results of a node, once all in its regions is known."""
        for index, result in enumerate(node.results):
            if result.type == CONTEXT:
                self._hang(result.name, self._origin(node, index))

    def goes_on_from(self, context: str, start: str) -> bool:
        return self._common([context, start]) == start

    def _origin(self, node: Node, index: int) -> str | None:
        match node.op:
            case ops.If() | ops.Match() | ops.Try():
                ends = [region.end for region in node.regions if isinstance(region.end.op, ops.Yield)]
                return self._common(end.operands[index] for end in ends)
            case ops.Loop() | ops.For():
                place = index + isinstance(node.op, ops.For)
                body = node.regions[-1]
                jumps = (jump.operands[index] for jump in _jumps(body))
                grows = all(self.goes_on_from(jump, body.params[place].name) for jump in jumps)
                return node.operands[place] if grows else None
        return node.operands[0] if isinstance(node.op, GROWING) and index == 0 else None

    def _hang(self, name: str, above: str | None) -> None:
        self._above[name] = above
        self._depth[name] = self._depth[above] + 1 if above is not None else 0

    def _common(self, contexts: Iterable[str]) -> str | None:
        """The longest context that all of them go on from."""
        found: str | None = None
        for other in contexts:
            here: str | None = other
            found = other if found is None else found
            while found != here:
                if found is None or here is None:
                    return None
                if self._depth[found] >= self._depth[here]:
                    found = self._above[found]
                else:
                    here = self._above[here]
        return found


def _jumps(region: Region) -> Iterator[Node]:
    """The ends that belong to the loop whose body this is."""
    for node in region.nodes:
        if isinstance(node.op, ops.Continue | ops.Break):
            yield node
        if not isinstance(node.op, ops.Loop | ops.For):
            for inner in node.regions:
                yield from _jumps(inner)
