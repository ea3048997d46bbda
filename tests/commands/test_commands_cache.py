"""The lint cache never changes a result: not when files change, appear or vanish, nor when it is damaged or shared."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CLEAN = "def double(n: int) -> int:\n    return 2 * n\n"
ERROR = "def double(n: int) -> int:\n    return 2 * m\n"
IMPORTS = 'from "./b.sgl" import double\n\ndef four() -> int:\n    return double(2)\n'

Cli = Callable[..., Any]


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.sglc]\n")
    return tmp_path


@pytest.fixture
def analyses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of the programs that are really analysed."""
    from sglc import pipeline

    real = pipeline.analyze
    seen: list[str] = []

    def spy(path: str, *args: Any, **more: Any) -> Any:
        seen.append(path)
        return real(path, *args, **more)

    monkeypatch.setattr(pipeline, "analyze", spy)
    return seen


def entries(project: Path) -> list[Path]:
    return [path for path in (project / ".sglc_cache").iterdir() if path.name != ".gitignore"]


def test_unchanged_programs_are_not_analysed(cli: Cli, project: Path, analyses: list[str]) -> None:
    (project / "a.sgl").write_text(CLEAN)
    (project / "b.sgl").write_text(ERROR)
    first = cli("lint")
    assert sorted(analyses) == ["a.sgl", "b.sgl"]
    analyses.clear()
    assert cli("lint") == first
    assert analyses == []
    assert (project / ".sglc_cache/.gitignore").read_text() == "*\n"


def test_changed_programs_are(cli: Cli, project: Path, analyses: list[str]) -> None:
    (project / "a.sgl").write_text(CLEAN)
    assert cli("lint").code == 0
    (project / "a.sgl").write_text(ERROR)
    assert cli("lint").code == 1
    (project / "a.sgl").write_text(CLEAN)
    assert cli("lint").code == 0


def test_changed_imports_count(cli: Cli, project: Path) -> None:
    (project / "a.sgl").write_text(IMPORTS)
    (project / "b.sgl").write_text(CLEAN)
    assert cli("lint", "a.sgl").code == 0
    (project / "b.sgl").write_text(CLEAN.replace("double", "treble"))
    assert "SGL106" in cli("lint", "a.sgl").out
    (project / "b.sgl").unlink()
    assert "SGL101" in cli("lint", "a.sgl").out
    (project / "b.sgl").write_text(CLEAN)
    assert cli("lint", "a.sgl").code == 0


def test_files_that_appear_count(cli: Cli, project: Path) -> None:
    tool = 'tool stock(sku: str) -> int:\n    python "shop:stock"\n\ndef f() -> int:\n    return stock("a")\n'
    schema = 'type T = schema "t.json"\n\ndef g(t: T) -> T:\n    return t\n'
    (project / "a.sgl").write_text(tool + "\n" + schema)
    result = cli("lint")
    assert "SGL501" in result.out
    assert "SGL101" in result.out
    (project / "shop.py").write_text("def stock(sku: str) -> int:\n    return 1\n")
    (project / "t.json").write_text('{"type": "integer"}')
    assert cli("lint").code == 0
    (project / "shop.py").write_text("def stock(sku: int) -> int:\n    return 1\n")
    assert "SGL502" in cli("lint").out


def test_a_module_that_comes_before_another_counts(cli: Cli, project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.sglc.tools]\npython-path = ["lib"]')
    (project / "a.sgl").write_text(
        'tool stock(sku: str) -> int:\n    python "shop:stock"\n\ndef f() -> int:\n    return stock("a")\n'
    )
    (project / "lib").mkdir()
    (project / "lib/shop.py").write_text("def stock(sku: str) -> int:\n    return 1\n")
    assert cli("lint").code == 0
    (project / "shop.py").write_text("def other() -> int:\n    return 1\n")
    assert "SGL501" in cli("lint").out


def test_settings_need_no_new_analysis(cli: Cli, project: Path, analyses: list[str]) -> None:
    (project / "a.sgl").write_text(CLEAN + 'test "t":\n    x = 1\n')
    assert cli("lint").code == 1
    analyses.clear()
    (project / "pyproject.toml").write_text('[tool.sglc]\nignore = ["SGL701"]\n')
    assert cli("lint").code == 0
    assert cli("lint", "--select", "SGL7").code == 0
    assert analyses == []


def test_same_program_by_another_name(cli: Cli, project: Path) -> None:
    (project / "a.sgl").write_text(ERROR)
    assert "--> a.sgl:2" in cli("lint", "a.sgl").out
    assert "--> ./a.sgl:2" in cli("lint", "./a.sgl").out
    assert f"--> {project}/a.sgl:2" in cli("lint", str(project / "a.sgl")).out


@pytest.mark.parametrize("damage", ["empty", "cut", "flip", "other"])
def test_a_damaged_entry_counts_as_none(cli: Cli, project: Path, analyses: list[str], damage: str) -> None:
    (project / "a.sgl").write_text(ERROR)
    first = cli("lint")
    (entry,) = entries(project)
    raw = entry.read_bytes()
    changed = {
        "empty": b"",
        "cut": raw[:-3],
        "flip": raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:],
        "other": raw[:32] + b"\x90",
    }
    entry.write_bytes(changed[damage])
    analyses.clear()
    assert cli("lint") == first
    assert analyses == ["a.sgl"]
    assert entries(project)[0].read_bytes() == raw


def test_a_cache_that_cannot_be_written(cli: Cli, project: Path) -> None:
    (project / ".sglc_cache").write_text("not a folder")
    (project / "a.sgl").write_text(ERROR)
    assert cli("lint").code == 1
    assert (project / ".sglc_cache").read_text() == "not a folder"


def test_no_cache(cli: Cli, project: Path) -> None:
    (project / "a.sgl").write_text(CLEAN)
    assert cli("lint", "--no-cache").code == 0
    assert not (project / ".sglc_cache").exists()


def test_another_version_does_not_read_it(
    cli: Cli, project: Path, analyses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sglc.commands import cache

    (project / "a.sgl").write_text(CLEAN)
    cli("lint")
    analyses.clear()
    monkeypatch.setattr(cache, "tool_digest", lambda: "another")
    cli("lint")
    assert analyses == ["a.sgl"]


def test_processes_at_the_same_time(project: Path) -> None:
    for number in range(20):
        (project / f"{number}.sgl").write_text(ERROR if number % 2 else CLEAN)
    command = [sys.executable, "-m", "sglc", "lint", "--format", "json"]
    running = [subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE) for _ in range(3)]
    outputs = {process.communicate()[0] for process in running}
    assert len(outputs) == 1
    again = subprocess.run(command, cwd=project, stdout=subprocess.PIPE, check=False)
    assert {again.stdout} == outputs
    assert not [path for path in entries(project) if path.name.startswith(".")]
