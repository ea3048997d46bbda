"""A node -> its form in textual IR: words, values, and regions in between.

Every op has a readable form. What does not have its op's layout (an invalid node, an op that is new) gets a general
one, `op {...} (...)`, that the reader takes as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from sglc.ir import ops, shapes
from sglc.ir.graph import Node, Region, Value, free_values
from sglc.ir.ops import GenOptions, Part, Pattern
from sglc.ir.types import CONTEXT, Type, UnionType, is_plain, quote, show, show_name

Pieces: TypeAlias = list["str | Region"]
"""A node's form: text with its regions in between."""


class Forms:
    """The forms of one function's nodes; `types` are those of all its values."""

    def __init__(self, types: Mapping[str, Type]) -> None:
        self._types = types

    def pieces(self, node: Node) -> Pieces:
        """The whole line, results included; each region goes on over the lines that follow."""
        form = self._with_regions(node) if node.regions else self._flat(node)
        site = getattr(node.op, "site", "")
        results = ""
        if node.results:
            shape: shapes.Shape = ()
            if form is not None:
                shape = shapes.result_types(node.op, self._operand_types(node), self._yielded(node))
            results = self._typed(node.results, shape) + " = "
        if form is None:
            return [results, *self._general_form(node)]
        return [results, *form, f" site {show_name(site)}" if site else ""]

    def _operand_types(self, node: Node) -> list[Type | None]:
        return [self._types.get(o) for o in node.operands]

    def _yielded(self, node: Node) -> Type | None:
        if not node.regions or not node.regions[0].nodes or not node.regions[0].end.operands:
            return None
        return self._types.get(node.regions[0].end.operands[-1])

    def _typed(self, values: Sequence[Value], shape: shapes.Shape) -> str:
        """Names, each with its type unless that is what the shape says."""
        return ", ".join(
            show_value(v.name) + (f": {show(v.type)}" if v.type != shapes.at(shape, i) else "")
            for i, v in enumerate(values)
        )

    def _params(self, node: Node, region: int) -> list[str]:
        shape = shapes.param_types(node.op, self._operand_types(node), region)
        return [self._typed((v,), (shapes.at(shape, i),)) for i, v in enumerate(node.regions[region].params)]

    def _general_form(self, node: Node) -> Pieces:
        pieces: Pieces = [f"op {show_json(msgspec.to_builtins(node.op))} ({_values(node.operands)})"]
        for region in node.regions:
            pieces += [f" ({self._typed(region.params, ())})", region]
        return pieces

    # --- the form of each op; None where a node does not have its op's layout

    def _flat(self, node: Node) -> Pieces | None:
        values = [show_value(o) for o in node.operands]
        listed = ", ".join(values)
        match node.op, values:
            case ops.Const(json=text), []:
                return [f"const {text}"]
            case ops.Undef(), []:
                return ["undef"]
            case ops.Apply(function=name), _:
                return [f"apply {show_name(name)}({listed})"]
            case ops.Attr(name=name), [record]:
                return [f"attr {show_name(name)} of {record}"]
            case ops.MakeRecord(fields=fields), _ if len(fields) == len(values):
                pairs = (f"{show_name(f)} = {v}" for f, v in zip(fields, values, strict=True))
                return [f"record {{{', '.join(pairs)}}}"]
            case ops.Conform(what=what), [value]:
                return [f"conform {value}" + (f" {quote(what)}" if what else "")]
            case ops.Format(parts=parts), _ if _in_order(parts, len(values)):
                return [f"format {_parts(parts, values)}"]
            case ops.CountTokens(model=model), [text]:
                return [f"tokens {text}" + (f" model {show_name(model)}" if model else "")]
            case ops.NewContext(), []:
                return ["context"]
            case ops.Append(parts=parts, role=role), [context, *inserted] if _in_order(parts, len(inserted)):
                with_role = f"role {show_name(role)} " if role else ""
                return [f"append {context}, {with_role}{_parts(parts, inserted)}"]
            case ops.Gen() as op, [context, *dynamic] if len(dynamic) == len(op.dynamic) and options_differ(op):
                name = _named(op.name, _default_name(node, 1))
                return [f"gen {context}{name} : {show(op.type)}{_gen_options(op, dynamic)}"]
            case ops.Select() as op, [context, choices]:
                name = _named(op.name, _default_name(node, 1))
                return [f"select {context}, {choices} by {show_name(op.by)}{name}{_select_options(op)}"]
            case ops.ToolCall(tool=name), _:
                return [f"tool {show_function(name)}({listed})"]
            case ops.Dispatch(tools=names), [choice]:
                return [f"dispatch {choice} [{', '.join(map(show_name, names))}]"]
            case ops.Call(function=name), _:
                return [f"call {show_function(name)}({listed})"]
            case ops.Use(template=name), [_, *_]:
                return [f"use {show_function(name)}({listed})"]
            case ops.SessionOpen(session=name), _:
                return [f"open {show_function(name)}({listed})"]
            case ops.SessionTurn(session=name), [_, *_]:
                return [f"turn {show_function(name)}({listed})"]
            case ops.Ensure(), [condition, why]:
                return [f"ensure {condition}, {why}"]
            case ops.Expect(text=text, shown=shown), [condition, *sides] if len(sides) == len(shown):
                pairs = (f", {quote(s)} = {v}" for s, v in zip(shown, sides, strict=True))
                return [f"expect {condition}, {quote(text)}{''.join(pairs)}"]
            case ops.Yield() | ops.Continue() | ops.Break() | ops.Return() | ops.Fail() | ops.Check(), _:
                return [f"{node.op.mnemonic} {listed}".rstrip()]
        return None

    def _with_regions(self, node: Node) -> Pieces | None:
        values = [show_value(o) for o in node.operands]
        regions = node.regions
        counts = [len(r.params) for r in regions]
        match node.op, values, counts:
            case ops.If(), [condition], [0, 0]:
                return [f"if {condition}", regions[0], " else", regions[1]]
            case ops.Match(cases=cases), [value], _ if len(cases) == len(counts) and not any(counts) and all(cases):
                pieces: Pieces = [f"match {value}"]
                for patterns, region in zip(cases, regions, strict=True):
                    pieces += [f" case {' | '.join(map(_show_pattern, patterns))}", region]
                return pieces
            case ops.Loop(max=most, name=name), _, [*_, body] if len(counts) <= 2 and body == len(values):
                head = f"loop max {most}{self._bounds(node, len(counts) - 1, 0)}{_named(name, 'loop')}"
                if len(counts) == 1:
                    return [head, regions[0]]
                return [f"{head} while ({', '.join(self._params(node, 0))})", regions[0], " do", regions[1]]
            case ops.For(collect=collect, name=name), [items, *carried], [count] if count == len(carried) + 1:
                head = f"for{' collect' * collect} {self._params(node, 0)[0]} in {items}"
                return [f"{head}{self._bounds(node, 0, 1)}{_named(name, 'for')}", regions[0]]
            case ops.Map(name=name, ordered=ordered), [items], [1] | [1, 2]:
                head = f"map{' ordered' * ordered} {self._params(node, 0)[0]} in {items}"
                shared = captured(node, self._types)
                head += _named(name, _default_name(node, 0)) + (f" captures {_values(shared)}" if shared else "")
                handler: Pieces = [f" except {', '.join(self._params(node, 1))}", regions[1]] if counts[1:] else []
                return [head, regions[0], *handler]
            case ops.Filter(), [items], [1]:
                return [f"filter {self._params(node, 0)[0]} in {items}", regions[0]]
            case ops.Encode(stride=stride), [context, items], [1]:
                step = f" stride {stride}" if stride is not None else ""
                return [f"encode {context}, {self._params(node, 0)[0]} in {items}{step}", regions[0]]
            case ops.Try(), [], [0, 1]:
                return ["try", regions[0], f" except {self._params(node, 1)[0]}", regions[1]]
            case ops.Attempt(retries=retries, tells=tells), [context], [1]:
                head = f"attempt {self._params(node, 0)[0]} = {context} retries {retries}"
                return [head + ("" if tells else " silent"), regions[0]]
        return None

    def _bounds(self, node: Node, region: int, skipped: int) -> str:
        """`, %param = %operand` for each carried value."""
        pairs = zip(self._params(node, region)[skipped:], node.operands[skipped:], strict=True)
        return "".join(f", {param} = {show_value(operand)}" for param, operand in pairs)


