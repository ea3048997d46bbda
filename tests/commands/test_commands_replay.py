"""--record and --replay: what a recording that no longer fits says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
PROGRAM = """def main(n: int = 2) -> list[str]:
    out = fork i in range(n):
        "Branch {i}: {gen t: str with max_tokens=4}"
        yield t
    return out
"""


@pytest.fixture(autouse=True)
def recorded(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.sgl").write_text(PROGRAM)
    assert cli("run", "p.sgl", "--record", "r.jsonl", "--engine", "echo", "--quiet").code == 0


def test_a_recording_that_fits_is_used_up(cli: Cli) -> None:
    result = cli("run", "p.sgl", "--replay", "r.jsonl")
    assert (result.code, result.err) == (0, "")


def test_replies_that_are_left_over_are_counted(cli: Cli) -> None:
    result = cli("run", "p.sgl", "--n", "1", "--replay", "r.jsonl")
    assert (result.code, result.err) == (0, "note: replies in `r.jsonl` that were not asked for: 1\n")
    assert cli("run", "p.sgl", "--n", "1", "--replay", "r.jsonl", "--quiet").err == ""


def test_a_reply_that_is_missing_is_named(cli: Cli) -> None:
    result = cli("run", "p.sgl", "--n", "3", "--replay", "r.jsonl", "--quiet")
    assert result.code == 1
    assert "the recording has no reply for `out[2].t`" in result.err
    assert "--> p.sgl:3:" in result.err


def test_a_prompt_that_changed_is_shown(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.sgl").write_text(PROGRAM.replace("Branch", "Part"))
    result = cli("run", "p.sgl", "--replay", "r.jsonl", "--quiet")
    assert result.code == 1
    assert "the prompt of `out[0].t` is not the recorded one: message 1 (plain text) now reads 'Part 0: '" in result.err
