"""Which nodes are needed even when nobody uses their results: they may fail, reach outside, or end a function."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sglc.ir import ops
from sglc.ir.graph import Node
from sglc.ir.relations import certain, fields_of
from sglc.ir.types import JsonType, ListType, Type, TypeTable

TOTAL = frozenset(
    {"eq", "ne", "not", "lt", "le", "gt", "ge", "list", "tuple", "bool", "str", "len", "any", "all", "reversed"}
    | {"str.upper", "str.lower", "str.title", "str.strip", "str.lstrip", "str.rstrip", "str.isdigit"}
    | {"str.startswith", "str.endswith"}
)
"""Functions of ir/values.py that have a value for all arguments that the checker lets through, save texts and lists
beyond the run time's limits of size."""

PLAIN = (ops.Const, ops.Undef, ops.MakeRecord, ops.Format, ops.CountTokens, ops.NewContext, ops.Append)
HOLDERS = (ops.Encode, ops.If, ops.Match, ops.Loop, ops.For, ops.Map, ops.Filter, ops.Try)
"""They are essential when something inside is, or jumps out."""

INNER_ENDS = (ops.Yield, ops.Continue, ops.Break)


def is_essential(node: Node, types: Mapping[str, Type], table: TypeTable, quiet: Collection[str]) -> bool:
    """Whether dropping the node may change what the program gives, does or fails with.

    The regions of a node are not its own business: their nodes are asked one by one. `quiet` are functions that may be
    called or not. A generation whose options are constant is not essential: it can only fail with the engine.
    """
    operands = [types[name] for name in node.operands]
    match node.op:
        case ops.Apply(function=name):
            return name not in TOTAL or any(isinstance(t, JsonType) for t in operands)
        case ops.Attr(name=name):
            fields = fields_of(operands[0], table)
            return fields is None or name not in fields
        case ops.Conform():
            return not certain(operands[0], node.results[0].type, table)
        case ops.Gen(dynamic=dynamic):
            return bool(dynamic)
        case ops.Select():
            return not (isinstance(operands[1], ListType) and operands[1].min > 0)
        case ops.Call(function=name) | ops.Use(template=name):
            return name not in quiet
    return not isinstance(node.op, (*PLAIN, *HOLDERS, *INNER_ENDS))
