"""How a command ends early: a mistake on the command line, and the exit codes that all commands share."""

from __future__ import annotations

import os

from sglc.commands.errors import CannotRead, CannotWrite
from sglc.diagnostics import SglError, nearest

CLEAN, FINDINGS, USAGE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: nothing to report; findings, or the program failed; wrong usage or a bug of ours; Ctrl-C."""


class UsageError(Exception):
    """The command line itself is wrong; `hint` is an instruction."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class RunFailure(Exception):
    """The program was run and failed; `text` is ready to be shown."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def reason(error: OSError) -> str:
    """An OSError in a few words."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return (error.strerror or str(error)).lower()


def cannot_read(path: str, error: OSError) -> SglError:
    help_ = ""
    if isinstance(error, FileNotFoundError):
        help_ = _near_file(path)
    return SglError([CannotRead(path_=path, reason=reason(error), help=help_)])


def cannot_write(path: str, error: OSError) -> SglError:
    return SglError([CannotWrite(path_=path, reason=reason(error))])


def _near_file(path: str) -> str:
    """A hint with the nearest name in the deepest folder of the path that exists."""
    folder, name = os.path.split(path)
    while folder and not os.path.isdir(folder):
        folder, name = os.path.split(folder)
    try:
        others = os.listdir(folder or ".")
    except OSError:
        return ""
    near = nearest(name, others)
    return f"use `{os.path.join(folder, near)}`" if near else ""
