"""Compiled programs on the command line: equal bytes wherever they are made, and errors with the lines of the source."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]

MAIN = """from "./lib/greet.sgl" import greet

tool look(what: str) -> str:
    http GET "http://127.0.0.1:9/{what}"

def main(name: str) -> str:
    use greet(name)
    return look(name)
"""
LIB = """template greet(name: str):
    "Hello {name}. "
    ensure name != "nobody", "nobody cannot be greeted"
"""


def write_program(folder: Path) -> Path:
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "greet.sgl").write_text(LIB)
    (folder / "main.sgl").write_text(MAIN)
    return folder / "main.sgl"


def test_a_program_compiles_to_equal_bytes_however_it_is_named(cli: Cli, tmp_path: Path) -> None:
    write_program(tmp_path / "one")
    write_program(tmp_path / "two" / "deep")
    os.symlink("one", tmp_path / "link")
    found = set()
    named = (
        "one/main.sgl",
        "./two/../one/main.sgl",
        "two/deep/main.sgl",
        str(tmp_path / "one/main.sgl"),
        "link/main.sgl",
    )
    for name in named:
        assert cli("compile", name, "-o", "out.sglx").code == 0
        found.add((tmp_path / "out.sglx").read_bytes())
    assert len(found) == 1


def test_a_program_compiles_to_equal_bytes_in_every_process(tmp_path: Path) -> None:
    folder = write_program(tmp_path / "one").parent
    found = set()
    for seed, cwd, name in (
        ("1", tmp_path, "one/main.sgl"),
        ("2", folder, "main.sgl"),
        ("3", folder / "lib", "../main.sgl"),
    ):
        os.utime(folder / "main.sgl", (int(seed), int(seed)))
        command = [sys.executable, "-m", "sglc", "compile", name, "-o", str(tmp_path / "out.sglx")]
        subprocess.run(command, cwd=cwd, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)
        found.add((tmp_path / "out.sglx").read_bytes())
    assert len(found) == 1


RUN = ("main", "--name", "nobody", "--engine", "echo", "--quiet", "--allow-private")


@pytest.mark.parametrize("artifact", ["one/main.sglx", "elsewhere.sglx"])
def test_a_compiled_program_fails_with_the_place_in_its_source(cli: Cli, tmp_path: Path, artifact: str) -> None:
    write_program(tmp_path / "one")
    cli("compile", "one/main.sgl", "-o", artifact)
    error = cli("run", artifact, *RUN).err
    if artifact == "elsewhere.sglx":
        assert error.startswith(
            "error[SGL811]: lib/greet.sgl:3:5: the condition stayed false: nobody cannot be greeted"
        )
    else:
        assert error.startswith(
            "error[SGL811]: the condition stayed false: nobody cannot be greeted\n  --> one/lib/greet.sgl:3:5\n"
        )
        assert '3 |     ensure name != "nobody"' in error


def test_a_line_of_a_source_that_has_changed_is_not_shown(cli: Cli, tmp_path: Path) -> None:
    write_program(tmp_path / "one")
    cli("compile", "one/main.sgl")
    (tmp_path / "one" / "lib" / "greet.sgl").write_text(f"# A new first line.\n{LIB}")
    error = cli("run", "one/main.sglx", *RUN).err
    assert error.startswith(
        "error[SGL811]: one/lib/greet.sgl:3:5: the condition stayed false: nobody cannot be greeted"
    )
    assert " | " not in error
