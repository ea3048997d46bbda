"""Values of a function -> the expressions that made them, as the language would write them, for people to read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from sglc.ir import ops
from sglc.ir.decode import insert_text
from sglc.ir.graph import Node, Region, Value
from sglc.ir.types import CONTEXT, CallType, Type, show
from sglc.ir.values import SYMBOLS

LIMIT = 60
"""Characters of an expression or a text that is shown cut short."""


def shorten(text: str, limit: int = LIMIT) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."


def quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


def base_name(value: str) -> str:
    """A value's name as the source had it; `req.2` is a later value of `req`."""
    return _VERSION.sub("", value)


_VERSION = re.compile(r"\.\d+$")


def is_folded(node: Node) -> bool:
    """Whether a node is only part of an expression, so that it needs no line of its own."""
    if isinstance(node.op, ops.If | ops.Map | ops.Filter) and len(node.results) == 1:
        inner = (n for region in node.regions for n in region.nodes)
        return all(is_folded(n) or isinstance(n.op, ops.Yield) for n in inner)
    return node.op.effect == "pure" or isinstance(node.op, ops.CountTokens)


class Expressions:
    """Reads a function's nodes from top to bottom with `add`, and knows its values from then on."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._inserts: dict[str, str] = {}
        self._nodes: dict[str, Node] = {}
        self._contexts: set[str] = set()

    def __getitem__(self, value: str) -> str:
        """The expression of a value; its name where it is not made by folded nodes."""
        if value not in self._texts and value in self._nodes:
            self._texts[value] = self._write(self._nodes[value])
        return self._texts.get(value, base_name(value))

    def listed(self, values: Sequence[str]) -> str:
        """The values with commas between, contexts left out."""
        return ", ".join(self[value] for value in values if value not in self._contexts)

    def short(self, value: str) -> str:
        return shorten(self[value])

    def declare(self, values: Sequence[Value]) -> None:
        """Values that no node gives: parameters."""
        self._contexts.update(value.name for value in values if value.type == CONTEXT)

    def add(self, node: Node) -> None:
        self.declare(node.results)
        for region in node.regions:
            self.declare(region.params)
        if is_folded(node):
            self._nodes.update((result.name, node) for result in node.results)
            for region in node.regions:
                for inner in region.nodes:
                    self.add(inner)

    def text(self, parts: Sequence[ops.Part], values: Sequence[str]) -> str:
        """The text of an `append` or a `format` with constants in full and everything else as `{expression}`."""
        return "".join(part if isinstance(part, str) else self._inserted(values[part]) for part in parts)

    def adopt(self, value: str, other: Expressions, outer: str) -> None:
        """Show a value as another function's value: a parameter as its argument, a result as what was returned."""
        self._texts[value], self._inserts[value] = other[outer], other._inserted(outer)

    def _inserted(self, value: str) -> str:
        if value in self._inserts:
            return self._inserts[value]
        node = self._nodes.get(value)
        match node.op if node is not None else None:
            case ops.Const(json=json) if node is not None:
                return insert_text(msgspec.json.decode(json), node.results[0].type)
            case ops.Format(parts=parts) if node is not None:
                return self.text(parts, node.operands)
        return f"{{{self[value]}}}"

    def _write(self, node: Node) -> str:
        match node.op:
            case ops.Const(json=json):
                return _constant(json)
            case ops.Attr(name=name):
                return f"{self._operand(node.operands[0])}.{name}"
            case ops.MakeRecord(fields=fields):
                pairs = zip(fields, node.operands, strict=True)
                return f"{show(node.results[0].type)}({', '.join(f'{name}={self[value]}' for name, value in pairs)})"
            case ops.Format(parts=parts):
                return quoted(shorten(self.text(parts, node.operands)))
            case ops.Conform():
                return self[node.operands[0]]
            case ops.CountTokens():
                return f"tokens({self.listed(node.operands)})"
            case ops.Apply(function=function):
                return self._apply(function, node.operands)
            case ops.If():
                return self._choice(node)
            case ops.Map():
                item, element = self._region(node.regions[0])
                return f"[{element} for {item} in {self[node.operands[0]]}]"
            case ops.Filter():
                item, condition = self._region(node.regions[0])
                return f"[{item} for {item} in {self[node.operands[0]]} if {condition}]"
        return base_name(node.results[0].name)

    def _region(self, region: Region) -> tuple[str, str]:
        """The name of a region's parameter, and what it yields."""
        return (base_name(region.params[0].name) if region.params else ""), self[region.end.operands[0]]

    def _choice(self, node: Node) -> str:
        """A conditional; `and` and `or` are conditionals with a constant on one side."""
        condition = self._operand(node.operands[0])
        then, otherwise = (self._operand(region.end.operands[0]) for region in node.regions)
        if otherwise == "false":
            return f"{condition} and {then}"
        if then == "true":
            return f"{condition} or {otherwise}"
        return f"{then} if {condition} else {otherwise}"

    def _apply(self, function: str, values: Sequence[str]) -> str:
        match function, values:
            case "list", _:
                return f"[{self.listed(values)}]"
            case "tuple", _:
                return f"({self.listed(values)})"
            case "dict", _:
                pairs = zip(values[::2], values[1::2], strict=False)
                return "{" + ", ".join(f"{self[key]}: {self[value]}" for key, value in pairs) + "}"
            case "index", [owner, place]:
                return f"{self._operand(owner)}[{self[place]}]"
            case "slice", [owner, *bounds]:
                shown = ["" if self[bound] == "null" else self[bound] for bound in bounds]
                return f"{self._operand(owner)}[{':'.join(shown).removesuffix(':')}]".replace("[]", "[:]")
            case "neg", [value]:
                return f"-{self._operand(value)}"
            case "not", [value]:
                return f"not {self._operand(value)}"
            case _, [left, right] if function in SYMBOLS or function == "in":
                return f"{self._operand(left)} {SYMBOLS.get(function, function)} {self._operand(right)}"
        group, dot, method = function.partition(".")
        if dot and group in ("str", "list", "dict") and values:
            return f"{self._operand(values[0])}.{method}({self.listed(values[1:])})"
        return f"{function}({self.listed(values)})"

    def _operand(self, value: str) -> str:
        """Inside a larger expression: in brackets where it has words or operators of its own."""
        text = self[value]
        node = self._nodes.get(value)
        binary = node is not None and isinstance(node.op, ops.If)
        if node is not None and isinstance(node.op, ops.Apply):
            function = node.op.function
            binary = function in ("in", "not", *SYMBOLS) and function not in ("index", "slice", "neg")
        return f"({text})" if binary else text


