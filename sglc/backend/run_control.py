"""Control steps under way: branches, calls, loops, forks, fallbacks. (Attempts: run_attempt.py.)"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sglc.backend import plan_steps as steps
from sglc.backend.errors import RunError
from sglc.backend.events import Branch
from sglc.backend.run import Expectation, Place, known_function
from sglc.backend.run_block import BlockRun, StepRun, bind, report_end
from sglc.backend.run_scope import Cell, Outcome, Scope, when_all_known
from sglc.backend.run_values import compute, takes
from sglc.ir.decode import to_json
from sglc.ir.values import recursion_message, truth


class ValueRun(StepRun):
    """A step of run_values.py whose inputs were not known when its block came to it."""

    __slots__ = ()

    def start(self) -> None:
        try:
            values = compute(self.run, self.place, self.step, self.values())
        except RunError as failure:
            self.fail(failure)
            return
        self.settle_values(values)


class ExpectRun(StepRun):
    """Notes whether a test's condition holds."""

    __slots__ = ()
    step: steps.Expect

    def start(self) -> None:
        passed, *values = self.values()
        shown = tuple(zip(self.step.shown, values, strict=True))
        found = Expectation(self.step.text, truth(passed), shown, self.run.location(self.step.at))
        self.run.expectations.append((self.order_key(), found))
        self.settle_values(())


class IfRun(StepRun):
    __slots__ = ()
    step: steps.If

    def start(self) -> None:
        self.enter(self.step.then if truth(self.inputs[0].value) else self.step.other, ())

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        self.pass_on(outcome)


class MatchRun(StepRun):
    __slots__ = ()
    step: steps.Match

    def start(self) -> None:
        value = self.inputs[0].value
        for patterns, arm in zip(self.step.cases, self.step.arms, strict=True):
            if any(takes(self.run, pattern, value) for pattern in patterns):
                self.enter(arm, ())
                return
        self.fail(self.error("value", f"no case takes {shorten(value)}"))

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        self.pass_on(outcome)


class CallRun(StepRun):
    """Begins at once, before its arguments are known; the callee waits where it needs them."""

    __slots__ = ()
    step: steps.Call

    def start(self) -> None:
        function = known_function(self.run.tables, self.step.function)
        if function.depth is not None and self.place.depths.get(function.name, 0) >= function.depth:
            self.fail(self.error("recursion", recursion_message(function.name, function.depth)))
            return
        self.enter(function.body, self.inputs, self.place.inside(self.step.name, self.step.site).entering(function))

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        self.settle(outcome.cells)


def iteration(place: Place, step: steps.Loop | steps.For | steps.Map | steps.Filter, number: int) -> Place:
    """Where iteration or branch `number` of a step is."""
    return place.inside(f"{step.name}[{number}]", f"{step.site or step.name}[{number}]")


# --- loops -----------------------------------------------------------------------------------------------------------


class _Iterations(StepRun):
    """Parts that follow each other through the cells they carry: one begins when the one before has come to its end,
    with all else that it does still under way."""

    __slots__ = ()

    def keeps_order(self, effect: bool) -> bool:
        return effect or bool(self.step.effect)

    def iterate(self, block: steps.Block, args: Sequence[Cell], number: int, index: int) -> None:
        place = iteration(self.place, self.step, number)
        if self.step.shows:
            place.stream.send(Branch(path=place.path, state="begin"))
        self.enter(block, args, place, index)

    def child_over(self, child: Scope) -> None:
        if self.step.shows and isinstance(child, BlockRun) and child.block is self.step.body and not self.over:
            child.place.stream.send(Branch(path=child.place.path, state="end"))
        super().child_over(child)


class LoopRun(_Iterations):
    """Part 2n is the condition of iteration n, part 2n+1 its body."""

    __slots__ = ("_carried",)
    step: steps.Loop

    def start(self) -> None:
        self._begin(0, self.inputs)

    def _begin(self, number: int, carried: Sequence[Cell]) -> None:
        if self.over or self.failing:
            return
        self._carried = carried
        if number == self.step.max:
            self.settle(carried)
        elif self.step.condition is None:
            self.iterate(self.step.body, carried, number, 2 * number + 1)
        else:
            self.enter(self.step.condition, carried, iteration(self.place, self.step, number), 2 * number)

    def _decide(self, number: int, condition: Any) -> None:
        if self.over or self.failing:
            return
        if truth(condition):
            self.iterate(self.step.body, self._carried, number, 2 * number + 1)
        else:
            self.settle(self._carried)

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        number, is_body = divmod(child.index, 2)
        if not is_body:
            outcome.cells[0].when_known(lambda condition: self._decide(number, condition))
        elif outcome.kind == "continue":
            self.queue.post(self._begin, number + 1, outcome.cells)
        elif outcome.kind == "break":
            self.settle(outcome.cells)
        else:
            self.leave(outcome)


