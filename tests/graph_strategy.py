"""Random valid graphs for property tests, with arguments, replies and tools that run them.

Every function is typed and terminates. Contexts fork, are carried, captured and rolled back. Helper functions,
templates (some return early), tools with and without effects, and failures of every kind occur.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from graph_tables import APPLIES, LITERALS, PAIR, PLAIN, STRS, TEXTS, TOOLS
from graph_tables import MOOD as MOOD
from graph_tables import TYPES as TYPES
from hypothesis import strategies as st

from sglc.ir import ops
from sglc.ir.graph import Function, FunctionKind, Graph, Node, Region, Value
from sglc.ir.ops import GenOptions, Op, Part, Pattern
from sglc.ir.outcome import Outcome, ToolFailure
from sglc.ir.prompt import Prompt
from sglc.ir.shapes import FAILURE_TYPE
from sglc.ir.types import (
    BOOL,
    CONTEXT,
    FLOAT,
    INT,
    JSON,
    STR,
    Field,
    ListType,
    Type,
)
from sglc.ir.verify_contexts import GROWING


class Callee(msgspec.Struct, frozen=True):
    """A function that may be called from those behind it."""

    name: str
    kind: FunctionKind
    params: tuple[Type, ...]
    results: tuple[Type, ...]


class _Ways(msgspec.Struct, frozen=True):
    """How a region may be left other than by its own end."""

    returns: tuple[Type, ...] | None = None
    carried: tuple[Type, ...] | None = None
    collected: Type | None = None


class _Maker:
    """Draws one function."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], callees: Sequence[Callee], prefix: str) -> None:
        self.draw, self.callees, self.prefix = draw, callees, prefix
        self.count = 0
        self.room = draw(st.integers(4, 20))
        self.given: set[str] = set()
        """Contexts that go on from the one that a template is given."""

    def number(self, most: int) -> int:
        return int(self.draw(st.integers(0, most)))

    def one_of(self, items: Sequence[Any]) -> Any:
        return items[self.number(len(items) - 1)]

    def value(self, type_: Type, hint: str = "v") -> Value:
        self.count += 1
        return Value(f"{hint}{self.count}", type_)