def _constant(json: str) -> str:
    """A constant's JSON, cut short where it is long, with its closing quote or bracket."""
    value = msgspec.json.decode(json)
    if isinstance(value, str):
        return quoted(shorten(value, LIMIT // 2))
    return json if len(json) <= LIMIT // 2 else f"{json[: LIMIT // 2 - 4]}...{json[-1]}"


def show_options(op: ops.Gen, dynamic: Mapping[str, str]) -> str:
    """`, max_tokens=48, stop="\\n"`: what differs from the default, constant or not."""
    defaults = ops.GenOptions()
    pairs = []
    for name in op.options.__struct_fields__:
        value = getattr(op.options, name)
        if name in dynamic:
            pairs.append(f"{name}={dynamic[name]}")
        elif value != getattr(defaults, name):
            alone = isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], str)
            pairs.append(f"{name}={msgspec.json.encode(value[0] if alone else value).decode()}")
    pairs += [name for name in ("reasoning", "logprobs") if getattr(op, name)]
    return "".join(f", {pair}" for pair in pairs)


def show_gen(op: ops.Gen, operands: Sequence[str], names: Expressions) -> str:
    """`gen tip: str, max_tokens=48`; operands are the gen's, the context first."""
    dynamic = dict(zip(op.dynamic, map(names.short, operands[1:]), strict=True))
    options = show_options(op, dynamic)
    if isinstance(op.type, CallType):
        return f"call {op.name}: {' | '.join(member.name for member in op.type.members)}{options}"
    return f"gen {op.name}: {show_short(op.type)}{options}"


def show_short(type_: Type) -> str:
    return shorten(show(type_))
