"""Compares what the code makes with the file beside its case; `pytest --update-golden` rewrites the file."""

from __future__ import annotations

from pathlib import Path

import pytest


def compare(found: str, file: Path, config: pytest.Config) -> None:
    """Fail with pytest's difference unless the file holds exactly this text."""
    if config.getoption("--update-golden"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found, encoding="utf-8", newline="\n")
        return
    assert file.is_file(), f"{file} is missing; write it with `pytest --update-golden` and read it"
    assert found == file.read_text(encoding="utf-8")
