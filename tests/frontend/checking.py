"""Analyses a program given as text, with small files beside it, for the tests of the checker and the lint rules."""

from __future__ import annotations

import textwrap
from pathlib import Path

from sglc.diagnostics import Diagnostic, render_text
from sglc.frontend.typed import TypedProgram
from sglc.ir.types import show
from sglc.pipeline import Analysis, analyze
from sglc.source import SourceFile

SIDE_FILES = {
    "types.sgl": "type Address:\n    city: str\n    street: str\n\ntype Parcel:\n    status: str\n    to: Address\n\n"
    "enum Color: red | green | blue\n",
    "shop_tools.py": "def stock(sku: str) -> int:\n    return 1\n\n\n"
    "def price(sku: str, factor: float = 1.0) -> float:\n    return 2.5\n",
    "order.json": '{\n  "type": "object",\n  "properties": {"number": {"type": "string"}, "count": {"type": "integer"}},\n'
    '  "required": ["number"]\n}\n',
    "broken.json": '{\n  "type": "objekt"\n}\n',
    "no_json.json": '{\n  "type": "object",\n}\n',
    "one_of.json": '{\n  "oneOf": [{"type": "string"}, {"type": "integer"}]\n}\n',
}
"""What stands beside a program: a file to import, a Python module, JSON Schemas."""


def write_side_files(folder: Path) -> None:
    for name, text in SIDE_FILES.items():
        (folder / name).write_text(text, encoding="utf-8")


def analyze_text(text: str, folder: Path, **files: str) -> Analysis:
    """Analyse `text` as program.sgl of the folder; `files` are more files, by name without `.sgl`."""
    write_side_files(folder)
    for name, content in files.items():
        (folder / f"{name}.sgl").write_text(textwrap.dedent(content), encoding="utf-8")
    path = folder / "program.sgl"
    path.write_text(text, encoding="utf-8")
    return analyze(str(path), SourceFile(str(path), text))


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return [d.code for d in found]


def places(found: tuple[Diagnostic, ...]) -> list[str]:
    """Each finding as `CODE text under the mark`."""
    return [f"{d.code} {d.source.text[d.span.start : d.span.end]}" for d in found if d.source and d.span]


def shown(found: tuple[Diagnostic, ...]) -> str:
    return render_text(found)


def types_of(program: TypedProgram) -> dict[str, str]:
    """The type of each variable of the main file, by name."""
    source = program.linked.main.source
    in_main = {n: v for n, v in program.variables.items() if source.text[n.span.start : n.span.end] == n.name}
    return {name.name: show(variable.type) for name, variable in in_main.items()}
