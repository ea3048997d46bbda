"""How much work an automaton may cost, and the errors of a type that costs more or that has no text at all."""

from __future__ import annotations

import time

MAX_STATES = 20_000
MAX_SECONDS = 2.0


class ConstraintError(Exception):
    """A type cannot be a constraint; the message says why, in the user's words."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BudgetError(ConstraintError):
    """The automaton of a type would be too large or take too long; the message names the part that is to blame."""


class Budget:
    """Limits of one automaton. Seconds are this thread's CPU time: a busy machine does not change the outcome."""

    def __init__(self, states: int = MAX_STATES, seconds: float = MAX_SECONDS) -> None:
        self.states, self.seconds = states, seconds
        self._start = time.thread_time()

    def check_states(self, count: int, part: str) -> None:
        if count > self.states:
            raise BudgetError(f"{part} needs over {self.states} automaton states")

    def check_time(self, part: str) -> None:
        if time.thread_time() - self._start > self.seconds:
            raise BudgetError(f"{part} takes over {self.seconds:g} s to compile")
