"""`cli`: the command line, called as a user would from an empty folder."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sglc.cli import main
from sglc.commands import cache, config

# Under a shell that runs the tests in the background Ctrl-C is ignored, and processes that are started inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Result(NamedTuple):
    code: int
    out: str
    err: str


Cli = Callable[..., Result]


@pytest.fixture
def cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Result]]:
    for name in ("NO_COLOR", "FORCE_COLOR", "SGLC_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".user-cache"))
    monkeypatch.chdir(tmp_path)

    def call(*argv: str, stdin: bytes | str = b"") -> Result:
        config._config_of.cache_clear()
        for cached in (cache._folder, cache._prepare):
            cached.cache_clear()
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        capsys.readouterr()
        code = main(argv)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Result(code, captured.out, captured.err)

    yield call
    config._config_of.cache_clear()
