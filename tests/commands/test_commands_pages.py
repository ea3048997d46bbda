"""The pages of codes 8xx and 9xx: their programs are what the page says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sglc.catalog import CATALOG, page
from sglc.commands.errors import DIAGNOSTICS
from sglc.diagnostics import Diagnostic

Cli = Callable[..., Any]
FOUND_BY_LINT = ("SGL901", "SGL902")


def lint(cli: Cli, text: str) -> list[str]:
    Path("a.sgl").write_text(text)
    return [item["code"] for item in json.loads(cli("lint", "--format", "json", "a.sgl").out)]


@pytest.mark.parametrize("kind", DIAGNOSTICS, ids=lambda kind: kind.code)
def test_page(cli: Cli, kind: type[Diagnostic]) -> None:
    found = page(kind)
    assert kind in CATALOG
    if "No example: " in found.summary:
        assert not found.wrong
        return
    assert lint(cli, found.wrong) == ([kind.code] if kind.code in FOUND_BY_LINT else [])
    assert lint(cli, found.right) == []


def test_a_failed_run(cli: Cli) -> None:
    (kind,) = (kind for kind in DIAGNOSTICS if kind.code == "SGL811")
    command = ("run", "a.sgl", "--sku", "A1", "--env", "SHOP_URL=http://127.0.0.1:9", "--allow-private")
    Path("a.sgl").write_text(page(kind).wrong)
    result = cli(*command)
    assert (result.code, result.err.startswith("error[SGL811]: ")) == (1, True)
    Path("a.sgl").write_text(page(kind).right)
    assert cli(*command).out == '"The shop does not answer."\n'


def test_a_missing_test(cli: Cli) -> None:
    (kind,) = (kind for kind in DIAGNOSTICS if kind.code == "SGL814")
    Path("a.sgl").write_text(page(kind).wrong)
    assert "SGL814" in cli("test", "a.sgl").err
    Path("a.sgl").write_text(page(kind).right)
    assert cli("test", "a.sgl").code == 0


@pytest.mark.parametrize("kind", DIAGNOSTICS, ids=lambda kind: kind.code)
def test_wording(kind: type[Diagnostic]) -> None:
    for text in (kind.title, kind.label, kind.hint):
        assert not text.endswith(".")
        assert "?" not in text
        assert text[:1] == text[:1].lower()
