"""sglc test: runs the test blocks of programs, with recorded replies or with a model, and reports what did not hold."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence

import msgspec

from sglc.backend.engine.interface import Usage
from sglc.backend.errors import RunError
from sglc.backend.plan import Test
from sglc.backend.runtime import Verdict
from sglc.commands.errors import NoTests
from sglc.commands.failure import CLEAN, FINDINGS, cannot_write
from sglc.commands.files import find_programs
from sglc.commands.program import Loaded, load
from sglc.commands.recording import Recording
from sglc.commands.running import EnginePool, Running, add_engine_options, show_notes
from sglc.commands.terminal import note, out, paint, plural
from sglc.commands.verdicts import Outcome, as_json, as_junit, as_text
from sglc.diagnostics import Diagnostic, SglError, render_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="*", default=["."], metavar="PATH", help="program, or folder of programs")
    add("-k", metavar="TEXT", default="", dest="pattern", help="only tests whose name, or file, holds the text")
    add("--replay-dir", metavar="FOLDER", help="where replay files are (default: beside each program)")
    add("--record", action="store_true", help="ask the model and write the replay files anew")
    add("--format", choices=["text", "json", "junit"], default="text", help="of the report")
    add_engine_options(parser)


def run(args: argparse.Namespace) -> int:
    tester = _Tester(args)
    programs = tester.load_all(find_programs(args.paths))
    if not any(tests for _, tests in programs) and not tester.broken:
        raise _no_tests(args)
    with asyncio.Runner() as runner:
        runner.run(tester.run_all(programs))
    tester.report()
    return FINDINGS if tester.broken or not all(o.passed for o in tester.outcomes) else CLEAN


def _no_tests(args: argparse.Namespace) -> SglError:
    where = ", ".join(f"`{path}`" for path in args.paths)
    if args.pattern:
        problem, help_ = f"no test in {where} holds `{args.pattern}` in its name", "leave -k out to run all"
    else:
        problem, help_ = f"no test blocks in {where}", 'write one: test "what should hold": ... expect ...'
    return SglError([NoTests(problem=problem, help=help_)])


class _Tester:
    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.outcomes: list[Outcome] = []
        self.broken = 0
        self.noted: list[str] = []
        self.started = time.monotonic()

    def load_all(self, paths: Sequence[str]) -> list[tuple[Loaded, list[Test]]]:
        """Every program with its chosen tests; a program with errors is reported and left out."""
        programs = []
        for path in paths:
            try:
                loaded = load(path, (), self.args.python_path)
            except SglError as error:
                if all(d.source is None for d in error.diagnostics):
                    raise
                self.broken += 1
                found = sorted(error.diagnostics, key=Diagnostic.sort_key)
                note(paint(render_text(found), sys.stderr).rstrip("\n"))
                continue
            programs.append((loaded, [test for test in loaded.plan.tests if self._chosen(path, test)]))
        return programs

    def _chosen(self, path: str, test: Test) -> bool:
        return self.args.pattern.lower() in f"{path}::{test.name}".lower()

    async def run_all(self, programs: Sequence[tuple[Loaded, list[Test]]]) -> None:
        async with EnginePool() as pool:
            for loaded, tests in programs:
                if tests:
                    await self._run_program(loaded, tests, pool)

    async def _run_program(self, loaded: Loaded, tests: Sequence[Test], pool: EnginePool) -> None:
        asking = [test.function for test in tests if self.args.record or not test.replay]
        entries = [test.function for test in tests]
        async with Running(loaded, self.args, entries, asking=asking, pool=pool, check_tools=False) as running:
            show_notes([line for line in running.notes if line not in self.noted], quiet=self.args.quiet)
            self.noted += running.notes
            if self.args.format == "text":
                out(loaded.path)
            for test in tests:
                outcome = await self._run_test(loaded, test, running)
                self.outcomes.append(outcome)
                if self.args.format == "text":
                    out(as_text(outcome, sys.stdout))
                    sys.stdout.flush()

    async def _run_test(self, loaded: Loaded, test: Test, running: Running) -> Outcome:
        replay = self._replay_file(loaded, test)
        try:
            recording = self._recording(replay)
        except SglError as error:
            return Outcome(loaded.path, Verdict(test.name, (), self._failure(error), Usage(), 0.0))
        verdict = await running.program.run_test(
            test.name, seed=self.args.seed, deadline_s=self.args.timeout, caller=recording.caller
        )
        if verdict.passed:
            try:
                recording.save()
            except SglError as error:
                verdict = msgspec.structs.replace(verdict, error=self._failure(error))
        return Outcome(loaded.path, verdict, recording.unused if verdict.passed else 0)

    def _failure(self, error: SglError) -> RunError:
        """One recording that cannot be read or written fails one test."""
        (diagnostic,) = error.diagnostics
        hint = diagnostic.hint_text if self.args.record else "record it with `sglc test --record`"
        return RunError("engine", diagnostic.message, hint=hint)

    def _recording(self, replay: str | None) -> Recording:
        if replay is None:
            return Recording(None, None)
        if not self.args.record:
            return Recording(None, replay)
        try:
            os.makedirs(os.path.dirname(replay) or ".", exist_ok=True)
        except OSError as error:
            raise cannot_write(replay, error) from None
        return Recording(replay, None)

    def _replay_file(self, loaded: Loaded, test: Test) -> str | None:
        if not test.replay:
            return None
        folder = self.args.replay_dir or os.path.dirname(loaded.path)
        return os.path.normpath(os.path.join(folder, test.replay))

    # --- report ---

    def report(self) -> None:
        if self.args.format == "json":
            out(as_json(self.outcomes))
        elif self.args.format == "junit":
            out(as_junit(self.outcomes))
        failed = sum(not outcome.passed for outcome in self.outcomes)
        parts = [f"{len(self.outcomes) - failed:,} passed"] + ([f"{failed:,} failed"] if failed else [])
        if self.broken:
            parts.append(f"{plural(self.broken, 'program')} with errors")
        if self.args.format == "text":
            seconds = time.monotonic() - self.started
            note(f"{plural(len(self.outcomes), 'test')}: {', '.join(parts)} in {seconds:.2f} s")
