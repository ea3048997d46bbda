"""The programs whose runs are the training data: the examples, and small ones that are written here."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sglc.pipeline import Compiled, compile_program
from sglc.source import SourceFile

EXAMPLES = Path(__file__).parents[5] / "examples"


@lru_cache(maxsize=64)
def example(name: str) -> Compiled:
    """examples/NAME.sgl of the checkout."""
    return compile_program(str(EXAMPLES / f"{name}.sgl"))


@lru_cache(maxsize=5000)
def written(text: str) -> Compiled:
    """A program given as text; it may import from the examples as `./types.sgl`."""
    path = str(EXAMPLES / "written.sgl")
    return compile_program(path, source=SourceFile(path, text))
