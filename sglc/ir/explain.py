"""Graph + remarks -> what `sglc explain` shows: a text tree, JSON, Mermaid or DOT, and the prompt with holes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from sglc.ir.explain_chart import explain_dot, explain_mermaid
from sglc.ir.explain_prompt import render_prompt
from sglc.ir.expressions import quoted, shorten
from sglc.ir.graph import Function, Graph
from sglc.ir.outline import Item, outline, show_field, signature
from sglc.ir.types import show
from sglc.source import Location

__all__ = ["Remark", "explain_dot", "explain_json", "explain_mermaid", "explain_text", "render_prompt"]


class Remark(Protocol):
    """What a pass says it did (passes/manager.py)."""

    @property
    def pass_name(self) -> str: ...
    @property
    def location(self) -> Location | None: ...
    @property
    def message(self) -> str: ...
    @property
    def saved(self) -> Mapping[str, int]: ...


def explain_text(graph: Graph, remarks: Sequence[Remark] = ()) -> str:
    """Each function as a tree of what it does, then the tools, then what the passes did."""
    lines: list[str] = []
    for function in graph.functions:
        marks = _marks(function, graph)
        lines.append(_title(function, graph) + (f"  [{', '.join(marks)}]" if marks else ""))
        lines += _tree(outline(function, graph), "")
        lines.append("")
    if graph.tools:
        lines += ["tools", *_tree(tuple(Item("tool", text) for text in _tools(graph)), ""), ""]
    if remarks:
        lines += ["passes", *_tree(tuple(Item("remark", _remark(remark)) for remark in remarks), "")]
    return "\n".join(lines).rstrip("\n") + "\n"


def explain_json(graph: Graph, remarks: Sequence[Remark] = ()) -> str:
    """The same as data: `functions` hold nested `body` items, each with kind, text, location and children."""
    functions = [
        {
            "name": function.name,
            "kind": function.kind,
            "description": function.description,
            "title": _title(function, graph),
            "marks": _marks(function, graph),
            "location": function.location,
            "body": outline(function, graph),
        }
        for function in graph.functions
    ]
    found = {
        "entry": graph.entry,
        "functions": functions,
        "tools": [
            {
                "name": tool.name,
                "params": [show_field(field) for field in tool.params],
                "result": show(tool.result),
                "effect": tool.effect,
                "description": tool.description,
            }
            for tool in graph.tools
        ],
        "types": graph.types,
        "models": graph.models,
        "serves": graph.serves,
        "tests": graph.tests,
        "remarks": [
            {"pass": r.pass_name, "location": r.location, "message": r.message, "saved": r.saved} for r in remarks
        ],
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _title(function: Function, graph: Graph) -> str:
    test = next((test.name for test in graph.tests if test.function == function.name), None)
    return f"test {quoted(test)}" if test is not None else f"{function.kind} {signature(function)}"


def _marks(function: Function, graph: Graph) -> list[str]:
    """What the program says about a function from outside: entry, routes, a test's recording, recursion."""
    # `chat` of a session is done by `chat.open` and `chat.turn`; a caller sees the turn.
    name = function.name.removesuffix(".turn") if function.kind == "turn" else function.name
    marks = ["entry"] if graph.entry == name else []
    marks += [f"{serve.method} {serve.path or '/' + name}" for serve in graph.serves if serve.function == name]
    marks += [f"replay {test.replay}" for test in graph.tests if test.function == function.name and test.replay]
    if function.depth is not None:
        marks.append(f"at most {function.depth} deep")
    return marks


def _tools(graph: Graph) -> Iterator[str]:
    for tool in graph.tools:
        effect = " [effect]" if tool.effect else ""
        about = f"  {shorten(tool.description)}" if tool.description else ""
        yield f"{tool.name}({', '.join(map(show_field, tool.params))}) -> {show(tool.result)}{effect}{about}"


def _remark(remark: Remark) -> str:
    place = f"{remark.location}: " if remark.location is not None else ""
    counts = [(count, what) for what, count in remark.saved.items() if count]
    saved = ", ".join(f"{count} {what.removesuffix('s') if count == 1 else what}" for count, what in counts)
    saved = f" (saves {saved})" if saved else ""
    return f"{remark.pass_name}: {place}{remark.message}{saved}"


def _tree(items: Sequence[Item], margin: str) -> Iterator[str]:
    for number, item in enumerate(items, 1):
        last = number == len(items)
        yield f"{margin}{'└─ ' if last else '├─ '}{item.text}"
        yield from _tree(item.children, margin + ("   " if last else "│  "))
