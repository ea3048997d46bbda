"""The reference meaning of a Graph: runs a function in program order against any function prompt -> reply.

Nothing is at once, nothing is reused, nothing is clever: a pass and the runtime are right if their outcome is this one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from sglc.ir import ops
from sglc.ir.decode import ConformError, conform
from sglc.ir.graph import Function, Graph, Node, Region, Value, defined
from sglc.ir.outcome import Ask, Expectation, Failure, InterpretError, Outcome, Tools
from sglc.ir.prompt import Context
from sglc.ir.types import Type
from sglc.ir.values import EvalError, apply, attribute, fit_arguments, format_parts, matches, recursion_message, truth
from sglc.ir.world import Failed, World


def interpret(
    graph: Graph,
    function: str,
    args: Mapping[str, Any],
    reply: Ask,
    tools: Tools | None = None,
    *,
    max_steps: int = 1_000_000,
    count_tokens: Callable[[str, str], int] | None = None,
) -> Outcome:
    """Run a function; of a session, open it and take one turn (its arguments and the turn's are given together).

    `count_tokens` (text, model) stands in for tokenizers; by default a byte is a token. Raises InterpretError, and
    ConformError for arguments that do not fit.
    """
    world = World(graph, reply, tools, count_tokens or _count_bytes)
    machine = _Machine(world, max_steps)
    value: Any = None
    context: Context | None = None
    failure: Failure | None = None
    with _deep_recursion():
        try:
            value, context = _start(machine, function, args)
        except Failed as error:
            failure = error.failure
        except RecursionError:
            raise InterpretError(f"the calls of `{function}` nest too deep for the interpreter") from None
    shown = context.prompt() if context is not None else None
    logs = (tuple(world.requests), tuple(world.expects), tuple(world.effects))
    return Outcome(value, failure, shown, *logs)


def _start(machine: _Machine, name: str, args: Mapping[str, Any]) -> tuple[Any, Context | None]:
    """The value, and the context that is left."""
    graph = machine.graph
    for session in graph.sessions:
        if session.name == name:
            values = fit_arguments((*session.fields, *session.turn_fields), args, graph.type_table)
            count = len(session.fields)
            opened = machine.open_session(name, values[:count], "")
            return machine.take_turn(opened, values[count:], ""), opened.context
    function = graph.function(name)
    values = fit_arguments(function.fields, args, graph.type_table)
    if function.kind == "template":
        context, *results = machine.call(name, [Context(), *values], "")
        return _one(results), context
    return _one(machine.call(name, values, "")), None


def _one(results: list[Any]) -> Any:
    return results[0] if results else None


def _count_bytes(text: str, model: str) -> int:
    return len(text.encode())


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Calls of the program are calls of Python here; a Python frame costs memory only, so there may be many."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 20_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


_UNDEFINED = object()
"""What `undef` gives. It may be carried on, but not read."""


class _End(msgspec.Struct, frozen=True):
    """A region ended: at which node, with which values."""

    node: Node
    values: list[Any]

    def at(self, *kinds: type[ops.Op]) -> bool:
        return isinstance(self.node.op, kinds)


class _Frame(msgspec.Struct, frozen=True):
    """A running function: its values so far (names are unique in a function), their types, and the path of the run."""

    values: dict[str, Any]
    types: Mapping[str, Type]
    path: str

    def bind(self, names: Sequence[Value], values: Sequence[Any]) -> None:
        self.values.update((value.name, given) for value, given in zip(names, values, strict=True))

    def types_of(self, names: Sequence[str]) -> list[Type]:
        return [self.types[name] for name in names]

    def inside(self, name: str, index: int) -> _Frame:
        """The same function in one iteration or branch."""
        return _Frame(self.values, self.types, f"{self.path}{name}[{index}].")


class _Session(msgspec.Struct):
    """An open session; a turn that succeeds replaces context and states."""

    name: str
    args: list[Any]
    context: Context
    states: list[Any]


class _Machine:
    def __init__(self, world: World, max_steps: int) -> None:
        self.world, self.graph, self.table = world, world.graph, world.table
        self.steps_left = max_steps
        self.value_types: dict[str, Mapping[str, Type]] = {}
        self.active: Counter[str] = Counter()

    # --- functions, regions, nodes -----------------------------------------------------------------------------------

    def call(self, name: str, args: Sequence[Any], path: str) -> list[Any]:
        """The function's results; `path` is what comes before the names of its gens."""
        function = self.graph.function(name)
        if function.depth is not None and self.active[name] >= function.depth:
            raise Failed("recursion", recursion_message(name, function.depth))
        frame = _Frame({}, self._types_in(function), path)
        frame.bind(function.params, args)
        self.active[name] += 1
        try:
            return self.region(function.body, args if function.body.params else (), frame).values
        finally:
            self.active[name] -= 1

    def _types_in(self, function: Function) -> Mapping[str, Type]:
        if function.name not in self.value_types:
            values = (*function.params, *defined(function.body))
            self.value_types[function.name] = {value.name: value.type for value in values}
        return self.value_types[function.name]

    def region(self, region: Region, args: Sequence[Any], frame: _Frame) -> _End:
        frame.bind(region.params, args)
        for node in region.nodes:
            end = self.step(node, frame)
            if end is not None:
                return end
        raise InterpretError("a region has no end")

    def step(self, node: Node, frame: _Frame) -> _End | None:
        """Run a node. It binds its results, or it ends the region: it is a terminator, or one inside it leaves."""
        self.steps_left -= 1
        if self.steps_left < 0:
            raise InterpretError("the run takes too many steps")
        args = [frame.values[name] for name in node.operands]
        if node.op.effect not in ("control", "end") and any(arg is _UNDEFINED for arg in args):
            raise InterpretError(f"`{node.op.mnemonic}` reads a variable that has no value yet")
        try:
            results = self._run(node, args, frame)
        except Failed as error:
            raise error.at(node.location) from None
        except EvalError as error:
            raise Failed("value", error.message, node.location) from None
        if isinstance(results, _End):
            return results
        frame.bind(node.results, results)
        return None

    def _run(self, node: Node, args: list[Any], frame: _Frame) -> Sequence[Any] | _End:
        match node.op.effect:
            case "pure":
                return [self._value(node, args, frame)]
            case "context":
                return [self._context(node, args, frame)]
            case "model":
                return self._model(node, args, frame)
            case "tool" | "call":
                return self._call(node, args, frame)
            case "control":
                return self._control(node, args, frame)
        if isinstance(node.op, ops.Fail):
            raise Failed("fail", args[0])
        return _End(node, args)

    # --- values and contexts -----------------------------------------------------------------------------------------

    def _value(self, node: Node, args: list[Any], frame: _Frame) -> Any:
        match node.op:
            case ops.Const(json=text):
                return conform(msgspec.json.decode(text), node.results[0].type, self.table)
            case ops.Undef():
                return _UNDEFINED
            case ops.Apply(function=name):
                return apply(name, args)
            case ops.Attr(name=name):
                return attribute(args[0], name)
            case ops.Conform(what=what):
                try:
                    return conform(args[0], node.results[0].type, self.table)
                except ConformError as error:
                    raise EvalError(f"{what}: {error}" if what else str(error)) from None
            case ops.MakeRecord(fields=names):
                return dict(zip(names, args, strict=True))
            case ops.Format(parts=parts):
                return format_parts(parts, args, frame.types_of(node.operands))
        raise InterpretError(f"unknown operation `{node.op.mnemonic}`")

    def _context(self, node: Node, args: list[Any], frame: _Frame) -> Context:
        match node.op:
            case ops.NewContext():
                return Context()
            case ops.Append(parts=parts, role=role):
                context: Context = args[0]
                return context.append(format_parts(parts, args[1:], frame.types_of(node.operands[1:])), role)
            case ops.Encode():
                context = args[0]
                for document in args[1]:
                    context = context.append(self.region(node.regions[0], [document], frame).values[0])
                return context
        raise InterpretError(f"unknown operation `{node.op.mnemonic}`")

    # --- the model ---------------------------------------------------------------------------------------------------

    def _model(self, node: Node, args: list[Any], frame: _Frame) -> list[Any]:
        match node.op:
            case ops.Gen() as op:
                return self.world.gen(op, args[0], args[1:], frame.path + op.name)
            case ops.Select() as op:
                return self.world.select(op, args[0], args[1], frame.path + op.name)
            case ops.CountTokens(model=model):
                return [self.world.count_tokens(args[0], model)]
        raise InterpretError(f"unknown operation `{node.op.mnemonic}`")

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(self, node: Node, args: list[Any], frame: _Frame) -> list[Any]:
        match node.op:
            case ops.ToolCall(tool=name):
                params = self.graph.tool(name).params
                return [self.world.tool(name, {p.name: arg for p, arg in zip(params, args, strict=True)})]
            case ops.Dispatch(tools=names):
                choice = args[0]
                is_tool = choice["name"] in names
                return [{**choice, "result": self.world.tool(choice["name"], choice["args"])} if is_tool else choice]
            case ops.Call(function=name):
                return self.call(name, args, f"{frame.path}{name}.")
            case ops.Use(template=name):
                return self.call(name, args, frame.path)
            case ops.SessionOpen(session=name):
                return [self.open_session(name, args, f"{frame.path}{name}.")]
            case ops.SessionTurn(session=name):
                return [self.take_turn(args[0], args[1:], f"{frame.path}{name}.")]
        raise InterpretError(f"unknown operation `{node.op.mnemonic}`")

    def open_session(self, name: str, args: list[Any], path: str) -> _Session:
        context, *states = self.call(f"{name}.open", args, path)
        return _Session(name, args, context, states)

    def take_turn(self, session: _Session, args: list[Any], path: str) -> Any:
        given = [session.context, *session.states, *session.args, *args]
        context, *rest = self.call(f"{session.name}.turn", given, path)
        count = len(session.states)
        session.context, session.states = context, rest[:count]
        return _one(rest[count:])

    # --- control -----------------------------------------------------------------------------------------------------

    def _control(self, node: Node, args: list[Any], frame: _Frame) -> Sequence[Any] | _End:
        match node.op:
            case ops.If():
                return self._arm(node.regions[0 if truth(args[0]) else 1], frame)
            case ops.Match(cases=cases):
                return self._match(node, cases, args[0], frame)
            case ops.Loop() as op:
                return self._loop(op, node, args, frame)
            case ops.For() as op:
                return self._for(op, node, args[0], args[1:], frame)
            case ops.Map(name=name):
                return [[self._branch(node, item, frame.inside(name, i)) for i, item in enumerate(args[0])]]
            case ops.Filter():
                items = enumerate(args[0])
                return [[item for i, item in items if truth(self._branch(node, item, frame.inside("filter", i)))]]
            case ops.Try():
                return self._try(node, frame)
            case ops.Attempt() as op:
                return self._attempt(op, node, args[0], frame)
            case ops.Ensure():
                if not truth(args[0]):
                    raise Failed("ensure", args[1])
                return []
            case ops.Expect(text=text, shown=shown):
                values = tuple(zip(shown, args[1:], strict=True))
                self.world.expects.append(Expectation(truth(args[0]), text, values, node.location))
                return []
        raise InterpretError(f"unknown operation `{node.op.mnemonic}`")

    def _arm(self, region: Region, frame: _Frame, *args: Any) -> Sequence[Any] | _End:
        """What a region yields; where it ends otherwise, it leaves the node that holds it."""
        end = self.region(region, args, frame)
        return end.values if end.at(ops.Yield) else end

    def _match(
        self, node: Node, cases: Sequence[Sequence[ops.Pattern]], value: Any, frame: _Frame
    ) -> Sequence[Any] | _End:
        for patterns, region in zip(cases, node.regions, strict=True):
            if any(matches(pattern, value, self.table) for pattern in patterns):
                return self._arm(region, frame)
        raise InterpretError(f"no case takes {value!r}")

    def _loop(self, op: ops.Loop, node: Node, carried: list[Any], frame: _Frame) -> Sequence[Any] | _End:
        *condition, body = node.regions
        for i in range(op.max):
            inside = frame.inside(op.name, i)
            if condition and not truth(self.region(condition[0], carried, inside).values[0]):
                return carried
            end = self.region(body, carried, inside)
            if end.at(ops.Return):
                return end
            carried = end.values
            if end.at(ops.Break):
                return carried
        return carried

    def _for(
        self, op: ops.For, node: Node, items: Sequence[Any], carried: list[Any], frame: _Frame
    ) -> Sequence[Any] | _End:
        count, collected = len(carried), []
        for i, item in enumerate(items):
            end = self.region(node.regions[0], [item, *carried], frame.inside(op.name, i))
            if end.at(ops.Return):
                return end
            carried = end.values[:count]
            collected += end.values[count:]
            if end.at(ops.Break):
                break
        return [*carried, collected] if op.collect else carried

    def _branch(self, node: Node, item: Any, frame: _Frame) -> Any:
        branch, *handler = node.regions
        try:
            return self.region(branch, [item], frame).values[0]
        except Failed as error:
            if not handler:
                raise
            caught = error
        return self.region(handler[0], [item, caught.record], frame).values[0]

    def _try(self, node: Node, frame: _Frame) -> Sequence[Any] | _End:
        body, handler = node.regions
        try:
            return self._arm(body, frame)
        except Failed as error:
            caught = error
        return self._arm(handler, frame, caught.record)

    def _attempt(self, op: ops.Attempt, node: Node, checkpoint: Context, frame: _Frame) -> Sequence[Any] | _End:
        context, why = checkpoint, ""
        for _ in range(op.retries + 1):
            end = self.region(node.regions[0], [context], frame)
            if not end.at(ops.Check):
                return end
            held, why, reached, *results = end.values
            if truth(held):
                return [checkpoint.extended(reached.since(context)), *results]
            context = reached.told(why, checkpoint) if op.tells else checkpoint
        raise Failed("ensure", why, end.node.location)
