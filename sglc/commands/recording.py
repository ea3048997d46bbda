"""--record and --replay: who answers the generations of a run, the engines or a file, and who writes them down."""

from __future__ import annotations

import os

from sglc.backend.caller import Caller, EngineCaller
from sglc.backend.replay import Recorder, Replayer, ReplayError, load_recording
from sglc.commands.errors import BadReplay
from sglc.commands.failure import UsageError
from sglc.diagnostics import SglError


class Recording:
    """`caller` answers; None stands for the engines. Raises SglError for a file that cannot be used."""

    def __init__(self, record: str | None, replay: str | None) -> None:
        self._target, self._recorder, self._replayer = record, None, None
        self.replays = replay is not None
        self.caller: Caller | None = None
        if record is not None:
            check_target(record)
            self._recorder = self.caller = Recorder(EngineCaller())
        if replay is not None:
            self._replayer = self.caller = open_replay(replay)

    @property
    def unused(self) -> int:
        """Replies in the file that were not asked for."""
        return len(self._replayer.unused) if self._replayer is not None else 0

    def save(self) -> None:
        """Write what was recorded, if anything was to be."""
        if self._recorder is not None and self._target is not None:
            try:
                self._recorder.save(self._target)
            except ReplayError as error:
                raise SglError([BadReplay(problem=str(error))]) from None


def check_target(path: str) -> None:
    """A recording takes the place of its file, so that must be one."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(f"--record: `{path}` is not a file")


def open_replay(path: str) -> Replayer:
    try:
        return Replayer(load_recording(path))
    except ReplayError as error:
        raise SglError([BadReplay(problem=str(error), help="record it with `--record`")]) from None
