"""`ensure ... retry n` under way: a stretch of the program that runs again, the reason told, until its check holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sglc.backend import plan_steps as steps
from sglc.backend.events import Stream
from sglc.backend.prompt import Prompt
from sglc.backend.run_block import StepRun
from sglc.backend.run_scope import Cell, Outcome, Scope, when_all_known
from sglc.ir.values import truth


class AttemptRun(StepRun):
    """Part n is try number n. Success is passed on as soon as the check holds; before a retry the failed try must be
    over, since it may hide a failure that nothing retries."""

    __slots__ = ("_base", "_number", "_refused", "_stream", "_try_over")
    step: steps.Attempt

    def start(self) -> None:
        self._try(0, self.inputs[0])

    def _try(self, number: int, base: Cell) -> None:
        """`base` holds the prompt that the try goes on from."""
        self._number, self._base = number, base
        self._refused: Outcome | None = None
        self._try_over = False
        self._stream: Stream = self.place.stream.inside(holds=True)
        self.enter(self.step.body, (base,), self.place.streaming(self._stream).retrying(number), number)

    def child_ended(self, child: Scope, outcome: Outcome) -> None:
        if outcome.kind == "check":
            outcome.cells[0].when_known(lambda passed: self._checked(outcome, passed))
        else:
            self._stream.confirm()
            self.leave(outcome)

    def _checked(self, outcome: Outcome, passed: Any) -> None:
        if self.over or self.failing:
            return
        if not truth(passed):
            self._refused = outcome
            self._retry_when_over()
            return
        self._stream.confirm()
        _, _, after, *results = outcome.cells
        self.settle((self._accepted(after), *results))

    def _accepted(self, after: Cell) -> Cell:
        """The prompt on success: what the try added, behind the checkpoint instead of behind the failed tries."""
        if self._number == 0 or not self.step.tells:
            return after
        accepted, checkpoint, base = self.run.cell(), self.inputs[0], self._base
        after.when_known(lambda prompt: accepted.set(checkpoint.value.say(prompt.since(base.value))))
        return accepted

    def child_over(self, child: Scope) -> None:
        self._try_over = True
        super().child_over(child)
        self._retry_when_over()

    def _retry_when_over(self) -> None:
        if self._refused is not None and self._try_over and not self.failing:
            _, reason, failed, *_ = self._refused.cells
            when_all_known((reason, failed, self.inputs[0]), self._retry)

    def _retry(self, known: Sequence[Any]) -> None:
        if self.over or self.failing or self._refused is None:
            return
        reason, failed, checkpoint = known
        if self._number == self.step.retries:
            self.fail(self.error("ensure", reason, at=self._refused.at))
            return
        self._stream.take_back()
        prompt: Prompt = failed.tell(reason, checkpoint) if self.step.tells else checkpoint
        self._try(self._number + 1, Cell(value=prompt))
