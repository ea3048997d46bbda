"""Graph -> Plan: names become slots, nodes become steps that know what they wait for, types become constraints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import msgspec

from sglc.backend import plan
from sglc.backend import plan_steps as steps
from sglc.backend.plan_follow import Followers
from sglc.backend.plan_order import Order, OrderFacts, last_uses
from sglc.diagnostics import InternalError
from sglc.ir import graph as ir
from sglc.ir import ops
from sglc.ir.relations import may_be_json
from sglc.ir.types import JSON, RegexType, Type
from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.lower_type import constraint_for
from sglc.source import Location

_Entry = TypeVar("_Entry", bound=Hashable)


def plan_graph(graph: ir.Graph, *, sources: Iterable[tuple[str, str]] = ()) -> plan.Plan:
    """The plan of a verified graph. `sources`: files and the SHA-256 of their text.

    Raises ConstraintError (passes/constraints/budget.py) for a type that has no small automaton.
    """
    shared = _Shared(graph)
    functions = tuple(_FunctionPlanner(function, shared).planned() for function in graph.functions)
    return plan.Plan(
        functions=functions,
        constants=shared.constants.entries,
        value_types=shared.types.entries,
        types=graph.types,
        dfas=shared.dfas.entries,
        locations=shared.locations.entries,
        tools=graph.tools,
        models=tuple(plan.Model(m.name, m.path, m.date) for m in graph.models),
        sessions=tuple(plan.Session(s.name, s.fields, s.states, s.turn_fields, s.result) for s in graph.sessions),
        serves=tuple(plan.Serve(s.function, s.path, s.method, s.name) for s in graph.serves),
        tests=tuple(plan.Test(t.name, t.function, t.replay) for t in graph.tests),
        entry=graph.entry,
        sources=tuple(sources),
    )


class _Table(Generic[_Entry]):
    """Numbers for different entries, in the order of their first use."""

    def __init__(self) -> None:
        self._numbers: dict[_Entry, int] = {}

    def number(self, entry: _Entry) -> int:
        return self._numbers.setdefault(entry, len(self._numbers))

    @property
    def entries(self) -> tuple[_Entry, ...]:
        return tuple(self._numbers)


class _Shared:
    """What the functions of a plan share."""

    def __init__(self, graph: ir.Graph) -> None:
        self.graph, self.order = graph, OrderFacts(graph)
        self.constants: _Table[plan.Constant] = _Table()
        self.types: _Table[Type] = _Table()
        self.dfas: _Table[Dfa] = _Table()
        self.locations: _Table[Location] = _Table()
        self._constraints: dict[Type, int] = {}
        self._type_table = graph.type_table

    def at(self, location: Location | None) -> int:
        return self.locations.number(location) if location is not None else -1

    def constant(self, json: str, type_: Type) -> steps.Ref:
        return ~self.constants.number(plan.Constant(json, self.types.number(type_)))

    def constraint(self, type_: Type) -> int:
        if type_ not in self._constraints:
            dfa = constraint_for(type_, self._type_table)
            self._constraints[type_] = self.dfas.number(dfa) if dfa is not None else -1
        return self._constraints[type_]


class _Names:
    """Names for event paths, told apart: the second `tip` on one way through a function is `tip#2`."""

    def __init__(self, counts: Mapping[str, int] | None = None) -> None:
        self._counts = Counter(counts or {})

    def new(self, name: str) -> str:
        self._counts[name] += 1
        return f"{name}#{self._counts[name]}" if self._counts[name] > 1 else name

    def arms(self, count: int) -> list[_Names]:
        """For parts of which one runs: they may use the same names."""
        return [_Names(self._counts) for _ in range(count)]

    def join(self, arms: Sequence[_Names]) -> None:
        for arm in arms:
            self._counts |= arm._counts


class _FunctionPlanner:
    def __init__(self, function: ir.Function, shared: _Shared) -> None:
        self._function, self._shared = function, shared
        self._refs: dict[str, steps.Ref] = {}
        self._slots = 0
        self._types = {v.name: v.type for v in (*function.params, *ir.defined(function.body))}
        self._uses = Counter(name for node in ir.walk(function.body) for name in node.operands)
        self._followers = Followers(function)
        # A choice is dispatched under the name of the hole that made it.
        self._chosen_by: dict[str, str] = {}

    def planned(self) -> plan.Function:
        function = self._function
        params = tuple(self._define(value) for value in function.params)
        body = self._block(function.body, _Names(), params)
        return plan.Function(
            name=function.name,
            kind=function.kind,
            fields=function.fields,
            results=function.results,
            body=body,
            slots=self._slots,
            depth=function.depth,
            description=function.description,
            at=self._shared.at(function.location),
        )

    def _define(self, value: ir.Value) -> int:
        slot = self._refs.get(value.name)
        if slot is None:
            slot = self._refs[value.name] = self._slots
            self._slots += 1
        return slot

    def _ref(self, name: str) -> steps.Ref:
        return self._refs[name]

    # --- blocks ------------------------------------------------------------------------------------------------------

    def _block(self, region: ir.Region, names: _Names, params: Sequence[int] = ()) -> steps.Block:
        own = tuple(params) or tuple(self._define(value) for value in region.params)
        nodes = self._without_constants(region)
        orders = self._shared.order.orders(nodes)
        dies = last_uses(msgspec.structs.replace(region, nodes=nodes))
        planned = [self._step(nodes[i], names, orders[i], dies[i]) for i in range(len(nodes) - 1)]
        end = self._end(region.end)
        if end.kind == "fail":
            planned.append(steps.Fail(refs=end.refs, at=end.at))
            end = steps.End("fail", at=end.at)
        free = dict.fromkeys(map(self._ref, ir.free_values(region)))
        captures = tuple(ref for ref in free if ref >= 0 and ref not in own)
        return steps.Block(own, captures, tuple(planned), end)

    def _without_constants(self, region: ir.Region) -> tuple[ir.Node, ...]:
        nodes = []
        for node in region.nodes:
            if isinstance(node.op, ops.Const):
                value = node.results[0]
                self._refs[value.name] = self._shared.constant(node.op.json, value.type)
            elif isinstance(node.op, ops.Undef):
                # Nothing reads it, so any value serves.
                self._refs[node.results[0].name] = self._shared.constant("null", JSON)
            else:
                nodes.append(node)
        return tuple(nodes)

    def _end(self, node: ir.Node) -> steps.End:
        kind = cast(Any, node.op.mnemonic)
        return steps.End(kind, tuple(map(self._ref, node.operands)), self._shared.at(node.location))

    def _step(self, node: ir.Node, names: _Names, order: Order, dies: Sequence[str]) -> steps.AnyStep:
        # Inner blocks first: they may only use what is defined by now.
        special = self._special(node, names)
        return msgspec.structs.replace(
            special,
            refs=tuple(map(self._ref, node.operands)),
            out=tuple(map(self._define, node.results)),
            at=self._shared.at(node.location),
            leaves=order.leaves,
            effect=order.effect,
            after=order.after,
            dies=tuple(map(self._ref, dies)),
        )

    def _special(self, node: ir.Node, names: _Names) -> steps.AnyStep:
        """The step with what only its kind has; a match with one line for each op."""
        if node.regions:
            return self._control(node, names)
        match node.op:
            case ops.Apply(function=function):
                return steps.Apply(function=function)
            case ops.Attr(name=name):
                return steps.Attr(name=name)
            case ops.MakeRecord(fields=fields):
                return steps.MakeRecord(fields=fields)
            case ops.Conform(what=what):
                return steps.Conform(type=self._shared.types.number(node.results[0].type), what=what)
            case ops.Format(parts=parts):
                return steps.Format(parts=parts, json=self._json(node.operands))
            case ops.CountTokens(model=model):
                return steps.CountTokens(model=model)
            case ops.NewContext():
                return steps.NewContext()
            case ops.Append(parts=parts, role=role):
                return steps.Append(parts=parts, role=role, json=self._json(node.operands[1:]))
            case ops.Gen() as gen:
                return self._gen(gen, node, names)
            case ops.Select(name=name, by=by, scores=scores, model=model):
                site, mode = ops.site_of(node.op), cast(Any, by)
                hints = self._hints(node)
                return steps.Select(name=names.new(name), site=site, by=mode, scores=scores, model=model, hints=hints)
            case ops.ToolCall(tool=tool):
                return steps.Tool(tool=tool, name=names.new(tool))
            case ops.Dispatch(tools=tools):
                name = self._chosen_by.get(node.operands[0]) or names.new("call")
                return steps.Dispatch(tools=tools, name=name)
            case ops.Call(function=function):
                return steps.Call(function=function, name=names.new(function), site=ops.site_of(node.op))
            case ops.Use(template=template):
                return steps.Call(function=template, site=ops.site_of(node.op))
            case ops.SessionOpen(session=session):
                return steps.Open(session=session, name=names.new(session))
            case ops.SessionTurn(session=session):
                return steps.Turn(session=session)
            case ops.Ensure():
                return steps.Ensure()
            case ops.Expect(text=text, shown=shown):
                return steps.Expect(text=text, shown=shown)
        raise InternalError(f"the planner does not know the operation `{node.op.mnemonic}`")

    def _json(self, operands: Sequence[str]) -> tuple[int, ...]:
        return tuple(index for index, name in enumerate(operands) if may_be_json(self._types[name]))

    # --- generations -------------------------------------------------------------------------------------------------

    def _gen(self, op: ops.Gen, node: ir.Node, names: _Names) -> steps.Gen:
        given = {name: getattr(op.options, name) for name in steps.Options.__struct_fields__}
        stop_re = op.options.stop_re
        name = self._chosen_by[node.results[1].name] = names.new(op.name)
        return steps.Gen(
            name=name,
            site=ops.site_of(op),
            type=self._shared.types.number(op.type),
            constraint=self._shared.constraint(op.type),
            stop_constraint=self._shared.constraint(RegexType(stop_re)) if stop_re else -1,
            options=steps.Options(**{name: value for name, value in given.items() if value is not None}),
            dynamic=op.dynamic,
            reasoning=op.reasoning,
            logprobs=op.logprobs,
            follow=op.follow or self._followers.after(node.results[0].name),
            model=op.options.model,
            hints=self._hints(node),
        )

    def _hints(self, node: ir.Node) -> steps.Hints:
        return steps.Hints(uses=self._uses[node.results[0].name])

    # --- control -----------------------------------------------------------------------------------------------------

    def _control(self, node: ir.Node, names: _Names) -> steps.AnyStep:
        match node.op:
            case ops.If():
                then, other = self._arms(node.regions, names)
                return steps.If(then=then, other=other)
            case ops.Match(cases=cases):
                patterns = tuple(tuple(map(self._pattern, case)) for case in cases)
                return steps.Match(cases=patterns, arms=self._arms(node.regions, names))
            case ops.Try():
                body, handler = self._arms(node.regions, names)
                return steps.Try(body=body, handler=handler)
            case ops.Attempt(retries=retries, tells=tells):
                return steps.Attempt(retries=retries, tells=tells, body=self._block(node.regions[0], names))
            case ops.Encode(stride=stride):
                return steps.Encode(stride=stride, document=self._block(node.regions[0], names))
        name = names.new(node.op.name if isinstance(node.op, ops.Loop | ops.For | ops.Map) else "filter")
        site = ops.site_of(node.op)
        # Inside, paths begin with the name of the iteration, so names begin anew.
        blocks = [self._block(region, inside) for region, inside in zip(node.regions, _Names().arms(2), strict=False)]
        shows = any(_shows(step) for block in blocks for step in steps.walk(block))
        match node.op:
            case ops.Loop(max=most):
                condition = None if len(blocks) == 1 else blocks[0]
                return steps.Loop(max=most, name=name, site=site, shows=shows, condition=condition, body=blocks[-1])
            case ops.For(collect=collect):
                return steps.For(name=name, site=site, shows=shows, collect=collect, body=blocks[0])
            case ops.Map(ordered=ordered):
                guard = None if len(blocks) == 1 else blocks[1]
                return steps.Map(name=name, site=site, shows=shows, ordered=ordered, branch=blocks[0], handler=guard)
            case ops.Filter():
                return steps.Filter(name=name, site=site, keep=blocks[0])
        raise InternalError(f"the planner does not know the operation `{node.op.mnemonic}`")

    def _arms(self, regions: Sequence[ir.Region], names: _Names) -> tuple[steps.Block, ...]:
        """Of the regions one runs, so they may use the same names."""
        arms = names.arms(len(regions))
        blocks = tuple(self._block(region, arm) for region, arm in zip(regions, arms, strict=True))
        names.join(arms)
        return blocks

    def _pattern(self, pattern: ops.Pattern) -> steps.Pattern:
        constant = self._shared.constant(pattern.json, JSON) if pattern.kind == "literal" else -1
        return steps.Pattern(pattern.kind, constant, pattern.type, pattern.name)


def _shows(step: steps.AnyStep) -> bool:
    kinds = steps.Gen | steps.Select | steps.Tool | steps.Dispatch | steps.Call | steps.Open | steps.Turn
    return isinstance(step, kinds)