class _Block:
    """Draws the nodes of one region. `grown` are the contexts that grew from the region's own (an attempt's)."""

    def __init__(self, maker: _Maker, values: Sequence[Value], ways: _Ways, depth: int) -> None:
        self.maker, self.values, self.ways, self.depth = maker, list(values), ways, depth
        self.nodes: list[Node] = []
        self.grown: list[str] = []

    # --- building blocks

    def add(self, op: Op, operands: Sequence[str] = (), types: Sequence[Type] = (), *regions: Region) -> list[Value]:
        results = tuple(self.maker.value(t, "c" if t == CONTEXT else "v") for t in types)
        if isinstance(op, ops.Gen | ops.Select) and self.maker.number(2):
            op = msgspec.structs.replace(op, name=results[1].name)
        self.nodes.append(Node(op, tuple(operands), results, regions))
        if isinstance(op, GROWING) and operands[0] in self.maker.given:
            self.maker.given.add(results[0].name)
        self.values += results
        return list(results)

    def pick(self, type_: Type) -> str:
        """A value of the type; one that is at hand most often, else a new one."""
        known = [v.name for v in self.values if v.type == type_]
        if known and self.maker.number(5):
            return str(known[-1 - self.maker.number(min(3, len(known) - 1))])
        if type_ == CONTEXT:
            return self.add(ops.NewContext(), (), [CONTEXT])[0].name
        if type_ == FAILURE_TYPE:
            return self.add(ops.Const('{"kind":"fail","message":"m"}'), (), [type_])[0].name
        if isinstance(type_, ListType) and type_ not in LITERALS:
            return self.add(ops.Const("[]"), (), [type_])[0].name
        return self.add(ops.Const(self.maker.one_of(LITERALS[type_])), (), [type_])[0].name

    def parts(self) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        parts: list[Part] = []
        operands: list[str] = []
        for _ in range(self.maker.number(3)):
            if self.maker.number(1):
                parts.append(self.maker.one_of(TEXTS))
            else:
                parts.append(len(operands))
                operands.append(self.pick(self.maker.one_of(PLAIN)))
        return tuple(parts), tuple(operands)

    def region(self, params: Sequence[Value], ways: _Ways, end: Callable[[_Block], Node]) -> Region:
        inner = _Block(self.maker, [*self.values, *params], ways, self.depth + 1)
        inner.grown = [v.name for v in params if v.type == CONTEXT]
        inner.fill()
        if inner.maker.number(2) == 0:
            inner.observe()
        leave = inner.leave() if self.maker.number(6) == 6 else None
        node = leave or end(inner)  # what an end needs is added to the nodes first
        return Region(tuple(params), (*inner.nodes, node))

    def leave(self) -> Node | None:
        """A jump out of the region, where one is allowed."""
        kind = self.maker.number(3)
        if kind == 0 and self.ways.returns is not None:
            return self.return_(self.ways.returns)
        if kind == 1 and self.ways.carried is not None:
            collected = [self.ways.collected] if self.ways.collected else []
            return Node(ops.Continue(), tuple(map(self.pick, (*self.ways.carried, *collected))))
        if kind == 2 and self.ways.carried is not None and self.ways.collected is None:
            return Node(ops.Break(), tuple(map(self.pick, self.ways.carried)))
        return Node(ops.Fail(), (self.pick(STR),)) if kind == 3 else None

    def return_(self, types: Sequence[Type]) -> Node:
        given = [v.name for v in self.values if v.name in self.maker.given]
        return Node(ops.Return(), tuple(self.maker.one_of(given) if t == CONTEXT else self.pick(t) for t in types))

    def fill(self) -> None:
        for _ in range(self.maker.number(6)):
            if self.maker.room <= 0:
                return
            self.maker.room -= 1
            often = (self._append, self._gen, self._value, self._call, self._dialog) * 2
            flat = (*often, self._model, self._outside)
            nested = (self._if, self._match, self._loop, self._for, self._map, self._try, self._attempt)
            self.maker.one_of((*flat, *nested) if self.depth < 3 else flat)()

    def observe(self) -> None:
        """Most often, make a text that depends on the last values: on contexts through what they are answered."""
        if self.maker.number(4) == 0:
            return
        recent = [v for v in self.values[-12:] if self.maker.number(2)]
        answers = [self.add(ops.Gen("seen", STR), (v.name,), [CONTEXT, STR])[1] for v in recent if v.type == CONTEXT]
        shown = [*(v for v in recent if v.type != CONTEXT), *answers]
        parts = [part for index in range(len(shown)) for part in (index, ";")]
        self.add(ops.Format(tuple(parts)), [v.name for v in shown], [STR])

    # --- nodes

    def _append(self) -> None:
        self._append_to(self.pick(CONTEXT), self.maker.one_of(("", "", "user", "assistant", "system")))

    def _append_to(self, context: str, role: str) -> str:
        parts, operands = self.parts()
        (result,) = self.add(ops.Append(parts, role), (context, *operands), [CONTEXT])
        if context in self.grown:
            self.grown.append(result.name)
        return result.name

    def _dialog(self) -> None:
        """Text in one or two roles, which nobody else goes on from, and an answer."""
        context = self.pick(CONTEXT)
        for _ in range(2 + self.maker.number(2)):
            context = self._append_to(context, self.maker.one_of(("", "user", "user", "assistant")))
        results = self.add(ops.Gen("said", STR), (context,), [CONTEXT, STR])
        if context in self.grown:
            self.grown.append(results[0].name)

    def _gen(self) -> None:
        type_ = self.maker.one_of((STR, STR, INT, BOOL, MOOD))
        options = self.maker.one_of((GenOptions(), GenOptions(max_tokens=8, stop=("\n", "."), temperature=0.5)))
        dynamic = ("seed",) if self.maker.number(4) == 0 else ()
        context = self.pick(CONTEXT)
        op = ops.Gen(f"{self.maker.prefix}gen", type_, options, dynamic, reasoning=self.maker.number(6) == 0)
        operands = (context, *(self.pick(INT) for _ in dynamic))
        results = self.add(op, operands, [CONTEXT, type_, *[STR] * op.reasoning])
        if context in self.grown:
            self.grown.append(results[0].name)

    def _value(self) -> None:
        kind = self.maker.number(5)
        if kind == 0:
            parts, operands = self.parts()
            self.add(ops.Format(parts), operands, [STR])
        elif kind == 1:
            self.add(ops.MakeRecord(("text", "number")), (self.pick(STR), self.pick(INT)), [PAIR])
        elif kind == 2:
            name, type_ = self.maker.one_of((("text", STR), ("number", INT)))
            self.add(ops.Attr(name), (self.pick(PAIR),), [type_])
        else:
            name, wanted, given = self.maker.one_of(APPLIES)
            self.add(ops.Apply(name), tuple(map(self.pick, wanted)), [given])

    def _model(self) -> None:
        kind = self.maker.number(2)
        if kind == 0:
            by, scores = self.maker.one_of(("likelihood", "greedy")), self.maker.number(1) == 1
            extra = [ListType(FLOAT)] if scores else []
            self.add(ops.Select("pick", by, scores), (self.pick(CONTEXT), self.pick(STRS)), [CONTEXT, STR, *extra])
        elif kind == 1:
            self.add(ops.CountTokens(), (self.pick(STR),), [INT])
        else:
            item = self.maker.value(STR)
            document = self.region([item], _Ways(), lambda b: Node(ops.Yield(), (b.pick(STR),)))
            if any(n.op.effect in ("model", "tool", "call") for n in _walk(document)):
                document = Region((item,), (Node(ops.Yield(), (item.name,)),))
            self.add(ops.Encode(), (self.pick(CONTEXT), self.pick(STRS)), [CONTEXT], document)

    def _outside(self) -> None:
        kind = self.maker.number(2)
        if kind == 0:
            tool = self.maker.one_of(TOOLS)
            self.add(ops.ToolCall(tool.name), (self.pick(STR),), [tool.result])
        elif kind == 1:
            self.add(ops.Ensure(), (self.pick(BOOL), self.pick(STR)))

    def _call(self) -> None:
        if self.maker.callees:
            callee = self.maker.one_of(self.maker.callees)
            make = {"def": ops.Call, "template": ops.Use}[callee.kind]
            self.add(make(callee.name), tuple(map(self.pick, callee.params)), callee.results)

    def _results(self) -> list[Type]:
        return [self.maker.one_of((CONTEXT, *PLAIN)) for _ in range(self.maker.number(2))]

    def _yields(self, params: Sequence[Value], types: Sequence[Type], ways: _Ways) -> Region:
        return self.region(params, ways, lambda b: Node(ops.Yield(), tuple(map(b.pick, types))))

    def _if(self) -> None:
        condition, types = self.pick(BOOL), self._results()
        regions = (self._yields((), types, self.ways), self._yields((), types, self.ways))
        self.add(ops.If(), (condition,), types, *regions)

    def _match(self) -> None:
        subject, types = self.maker.one_of((MOOD, STR, INT)), self._results()
        value = self.pick(subject)
        first = (Pattern("literal", json=self.maker.one_of(LITERALS[subject])),)
        cases: list[tuple[Pattern, ...]] = [first, (Pattern("type", type=subject), Pattern("any"))]
        if self.maker.number(1):
            cases.insert(0, (Pattern("literal", json=self.maker.one_of(LITERALS[subject])),))
        regions = [self._yields((), types, self.ways) for _ in cases]
        self.add(ops.Match(tuple(cases)), (value,), types, *regions)

    def _loop(self) -> None:
        types = self._results()
        operands = tuple(map(self.pick, types))
        regions: list[Region] = []
        if self.maker.number(1):
            params = [self.maker.value(t) for t in types]
            regions.append(self._yields(params, [BOOL], _Ways()))
        params = [self.maker.value(t) for t in types]
        ways = msgspec.structs.replace(self.ways, carried=tuple(types), collected=None)
        regions.append(self.region(params, ways, lambda b: Node(ops.Continue(), tuple(map(b.pick, types)))))
        self.add(ops.Loop(self.maker.number(3), self.maker.one_of(("loop", "while"))), operands, types, *regions)

    def _for(self) -> None:
        types = self._results()
        items, carried = self.pick(STRS), tuple(map(self.pick, types))
        collected: Type | None = self.maker.one_of((None, STR, INT))
        params = [self.maker.value(t) for t in (STR, *types)]
        gathered = [collected] if collected else []
        ways = _Ways(None if collected else self.ways.returns, tuple(types), collected)
        body = self.region(params, ways, lambda b: Node(ops.Continue(), tuple(map(b.pick, (*types, *gathered)))))
        op = ops.For(collected is not None, "each")
        self.add(op, (items, *carried), (*types, *map(ListType, gathered)), body)

    def _map(self) -> None:
        items, type_ = self.pick(STRS), self.maker.one_of((STR, INT, PAIR))
        regions = [self._yields([self.maker.value(STR)], [type_], _Ways())]
        if self.maker.number(1):
            given = [self.maker.value(STR), self.maker.value(FAILURE_TYPE)]
            regions.append(self._yields(given, [type_], _Ways()))
        if self.maker.number(5) == 0:
            keep = self._yields([self.maker.value(STR)], [BOOL], _Ways())
            self.add(ops.Filter(), (items,), [STRS], keep)
        self.add(ops.Map("out", self.maker.number(5) == 0), (items,), [ListType(type_)], *regions)

    def _try(self) -> None:
        types = self._results()
        body = self._yields((), types, self.ways)
        handler = self._yields([self.maker.value(FAILURE_TYPE, "err")], types, self.ways)
        self.add(ops.Try(), (), types, body, handler)

    def _attempt(self) -> None:
        context, types = self.pick(CONTEXT), [self.maker.one_of(PLAIN) for _ in range(self.maker.number(1))]

        def end(block: _Block) -> Node:
            held, why = block.pick(BOOL), block.pick(STR)
            return Node(ops.Check(), (held, why, block.maker.one_of(block.grown), *map(block.pick, types)))

        region = self.region([self.maker.value(CONTEXT, "c")], self.ways, end)
        self.add(ops.Attempt(self.maker.number(2), self.maker.number(1) == 1), (context,), [CONTEXT, *types], region)


