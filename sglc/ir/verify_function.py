"""Invariants of a function's body: names, scopes, and how regions end (IR008-IR027); each node by verify_ops.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sglc.ir import ops
from sglc.ir.graph import Function, Node, Region, Value, defined
from sglc.ir.ops import Op
from sglc.ir.types import BOOL, JSON, STR, ListType, Type, show
from sglc.ir.verify_contexts import Growth
from sglc.ir.verify_ops import check_node
from sglc.ir.verify_rules import Broken, Program
from sglc.ir.verify_types import check_node_types, check_type


class _Around(msgspec.Struct, frozen=True):
    """A region's place: the node that holds it (None: the function's body) and what is around that."""

    node: Node | None = None
    region: int = 0
    outer: _Around | None = None

    @property
    def op(self) -> Op | None:
        return self.node.op if self.node else None

    @property
    def is_condition(self) -> bool:
        return (
            isinstance(self.op, ops.Loop) and self.region == 0 and self.node is not None and len(self.node.regions) == 2
        )

    @property
    def closed(self) -> bool:
        """Whether nothing may jump out of it."""
        return self.is_condition or isinstance(self.op, ops.Map | ops.Filter | ops.Encode)


def check_function(function: Function, program: Program) -> None:
    """Raise Broken for the first invariant that the body breaks."""
    if function.body.params != function.params:
        raise Broken("IR008", f"the body of `{function.name}` has other parameters than the function")
    _FunctionChecker(function, program).run()


class _FunctionChecker:
    def __init__(self, function: Function, program: Program) -> None:
        self.function, self.program = function, program
        self.names: set[str] = set()
        self.growth = Growth()

    def run(self) -> None:
        self._region(self.function.body, {}, _Around())

    def _region(self, region: Region, scope: Mapping[str, Type], around: _Around) -> None:
        inner = dict(scope)
        self._define(region.params, inner, around.node)
        self.growth.enter(region, around.node)
        for position, node in enumerate(region.nodes):
            is_last = position == len(region.nodes) - 1
            if node.op.terminator != is_last:
                message = "a region goes on behind its end" if node.op.terminator else "a region does not end here"
                raise Broken("IR020", message, node)
            self._node(node, inner, around)
        if not region.nodes:
            raise Broken("IR020", "a region is empty", around.node)

    def _define(self, values: Sequence[Value], scope: dict[str, Type], node: Node | None) -> None:
        for value in values:
            if value.name in self.names:
                raise Broken("IR010", f"%{value.name} is defined a second time", node)
            check_type(value.type, self.program, node)
            self.names.add(value.name)
            scope[value.name] = value.type

    def _node(self, node: Node, scope: dict[str, Type], around: _Around) -> None:
        for name in node.operands:
            if name not in scope:
                known = any(v.name == name for v in defined(self.function.body))
                reason = "is not defined at this place" if known else "is not defined"
                raise Broken("IR011", f"%{name} {reason}", node)
        operands = [scope[name] for name in node.operands]
        check_node_types(node, self.program)
        check_node(node, operands, self.program)
        if node.op.terminator:
            self._end(node, operands, around)
        for index, region in enumerate(node.regions):
            self._region(region, scope, _Around(node, index, around))
        self._define(node.results, scope, node)
        self.growth.leave(node)

    # --- ends

    def _end(self, node: Node, operands: Sequence[Type], around: _Around) -> None:
        match node.op:
            case ops.Yield():
                self._gives(node, operands, self._yielded(node, around), "IR022")
            case ops.Check():
                self._check(node, operands, around)
            case ops.Return():
                self._leaves(node, around, None)
                self._gives(node, operands, self.function.results, "IR023")
                if self.function.kind == "template":
                    self._goes_on(node, node.operands[0], self.function.params[0].name)
            case ops.Continue() | ops.Break():
                self._jump(node, operands, around)

    def _yielded(self, node: Node, around: _Around) -> Sequence[Type]:
        """What a `yield` in this region has to give."""
        results = [v.type for v in around.node.results] if around.node else []
        match around.op:
            case ops.If() | ops.Match() | ops.Try():
                return results
            case ops.Map():
                return [_item(results)]
            case ops.Filter():
                return [BOOL]
            case ops.Encode():
                return [STR]
            case ops.Loop() if around.is_condition:
                return [BOOL]
        raise self._misplaced(node, around)

    def _check(self, node: Node, operands: Sequence[Type], around: _Around) -> None:
        if not isinstance(around.op, ops.Attempt) or around.node is None:
            raise self._misplaced(node, around)
        self._gives(node, operands, [BOOL, STR, *(v.type for v in around.node.results)], "IR025")
        self._goes_on(node, node.operands[2], around.node.regions[0].params[0].name)

    def _goes_on(self, node: Node, context: str, start: str) -> None:
        if not self.growth.goes_on_from(context, start):
            raise Broken("IR027", f"%{context} does not go on from %{start} on every way", node)

    def _jump(self, node: Node, operands: Sequence[Type], around: _Around) -> None:
        target = self._leaves(node, around, (ops.Loop, ops.For))
        assert target is not None
        results = [v.type for v in target.results]
        if isinstance(target.op, ops.For) and target.op.collect:
            if isinstance(node.op, ops.Break):
                raise Broken("IR026", "`break` leaves a `for` that collects", node)
            results[-1] = _item(results[-1:])
        self._gives(node, operands, results, "IR024")

    def _leaves(self, node: Node, around: _Around, targets: tuple[type[Op], ...] | None) -> Node | None:
        """The node that a jump ends (None: the function); everything on the way there has to let it out."""
        place: _Around | None = around
        while place is not None and place.node is not None:
            if place.closed:
                raise Broken("IR026", f"`{node.op.mnemonic}` leaves `{place.node.op.mnemonic}`", node)
            if targets is not None and isinstance(place.op, targets):
                return place.node
            if isinstance(place.op, ops.For) and place.op.collect:
                raise Broken("IR026", f"`{node.op.mnemonic}` leaves a `for` that collects", node)
            place = place.outer
        if targets is not None:
            raise self._misplaced(node, around)
        return None

    def _misplaced(self, node: Node, around: _Around) -> Broken:
        where = f"a region of `{around.node.op.mnemonic}`" if around.node else "a function's body"
        return Broken("IR021", f"`{node.op.mnemonic}` cannot end {where}", node)

    def _gives(self, node: Node, given: Sequence[Type], wanted: Sequence[Type], number: str) -> None:
        if len(given) != len(wanted):
            message = f"`{node.op.mnemonic}` gives {len(given)} values, expected {len(wanted)}"
            raise Broken(number, message, node)
        for name, have, want in zip(node.operands, given, wanted, strict=True):
            if not self.program.agree(have, want):
                raise Broken(number, f"%{name} is `{show(have)}`, expected `{show(want)}`", node)


def _item(results: Sequence[Type]) -> Type:
    """What a list of the (last) result's type holds."""
    last = results[-1] if results else JSON
    return last.item if isinstance(last, ListType) else JSON
