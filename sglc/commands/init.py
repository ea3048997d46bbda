"""sglc init: a folder with a program, its test, settings and checks, which all work at once."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os

from sglc.commands.errors import NotEmpty
from sglc.commands.failure import CLEAN, cannot_write
from sglc.commands.files import write_atomic
from sglc.commands.terminal import out
from sglc.diagnostics import SglError

PROGRAM = '''\
"""Sorts the messages that a web shop gets, and drafts an answer."""

enum Topic:
    delivery "where an order is, when it comes"
    refund "money back, an exchange, a complaint"
    other "everything else"


def sort_message(message: str) -> Topic:
    system: "You sort the messages that a web shop gets. Answer with one word."
    user: "{describe(Topic)}\\n\\nMessage: {message}"
    assistant: gen topic: Topic
    return topic


def answer(message: str = "Where is my parcel A12345?" "what the customer wrote") -> str:
    topic = sort_message(message)
    system: "You work for a small web shop. Answer in at most two sentences."
    user: "A message about {topic}: {message}"
    assistant: gen reply: str with max_tokens=80, stop="\\n"
    return reply


test "a parcel is a delivery" with replay="delivery.jsonl":
    expect sort_message("Where is my parcel A12345?") == delivery
'''

SETTINGS = """\
[tool.sglc]
# model = "models/my-model"       a folder as transformers saves it; without it the demonstration model runs
# ignore = ["SGL202"]             findings that this project does not want

[tool.sglc.tools]
# allow-hosts = ["api.example.com"]   when this is given, tools reach these hosts only
# python-path = ["tools"]             folders with the modules of python tools
# env-file = ".env"                   values for {env.NAME}
"""

README = """\
# A project with sglc

    sglc run main.sgl --message "I want my money back."
    sglc test .            # runs the test blocks; recorded replies stand in for the model
    sglc lint .            # finds mistakes; --fix repairs what it can
    sglc fmt .             # formats
    sglc explain main.sgl --prompt

Without a model of your own, `sglc run` uses a small demonstration model that runs on any machine. Give a real one with
`--model FOLDER`, or once and for all in pyproject.toml. After a change of the prompts record the replies anew:

    sglc test . --record --model FOLDER

`pre-commit install` checks each commit; .github/workflows/sglc.yml checks each push.
"""

PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: sglc-lint
        name: sglc lint
        entry: sglc lint
        language: system
        files: \\.sgl$
      - id: sglc-fmt
        name: sglc fmt
        entry: sglc fmt
        language: system
        files: \\.sgl$
"""

WORKFLOW = """\
name: sglc
on: [push, pull_request]
jobs:
  programs:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: pip install sglc
      - run: sglc lint --format github .
      - run: sglc fmt --check .
      - run: sglc test .
"""

IGNORED = """\
.sglc_cache/
*.sglx
.env
"""

FILES: tuple[tuple[str, str], ...] = (
    ("main.sgl", PROGRAM),
    ("pyproject.toml", SETTINGS),
    ("README.md", README),
    (".pre-commit-config.yaml", PRE_COMMIT),
    (".github/workflows/sglc.yml", WORKFLOW),
    (".gitignore", IGNORED),
)


RECORDING = "delivery.jsonl"
REPLY = "delivery"
"""What stands in for a model when the project's test is recorded."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="where (default: here)")


def run(args: argparse.Namespace) -> int:
    targets = [os.path.normpath(os.path.join(args.folder, name)) for name, _ in (*FILES, (RECORDING, ""))]
    for target in targets:
        if os.path.lexists(target):
            raise SglError([NotEmpty(path_=target)])
    try:
        _write(targets)
    except BaseException:
        # With half a project left behind, another try would be refused.
        for target in targets:
            with contextlib.suppress(OSError):
                os.unlink(target)
        raise
    out("".join(f"wrote {target}\n" for target in targets))
    place = "" if args.folder == "." else f"cd {args.folder}\n  "
    out(f'\nNow try:\n  {place}sglc test .\n  sglc run main.sgl --message "I want my money back."')
    return CLEAN


def _write(targets: list[str]) -> None:
    for target, (_, text) in zip(targets, FILES, strict=False):
        try:
            os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
        except OSError as error:
            raise cannot_write(target, error) from None
        write_atomic(target, text.encode("utf-8"))
    asyncio.run(_record(targets[0], targets[-1]))


async def _record(program: str, recording: str) -> None:
    """The recording of the project's test, made here so that it fits the prompts of this version."""
    from sglc.backend.engine.echo import EchoEngine
    from sglc.backend.runtime import Program
    from sglc.backend.tools.policy import ToolPolicy
    from sglc.backend.tools.toolbox import Toolbox
    from sglc.commands.program import load
    from sglc.commands.recording import Recording

    plan = load(program).plan
    recorder = Recording(recording, None)
    async with Toolbox((), ToolPolicy(), plan.type_table) as tools:
        runnable = Program(plan, {"": EchoEngine(lambda *_: REPLY)}, tools)
        await runnable.run_test(plan.tests[0].name, caller=recorder.caller)
    recorder.save()
