"""The pages of all diagnostics of the checker and the lint rules: the wrong program has exactly that finding, the right none."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import analyze_text, codes, shown

from sglc.catalog import CATALOG, page
from sglc.diagnostics import Diagnostic
from sglc.frontend import lint
from sglc.frontend.errors import calls, constraints, control, declared, loops, names, prompts, retries, tools, types

_MODULES = (names, calls, types, declared, prompts, constraints, control, loops, retries, tools, lint)
OWN = tuple(cls for module in _MODULES for cls in module.DIAGNOSTICS)


@pytest.mark.parametrize("cls", OWN, ids=lambda cls: cls.code)
def test_page(cls: type[Diagnostic], tmp_path: Path) -> None:
    content = page(cls)
    assert content.summary
    if "No example" in content.summary:
        assert not content.wrong
        return
    wrong = analyze_text(content.wrong, tmp_path).diagnostics
    assert codes(wrong) == [cls.code], shown(wrong)
    right = analyze_text(content.right, tmp_path).diagnostics
    assert not right, shown(right)


def test_every_class_is_in_the_catalog() -> None:
    assert not set(OWN) - set(CATALOG)
    assert len({cls.code for cls in CATALOG}) == len(CATALOG)


@pytest.mark.parametrize("cls", OWN, ids=lambda cls: cls.code)
def test_wording(cls: type[Diagnostic]) -> None:
    for text in (cls.title, cls.label, cls.hint):
        assert not text.endswith(".")
        assert text[:1].islower() or not text[:1].isalpha() or text.startswith("JSON")
    assert "?" not in cls.hint.replace("T?", "")


def test_every_rule_has_a_file_of_its_own() -> None:
    folder = Path(lint.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "index", "types_in"}
    assert len(files) == len(lint.RULES)
    assert all(cls.severity == "warning" for cls in lint.DIAGNOSTICS)
