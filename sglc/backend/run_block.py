"""Blocks and steps under way: a block starts its steps in order, each begins once its inputs are known, and a step that
may leave the block holds back what is behind it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sglc.backend import plan_steps as steps
from sglc.backend.errors import ErrorKind, RunError
from sglc.backend.run import Place, Run
from sglc.backend.run_scope import Cell, Outcome, Scope, when_all_known
from sglc.backend.run_values import COMPUTES, compute

Cells: TypeAlias = Mapping[int, Cell]


class StepRun(Scope, ABC):
    """A step under way. `inputs` are the cells of its references, `results` those that it fills, `around` those that
    its blocks capture; whatever the block forgets meanwhile, the step has."""

    __slots__ = ("around", "block", "inputs", "place", "results", "run", "settled", "step")

    def __init__(self, block: BlockRun, index: int, step: Any) -> None:
        super().__init__(block.queue, block, index)
        self.block, self.run, self.place = block, block.run, block.place
        self.step = step
        self.inputs: list[Cell] = [block.cell(ref) for ref in step.refs]
        self.around: Cells = {slot: block.cells[slot] for inner in step.blocks for slot in inner.captures}
        self.results = [self.run.cell() for _ in step.out]
        self.settled = False

    @abstractmethod
    def start(self) -> None:
        """What the step awaits is known."""

    def arm(self) -> None:
        """Start as soon as what the step awaits is known."""
        count = len(self.inputs) if self.step.awaits is None else self.step.awaits
        when_all_known(self.inputs[:count], lambda _: self.queue.post(self._start))

    def _start(self) -> None:
        if not self.over:
            self.start()

    @property
    def complete(self) -> bool:
        return self.settled

    def values(self) -> list[Any]:
        return [cell.value for cell in self.inputs]

    def error(self, kind: ErrorKind, message: str, *, at: int | None = None) -> RunError:
        return self.run.error(kind, message, self.step.at if at is None else at, self.place.path)

    def settle(self, cells: Sequence[Cell]) -> None:
        """The step stays in the block, and its results are these, known now or later."""
        for result, cell in zip(self.results, cells, strict=True):
            cell.when_known(result.set)
        self._stay()

    def settle_values(self, values: Sequence[Any]) -> None:
        for result, value in zip(self.results, values, strict=True):
            result.set(value)
        self._stay()

    def _stay(self) -> None:
        self.settled = True
        if self.step.leaves:
            self.queue.post(self.block.go_on)
        self.progress()

    def leave(self, outcome: Outcome) -> None:
        """The step leaves its block."""
        self.settled = True
        self.block.end(outcome)
        self.progress()

    def pass_on(self, outcome: Outcome) -> None:
        """An inner block's outcome as the step's own: `yield` gives its results, anything else leaves."""
        if outcome.kind == "yield":
            self.settle(outcome.cells)
        else:
            self.leave(outcome)

    def enter(self, block: steps.Block, args: Sequence[Cell], place: Place | None = None, index: int = 0) -> None:
        """Run a block inside the step, as its part number `index`."""
        self.begin(BlockRun(self.run, self, index, block, bind(block, args, self.around), place or self.place))


def bind(block: steps.Block, args: Sequence[Cell], around: Cells) -> dict[int, Cell]:
    """The cells that a block starts with."""
    return dict(zip(block.params, args, strict=True)) | {slot: around[slot] for slot in block.captures}


class BlockRun(Scope):
    """A block under way. Its owner hears of its end, the outcome, before all its steps are over."""

    __slots__ = ("_cursor", "_ended", "block", "cells", "place", "run")

    def __init__(
        self, run: Run, owner: Scope, index: int, block: steps.Block, cells: dict[int, Cell], place: Place
    ) -> None:
        super().__init__(run.queue, owner, index)
        self.run, self.block, self.cells, self.place = run, block, cells, place
        self._cursor, self._ended = 0, False
        self.queue.post(self.go_on)

    @property
    def complete(self) -> bool:
        return self._ended

    def keeps_order(self, effect: bool) -> bool:
        return effect

    def awaited(self, index: int) -> Sequence[int]:
        return self.block.steps[index].after

    def cell(self, ref: steps.Ref) -> Cell:
        return self.cells[ref] if ref >= 0 else self.run.tables.constants[~ref]

    def go_on(self) -> None:
        """Start steps up to one that may leave the block; what is behind it waits until it is known to stay."""
        steps = self.block.steps
        while self._cursor < len(steps):
            if self.over or self.failing:
                return
            index, self._cursor = self._cursor, self._cursor + 1
            step = steps[index]
            self._start(index, step)
            for slot in step.dies:
                del self.cells[slot]
            if step.leaves:
                return
        if not (self.over or self.failing or self.block.end.kind == "fail"):
            end = self.block.end
            self.end(Outcome(end.kind, tuple(map(self.cell, end.refs)), end.at))

    def end(self, outcome: Outcome) -> None:
        self._ended = True
        if self.owner is not None:
            self.queue.post(report_end, self.owner, self, outcome)
        self.progress()

    def _start(self, index: int, step: steps.AnyStep) -> None:
        if type(step) in COMPUTES and all(ref < 0 or self.cells[ref].known for ref in step.refs):
            self._compute(index, step)
            return
        runs: Mapping[type[steps.Step], type[StepRun]] = self.run.step_runs
        child = runs[type(step)](self, index, step)
        self.begin(child)
        self.cells.update(zip(step.out, child.results, strict=True))
        child.arm()

    def _compute(self, index: int, step: steps.AnyStep) -> None:
        """A step that needs no waiting, done at once."""
        try:
            values = compute(self.run, self.place, step, [self.cell(ref).value for ref in step.refs])
        except RunError as failure:
            self.fail_at(index, failure)
            return
        for slot, value in zip(step.out, values, strict=True):
            self.cells[slot] = Cell(value=value)


def report_end(owner: Scope, child: Scope, outcome: Outcome) -> None:
    # A part that was cancelled meanwhile is no longer live.
    if not owner.over and owner.live.get(child.index) is child:
        owner.child_ended(child, outcome)
