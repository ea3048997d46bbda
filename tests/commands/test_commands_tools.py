"""Tools as the command line starts them: what they print, which hosts they may reach."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
RUN = ("--python-path", ".", "--engine", "echo", "--quiet")


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loud_tools.py").write_text(
        "import sys\n"
        'print("loaded")\n\n\n'
        "def shout(what: str) -> str:\n"
        '    print("shouts", what)\n'
        '    sys.stdout.write("and writes\\n")\n'
        "    return what.upper()\n\n\n"
        "async def whisper(what: str) -> str:\n"
        '    print("whispers", what)\n'
        "    return what.lower()\n"
    )
    (tmp_path / "p.sgl").write_text(
        'tool shout(what: str) -> str: python "loud_tools:shout"\n'
        'tool whisper(what: str) -> str: python "loud_tools:whisper"\n\n\n'
        "def main(what: str) -> list[str]:\n    return [shout(what), whisper(what)]\n"
    )
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "loud_tools", raising=False)


def test_what_tools_print_is_not_in_the_result(cli: Cli) -> None:
    stdout = sys.stdout
    result = cli("run", "p.sgl", "--what", "Hi", *RUN)
    assert (result.code, result.out) == (0, '["HI","hi"]\n')
    assert result.err == "loaded\nshouts Hi\nand writes\nwhispers Hi\n"
    assert sys.stdout is stdout


def test_what_tools_print_is_not_among_events_and_rows(cli: Cli, tmp_path: Path) -> None:
    lines = cli("run", "p.sgl", "--what", "Hi", "--events", "jsonl", *RUN).out.splitlines()
    assert json.loads(lines[-1])["value"] == ["HI", "hi"]
    (tmp_path / "rows.jsonl").write_text('{"what": "a"}\n{"what": "b"}\n')
    rows = cli("run", "p.sgl", "--batch", "rows.jsonl", *RUN).out.splitlines()
    assert len([json.loads(row) for row in rows]) == 2


def test_a_host_that_is_a_url_is_refused(cli: Cli) -> None:
    result = cli("run", "p.sgl", "--what", "Hi", "--allow-host", "https://shop.test:8443/x", *RUN)
    assert result.code == 2
    assert "--allow-host: `https://shop.test:8443/x` matches no host: it is a url, expected a host" in result.err
    assert "hint: write `shop.test:8443`" in result.err
