"""sglc init: the new project works at once, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sglc.commands import init
from sglc.commands.errors import CannotWrite
from sglc.diagnostics import SglError

Cli = Callable[..., Any]


def test_the_new_project_works_at_once(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    result = cli("init", "shop")
    assert result.code == 0, result.err
    assert "wrote shop/main.sgl\n" in result.out
    assert "cd shop" in result.out
    monkeypatch.chdir("shop")
    lint = cli("lint", ".")
    assert (lint.code, lint.out) == (0, "")
    assert cli("fmt", "--check", ".").code == 0
    tests = cli("test", ".")
    assert (tests.code, tests.err.startswith("1 test: 1 passed")) == (0, True), tests
    assert cli("run", "main.sgl", "--engine", "echo", "--quiet").code == 0
    assert cli("compile", "main.sgl").code == 0
    assert cli("explain", "main.sgl", "--prompt").code == 0
    assert not Path(".sglc_cache/.gitignore").read_text().strip("*\n")


def test_here(cli: Cli) -> None:
    result = cli("init")
    assert result.code == 0
    assert Path("main.sgl").exists()
    assert "cd " not in result.out


@pytest.mark.parametrize("name", ["main.sgl", "pyproject.toml", "README.md", "delivery.jsonl"])
def test_nothing_is_overwritten(cli: Cli, name: str) -> None:
    Path("shop").mkdir()
    Path("shop", name).write_text("mine")
    result = cli("init", "shop")
    assert result.code == 2
    assert result.err.startswith(f"sglc: error: `shop/{name}` is already there [SGL816]\n")
    assert [path.name for path in Path("shop").iterdir()] == [name]
    assert Path("shop", name).read_text() == "mine"


def test_a_folder_that_cannot_be_made(cli: Cli) -> None:
    Path("file").touch()
    assert cli("init", "file/shop").code == 2


def test_a_failure_leaves_nothing_half_made(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise SglError([CannotWrite(path_="new/delivery.jsonl", reason="no space left on device")])

    with monkeypatch.context() as patch:
        patch.setattr(init, "_record", full)
        assert cli("init", "new").code == 2
    assert not [path for path in Path("new").rglob("*") if path.is_file()]
    assert cli("init", "new").code == 0
