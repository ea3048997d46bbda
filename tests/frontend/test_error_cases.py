"""Every program in tests/cases/errors gives exactly the diagnostics in the .err file beside it."""

from __future__ import annotations

from pathlib import Path

import golden
import pytest

from sglc.catalog import CATALOG
from sglc.commands.check import check_source
from sglc.commands.findings import Finding, Sources, to_diagnostic
from sglc.commands.noqa import apply_noqa
from sglc.diagnostics import Diagnostic, SglError, render_text
from sglc.pipeline import analyze, compile_program
from sglc.source import SourceFile

CASES = Path(__file__).parents[1] / "cases" / "errors"
FOUND_BY_COMPILE = ("SGL306", "SGL307")
"""What only building the automata shows, which `sglc lint` does not do."""
FOUND_BY_LINT = ("SGL901", "SGL902")
"""What is said about `# noqa` comments."""
NAMES_AND_TYPES = [cls for cls in CATALOG if cls.code.startswith("SGL1")]
WITHOUT_CASE = {"SGL022", "SGL033", "SGL139"}  # such sizes are made in test_parser_limits.py and test_long_chains.py


def diagnostics(name: str) -> tuple[Diagnostic, ...]:
    if name.startswith(FOUND_BY_LINT):
        return linted(name)
    try:
        found = analyze(name).diagnostics
        if name.startswith(FOUND_BY_COMPILE) and not any(d.severity == "error" for d in found):
            compile_program(name)
        return found
    except SglError as error:
        return error.diagnostics


def linted(name: str) -> tuple[Diagnostic, ...]:
    """What `sglc lint` says, which heeds `# noqa` comments."""
    source = SourceFile(name, Path(name).read_text(encoding="utf-8"))
    entry, sources = check_source(name, source), Sources({name: source})
    found = apply_noqa(entry.findings, list(entry.directives), sources, frozenset({name}))
    return tuple(to_diagnostic(finding, sources) for finding in sorted(found, key=Finding.sort_key))


@pytest.mark.parametrize("path", sorted(CASES.glob("*.sgl")), ids=lambda path: path.stem)
def test_case(path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)  # so that the .err file does not tell where the project lies
    found = diagnostics(path.name)
    code = path.stem.split("-")[0]
    if code.startswith("SGL"):  # other files are there to be imported
        assert code in {d.code for d in found}, render_text(found)
    golden.compare(render_text(found), path.with_suffix(".err"), request.config)


@pytest.mark.parametrize("cls", CATALOG, ids=lambda cls: cls.code)
def test_every_code_has_a_case(cls: type[Diagnostic]) -> None:
    if cls.code not in WITHOUT_CASE and not cls.code.startswith("SGL8"):  # 8xx come from running programs
        assert list(CASES.glob(f"{cls.code}-*.sgl")), f"add tests/cases/errors/{cls.code}-name.sgl"


@pytest.mark.parametrize("cls", CATALOG, ids=lambda cls: cls.code)
def test_no_fact_hides_a_part_of_the_diagnostic(cls: type[Diagnostic]) -> None:
    """A fact called `path`, say, would take the place of the file's path in JSON and in the order of findings."""
    facts = set(cls.__struct_fields__) - set(Diagnostic.__struct_fields__)
    assert not facts & set(dir(Diagnostic))
