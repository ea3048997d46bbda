"""Kinds, bounds, equality and order of run-time values, for the pure functions of ir/values.py."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

MAX_ITEMS = 100_000
"""Items of a list that a function makes."""
MAX_TEXT = 10_000_000
"""Characters of a text that a function makes."""
MAX_NODES = 1_000_000
"""Values inside a value that is compared or written out; a list may hold another one many times."""
MAX_NESTING = 100
MIN_INT, MAX_INT = -(2**63), 2**63 - 1
"""What an int may be: 64 bit, signed."""


class EvalError(Exception):
    """A pure function has no value for its arguments; the message is one line in lower case."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


# --- kinds -----------------------------------------------------------------------------------------------------------


def kind(value: Any) -> str:
    """The kind of a value as a message names it."""
    if value is None:
        return "none"
    return type(value).__name__


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def number(value: Any) -> Any:
    if not is_number(value):
        raise EvalError(f"found {kind(value)}, expected a number")
    return value


def whole(value: Any) -> int:
    if not is_int(value):
        raise EvalError(f"found {kind(value)}, expected int")
    return int(value)


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise EvalError(f"found {kind(value)}, expected str")
    return value


def sequence(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        raise EvalError(f"found {kind(value)}, expected list")
    return value


def mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise EvalError(f"found {kind(value)}, expected dict")
    return value


def truth(value: Any) -> bool:
    """Python's truth: false are `false`, `none`, zero and what is empty."""
    return bool(value)


# --- bounds ----------------------------------------------------------------------------------------------------------


def in_range(value: Any) -> Any:
    """The number, unless it is no 64-bit int or no finite float."""
    if isinstance(value, float):
        if math.isfinite(value):
            return value
    elif MIN_INT <= value <= MAX_INT:
        return value
    raise EvalError("number out of range")


def check_items(count: int) -> None:
    """Called before a list is made, so that a huge one never is."""
    if count > MAX_ITEMS:
        raise EvalError(f"the list would have {count} items, at most {MAX_ITEMS} are allowed")


def check_text(length: int) -> None:
    """Called before a text is made, so that a huge one never is."""
    if length > MAX_TEXT:
        raise EvalError(f"the text would have {length} characters, at most {MAX_TEXT} are allowed")


def check_value(value: Any) -> None:
    """Raise EvalError for a value too large or too deep to be walked, or with something that JSON cannot hold."""
    count, characters = 0, 0
    level = [value]
    for _ in range(MAX_NESTING + 1):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, str):
                characters += len(item)
            elif isinstance(item, list | tuple):
                count += len(item)
                inner += item if count <= MAX_NODES else ()
            elif isinstance(item, dict):
                count += len(item)
                characters += sum(len(text(key)) for key in item)
                inner += item.values() if count <= MAX_NODES else ()
            elif item is not None:
                in_range(number(item) if not isinstance(item, bool) else 0)
            if count > MAX_NODES:
                raise EvalError(f"the value holds more than {MAX_NODES} values")
        check_text(characters)
        if not inner:
            return
        level = inner
    raise EvalError(f"the value is nested deeper than {MAX_NESTING} levels")


# --- equality and order ----------------------------------------------------------------------------------------------


def equal(a: Any, b: Any) -> bool:
    """Equality of any two values: numbers by value, but `true` is not 1; different kinds are never equal."""
    return bool(key(a) == key(b))


def key(value: Any) -> Any:
    """Something hashable that is equal for equal values, and for no others."""
    if isinstance(value, list | tuple | dict):
        check_value(value)
    return _key(value)


def _key(value: Any) -> Any:
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, list | tuple):
        return ("list", *map(_key, value))
    if isinstance(value, dict):
        return ("dict", frozenset((name, _key(item)) for name, item in value.items()))
    return value


def order(a: Any, b: Any) -> int:
    """Below, at or above 0 as a comes before, with or after b; values of different kinds have no order."""
    check_value([a, b])
    return _order(a, b)


def _order(a: Any, b: Any) -> int:
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return next((o for o in map(_order, a, b) if o), len(a) - len(b))
    if not _alike(a, b):
        raise EvalError(f"{kind(a)} and {kind(b)} have no order")
    return int(a > b) - int(a < b)


def _alike(a: Any, b: Any) -> bool:
    """Whether two values that are no lists can be put in order. Texts go by code point, `false` is before `true`."""
    return (is_number(a) and is_number(b)) or any(isinstance(a, t) and isinstance(b, t) for t in (str, bool))


def order_key(items: list[Any]) -> Callable[[Any], Any]:
    """A sort key for the items, once it is sure that they may be compared."""
    check_value(items)
    if all(_alike(items[0], item) for item in items):
        return _as_it_is
    return cmp_to_key(_order)


def _as_it_is(value: Any) -> Any:
    return value
