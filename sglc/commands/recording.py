"""--record and --replay: who answers the generations of a run."""

from __future__ import annotations

from sglc.backend.caller import Caller


class Recording:
    """`caller` is None for the engines themselves."""

    def __init__(self, record: str | None, replay: str | None) -> None:
        self.record, self.replay = record, replay
        self.caller: Caller | None = None

    @property
    def replays(self) -> bool:
        return self.replay is not None

    def save(self) -> None:
        """Write what was recorded."""
