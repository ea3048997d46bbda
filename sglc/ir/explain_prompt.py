"""A function -> the conversation that it renders, with holes where the model writes; no model is called.

    [user]
    Tips for a trip to {place}.
    -- out = fork t in topics, at once
       [assistant]
       About {t}: <gen tip: str, max_tokens=48, stop="\\n">

A line that begins with `--` is no text: it says what happens there. What is indented below it is a branch or a round.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from sglc.ir import ops
from sglc.ir.expressions import Expressions, is_folded, show_gen
from sglc.ir.graph import Function, Graph, Node, Region, Value
from sglc.ir.outline import collected, condition, heading, line, show_case, with_effects
from sglc.ir.types import CONTEXT

_INDENT = "   "


def render_prompt(graph: Graph, function: str) -> str:
    """The prompt of a function; of a session, what opens it and what each turn adds."""
    page = _Page()
    if any(session.name == function for session in graph.sessions):
        place = _Walker(graph, page).start(graph.function(f"{function}.open"))
        page.note("each turn")
        _Walker(graph, page).start(graph.function(f"{function}.turn"), place)
    else:
        _Walker(graph, page).start(graph.function(function))
    return "".join(f"{text.rstrip()}\n" for text in page.lines)


class _Place(msgspec.Struct, frozen=True):
    """Where a context ends: in a message of a role ("" for plain text, None where branches differ), or nowhere yet."""

    role: str | None = ""
    empty: bool = True


class _Page:
    """Lines of text and notes. `last` is what the last line is: text goes on in a text, and begins below a label."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 0
        self.last: Literal["note", "label", "text"] = "note"

    def note(self, text: str) -> None:
        self._line(f"-- {text}", "note")

    def label(self, text: str) -> None:
        self._line(f"[{text}]", "label")

    def text(self, text: str) -> None:
        if not text:
            return
        first, *more = text.split("\n")
        if self.last == "text":
            self.lines[-1] += first
        else:
            self._line(first, "text")
        for rest in more:
            self._line(rest, "text")

    def close(self) -> None:
        """Text does not go on here."""
        self.last = "note"

    def _line(self, text: str, kind: Literal["note", "label", "text"]) -> None:
        self.lines.append(_INDENT * self.depth + text)
        self.last = kind


class _Walker:
    """Walks one function; `places` says where each of its contexts ends, `current` which one the page shows last."""

    def __init__(self, graph: Graph, page: _Page) -> None:
        self.graph, self.page, self.names = graph, page, Expressions()
        self.effects = with_effects(graph)
        self.places: dict[str, _Place] = {}
        self.current: str | None = None
        self.silent_end: Node | None = None

    def start(self, function: Function, place: _Place | None = None) -> _Place:
        """Show a body, from where its context comes in; gives where it ends."""
        end = function.body.end
        # A template's last `return` only goes on behind its `use`.
        self.silent_end = end if function.kind == "template" else None
        self.names.declare(function.params)
        self._enter(function.params, [place or _Place()])
        self.region(function.body)
        returned = [self.places[o] for o in end.operands if o in self.places]
        return returned[0] if returned else _Place(role=None, empty=False)

    def _enter(self, params: Sequence[Value], places: Sequence[_Place]) -> None:
        contexts = [param.name for param in params if param.type == CONTEXT]
        for name, place in zip(contexts, places, strict=False):
            self.places[name] = place
            self.current = name

    def region(self, region: Region) -> None:
        for node in region.nodes:
            self.names.add(node)
            if not is_folded(node) and node is not self.silent_end:
                self._node(node)

    def _node(self, node: Node) -> None:
        match node.op:
            case ops.NewContext():
                if self.places:
                    self.page.note("a new prompt")
                self._reach(node, _Place())
            case ops.Append(parts=parts, role=role):
                self._say(node, self.names.text(parts, node.operands[1:]), role)
            case ops.Gen() as op:
                self._say(node, f"<{show_gen(op, node.operands, self.names)}>")
            case ops.Select(name=name, by=by):
                self._say(node, f"<select {name} from {self.names[node.operands[1]]} by {by}>")
            case ops.Use():
                self._template(node)
            case _ if node.regions:
                self._nested(node)
            case _ if (note := line(node, self.names, self.effects)) not in ("", "return"):
                self.page.note(note)

    def _reach(self, node: Node, place: _Place) -> None:
        """The node's context is made, and ends there."""
        for result in node.results:
            if result.type == CONTEXT:
                self.places[result.name], self.current = place, result.name

    def _resume(self, context: str) -> _Place:
        """Say so where the text does not follow on what was shown last."""
        if context != self.current and self.current is not None:
            self.page.note("from an earlier point of the prompt")
        return self.places.get(context, _Place(role=None, empty=False))

    def _say(self, node: Node, text: str, role: str = "") -> None:
        place, page = self._resume(node.operands[0]), self.page
        goes_on = not place.empty and (not role or role == place.role)
        if role and not goes_on:
            page.label(role)
        elif goes_on and page.last == "note":
            page.label(f"{place.role}, continued" if place.role else "continued")
        elif role:
            page.text("\n")
        page.text(text)
        self._reach(node, _Place(role or place.role, place.empty and not text and not role))

    def _template(self, node: Node) -> None:
        """A template's text stands where it is used, with the arguments in the place of the parameters."""
        assert isinstance(node.op, ops.Use)
        function = self.graph.function(node.op.template)
        inner = _Walker(self.graph, self.page)
        for param, operand in zip(function.params[1:], node.operands[1:], strict=True):
            inner.names.adopt(param.name, self.names, operand)
        self._reach(node, inner.start(function, self._resume(node.operands[0])))
        returned = function.body.end.operands
        if len(node.results) > 1 and len(returned) > 1:
            self.names.adopt(node.results[1].name, inner.names, returned[1])

    def _nested(self, node: Node) -> None:
        """Each region once, indented below its heading."""
        before = [self._resume(operand) for operand in node.operands if operand in self.places]
        current, ends = self.current, []
        if isinstance(node.op, ops.Match):
            self.page.note(heading(node, self.names))
            self.page.depth += 1
        for title, region in zip(self._titles(node), node.regions, strict=True):
            if title and (title != "else" or _speaks(region)):
                self.page.note(title)
            self.page.depth += 1
            self.current = current
            self._enter(region.params, before)
            self.region(region)
            if isinstance(node.op, ops.Encode):
                self.page.text(self.names.text((0,), region.end.operands))
            if given := collected(node, region, self.names):
                self.page.note(given)
            self.page.depth -= 1
            ends += [self.places[operand] for operand in region.end.operands if operand in self.places][:1]
        self.page.depth -= isinstance(node.op, ops.Match)
        self.page.close()
        self.current = current
        roles = {end.role for end in ends or before}
        self._reach(node, _Place(roles.pop() if len(roles) == 1 else None, empty=False))

    def _titles(self, node: Node) -> list[str]:
        """A heading for each region."""
        head = heading(node, self.names)
        match node.op:
            case ops.Match(cases=cases):
                return [f"case {show_case(case)}" for case in cases]
            case ops.If():
                return [head, "else"]
            case ops.Loop() if len(node.regions) == 2:
                head += f", {condition(node, self.names)}"
                return [head, "do"] if _speaks(node.regions[0]) else ["", head]
        return [head, "except"][: len(node.regions)]


def _speaks(region: Region) -> bool:
    return any(not is_folded(node) and not isinstance(node.op, ops.Yield) for node in region.nodes)
