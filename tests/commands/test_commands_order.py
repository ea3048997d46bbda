"""Words of the command line may come in any order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]

PROGRAM = """def one(n: int) -> int:
    return n


def two(n: int) -> int:
    return 2 * n
"""


@pytest.fixture(autouse=True)
def program(tmp_path: Path) -> None:
    for name in ("a.sgl", "b.sgl", "-c.sgl"):
        (tmp_path / name).write_text(PROGRAM)


@pytest.mark.parametrize(
    "words",
    [
        ("a.sgl", "one", "--quiet", "--n", "3"),
        ("a.sgl", "--quiet", "one", "--n", "3"),
        ("--quiet", "a.sgl", "--n", "3", "one"),
        ("--n=3", "--engine", "echo", "a.sgl", "--quiet", "one"),
    ],
)
def test_the_name_may_stand_behind_options(cli: Cli, words: tuple[str, ...]) -> None:
    assert cli("run", *words).out == "3\n"


def test_files_may_stand_around_options(cli: Cli) -> None:
    assert "2 unchanged" in cli("fmt", "a.sgl", "--check", "b.sgl").err
    assert "2 unchanged" in cli("fmt", "--check", "--", "-c.sgl", "a.sgl").err


def test_a_word_too_many_is_named(cli: Cli) -> None:
    result = cli("run", "a.sgl", "--quiet", "one", "more", "--n", "3")
    assert (result.code, "one argument too many: `more`" in result.err) == (2, True)
