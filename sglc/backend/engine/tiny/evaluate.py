"""Evaluates a model on the held-out side: `python -m sglc.backend.engine.tiny.evaluate [FOLDER] [--cases N]`.

Every case is a run of a program by sglc's own runtime and engine, greedy, as a user would run it; a case counts when the
program's result is right. Prints a table by task, and one by kind and language; `--json FILE` writes the figures, and
`--write` puts them into the model's folder, where `sglc models` finds them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sglc.backend.engine.interface import Engine, EngineConfig
from sglc.backend.engine.load import TINY, make_engine
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.engine.tiny.corpus.tasks import TASKS
from sglc.backend.errors import RunError
from sglc.backend.runtime import Program
from sglc.backend.tools.errors import ToolError
from sglc.ir.outcome import ToolFailure


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


async def evaluate(
    model: str, tasks: tuple[Task, ...], cases: int, *, held_out: bool, show: int
) -> list[dict[str, Any]]:
    """One line a task: name, kind, language, cases, right (share), seconds."""
    engine = make_engine(EngineConfig(model))
    await engine.start()
    lines = []
    try:
        for task in tasks:
            started = time.monotonic()
            right = wrong = 0
            for seed in range(cases):
                case = task.make(Draw(f"evaluation/{task.name}/{seed}", held_out=held_out))
                if await is_right(case, engine):
                    right += 1
                elif wrong < show:
                    wrong += 1
                    await _show(task, case, engine)
            line = {"task": task.name, "kind": task.kind, "language": task.language, "cases": cases}
            lines.append(line | {"right": right / cases, "seconds": round(time.monotonic() - started, 1)})
            print(f"{task.name:30} {task.kind:15} {task.language} {right / cases:7.1%}", flush=True)
    finally:
        await engine.close()
    return lines


async def _show(task: Task, case: Case, engine: Engine) -> None:
    try:
        value = await Program(case.program.plan, {"": engine}, CaseTools(case)).run(case.function, case.args)
    except RunError as error:
        value = error
    print(f"  wrong: {task.name} {json.dumps(case.args, ensure_ascii=False)[:600]}\n    -> {value!r}", flush=True)


def by_kind(lines: list[dict[str, Any]]) -> dict[str, float]:
    """The mean share of right cases by `kind language`."""
    groups: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        groups[f"{line['kind']} {line['language']}"].append(line["right"])
    return {name: sum(shares) / len(shares) for name, shares in sorted(groups.items())}


def main() -> None:
    parser = argparse.ArgumentParser(description="evaluates a model on held-out cases")
    parser.add_argument("model", nargs="?", default=TINY)
    parser.add_argument("--cases", type=int, default=100, help="cases of each task")
    parser.add_argument("--tasks", default="", help="only tasks whose name contains this")
    parser.add_argument("--training", action="store_true", help="the training side instead")
    parser.add_argument("--show", type=int, default=0, help="show so many wrong cases of each task")
    parser.add_argument("--json", help="write the figures here")
    arguments = parser.parse_args()
    tasks = tuple(task for task in TASKS if arguments.tasks in task.name)
    run = evaluate(arguments.model, tasks, arguments.cases, held_out=not arguments.training, show=arguments.show)
    lines = asyncio.run(run)
    for name, share in by_kind(lines).items():
        print(f"{name:30} {share:7.1%}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
