"""Evaluates a model on the held-out side: `python -m sglc.backend.engine.tiny.evaluate [FOLDER] [--cases N]`.

Every case is a run of a program by sglc's own runtime and engine, greedy, as a user would run it; a case counts when the
program's result is right. Prints a table by task, and one by kind and language; `--json FILE` writes the figures, and
`--write` puts them into the model's folder, where `sglc models` finds them.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import json
import multiprocessing
import os
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from sglc.backend.engine.interface import Engine, EngineConfig, EngineError
from sglc.backend.engine.load import TINY, make_engine, tiny_folder
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.engine.tiny.corpus.tasks import TASKS
from sglc.backend.errors import RunError
from sglc.backend.runtime import Program
from sglc.backend.tools.errors import ToolError
from sglc.ir.outcome import ToolFailure


class Line(msgspec.Struct, frozen=True):
    """A task's figures. `right`: the share of right cases."""

    task: str
    kind: str
    language: str
    right: float
    seconds: float


class CaseTools:
    """The tools of a case, as the runtime calls them."""

    def __init__(self, case: Case) -> None:
        self.case = case

    async def call(self, name: str, args: Mapping[str, Any], *, deadline: float | None = None) -> Any:
        if self.case.tools is None:
            raise ToolError("unreachable", "the case has no tools", tool=name)
        try:
            return self.case.tools(name, dict(args))
        except ToolFailure as error:
            raise ToolError("unreachable", str(error), tool=name) from None


async def is_right(case: Case, engine: Engine) -> bool:
    """Run a case; a program that fails is wrong. A case may be a `test` of its program, which has to pass."""
    program = Program(case.program.plan, {"": engine}, CaseTools(case))
    for test in case.program.plan.tests:
        if test.function == case.function:
            return (await program.run_test(test.name)).passed
    try:
        return bool(case.check(await program.run(case.function, case.args)))
    except RunError:
        return False


async def evaluate(model: str, task: Task, cases: int, *, held_out: bool, show: int) -> Line:
    """Runs `cases` cases of a task, and shows the first `show` of those that are wrong."""
    engine = make_engine(EngineConfig(model))
    await engine.start()
    started = time.monotonic()
    right = wrong = 0
    try:
        for seed in range(cases):
            case = task.make(Draw(f"evaluation/{task.name}/{seed}", held_out=held_out))
            if await is_right(case, engine):
                right += 1
            elif wrong < show:
                wrong += 1
                await _show(task, case, engine)
    finally:
        await engine.close()
    return Line(task.name, task.kind, task.language, right / cases, round(time.monotonic() - started, 1))


async def _show(task: Task, case: Case, engine: Engine) -> None:
    program = Program(case.program.plan, {"": engine}, CaseTools(case))
    value: Any
    try:
        tests = [test.name for test in case.program.plan.tests if test.function == case.function]
        value = await (program.run_test(tests[0]) if tests else program.run(case.function, case.args))
    except RunError as error:
        value = error
    print(f"  wrong: {task.name} {json.dumps(case.args, ensure_ascii=False)[:600]}\n    -> {value!r}", flush=True)


def _evaluated(name: str, model: str, cases: int, training: bool, show: int) -> Line:
    """One task, in a worker process."""
    (task,) = (task for task in TASKS if task.name == name)
    try:
        return asyncio.run(evaluate(model, task, cases, held_out=not training, show=show))
    except EngineError as error:
        raise RuntimeError(str(error)) from None  # which can be pickled


def by_kind(lines: Sequence[Line]) -> dict[str, dict[str, float]]:
    """The mean share of right cases: kind -> language -> share."""
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    for line in lines:
        groups[line.kind, line.language].append(line.right)
    means: dict[str, dict[str, float]] = {}
    for (kind, language), shares in sorted(groups.items()):
        means.setdefault(kind, {})[language] = sum(shares) / len(shares)
    return means


def report(lines: Sequence[Line], cases: int) -> str:
    """As evaluation.json has it, for `sglc models`."""
    told = {"date": f"{datetime.date.today()}", "cases": cases, "kinds": by_kind(lines)}
    return json.dumps(told | {"tasks": msgspec.to_builtins(lines)}, indent=1) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="evaluates a model on held-out cases")
    parser.add_argument("model", nargs="?", default=TINY)
    parser.add_argument("--cases", type=int, default=100, help="cases of each task")
    parser.add_argument("--tasks", default="", help="only tasks whose name contains one of these, comma-separated")
    parser.add_argument("--training", action="store_true", help="the training side instead")
    parser.add_argument("--show", type=int, default=0, help="show so many wrong cases of each task")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--json", help="write the figures here")
    parser.add_argument("--write", action="store_true", help="write them beside the weights, for `sglc models`")
    arguments = parser.parse_args()
    names = [task.name for task in TASKS if any(part in task.name for part in arguments.tasks.split(","))]
    if not names:
        parser.error(f"--tasks: no task has {arguments.tasks} in its name")
    if arguments.cases < 1 or arguments.workers < 1:
        parser.error("--cases and --workers have to be at least 1")
    if arguments.write and (arguments.tasks or arguments.training):
        parser.error("--write is for all tasks of the held-out side")
    if arguments.model != TINY and not Path(arguments.model).is_dir():
        parser.error(f"there is no folder {arguments.model}")
    run = partial(
        _evaluated,
        model=arguments.model,
        cases=arguments.cases,
        training=arguments.training,
        show=arguments.show,
    )
    lines = []
    with multiprocessing.get_context("spawn").Pool(arguments.workers) as pool:
        for line in pool.imap(run, names):
            lines.append(line)
            print(f"{line.task:30} {line.kind:15} {line.language} {line.right:7.1%} {line.seconds:6.0f} s", flush=True)
    for kind, shares in by_kind(lines).items():
        print(f"{kind:15}", "  ".join(f"{language} {share:6.1%}" for language, share in shares.items()))
    if arguments.json:
        Path(arguments.json).write_text(report(lines, arguments.cases), encoding="utf-8")
    if arguments.write:
        folder = tiny_folder() if arguments.model == TINY else Path(arguments.model)
        (folder / "evaluation.json").write_text(report(lines, arguments.cases), encoding="utf-8")


if __name__ == "__main__":
    main()
