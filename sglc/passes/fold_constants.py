"""fold_constants: what is known at compile time is computed at compile time.

    %n: int = const 2
    %m: int = apply add(%n, %n)                %m: int = const 4
    %b: bool = apply lt(%n, %m)                %b: bool = const true
    %r: ctx = if %b {                    ->
      %d = append %c, ["About ", %m]           %d = append %c, ["About 4"]
      yield %d
    } else {
      yield %c
    }
    %e = append %r, []                         %e = append %d, []

An arm that is always taken takes the place of its `if` or `match`; loops over nothing go away, and so does an `ensure`
that holds. What would fail is left to fail at run time. Constants that nobody uses any more are left to drop_dead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from sglc.ir import ops
from sglc.ir.decode import ConformError, conform, to_json
from sglc.ir.graph import Function, Graph, Node, Region, Value, map_regions
from sglc.ir.ops import GenOptions, Op, Part
from sglc.ir.option_values import OptionError, option_value
from sglc.ir.types import Type, TypeTable
from sglc.ir.values import EvalError, apply, attribute, format_parts, matches, truth
from sglc.passes.fold_text import merged
from sglc.passes.remarks import Remarks
from sglc.passes.rewrite import is_retyping, renamed, replace_values, stands_for, value_types

MAX_JSON = 10_000
"""Characters of a constant that folding makes; `range(100_000)` is better made at run time."""

ANY = ops.Pattern("any")


def fold_constants(graph: Graph, remarks: Remarks) -> Graph:
    folders = {f.name: _Folder(f, graph.type_table, remarks) for f in graph.functions}
    folded = {name: folder.run() for name, folder in folders.items()}
    if not any(folder.count for folder in folders.values()):
        return graph
    return graph.with_functions(lambda f: folded[f.name])


class _Folder:
    """Folds one function; `known` are the values of its constants, `count` what was folded."""

    def __init__(self, function: Function, table: TypeTable, remarks: Remarks) -> None:
        self.function, self.table, self.remarks = function, table, remarks
        self.types: dict[str, Type] = value_types(function)
        self.known: dict[str, Any] = {}
        self.count = 0
        self.values = 0

    def run(self) -> Function:
        body = self._region(self.function.body)
        if self.values:
            message = f"values of `{self.function.name}` that are computed before it runs: {self.values}"
            self.remarks.add(message, self.function.location, values=self.values)
        return msgspec.structs.replace(self.function, body=body) if self.count else self.function

    def _region(self, region: Region) -> Region:
        nodes: list[Node] = []
        self._emit(region.nodes, nodes, {})
        return Region(region.params, tuple(nodes))

    def _emit(self, nodes: Iterable[Node], out: list[Node], names: dict[str, str]) -> bool:
        """Append the folded nodes; `names` maps values to what stands for them. True when the region has ended."""
        for node in nodes:
            node = renamed(node, names)
            arm = self._chosen(node)
            if arm is None:
                out += self._folded(node, names)
                if node.op.terminator:
                    return True
                continue
            self.count += 1
            self.remarks.add(f"this `{node.op.mnemonic}` always goes one way", node.location, branches=1)
            if self._emit(arm.nodes[:-1], out, names):
                return True
            end = renamed(arm.end, names)
            if not isinstance(end.op, ops.Yield):
                out.append(end)
                return True
            out += replace_values(node.results, end.operands, self.types, names)
        return False

    # --- control

    def _chosen(self, node: Node) -> Region | None:
        """The one region that an `if` or `match` runs, where that is known."""
        first = node.operands[0] if node.operands else ""
        match node.op:
            case ops.If() if first in self.known:
                return node.regions[0 if truth(self.known[first]) else 1]
            case ops.Match(cases=cases):
                if is_retyping(node) and not self._may_replace(node):
                    return None
                for patterns, region in zip(cases, node.regions, strict=True):
                    if ANY in patterns:
                        return region
                    if first not in self.known:
                        return None
                    if any(matches(p, self.known[first], self.table) for p in patterns):
                        return region
        return None

    def _may_replace(self, node: Node) -> bool:
        pairs = zip(node.regions[0].end.operands, node.results, strict=True)
        return all(stands_for(self.types[given], result.type) for given, result in pairs)

    def _folded(self, node: Node, names: dict[str, str]) -> list[Node]:
        """The nodes that stand for one node; values that need none go to `names`."""
        replaced = self._without_iterations(node, names)
        if replaced is not None:
            self.count += 1
            return replaced
        if isinstance(node.op, ops.Ensure) and truth(self.known.get(node.operands[0], False)):
            self.count += 1
            return []
        if isinstance(node.op, ops.Const):
            self._learn(node)
            return [node]
        constant = self._constant(node)
        if constant is not None:
            self.count += 1
            self.values += 1
            self._learn(constant)
            return [constant]
        return [map_regions(self._with_constants(node), self._region)]

    def _without_iterations(self, node: Node, names: dict[str, str]) -> list[Node] | None:
        """What stands for a loop that runs for nothing."""
        empty = bool(node.operands) and self.known.get(node.operands[0]) == []
        match node.op:
            case ops.Loop(max=0):
                return replace_values(node.results, node.operands, self.types, names)
            case ops.For(collect=collect) if empty:
                carried = node.results[: len(node.results) - collect]
                nothing = [self._empty(value, node) for value in node.results[len(carried) :]]
                return [*replace_values(carried, node.operands[1:], self.types, names), *nothing]
            case ops.Map() | ops.Filter() if empty:
                return [self._empty(node.results[0], node)]
        return None

    def _empty(self, value: Value, node: Node) -> Node:
        constant = Node(ops.Const("[]"), (), (value,), (), node.location)
        self._learn(constant)
        return constant

    # --- values

    def _learn(self, node: Node) -> None:
        assert isinstance(node.op, ops.Const)
        value = node.results[0]
        self.known[value.name] = conform(msgspec.json.decode(node.op.json), value.type, self.table)

    def _constant(self, node: Node) -> Node | None:
        """The node as a constant, where its operands are constants and it does not fail."""
        if len(node.results) != 1 or any(name not in self.known for name in node.operands):
            return None
        try:
            value = self._value(node, [self.known[name] for name in node.operands])
        except (EvalError, ConformError, _UnknownError):
            return None
        result = node.results[0]
        text = _json_of(value, result.type, self.table)
        return Node(ops.Const(text), (), (result,), (), node.location) if text is not None else None

    def _value(self, node: Node, args: list[Any]) -> Any:
        match node.op:
            case ops.Apply(function=name):
                return apply(name, args)
            case ops.Attr(name=name):
                return attribute(args[0], name)
            case ops.MakeRecord(fields=fields):
                return dict(zip(fields, args, strict=True))
            case ops.Conform():
                return conform(args[0], node.results[0].type, self.table)
            case ops.Format(parts=parts):
                return format_parts(parts, args, [self.types[name] for name in node.operands])
            case ops.Match() if is_retyping(node):
                return args[0]
        raise _UnknownError

    def _with_constants(self, node: Node) -> Node:
        """The node with constants in its attributes instead of its operands."""
        op, operands = node.op, node.operands
        match op:
            case ops.Format(parts=parts):
                parts, operands = self._filled(parts, operands)
                op = ops.Format(parts)
            case ops.Append(parts=parts, role=role):
                parts, inserted = self._filled(parts, operands[1:])
                op, operands = ops.Append(parts, role), (operands[0], *inserted)
            case ops.Gen() if op.dynamic:
                op, operands = self._with_options(op, operands)
        if op == node.op and operands == node.operands:
            return node
        self.count += 1
        return msgspec.structs.replace(node, op=op, operands=operands)

    def _filled(self, parts: Sequence[Part], operands: tuple[str, ...]) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        """The parts with the text of constants in them, and the operands that are left."""
        left = [name for name in operands if name not in self.known]
        if len(left) == len(operands):
            return tuple(parts), operands
        filled: list[Part] = []
        for part in parts:
            name = operands[part] if isinstance(part, int) else ""
            if not name:
                filled.append(part)
            elif name in self.known:
                filled.append(format_parts((0,), [self.known[name]], [self.types[name]]))
            else:
                filled.append(len([p for p in filled if isinstance(p, int)]))
        return merged(filled), tuple(left)

    def _with_options(self, op: ops.Gen, operands: tuple[str, ...]) -> tuple[Op, tuple[str, ...]]:
        """The gen with constant options in its attributes."""
        context, *dynamic = operands
        options = op.options
        left: list[tuple[str, str]] = []
        for option, name in zip(op.dynamic, dynamic, strict=True):
            changed = _with_option(options, option, self.known[name]) if name in self.known else None
            if changed is None:
                left.append((option, name))
            else:
                options = changed
        op = msgspec.structs.replace(op, options=options, dynamic=tuple(o for o, _ in left))
        return op, (context, *(name for _, name in left))


class _UnknownError(Exception):
    """The value of a node cannot be known before it runs."""


def _with_option(options: GenOptions, name: str, value: Any) -> GenOptions | None:
    """None where the value is none that the option takes; the run says so."""
    if value is None:
        return options
    try:
        return msgspec.structs.replace(options, **{name: option_value(name, value)})
    except OptionError:
        return None


def _json_of(value: Any, type_: Type, table: TypeTable) -> str | None:
    """The value as a constant's text, if that reads as exactly this value."""
    try:
        text = to_json(value)
        same = repr(conform(msgspec.json.decode(text), type_, table)) == repr(value)
    except (ConformError, ValueError, TypeError, OverflowError, RecursionError):
        return None
    return text if same and len(text) <= MAX_JSON else None
