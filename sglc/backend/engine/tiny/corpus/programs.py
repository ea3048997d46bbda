"""The programs whose runs are the training data: the examples, and small ones that are written here."""

from __future__ import annotations

import hashlib
import os
import pickle
from functools import cached_property, lru_cache
from pathlib import Path

from sglc.backend.plan import Plan
from sglc.diagnostics import SglError
from sglc.frontend.lower import lower
from sglc.ir.graph import Graph
from sglc.pipeline import analyze, compile_program
from sglc.source import SourceFile

EXAMPLES = Path(__file__).parents[5] / "examples"
CACHE = "SGLC_CORPUS_CACHE"
"""Names a folder where processes that make the same data share what each of them has lowered."""


class Source:
    """A program as text: its graph to be interpreted (training), its plan to be run (evaluation), each on demand."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text

    @cached_property
    def graph(self) -> Graph:
        """As lowered, without passes: their meaning is the same. Raises SglError."""
        folder = os.environ.get(CACHE)
        if not folder:
            return self._lowered()
        kept = Path(folder) / hashlib.sha256(self.text.encode()).hexdigest()
        try:
            found: Graph = pickle.loads(kept.read_bytes())
        except (FileNotFoundError, EOFError):
            found = self._lowered()
            part = kept.with_suffix(f".{os.getpid()}")
            part.write_bytes(pickle.dumps(found))
            part.replace(kept)
        return found

    @cached_property
    def plan(self) -> Plan:
        """Raises SglError."""
        return compile_program(self.path, source=SourceFile(self.path, self.text)).plan

    def _lowered(self) -> Graph:
        analysis = analyze(self.path, SourceFile(self.path, self.text))
        if analysis.errors or analysis.typed is None:
            raise SglError(analysis.errors)
        return lower(analysis.typed)


@lru_cache(maxsize=64)
def example(name: str) -> Source:
    """examples/NAME.sgl of the checkout."""
    path = EXAMPLES / f"{name}.sgl"
    return Source(str(path), path.read_text("utf-8"))


@lru_cache(maxsize=20_000)
def written(text: str) -> Source:
    """A program given as text; it may import from the examples as `./types.sgl`."""
    return Source(str(EXAMPLES / "written.sgl"), text)
