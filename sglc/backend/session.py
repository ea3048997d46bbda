"""An open session: a context and states that its turns change, all together and only when a turn succeeds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sglc.backend.execute import execute
from sglc.backend.plan import Session
from sglc.backend.prompt import Prompt
from sglc.backend.run import Place, Run, known_function


class SessionState:
    """`args` are the session's arguments; `path` is where it was opened ("" from outside)."""

    def __init__(self, session: Session, args: Sequence[Any], path: str = "") -> None:
        self.session, self.args, self.path = session, list(args), path
        self.turns = 0
        self.prompt: Prompt | None = None
        self.states: list[Any] = []
        # Branches of a fork may all want a turn.
        self._turn = asyncio.Lock()

    async def open(self, run: Run) -> None:
        """Run what stands before `turn`."""
        function = known_function(run.tables, f"{self.session.name}.open")
        place = Place(run.stream).inside(self.path, self.path or "open")
        self.prompt, *self.states = await execute(run, function, self.args, place)

    async def turn(self, run: Run, args: Sequence[Any]) -> Any:
        """The turn's value, one turn after another; a turn that fails or is cancelled leaves the session as it was."""
        async with self._turn:
            return await self._take_turn(run, args)

    async def _take_turn(self, run: Run, args: Sequence[Any]) -> Any:
        function = known_function(run.tables, f"{self.session.name}.turn")
        site = f"turn[{self.turns}]"
        place = Place(run.stream).inside(self.path, self.path)
        place = place.inside(site if self.path else "", site)
        given = [self.prompt, *self.states, *self.args, *args]
        prompt, *results = await execute(run, function, given, place)
        count = len(self.session.states)
        self.prompt, self.states = prompt, results[:count]
        self.turns += 1
        return results[count] if len(results) > count else None
