"""sglc lint as a user calls it: what is checked, what is printed, which exit code, and what --fix changes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CLEAN = "def double(n: int) -> int:\n    return 2 * n\n"
ERROR = "def double(n: int) -> int:\n    return 2 * m\n"
WARNING = 'def double(n: int) -> int:\n    return 2 * n\n\ntest "nothing":\n    x = double(1)\n'
FIXABLE = "def double(n: int) -> int：\n    return 2 * n\n"

Cli = Callable[..., Any]


def write(path: str, text: str | bytes) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


# --- exit codes and the count ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "count"),
    [(CLEAN, 0, "no findings"), (ERROR, 1, "1 error"), (WARNING, 1, "1 warning"), ("", 0, "no findings")],
)
def test_exit_codes(cli: Cli, text: str, code: int, count: str) -> None:
    write("a.sgl", text)
    result = cli("lint", "a.sgl")
    assert (result.code, result.err) == (code, f"checked 1 program: {count}\n")


def test_text_shows_the_line(cli: Cli) -> None:
    write("a.sgl", ERROR)
    result = cli("lint", "a.sgl")
    assert result.out.startswith("error[SGL103]: unknown name `m`\n")
    assert "a.sgl:2:16" in result.out
    assert "2 |     return 2 * m" in result.out


def test_exit_zero(cli: Cli) -> None:
    write("a.sgl", ERROR)
    assert cli("lint", "--exit-zero").code == 0


def test_several_files_are_counted_once(cli: Cli) -> None:
    write("a.sgl", ERROR)
    write("b.sgl", 'from "./a.sgl" import double\n' + WARNING.replace("double", "treble"))
    result = cli("lint", ".", "a.sgl", "./a.sgl")
    assert result.out.count("SGL103") == 1
    assert "checked 2 programs" in result.err


# --- what is checked -------------------------------------------------------------------------------------------------


def test_folders_are_walked(cli: Cli) -> None:
    for name in ("a.sgl", "sub/b.sgl", ".hidden/c.sgl", ".venv/d.sgl", "node_modules/e.sgl", "venv/f.sgl", "sub/g.txt"):
        write(name, CLEAN)
    assert "checked 2 programs" in cli("lint").err


def test_exclude(cli: Cli) -> None:
    write("pyproject.toml", '[tool.sglc]\nexclude = ["old", "gen_*.sgl", "deep/er"]')
    for name in ("a.sgl", "old/b.sgl", "gen_1.sgl", "deep/er/c.sgl", "deep/d.sgl"):
        write(name, CLEAN)
    assert "checked 2 programs" in cli("lint").err
    assert "checked 1 program:" in cli("lint", "old/b.sgl").err


def test_a_folder_without_programs(cli: Cli) -> None:
    Path("empty").mkdir()
    result = cli("lint", "empty")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("sglc: error: no programs (*.sgl) in `empty` [SGL803]\n")


def test_an_unknown_file_has_a_near_name(cli: Cli) -> None:
    write("trip.sgl", CLEAN)
    result = cli("lint", "tripp.sgl")
    assert result.code == 2
    assert result.err == (
        "sglc: error: cannot read `tripp.sgl`: no such file or folder [SGL801]\n  hint: use `trip.sgl`\n"
    )


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs a file that opens but cannot be read")
def test_an_unreadable_file(cli: Cli) -> None:
    os.symlink("/proc/self/mem", "a.sgl")
    for command in (["lint"], ["fmt"], ["run"], ["compile", "-o", "x.sglx"], ["explain"], ["test"]):
        result = cli(*command, "a.sgl")
        assert result.code == 2, command
        assert "cannot read `a.sgl`: input/output error" in result.err


def test_invalid_utf8(cli: Cli) -> None:
    write("a.sgl", b'x = "caf\xe9"\n')
    result = cli("lint")
    assert result.code == 1
    assert "SGL" in result.out
    assert "a.sgl:1" in result.out
    assert "utf-8" in result.out.lower()


def test_ten_megabytes(cli: Cli) -> None:
    write("a.sgl", "# " + "x" * 10_000_000 + "\n")
    result = cli("lint")
    assert result.code == 1
    assert result.out.count("error[") == 1
    assert len(result.out) < 1000


def test_two_thousand_levels(cli: Cli) -> None:
    write("a.sgl", f"x = {'(' * 2000}1{')' * 2000}\n")
    blocks = "".join(f"{'    ' * depth}if true:\n" for depth in range(1, 2000))
    write("b.sgl", f"def f() -> none:\n{blocks}")
    write("c.sgl", "x = " + '"{' * 2000 + '"a"' + '}"' * 2000 + "\n")
    result = cli("lint")
    assert result.code == 1
    for name in ("a.sgl", "b.sgl", "c.sgl"):
        assert f"{name}:" in result.out


# --- formats ---------------------------------------------------------------------------------------------------------


def test_json(cli: Cli) -> None:
    write("a.sgl", ERROR + WARNING)
    result = cli("lint", "--format", "json")
    found = json.loads(result.out)
    assert result.err == ""
    assert [item["code"] for item in found if item["file"] == "a.sgl"] == [item["code"] for item in found]
    assert {"line", "column", "message", "severity"} <= found[0].keys()
    write("a.sgl", CLEAN)
    assert json.loads(cli("lint", "--format", "json").out) == []


def test_github(cli: Cli) -> None:
    write("a.sgl", ERROR)
    line = cli("lint", "--format", "github").out
    assert line.startswith("::error file=a.sgl,line=2,col=16,endLine=2,endColumn=17,title=SGL103::unknown name `m`")


def test_sarif(cli: Cli) -> None:
    write("a.sgl", ERROR)
    document = json.loads(cli("lint", "--format", "sarif").out)
    (run,) = document["runs"]
    assert run["results"][0]["ruleId"] == run["tool"]["driver"]["rules"][0]["id"] == "SGL103"


def test_statistics(cli: Cli) -> None:
    write("a.sgl", ERROR)
    write("b.sgl", WARNING)
    write("c.sgl", WARNING)
    result = cli("lint", "--statistics")
    assert result.out.splitlines() == ["2  SGL701  test expects nothing", "1  SGL103  unknown name `m`"]
    rows = json.loads(cli("lint", "--statistics", "--format", "json").out)
    assert rows[0] == {"code": "SGL701", "count": 2, "message": "test expects nothing"}


def test_colours_only_where_wanted(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.sgl", ERROR)
    assert "\x1b" not in cli("lint").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31merror" in cli("lint").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in cli("lint").out


# --- what is reported ------------------------------------------------------------------------------------------------


def test_select_and_ignore(cli: Cli) -> None:
    write("a.sgl", WARNING)
    assert cli("lint", "--ignore", "SGL7").code == 0
    assert cli("lint", "--select", "SGL3,SGL4").code == 0
    assert cli("lint", "--select", "sgl701").code == 1
    assert cli("lint", "--select", "SGL701", "--ignore", "SGL7").code == 1
    write("a.sgl", ERROR)
    assert cli("lint", "--ignore", "ALL").code == 1


@pytest.mark.parametrize("codes", ["E501", "", ",", "SGL1234"])
def test_bad_codes(cli: Cli, codes: str) -> None:
    write("a.sgl", CLEAN)
    result = cli("lint", "--select", codes)
    assert result.code == 2
    assert result.err.startswith("sglc: error: --select")


def test_project_settings(cli: Cli) -> None:
    write("pyproject.toml", '[tool.sglc.per-file-ignores]\n"tests/*" = ["SGL7"]')
    write("a.sgl", WARNING)
    write("tests/b.sgl", WARNING)
    result = cli("lint")
    assert "a.sgl" in result.out
    assert "b.sgl" not in result.out
    write("pyproject.toml", '[tool.sglc]\nignore = ["SGL701"]')
    assert cli("lint").code == 0
    write("pyproject.toml", "[tool.sglc]\nignored = []")
    result = cli("lint")
    assert (result.code, result.out) == (2, "")
    assert "unknown key `ignored` in [tool.sglc]" in result.err
    assert "write `ignore`" in result.err


def test_noqa(cli: Cli) -> None:
    write("a.sgl", WARNING.replace('"nothing":', '"nothing":  # noqa: SGL701'))
    assert cli("lint").code == 0
    write("a.sgl", CLEAN + "# noqa: SGL302\n")
    result = cli("lint")
    assert result.code == 1
    assert "SGL901" in result.out
    assert cli("lint", "--ignore", "SGL901").code == 0


# --- stdin -----------------------------------------------------------------------------------------------------------


def test_stdin(cli: Cli) -> None:
    result = cli("lint", "-", stdin=ERROR)
    assert result.code == 1
    assert "<stdin>:2:16" in result.out
    assert "app/x.sgl:2:16" in cli("lint", "-", "--stdin-filename", "app/x.sgl", stdin=ERROR).out
    assert cli("lint", "-", stdin=b"\xff").code == 1
    assert cli("lint", "-", "a.sgl").code == 2


def test_stdin_finds_imports_beside_its_name(cli: Cli) -> None:
    write("app/b.sgl", CLEAN)
    text = 'from "./b.sgl" import double\n\ndef four() -> int:\n    return double(2)\n'
    assert cli("lint", "-", "--stdin-filename", "app/a.sgl", stdin=text).code == 0
    assert "SGL101" in cli("lint", "-", stdin=text).out


def test_stdin_fix_prints_the_program(cli: Cli) -> None:
    result = cli("lint", "--fix", "-", stdin=FIXABLE)
    assert (result.code, result.out) == (0, CLEAN)


# --- fixing ----------------------------------------------------------------------------------------------------------


def test_fix(cli: Cli) -> None:
    write("a.sgl", FIXABLE)
    write("b.sgl", CLEAN.replace("2 * n", "2 * n  # noqa"))
    before = cli("lint")
    assert "(2 can be fixed with --fix)" in before.err
    assert Path("a.sgl").read_text() == FIXABLE
    result = cli("lint", "--fix")
    assert result.code == 0, result.out
    assert result.err == "fixed 2 findings; checked 2 programs: no findings\n"
    assert Path("a.sgl").read_text() == CLEAN
    assert Path("b.sgl").read_text() == CLEAN


def test_fix_keeps_line_ends_mark_and_permissions(cli: Cli) -> None:
    text = FIXABLE.replace("\n", "\r\n")
    file = write("a.sgl", b"\xef\xbb\xbf" + text.encode())
    file.chmod(0o640)
    assert cli("lint", "--fix").code == 0
    assert file.read_bytes() == b"\xef\xbb\xbf" + CLEAN.replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in Path().glob("[!.]*")] == ["a.sgl"]


def test_fix_through_a_link(cli: Cli) -> None:
    file = write("real/a.sgl", FIXABLE)
    os.symlink("real/a.sgl", "link.sgl")
    assert cli("lint", "--fix", "link.sgl").code == 0
    assert Path("link.sgl").is_symlink()
    assert file.read_text() == CLEAN


def test_fix_reports_what_is_left(cli: Cli) -> None:
    write("a.sgl", FIXABLE + ERROR.replace("double", "treble"))
    result = cli("lint", "--fix")
    assert result.code == 1
    assert "SGL103" in result.out
    assert "SGL001" not in result.out


# --- what it loads ---------------------------------------------------------------------------------------------------


def test_jobs_find_the_same(cli: Cli) -> None:
    for number in range(12):
        write(f"{number}.sgl", (CLEAN, ERROR, WARNING, FIXABLE)[number % 4])
    one = cli("lint", "--no-cache", "--jobs", "1")
    assert cli("lint", "--no-cache", "--jobs", "3") == one
    assert cli("lint", "--jobs", "3") == one
    assert cli("lint", "--jobs", "1") == one


def test_module_table_is_small(cli: Cli) -> None:
    """In a fresh process (test_commands_process.py has the times)."""
    write("a.sgl", WARNING)
    assert cli("lint").code == 1
    code = "from sglc.cli import main; main(['lint', 'a.sgl']); import sys; print(*sys.modules, file=sys.stderr)"
    import subprocess

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert not {"torch", "transformers", "triton", "aiohttp", "networkx", "numpy", "rich", "asyncio"} & loaded
    assert not {name for name in loaded if name.startswith(("lark", "sglc.frontend", "sglc.pipeline"))}
