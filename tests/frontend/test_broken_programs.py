"""A file that was cut, or whose words were doubled or swapped, gives findings with places inside the file, never an exception."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from checking import write_side_files

from sglc.catalog import CATALOG, page
from sglc.pipeline import analyze
from sglc.source import SourceFile

PROGRAMS = sorted((Path(__file__).parents[1] / "cases" / "programs").glob("*.sgl"))
_WORD = re.compile(r"\w+|\"+|[^\w\s]|\n[ ]*")
_SECONDS = 1.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("broken")
    write_side_files(made)
    return made


def check(text: str, folder: Path) -> None:
    source = SourceFile(str(folder / "program.sgl"), text)
    start = time.process_time()
    analysis = analyze(source.path, source)
    assert time.process_time() - start < _SECONDS, "too slow"
    for found in analysis.diagnostics:
        assert found.source is not None
        assert found.span is not None
        assert 0 <= found.span.start <= found.span.end <= len(found.source.text)
        assert found.message
        assert not found.label_text.endswith(".")
        assert "{" not in found.hint_text or "{" in found.source.text or "{" in type(found).hint


def cuts(text: str, chance: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        yield text[: chance.randrange(len(text))]


def doubled(text: str, chance: random.Random, count: int) -> Iterator[str]:
    words = list(_WORD.finditer(text))
    for word in chance.sample(words, min(count, len(words))):
        yield f"{text[: word.end()]} {word[0]}{text[word.end() :]}"


def dropped(text: str, chance: random.Random, count: int) -> Iterator[str]:
    words = list(_WORD.finditer(text))
    for word in chance.sample(words, min(count, len(words))):
        yield text[: word.start()] + text[word.end() :]


def swapped(text: str, chance: random.Random, count: int) -> Iterator[str]:
    words = list(_WORD.finditer(text))
    for _ in range(count):
        a, b = sorted(chance.sample(words, 2), key=lambda word: word.start())
        yield text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


@pytest.mark.parametrize("change", [cuts, doubled, dropped, swapped], ids=lambda change: change.__name__)
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_changed_program(path: Path, change: object, folder: Path) -> None:
    assert callable(change)
    for text in change(path.read_text(encoding="utf-8"), random.Random(path.stem), 25):
        check(text, folder)


def test_changed_pages(folder: Path) -> None:
    """The examples of the pages are short, and hold every construct; two words are swapped in each."""
    for cls in CATALOG:
        for program in (page(cls).wrong, page(cls).right):
            if len(_WORD.findall(program)) > 4 and len(program) < 5000:
                for text in swapped(program, random.Random(cls.code), 4):
                    check(text, folder)


def test_names_swapped(folder: Path) -> None:
    """Every name in the place of every other: what is declared and what is used no longer agree."""
    for path in PROGRAMS:
        text = path.read_text(encoding="utf-8")
        chance = random.Random(path.stem)
        names = sorted(set(re.findall(r"[A-Za-z_]\w*", text)))
        for _ in range(12):
            a, b = chance.sample(names, 2)
            check(re.sub(rf"\b{a}\b", b, text), folder)
