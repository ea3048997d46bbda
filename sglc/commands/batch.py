"""sglc run --batch: one run for each row of arguments, some at a time, results in the order of the rows."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, Any

import msgspec

from sglc.backend.errors import RunError
from sglc.commands.arguments import Parameters, read_object
from sglc.commands.failure import CLEAN, FINDINGS, cannot_read, cannot_write
from sglc.commands.program import Entry, Loaded
from sglc.commands.running import Running, show_notes
from sglc.commands.terminal import note, plural
from sglc.diagnostics import SglError


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the output: the row's number (from 1), and its value or its error."""

    row: int
    value: Any = msgspec.UNSET
    error: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


def run_batch(args: argparse.Namespace, loaded: Loaded, entry: Entry) -> int:
    rows = _read_rows(args.batch)
    done = _finished_rows(args.output) if args.resume and args.output else 0
    fields = (*entry.fields, *(entry.turn_fields or ()))
    batch = _Batch(args, loaded, entry, Parameters(entry.name, fields, loaded.plan.type_table))
    output = _open(args.output, append=done > 0)
    try:
        asyncio.run(batch.run(rows, done, output))
    except OSError as error:
        raise cannot_write(args.output or "standard output", error) from None
    finally:
        if output is not sys.stdout.buffer:
            with suppress(OSError):  # each line was flushed, so that the first failure was seen
                output.close()
    failed = f", {batch.failed:,} failed" if batch.failed else ""
    skipped = f", {done:,} were there already" if done else ""
    note(f"ran {plural(batch.finished, 'row')}{failed}{skipped}")
    return FINDINGS if batch.failed else CLEAN


def _read_rows(path: str) -> list[bytes]:
    """The lines that are not blank."""
    try:
        if path == "-":
            raw = sys.stdin.buffer.read()
        else:
            with open(path, "rb") as file:
                raw = file.read()
    except OSError as error:
        raise cannot_read(path, error) from None
    return [line for line in raw.split(b"\n") if line.strip()]


def _finished_rows(path: str) -> int:
    """How many whole lines the output has; half a line, left by a power cut, is dropped."""
    try:
        with open(path, "r+b") as file:
            content = file.read()
            file.truncate(content.rfind(b"\n") + 1)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise cannot_write(path, error) from None
    return content.count(b"\n")


def _open(path: str | None, *, append: bool) -> IO[bytes]:
    if path is None:
        sys.stdout.flush()
        return sys.stdout.buffer
    try:
        return open(path, "ab" if append else "wb")
    except OSError as error:
        raise cannot_write(path, error) from None


class _Batch:
    def __init__(self, args: argparse.Namespace, loaded: Loaded, entry: Entry, parameters: Parameters) -> None:
        self.args, self.loaded, self.entry, self.parameters = args, loaded, entry, parameters
        self.finished = self.failed = 0

    async def run(self, rows: list[bytes], done: int, output: IO[bytes]) -> None:
        """Rows start in order; a result waits until those of all earlier rows are written."""
        running = Running(self.loaded, self.args, [self.entry.name])
        async with running:
            show_notes(running.notes, quiet=self.args.quiet)
            waiting: list[asyncio.Task[Result]] = []
            todo = iter(enumerate(rows[done:], done + 1))
            advance = self._progress(len(rows), done)
            try:
                self._fill(waiting, todo, running, advance)
                while waiting:
                    result = await waiting.pop(0)
                    self._write(result, output)
                    self._fill(waiting, todo, running, advance)
            finally:
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
                advance(-1)

    def _fill(
        self,
        waiting: list[asyncio.Task[Result]],
        todo: Iterator[tuple[int, bytes]],
        running: Running,
        advance: Callable[[int], None],
    ) -> None:
        """Keep `concurrency` rows under way. Finished ones that wait for an earlier one are bounded, too."""
        active = sum(not task.done() for task in waiting)
        while active < self.args.concurrency and len(waiting) < 20 * self.args.concurrency:
            row = next(todo, None)
            if row is None:
                return
            waiting.append(asyncio.create_task(self._one(*row, running, advance)))
            active += 1

    async def _one(self, number: int, line: bytes, running: Running, advance: Callable[[int], None]) -> Result:
        try:
            values = self.parameters.from_object(read_object(line, "the row"))
            value = await running.program.run(
                self.entry.name, values, seed=self.args.seed, deadline_s=self.args.timeout
            )
            return Result(number, value)
        except SglError as error:
            return Result(number, error={"kind": "argument", "message": error.diagnostics[0].message})
        except RunError as error:
            found = {"kind": error.kind, "message": error.message, "path": error.path, "at": error.location}
            if isinstance(error.location, msgspec.Struct):
                found["at"] = str(error.location)
            return Result(number, error={key: text for key, text in found.items() if text})
        finally:
            advance(1)

    def _write(self, result: Result, output: IO[bytes]) -> None:
        self.finished += 1
        self.failed += result.error is not msgspec.UNSET
        output.write(msgspec.json.encode(result) + b"\n")
        output.flush()

    def _progress(self, total: int, done: int) -> Callable[[int], None]:
        """A function to call with 1 after each row and with -1 at the end; on a terminal it draws a bar."""
        if self.args.quiet or not sys.stderr.isatty():
            return lambda _: None
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        progress = Progress(*columns, console=Console(file=sys.stderr))
        task = progress.add_task(os.path.basename(self.args.batch), total=total, completed=done)
        progress.start()
        return lambda count: progress.stop() if count < 0 else progress.advance(task, count)
