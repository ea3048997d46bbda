"""What the checks of single nodes are made of: the program's declarations, agreement of types, counting of operands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from sglc.ir import shapes
from sglc.ir.decode import ConformError, conform
from sglc.ir.graph import Function, Graph, Node, Session
from sglc.ir.relations import disjoint_kinds, members_of
from sglc.ir.tools import ToolSpec
from sglc.ir.types import (
    FAILURE,
    JSON,
    NEVER,
    ContextType,
    JsonType,
    ListType,
    NamedType,
    NeverType,
    SessionType,
    TupleType,
    Type,
    TypeTable,
    show,
)

LISTS = ListType(NEVER)
VALUES = JSON
"""Any value of a program, not a context and not a session."""


class Broken(Exception):
    """An invariant does not hold, at a node where there is one."""

    def __init__(self, number: str, message: str, node: Node | None = None) -> None:
        super().__init__(message)
        self.number, self.message, self.node = number, message, node


class Program:
    """The declarations of a graph by name."""

    def __init__(self, graph: Graph) -> None:
        self.functions: dict[str, Function] = {f.name: f for f in graph.functions}
        self.tools: dict[str, ToolSpec] = {t.name: t for t in graph.tools}
        self.sessions: dict[str, Session] = {s.name: s for s in graph.sessions}
        self.models = {"", *(m.name for m in graph.models)}
        self.table: TypeTable = {FAILURE.name: FAILURE, **graph.type_table}

    def agree(self, given: Type, wanted: Type) -> bool:
        """Whether a value of type `given` may be where `wanted` is expected: they have values in common."""
        if isinstance(wanted, ContextType | SessionType) or isinstance(given, ContextType | SessionType):
            return given == wanted
        if isinstance(given, NeverType | JsonType) or isinstance(wanted, NeverType | JsonType):
            return True
        match given, wanted:
            case ListType(item=a), ListType(item=b):
                return self.agree(a, b)
            case NamedType(name=a), NamedType(name=b) if not disjoint_kinds(given, wanted, self.table):
                return a == b
            case TupleType(items=a), TupleType(items=b):
                return len(a) == len(b) and all(map(self.agree, a, b))
        return not disjoint_kinds(given, wanted, self.table)


class NodeRules:
    """One node under check; each method raises Broken where the node is not as it says."""

    def __init__(self, node: Node, operands: Sequence[Type], program: Program) -> None:
        self.node, self.operands, self.program = node, operands, program

    def broken(self, number: str, message: str) -> Broken:
        return Broken(number, message, self.node)

    def takes(self, *wanted: Type) -> None:
        """IR030: exactly these operands."""
        if len(self.operands) != len(wanted):
            raise self.broken("IR030", f"{self.shown} has {len(self.operands)} operands, expected {len(wanted)}")
        for index, (given, want) in enumerate(zip(self.operands, wanted, strict=True)):
            if not self.fits(given, want):
                found = f"operand {index} of {self.shown} is `{show(given)}`"
                raise self.broken("IR030", f"{found}, expected `{show(want)}`")

    def gives(self, *wanted: Type) -> None:
        """IR031: exactly these results."""
        found = [v.type for v in self.node.results]
        if len(found) != len(wanted):
            raise self.broken("IR031", f"{self.shown} has {len(found)} results, expected {len(wanted)}")
        for value, want in zip(self.node.results, wanted, strict=True):
            if not self.fits(want, value.type):
                raise self.broken("IR031", f"%{value.name} is `{show(value.type)}`, expected `{show(want)}`")

    def holds(self, *counts: int) -> None:
        """IR032: one of these numbers of regions, each with the parameters that the op hands to it."""
        regions = self.node.regions
        if len(regions) not in counts:
            raise self.broken("IR032", f"{self.shown} has {len(regions)} regions, expected {counts[0]}")
        for index, region in enumerate(regions):
            shape = shapes.param_types(self.node.op, self.operands, index)
            if len(shape) != len(region.params):
                found = f"region {index} of {self.shown} has {len(region.params)} parameters"
                raise self.broken("IR032", f"{found}, expected {len(shape)}")
            for value, want in zip(region.params, shape, strict=True):
                if want is not None and not self.fits(want, value.type):
                    raise self.broken("IR032", f"%{value.name} is `{show(value.type)}`, expected `{show(want)}`")

    def sensible(self, holds: bool, message: str) -> None:
        """IR033"""
        if not holds:
            raise self.broken("IR033", f"{self.shown}: {message}")

    def exists(self, holds: bool, kind: str, name: str) -> None:
        """IR035"""
        if not holds:
            raise self.broken("IR035", f"{self.shown} names {kind} `{name}`, which does not exist")

    @property
    def shown(self) -> str:
        return f"`{self.node.op.mnemonic}`"

    def fits(self, given: Type, wanted: Type) -> bool:
        if wanted is LISTS:
            return any(isinstance(m, ListType | TupleType | JsonType | NeverType) for m in members_of(given))
        if wanted is VALUES:
            return not isinstance(given, ContextType | SessionType)
        return self.program.agree(given, wanted)

    @property
    def result(self) -> Type:
        """The type of the one result, for ops that may give any value."""
        return self.node.results[0].type if self.node.results else JSON


def check_literal(text: str, type_: Type, table: TypeTable, node: Node | None = None) -> None:
    """IR034"""
    try:
        conform(msgspec.json.decode(text), type_, table)
    except (ConformError, msgspec.DecodeError, RecursionError) as error:
        raise Broken("IR034", f"{text} is not a `{show(type_)}`: {error}", node) from None


def names_twice(names: Iterable[str]) -> str | None:
    """The first name that comes a second time."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
