"""Damaged programs: cut anywhere, words doubled, left out or swapped, bytes changed. Each gives a tree or errors, at once."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from program_strategy import programs

from sglc.diagnostics import render_text
from sglc.frontend.parser import parse
from sglc.source import SourceFile

PROGRAMS = {
    path.stem: path.read_text("utf-8")
    for path in sorted((Path(__file__).parents[1] / "cases" / "programs").glob("*.sgl"))
}
SMALL = PROGRAMS["react"]
WORD = re.compile(r"\w+|[^\w\s]|\s+")
BUDGET = 1.0
"""Seconds for a program, and for each test that samples."""

CHARACTERS = "\0\r\t\n \"'{}[]()#\\:=.,|`“”（）é\u0301漢\ufeff\u200b;!$&"
PIECES = (
    "def ", "fork ", "if ", "else:", '"""', "{{", "}}", 'r"', 're"', "gen x: str", "\n    ", "\n", "\n        ", "return ",
    "case ", "match ", "with ", "'''", "@serve\n", "->", "5min", "yield ", "for x in ", "state ", "turn(", "f\"",
)  # fmt: skip


def check(text: str) -> None:
    source = SourceFile("p.sgl", text)
    began = time.perf_counter()
    module, errors = parse(source)
    assert time.perf_counter() - began < BUDGET
    for error in errors:
        assert error.span is not None
        assert 0 <= error.span.start <= error.span.end <= len(source.text)
        assert error.source is source
    assert render_text(errors) or not errors
    assert errors or module.doc or module.decls or not module.broken


def within_budget(items: list[int]) -> list[int]:
    """Items in random order, as many as there is time for; the seed makes runs alike."""
    random.Random(0).shuffle(items)
    return items


def test_cut_at_every_byte() -> None:
    for end in range(len(SMALL.encode()) + 1):
        check(SMALL.encode()[:end].decode("utf-8", "ignore"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_cut_anywhere(name: str) -> None:
    began = time.perf_counter()
    for end in within_budget(list(range(len(PROGRAMS[name])))):
        check(PROGRAMS[name][:end])
        if time.perf_counter() - began > BUDGET / 4:
            return


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("change", ["doubled", "left out", "swapped"])
def test_words(name: str, change: str) -> None:
    text, words = PROGRAMS[name], list(WORD.finditer(PROGRAMS[name]))
    began = time.perf_counter()
    for index in within_budget(list(range(len(words) - 1))):
        word, following = words[index], words[index + 1]
        new = {"doubled": word.group() * 2, "left out": "", "swapped": following.group() + word.group()}[change]
        end = following.end() if change == "swapped" else word.end()
        check(text[: word.start()] + new + text[end:])
        if time.perf_counter() - began > BUDGET / 10:
            return


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(PROGRAMS)), st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_random_edits(name: str, seed: int, edits: int) -> None:
    rng, text = random.Random(seed), PROGRAMS[name]
    for _ in range(edits):
        at, kind = rng.randrange(len(text) + 1), rng.randrange(4)
        other = rng.randrange(len(text) + 1)
        match kind:
            case 0:
                text = text[:at] + rng.choice(CHARACTERS) + text[at:]
            case 1:
                text = text[:at] + rng.choice(PIECES) + text[at:]
            case 2:
                text = text[:at] + text[at + rng.randint(1, 30) :]
            case _:
                text = text[:at] + text[other : other + rng.randint(1, 60)] + text[at:]
    check(text)


@settings(max_examples=100, deadline=None)
@given(programs(3), st.data())
def test_random_programs_cut(text: str, data: st.DataObject) -> None:
    check(text[: data.draw(st.integers(0, len(text)))])


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(CHARACTERS + "abdef 01rex"), max_size=300))
def test_junk(text: str) -> None:
    check(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_bytes(raw: bytes) -> None:
    check(raw.decode("latin-1"))
