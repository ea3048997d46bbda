"""Which nodes and values of a function are needed, by marking from those that are essential.

Optimistic: a loop's carried variable is needed only when its result is, or something needed in the loop reads it, so
one that merely goes around is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sglc.ir import ops
from sglc.ir.graph import Node, Region


class Place:
    """One node in place. `loop` is what a `continue` or `break` belongs to; `kept` says that the node is needed."""

    def __init__(self, node: Node, parent: Place | None, loop: Place | None) -> None:
        self.node, self.parent, self.loop = node, parent, loop
        self.inner: list[list[Place]] = []
        self.jumps: list[Place] = []
        self.kept = False

    @property
    def offset(self) -> int:
        """Operands (and region parameters) before the carried ones."""
        return 1 if isinstance(self.node.op, ops.For) else 0

    @property
    def carried(self) -> int:
        """How many values a loop carries."""
        return len(self.node.operands) - self.offset


class Liveness:
    """What is needed of a function's body; `essential` tells which nodes are needed for their own sake."""

    def __init__(self, body: Region, essential: Callable[[Node], bool]) -> None:
        self._essential = essential
        self._live: set[str] = set()
        self._results: dict[str, tuple[Place, int]] = {}
        self._params: dict[str, tuple[Place, int]] = {}
        self._pending: list[str] = []
        self._roots: list[Place] = []
        self.top = self._places(body, None, None)
        for place in self._roots:
            self._keep(place)
        while self._pending:
            self._explain(self._pending.pop())

    # --- answers

    def keeps_param(self, name: str) -> bool:
        """Whether a region keeps a parameter; those that are not carried stay in any case."""
        place, index = self._params.get(name, (None, -1))
        return place is None or index < 0 or self._carries(place, index)

    def kept_results(self, place: Place) -> list[bool]:
        results = place.node.results
        match place.node.op:
            case ops.If() | ops.Match() | ops.Try():
                return [r.name in self._live for r in results]
            case ops.Attempt():
                return [i == 0 or r.name in self._live for i, r in enumerate(results)]
            case ops.Loop() | ops.For():
                return [i >= place.carried or self._carries(place, i) for i in range(len(results))]
        return [True] * len(results)

    def kept_operands(self, place: Place) -> list[bool]:
        count = len(place.node.operands)
        match place.node.op:
            case ops.Loop() | ops.For():
                return [i < place.offset or self._carries(place, i - place.offset) for i in range(count)]
            case ops.Continue() | ops.Break() if place.loop is not None:
                loop = place.loop
                return [i >= loop.carried or self._carries(loop, i) for i in range(count)]
            case ops.Yield() if place.parent is not None and isinstance(
                place.parent.node.op, ops.If | ops.Match | ops.Try
            ):
                return self.kept_results(place.parent)
            case ops.Check() if place.parent is not None:
                return [True, True, *self.kept_results(place.parent)]
        return [True] * count

    def _carries(self, loop: Place, slot: int) -> bool:
        """Whether a loop's carried variable is needed."""
        names = [loop.node.results[slot].name, *(r.params[loop.offset + slot].name for r in loop.node.regions)]
        return any(name in self._live for name in names)

    # --- marking

    def _places(self, region: Region, parent: Place | None, loop: Place | None) -> list[Place]:
        places = [self._place(node, parent, loop) for node in region.nodes]
        if parent is not None and isinstance(parent.node.op, ops.Loop | ops.For):
            for index, param in enumerate(region.params):
                self._params[param.name] = (parent, index - parent.offset)
        return places

    def _place(self, node: Node, parent: Place | None, loop: Place | None) -> Place:
        place = Place(node, parent, loop)
        if isinstance(node.op, ops.Continue | ops.Break) and loop is not None:
            loop.jumps.append(place)
        elif self._essential(node):
            self._roots.append(place)
        around = place if isinstance(node.op, ops.Loop | ops.For) else loop
        place.inner = [self._places(region, place, around) for region in node.regions]
        self._results.update((value.name, (place, index)) for index, value in enumerate(node.results))
        return place

    def _need(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self._live:
                self._live.add(name)
                self._pending.append(name)

    def _keep(self, place: Place | None) -> None:
        """Need a node, and so all that decides whether it runs and what it computes from."""
        while place is not None and not place.kept:
            place.kept = True
            self._keep_inside(place)
            place = place.parent

    def _keep_inside(self, place: Place) -> None:
        operands = place.node.operands
        match place.node.op:
            case ops.Yield() | ops.Continue() | ops.Break():
                self._keep_end(place)
            case ops.If() | ops.Match():
                self._need(operands[:1])
            case ops.Loop() | ops.For():
                self._need(operands[: place.offset])
                for end in (*place.jumps, *(region[-1] for region in place.inner)):
                    self._keep(end)
            case ops.Check():
                self._need(operands[:3])
            case _:
                self._need(operands)
                for region in place.inner:
                    if not isinstance(place.node.op, ops.Try):
                        self._keep(region[-1])

    def _keep_end(self, place: Place) -> None:
        """What an end gives is needed where it is not one of several values, needed one by one."""
        parent = place.parent
        operands = place.node.operands
        if isinstance(place.node.op, ops.Yield):
            if parent is not None and not isinstance(parent.node.op, ops.If | ops.Match | ops.Try):
                self._need(operands)
        elif place.loop is not None:
            self._need(operands[place.loop.carried :])

    def _explain(self, name: str) -> None:
        """Need what gives a value that is needed."""
        if name in self._results:
            place, index = self._results[name]
            self._keep(place)
            self._need_result(place, index)
        elif name in self._params:
            place, slot = self._params[name]
            if slot >= 0:
                self._need_slot(place, slot)

    def _need_result(self, place: Place, index: int) -> None:
        match place.node.op:
            case ops.If() | ops.Match() | ops.Try():
                for region in place.inner:
                    self._need_from(region[-1], ops.Yield, index)
            case ops.Attempt():
                self._need_from(place.inner[0][-1], ops.Check, index + 2)
            case ops.Loop() | ops.For() if index < place.carried:
                self._need_slot(place, index)

    def _need_slot(self, loop: Place, slot: int) -> None:
        self._need([loop.node.operands[loop.offset + slot]])
        for jump in loop.jumps:
            self._need([jump.node.operands[slot]])

    def _need_from(self, end: Place, kind: type[ops.Op], index: int) -> None:
        if isinstance(end.node.op, kind):
            self._need([end.node.operands[index]])
