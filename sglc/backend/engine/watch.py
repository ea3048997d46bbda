"""Whether work on another thread is still wanted: asked before every step of it."""

from __future__ import annotations

import threading
import time

from sglc.backend.engine.interface import EngineError


class Stopped(Exception):
    """The one who asked has gone."""


class Watch:
    """`deadline` is a time of `time.monotonic()`, None: no limit."""

    def __init__(self, deadline: float | None) -> None:
        self.deadline = deadline
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def check(self) -> None:
        if self._stop.is_set():
            raise Stopped
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise out_of_time()


def out_of_time() -> EngineError:
    return EngineError("deadline", "the time ran out before the model was done")