def captured(node: Node, types: Mapping[str, Type]) -> tuple[str, ...]:
    """Contexts from around that a node's regions go on from."""
    free = dict.fromkeys(name for region in node.regions for name in free_values(region))
    return tuple(name for name in free if types.get(name) == CONTEXT)


# --- parts of forms --------------------------------------------------------------------------------------------------


def show_value(name: str) -> str:
    return f"%{_sigil_name(name)}"


def show_function(name: str) -> str:
    return f"@{_sigil_name(name)}"


def _sigil_name(name: str) -> str:
    """Behind a sigil, a name may begin with a digit."""
    return name if name and is_plain(f"x{name}") else quote(name)


def _values(names: tuple[str, ...]) -> str:
    return ", ".join(map(show_value, names))


def _in_order(parts: tuple[Part, ...], count: int) -> bool:
    """Whether the parts insert each operand once, in order, so that the text can name it in its place."""
    return [p for p in parts if isinstance(p, int)] == list(range(count))


def _parts(parts: tuple[Part, ...], values: Sequence[str]) -> str:
    return f"[{', '.join(quote(p) if isinstance(p, str) else values[p] for p in parts)}]"


def _default_name(node: Node, result: int) -> str:
    """Most names are those of a result, and then not written."""
    return node.results[result].name if len(node.results) > result else ""


