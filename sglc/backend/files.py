"""Writes a file as a whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Put `content` into place in one step, with the old file's owner and permissions. After an OSError it is as it was.

    A device or a named pipe is written to, since nothing can take its place.
    """
    target = os.path.realpath(path)
    old = _status(target)
    if old is not None and not stat.S_ISREG(old.st_mode):
        with open(target, "wb", buffering=0) as device:
            _write_all(device.fileno(), content)
        return
    if old is not None and not os.access(target, os.W_OK):
        # Renaming would get around the protection.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    # Beside the target, since a file can be renamed only within one disk.
    partial = os.path.join(os.path.dirname(target), f".sglc-{os.urandom(6).hex()}.partial")
    number = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        try:
            _write_all(number, content)
            if old is not None:
                with suppress(OSError):  # only root gives files away
                    os.fchown(number, old.st_uid, old.st_gid)
                os.fchmod(number, stat.S_IMODE(old.st_mode))
            os.fsync(number)
        finally:
            os.close(number)
        os.replace(partial, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(partial)
        raise


def _status(path: str) -> os.stat_result | None:
    """None where nothing is, or nothing that can be seen: writing then says what is wrong."""
    try:
        return os.stat(path)
    except OSError:
        return None


def _write_all(number: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(number, rest) :]
