"""Graph -> text, one declaration or node a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from sglc.ir.graph import Function, Graph, Model, Node, Region, Serve, Session, Test, defined
from sglc.ir.text_forms import Forms, braced, show_function, show_json, show_value
from sglc.ir.tools import ToolSpec
from sglc.ir.types import Declared, EnumType, Field, quote, show, show_field, show_name
from sglc.source import Location

NO_LOCATION: Location = ToolSpec.__struct_defaults__[-1]
"""What a tool without a location has."""


class Printer:
    """Collects lines. `marked` is the number of the line (from 0) on which `mark` was printed, None if it was not."""

    def __init__(self, *, locations: bool, mark: Node | None = None) -> None:
        self.lines: list[str] = []
        self.marked: int | None = None
        self._locations = locations
        self._mark = mark
        self._forms = Forms({})

    def graph(self, graph: Graph) -> None:
        blocks = [list(_show_declared(declared)) for declared in graph.types]
        blocks.append([self._tool(tool) for tool in graph.tools])
        blocks.append([_show_model(model) for model in graph.models])
        blocks.append([_show_session(session) for session in graph.sessions])
        blocks.append([*map(_show_serve, graph.serves), *map(_show_test, graph.tests)])
        if graph.entry:
            blocks[-1].append(f"entry {show_name(graph.entry)}")
        for block in filter(None, blocks):
            self.lines += [*block, ""]
        for function in graph.functions:
            self.function(function)
            self.lines.append("")
        if self.lines:
            self.lines.pop()

    def function(self, function: Function) -> None:
        self._forms = Forms({v.name: v.type for v in (*function.params, *defined(function.body))})
        self.lines.append(_show_head(function))
        self._block(function.body, 0)
        self._locate(function.location)

    def _block(self, region: Region, indent: int) -> None:
        self.lines[-1] += " {"
        for node in region.nodes:
            if node is self._mark and self.marked is None:
                self.marked = len(self.lines)
            self.lines.append("  " * (indent + 1))
            for piece in self._forms.pieces(node):
                if isinstance(piece, Region):
                    self._block(piece, indent + 1)
                else:
                    self.lines[-1] += piece
            self._locate(node.location)
        self.lines.append("  " * indent + "}")

    def _locate(self, location: Location | None) -> None:
        if self._locations and location is not None:
            self.lines[-1] += f" {_show_location(location)}"

    def _tool(self, tool: ToolSpec) -> str:
        """The signature as the language writes it, all that is not the default as JSON."""
        defaults = dict(zip(reversed(tool.__struct_fields__), reversed(tool.__struct_defaults__), strict=False))
        rest = {
            name: msgspec.to_builtins(value)
            for name, value in msgspec.structs.asdict(tool).items()
            if name not in SIGNATURE and value != defaults.get(name)
        }
        where = f" {_show_location(tool.location)}" if self._locations and tool.location != NO_LOCATION else ""
        head = f"tool {show_name(tool.name)}({_show_fields(tool.params)}) -> {show(tool.result)}"
        return f"{head}{_description(tool.description)} {show_json(rest)}{where}"


SIGNATURE = frozenset({"name", "params", "result", "description", "location"})
"""What a tool's line says outside of its JSON."""

KINDS = {"def": "func"}
"""Words of textual IR for kinds of functions, where they differ."""


def _show_head(function: Function) -> str:
    shown = [f"{show_value(v.name)}: {show(v.type)}" for v in function.params]
    hidden = hidden_params(function.kind)
    inline = hidden is not None and len(function.fields) == len(shown[hidden:])
    if inline:
        pairs = zip(function.fields, function.params[hidden:], strict=True)
        inline = all(f.name == v.name and f.type == v.type and not f.optional for f, v in pairs)
    if inline:
        shown[hidden:] = [show_field(field, show_value(field.name)) for field in function.fields]
    head = f"{KINDS.get(function.kind, function.kind)} {show_function(function.name)}({', '.join(shown)})"
    if function.results:
        head += " -> " + ", ".join(map(show, function.results))
    if function.depth is not None:
        head += f" max {function.depth}"
    if not inline:
        head += f" fields ({_show_fields(function.fields)})"
    return head + _description(function.description)


def hidden_params(kind: str) -> int | None:
    """Leading parameters that callers do not see; None where the kind alone does not say."""
    return {"template": 1, "turn": None}.get(kind, 0)


def _description(text: str) -> str:
    return f" {quote(text)}" if text else ""


def _show_location(location: Location) -> str:
    return f"at {quote(location.file)}:{location.line}:{location.column}"


def _show_fields(fields: Sequence[Field]) -> str:
    return ", ".join(map(show_field, fields))


def _show_declared(declared: Declared) -> Iterator[str]:
    name = show_name(declared.name)
    if isinstance(declared, EnumType):
        members = ", ".join(show_name(m.name) + _description(m.description) for m in declared.members)
        yield f"enum {name}{_description(declared.description)} {{ {members} }}"
        return
    depth = f" max {declared.depth}" if declared.depth is not None else ""
    yield f"type {name}{depth}{_description(declared.description)} {{"
    yield from (f"  {show_field(field)}" for field in declared.fields)
    yield "}"


def _show_model(model: Model) -> str:
    date = f" date {quote(model.date)}" if model.date else ""
    return f"model {show_name(model.name)} {quote(model.path)}{date}"


def _show_session(session: Session) -> str:
    head = f"session {show_name(session.name)}({_show_fields(session.fields)}) states ({_show_fields(session.states)})"
    return f"{head} turn ({_show_fields(session.turn_fields)}) -> {show(session.result)}"


def _show_serve(serve: Serve) -> str:
    defaults = Serve("")
    options = [
        (name, quote(getattr(serve, name)))
        for name in ("path", "method", "name")
        if getattr(serve, name) != getattr(defaults, name)
    ]
    return f"serve {show_name(serve.function)}{braced(options)}"


def _show_test(test: Test) -> str:
    replay = f" replay {quote(test.replay)}" if test.replay else ""
    return f"test {quote(test.name)} = {show_function(test.function)}{replay}"
