"""Every program in tests/cases/run_errors goes through the command line as its first comments say:

    # $ run SGL811-fail.sgl --n 3       a command, without `sglc`; there may be several
    # file rows.jsonl {"n": 1}          a file, made beforehand; \\n is a line end
    # tool 503 {"error": "closed"}      what the server at STOCK_URL answers; `slow` for the status: nothing in time

What is printed and the exit codes are in the .err file beside it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import golden
import pytest
from web_stub import web_stub

from sglc.catalog import CATALOG

Cli = Callable[..., Any]
CASES = Path(__file__).parents[1] / "cases" / "run_errors"
FOUND_WHILE_RUNNING = [cls.code for cls in CATALOG if cls.code.startswith("SGL8")]
WITHOUT_CASE = {"SGL817"}  # no program is known for which it happens; test_commands_fix.py makes a bad fix


def directives(program: str) -> Iterator[tuple[str, str]]:
    """The words behind `#` in the first lines, as (kind, rest)."""
    for line in program.splitlines():
        if not line.startswith("# "):
            return
        kind, _, rest = line.removeprefix("# ").partition(" ")
        yield kind, rest


@contextmanager
def server(found: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The url of a server that answers as the case wants, where it wants one."""
    answer = next((rest for kind, rest in found if kind == "tool"), None)
    if answer is None:
        yield ""
        return
    status, _, body = answer.partition(" ")
    code, delay = (200, 1.0) if status == "slow" else (int(status), 0.0)
    with web_stub(body.encode(), status=code, delay=delay) as stub:
        monkeypatch.setenv("STOCK_URL", stub.url)
        yield stub.url


@pytest.mark.parametrize("path", sorted(CASES.glob("*.sgl")), ids=lambda path: path.stem)
def test_case(
    path: Path, cli: Cli, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STOCK_URL", raising=False)
    program = path.read_text("utf-8")
    found = list(directives(program))
    (tmp_path / path.name).write_text(program, encoding="utf-8")
    for rest in (rest for kind, rest in found if kind == "file"):
        name, _, content = rest.partition(" ")
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content.replace("\\n", "\n"), encoding="utf-8")
    shown = ""
    with server(found, monkeypatch) as url:
        for command in (rest for kind, rest in found if kind == "$"):
            result = cli(*shlex.split(command))
            text = f"$ sglc {command}\n{result.out}{result.err}exit code {result.code}\n\n"
            shown += text.replace(url, "http://127.0.0.1:PORT") if url else text
    assert path.name.split("-")[0] in shown, shown
    golden.compare(shown.rstrip("\n") + "\n", path.with_suffix(".err"), request.config)


@pytest.mark.parametrize("code", FOUND_WHILE_RUNNING)
def test_every_code_of_runs_has_a_case(code: str) -> None:
    if code not in WITHOUT_CASE:
        assert list(CASES.glob(f"{code}-*.sgl")), f"add tests/cases/run_errors/{code}-name.sgl"
