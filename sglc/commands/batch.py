"""sglc run --batch: one run for each row of arguments, some at a time, results in the order of the rows."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import msgspec

from sglc.backend.errors import RunError
from sglc.commands.arguments import Parameters, read_object
from sglc.commands.failure import CLEAN, FINDINGS, UsageError, cannot_read, cannot_write
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
    _check(args, entry)
    rows = _read_rows(args.batch)
    done = _finished_rows(args.output, len(rows)) if args.resume else 0
    if len(rows) == done:
        where = "stdin" if args.batch == "-" else f"`{args.batch}`"
        note(f"ran 0 rows, {done:,} were there already" if done else f"ran 0 rows: {where} has none")
        return CLEAN
    batch = _Batch(args, loaded, entry, Parameters(entry.name, entry.fields, loaded.plan.type_table))
    with _open(args.output) as output:
        try:
            asyncio.run(batch.run(rows, done, output))
        except OSError as error:
            if args.output is None:
                raise
            raise cannot_write(args.output, error) from None
    failed = f", {batch.failed:,} failed" if batch.failed else ""
    skipped = f", {done:,} were there already" if done else ""
    note(f"ran {plural(batch.finished, 'row')}{failed}{skipped}")
    return FINDINGS if batch.failed else CLEAN


def _check(args: argparse.Namespace, entry: Entry) -> None:
    if entry.turn_fields is not None:
        raise UsageError(f"--batch: `{entry.name}` is a session", "name a function, or give turns with --turn")
    if args.resume and args.output is None:
        raise UsageError("--resume needs the file that the results are in", "name it with `-o FILE`")
    with suppress(OSError):
        if args.output is not None and os.path.samefile(args.batch, args.output):
            raise UsageError(f"-o: `{args.output}` holds the rows", "name another file for the results")


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


def _finished_rows(path: str, most: int) -> int:
    """How many whole lines the output has; half a line, left by a power cut, is dropped."""
    try:
        with open(path, "r+b") as file:
            content = file.read()
            whole = content.rfind(b"\n") + 1
            count = content.count(b"\n")
            if count > most or (count and _row_of(content[:whole].splitlines()[-1]) != count):
                raise UsageError(
                    f"--resume: `{path}` does not hold the first results of this batch",
                    "leave --resume out to begin anew, or name another file with -o",
                )
            file.truncate(whole)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise cannot_write(path, error) from None
    return count


def _row_of(line: bytes) -> int:
    """The number in a line of results; 0 for a line that is none."""
    try:
        return msgspec.json.decode(line, type=Result).row
    except (msgspec.DecodeError, RecursionError):
        return 0


@contextmanager
def _open(path: str | None) -> Iterator[IO[bytes]]:
    """The output, unchanged so far: earlier results in it are worth something until there are new ones."""
    if path is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    try:
        output = open(path, "ab")  # noqa: SIM115 (closed below, where a failure does not count)
    except OSError as error:
        raise cannot_write(path, error) from None
    try:
        yield output
    finally:
        with suppress(OSError):  # each line was flushed, so that the first failure was seen
            output.close()


def _empty(output: IO[bytes]) -> None:
    with suppress(OSError):  # a pipe, which has no earlier results
        output.truncate(0)


class _Batch:
    def __init__(self, args: argparse.Namespace, loaded: Loaded, entry: Entry, parameters: Parameters) -> None:
        self.args, self.loaded, self.entry, self.parameters = args, loaded, entry, parameters
        self.finished = self.failed = 0

    async def run(self, rows: list[bytes], done: int, output: IO[bytes]) -> None:
        """Rows start in order; a result waits until those of all earlier rows are written."""
        running = Running(self.loaded, self.args, [self.entry.name])
        async with running:
            show_notes(running.notes, quiet=self.args.quiet)
            if self.args.output is not None and not done:
                _empty(output)
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
