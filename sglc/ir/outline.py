"""A function -> an outline for people: what is said, generated, called and decided, in program order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from sglc.ir import ops
from sglc.ir.expressions import Expressions, is_folded, quoted, shorten, show_gen, show_short
from sglc.ir.graph import Function, Graph, Node, Region
from sglc.ir.ops import Pattern
from sglc.ir.types import ContextType, Field, show
from sglc.source import Location


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line with what is inside. `kind` is an op's mnemonic, or "else", "case", "except", "while"."""

    kind: str
    text: str
    location: Location | None = None
    children: tuple[Item, ...] = ()


def outline(function: Function, graph: Graph) -> tuple[Item, ...]:
    return tuple(_Outline(graph).region(function.body))


def signature(function: Function) -> str:
    """`tips(place: str, topics: list[str]) -> list[str]`"""
    results = [show(type_) for type_ in function.results if not isinstance(type_, ContextType)]
    arrow = f" -> {', '.join(results)}" if results else ""
    return f"{function.name}({', '.join(map(show_field, function.fields))}){arrow}"


def show_field(field: Field) -> str:
    default = f" = {field.default}" if field.default is not None else ""
    return f"{field.name}{'?' * field.optional}: {show_short(field.type)}{default}"


def show_pattern(pattern: Pattern) -> str:
    match pattern:
        case Pattern(kind="literal", json=text):
            return text
        case Pattern(kind="type", type=type_) if type_ is not None:
            return show(type_)
        case Pattern(kind="member", name=name):
            return name
    return "_"


def heading(node: Node, names: Expressions) -> str:
    """What a node with regions says before them."""
    value = names.short(node.operands[0]) if node.operands else ""
    match node.op:
        case ops.If():
            return f"if {value}"
        case ops.Match():
            return f"match {value}"
        case ops.Loop(max=most, name=name):
            return f"{name}, at most {most} times" if name != "loop" else f"loop at most {most} times"
        case ops.For(collect=collect, name=name):
            item = node.regions[0].params[0].name
            return f"{f'{name} = ' if collect else ''}for {item} in {value}"
        case ops.Map(name=name, ordered=ordered):
            how = "one after another" if ordered else "at once"
            return f"{name} = fork {node.regions[0].params[0].name} in {value}, {how}"
        case ops.Filter():
            return f"filter {node.regions[0].params[0].name} in {value}"
        case ops.Encode(stride=stride):
            step = f", stride {stride}" if stride is not None else ""
            return f"encode {node.regions[0].params[0].name} in {names.short(node.operands[1])}{step}"
        case ops.Attempt(retries=retries):
            return f"attempt, at most {retries} retries"
    return node.op.mnemonic


class _Outline:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.names = Expressions()

    def region(self, region: Region) -> Iterator[Item]:
        for node in region.nodes:
            self.names.add(node)
            if not is_folded(node) and not isinstance(node.op, ops.NewContext):
                yield from self._items(node)

    def _items(self, node: Node) -> Iterator[Item]:
        if node.regions:
            yield from self._nested(node)
            return
        text = self._line(node)
        if text:
            yield Item(node.op.mnemonic, text, node.location)

    def _inside(self, region: Region) -> tuple[Item, ...]:
        return tuple(self.region(region))

    def _nested(self, node: Node) -> Iterator[Item]:
        head, regions = heading(node, self.names), node.regions
        kind, location = node.op.mnemonic, node.location
        match node.op:
            case ops.If():
                yield Item(kind, head, location, self._inside(regions[0]))
                otherwise = self._inside(regions[1])
                if otherwise:
                    yield Item("else", "else", None, otherwise)
            case ops.Match(cases=cases):
                arms = zip(cases, regions, strict=True)
                items = (Item("case", f"case {_patterns(case)}", None, self._inside(arm)) for case, arm in arms)
                yield Item(kind, head, location, tuple(items))
            case ops.Loop() if len(regions) == 2:
                inside = self._inside(regions[0])
                condition = Item("while", f"while {self.names.short(regions[0].end.operands[0])}", None, inside)
                yield Item(kind, head, location, (condition, *self._inside(regions[1])))
            case _:
                yield Item(kind, head, location, self._inside(regions[0]))
                for handler in regions[1:]:
                    yield Item("except", f"except {handler.params[0].name}", None, self._inside(handler))

    def _line(self, node: Node) -> str:
        """A node without regions; "" where there is nothing to say."""
        names, values = self.names, node.operands
        given = f"{node.results[-1].name} = " if node.results else ""
        match node.op:
            case ops.Append(parts=parts, role=role):
                text = quoted(shorten(names.text(parts, values[1:])))
                return f"{role}: {text}" if role else text
            case ops.Gen() as op:
                return show_gen(op, values, names)
            case ops.Select(name=name, by=by):
                return f"select {name} from {names.short(values[1])} by {by}"
            case ops.ToolCall(tool=name):
                return f"{given}tool {name}({names.listed(values)}){self._effect(name)}"
            case ops.Dispatch(tools=tools):
                return f"{given}run tool {' | '.join(tool + self._effect(tool) for tool in tools) or 'none'}"
            case ops.Call(function=name):
                return f"{given}call {name}({names.listed(values)})"
            case ops.Use(template=name):
                bound = given if len(node.results) > 1 else ""
                return f"{bound}use {name}({names.listed(values[1:])})"
            case ops.SessionOpen(session=name):
                return f"{given}open {name}({names.listed(values)})"
            case ops.SessionTurn():
                return f"{given}{names[values[0]]}.turn({names.listed(values[1:])})"
            case ops.Expect(text=text):
                return f"expect {text}"
            case ops.Ensure():
                return f"ensure {names.short(values[0])}, {names.short(values[1])}"
            case ops.Check():
                return f"ensure {names.short(values[0])}, {names.short(values[1])}"
        return self._end(node)

    def _end(self, node: Node) -> str:
        shown = [self.names[v] for v in node.operands]
        match node.op:
            case ops.Return():
                return f"return {shorten(', '.join(shown))}".rstrip()
            case ops.Fail():
                return f"fail {shorten(shown[0])}"
            case ops.Break():
                return "break"
        return ""

    def _effect(self, tool: str) -> str:
        known = {spec.name: spec.effect for spec in self.graph.tools}
        return " [effect]" if known.get(tool) else ""


def _patterns(case: Sequence[Pattern]) -> str:
    return " | ".join(map(show_pattern, case))
