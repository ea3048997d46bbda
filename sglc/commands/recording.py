"""--record and --replay: who answers the generations of a run, the engines or a file, and who writes them down."""

from __future__ import annotations

import errno
import os

from sglc.backend.caller import Caller, EngineCaller
from sglc.backend.replay import Recorder, Replayer, ReplayError, load_recording
from sglc.commands.errors import BadReplay
from sglc.commands.failure import cannot_write
from sglc.commands.terminal import note
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
            target, self._target = self._target, None
            try:
                self._recorder.save(target)
            except OSError as error:
                raise cannot_write(target, error) from None

    def save_rest(self) -> None:
        """After a failure: write what there is. An earlier recording is worth more than none, and the failure is told."""
        if self._recorder is not None and self._recorder.records:
            try:
                self.save()
            except SglError as error:
                note(f"note: {error.diagnostics[0].message}")


def check_target(path: str) -> None:
    """Replies cost time and money, so where they go is looked at before the first one. Raises SglError."""
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path):
        raise cannot_write(path, IsADirectoryError(errno.EISDIR, ""))
    if not os.path.isdir(folder):
        raise cannot_write(path, FileNotFoundError(errno.ENOENT, ""))
    if not os.access(path if os.path.exists(path) else folder, os.W_OK):
        raise cannot_write(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def open_replay(path: str) -> Replayer:
    try:
        return Replayer(load_recording(path))
    except ReplayError as error:
        raise SglError([BadReplay(problem=str(error), help="record it with `--record`")]) from None
