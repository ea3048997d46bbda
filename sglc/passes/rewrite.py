"""Building blocks of passes: fresh names, copies under fresh names, one value in the place of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sglc.ir import ops
from sglc.ir.graph import Function, Node, Region, Value, defined
from sglc.ir.relations import plain
from sglc.ir.types import ContextType, SessionType, Type

_NUMBER = re.compile(r"\.\d+$")


class Names:
    """The names of a function's values, and new ones."""

    def __init__(self, function: Function) -> None:
        self._taken = {v.name for v in (*function.params, *defined(function.body))}
        self._last: dict[str, int] = {}

    def fresh(self, name: str) -> str:
        """The name itself where it is free, else with a number: `tip`, `tip.1`, `tip.2`."""
        base = _NUMBER.sub("", name)
        while name in self._taken:
            self._last[base] = self._last.get(base, 0) + 1
            name = f"{base}.{self._last[base]}"
        self._taken.add(name)
        return name

    def fresh_value(self, value: Value) -> Value:
        return Value(self.fresh(value.name), value.type)


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """The node with other values in the place of those that it uses, also inside of its regions."""
    if not names:
        return node
    return msgspec.structs.replace(
        node,
        operands=tuple(names.get(o, o) for o in node.operands),
        regions=tuple(
            msgspec.structs.replace(r, nodes=tuple(renamed(n, names) for n in r.nodes)) for r in node.regions
        ),
    )


def copied(nodes: Iterable[Node], names: Names, known: dict[str, str]) -> list[Node]:
    """Copies of nodes in which all that they define has a fresh name. `known` maps old names to new ones, and grows."""
    return [_copy(node, names, known) for node in nodes]


def _copy(node: Node, names: Names, known: dict[str, str]) -> Node:
    operands = tuple(known.get(o, o) for o in node.operands)
    regions = []
    for region in node.regions:
        params = tuple(map(names.fresh_value, region.params))
        known.update((old.name, new.name) for old, new in zip(region.params, params, strict=True))
        regions.append(Region(params, tuple(copied(region.nodes, names, known))))
    results = tuple(map(names.fresh_value, node.results))
    known.update((old.name, new.name) for old, new in zip(node.results, results, strict=True))
    return msgspec.structs.replace(node, operands=operands, regions=tuple(regions), results=results)


def stands_for(given: Type, wanted: Type) -> bool:
    """Whether a value of one type may be used in place of one of the other type without a change of its type.

    Types decide how a value is written into text (a `json` that is a text has its quotes) and which cases of a `match`
    may narrow it, so only refinements (`str(max=3)`, `"a" | "b"`, both text) may differ.
    """
    if isinstance(given, ContextType | SessionType) or isinstance(wanted, ContextType | SessionType):
        return given == wanted
    return plain(given) == plain(wanted)


def retyped(given: str, value: Value) -> Node:
    """Defines `value` as another name for a value of another type: a `match` that has one case."""
    region = Region((), (Node(ops.Yield(), (given,)),))
    return Node(ops.Match(((ops.Pattern("any"),),)), (given,), (value,), (region,))


def is_retyping(node: Node) -> bool:
    return isinstance(node.op, ops.Match) and len(node.regions) == 1 and len(node.regions[0].nodes) == 1


def replace_values(
    old: Sequence[Value], given: Sequence[str], types: Mapping[str, Type], known: dict[str, str]
) -> list[Node]:
    """Put given values in the place of old ones: by `known` where their types allow it, else by the nodes returned."""
    nodes = []
    for value, name in zip(old, given, strict=True):
        if stands_for(types[name], value.type):
            known[value.name] = name
        else:
            nodes.append(retyped(name, value))
    return nodes


def value_types(function: Function) -> dict[str, Type]:
    return {v.name: v.type for v in (*function.params, *defined(function.body))}
