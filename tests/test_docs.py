"""Docs change with the code: programs in them build, and every code, operation, pass and command has its place."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sglc.backend.engine.echo import EchoEngine
from sglc.backend.engine.load import tiny_folder
from sglc.backend.engine.tiny.tables import with_tables
from sglc.backend.errors import RunError
from sglc.backend.plan import Plan
from sglc.backend.runtime import Program
from sglc.catalog import CATALOG
from sglc.diagnostics import render_text
from sglc.frontend.formatter import format_source
from sglc.ir.decode import decode_text
from sglc.ir.ops import OPS
from sglc.ir.types import Field, StrType, Type, TypeTable
from sglc.passes import PIPELINE
from sglc.passes.constraints.lower_type import build_dfa
from sglc.pipeline import analyze, compile_program
from sglc.source import SourceFile

ROOT = Path(__file__).parent.parent
# The blocks import from ./types.sgl, which stands beside the examples.
PLACE = str(ROOT / "examples" / "from_docs.sgl")
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
    diagnostics = analyze(PLACE, SourceFile(PLACE, program)).diagnostics
    unwanted = [d for d in diagnostics if not d.code.startswith("SGL14")]
    assert not unwanted, f"{place}\n{render_text(unwanted)}"
    assert format_source(SourceFile(PLACE, program)) == program, f"{place}: format it with `sglc fmt -`"


class ShortAnswers:
    """Tools that give the shortest value of their result's type."""

    def __init__(self, plan: Plan, table: TypeTable) -> None:
        self._results = {tool.name: tool.result for tool in plan.tools}
        self._table = table

    async def call(self, name: str, args: Any, *, deadline: float | None = None) -> Any:
        return shortest(self._results[name], self._table)


def shortest(type_: Type, table: TypeTable) -> Any:
    if type_ == StrType():
        return "Where is A12345?"
    text = build_dfa(type_, table).shortest()
    assert text is not None
    return decode_text(text.decode(), type_, table)


def arguments(fields: tuple[Field, ...], table: TypeTable) -> dict[str, Any]:
    return {field.name: shortest(field.type, table) for field in fields if field.default is None}


@pytest.mark.parametrize(("place", "program"), programs(), ids=lambda value: value if ".md:" in value else "")
def test_programs_in_docs_run(place: str, program: str) -> None:
    """Every function, session and test, with the engine that gives the shortest values."""
    plan = compile_program(PLACE, source=SourceFile(PLACE, program)).plan
    engine = EchoEngine()
    table = {declared.name: declared for declared in plan.types}
    loaded = Program(plan, {"": engine, **{model.name: engine for model in plan.models}}, ShortAnswers(plan, table))
    runs = {f.name: f.fields for f in plan.functions if f.kind == "def"}
    runs |= {s.name: (*s.fields, *s.turn_fields) for s in plan.sessions}
    for name, fields in runs.items():
        failure = None
        try:
            asyncio.run(loaded.run(name, arguments(fields, table)))
        except RunError as error:
            failure = error
        # An answer that means nothing may be refused by the program itself.
        assert failure is None or failure.kind in ("fail", "ensure"), f"{place}: {name}: {failure}"
    for test in plan.tests:
        verdict = asyncio.run(loaded.run_test(test.name))
        assert verdict.passed, f"{place}: {test.name}: {verdict.error}"


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


def test_the_figures_of_tiny_are_those_of_its_evaluation() -> None:
    page = (ROOT / "docs" / "tiny.md").read_text("utf-8")
    evaluation = json.loads((tiny_folder() / "evaluation.json").read_text("utf-8"))
    assert with_tables(page, evaluation) == page, "run `python -m sglc.backend.engine.tiny.tables docs/tiny.md`"
    with pytest.raises(ValueError, match="lacks the lines"):
        with_tables("# nothing", evaluation)
