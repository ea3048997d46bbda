"""sglc fmt: in place, as a check, as a diff, from stdin; line ends, marks and permissions stay."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]
UGLY = "def double( n:int )->int:\n    return 2*n   # twice\n"
GOOD = "def double(n: int) -> int:\n    return 2 * n  # twice\n"
BAD = "def double(n: int -> int:\n    return 2 * n\n"


def test_in_place(cli: Cli) -> None:
    Path("a.sgl").write_text(UGLY)
    Path("b.sgl").write_text(GOOD)
    result = cli("fmt")
    assert (result.code, result.out, result.err) == (0, "", "formatted 1 file, 1 unchanged\n")
    assert Path("a.sgl").read_text() == GOOD
    assert cli("fmt").err == "formatted 0 files, 2 unchanged\n"


def test_check_and_diff_write_nothing(cli: Cli) -> None:
    Path("a.sgl").write_text(UGLY)
    result = cli("fmt", "--check")
    assert (result.code, result.out) == (1, "would format a.sgl\n")
    result = cli("fmt", "--diff")
    assert result.code == 1
    assert result.out.startswith("--- a.sgl\n+++ a.sgl\n@@ -1,2 +1,2 @@\n-def double( n:int )->int:\n")
    assert Path("a.sgl").read_text() == UGLY
    Path("a.sgl").write_text(GOOD)
    assert cli("fmt", "--check").code == cli("fmt", "--diff").code == 0


def test_line_ends_mark_and_permissions_stay(cli: Cli) -> None:
    file = Path("a.sgl")
    file.write_bytes(b"\xef\xbb\xbf" + UGLY.replace("\n", "\r\n").encode())
    file.chmod(0o600)
    assert cli("fmt").code == 0
    assert file.read_bytes() == b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o600
    assert cli("fmt", "--check").code == 0


def test_an_unchanged_file_is_not_touched(cli: Cli) -> None:
    file = Path("a.sgl")
    file.write_text(GOOD)
    os.utime(file, ns=(10**18, 10**18))
    assert cli("fmt").code == 0
    assert file.stat().st_mtime_ns == 10**18


def test_a_program_with_errors_stays_as_it_is(cli: Cli) -> None:
    Path("a.sgl").write_text(BAD)
    Path("b.sgl").write_text(UGLY)
    result = cli("fmt")
    assert result.code == 1
    assert result.err.startswith("error[SGL")
    assert result.err.endswith("formatted 1 file, 0 unchanged, 1 with errors\n")
    assert Path("a.sgl").read_text() == BAD
    assert Path("b.sgl").read_text() == GOOD


def test_stdin(cli: Cli) -> None:
    assert cli("fmt", "-", stdin=UGLY) == (0, GOOD, "")
    assert cli("fmt", "-", "--check", stdin=UGLY) == (1, "would format <stdin>\n", "")
    result = cli("fmt", "-", "--stdin-filename", "x.sgl", stdin=BAD)
    assert (result.code, result.out) == (1, "")
    assert "x.sgl:1:" in result.err
    assert cli("fmt", "-", stdin=b"\xff").code == 1
    assert cli("fmt", "-", "a.sgl").code == 2


def test_bad_paths(cli: Cli) -> None:
    Path("empty").mkdir()
    assert cli("fmt", "empty").code == 2
    assert cli("fmt", "none.sgl").code == 2
    Path("a.sglx").touch()
    assert "name the source file" in cli("fmt", "a.sglx").err
