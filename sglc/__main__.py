"""Where the process begins, as `sglc` or `python -m sglc`. It imports next to nothing before Ctrl-C is looked after."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

INTERRUPTED = 130


def main() -> int:
    """Run the command line, and be quiet about Ctrl-C also while modules are loaded and while Python ends."""
    handled = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not under nohup and the like
    if handled:
        signal.signal(signal.SIGINT, _leave)
        sys.unraisablehook = _unraisable
    _open_streams()
    from sglc.cli import main as run

    code = 0
    try:
        if handled:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = run()
        if handled:
            signal.signal(signal.SIGINT, _leave)
    except KeyboardInterrupt:
        _leave()
    if code == INTERRUPTED:
        # What was worth keeping is written by now. A thread that still loads a model would hold up Python's own exit.
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)
    return code


def _open_streams() -> None:
    """Give closed standard streams nothing to read and nowhere to write, before another file takes their numbers."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdin = sys.stdin or os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)


def _unraisable(error: sys.UnraisableHookArgs) -> None:
    """Ctrl-C inside a finalizer, where Python would print a traceback and go on."""
    if error.exc_type is KeyboardInterrupt:
        _leave()
    sys.__unraisablehook__(error)


def _leave(*_: object) -> None:
    os.write(2, b"sglc: interrupted\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
