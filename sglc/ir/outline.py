"""A function -> an outline for people: what is said, generated, called and decided, in program order."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

import msgspec

from sglc.ir import ops
from sglc.ir.expressions import LIMIT, Expressions, base_name, is_folded, quoted, shorten, show_gen, show_short
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
    drawn = _Outline(graph)
    drawn.names.declare(function.params)
    items = tuple(drawn.region(function.body))
    return items[:-1] if items and items[-1].text == "return" else items


def signature(function: Function) -> str:
    """`tips(place: str, topics: list[str]) -> list[str]`"""
    results = [show(type_) for type_ in function.results if not isinstance(type_, ContextType)]
    # A turn also gives the session's states, which its caller does not see.
    results = results[-1:] if function.kind == "turn" else [] if function.kind == "open" else results
    arrow = f" -> {', '.join(results)}" if results else ""
    return f"{function.name}({', '.join(map(show_field, function.fields))}){arrow}"


def show_field(field: Field) -> str:
    default = f" = {shorten(field.default, LIMIT // 2)}" if field.default is not None else ""
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


def show_case(case: Sequence[Pattern]) -> str:
    return " | ".join(map(show_pattern, case))


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
            item = base_name(node.regions[0].params[0].name)
            return f"{f'{name} = ' if collect else ''}for {item} in {value}"
        case ops.Map(name=name, ordered=ordered):
            how = "one after another" if ordered else "at once"
            return f"{name} = fork {base_name(node.regions[0].params[0].name)} in {value}, {how}"
        case ops.Filter():
            return f"filter {base_name(node.regions[0].params[0].name)} in {value}"
        case ops.Encode(stride=stride):
            step = f", stride {stride}" if stride is not None else ""
            return f"encode {base_name(node.regions[0].params[0].name)} in {names.short(node.operands[1])}{step}"
        case ops.Attempt(retries=retries):
            return f"attempt, at most {retries} retries"
    return node.op.mnemonic


def line(node: Node, names: Expressions, effects: Container[str]) -> str:
    """What a node without regions does; "" where there is nothing to say. `effects`: tools that have one."""
    values = node.operands
    given = f"{base_name(node.results[-1].name)} = " if node.results else ""
    match node.op:
        case ops.Append(parts=parts, role=role):
            text = quoted(shorten(names.text(parts, values[1:]))) if parts else ""
            return f"{role}: {text}".rstrip() if role else text
        case ops.Gen() as op:
            return show_gen(op, values, names)
        case ops.Select(name=name, by=by):
            return f"select {name} from {names.short(values[1])} by {by}"
        case ops.ToolCall(tool=name):
            return f"{given}tool {name}({names.listed(values)})" + (" [effect]" if name in effects else "")
        case ops.Dispatch(tools=tools):
            marked = [tool + " [effect]" * (tool in effects) for tool in tools]
            return f"{given}run {' | '.join(marked)}" if tools else ""
        case ops.Call(function=name):
            return f"{given}call {name}({names.listed(values)})"
        case ops.Use(template=name):
            return f"{given if len(node.results) > 1 else ''}use {name}({names.listed(values[1:])})"
        case ops.SessionOpen(session=name):
            return f"{given}open {name}({names.listed(values)})"
        case ops.SessionTurn():
            return f"{given}{names[values[0]]}.turn({names.listed(values[1:])})"
        case ops.Ensure() | ops.Check():
            return f"ensure {names.short(values[0])}, {names.short(values[1])}"
        case ops.Expect(text=text):
            return f"expect {text}"
        case ops.Return():
            return f"return {shorten(names.listed(values))}".rstrip()
        case ops.Fail():
            return f"fail {names.short(values[0])}"
        case ops.Break():
            return "break"
    return ""


def condition(node: Node, names: Expressions) -> str:
    """`while i < 3` of a loop that tests before each round, "" for other nodes."""
    if not isinstance(node.op, ops.Loop) or len(node.regions) == 1:
        return ""
    for inner in node.regions[0].nodes:
        names.add(inner)
    return f"while {names.short(node.regions[0].end.operands[0])}"


def collected(node: Node, region: Region, names: Expressions) -> str:
    """What one round of a fork or a collecting `for` gives, "" for everything else."""
    collects = isinstance(node.op, ops.Map) or (isinstance(node.op, ops.For) and node.op.collect)
    return f"yield {names.short(region.end.operands[-1])}" if collects and region.end.operands else ""


def with_effects(graph: Graph) -> frozenset[str]:
    """Names of the tools that have an effect."""
    return frozenset(tool.name for tool in graph.tools if tool.effect)


class _Outline:
    def __init__(self, graph: Graph) -> None:
        self.effects = with_effects(graph)
        self.names = Expressions()

    def region(self, region: Region) -> Iterator[Item]:
        for node in region.nodes:
            self.names.add(node)
            if node.regions and not is_folded(node):
                yield from self._nested(node)
            elif text := line(node, self.names, self.effects):
                yield Item(node.op.mnemonic, text, node.location)

    def _inside(self, region: Region) -> tuple[Item, ...]:
        return tuple(self.region(region))

    def _nested(self, node: Node) -> Iterator[Item]:
        head, regions = heading(node, self.names), node.regions
        kind, location = node.op.mnemonic, node.location
        match node.op:
            case ops.If():
                yield Item(kind, head, location, self._inside(regions[0]))
                if otherwise := self._inside(regions[1]):
                    yield Item("else", "else", None, otherwise)
            case ops.Match(cases=cases):
                arms = zip(cases, regions, strict=True)
                items = (Item("case", f"case {show_case(case)}", None, self._inside(arm)) for case, arm in arms)
                yield Item(kind, head, location, tuple(items))
            case ops.Loop() if len(regions) == 2:
                test = Item("while", condition(node, self.names), None, self._inside(regions[0]))
                yield Item(kind, head, location, (test, *self._inside(regions[1])))
            case _:
                yield Item(kind, head, location, self._round(node, regions[0]))
                for handler in regions[1:]:
                    title = f"except {base_name(handler.params[-1].name)}"
                    yield Item("except", title, None, self._round(node, handler))

    def _round(self, node: Node, region: Region) -> tuple[Item, ...]:
        inside = self._inside(region)
        given = collected(node, region, self.names)
        return (*inside, Item("yield", given)) if given else inside
