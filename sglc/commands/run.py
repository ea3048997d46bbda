"""sglc run: a function of a program with the arguments of the command line, or the turns of a session."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext, suppress
from pathlib import Path
from typing import Any

import msgspec

from sglc.backend import events
from sglc.backend.errors import RunError
from sglc.commands.arguments import Parameters, read_object
from sglc.commands.failure import CLEAN, UsageError, cannot_read
from sglc.commands.parsing import Parser, add_passes_off
from sglc.commands.program import Entry, Loaded, choose_entry, load
from sglc.commands.recording import Recording
from sglc.commands.report import failure_of
from sglc.commands.running import Running, add_engine_options, show_notes
from sglc.commands.terminal import note, out
from sglc.diagnostics import SglError
from sglc.ir.decode import to_json


def add_arguments(parser: Parser) -> None:
    parser.keeps_rest = True
    add = parser.add_argument
    add("file", metavar="FILE", help="a program (*.sgl), or a compiled one (*.sglx)")
    add("name", nargs="?", metavar="NAME", help="the function or session to run (default: the program's entry)")
    add("--json", metavar="ARGS", help="arguments as a JSON object, @FILE to read it from a file, - from stdin")
    add("--batch", metavar="ROWS.jsonl", help="run once for each line, a JSON object of arguments")
    add(
        "-o",
        "--output",
        metavar="FILE",
        help="with --batch: where the results go, a line each, in the order of the rows",
    )
    add("--concurrency", type=_count, default=8, metavar="N", help="with --batch: rows that run at once (default: 8)")
    add("--resume", action="store_true", help="with --batch: go on behind the rows that the output has already")
    add("--turn", action="append", metavar="TEXT", help="a turn of a session; without it, each line of stdin is one")
    add("--record", metavar="FILE", help="write every reply of the models to a file")
    add("--replay", metavar="FILE", help="take the replies from such a file, no model is called")
    add("--events", choices=["jsonl"], help="print everything that happens, one JSON object a line")
    add_engine_options(parser)
    add_passes_off(parser)
    parser.usage = "sglc run FILE [NAME] [options] [--PARAMETER VALUE ...]"
    parser.epilog = (
        "Parameters of the program are options, too: --city Paris --nights 3. Texts are taken as they are, all other "
        "types as JSON; a list takes several options, or one JSON array. A parameter that is called as one of the "
        "options above goes behind `--`."
    )


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"`{text[:40]}` is not a number from 1 to 10,000")
    return int(text)


def run(args: argparse.Namespace) -> int:
    loaded = load(args.file, args.passes, args.python_path)
    entry = choose_entry(loaded, args.name)
    _check_options(args, entry)
    if args.batch is not None:
        from sglc.commands.batch import run_batch

        return run_batch(args, loaded, entry)
    parameters = Parameters(entry.name, entry.fields, loaded.plan.type_table)
    base = _json_arguments(args.json) if args.json is not None else {}
    values = parameters.from_options(args.rest, base)
    with asyncio.Runner() as runner:
        invocation = _Invocation(args, loaded, entry)
        try:
            runner.run(invocation.open())
            if entry.turn_fields is None:
                runner.run(invocation.call(values))
            else:
                invocation.converse(runner, values)
            invocation.recording.save()
            if invocation.recording.unused:
                line = f"replies in `{args.replay}` that were not asked for: {invocation.recording.unused:,}"
                show_notes([line], quiet=args.quiet)
        except RunError as error:
            raise failure_of(error, loaded.plan) from None
        finally:
            invocation.recording.save_rest()
            runner.run(invocation.close())
    return CLEAN


def _check_options(args: argparse.Namespace, entry: Entry) -> None:
    if args.record and args.replay:
        raise UsageError("--record and --replay exclude each other")
    if args.batch is None:
        for option in ("output", "resume"):
            if getattr(args, option):
                raise UsageError(f"--{option} belongs to --batch", "add `--batch ROWS.jsonl`")
    elif args.json or args.turn or args.rest or args.record or args.replay or args.events:
        raise UsageError("--batch takes its arguments from the rows", "put them into each row, or leave --batch out")
    if args.turn and entry.turn_fields is None:
        raise UsageError(f"--turn: `{entry.name}` is not a session", "give its arguments as options")
    if args.json == "-" and entry.turn_fields is not None and not args.turn:
        raise UsageError("--json - and the turns would both come from stdin", "give the turns with --turn")


def _json_arguments(word: str) -> dict[str, Any]:
    if word == "-":
        text, where = sys.stdin.buffer.read(), "stdin"
    elif word.startswith("@"):
        where = word[1:]
        try:
            text = Path(where).read_bytes()
        except OSError as error:
            raise cannot_read(where, error) from None
    else:
        text, where = word.encode("utf-8", "surrogateescape"), "--json"
    return read_object(text, where)


def _decoded(line: bytes) -> str:
    """A line of stdin: UTF-8, or else as the terminal has it."""
    for encoding in ("utf-8-sig", sys.stdin.encoding):
        with suppress(UnicodeDecodeError, LookupError):
            return line.decode(encoding)
    raise UsageError("stdin: a line is not UTF-8", "give the turns in UTF-8")


class _Invocation:
    """One use of the command: what is started once, and how each run in it is shown."""

    def __init__(self, args: argparse.Namespace, loaded: Loaded, entry: Entry) -> None:
        self.args, self.loaded, self.entry = args, loaded, entry
        self.stack = AsyncExitStack()
        self.recording = Recording(record=args.record, replay=args.replay)

    async def open(self) -> None:
        running = Running(self.loaded, self.args, [self.entry.name], asking=[] if self.recording.replays else None)
        with self._waiting():
            await self.stack.enter_async_context(running)
        self.program = running.program
        show_notes(running.notes, quiet=self.args.quiet)

    async def close(self) -> None:
        await self.stack.aclose()

    async def call(self, values: dict[str, Any]) -> None:
        settings = self._settings()
        value = await self._watched(self.entry.name, lambda on_event: self._run(values, on_event, settings))
        self._show(value)

    async def _run(self, values: dict[str, Any], on_event: events.Listener | None, settings: dict[str, Any]) -> Any:
        return await self.program.run(self.entry.name, values, on_event=on_event, **settings)

    def converse(self, runner: asyncio.Runner, values: dict[str, Any]) -> None:
        """A session's turns. Lines are read between two runs of the loop, so that Ctrl-C ends the reading at once."""
        settings = self._settings()
        session = runner.run(
            self._watched(
                self.entry.name,
                lambda on_event: self.program.open_session(self.entry.name, values, on_event=on_event, **settings),
            )
        )
        table = self.loaded.plan.type_table
        parameters = Parameters(f"{self.entry.name}.turn", self.entry.turn_fields or (), table)
        interactive = not self.args.turn and sys.stdin.isatty()
        for number, line in enumerate(self._lines(interactive), 1):
            try:
                given = parameters.from_line(line, f" in turn {number}")
                value = runner.run(
                    self._watched(
                        "turn", lambda on_event, given=given: session.turn(given, on_event=on_event, **settings)
                    )
                )
            except (RunError, SglError) as error:
                if not interactive:
                    raise
                note(self._told(error))
                continue
            self._show(value)

    def _told(self, error: RunError | SglError) -> str:
        """What a person in a conversation reads about a turn that failed; the next one may go better."""
        if isinstance(error, RunError):
            failure = failure_of(error, self.loaded.plan)
            return (
                f"{failure}\n  hint: {error.hint}" if isinstance(failure, UsageError) and error.hint else str(failure)
            )
        (diagnostic,) = error.diagnostics
        return diagnostic.message + (f"\n  hint: {diagnostic.hint_text}" if diagnostic.hint_text else "")

    def _lines(self, interactive: bool) -> Iterator[str]:
        if self.args.turn:
            yield from self.args.turn
            return
        while True:
            if interactive:
                sys.stderr.write("> ")
                sys.stderr.flush()
            raw = sys.stdin.buffer.readline()
            if not raw:
                if interactive:
                    sys.stderr.write("\n")
                return
            if raw.strip():
                yield _decoded(raw).rstrip("\r\n")

    def _settings(self) -> dict[str, Any]:
        return {"seed": self.args.seed, "deadline_s": self.args.timeout, "caller": self.recording.caller}

    # --- showing ---

    def _waiting(self) -> AbstractContextManager[object]:
        """A sign of life on a terminal while a model is loaded."""
        if self.args.quiet or self.args.events or not sys.stderr.isatty():
            return nullcontext()
        from rich.console import Console

        return Console(file=sys.stderr).status("starting the model and the tools")

    async def _watched(self, title: str, start: Any) -> Any:
        """Run with events as lines, with a live view, or with nothing but the engines' notes."""
        if self.args.events:
            return await start(self._print_event)
        if self.args.quiet or not sys.stderr.isatty():
            return await start(None)
        from rich.console import Console

        from sglc.commands.view import LiveView, RunView

        view = RunView(title)
        sys.stdout.flush()
        async with LiveView(Console(file=sys.stderr), view):
            return await start(view.on_event)

    def _print_event(self, event: events.Event) -> None:
        out(msgspec.json.encode(event).decode())
        sys.stdout.flush()

    def _show(self, value: Any) -> None:
        if self.args.events:
            return
        text = to_json(value)
        if sys.stdout.isatty():
            text = msgspec.json.format(text.encode(), indent=2).decode()
        out(text)
        sys.stdout.flush()