class ForRun(_Iterations):
    __slots__ = ("_collected",)
    step: steps.For

    def start(self) -> None:
        self._collected: list[Cell] = []
        self._begin(0, self.inputs[1:])

    def _begin(self, number: int, carried: Sequence[Cell]) -> None:
        if self.over or self.failing:
            return
        items = self.inputs[0].value
        if number == len(items):
            self._end(carried)
        else:
            self.iterate(self.step.body, (Cell(value=items[number]), *carried), number, number)

    def _end(self, carried: Sequence[Cell]) -> None:
        if not self.step.collect:
            self.settle(carried)
            return
        collected = self.run.cell()
        when_all_known(self._collected, collected.set)
        self.settle((*carried, collected))

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        if outcome.kind == "continue":
            carried = outcome.cells
            if self.step.collect:
                carried, collected = carried[:-1], carried[-1]
                self._collected.append(collected)
            self.queue.post(self._begin, child.index + 1, carried)
        elif outcome.kind == "break":
            self._end(outcome.cells)
        else:
            self.leave(outcome)


# --- forks -----------------------------------------------------------------------------------------------------------


class _Branches(StepRun):
    """A block for each item of a list, all at once; the results come together in the order of the list."""

    __slots__ = ("_ended", "_items")

    def items(self) -> Sequence[Any]:
        items: Sequence[Any] = self.inputs[0].value
        return items

    def branch(self, index: int, item: Cell) -> None:
        self.enter(self.step.blocks[0], (item,), index=index)

    def combine(self, items: Sequence[Any], values: list[Any]) -> Any:
        """The step's result from the items and what their blocks yielded."""
        return values

    def start(self) -> None:
        self._items = self.items()
        self._ended: dict[int, Cell] = {}
        for index, item in enumerate(self._items):
            self.branch(index, Cell(value=item))
        self._join()

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        self._ended[child.index] = outcome.cells[0]
        self._join()

    def _join(self) -> None:
        if len(self._ended) == len(self._items):
            when_all_known([self._ended[index] for index in range(len(self._items))], self._combine)

    def _combine(self, values: list[Any]) -> None:
        if not (self.over or self.failing):
            self.settle_values((self.combine(self._items, values),))


class MapRun(_Branches):
    __slots__ = ()
    step: steps.Map

    def keeps_order(self, effect: bool) -> bool:
        return self.step.ordered and (effect or self.step.effect)

    def branch(self, index: int, item: Cell) -> None:
        place = iteration(self.place, self.step, index)
        if self.step.shows:
            place.stream.send(Branch(path=place.path, state="begin"))
        if self.step.handler is None:
            self.enter(self.step.branch, (item,), place, index)
        else:
            self.begin(Guard(self, index, self.step.branch, (item,), self.step.handler, place))

    def child_over(self, child: Scope) -> None:
        if self.step.shows and isinstance(child, BlockRun | Guard) and not self.over:
            child.place.stream.send(Branch(path=child.place.path, state="end"))
        super().child_over(child)


class FilterRun(_Branches):
    __slots__ = ()
    step: steps.Filter

    def branch(self, index: int, item: Cell) -> None:
        self.enter(self.step.keep, (item,), iteration(self.place, self.step, index), index)

    def keeps_order(self, effect: bool) -> bool:
        return effect or bool(self.step.effect)

    def combine(self, items: Sequence[Any], values: list[Any]) -> Any:
        return [item for item, keep in zip(items, values, strict=True) if truth(keep)]


class EncodeRun(_Branches):
    __slots__ = ()
    step: steps.Encode

    def items(self) -> Sequence[Any]:
        items: Sequence[Any] = self.inputs[1].value
        return items

    def combine(self, items: Sequence[Any], values: list[Any]) -> Any:
        return self.inputs[0].value.append_documents(values, self.step.stride)


# --- fallbacks -------------------------------------------------------------------------------------------------------


class Guard(Scope):
    """A body, and a handler that runs instead when the body fails, with the same arguments and the error. Its end is
    known only when all of the body is over, because until then it may fail."""

    __slots__ = ("_args", "_delivered", "_handler", "_outcome", "_step", "place")

    def __init__(
        self, step: StepRun, index: int, body: steps.Block, args: Sequence[Cell], handler: steps.Block, place: Place
    ) -> None:
        super().__init__(step.queue, step, index)
        self._step, self._handler, self.place = step, handler, place.streaming(place.stream.inside())
        self._args = args
        self._outcome: Outcome | None = None
        self._delivered = False
        self.begin(BlockRun(step.run, self, 0, body, bind(body, args, step.around), self.place))

    @property
    def complete(self) -> bool:
        return self._delivered

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        self._outcome = outcome
        if child.index == 1:
            self._deliver(outcome)

    def child_over(self, child: Scope) -> None:
        if child.index == 0 and self._outcome is not None and not self.over:
            self._deliver(self._outcome)
        super().child_over(child)

    def child_failed(self, child: Scope, failure: RunError) -> None:
        if child.index == 1 or not failure.catchable:
            super().child_failed(child, failure)
        elif not self.over:
            self.live.clear()
            self.place.stream.take_back()
            error = Cell(value={"kind": failure.kind, "message": failure.message})
            cells = bind(self._handler, (*self._args, error), self._step.around)
            self.begin(BlockRun(self._step.run, self, 1, self._handler, cells, self.place))

    def _deliver(self, outcome: Outcome) -> None:
        self._delivered = True
        if self.owner is not None:
            self.queue.post(report_end, self.owner, self, outcome)


class TryRun(StepRun):
    __slots__ = ()
    step: steps.Try

    def start(self) -> None:
        self.begin(Guard(self, 0, self.step.body, (), self.step.handler, self.place))

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        self.pass_on(outcome)


def shorten(value: Any) -> str:
    text = to_json(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
