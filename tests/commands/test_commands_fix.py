"""Fixes as text: which are applied together, in which order, and what happens to one that does harm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sglc.commands.findings import Finding
from sglc.commands.fix import MAX_ROUNDS, apply_edits, fix_text
from sglc.diagnostics import Edit, Fix
from sglc.source import Span

Cli = Callable[..., Any]


def finding(*edits: tuple[int, int, str], code: str = "SGL302", safe: bool = True, error: bool = False) -> Finding:
    fix = Fix("fix it", tuple(Edit(Span(start, end), text) for start, end, text in edits), safe=safe)
    span = Span(edits[0][0], edits[0][1])
    return Finding("a.sgl", code, "error" if error else "warning", "t", "m", "", "", span, (), fix)


def replacing(old: str, new: str, code: str = "SGL302", **more: bool) -> Callable[[str], list[Finding]]:
    """A check that wants every `old` to be `new`."""

    def check(text: str) -> list[Finding]:
        starts = [n for n in range(len(text)) if text.startswith(old, n)]
        return [finding((n, n + len(old), new), code=code, **more) for n in starts]

    return check


def test_edits_go_from_the_end() -> None:
    assert apply_edits("abcdef", [finding((0, 1, "xyz")), finding((5, 6, ""), (2, 3, "!!"))]) == "xyzb!!de"


def test_inserted_lines_end_as_the_file_does() -> None:
    assert apply_edits("a\r\nb\r\n", [finding((3, 3, "x\ny\n"))]) == "a\r\nx\r\ny\r\nb\r\n"
    assert apply_edits("a\nb\n", [finding((2, 2, "x\r\n"))]) == "a\nx\nb\n"


def test_until_nothing_is_left() -> None:
    result = fix_text("aaa b", "a.sgl", replacing("a", "c"), unsafe=False)
    assert (result.text, result.count, result.refused) == ("ccc b", 3, "")


def test_fixes_that_touch_wait_for_the_next_round() -> None:
    seen: list[str] = []

    def check(text: str) -> Sequence[Finding]:
        seen.append(text)
        return replacing("xx", "x")(text)

    assert fix_text("xxxx", "a.sgl", check, unsafe=False).text == "x"
    assert seen == ["xxxx", "xxx", "xx", "x"]


def test_unsafe_fixes_only_on_request() -> None:
    check = replacing("a", "b", safe=False)
    assert fix_text("a", "a.sgl", check, unsafe=False).text == "a"
    assert fix_text("a", "a.sgl", check, unsafe=True).text == "b"


def test_fixes_of_other_files_are_left_alone() -> None:
    assert fix_text("a", "other.sgl", replacing("a", "b"), unsafe=False).text == "a"


def test_a_fix_that_never_ends() -> None:
    result = fix_text("a", "a.sgl", replacing("a", "aa"), unsafe=False)
    assert result.count <= 2**MAX_ROUNDS


def test_a_fix_that_makes_errors_is_taken_back() -> None:
    def check(text: str) -> Sequence[Finding]:
        broken = [finding((0, 0, ""), code="SGL001", error=True)] * text.count("!")
        return [*replacing("a", "!", code="SGL399")(text), *replacing("b", "c")(text), *broken]

    result = fix_text("b a b", "a.sgl", check, unsafe=False)
    assert (result.text, result.refused) == ("c a c", "SGL399")


def test_a_harmful_fix_is_reported(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from sglc import pipeline
    from sglc.commands.errors import UnusedNoqa

    real = pipeline.analyze

    def analyze(path: str, source: Any = None, **more: Any) -> Any:
        analysis = real(path, source, **more)
        text = analysis.files[0].text
        if "twice" not in text:
            return analysis
        span = Span(text.index("twice"), text.index("twice") + 5)
        harmful = UnusedNoqa(source=analysis.files[0], span=span, fix=Fix("break it", (Edit(span, "(("),)))
        return type(analysis)((*analysis.diagnostics, harmful), analysis.files, analysis.typed)

    monkeypatch.setattr(pipeline, "analyze", analyze)
    text = "def twice(n: int) -> int:\n    return 2 * n\n"
    Path("a.sgl").write_text(text)
    result = cli("lint", "--fix", "--no-cache")
    assert result.code == 1
    assert "warning[SGL817]: the fix for SGL901 in `a.sgl` was not kept" in result.out
    assert Path("a.sgl").read_text() == text
