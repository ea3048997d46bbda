"""Arithmetic and conversion to numbers, for ir/values.py. `+` and `*` also join and repeat texts and lists."""

from __future__ import annotations

import re
from typing import Any

from sglc.ir.value_checks import (
    EvalError,
    check_items,
    check_text,
    in_range,
    is_int,
    is_number,
    kind,
    number,
    sequence,
    whole,
)

_INT = re.compile(r"[+-]?[0-9]+")
_FLOAT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 4000
"""Characters; Python refuses to read much longer ints."""
_SHOWN = 40


def add(a: Any, b: Any) -> Any:
    if isinstance(a, str) and isinstance(b, str):
        check_text(len(a) + len(b))
        return a + b
    if any(isinstance(a, type_) and isinstance(b, type_) for type_ in (list, tuple)):
        check_items(len(a) + len(b))
        return a + b
    _both_numbers(a, b)
    return in_range(a + b)


def sub(a: Any, b: Any) -> Any:
    _both_numbers(a, b)
    return in_range(a - b)


def mul(a: Any, b: Any) -> Any:
    if is_int(a) and isinstance(b, str | list):
        a, b = b, a
    if isinstance(a, str | list) and is_int(b):
        check = check_text if isinstance(a, str) else check_items
        check(len(a) * max(b, 0))
        return a * max(b, 0) if a else a[:]
    _both_numbers(a, b)
    return in_range(a * b)


def div(a: Any, b: Any) -> float:
    """Always a float."""
    _divisible(a, b)
    return float(in_range(float(a) / float(b)))


def floordiv(a: Any, b: Any) -> Any:
    """Rounds down, as in Python."""
    _divisible(a, b)
    return in_range(a // b)


def mod(a: Any, b: Any) -> Any:
    """The rest of `//`; it has the sign of the divisor, as in Python."""
    _divisible(a, b)
    return in_range(a % b)


def neg(a: Any) -> Any:
    return in_range(-number(a))


def absolute(a: Any) -> Any:
    return in_range(abs(number(a)))


def round_to(a: Any, digits: Any = None) -> Any:
    """An int, or with `digits` a float; halves go to the even neighbour."""
    if digits is None:
        return in_range(round(in_range(number(a))))
    # Beyond these digits nothing changes any more, but Python would compute ten to the power of them.
    return float(in_range(round(float(in_range(number(a))), max(-400, min(whole(digits), 400)))))


def total(items: Any) -> Any:
    """The sum from left to right; Python's own `sum` of floats differs between its versions."""
    result: Any = 0
    for item in sequence(items):
        result = in_range(result + number(item))
    return result


def to_int(value: Any) -> int:
    """A text that spells an int (blanks around it may stand), or a number cut towards zero."""
    if isinstance(value, str):
        return int(in_range(int(_spelled(value, _INT, "int"))))
    return int(in_range(int(in_range(number(value)))))


def to_float(value: Any) -> float:
    if isinstance(value, str):
        return float(in_range(float(_spelled(value, _FLOAT, "float"))))
    return float(in_range(float(in_range(number(value)))))


def _spelled(text: str, pattern: re.Pattern[str], name: str) -> str:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    bare = text.strip()
    if not pattern.fullmatch(bare):
        raise EvalError(f"found {ascii(shown) if not shown.isprintable() else repr(shown)}, expected {name} as text")
    if len(bare) > _LONGEST_NUMBER:
        raise EvalError("number out of range")
    return bare


def _both_numbers(a: Any, b: Any) -> None:
    if not (is_number(a) and is_number(b)):
        raise EvalError(f"cannot be used with {kind(a)} and {kind(b)}")
    in_range(a)
    in_range(b)


def _divisible(a: Any, b: Any) -> None:
    _both_numbers(a, b)
    if b == 0:
        raise EvalError("division by zero")
