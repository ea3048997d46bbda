"""How a command ends early: a mistake on the command line, and the exit codes that all commands share."""

from __future__ import annotations

import errno
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
    if isinstance(error, NotADirectoryError | FileExistsError):
        return "a file stands where its path needs a folder"
    return (error.strerror or str(error)).lower()


def cannot_read(path: str, error: OSError) -> SglError:
    help_ = ""
    if isinstance(error, FileNotFoundError):
        help_ = _near_file(path)
    elif isinstance(error, IsADirectoryError):
        help_ = _file_in(path)
    elif isinstance(error, PermissionError):
        help_ = "let this user read it, or copy it to a place of your own"
    return SglError([CannotRead(path_=path, reason=reason(error), help=help_)])


def check_name(path: str) -> None:
    """Raises SglError for a path that is no text: it could not be written into a message, an artifact or JSON."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        help_ = "give it, and the folders above it, names in UTF-8"
        raise SglError([CannotRead(path_=shown, reason="its name is not UTF-8", help=help_)]) from None


def cannot_write(path: str, error: OSError) -> SglError:
    help_ = _WRITE_HINTS.get(error.errno or 0, "")
    if isinstance(error, FileNotFoundError):
        help_ = f"make the folder `{os.path.dirname(path) or '.'}` first"
    return SglError([CannotWrite(path_=path, reason=reason(error), help=help_)])


_ELSEWHERE = "name a place that this user may write to"
_WRITE_HINTS = {
    errno.ENOSPC: "free some space, or name a place on another disk",
    errno.EDQUOT: "free some space, or name a place on another disk",
    errno.EFBIG: "allow larger files (ulimit -f), or name a place on another disk",
    errno.EACCES: _ELSEWHERE,
    errno.EPERM: _ELSEWHERE,
    errno.EROFS: _ELSEWHERE,
    errno.EEXIST: "name another place",
    errno.ENOTDIR: "name another place",
    errno.EISDIR: "name a file in it",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def _file_in(folder: str) -> str:
    """A hint with the first program of a folder that was named where a file is needed."""
    try:
        programs = sorted(name for name in os.listdir(folder) if name.endswith(".sgl"))
    except OSError:
        programs = []
    return f"name a file in it, such as `{os.path.join(folder, programs[0])}`" if programs else "name a file in it"


def _near_file(path: str) -> str:
    """A hint with the nearest name in the deepest folder of the path that exists."""
    if os.path.isfile(f"{path}.sgl"):
        return f"use `{path}.sgl`"
    folder, name = os.path.split(path)
    while folder and not os.path.isdir(folder):
        folder, name = os.path.split(folder)
    try:
        others = os.listdir(folder or ".")
    except OSError:
        return ""
    # Endings are compared apart, or all short names with the same one would be near to each other.
    stem, ending = os.path.splitext(name)
    near = nearest(stem, [os.path.splitext(other)[0] for other in others if other.endswith(ending)])
    near = near + ending if near else nearest(name, [other for other in others if not other.endswith(ending)])
    return f"use `{os.path.join(folder, near)}`" if near else ""