def _walk(region: Region) -> list[Node]:
    return [n for node in region.nodes for n in (node, *(x for r in node.regions for x in _walk(r)))]


@st.composite
def graphs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Graph:
    """A program whose function `main` takes what ARGUMENTS holds."""
    functions: list[Function] = []
    callees: list[Callee] = []
    for i in range(draw(st.integers(1, 4)) - 1):
        kind = draw(st.sampled_from(("def", "template")))
        function = _function(draw, f"{kind}{i}", kind, (STR, INT), callees)
        functions.append(function)
        types = tuple(v.type for v in function.params)
        callees.append(Callee(function.name, kind, types, function.results))
    functions.append(_function(draw, "main", "def", (STR, INT, BOOL, STRS), callees))
    return Graph(tuple(functions), TYPES, TOOLS, entry="main")


def _function(
    draw: Callable[[st.SearchStrategy[Any]], Any],
    name: str,
    kind: FunctionKind,
    types: Sequence[Type],
    callees: Sequence[Callee],
) -> Function:
    maker = _Maker(draw, callees, "" if name == "main" else name)
    contexts = [maker.value(CONTEXT, "c")] if kind == "template" else []
    maker.given = {value.name for value in contexts}
    own = [maker.value(t, "p") for t in types]
    results: tuple[Type, ...] = (maker.one_of((STR, STR, STR, INT, JSON)),)
    if kind == "template":
        results = (CONTEXT, *results[: maker.number(1)])
    params = (*contexts, *own)
    block = _Block(maker, params, _Ways(returns=results), 0)
    block.fill()
    block.fill()
    block.observe()
    end = block.return_(results)
    if maker.number(20) == 20:
        end = Node(ops.Fail(), (block.pick(STR),))
    body = Region(params, (*block.nodes, end))
    fields = tuple(Field(v.name, v.type) for v in own)
    return Function(name, kind, fields, params, results, body)


