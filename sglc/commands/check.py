"""Program files -> what linting finds in each, from the cache where it can, in several processes where it pays."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from sglc.commands.cache import Entry, LintCache
from sglc.commands.config import config_for
from sglc.commands.failure import cannot_read
from sglc.commands.findings import to_finding
from sglc.commands.noqa import read_directives
from sglc.diagnostics import SglError
from sglc.source import SourceFile

WORTH_A_PROCESS = 40
"""So many programs take about as long to check as a process to start."""


def check_programs(paths: Sequence[str], jobs: int, *, use_cache: bool) -> Iterator[tuple[str, Entry]]:
    """The entry of each program, those from the cache first. Nothing of the frontend is imported when all are."""
    cache = LintCache() if use_cache else None
    missing = []
    for path in paths:
        entry = cache.get(path, search_of(path)) if cache else None
        if entry is None:
            missing.append(path)
        else:
            yield path, entry
    for path, entry in _analyse_all(missing, jobs):
        if cache:
            cache.put(path, entry, search_of(path))
        yield path, entry


def search_of(path: str) -> tuple[str, ...]:
    """Folders where the Python modules of a program's tools are looked for, besides its own."""
    return config_for(path).tools.python_path


def check_source(path: str, source: SourceFile | None = None) -> Entry:
    """Analyse one program now; `source` stands for the file's text."""
    from sglc.pipeline import analyze

    try:
        analysis = analyze(path, source, search=tuple(map(Path, search_of(path))))
    except OSError as error:
        raise cannot_read(path, error) from None
    except SglError as error:
        # The text itself cannot be read: too large, or not UTF-8.
        sources = {d.source.path: d.source for d in error.diagnostics if d.source is not None}
        stubs = tuple((name, stub.digest) for name, stub in sources.items())
        return Entry(stubs, tuple(map(to_finding, error.diagnostics)), ())
    programs = [file for file in analysis.files if file.path == path or file.path.endswith(".sgl")]
    files = sorted(((file.path, file.digest) for file in analysis.files), key=lambda file: file[0] != path)
    directives = [directive for file in programs for directive in read_directives(file)]
    absent = _absent([name for name, _ in files], search_of(path))
    return Entry(tuple(files), tuple(map(to_finding, analysis.diagnostics)), tuple(directives), absent)


def _absent(files: Sequence[str], search: Sequence[str]) -> tuple[str, ...]:
    """Where a Python module that was read could also have been, in the order of looking, if it were there."""
    folders = [*dict.fromkeys(os.path.dirname(file) for file in files if file.endswith(".sgl")), *search]
    absent: dict[str, None] = {}
    for file in files:
        for folder in folders:
            relative = os.path.relpath(file, folder or ".")
            if file.endswith(".py") and not relative.startswith(".."):
                stem = relative.removesuffix(".py").removesuffix(f"{os.sep}__init__")
                for other in (f"{stem}.py", os.path.join(stem, "__init__.py")):
                    absent |= dict.fromkeys(os.path.join(place, other) for place in folders)
    return tuple(path for path in absent if not os.path.lexists(path))


def _analyse_all(paths: Sequence[str], jobs: int) -> Iterator[tuple[str, Entry]]:
    processes = min(jobs or os.cpu_count() or 1, len(paths) // WORTH_A_PROCESS if jobs == 0 else len(paths))
    if processes <= 1:
        for path in paths:
            yield path, check_source(path)
        return
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(processes, initializer=_ignore_interrupt)
    try:
        for path, (encoded, error) in zip(paths, pool.map(_encoded, paths, chunksize=8), strict=True):
            if error is not None:
                raise cannot_read(path, error)
            yield path, msgspec.msgpack.decode(encoded, type=Entry)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _encoded(path: str) -> tuple[bytes, OSError | None]:
    """Runs in a worker process; a diagnostic cannot be pickled."""
    try:
        return msgspec.msgpack.encode(check_source(path)), None
    except SglError:
        return b"", OSError(0, "cannot be read any more")


def _ignore_interrupt() -> None:
    """Ctrl-C is for the parent, which then stops the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
