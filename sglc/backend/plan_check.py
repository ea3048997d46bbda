"""Checks a plan that came from outside, so that a made-up file is refused when it is loaded: what is named exists, and
each step has as many values as its kind needs. What kind of value that is shows when it runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from sglc.backend import plan
from sglc.backend import plan_steps as steps
from sglc.ir.decode import ConformError, conform
from sglc.ir.tools import ToolSpec, ToolSpecError, check_spec
from sglc.passes.constraints.dfa import Dfa

MAX_DEPTH = 200
"""Blocks inside each other."""


class PlanProblem(Exception):
    """The plan does not hold together; the message names the place."""


def check_plan(checked: plan.Plan) -> None:
    """Raises PlanProblem."""
    for number, dfa in enumerate(checked.dfas):
        _check_dfa(dfa, f"constraint {number}")
    for number, constant in enumerate(checked.constants):
        _index(constant.type, checked.value_types, "a constant's type")
        _check_constant(constant, checked, f"constant {number}")
    for tool in checked.tools:
        _check_tool(tool)
    names = {function.name for function in checked.functions}
    for function in checked.functions:
        _FunctionCheck(checked, function, names).check()
    for session in checked.sessions:
        _known((f"{session.name}.open", f"{session.name}.turn"), names, f"session `{session.name}`")
    _known((test.function for test in checked.tests), names, "a test")


def _known(used: Iterable[str], names: set[str], by: str) -> None:
    for name in used:
        if name not in names:
            raise PlanProblem(f"{by} uses `{name}`, which does not exist")


def _index(number: int, entries: Sequence[object], what: str) -> None:
    if not 0 <= number < len(entries):
        raise PlanProblem(f"{what} is number {number} of {len(entries)}")


def _check_constant(constant: plan.Constant, checked: plan.Plan, where: str) -> None:
    try:
        conform(msgspec.json.decode(constant.json), checked.value_types[constant.type], checked.type_table)
    except (msgspec.DecodeError, ConformError, KeyError) as error:
        raise PlanProblem(f"{where} is no value of its type: {error}") from None


def _check_tool(tool: ToolSpec) -> None:
    try:
        check_spec(tool)
    except ToolSpecError as error:
        raise PlanProblem(str(error)) from None


class _FunctionCheck:
    def __init__(self, checked: plan.Plan, function: plan.Function, names: set[str]) -> None:
        self._plan, self._function, self._names = checked, function, names
        self._tools = {tool.name: tool for tool in checked.tools}

    def check(self) -> None:
        function = self._function
        self._at(function.at)
        if function.body.captures:
            self._problem("its body captures something")
        self._block(function.body, set(), 0)

    def _problem(self, message: str) -> None:
        raise PlanProblem(f"function `{self._function.name}`: {message}")

    def _at(self, at: int) -> None:
        if not -1 <= at < len(self._plan.locations):
            self._problem(f"location {at} of {len(self._plan.locations)}")

    def _refs(self, refs: Iterable[int], known: set[int]) -> None:
        for ref in refs:
            if ref >= 0 and ref not in known:
                self._problem(f"slot {ref} is used before it is filled")
            if ref < 0 and ~ref >= len(self._plan.constants):
                self._problem(f"constant {~ref} of {len(self._plan.constants)}")

    def _block(self, block: steps.Block, around: set[int], depth: int) -> None:
        if depth > MAX_DEPTH:
            self._problem(f"over {MAX_DEPTH} blocks inside each other")
        self._refs(block.captures, around)
        known = {*block.params, *block.captures}
        for position, step in enumerate(block.steps):
            self._step(step, position, known, depth)
            known -= set(step.dies)
        self._refs(block.end.refs, known)
        self._at(block.end.at)

    def _step(self, step: steps.AnyStep, position: int, known: set[int], depth: int) -> None:
        self._at(step.at)
        self._refs(step.refs, known)
        takes, gives = _counts(step)
        if (takes is not None and len(step.refs) != takes) or (gives is not None and len(step.out) != gives):
            self._problem(f"step {position} takes {len(step.refs)} values and gives {len(step.out)}")
        if step.awaits is not None and step.awaits > len(step.refs):
            self._problem(f"step {position} lacks what it waits for")
        if any(not 0 <= before < position for before in step.after):
            self._problem(f"step {position} waits for a later one")
        if [len(inner.params) for inner in step.blocks] != _block_params(step):
            self._problem(f"step {position} binds other values than its blocks take")
        for inner in step.blocks:
            self._block(inner, known, depth + 1)
        if any(not 0 <= slot < self._function.slots for slot in step.out):
            self._problem(f"step {position} fills a slot that does not exist")
        known |= set(step.out)
        self._refs(step.dies, known)
        if len(set(step.dies)) < len(step.dies) or any(slot < 0 for slot in step.dies):
            self._problem(f"step {position} drops a value twice, or a constant")
        self._tables(step, position)

    def _tables(self, step: steps.AnyStep, position: int) -> None:
        where = f"function `{self._function.name}`, step {position}"
        match step:
            case steps.Gen():
                _index(step.type, self._plan.value_types, f"{where}: its type")
                for number in (step.constraint, step.stop_constraint):
                    if number != -1:
                        _index(number, self._plan.dfas, f"{where}: its constraint")
            case steps.Call(function=name):
                _known((name,), self._names, where)
                if len(step.refs) != len(self._plan.function(name).body.params):
                    self._problem(f"step {position} calls `{name}` with {len(step.refs)} values")
            case steps.Append(parts=parts) | steps.Format(parts=parts):
                count = len(step.refs) - isinstance(step, steps.Append)
                if any(isinstance(part, int) and not 0 <= part < count for part in parts):
                    self._problem(f"step {position} inserts a value that it does not have")
            case steps.Tool(tool=name):
                _known((name,), set(self._tools), where)
            case steps.Dispatch(tools=tools):
                _known(tools, set(self._tools), where)
            case steps.Open(session=name) | steps.Turn(session=name):
                _known((name,), {session.name for session in self._plan.sessions}, where)
            case steps.Match(cases=cases, arms=arms):
                if len(cases) != len(arms):
                    self._problem(f"step {position} has {len(cases)} cases and {len(arms)} blocks")
                refs = [p.constant for case in cases for p in case if p.kind == "literal"]
                if any(ref >= 0 for ref in refs):
                    self._problem(f"step {position} compares with a slot")
                self._refs(refs, set())


def _counts(step: steps.AnyStep) -> tuple[int | None, int | None]:
    """How many references a step takes and how many slots it fills; None where its kind alone does not say."""
    match step:
        case steps.Append():
            return (None if step.refs else 1), 1
        case steps.Apply() | steps.Format() | steps.Tool() | steps.Open():
            return None, 1
        case steps.MakeRecord(fields=fields):
            return len(fields), 1
        case steps.Attr() | steps.Conform() | steps.CountTokens() | steps.Dispatch() | steps.Map() | steps.Filter():
            return 1, 1
        case steps.NewContext():
            return 0, 1
        case steps.Encode():
            return 2, 1
        case steps.Gen(dynamic=dynamic):
            return 1 + len(dynamic), 2 + step.reasoning + step.logprobs
        case steps.Select(scores=scores):
            return 2, 2 + scores
        case steps.Turn():
            return (None if step.refs else 1), None
        case steps.Ensure():
            return 2, 0
        case steps.Fail():
            return 1, 0
        case steps.Expect(shown=shown):
            return 1 + len(shown), 0
        case steps.If() | steps.Match():
            return 1, None
        case steps.Try():
            return 0, None
        case steps.Attempt():
            return 1, None
        case steps.Loop():
            return len(step.out), None
        case steps.For(collect=collect):
            return 1 + len(step.out) - collect, None
    return None, None


def _block_params(step: steps.AnyStep) -> list[int]:
    """How many values each block of a step takes."""
    match step:
        case steps.Loop() | steps.For():
            return [len(step.refs)] * len(step.blocks)
        case steps.If() | steps.Match():
            return [0] * len(step.blocks)
        case steps.Try():
            return [0, 1]
        case steps.Map():
            return [1, 2][: len(step.blocks)]
    return [1] * len(step.blocks)


def _check_dfa(dfa: Dfa, where: str) -> None:
    cells = dfa.size * dfa.class_count
    width = 4 if dfa.size >= 0xFFFF else 2
    fits = (
        dfa.size >= 1
        and 1 <= dfa.class_count <= 256
        and len(dfa.classes) == 256
        and max(dfa.classes) < dfa.class_count
        and len(dfa.table) == cells * width
        and len(dfa.finals) == (dfa.size + 7) // 8
    )
    if not fits or int(dfa.next_state.max()) >= dfa.size:
        raise PlanProblem(f"{where} is no automaton")
