"""Files -> units: reads a program and what it imports, and finds what every top-level name stands for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec

from sglc.diagnostics import Diagnostic, Related, SglError, nearest
from sglc.frontend import ast
from sglc.frontend.builtins import BUILTINS, RESERVED_TYPES
from sglc.frontend.errors import names as e
from sglc.frontend.errors import syntax
from sglc.frontend.parser import MAX_BYTES, parse
from sglc.source import SourceFile, Span

Kind = Literal["constant", "enum", "type", "alias", "tool", "template", "function", "session", "model", "broken"]
KIND_NAMES: dict[str, str] = {
    "constant": "a constant", "enum": "an enum", "type": "a type", "alias": "a type", "tool": "a tool",
    "template": "a template", "function": "a function", "session": "a session", "model": "a model",
}  # fmt: skip
MAX_IMPORTS = 50
"""So many files may each import the next one."""
Read = Callable[[str], SourceFile]
_OTHER_FILES = {
    ".py": ("a Python file", 'declare a tool: tool name(...) -> T: python "module:function"'),
    ".json": ("a JSON file", 'a JSON Schema is a type: type Name = schema "file.json"'),
}
"""By their suffix: files that programs use in another way than by an import."""


class Symbol(msgspec.Struct, frozen=True, eq=False):
    """A top-level name. `unique` is its name in the whole program: the plain one, unless another file took it first."""

    kind: Kind
    name: str
    unique: str
    decl: ast.Decl | None
    unit: Unit


class Unit(msgspec.Struct, eq=False):
    """One file of a program. `names` holds its own and its imported symbols."""

    module: ast.Module
    names: dict[str, Symbol]
    own: dict[str, Symbol]
    places: dict[str, tuple[Span, bool]]
    """Where each of `names` is bound, and whether by an import."""

    @property
    def source(self) -> SourceFile:
        return self.module.source

    def text(self, node: ast.Node) -> str:
        """A node as it is written."""
        return self.source.text[node.span.start : node.span.end]

    def finding(self, kind: type[Diagnostic], place: ast.Node | Span, /, **facts: Any) -> Diagnostic:
        """A diagnostic at a place of this file."""
        return kind(source=self.source, span=place if isinstance(place, Span) else place.span, **facts)


class Linked(msgspec.Struct, eq=False):
    """A program: its units, imported ones first, the main one last."""

    units: list[Unit]
    errors: list[Diagnostic]

    @property
    def main(self) -> Unit:
        return self.units[-1]


def read_source(path: str) -> SourceFile:
    """Read a program file. Raises OSError, or SglError for text that is too large or not UTF-8."""
    with open(path, "rb") as file:
        raw = file.read(MAX_BYTES + 4)
    if len(raw) > MAX_BYTES + 3:
        size = max(os.path.getsize(path), len(raw))  # a device has no size
        stub = SourceFile(path, raw[:80].decode("utf-8", "replace"))
        raise SglError([syntax.FileTooLarge(source=stub, span=Span(0, 1), size=size, limit=MAX_BYTES)])
    try:
        return SourceFile(path, raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8")
        source = SourceFile(path, good)
        at = len(source.text)
        offset = error.start
        raise SglError(
            [syntax.NotUtf8(source=source, span=Span(max(0, at - 1), at), byte=raw[offset], offset=offset)]
        ) from None


def link(main: SourceFile, read: Read = read_source) -> Linked:
    """Parse a program with all that it imports. Errors of every file are in the result."""
    linker = _Linker(read)
    linker.load(main, ())
    return Linked(linker.units, linker.errors)


class _Linker:
    def __init__(self, read: Read) -> None:
        self.read = read
        self.units: list[Unit] = []
        self.by_path: dict[str, Unit] = {}
        self.errors: list[Diagnostic] = []
        self.taken: set[str] = set()

    def load(self, source: SourceFile, chain: tuple[str, ...]) -> Unit:
        module, errors = parse(source)
        self.errors += errors
        unit = Unit(module, {}, {}, {})
        path = os.path.normpath(source.path)
        # Imports are loaded before the unit's own names are made unique, but the main file's names stay as they are.
        self.by_path[path] = unit
        if not chain:
            self.taken |= {n for decl in module.decls if (n := _declared(decl)) is not None}
        self._imports(unit, (*chain, path))
        self._declare(unit, is_main=not chain)
        self.units.append(unit)
        return unit

    def _imports(self, unit: Unit, chain: tuple[str, ...]) -> None:
        for decl in unit.module.decls:
            if isinstance(decl, ast.Import):
                other = self._import(unit, decl, chain)
                for item in decl.names:
                    self._import_name(unit, decl, item, other)

    def _import(self, unit: Unit, decl: ast.Import, chain: tuple[str, ...]) -> Unit | None:
        written = decl.path.constant
        if written is None:
            reason, help_ = "an import's path has no holes", "write the path as plain text"
            self._not_found(unit, decl, unit.text(decl.path)[1:-1], reason, help_)
            return None
        path = os.path.normpath(Path(unit.source.path).parent / written)
        other = _OTHER_FILES.get(Path(path).suffix)
        if other is not None:
            self._not_found(unit, decl, written, *other)
            return None
        if path in chain:
            circle = chain[chain.index(path) :]
            facts = {"chain": " imports ".join(Path(p).name for p in (*circle, path))}
            if len(circle) == 1:
                facts = {"chain": "the file imports itself", "help": "remove the import: a file knows its own names"}
            self.errors.append(unit.finding(e.ImportCycle, decl.path, **facts))
            return None
        if path in self.by_path:
            return self.by_path[path]
        if len(chain) > MAX_IMPORTS:
            reason = f"more than {MAX_IMPORTS} files import each other in a row"
            self._not_found(unit, decl, written, reason, "import names from the files that declare them")
            return None
        try:
            source = self.read(path)
        except (OSError, ValueError) as error:
            self._not_found(unit, decl, written, reason_of(error), near_file(written, unit.source.path, ".sgl"))
            return None
        except SglError as error:
            self.errors += error.diagnostics
            return None
        return self.load(source, chain)

    def _not_found(self, unit: Unit, decl: ast.Import, file: str, reason: str, help_: str) -> None:
        self.errors.append(unit.finding(e.ImportNotFound, decl.path, file=file, reason=reason, help=help_))

    def _import_name(self, unit: Unit, decl: ast.Import, item: ast.ImportName, other: Unit | None) -> None:
        local = item.alias or item.name
        symbol = other.own.get(item.name.name) if other else None
        if symbol is None:
            symbol = Symbol("broken", item.name.name, item.name.name, None, unit)
            if other is not None and item.name.name not in other.module.broken:
                name, file = item.name.name, decl.path.constant or ""
                help_ = _not_in(name, other, unit)
                self.errors.append(unit.finding(e.NotInFile, item.name, name=name, file=file, help=help_))
        self._bind(unit, local, symbol, imported=True)

    def _declare(self, unit: Unit, *, is_main: bool) -> None:
        for decl in unit.module.decls:
            name = _declared(decl)
            if name is None or isinstance(decl, ast.Import | ast.TestDecl):
                continue
            unique = name
            if not is_main and name in self.taken:
                unique = f"{Path(unit.source.path).stem}.{name}"
                while unique in self.taken:
                    unique += "_"
            self.taken.add(unique)
            symbol = Symbol(_kind(decl), name, unique, decl, unit)
            self._bind(unit, decl.name, symbol)
            unit.own.setdefault(name, symbol)
        for name in unit.module.broken:
            unit.names.setdefault(name, Symbol("broken", name, name, None, unit))

    def _bind(self, unit: Unit, name: ast.Name, symbol: Symbol, *, imported: bool = False) -> None:
        if name.name in BUILTINS or (name.name in RESERVED_TYPES and symbol.kind in ("type", "enum", "alias")):
            help_ = f"import it as another name: `{symbol.name} as ...`" if imported else "choose another name"
            self.errors.append(unit.finding(e.ReservedName, name, name=name.name, help=help_))
        earlier = unit.names.get(name.name)
        if earlier is None or earlier.kind == "broken":
            unit.names[name.name] = symbol
            unit.places[name.name] = (name.span, imported)
            return
        if symbol.kind == "broken":
            return
        span, was_imported = unit.places[name.name]
        related = (Related(unit.source, span, "imported here" if was_imported else "first declaration"),)
        facts = {"where": "imported again", "help": "remove one of the two"} if earlier is symbol else {}
        if was_imported and earlier is not symbol:
            facts = {"help": f"choose another name, or import the other as `{earlier.name} as ...`"}
        self.errors.append(unit.finding(e.DuplicateName, name, name=name.name, related=related, **facts))


def _not_in(name: str, other: Unit, unit: Unit) -> str:
    """What to import instead of a name that the other file does not declare."""
    declared = other.names.get(name)
    if declared is not None and declared.kind != "broken":
        path = os.path.relpath(declared.unit.source.path, os.path.dirname(unit.source.path) or ".")
        return f'import it from the file that declares it: from "{_shown_path(path)}" import {declared.name}'
    near = nearest(name, other.own)
    if near:
        return f"use `{near}`"
    known = list(other.own)
    return f"it declares {', '.join(known[:6]) or 'nothing'}{', ...' if len(known) > 6 else ''}"


def _shown_path(path: str) -> str:
    """A relative path as an import is written."""
    path = path.replace(os.sep, "/")
    return path if path.startswith(("/", "../")) else f"./{path}"


def _declared(decl: ast.Decl) -> str | None:
    return None if isinstance(decl, ast.Import | ast.TestDecl) else decl.name.name


def _kind(decl: ast.Decl) -> Kind:
    kinds: dict[type, Kind] = {
        ast.ConstDecl: "constant", ast.EnumDecl: "enum", ast.TypeDecl: "type", ast.AliasDecl: "alias",
        ast.ToolDecl: "tool", ast.SessionDecl: "session", ast.ModelDecl: "model",
    }  # fmt: skip
    if isinstance(decl, ast.FuncDecl):
        return "template" if decl.kind == "template" else "function"
    return kinds[type(decl)]


def reason_of(error: OSError | ValueError) -> str:
    """Why a file cannot be read, in a few words."""
    if isinstance(error, ValueError):
        return "not a path"
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, IsADirectoryError):
        return "is a directory"
    return (error.strerror or str(error)).lower()


def near_file(written: str, owner: str, suffix: str) -> str:
    """A hint with the file that was probably meant by a path in the file `owner`, which names no file."""
    path = Path(os.path.dirname(owner), written)
    try:
        if path.is_dir():
            return f"name a {suffix} file"
        if not path.parent.is_dir():
            return f"there is no folder `{os.path.dirname(written)}`; paths are relative to the file that they stand in"
        others = [p.name for p in path.parent.iterdir() if p.suffix == suffix and p != Path(owner)]
    except (OSError, ValueError):
        return "paths are relative to the file that they stand in"
    name = path.name if path.suffix == suffix else f"{path.name}{suffix}"
    near = name if name in others else nearest(path.name, others) or nearest(name, others)
    if near is None:
        return "paths are relative to the file that they stand in"
    return f"use `{written[: len(written) - len(path.name)]}{near}`"
