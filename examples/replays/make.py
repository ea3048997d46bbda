"""Scripted replies -> the recordings beside this file, which the examples' tests replay.

`python examples/replays/make.py` runs every test of the examples with the replies below (a pattern of paths, and what the
model says there), with the example tools on, and records them. Run it after a change of an example's prompts.
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
    "trip": [
        (r"days\[0\]\.plan", '{"title":"Old streets","stops":[{"time":"morning","place":"Alfama","why":"narrow streets, '
         'tiles, views"},{"time":"evening","place":"Bairro Alto","why":"small places to eat"}]}'),
        (r"days\[1\]\.plan", '{"title":"Art without hurry","stops":[{"time":"morning","place":"Gulbenkian Museum","why":"art '
         'and a quiet garden"},{"time":"afternoon","place":"LX Factory","why":"design, books, coffee"}]}'),
        (r"days\[2\]\.plan", '{"title":"By the river","stops":[{"time":"morning","place":"Belem","why":"pastries and the '
         'tower"},{"time":"afternoon","place":"Cais do Sodre","why":"a last walk before the flight"}]}'),
    ],
    "support": [(r"extract\.req", '{"order_id":"A12345","intent":"logistics"}')],
    "support_retry": [
        (r"extract\.req#0", '{"order_id":"999999","intent":"refund"}'),
        (r"extract\.req#1", '{"order_id":"445566","intent":"refund"}'),
    ],
    "product": [(r"item", '{"name":"Aurora desk lamp","maker":"Lumen Works","price":{"amount":49.90,"currency":"EUR"},'
                 '"colors":["black","brass"],"in_stock":false}')],
    "product_bare": [(r"item", '{"name":"mug","maker":null,"price":null,"colors":[],"in_stock":true}')],
    "chat": [(r"reply#0", "Nice to meet you, Ann!"), (r"reply#1", "Your name is Ann.")],
    "tree_of_thought": [
        (r"leaves\[0\]\.text", "Subtract the times."),
        (r"leaves\[1\]\.text", "Count the minutes to the full hour, then on."),
        (r"leaves\[2\]\.text", "Turn both times into minutes."),
        (r"leaves\[0\]\.tried\[\d\]\.text", "11:15 - 9:40 = 1.75 hours."),
        (r"leaves\[1\]\.tried\[\d\]\.text", "20 minutes to 10:00, then 75 minutes: 95 minutes."),
        (r"leaves\[2\]\.tried\[\d\]\.text", "675 - 580 = 95, so 95 minutes."),
        (r".*\.why", "I checked each step."),
        (r"leaves\[0\].*\.grade", "3"),
        (r"leaves\[1\].*\.grade", "8"),
        (r"leaves\[2\].*\.grade", "9"),
    ],
    "tips": [
        (r"out\[0\]\.tip", "Keep the room dark"), (r"out\[1\]\.tip", "Go to bed at the same time"),
        (r"out\[2\]\.tip", "No screens in the last hour"), (r"out\[3\]\.tip", "Move during the day"),
        (r"out\[4\]\.tip", "Drink less coffee"),
        (r"out\[0\].*text", "A dark room tells the body that it is night, so sleep comes sooner and lasts."),
        (r".*text", "It helps the body to find its rhythm, and the nights get calmer."),
    ],
    "judge": [
        (r"notes\[0\]\.note", "Short and easy to follow."), (r"notes\[1\]\.note", "A common claim."),
        (r"notes\[2\]\.note", "It names a study."), (r"grade", "8"),
    ],
    "react": [
        (r"loop\[0\]\.thought", "I should look up Lisbon."),
        (r"loop\[0\]\.step", '{"name":"search","arguments":{"query":"Lisbon river"}}'),
        (r"loop\[1\]\.thought", "The article names the river."),
        (r"loop\[1\]\.step", '{"name":"finish","arguments":{"answer":"The Tagus."}}'),
    ],
    "vote": [
        (r"results\[\d\]\.thought", "Three times twelve is 36, less 5."),
        (r"results\[[03]\]\.result", "36"), (r"results\[\d\]\.result", "31"),
    ],
    "sentiment": [(r"label", "negative")],
    "batch": [
        (r".*\[0\].*found", '{"topic":"delivery","urgent":true}'),
        (r".*\[1\].*found", '{"topic":"quality","urgent":false}'),
    ],
    "character": [(r"sheet", '{"name":"Tomas","house":"Oak","age":34,"wand":{"wood":"willow","length":10.5},"alive":true}')],
    "city": [
        (r"name", "Porto"), (r"population", "230000"), (r"language", "Portuguese"), (r"currency", "euro"),
        (r"sights", '["Ribeira","the cathedral","Serralves"]'),
    ],
    "documents": [(r"answer", "30 days")],
    "kefu": [(r".*结果", '{"订单号":"A12345","意图":"物流"}')],
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
            for test in plan.tests:
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
