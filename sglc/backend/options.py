"""A generation's constant options + the values of those that the program computes -> the options of one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sglc.backend.plan_steps import Options

_RANGES: dict[str, tuple[type[int] | type[float], float, float]] = {
    "max_tokens": (int, 1, 1_000_000),
    "min_tokens": (int, 0, 1_000_000),
    "top_k": (int, 0, 1_000_000),
    "seed": (int, 0, 2**63 - 1),
    "temperature": (float, 0, 10),
    "top_p": (float, 0, 1),
    "min_p": (float, 0, 1),
    "frequency_penalty": (float, -2, 2),
    "presence_penalty": (float, -2, 2),
    "repetition_penalty": (float, 0.01, 10),
}


class OptionError(Exception):
    """A computed option has a value that it cannot have; the message is one line in lower case."""


def with_dynamic(options: Options, names: Sequence[str], values: Sequence[Any]) -> Options:
    """None leaves an option as it is. Raises OptionError."""
    given = {name: _checked(name, value) for name, value in zip(names, values, strict=True) if value is not None}
    return msgspec.structs.replace(options, **given) if given else options


def _checked(name: str, value: Any) -> Any:
    if name == "stop":
        return _texts(value)
    if name not in _RANGES:
        raise OptionError(f"`{name}` cannot be computed")
    kind, low, high = _RANGES[name]
    fits = isinstance(value, int if kind is int else int | float) and not isinstance(value, bool)
    if not fits or not low <= value <= high:
        what = "a whole number" if kind is int else "a number"
        raise OptionError(f"`{name}` is {value!r}, expected {what} from {low:,} to {high:,}")
    return kind(value)


def _texts(value: Any) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) and text for text in texts):
        raise OptionError(f"`stop` is {value!r}, expected a text that is not empty, or a list of such texts")
    return tuple(texts)
