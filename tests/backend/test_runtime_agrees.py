"""The runtime against the reference interpreter, on random programs with replies and tools of random slowness."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import graph_strategy
import msgspec
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from sglc.backend.caller import GenAnswer, GenCall, SelectAnswer, SelectCall
from sglc.backend.errors import RunError
from sglc.backend.planner import plan_graph
from sglc.backend.prompt import Handles
from sglc.backend.runtime import Program
from sglc.backend.tools.errors import ToolError
from sglc.ir import ops
from sglc.ir.graph import Function, Graph, Node, Region, callees, map_regions, reaching_effects, walk
from sglc.ir.interpret import interpret
from sglc.ir.outcome import InterpretError, Outcome, Reply, ToolFailure
from sglc.ir.prompt import Prompt
from sglc.ir.text import print_graph
from sglc.ir.types import BOOL, INT, STR, Type
from sglc.passes.constraints.lower_type import constraint_for

TABLE = {declared.name: declared for declared in graph_strategy.TYPES}
TYPES: dict[str, Type] = {}
for _type in (INT, BOOL, graph_strategy.MOOD):
    _dfa = constraint_for(_type, TABLE)
    assert _dfa is not None
    TYPES[_dfa.digest] = _type


def number_of(*things: Any) -> int:
    return graph_strategy._hash(*things)


def answer(messages: tuple[tuple[str, str], ...], type_: Type) -> str:
    number = number_of(messages)
    answers = {INT: str(number % 5), BOOL: ("true", "false")[number % 2]}
    answers[graph_strategy.MOOD] = ("glad", "sad", "calm")[number % 3]
    return answers.get(type_, f"r{number % 10_000}")


def reference_reply(prompt: Prompt, op: Any, path: str) -> Any:
    if isinstance(op, ops.Select):
        return number_of(prompt.messages) % len(dict.fromkeys(prompt.choices))
    return Reply(answer(prompt.messages, op.type), "because" if op.reasoning else "")


class Caller:
    """Answers as the reference is answered, after a while that depends on the place."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.asked: Counter[tuple[tuple[str, str], ...]] = Counter()

    async def pause(self, *things: Any) -> None:
        for _ in range(number_of(self.seed, things) % 7):
            await asyncio.sleep(0)

    async def gen(self, call: GenCall) -> GenAnswer:
        messages = tuple(call.prompt.messages())
        self.asked[messages] += 1
        await self.pause(call.path, messages)
        dfa = call.request.constraint
        text = answer(messages, TYPES[dfa.digest] if dfa is not None else STR)
        return GenAnswer(text, reasoning="because" if call.request.reasoning else "")

    async def select(self, call: SelectCall) -> SelectAnswer:
        messages = tuple(call.prompt.messages())
        self.asked[messages] += 1
        await self.pause(call.path, messages)
        best = number_of(messages) % len(call.request.choices)
        return SelectAnswer(best, tuple(float(n == best) for n in range(len(call.request.choices))))

    def count_tokens(self, handles: Handles, model: str, text: str) -> int:
        return len(text.encode())


class Tools:
    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.effects: list[tuple[str, Any]] = []

    async def call(self, name: str, args: Mapping[str, Any], *, deadline: float | None = None) -> Any:
        if name == "send":
            self.effects.append((name, dict(args)))
        await self.caller.pause(name, args)
        try:
            return graph_strategy.tools(name, dict(args))
        except ToolFailure as error:
            raise ToolError("status", str(error), tool=name) from None


def comparable(graph: Graph) -> Graph:
    """Forks with effects keep them in order, since otherwise there is no order to compare; no seed is computed, since
    the reference takes any."""
    effects = reaching_effects(graph)

    def order(node: Node) -> Node:
        node = map_regions(node, change)
        inside = [n for region in node.regions for n in walk(region)]
        if isinstance(node.op, ops.Map) and any(not effects.isdisjoint(callees(n.op)) for n in inside):
            return msgspec.structs.replace(node, op=msgspec.structs.replace(node.op, ordered=True))
        if isinstance(node.op, ops.Gen):
            op = msgspec.structs.replace(node.op, dynamic=())
            return msgspec.structs.replace(node, op=op, operands=node.operands[:1])
        return node

    def change(region: Region) -> Region:
        return msgspec.structs.replace(region, nodes=tuple(map(order, region.nodes)))

    def function(changed: Function) -> Function:
        return msgspec.structs.replace(changed, body=change(changed.body))

    return graph.with_functions(function)


async def run(graph: Graph, args: dict[str, Any], caller: Caller, tools: Tools) -> Any:
    program = Program(plan_graph(graph), {}, tools)
    before = asyncio.all_tasks()
    try:
        return await asyncio.wait_for(program.run("main", args, caller=caller), 20)
    finally:
        assert asyncio.all_tasks() == before


def check(graph: Graph, argument_seed: int, seed: int) -> None:
    graph = comparable(graph)
    args = graph_strategy.arguments(graph.function("main"), argument_seed)
    try:
        note(print_graph(graph))
        expected = interpret(graph, "main", args, reference_reply, graph_strategy.tools, max_steps=20_000)
    except InterpretError:
        assume(False)  # too long
    caller = Caller(seed)
    tools = Tools(caller)
    found: Any = None
    failure: RunError | None = None
    try:
        found = asyncio.run(run(graph, args, caller, tools))
    except RunError as error:
        failure = error
    agree(expected, found, failure)
    assert [(effect.tool, effect.args) for effect in expected.effects] == tools.effects
    # The runtime may ask more, for what is thrown away when something earlier fails or leaves.
    assert Counter(prompt.messages for _, prompt in expected.requests) <= caller.asked


def agree(expected: Outcome, found: Any, failure: RunError | None) -> None:
    if expected.failure is not None:
        assert failure is not None, f"expected {expected.failure}, found the value {found!r}"
        assert (failure.kind, failure.message) == (expected.failure.kind, expected.failure.message)
    else:
        assert failure is None, f"expected {expected.value!r}, found {failure!r}"
        assert repr(found) == repr(expected.value)


@settings(max_examples=150, deadline=None, print_blob=False, suppress_health_check=list(HealthCheck))
@given(graph_strategy.graphs(), st.integers(0, 5), st.integers(0, 1000))
def test_random_programs_mean_what_the_reference_says(graph: Graph, argument_seed: int, seed: int) -> None:
    check(graph, argument_seed, seed)
