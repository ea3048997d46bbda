"""Checks the Python function that a tool names: its form, where it is, whether it takes and gives what is declared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sglc.diagnostics import Diagnostic, Related, nearest
from sglc.frontend import ast
from sglc.frontend.check_base import Report
from sglc.frontend.errors import tools as oe
from sglc.frontend.resolve import Unit
from sglc.frontend.typed import Signature
from sglc.ir.python_signature import (
    Mismatch,
    PythonSignature,
    SignatureProblem,
    compare,
    find_module,
    read_signature,
)  # fmt: skip
from sglc.ir.tools import PythonSpec
from sglc.ir.types import ErrorType
from sglc.source import SourceFile, Span


def check_python(
    unit: Unit, decl: ast.ToolDecl, signature: Signature, search: tuple[Path, ...], report: Report, read: list[Path]
) -> PythonSpec | None:
    """The function as data, None where its name is none. `search` are folders besides the program's own.

    `read` gets the files of modules that were read.
    """
    node = decl.impl.target if isinstance(decl.impl, ast.PythonImpl) else ast.Str(decl.name.span, ())
    target = node.constant
    if target is None or not _is_target(target):
        shown = "this" if target is None else f'"{target}"'
        facts = {"problem": f"{shown} names no Python function", "where": 'expected "module:function"'}
        report(unit.finding(oe.PythonNotFound, node, **facts, help=_better_target(target)))
        return None
    module, function = target.split(":")
    folders = (Path(unit.source.path).parent, *search)
    path = find_module(module, folders)
    if path is None:
        help_ = _other_module(module, function, folders)
        report(unit.finding(oe.PythonNotFound, node, problem=f"no Python module `{module}`", help=help_))
        return PythonSpec(target)
    read.append(path)
    found = read_signature(path, function)
    if isinstance(found, SignatureProblem):
        report(_no_function(unit, node, found, path, function))
    elif signature.result is not None and not any(isinstance(f.type, ErrorType) for f in signature.fields):
        mismatches = compare(found, signature.fields, signature.result)
        renamed = any(m.kind == "missing" for m in mismatches)
        for mismatch in mismatches:
            # A parameter of another name is one mistake, although it is missing on both sides.
            if mismatch.kind != "required" or not renamed:
                report(_mismatch(unit, decl, target, mismatch, found, path))
    return PythonSpec(target)


# --- the name of the function ---


def _is_target(target: str) -> bool:
    module, _, function = target.partition(":")
    return function.isidentifier() and all(part.isidentifier() for part in module.split("."))


def _better_target(target: str | None) -> str:
    if target is not None:
        module, separator, function = target.partition(":")
        if not separator:
            module, _, function = target.rpartition(".")
        better = f"{module.strip().removeprefix('./').removesuffix('.py').replace('/', '.')}:{function.strip('() ')}"
        if _is_target(better):
            return f'write "{better}"'
    return 'write the module and its function: "shop_tools:stock"'


def _other_module(module: str, function: str, folders: Sequence[Path]) -> str:
    names = {path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.py")}
    near = nearest(module, sorted(names))
    if near:
        return f'write "{near}:{function}"'
    return f"put {module.replace('.', '/')}.py beside the program, or its folder into python-path of pyproject.toml"


def _no_function(unit: Unit, node: ast.Str, found: SignatureProblem, path: Path, function: str) -> Diagnostic:
    near = nearest(function, found.functions)
    facts = {"problem": found.message, "where": "not found", "help": ""}
    related: tuple[Related, ...] = ()
    if found.kind == "missing":
        names = ", ".join(found.functions[:6])
        facts["help"] = f"use `{near}`" if near else f"it defines {names or 'no function'}"
    elif found.kind == "imported":
        facts["help"] = "name the module that defines it, or write a function that calls it"
    else:
        facts["where"] = "cannot be read"
        facts["help"] = f"correct {path.name} first"
        if found.line:
            related = (_line(path, found.line, "here"),)
    return unit.finding(oe.PythonNotFound, node, related=related, **facts)


# --- its parameters and its result ---


def _mismatch(
    unit: Unit, decl: ast.ToolDecl, target: str, mismatch: Mismatch, found: PythonSignature, path: Path
) -> Diagnostic:
    param = next((p for p in decl.params if p.name.name == mismatch.name), None)
    place: ast.Node = decl.name
    help_ = "change the declaration or the function"
    match mismatch.kind:
        case "required":
            help_ = f"declare a parameter `{mismatch.name}`, or give it a default in Python"
        case "missing" if param is not None:
            place, help_ = param.name, _other_parameter(decl, mismatch, found)
        case "parameter" if param is not None:
            place = param.type
        case "result" if decl.result is not None:
            place = decl.result
    related = (_line(path, found.line, "the function"),)
    facts = {"target": target, "problem": mismatch.message, "help": help_}
    return unit.finding(oe.PythonMismatch, place, related=related, **facts)


def _other_parameter(decl: ast.ToolDecl, mismatch: Mismatch, found: PythonSignature) -> str:
    if any(p.name == mismatch.name for p in found.parameters):
        return "take the `/` out of the Python function"
    declared = {p.name.name for p in decl.params}
    free = [p.name for p in found.parameters if p.name not in declared]
    required = [p.name for p in found.parameters if p.name in free and p.default is None]
    near = nearest(mismatch.name, free) or (required[0] if len(required) == 1 else None)
    if near:
        return f"name it `{near}`, as the function does"
    names = ", ".join(p.name for p in found.parameters)
    return f"the function takes {names}" if names else "remove it, or add it to the function"


def _line(path: Path, line: int, label: str) -> Related:
    source = SourceFile(str(path), path.read_text("utf-8", "replace"))
    text = source.line_text(line)
    start = source.line_start(line) + len(text) - len(text.lstrip())
    return Related(source, Span(start, start + len(text.strip())), label)
