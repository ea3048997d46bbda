"""The pages of the syntax diagnostics: the wrong program has exactly that error, the right one none."""

from __future__ import annotations

import pytest

from sglc.catalog import CATALOG, page
from sglc.diagnostics import Diagnostic, render_text
from sglc.frontend.errors.syntax import DIAGNOSTICS
from sglc.frontend.parser import parse
from sglc.source import SourceFile


def found(program: str) -> list[Diagnostic]:
    return parse(SourceFile("page.sgl", program))[1]


@pytest.mark.parametrize("cls", DIAGNOSTICS, ids=lambda cls: cls.code)
def test_page(cls: type[Diagnostic]) -> None:
    content = page(cls)
    assert content.summary
    if "No example" in content.summary:
        assert not content.wrong
        return
    wrong, right = found(content.wrong), found(content.right)
    assert [d.code for d in wrong] == [cls.code], render_text(wrong)
    assert not right, render_text(right)


def test_codes_are_unique_and_in_order() -> None:
    codes = [cls.code for cls in CATALOG]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("cls", DIAGNOSTICS, ids=lambda cls: cls.code)
def test_wording(cls: type[Diagnostic]) -> None:
    for text in (cls.title, cls.label, cls.hint):
        assert not text.endswith(".")
        assert text[:1].islower() or not text[:1].isalpha()
