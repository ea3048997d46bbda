"""Paths on the command line -> program files; and writing a file so that no reader ever sees half of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from sglc.backend.files import write_whole
from sglc.commands.config import config_for
from sglc.commands.errors import NoPrograms
from sglc.commands.failure import UsageError, cannot_read, cannot_write, check_name
from sglc.diagnostics import SglError
from sglc.source import SourceFile, Span

SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
BOM = b"\xef\xbb\xbf"


def find_programs(paths: Sequence[str]) -> list[str]:
    """Every program named, and every `*.sgl` file in the folders named, each once and in order. Raises SglError."""
    found: dict[str, str] = {}
    for path in paths:
        files = [path]
        if os.path.isdir(path):
            files = sorted(_walk(path))
            if not files:
                raise SglError([NoPrograms(path_=path, help=_hint(path))])
        elif path.endswith(".sglx"):
            raise UsageError(f"`{path}` is a compiled program", "name the source file (*.sgl)")
        else:
            _check_file(path)
        for file in files:
            found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def _walk(folder: str) -> Iterator[str]:
    waiting = [folder]
    while waiting:
        parent = waiting.pop()
        try:
            entries = list(os.scandir(parent))
        except OSError as error:
            raise cannot_read(parent, error) from None
        config = config_for(parent) if entries else None
        for entry in entries:
            if entry.name.startswith(".") or entry.name in SKIPPED:
                continue
            path = os.path.normpath(entry.path)
            is_program = entry.name.endswith(".sgl") and entry.is_file()
            is_folder = not is_program and entry.is_dir(follow_symlinks=False)
            if (is_program or is_folder) and config is not None and config.exclude and config.excludes(path):
                continue
            if is_program:
                check_name(path)
                yield path
            elif is_folder:
                waiting.append(path)


def _hint(folder: str) -> str:
    pattern = next((p for p in config_for(folder).exclude), None)
    return (
        "`exclude` of [tool.sglc] may leave them out" if pattern else "name a folder that holds *.sgl files, or a file"
    )


def _check_file(path: str) -> None:
    check_name(path)
    try:
        with open(path, "rb"):
            pass
    except OSError as error:
        raise cannot_read(path, error) from None


def write_atomic(path: str, content: bytes) -> None:
    """Put `content` into place in one step. After an SglError the file is as it was."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise cannot_write(path, error) from None


def decode_program(path: str, raw: bytes) -> SourceFile:
    """A program's text. Raises SglError for bytes that are not UTF-8."""
    try:
        return SourceFile(path, raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        from sglc.frontend.errors.syntax import NotUtf8

        source = SourceFile(path, raw[: error.start].decode("utf-8"))
        end = len(source.text)
        span = Span(max(0, end - 1), end)
        raise SglError([NotUtf8(source=source, span=span, byte=raw[error.start], offset=error.start)]) from None


def has_crlf(raw: bytes) -> bool:
    """Whether most lines end in CRLF."""
    return raw.count(b"\r\n") * 2 > raw.count(b"\n")


def same_ends(text: str, raw: bytes) -> bytes:
    """New text of a file as bytes, with the byte order mark and the line ends of its old bytes."""
    ended = text.replace("\r\n", "\n")
    if has_crlf(raw):
        ended = ended.replace("\n", "\r\n")
    return (BOM if raw.startswith(BOM) else b"") + ended.encode("utf-8")