def _named(name: str, default: str) -> str:
    return f" as {show_name(name)}" if name != default else ""


def options_differ(op: ops.Gen) -> bool:
    """Whether no option is given twice, as a constant or as an operand."""
    names = [*op.dynamic, *(name for name, _ in _changed(op.options))]
    return len(set(names)) == len(names)


def _gen_options(op: ops.Gen, dynamic: Sequence[str]) -> str:
    pairs = [(k, show_json(v)) for k, v in _changed(op.options)]
    pairs += [(k, "true") for k in ("reasoning", "logprobs") if getattr(op, k)]
    pairs += [("follow", quote(op.follow))] if op.follow else []
    return braced([*pairs, *zip(op.dynamic, dynamic, strict=True)])


def _changed(options: GenOptions) -> Iterator[tuple[str, Any]]:
    defaults = GenOptions()
    for name in options.__struct_fields__:
        value = getattr(options, name)
        if value != getattr(defaults, name):
            yield name, msgspec.to_builtins(value)


def _select_options(op: ops.Select) -> str:
    pairs = [("scores", "true")] if op.scores else []
    return braced([*pairs, *([("model", quote(op.model))] if op.model else [])])


def braced(pairs: Sequence[tuple[str, str]]) -> str:
    return f" {{ {', '.join(f'{show_name(k)} = {v}' for k, v in pairs)} }}" if pairs else ""


def _show_pattern(pattern: Pattern) -> str:
    match pattern:
        case Pattern(kind="literal", json=text):
            return text
        case Pattern(kind="type", type=type_) if type_ is not None:
            shown = show(type_)
            return f"is ({shown})" if isinstance(type_, UnionType) and not shown.endswith("?") else f"is {shown}"
        case Pattern(kind="member", name=name):
            return f"member {show_name(name)}"
    return "_"


def show_json(value: Any) -> str:
    return json.dumps(_short_numbers(value), ensure_ascii=False)


def _short_numbers(value: Any) -> Any:
    """Whole floats as ints, so that equal options read alike."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, dict):
        return {k: _short_numbers(v) for k, v in value.items()}
    return [_short_numbers(v) for v in value] if isinstance(value, list | tuple) else value
