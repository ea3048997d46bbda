"""Which values the options of a generation take, wherever they come from: the source, a pass, or the run."""

from __future__ import annotations

from typing import Any

RANGES: dict[str, tuple[type[int] | type[float], float, float]] = {
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
"""The numbers, with the least and the largest of each."""

COMPUTABLE = frozenset({*RANGES, "stop"})
"""Options that a program may compute."""


class OptionError(Exception):
    """A computed option has a value that it cannot have; the message is one line in lower case."""


def option_value(name: str, value: Any) -> Any:
    """A computed value in the form in which requests hold it. Raises OptionError."""
    if name == "stop":
        return _texts(value)
    if name not in RANGES:
        raise OptionError(f"`{name}` cannot be computed")
    kind, low, high = RANGES[name]
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
