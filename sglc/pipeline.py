"""Source -> artifact as one list of named stages. `analyze` stops where `sglc lint` does and imports nothing heavy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from sglc.diagnostics import Diagnostic, Related, SglError, nearest
from sglc.frontend import ast
from sglc.frontend.chains import deepest_place
from sglc.frontend.check import check
from sglc.frontend.errors import constraints as ce
from sglc.frontend.lint import run_rules
from sglc.frontend.resolve import Unit, link, read_source
from sglc.frontend.typed import TypedProgram
from sglc.frontend.union_advice import union_help, union_place
from sglc.ir.relations import parts_of
from sglc.ir.types import (
    LiteralType,
    NamedType,
    NoneType,
    RecordType,
    Type,
    UnionType,
    show,
)
from sglc.source import SourceFile

if TYPE_CHECKING:
    from sglc.backend.plan import Plan
    from sglc.ir.graph import Graph

STAGES = ("ast", "ir", "plan")
"""What `emit` can print; `ir:PASS` is the graph after that pass."""


class Analysis(msgspec.Struct, frozen=True, eq=False):
    """What is known of a program without running it. `files` are all texts that were read for it."""

    diagnostics: tuple[Diagnostic, ...]
    files: tuple[SourceFile, ...]
    typed: TypedProgram | None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity == "error")


class Compiled(msgspec.Struct, frozen=True, eq=False):
    """A program ready to run, with the graph that it was made from and what the passes said."""

    plan: Plan
    graph: Graph
    remarks: tuple[Any, ...]
    diagnostics: tuple[Diagnostic, ...]


class _Reader:
    """Reads files and remembers them."""

    def __init__(self) -> None:
        self.files: dict[str, SourceFile] = {}

    def __call__(self, path: str) -> SourceFile:
        if path not in self.files:
            self.files[path] = read_source(path)
        return self.files[path]


def analyze(path: str, source: SourceFile | None = None, *, search: tuple[Path, ...] = ()) -> Analysis:
    """Parse, resolve, type-check and lint a program with all that it imports.

    `source` is the text when it does not come from the file. `search` are folders for the Python modules of tools.
    Raises OSError when the file cannot be read, SglError when it is no text.
    """
    reader = _Reader()
    main = source if source is not None else reader(path)
    linked = link(main, reader)
    try:
        typed, diagnostics = check(linked, reader, search)
        if not any(d.severity == "error" for d in diagnostics):
            diagnostics = [*diagnostics, *check_unions(typed)]
            diagnostics += run_rules(typed)
    except RecursionError:
        raise SglError([deepest_place(linked)]) from None
    modules = tuple(_module_text(p) for p in dict.fromkeys(typed.modules_read))
    files = (main, *(f for f in reader.files.values() if f is not main), *modules)
    return Analysis(tuple(sorted(diagnostics, key=Diagnostic.sort_key)), files, typed)


def _module_text(path: Path) -> SourceFile:
    return SourceFile(str(path), path.read_text("utf-8", "replace"))


def check_unions(typed: TypedProgram) -> list[Diagnostic]:
    """Unions whose members cannot be told apart in generated text (SGL305)."""
    found: list[Diagnostic] = []
    done: set[Type] = set()
    for type_, unit, node in typed.generated:
        if type_ in done or not _has_union(type_, typed, set()):
            continue
        done.add(type_)
        from sglc.passes.constraints.ambiguity import ambiguous_union
        from sglc.passes.constraints.budget import ConstraintError
        from sglc.passes.constraints.type_walk import reachable

        for inner in reachable(iter([type_]), typed.table):
            if not isinstance(inner, UnionType):
                continue
            try:
                pair = ambiguous_union(inner, typed.table)
            except ConstraintError as error:
                found.append(ce.TooLarge(source=unit.source, span=node.span, reason=error.message))
                break
            if pair is not None:
                found.append(_ambiguous(typed, type_, pair, unit, node))
    return list({(d.path, d.span): d for d in reversed(found)}.values())[::-1]


def _ambiguous(
    typed: TypedProgram, type_: Type, pair: tuple[Type, Type, str], unit: Unit, node: ast.Node
) -> Diagnostic:
    first, second, example = pair
    place, span = union_place(typed, type_, (first, second), unit, node)
    related = () if (place, span) == (unit, node.span) else (Related(unit.source, node.span, "generated here"),)
    facts: dict[str, Any] = {"first": f"`{show(first)}`", "second": f"`{show(second)}`", "example": example}
    help_ = union_help(first, second, example, typed.table)
    return ce.AmbiguousUnion(source=place.source, span=span, related=related, help=help_, **facts)


def _is_scalar(type_: Type) -> bool:
    """Is it a single number, text or truth value? Two of those are never the same text."""
    return isinstance(type_, LiteralType) and type_.json[0] not in "[{"


def _has_union(type_: Type, typed: TypedProgram, seen: set[str]) -> bool:
    """Is there a union inside whose members have to be compared?"""
    match type_:
        case UnionType(members=members) if not all(isinstance(m, NoneType) or _is_scalar(m) for m in members):
            return True
        case NamedType(name=name) if name not in seen:
            seen.add(name)
            declared = typed.table.get(name)
            return isinstance(declared, RecordType) and any(_has_union(f.type, typed, seen) for f in declared.fields)
    return any(_has_union(part, typed, seen) for part in parts_of(type_))


def compile_program(
    path: str, *, source: SourceFile | None = None, off: frozenset[str] = frozenset(), search: tuple[Path, ...] = ()
) -> Compiled:
    """A program's plan. Raises SglError with everything that is wrong; `off` names passes to leave out."""
    analysis = analyze(path, source, search=search)
    if analysis.errors or analysis.typed is None:
        raise SglError(analysis.errors)
    _check_constraints(analysis.typed)
    from sglc.backend.planner import plan_graph
    from sglc.frontend.lower import lower
    from sglc.passes.manager import run_passes

    sources = [(unit.source.path, unit.source.digest) for unit in reversed(analysis.typed.linked.units)]
    try:
        graph, remarks = run_passes(lower(analysis.typed), off=off)
        return Compiled(plan_graph(graph, sources=sources), graph, tuple(remarks), analysis.diagnostics)
    except RecursionError:
        raise SglError([deepest_place(analysis.typed.linked)]) from None


