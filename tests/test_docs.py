"""Docs change with the code: programs in them build, and every code, operation, pass and command has its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sglc.catalog import CATALOG
from sglc.diagnostics import render_text
from sglc.ir.ops import OPS
from sglc.passes import PIPELINE
from sglc.pipeline import analyze
from sglc.source import SourceFile

ROOT = Path(__file__).parent.parent
# docs/codes.md shows wrong programs too; tests/frontend checks those where they are written.
DOCS = [p for p in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]) if p.name != "codes.md"]


def programs() -> list[tuple[str, str]]:
    """Every ```sgl block of the docs: a name that says where it stands, and its text."""
    found = []
    for path in DOCS:
        text = path.read_text("utf-8")
        for match in re.finditer(r"^```sgl\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            line = text.count("\n", 0, match.start()) + 2
            found.append((f"{path.name}:{line}", match.group(1)))
    return found


@pytest.mark.parametrize(("place", "program"), programs(), ids=lambda value: value if ".md:" in value else "")
def test_programs_in_docs_are_clean(place: str, program: str) -> None:
    # The blocks import from ./types.sgl, which stands beside the examples.
    path = str(ROOT / "examples" / "from_docs.sgl")
    diagnostics = analyze(path, SourceFile(path, program)).diagnostics
    unwanted = [d for d in diagnostics if not d.code.startswith("SGL14")]
    assert not unwanted, f"{place}\n{render_text(unwanted)}"


def test_the_grammar_in_the_reference_is_the_grammar() -> None:
    text = (ROOT / "docs" / "language.md").read_text("utf-8")
    grammar = (ROOT / "sglc" / "frontend" / "grammar.lark").read_text("utf-8")
    assert grammar.strip() in text, "copy sglc/frontend/grammar.lark to the end of docs/language.md"


def test_every_code_has_its_page() -> None:
    text = (ROOT / "docs" / "codes.md").read_text("utf-8")
    assert not [cls.code for cls in CATALOG if f"## {cls.code}" not in text], "run `make codes`"


def test_every_operation_and_pass_has_its_place() -> None:
    ir, passes = ((ROOT / "docs" / name).read_text("utf-8") for name in ("ir.md", "passes.md"))
    assert not [op.__struct_config__.tag for op in OPS if f"`{op.__struct_config__.tag}`" not in ir]
    assert not [name for name in PIPELINE if f"## {name}" not in passes]


def test_links_between_docs_lead_somewhere() -> None:
    for path in DOCS:
        for target in re.findall(r"\]\(([^)#:=\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
