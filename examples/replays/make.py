"""Scripted replies -> the recordings beside this file, which the examples' tests replay.

`python examples/replays/make.py` runs those tests of the examples that replay, with the replies below (a pattern of paths,
and what the model says there), with the example tools on, and records them. Run it after a change of an example's prompts.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from sglc.backend.caller import GenAnswer, GenCall, SelectAnswer, SelectCall
from sglc.backend.engine.echo import EchoEngine
from sglc.backend.example_tools import ExampleTools
from sglc.backend.prompt import Handles
from sglc.backend.replay import Recorder
from sglc.backend.runtime import Program
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.toolbox import Toolbox
from sglc.pipeline import compile_program

HERE = Path(__file__).parent
EXAMPLES = HERE.parent

REPLIES: dict[str, list[tuple[str, str]]] = {
    "support_retry": [
        (r"extract\.req#0", '{"order_id":"999999","intent":"refund"}'),
        (r"extract\.req#1", '{"order_id":"445566","intent":"refund"}'),
    ],
    "vote": [
        (r"results\[\d\]\.thought", "Three times twelve is 36, less 5."),
        (r"results\[[03]\]\.result", "36"), (r"results\[\d\]\.result", "31"),
    ],
}  # fmt: skip


class Scripted:
    """Answers with the first reply whose pattern takes the end of the path; `path#n` is the n-th generation at a path."""

    def __init__(self, replies: list[tuple[str, str]]) -> None:
        self.replies = replies
        self.seen: dict[str, int] = {}

    def _reply(self, path: str) -> str:
        number = self.seen[path] = self.seen.get(path, -1) + 1
        for pattern, reply in self.replies:
            if re.fullmatch(rf"(?:.*\.)?(?:{pattern})", path if "#" not in pattern else f"{path}#{number}"):
                return reply
        raise LookupError(f"no reply is scripted for `{path}`, number {number}")

    async def gen(self, call: GenCall) -> GenAnswer:
        reply = self._reply(call.path)
        if call.request.constraint is not None and not call.request.constraint.matches(reply.encode()):
            raise ValueError(f"the reply for `{call.path}` does not fit its type: {reply}")
        return GenAnswer(reply)

    async def select(self, call: SelectCall) -> SelectAnswer:
        choices = call.request.choices
        try:
            index = choices.index(self._reply(call.path))
        except LookupError:
            index = 0
        return SelectAnswer(index, tuple(-1.0 - abs(i - index) for i in range(len(choices))))

    def count_tokens(self, handles: Handles, model: str, text: str) -> int:
        return len(text.split())


async def record() -> int:
    failed = 0
    async with ExampleTools() as tools:
        policy = ToolPolicy(
            env=tools.env,
            private_hosts=(tools.host,),
            python_modules=("shop_tools",),
            python_paths=(str(EXAMPLES),),
        )
        for path in sorted(EXAMPLES.glob("*.sgl")):
            plan = compile_program(str(path)).plan
            for test in (test for test in plan.tests if test.replay):
                name = Path(test.replay).stem
                recorder = Recorder(Scripted(REPLIES[name]))
                async with Toolbox(plan.tools, policy, plan.type_table) as toolbox:
                    program = Program(plan, {"": EchoEngine()}, toolbox)
                    verdict = await program.run_test(test.name, caller=recorder)
                recorder.save(HERE / f"{name}.jsonl")
                failed += not verdict.passed
                print(f"{'ok  ' if verdict.passed else 'FAIL'} {path.name}: {test.name}", verdict.error or "")
                for found in verdict.expectations:
                    if not found.passed:
                        print("     ", found)
    return failed


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(record()) else 0)
