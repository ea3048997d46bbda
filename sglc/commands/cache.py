"""What linting found, kept on disk: a file for each program, valid while all files that were read are the same.

An entry is only ever replaced as a whole and carries a digest of itself, so processes may share the folder, and an
entry that is damaged counts as none. It holds findings before any setting is applied: settings do not make it stale.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from functools import cache

import msgspec

import sglc
from sglc.commands.config import project_root
from sglc.commands.files import BOM
from sglc.commands.findings import Finding
from sglc.commands.noqa import Directive

FOLDER = ".sglc_cache"
MAX_FILE = 8 << 20
"""Larger files are not kept; no program and no schema is."""
LOOKS_ELSEWHERE = frozenset({"SGL101", "SGL501"})
"""A file was not found: the result would change with a file that no digest covers, so it is not kept."""
_COMPILE_SIDE = ("frontend", "ir", "passes", "commands")


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """`files` maps each file that was read to its digest; the program itself comes first.

    `absent` are files that would have been read in place of another one, had they been there.
    """

    files: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    directives: tuple[Directive, ...]
    absent: tuple[str, ...] = ()


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """`search`: folders where Python modules were looked for."""

    tool: str
    search: tuple[str, ...]
    entry: Entry


_decoder = msgspec.msgpack.Decoder(_Stored)


class LintCache:
    """Entries by program. `digest_of` reads each file at most once, however many programs import it."""

    def __init__(self) -> None:
        self._digests: dict[str, str] = {}

    def digest_of(self, path: str) -> str:
        """SHA-256 of a file's bytes without a byte order mark: SourceFile.digest; empty for a file that is not kept."""
        if path not in self._digests:
            self._digests[path] = ""
            with contextlib.suppress(OSError), open(path, "rb") as file:
                raw = file.read(MAX_FILE + 1)
                if len(raw) <= MAX_FILE:
                    self._digests[path] = hashlib.sha256(raw.removeprefix(BOM)).hexdigest()
        return self._digests[path]

    def get(self, path: str, search: tuple[str, ...] = ()) -> Entry | None:
        folder = _folder(os.path.dirname(os.path.abspath(path)))
        try:
            with open(os.path.join(folder, _name(path)), "rb") as file:
                raw = file.read()
        except OSError:
            return None
        if hashlib.sha256(raw[32:]).digest() != raw[:32]:
            return None
        try:
            stored = _decoder.decode(raw[32:])
        except msgspec.DecodeError:
            return None
        entry = stored.entry
        if stored.tool != tool_digest() or stored.search != search or not entry.files or entry.files[0][0] != path:
            return None
        same = all(digest and self.digest_of(name) == digest for name, digest in entry.files)
        return entry if same and not any(map(os.path.lexists, entry.absent)) else None

    def put(self, path: str, entry: Entry, search: tuple[str, ...] = ()) -> None:
        """Keep an entry; a cache that cannot be written is no cache, and no error."""
        if any(finding.code in LOOKS_ELSEWHERE for finding in entry.findings):
            return
        folder = _folder(os.path.dirname(os.path.abspath(path)))
        payload = msgspec.msgpack.encode(_Stored(tool_digest(), search, entry))
        with contextlib.suppress(OSError):
            _prepare(folder)
            beside = os.path.join(folder, f".{_name(path)}.{os.getpid()}")
            try:
                with open(beside, "wb") as file:
                    file.write(hashlib.sha256(payload).digest() + payload)
                os.replace(beside, os.path.join(folder, _name(path)))
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(beside)
                raise


@cache
def _folder(program_folder: str) -> str:
    root = project_root(program_folder)
    if root is not None:
        return os.path.join(root, FOLDER)
    base = os.environ.get("XDG_CACHE_HOME", "")
    base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")  # the standard says: ignore a relative one
    return os.path.join(base, "sglc")


@cache
def _prepare(folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    ignore = os.path.join(folder, ".gitignore")
    if not os.path.exists(ignore):
        with open(ignore, "w", encoding="utf-8") as file:
            file.write("*\n")


def _name(path: str) -> str:
    """Findings name files as the command line did, so each spelling of a path has an entry of its own."""
    return hashlib.sha256(f"{os.path.abspath(path)}\0{path}".encode("utf-8", "surrogatepass")).hexdigest()[:40]


@cache
def tool_digest() -> str:
    """Changes with the version of sglc and, for those who work on it, with every file that has a part in linting."""
    package = os.path.dirname(os.path.abspath(sglc.__file__))
    seen = hashlib.sha256(sglc.__version__.encode())
    folders = [package, *(os.path.join(package, name) for name in _COMPILE_SIDE)]
    for folder in folders:
        with contextlib.suppress(OSError):
            for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
                if entry.is_dir():
                    if folder != package and entry.name != "__pycache__":
                        folders.append(entry.path)
                else:
                    status = entry.stat()
                    seen.update(f"{entry.path} {status.st_size} {status.st_mtime_ns}\n".encode("utf-8", "replace"))
    return seen.hexdigest()