# --- running them ----------------------------------------------------------------------------------------------------


def arguments(function: Function, seed: int) -> dict[str, Any]:
    """Arguments for `main`, a few different sets of them."""
    return {field.name: sample(field.type, seed) for field in function.fields}


def sample(type_: Type, seed: int) -> Any:
    """A value of one of the types that occur here."""
    values: dict[Type, Any] = {
        STR: ("Rome", "", "7")[seed % 3],
        INT: (0, 2, -1)[seed % 3],
        BOOL: seed % 2 == 0,
        STRS: ([], ["x"], ["x", "y"])[seed % 3],
        JSON: (None, {"name": "n"}, "text")[seed % 3],
    }
    return values[type_]


def reply(prompt: Prompt, op: Any, path: str) -> Any:
    """A fitting answer that depends on the prompt, the name and the type, not on the path."""
    if isinstance(op, ops.Select):
        return _hash(prompt, op.name) % len(prompt.choices)
    number = _hash(prompt, op.name, str(op.type), str(op.options.seed))
    answers = {INT: str(number % 5), BOOL: ("true", "false")[number % 2], MOOD: ("glad", "sad", "calm")[number % 3]}
    return answers.get(op.type, f"r{number % 10_000}")


def tools(name: str, args: dict[str, Any]) -> Any:
    """Answers, or fails, as the arguments decide."""
    number = _hash(name, args)
    if number % 3 == 0:
        raise ToolFailure("is down")
    return number % 7 if name == "send" else f"t{number % 100}"


def _hash(*things: Any) -> int:
    return int.from_bytes(hashlib.sha256(repr(things).encode()).digest()[:4])


def changed(before: Outcome, after: Outcome) -> str:
    """Both outcomes, for the message of a failing test."""
    return f"before: {before}\nafter:  {after}"
