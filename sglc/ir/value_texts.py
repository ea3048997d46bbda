"""Texts and JSON, for ir/values.py: the methods of `str`, a value -> text, a text -> value."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from sglc.ir.decode import to_json
from sglc.ir.value_checks import EvalError, check_items, check_text, check_value, sequence, text


def to_text(value: Any) -> str:
    """What an inserted value reads: a text as it is, everything else as compact JSON."""
    return value if isinstance(value, str) else json_text(value)


def json_text(value: Any) -> str:
    check_value(value)
    try:
        result = to_json(value)
    except UnicodeEncodeError:
        raise EvalError("the text holds half a character (a lone surrogate)") from None
    check_text(len(result))
    return result


def parse_json(source: Any) -> Any:
    check_text(len(text(source)))
    try:
        value = msgspec.json.decode(source)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        reason = str(error).removeprefix("JSON is malformed: ")
        raise EvalError(f"not JSON: {_lower_first(reason)}") from None
    except RecursionError:
        raise EvalError("the value is nested too deep") from None
    check_value(value)
    return value


def upper(self: Any) -> str:
    return _bounded(text(self).upper())


def lower(self: Any) -> str:
    return _bounded(text(self).lower())


def title(self: Any) -> str:
    return _bounded(text(self).title())


def strip(self: Any, characters: Any = None) -> str:
    return text(self).strip(_or_blanks(characters))


def lstrip(self: Any, characters: Any = None) -> str:
    return text(self).lstrip(_or_blanks(characters))


def rstrip(self: Any, characters: Any = None) -> str:
    return text(self).rstrip(_or_blanks(characters))


def split(self: Any, separator: Any = None) -> list[str]:
    """At each separator, or at runs of blanks, which then leave no empty texts."""
    if separator is None:
        check_items(sum(1 for _ in re.finditer(r"\S+", text(self))))
        return text(self).split()
    if not text(separator):
        raise EvalError("the separator is empty")
    check_items(text(self).count(separator) + 1)
    return text(self).split(separator)


def splitlines(self: Any) -> list[str]:
    lines = text(self).splitlines()
    check_items(len(lines))
    return lines


def join(self: Any, items: Any) -> str:
    gaps = max(len(sequence(items)) - 1, 0)
    check_text(len(text(self)) * gaps + sum(len(text(item)) for item in items))
    return str(self.join(items))


def replace(self: Any, old: Any, new: Any) -> str:
    check_text(len(text(self)) + text(self).count(text(old)) * (len(text(new)) - len(old)))
    return str(self.replace(old, new))


def startswith(self: Any, prefix: Any) -> bool:
    return text(self).startswith(text(prefix))


def endswith(self: Any, suffix: Any) -> bool:
    return text(self).endswith(text(suffix))


def find(self: Any, piece: Any) -> int:
    """Where the piece begins first, -1 for nowhere."""
    return text(self).find(text(piece))


def count(self: Any, piece: Any) -> int:
    return text(self).count(text(piece))


def isdigit(self: Any) -> bool:
    """Whether there are only the digits 0 to 9, at least one: what `int` reads."""
    return text(self).isascii() and text(self).isdigit()


def _or_blanks(characters: Any) -> str | None:
    return None if characters is None else text(characters)


def _bounded(value: str) -> str:
    """Letters may become longer with their case, at most threefold, so a check behind is enough."""
    check_text(len(value))
    return value


def _lower_first(message: str) -> str:
    return message[:1].lower() + message[1:]