def _check_constraints(typed: TypedProgram) -> None:
    """Build the automaton of every generated type once, so that what fails has its place in the source."""
    from sglc.passes.constraints.budget import BudgetError, ConstraintError
    from sglc.passes.constraints.lower_type import constraint_for

    found: list[Diagnostic] = []
    for type_, unit, node in typed.generated:
        try:
            constraint_for(type_, typed.table)
        except BudgetError as error:
            found.append(ce.TooLarge(source=unit.source, span=node.span, reason=error.message))
        except ConstraintError as error:
            found.append(ce.Impossible(source=unit.source, span=node.span, reason=error.message))
    if found:
        raise SglError(sorted(found, key=Diagnostic.sort_key))


def emit(path: str, stage: str, *, search: tuple[Path, ...] = ()) -> str:
    """What one stage makes of a program, as text. Raises SglError; ValueError for an unknown stage."""
    from sglc.passes import PIPELINE

    known = (*STAGES, *(f"ir:{name}" for name in PIPELINE))
    if stage not in known:
        near = nearest(stage, known)
        help_ = f"did you mean `{near}`" if near else f"stages: {', '.join(known)}"
        raise ValueError(f"unknown stage `{stage}`; {help_}")
    analysis = analyze(path, search=search)
    if analysis.errors or analysis.typed is None:
        raise SglError(analysis.errors)
    if stage == "ast":
        return _show_ast(analysis.typed.linked.main.module)
    if stage == "plan":
        plan = compile_program(path, search=search).plan
        return msgspec.json.format(msgspec.json.encode(plan), indent=2).decode()
    from sglc.frontend.lower import lower
    from sglc.ir.text import print_graph
    from sglc.passes.manager import run_passes

    try:
        graph = lower(analysis.typed)
        if stage != "ir":
            last = PIPELINE.index(stage.removeprefix("ir:"))
            graph, _ = run_passes(graph, PIPELINE[: last + 1])
        return print_graph(graph)
    except RecursionError:
        raise SglError([deepest_place(analysis.typed.linked)]) from None


def _show_ast(module: ast.Module) -> str:
    lines: list[str] = []
    _show_node(module.decls, 0, "", lines)
    return "\n".join(lines)


def _show_node(value: Any, depth: int, label: str, lines: list[str]) -> None:
    pad = "  " * depth + (f"{label} = " if label else "")
    if isinstance(value, ast.Node):
        simple = {f: getattr(value, f) for f in value.__struct_fields__ if f != "span"}
        flat = {k: v for k, v in simple.items() if not isinstance(v, ast.Node | tuple)}
        shown = " ".join(f"{k}={v!r}" for k, v in flat.items() if v not in (None, False))
        lines.append(f"{pad}{type(value).__name__} {shown}".rstrip())
        for key, item in simple.items():
            if isinstance(item, ast.Node | tuple) and item != ():
                _show_node(item, depth + 1, key, lines)
    elif isinstance(value, tuple):
        if label:
            lines.append(pad.rstrip(" =") + ":")
        for item in value:
            _show_node(item, depth + (1 if label else 0), "", lines)
    else:
        lines.append(f"{pad}{value!r}")
