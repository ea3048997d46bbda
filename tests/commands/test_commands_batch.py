"""sglc run --batch: what is kept, what is refused, and what a terminal shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
PROGRAM = """\
def small(n: int) -> int:
    if n > 2:
        fail "too large: {n}"
    return n


def ask(n: int) -> str:
    assistant: gen a: str with max_tokens=4
    return a
"""


@pytest.fixture(autouse=True)
def rows(tmp_path: Path) -> None:
    (tmp_path / "p.sgl").write_text(PROGRAM)
    (tmp_path / "rows.jsonl").write_text('{"n": 1}\n{"n": 9}\n{"n": 2}\n')


def batch(cli: Cli, *more: str, name: str = "small") -> Any:
    return cli("run", "p.sgl", name, "--batch", "rows.jsonl", "-o", "out.jsonl", *more)


def results() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]


def test_a_row_that_fails_stops_no_other(cli: Cli) -> None:
    assert batch(cli).code == 1
    assert [row.get("value") for row in results()] == [1, None, 2]


def test_rows_that_are_no_arguments(cli: Cli) -> None:
    Path("rows.jsonl").write_bytes(
        b'{"n": 1, "n": 2}\n\xff\n{"n": 1\n{"n": 99999999999999999999}\n\xef\xbb\xbf{"n": 2}'
    )
    assert batch(cli).code == 1
    messages = [row["error"]["message"] for row in results()[:4]]
    assert messages == [
        'the row: the key "n" stands twice in one object, at column 10',
        "the row: not JSON: byte 0xff at offset 0 is not UTF-8",
        "the row: not JSON: `{` is never closed, at column 1",
        "`n`: number out of range; an int has at most 64 bits",
    ]
    assert results()[4]["value"] == 2


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_no_rows_start_no_model(cli: Cli, content: str) -> None:
    Path("rows.jsonl").write_text(content)
    result = batch(cli, name="ask")
    assert (result.code, result.out, result.err) == (0, "", "ran 0 rows: `rows.jsonl` has none\n")


def test_earlier_results_stay_until_there_are_new_ones(cli: Cli) -> None:
    Path("out.jsonl").write_text("worth something\n")
    assert "[SGL810]" in batch(cli, "--model", "nowhere", name="ask").err
    assert Path("out.jsonl").read_text() == "worth something\n"
    assert batch(cli).code == 1
    assert len(results()) == 3


def test_the_results_do_not_overwrite_the_rows(cli: Cli) -> None:
    before = Path("rows.jsonl").read_text()
    result = cli("run", "p.sgl", "small", "--batch", "rows.jsonl", "-o", "./rows.jsonl")
    assert (result.code, "`./rows.jsonl` holds the rows" in result.err) == (2, True)
    assert Path("rows.jsonl").read_text() == before


@pytest.mark.parametrize("content", ["no results\n", '{"row":1,"value":1}\n{"row":7,"value":1}\n', '{"row":1}\n' * 9])
def test_resume_refuses_a_file_that_is_not_its_own(cli: Cli, content: str) -> None:
    Path("out.jsonl").write_text(content)
    result = batch(cli, "--resume")
    assert (result.code, "does not hold the first results of this batch" in result.err) == (2, True)
    assert Path("out.jsonl").read_text() == content


def test_resume_with_nothing_left(cli: Cli) -> None:
    batch(cli)
    result = batch(cli, "--resume")
    assert (result.code, result.err) == (0, "ran 0 rows, 3 were there already\n")


def test_resume_needs_a_file(cli: Cli) -> None:
    result = cli("run", "p.sgl", "small", "--batch", "rows.jsonl", "--resume")
    assert (result.code, "--resume needs the file" in result.err) == (2, True)


def test_a_session_has_no_batch(cli: Cli) -> None:
    Path("p.sgl").write_text("session small():\n    turn(n: int) -> int:\n        return n\n")
    assert "`small` is a session" in batch(cli).err


def test_no_bar_without_a_terminal(cli: Cli) -> None:
    assert batch(cli).err == "ran 3 rows, 1 failed\n"
