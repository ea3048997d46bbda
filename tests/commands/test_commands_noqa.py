"""`# noqa`: what is read from a comment, what it silences, and what is said about one that silences nothing."""

from __future__ import annotations

import pytest

from sglc.commands.findings import Finding, Sources
from sglc.commands.fix import apply_edits
from sglc.commands.noqa import apply_noqa, read_directives
from sglc.source import SourceFile, Span


def finding(source: SourceFile, mark: str, code: str, severity: str = "warning") -> Finding:
    start = source.text.index(mark)
    return Finding(source.path, code, severity, "t", "m", "", "", Span(start, start + 1))  # type: ignore[arg-type]


def check(text: str, *found: tuple[str, str]) -> list[str]:
    """Codes of the findings that are left, and the text after the fixes of those about comments."""
    source = SourceFile("a.sgl", text)
    findings = [finding(source, mark, code) for mark, code in found]
    sources = Sources({"a.sgl": source})
    left = apply_noqa(findings, read_directives(source), sources, frozenset({"a.sgl"}))
    return [f.code for f in left]


def fixed(text: str, *found: tuple[str, str]) -> str:
    source = SourceFile("a.sgl", text)
    findings = [finding(source, mark, code) for mark, code in found]
    left = apply_noqa(findings, read_directives(source), Sources({"a.sgl": source}), frozenset({"a.sgl"}))
    return apply_edits(text, [f for f in left if f.code == "SGL901"])


@pytest.mark.parametrize(
    "comment",
    ["# noqa", "#noqa", "# NoQA", "# noqa: SGL302", "# noqa:SGL302", "# noqa : sgl302", "# noqa: SGL201, SGL302",
     "# noqa: SGL302 SGL201", "# why not  # noqa: SGL302", "# noqa: SGL302 because it is short", "# noqa # more"],
)  # fmt: skip
def test_silences(comment: str) -> None:
    left = check(f"x = 1  {comment}\n", ("x", "SGL302"))
    assert "SGL302" not in left
    assert "SGL902" not in left


@pytest.mark.parametrize(
    "comment", ["# noqa: SGL301", "# noqa: E501", "# noqa:", "# noqa SGL302", "# noqable", "# noqa: SGL3021", "# no qa"]
)
def test_does_not_silence(comment: str) -> None:
    assert "SGL302" in check(f"x = 1  {comment}\n", ("x", "SGL302"))


def test_errors_and_other_lines_stay() -> None:
    source = SourceFile("a.sgl", "x = 1  # noqa\ny = 2\n")
    found = [finding(source, "x", "SGL103", "error"), finding(source, "y", "SGL302")]
    left = apply_noqa(found, read_directives(source), Sources({"a.sgl": source}), frozenset())
    assert [f.code for f in left] == ["SGL103", "SGL302"]


def test_a_string_is_no_comment() -> None:
    assert check('x = "a # noqa"\n', ("x", "SGL302")) == ["SGL302"]


def test_behind_a_text_block_covers_its_lines() -> None:
    text = 'def f() -> str:\n    """\n    a\n    b\n    """  # noqa: SGL302\n    return ""\n'
    assert check(text, ("b\n", "SGL302")) == []
    assert check(text, ("return", "SGL302")) == ["SGL302", "SGL901"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1  # noqa: SGL201\n", "x = 1\n"),
        ("x = 1  # noqa\n", "x = 1\n"),
        ("# noqa\nx = 1\n", "x = 1\n"),
        ("x = 1  # noqa: SGL302, SGL201, SGL202\n", "x = 1  # noqa: SGL302\n"),
        ("x = 1  # noqa: SGL201 # kept\n", "x = 1  # kept\n"),
        ("x = 1  # kept # noqa: SGL201\n", "x = 1  # kept\n"),
        ("x = 1  # noqa: SGL201 for a reason", "x = 1"),
    ],
)
def test_fix_of_unused(text: str, expected: str) -> None:
    found = [("x", "SGL302")] if "SGL302" in text else []
    assert fixed(text, *found) == expected


def test_bad_codes_say_what_to_write() -> None:
    source = SourceFile("a.sgl", "x = 1  # noqa SGL302\ny = 2  # noqa: SGL1, E2\n")
    left = apply_noqa([], read_directives(source), Sources({"a.sgl": source}), frozenset({"a.sgl"}))
    assert [(f.code, f.message, f.hint) for f in left] == [
        ("SGL902", "a colon is missing before the codes", "write `# noqa: SGL302`"),
        ("SGL902", "`SGL1` is not a code", "write `# noqa: SGL302`, or `# noqa` for all codes"),
    ]


def test_unused_only_where_all_rules_ran() -> None:
    source = SourceFile("a.sgl", "x = 1  # noqa\n")
    assert apply_noqa([], read_directives(source), Sources({"a.sgl": source}), frozenset()) == []
