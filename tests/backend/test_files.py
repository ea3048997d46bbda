"""write_whole: all or nothing for files; devices and pipes are written to."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from sglc.backend.files import write_whole


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_whole(tmp_path / "a", b"text")
    finally:
        os.umask(mask)
    assert (tmp_path / "a").read_bytes() == b"text"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_an_old_file_keeps_its_permissions_and_its_links(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o600)
    (tmp_path / "link").symlink_to("a")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("write", "fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, full)
            with pytest.raises(OSError, match="No space left"):
                write_whole(tmp_path / "a", b"new")
        assert [path.name for path in tmp_path.iterdir()] == ["a"]
        assert (tmp_path / "a").read_bytes() == b"old"


def test_devices_stay_devices() -> None:
    write_whole("/dev/null", b"text")
    assert os.stat("/dev/null").st_rdev
    if os.path.exists("/dev/full"):
        with pytest.raises(OSError, match="No space left"):
            write_whole("/dev/full", b"text")
        assert os.stat("/dev/full").st_rdev


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_whole(tmp_path / "pipe", b"x" * 200_000)
    reader.join(10)
    assert found == [b"x" * 200_000]
    assert (tmp_path / "pipe").is_fifo()
