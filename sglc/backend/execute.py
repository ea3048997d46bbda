"""A function of the plan and its arguments -> its results, all the work inside it done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sglc.backend import plan
from sglc.backend.errors import RunError
from sglc.backend.run import Place, Run
from sglc.backend.run_block import BlockRun, StepRun, bind
from sglc.backend.run_scope import Cell, Outcome, Scope


class Root(Scope):
    """The outermost part of a run, or of a session's turn inside a test."""

    __slots__ = ("_outcome", "result")

    def __init__(self, run: Run, function: plan.Function, args: Sequence[Any], place: Place) -> None:
        super().__init__(run.queue, None, 0)
        self._outcome: Outcome | None = None
        self.result: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        cells = bind(function.body, [Cell(value=arg) for arg in args], {})
        self.begin(BlockRun(run, self, 0, function.body, cells, place))

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        self._outcome = outcome

    def finish(self) -> None:
        self.over = True
        if not self.result.done():
            self.result.set_result([cell.value for cell in self._outcome.cells] if self._outcome else [])

    def fail(self, failure: RunError) -> None:
        self.over = True
        if not self.result.done():
            self.result.set_exception(failure)


async def execute(run: Run, function: plan.Function, args: Sequence[Any], place: Place) -> list[Any]:
    """Raises RunError; cancelling the caller cancels all of it."""
    root = Root(run, function, args, place)
    try:
        await asyncio.wait((root.result, run.broken), return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        run.stopped_at = _where(root.first_leaf())
        raise
    finally:
        root.cancel()
        if root.result.done():
            root.result.exception()  # seen, so that asyncio does not complain where the caller was cancelled just then
    if root.result.done():
        return root.result.result()
    run.broken.result()
    return []


def _where(leaf: Scope) -> RunError | None:
    if not isinstance(leaf, StepRun):
        return None
    return leaf.run.error("deadline", "", leaf.step.at, leaf.place.inside(getattr(leaf.step, "name", "")).path)
