"""FILE.sgl or FILE.sglx -> a plan that can be run, and the choice of what to run in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sglc.commands.config import config_for
from sglc.commands.errors import BadArtifact, UnknownEntry
from sglc.commands.failure import UsageError, cannot_read, check_name
from sglc.commands.parsing import passes_off
from sglc.diagnostics import Diagnostic, SglError, nearest
from sglc.ir.types import Field, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sglc.backend.artifact import Artifact
    from sglc.backend.plan import Plan
    from sglc.pipeline import Compiled


class Loaded(msgspec.Struct, frozen=True, eq=False):
    """A program ready to run. `artifact` is what a compiled one came from."""

    path: str
    plan: Plan
    artifact: Artifact | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """What is run: a function, or a session whose turns take `turn_fields`."""

    name: str
    fields: tuple[Field, ...]
    turn_fields: tuple[Field, ...] | None = None
    description: str = ""

    @property
    def signature(self) -> str:
        return f"{self.name}({', '.join(f'{field.name}: {show(field.type)}' for field in self.fields)})"


def load(path: str, passes: Sequence[str] = (), python_path: Sequence[str] = ()) -> Loaded:
    """Compile a program, or load a compiled one. Raises SglError."""
    if not path.endswith(".sglx"):
        return compile_source(path, passes, python_path)[1]
    if passes:
        raise UsageError("-O: the program is compiled already", "give it to `sglc compile`")
    _check_readable(path)
    from sglc.backend import artifact

    try:
        loaded = artifact.load(path)
    except artifact.ArtifactError as error:
        raise SglError([BadArtifact(problem=error.message, help=error.hint)]) from None
    return Loaded(path, _located(loaded.plan, path), loaded)


def portable(plan: Plan, path: str) -> Plan:
    """The plan of the program at `path` with its files named as seen from there: equal programs give equal plans,
    wherever they are and however they were named."""
    from sglc.backend.plan import with_files

    folder = os.path.dirname(path) or "."
    return with_files(plan, lambda file: Path(os.path.relpath(file, folder)).as_posix())


def _located(plan: Plan, path: str) -> Plan:
    """The plan of a compiled program with those of its files that lie beside it named by where they are."""
    from sglc.backend.plan import with_files

    folder = os.path.dirname(path)
    there = {file: os.path.normpath(os.path.join(folder, file)) for file, _ in plan.sources}
    return with_files(plan, lambda file: there[file] if os.path.isfile(there.get(file, "")) else file)


def compile_source(path: str, passes: Sequence[str] = (), python_path: Sequence[str] = ()) -> tuple[Compiled, Loaded]:
    """Compile a program. Raises SglError."""
    if path.endswith(".sglx"):
        raise UsageError(f"`{path}` is compiled already", "name the source file (*.sgl)")
    _check_readable(path)
    off = passes_off(passes)
    from sglc.pipeline import compile_program

    try:
        compiled = compile_program(path, off=off, search=search_of(path, python_path))
    except ValueError as error:
        # What passes there are is known to the compiler only.
        if not off:
            raise
        raise UsageError(f"-O: {error}") from None
    return compiled, Loaded(path, compiled.plan, None, compiled.diagnostics)


def _check_readable(path: str) -> None:
    check_name(path)
    try:
        with open(path, "rb") as file:
            file.read(1)
    except OSError as error:
        raise cannot_read(path, error) from None


def search_of(path: str, python_path: Sequence[str] = ()) -> tuple[Path, ...]:
    """Folders where the Python modules of a program's tools are looked for, besides its own."""
    return tuple(map(Path, (*python_path, *config_for(path).tools.python_path)))


def entries(plan: Plan) -> list[Entry]:
    """All that can be run, in the order of the program."""
    found = [Entry(f.name, f.fields, None, f.description) for f in plan.functions if f.kind == "def"]
    return [*found, *(Entry(s.name, s.fields, s.turn_fields) for s in plan.sessions)]


def choose_entry(loaded: Loaded, name: str | None) -> Entry:
    """The entry of this name, or the program's own. Raises SglError that lists them."""
    by_name = {entry.name: entry for entry in entries(loaded.plan)}
    listing = "it has " + ", ".join(f"`{entry.signature}`" for entry in by_name.values()) if by_name else ""
    if not by_name:
        problem = f"`{loaded.path}` has no function to run"
        raise SglError([UnknownEntry(problem=problem, help="write a `def` or a `session`")])
    wanted = name or loaded.plan.entry
    if wanted in by_name:
        return by_name[wanted]
    if not name:
        problem = f"`{loaded.path}` does not say which of its functions to run"
        raise SglError([UnknownEntry(problem=problem, help=f"name one behind the file; {listing}")])
    near = nearest(name, by_name)
    help_ = f"use `{near}`; {listing}" if near else listing
    raise SglError([UnknownEntry(problem=f"`{loaded.path}` has no function or session `{name}`", help=help_)])
