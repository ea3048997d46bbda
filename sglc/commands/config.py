"""pyproject.toml -> Config: the settings under [tool.sglc] of the nearest project, checked key by key."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from sglc.commands.errors import BadConfig
from sglc.diagnostics import SglError, nearest

CODE = re.compile(r"SGL\d{0,3}|ALL")
EMBEDDED = ("sglc-tiny", "echo")
"""Models that are no folder; a test compares them with `list_embedded`, whose module takes longer to import."""


class ToolConfig(msgspec.Struct, frozen=True):
    """What the tools of this project's programs may do; see ToolPolicy. Paths are absolute."""

    allow_hosts: tuple[str, ...] | None = None
    allow_private: bool = False
    python_modules: tuple[str, ...] = ()
    python_path: tuple[str, ...] = ()
    env_file: str = ""


class Config(msgspec.Struct, frozen=True):
    """A project's settings. `root` is its folder, to which patterns and paths are relative."""

    root: str
    select: tuple[str, ...] = ("SGL",)
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()
    model: str = ""
    tools: ToolConfig = ToolConfig()

    def reports(self, code: str, path: str) -> bool:
        """Whether a finding of this code in this file is shown.

        Between `select` and `ignore` the longer prefix decides; what is ignored for a file is never shown there.
        """
        for pattern, codes in self.per_file_ignores:
            if _longest(codes, code) >= 0 and self._covers(pattern, path):
                return False
        return _longest(self.select, code) > _longest(self.ignore, code)

    def excludes(self, path: str) -> bool:
        return any(self._covers(pattern, path) for pattern in self.exclude)

    def _covers(self, pattern: str, path: str) -> bool:
        """Whether a glob pattern names a file, a folder above it, or its bare name."""
        relative = os.path.relpath(os.path.abspath(path), self.root).replace(os.sep, "/")
        parts = relative.split("/")
        pattern = pattern.removeprefix("./").rstrip("/")
        above = ("/".join(parts[:n]) for n in range(1, len(parts) + 1))
        return any(fnmatch(part, pattern) for part in parts) or any(fnmatch(folder, pattern) for folder in above)


def _longest(prefixes: Iterable[str], code: str) -> int:
    """Length of the longest prefix that names the code; -1 for none, ALL is the shortest."""
    found = (0 if p == "ALL" else len(p) for p in prefixes if p == "ALL" or code.startswith(p))
    return max(found, default=-1)


def config_for(path: str) -> Config:
    """The settings that hold for a file or folder. Raises SglError for settings that make no sense."""
    start = os.path.abspath(path)
    return _config_of(start if os.path.isdir(start) else os.path.dirname(start))


def project_root(folder: str) -> str | None:
    """The nearest folder upwards with a pyproject.toml or a .git."""
    for parent in (Path(folder), *Path(folder).parents):
        if (parent / "pyproject.toml").is_file() or (parent / ".git").exists():
            return str(parent)
    return None


@cache
def _config_of(folder: str) -> Config:
    """Settings by folder; the answer for a folder without a pyproject.toml is that of its parent."""
    found = read_config(Path(folder) / "pyproject.toml")
    if found is not None:
        return found
    parent = os.path.dirname(folder)
    if parent != folder:
        return _config_of(parent)
    return Config(root=os.getcwd())


def read_config(file: Path) -> Config | None:
    """The settings of one pyproject.toml; None when there is no such file or it has no [tool.sglc]."""
    try:
        text = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except OSError as error:
        raise _error(file, (error.strerror or str(error)).lower()) from None
    if b"sglc" not in text:
        return None
    try:
        document = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _error(file, f"not valid TOML: {error}") from None
    tool = document.get("tool")
    table = tool.get("sglc") if isinstance(tool, dict) else None
    return None if table is None else _Reader(file).config(table)


class _Reader:
    """Turns the TOML tables into a Config; every complaint names the key as it is written."""

    def __init__(self, file: Path) -> None:
        self.file, self.root = file, file.parent

    def config(self, table: Any) -> Config:
        fields = self._table(
            "tool.sglc",
            table,
            {
                "select": self._codes,
                "ignore": self._codes,
                "per-file-ignores": self._per_file,
                "exclude": self._texts,
                "model": self._model,
                "tools": self._tools,
            },
        )
        return Config(root=str(self.root), **fields)

    def _table(self, name: str, table: Any, readers: dict[str, Callable[[str, Any], Any]]) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise self._wrong(name, table, "a table")
        fields = {}
        for key, value in table.items():
            if key not in readers:
                near = nearest(key, readers)
                help_ = f"write `{near}`" if near else f"the keys are {', '.join(readers)}"
                raise _error(self.file, f"unknown key `{key}` in [{name}]", help_)
            fields[key.replace("-", "_")] = readers[key](f"{name}.{key}", value)
        return fields

    def _wrong(self, name: str, value: Any, expected: str) -> SglError:
        shown = msgspec.json.encode(value, enc_hook=str).decode()
        return _error(self.file, f"`{name}` is {shown[:60]}, expected {expected}")

    def _texts(self, name: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(name, value, "a list of strings")
        return tuple(value)

    def _text(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self._wrong(name, value, "a string")
        return value

    def _bool(self, name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self._wrong(name, value, "true or false")
        return value

    def _codes(self, name: str, value: Any) -> tuple[str, ...]:
        codes = self._texts(name, value)
        for code in codes:
            if not CODE.fullmatch(code):
                help_ = "write a code such as SGL302, its beginning such as SGL3, or ALL"
                raise _error(self.file, f"`{code}` in `{name}` is not a code", help_)
        return codes

    def _per_file(self, name: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not isinstance(value, dict):
            raise self._wrong(name, value, 'a table such as "examples/*" = ["SGL302"]')
        return tuple((pattern, self._codes(f'{name}."{pattern}"', codes)) for pattern, codes in value.items())

    def _path(self, value: str) -> str:
        return str(self.root / Path(value).expanduser())

    def _model(self, name: str, value: Any) -> str:
        model = self._text(name, value)
        return model if model in EMBEDDED else self._path(model)

    def _tools(self, name: str, value: Any) -> ToolConfig:
        fields = self._table(
            name,
            value,
            {
                "allow-hosts": self._texts,
                "allow-private": self._bool,
                "python-modules": self._texts,
                "python-path": self._texts,
                "env-file": self._text,
            },
        )
        fields["python_path"] = tuple(map(self._path, fields.get("python_path", ())))
        if "env_file" in fields:
            fields["env_file"] = self._path(fields["env_file"])
        return ToolConfig(**fields)


def _error(file: Path, problem: str, help_: str = "") -> SglError:
    shown = os.path.relpath(file)
    return SglError([BadConfig(path_=str(file) if shown.startswith("..") else shown, problem=problem, help=help_)])
