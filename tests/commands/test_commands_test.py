"""sglc test: what runs, with which replies, and how its result is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from web_stub import PROGRAM as STOCK

Cli = Callable[..., Any]

PROGRAM = """\
enum Mood: good | bad

def mood(text: str) -> Mood:
    user: "Mood of {text}"
    assistant: gen m: Mood
    return m

test "recorded" with replay="replays/good.jsonl":
    got = mood("fine")
    expect got == bad

test "live":
    got = mood("fine")
    expect got == bad
"""
FAILING = """\
def double(n: int) -> int:
    return 2 * n

test "adds up":
    x = double(2)
    expect x == 4
    expect x + 1 == 3 * 2
    expect x == 5

test "breaks":
    x = [1]
    expect x[3] == 1

test "holds <&>":
    expect double(1) == 2
"""


@pytest.fixture(autouse=True)
def programs(tmp_path: Path) -> None:
    (tmp_path / "mood.sgl").write_text(PROGRAM)


def test_recordings_stand_beside_the_program(cli: Cli, tmp_path: Path) -> None:
    first = cli("test", "mood.sgl", "--record", "--engine", "echo", "--quiet")
    assert first.code == 0, first.out
    assert len((tmp_path / "replays/good.jsonl").read_text().splitlines()) == 1
    result = cli("test", "-k", "recorded")
    assert (result.code, result.err.startswith("1 test: 1 passed in ")) == (0, True)
    assert result.out.startswith("mood.sgl\n  ok    recorded  (")
    elsewhere = tmp_path / "sub"
    elsewhere.mkdir()
    assert cli("test", str(tmp_path / "mood.sgl"), "-k", "recorded").code == 0


def test_replay_dir(cli: Cli, tmp_path: Path) -> None:
    assert cli("test", "--record", "--replay-dir", "other", "--engine", "echo", "-k", "recorded").code == 0
    assert (tmp_path / "other/replays/good.jsonl").exists()
    assert cli("test", "--replay-dir", "other", "-k", "recorded").code == 0
    result = cli("test", "-k", "recorded")
    assert result.code == 1
    assert "cannot read `replays/good.jsonl`" in result.out
    assert "record it with `sglc test --record`" in result.out


def test_a_changed_prompt(cli: Cli, tmp_path: Path) -> None:
    cli("test", "--record", "--engine", "echo", "-k", "recorded")
    (tmp_path / "mood.sgl").write_text(PROGRAM.replace("Mood of", "The mood of"))
    result = cli("test", "-k", "recorded")
    assert result.code == 1
    assert "is not the recorded one" in result.out


def test_failures_show_place_and_values(cli: Cli) -> None:
    Path("f.sgl").write_text(FAILING)
    result = cli("test", "f.sgl")
    assert result.code == 1
    assert result.err.startswith("3 tests: 1 passed, 2 failed in ")
    shown = result.out
    assert "  FAIL  adds up" in shown
    assert "f.sgl:7:5: expect x + 1 == 3 * 2\n" in shown
    assert "f.sgl:8:5: expect x == 5\n" in shown
    assert "was 5\n" in shown
    assert "f.sgl:12:" in shown
    assert "  ok    holds <&>" in shown
    assert "expect x == 4" not in shown


def test_json(cli: Cli) -> None:
    Path("f.sgl").write_text(FAILING)
    result = cli("test", "f.sgl", "--format", "json")
    rows = json.loads(result.out)
    assert [(row["name"], row["passed"]) for row in rows] == [
        ("adds up", False),
        ("breaks", False),
        ("holds <&>", True),
    ]
    assert [e["passed"] for e in rows[0]["expectations"]] == [True, False, False]
    assert rows[0]["expectations"][2]["at"] == "f.sgl:8:5"
    assert {"text": "x", "value": 4} in rows[0]["expectations"][2]["values"]
    assert rows[1]["error"]["message"]


def test_junit(cli: Cli) -> None:
    Path("f.sgl").write_text(FAILING)
    result = cli("test", "f.sgl", "--format", "junit")
    assert result.code == 1
    (suite,) = ElementTree.fromstring(result.out)
    assert suite.attrib["name"] == "f.sgl"
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["errors"]) == ("3", "1", "1")
    kinds = [[child.tag for child in case] for case in suite]
    assert kinds == [["failure"], ["error"], []]
    assert suite[2].attrib["name"] == "holds <&>"
    assert "f.sgl:7:5" in (suite[0][0].text or "")


def test_nothing_to_test(cli: Cli) -> None:
    Path("n.sgl").write_text("def f() -> int:\n    return 1\n")
    result = cli("test", "n.sgl")
    assert result.code == 2
    assert result.err.startswith("sglc: error: no test blocks in `n.sgl` [SGL814]")
    assert "no test in `.` holds `zzz` in its name" in cli("test", "-k", "zzz").err
    Path("empty").mkdir()
    assert "SGL803" in cli("test", "empty").err


def test_a_program_with_errors_does_not_hide_the_others(cli: Cli) -> None:
    Path("bad.sgl").write_text('test "x":\n    expect y == 1\n')
    result = cli("test", "-k", "live", "--engine", "echo", "--quiet")
    assert result.code == 1
    assert "SGL103" in result.err
    assert "  ok    live" in result.out
    assert "1 passed, 1 program with errors" in result.err


def test_a_tool_without_settings_fails_its_test_only(cli: Cli) -> None:
    tests = '\ntest "asks":\n    expect pieces() == 7\n\ntest "asks nobody":\n    expect 1 + 1 == 2\n'
    Path("s.sgl").write_text(STOCK.replace("STOCK_URL", "SHOP_URL") + tests)
    result = cli("test", "s.sgl")
    assert result.code == 1
    assert "  FAIL  asks  (" in result.out
    assert "hint: add `--example-tools`" in result.out
    assert "  ok    asks nobody" in result.out


def test_timeout(cli: Cli) -> None:
    assert cli("test", "mood.sgl", "-k", "live", "--engine", "echo", "--timeout", "5").code == 0
    assert cli("test", "mood.sgl", "--timeout", "x").code == 2
