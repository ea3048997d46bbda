"""The command line itself: help, mistakes, and the small commands compile, explain, rule and models."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sglc import __version__
from sglc.cli import COMMANDS
from sglc.commands.errors import DIAGNOSTICS
from sglc.commands.parsing import Parser

Cli = Callable[..., Any]
PROGRAM = """\
template voice():
    system: "Be brief."

def tips(place: str = "Rome") -> str:
    use voice()
    user: "Tips for {place}."
    assistant: gen tip: str with max_tokens=12
    return tip
"""


@pytest.fixture(autouse=True)
def program(tmp_path: Path) -> None:
    (tmp_path / "p.sgl").write_text(PROGRAM)


# --- help and mistakes -----------------------------------------------------------------------------------------------


def test_help_lists_the_commands(cli: Cli) -> None:
    result = cli("--help")
    assert result.code == 0
    for name, _, summary in COMMANDS:
        assert re.search(rf"^  {name} +{re.escape(summary)}$", result.out, re.MULTILINE)
    assert cli().code == 2
    assert cli("--version").out == f"sglc {__version__}\n"


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_every_command_has_help(cli: Cli, name: str) -> None:
    result = cli(name, "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"usage: sglc {name}")


@pytest.mark.parametrize(("name", "module"), [(name, module) for name, module, _ in COMMANDS])
def test_every_option_says_what_it_does(name: str, module: str) -> None:
    parser = Parser(f"sglc {name}", "")
    importlib.import_module(f"sglc.commands.{module}").add_arguments(parser)
    assert all(action.help for action in parser._actions)


@pytest.mark.parametrize(
    ("argv", "message", "hint"),
    [
        (["lnt"], "unknown command `lnt`", "use `sglc lint`"),
        (["zzzzzz"], "unknown command `zzzzzz`", "the commands are run, compile"),
        (["p.sgl"], "`p.sgl` is not a command", "write `sglc run p.sgl`"),
        (["--verion"], "unknown option `--verion`", ""),
        (["lint", "--formt", "json"], "unknown option `--formt`", "use `--format`"),
        (["lint", "--format", "xml"], "argument --format: invalid choice: 'xml'", "see `sglc lint --help`"),
        (["lint", "--jobs", "0"], "argument --jobs: expected a number from 1 to 256", ""),
        (["compile"], "the following arguments are required: FILE", "see `sglc compile --help`"),
        (["compile", "p.sgl", "more"], "one argument too many: `more`", ""),
        (["compile", "p.sglx"], "`p.sglx` is compiled already", "name the source file"),
        (["compile", "p.sgl", "--emit", "irr"], "--emit: unknown stage `irr`", ""),
        (["compile", "p.sgl", "--emit", "ir", "-o", "x"], "--emit prints to standard output", ""),
        (["compile", "p.sgl", "-o", "q.sgl"], "-o: `q.sgl` would overwrite a program", ""),
        (["compile", "p.sgl", "-o", "none/q.sglx"], "cannot write `none/q.sglx`: no such file or folder [SGL802]", ""),
        (["compile", "p.sgl", "-o", "."], "cannot write `.`: it is a folder [SGL802]", ""),
        (["explain", "p.sgl", "tips"], "one argument too many: `tips`", "a NAME belongs to --prompt"),
        (["explain", "p.sgl", "tip", "--prompt"], "`p.sgl` has no function or session `tip`", "use `tips`"),
        (["explain", "p.sgl", "-O", "inlne=off"], "-O: ", ""),
        (["rule"], "give one code, or --all", ""),
        (["rule", "SGL10a"], "there is no code `SGL10a`", ""),
        (["rule", "SGL799"], "there is no code `SGL799`", ""),
    ],
)
def test_mistakes(cli: Cli, argv: list[str], message: str, hint: str) -> None:
    result = cli(*argv)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"sglc: error: {message}")
    assert hint in result.err
    assert result.err.count("\n") <= 2


def test_names_of_files_cannot_move_the_cursor(cli: Cli) -> None:
    assert "\x1b" not in cli("lint", "\x1b[2J.sgl").err
    assert cli("run", "\udcff.sgl").code == 2


# --- compile ---------------------------------------------------------------------------------------------------------


def test_compile(cli: Cli) -> None:
    result = cli("compile", "p.sgl")
    assert (result.code, result.out) == (0, "")
    assert result.err.splitlines()[-1].startswith("wrote p.sglx (")
    first = Path("p.sglx").read_bytes()
    assert cli("compile", "p.sgl", "-o", "again.sglx").code == 0
    assert Path("again.sglx").read_bytes() == first
    assert cli("run", "p.sglx", "--engine", "echo", "--place", "Oslo").out == '"[tip]"\n'
    assert cli("run", "p.sglx", "-O", "inline=off").code == 2


def test_compile_for_a_model(cli: Cli) -> None:
    cli("compile", "p.sgl")
    plain = Path("p.sglx").stat().st_size
    assert cli("compile", "p.sgl", "--model", "sglc-tiny").code == 0
    assert Path("p.sglx").stat().st_size > plain
    result = cli("run", "p.sglx", "--seed", "1")
    assert (result.code, result.err.count("note:")) == (0, 1)
    result = cli("compile", "p.sgl", "--model", "nowhere")
    assert (result.code, "[SGL810]" in result.err) == (2, True)
    assert "declares no model `judge`" in cli("compile", "p.sgl", "--model", "judge=sglc-tiny").err


def test_compile_for_a_model_knows_what_cannot_fit(cli: Cli) -> None:
    Path("long.sgl").write_text('def f() -> str:\n    "{gen z: re"[a-z]{99}" with max_tokens=2}"\n    return z\n')
    assert cli("compile", "long.sgl").code == 0
    result = cli("compile", "long.sgl", "--model", "sglc-tiny")
    assert (result.code, "[SGL306]" in result.err, "long.sgl:2:7" in result.err) == (1, True, True)
    least = result.err.rpartition("write max_tokens=")[2].split()[0]
    Path("long.sgl").write_text(Path("long.sgl").read_text().replace("max_tokens=2", f"max_tokens={least}"))
    assert cli("compile", "long.sgl", "--model", "sglc-tiny").code == 0


def test_errors_leave_no_file(cli: Cli) -> None:
    Path("bad.sgl").write_text("def f() -> int:\n    return m\n")
    result = cli("compile", "bad.sgl")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("error[SGL103]")
    assert not Path("bad.sglx").exists()


@pytest.mark.parametrize("stage", ["ast", "ir", "ir:inline", "plan"])
def test_emit(cli: Cli, stage: str) -> None:
    result = cli("compile", "p.sgl", "--emit", stage)
    assert (result.code, result.err) == (0, "")
    assert "Tips for" in result.out
    assert not Path("p.sglx").exists()


def test_switched_off_passes(cli: Cli) -> None:
    assert cli("compile", "p.sgl", "-O", "fold_text=off", "-O", "inline=on").code == 0


@pytest.mark.parametrize("damage", ["empty", "cut", "flip", "other", "version"])
def test_damaged_artifacts(cli: Cli, damage: str) -> None:
    cli("compile", "p.sgl")
    raw = Path("p.sglx").read_bytes()
    changed = {
        "empty": b"",
        "cut": raw[:-5],
        "flip": raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:],
        "other": b"not an artifact",
        "version": raw.replace(__version__.encode(), b"9.9.9", 1),
    }
    Path("p.sglx").write_bytes(changed[damage])
    result = cli("run", "p.sglx")
    assert (result.code, result.out) == (2, "")
    assert re.match(r"sglc: error: .*p\.sglx.* \[SGL809\]\n  hint: compile ", result.err)


# --- explain ---------------------------------------------------------------------------------------------------------


def test_explain(cli: Cli) -> None:
    assert "tips(place: str" in cli("explain", "p.sgl").out
    assert json.loads(cli("explain", "p.sgl", "--format", "json").out)["entry"] == "tips"
    assert cli("explain", "p.sgl", "--format", "mermaid").out.startswith("flowchart")
    assert cli("explain", "p.sgl", "--format", "dot").out.startswith("digraph")
    prompt = cli("explain", "p.sgl", "--prompt").out
    assert "Be brief." in prompt
    assert "Tips for {place}." in prompt
    assert cli("explain", "p.sgl", "tips", "--prompt").out == prompt
    assert cli("explain", "p.sgl", "--prompt", "--format", "json").code == 2


# --- rule and models -------------------------------------------------------------------------------------------------


def test_rule(cli: Cli) -> None:
    result = cli("rule", "SGL103")
    assert result.code == 0
    assert "SGL103" in result.out
    assert "unknown name" in result.out
    assert cli("rule", "sgl103").out == cli("rule", "103").out == result.out
    markdown = cli("rule", "SGL901", "--format", "markdown").out
    assert "```" in markdown


def test_all_rules(cli: Cli) -> None:
    listed = cli("rule", "--all").out
    page = cli("rule", "--all", "--format", "markdown").out
    for kind in DIAGNOSTICS:
        assert kind.code in listed
        assert kind.code in page


def test_models(cli: Cli) -> None:
    result = cli("models")
    assert result.code == 0
    assert "sglc-tiny" in result.out
    assert "12.2 million parameters" in result.out
    assert "license Apache-2.0" in result.out
    assert re.search(r"extraction +en +\d+\.\d% +zh +\d+\.\d%", result.out)
    facts = json.loads(cli("models", "--json").out)
    assert facts["sglc-tiny"]["bytes"] <= 25_000_000
    assert len(facts["sglc-tiny"]["evaluation"]["tasks"]) > 60


def test_codes_are_ours_and_used_once() -> None:
    codes = [kind.code for kind in DIAGNOSTICS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"SGL[89]\d\d", code) for code in codes)
    assert all(kind.__doc__ for kind in DIAGNOSTICS)
