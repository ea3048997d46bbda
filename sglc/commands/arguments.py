"""What the command line gives -> the arguments of a function, each checked against its parameter's type."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sglc.commands.errors import BadArgument, BadInput, MissingParameter, UnknownParameter
from sglc.diagnostics import SglError, nearest
from sglc.ir.decode import ConformError, conform, is_bare, to_json
from sglc.ir.json_reader import JsonError, read_json
from sglc.ir.types import BoolType, Field, JsonType, ListType, Type, TypeTable, UnionType, show
from sglc.ir.value_checks import EvalError, check_value

Given = Sequence[tuple[str, str | None]]
"""Options in order: name without dashes, and value (None: `--name` alone)."""


class Parameters:
    """A function's parameters, as the command line sees them."""

    def __init__(self, function: str, fields: Sequence[Field], table: TypeTable) -> None:
        self.function, self.fields, self.table = function, tuple(fields), table
        self._by_name = {field.name: field for field in self.fields}

    def from_options(self, given: Given, base: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Values of `--name value` options; `base` are those of `--json`, which options override."""
        texts: dict[str, list[str | None]] = {}
        for written, text in given:
            texts.setdefault(self._named(written), []).append(text)
        values = {name: self._read(self._by_name[name], items) for name, items in texts.items()}
        return self.from_object({**(base or {}), **values})

    def from_object(self, values: Mapping[str, Any], place: str = "") -> dict[str, Any]:
        """Values by name, conformed; parameters that have a default may be absent. Raises SglError."""
        for name in values:
            if name not in self._by_name:
                raise self._unknown(name, place)
        result = {}
        for field in self.fields:
            if field.name in values:
                result[field.name] = self._conform(field, values[field.name], field.name, place)
            elif field.default is None and not field.optional:
                help_ = f"give `--{field.name} VALUE`; {self.listing()}"
                error = MissingParameter(function=self.function, name=field.name, place=place, help=help_)
                raise SglError([error])
        return result

    def from_line(self, line: str, place: str) -> dict[str, Any]:
        """A turn's arguments: the line itself when one parameter takes text, else a JSON object."""
        required = [field for field in self.fields if field.default is None] or list(self.fields)
        if len(required) == 1 and is_bare(required[0].type, self.table):
            return self.from_object({required[0].name: line}, place)
        return self.from_object(read_object(line, place.strip()), place)

    def listing(self) -> str:
        """All parameters with types, defaults and descriptions, one a line."""
        if not self.fields:
            return f"`{self.function}` takes no parameters"
        rows = [(f"--{f.name}", self._shown_type(f), f.description) for f in self.fields]
        name_width = max(len(name) for name, _, _ in rows)
        type_width = max(len(type_) for _, type_, _ in rows)
        lines = [f"    {name:<{name_width}}  {type_:<{type_width}}  {about}".rstrip() for name, type_, about in rows]
        return f"the parameters of `{self.function}` are:\n" + "\n".join(lines)

    # --- one value ---

    def _shown_type(self, field: Field) -> str:
        return show(field.type) + (f" = {field.default}" if field.default is not None else "")

    def _named(self, written: str) -> str:
        """The parameter that an option names; dashes stand for underscores, too."""
        for name in (written, written.replace("-", "_")):
            if name in self._by_name:
                return name
        raise self._unknown(written, "")

    def _unknown(self, name: str, place: str) -> SglError:
        near = nearest(name, self._by_name)
        help_ = f"use `{near}`; {self.listing()}" if near else self.listing()
        return SglError([UnknownParameter(function=self.function, name=name, place=place, help=help_)])

    def _read(self, field: Field, texts: Sequence[str | None]) -> Any:
        option = f"--{field.name}"
        if isinstance(field.type, ListType) and not (len(texts) == 1 and _is_array(texts[0])):
            item = field.type.item
            return [self._value(field, item, text, option) for text in texts]
        if len(texts) > 1:
            raise self._bad(field, option, f"given {len(texts)} times, expected one value of type {show(field.type)}")
        return self._value(field, field.type, texts[0], option)

    def _value(self, field: Field, type_: Type, text: str | None, option: str) -> Any:
        if text is None:
            if isinstance(type_, BoolType):
                return True
            raise self._bad(field, option, f"found no value, expected {show(type_)}")
        if is_bare(type_, self.table):
            return text
        problem = f"found `{_cut(text)}`, expected {show(type_)}"
        if isinstance(type_, JsonType):
            problem = f'found `{_cut(text)}`, which is no JSON: a text stands in quotes, "...", there'
        try:
            value = msgspec.json.decode(text)
            conform(value, type_, self.table)
            return value
        except ConformError as error:
            problem = _with_type(str(error), type_)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            pass
        if isinstance(type_, UnionType) and self._fits(text, type_):
            return text
        raise self._bad(field, option, problem)

    def _fits(self, value: Any, type_: Type) -> bool:
        try:
            conform(value, type_, self.table)
        except ConformError:
            return False
        return True

    def _conform(self, field: Field, value: Any, name: str, place: str) -> Any:
        try:
            fitting = conform(value, field.type, self.table)
            check_value(fitting)
            return fitting
        except ConformError as error:
            problem = _with_type(str(error), field.type)
        except EvalError as error:
            problem = f"{error.message}; an int has at most 64 bits" if "range" in error.message else error.message
        raise self._bad(field, name, problem, place) from None

    def _bad(self, field: Field, name: str, problem: str, place: str = "") -> SglError:
        about = f"`{field.name}` is {field.description}" if field.description else ""
        choice = f"write `{name} true` or `{name} false`" if isinstance(field.type, BoolType) and name[0] == "-" else ""
        help_ = "; ".join(filter(None, (choice, about)))
        return SglError([BadArgument(name=name, problem=problem, place=place, help=help_)])


def read_object(text: str | bytes, where: str) -> dict[str, Any]:
    """JSON text of an object. Raises SglError."""
    try:
        raw = text if isinstance(text, str) else text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(
            where, f"not JSON: byte 0x{text[error.start]:02x} at offset {error.start:,} is not UTF-8"
        ) from None
    if not raw.strip():
        raise _unreadable(where, "it is empty, expected a JSON object of arguments")
    try:
        value = msgspec.json.decode(raw)
        json.loads(raw, object_pairs_hook=_without_twins)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError, ValueError):
        raise _unreadable(where, _json_problem(raw)) from None
    if not isinstance(value, dict):
        problem = f"found {_cut(to_json(value))}, expected a JSON object of arguments"
        raise SglError([BadInput(where=where, problem=problem, help=_EXAMPLE)])
    return value


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key stands twice")
    return members


def _json_problem(text: str) -> str:
    """What is wrong with a text that is not JSON, or says a thing twice, and where."""
    try:
        read_json(text)
    except JsonError as error:
        before = text[: error.offset]
        line, column = before.count("\n") + 1, error.offset - before.rfind("\n")
        prefix = "" if "twice" in error.message else "not JSON: "
        return f"{prefix}{error.message}, at {f'line {line}, ' if chr(10) in text.strip() else ''}column {column:,}"
    return "not JSON: it holds a value that cannot be read"


def _unreadable(where: str, problem: str) -> SglError:
    return SglError([BadInput(where=where, problem=problem, help=_EXAMPLE)])


_EXAMPLE = 'write an object such as {"city": "Paris"}'


def _is_array(text: str | None) -> bool:
    try:
        return isinstance(msgspec.json.decode(text or ""), list)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return False


def _with_type(problem: str, type_: Type) -> str:
    return problem if "expected" in problem else f"{problem}, expected {show(type_)}"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."
