"""The pure functions of the language on run-time values, by the name that `apply` ops carry.

Values are plain Python: str, int, float, bool, None, list, tuple, and dict for dicts, records and call steps; an enum's
value is its member's name. Every function is total and bounded: any arguments give a value or an EvalError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sglc.ir import value_lists as lists
from sglc.ir import value_numbers as numbers
from sglc.ir import value_texts as texts
from sglc.ir.decode import ConformError, conform, same
from sglc.ir.ops import Part, Pattern
from sglc.ir.relations import may_be_json
from sglc.ir.types import Field, Type, TypeTable
from sglc.ir.value_checks import EvalError, check_text, check_value, equal, kind, order, truth

__all__ = [
    "FUNCTIONS", "SYMBOLS", "EvalError", "apply", "attribute", "check_value", "fit_arguments", "format_parts",
    "matches", "recursion_message", "takes_count", "truth",
]  # fmt: skip


def apply(function: str, args: Sequence[Any]) -> Any:
    """The value of a pure function; raises EvalError with one line that names the function."""
    call = FUNCTIONS.get(function)
    shown = SYMBOLS.get(function, function)
    if call is None:
        raise EvalError(f"unknown function `{function}`")
    low, high = _arity(call)
    if not takes_count(function, len(args)):
        raise EvalError(f"`{shown}`: found {len(args)} arguments, expected {_expected(low, high)}")
    try:
        return call(*args)
    except EvalError as error:
        raise EvalError(f"`{shown}`: {error.message}") from None


def takes_count(function: str, count: int) -> bool:
    """Whether a pure function, which must exist, may have so many arguments."""
    low, high = _arity(FUNCTIONS[function])
    return low <= count and (high is None or count <= high)


def matches(pattern: Pattern, value: Any, type_table: TypeTable) -> bool:
    """Whether a case's pattern takes the value."""
    if pattern.kind == "any":
        return True
    if pattern.kind == "member":
        return isinstance(value, dict) and value.get("name") == pattern.name
    if pattern.kind == "literal":
        return same(texts.parse_json(pattern.json), value)
    assert pattern.type is not None, "a type pattern has a type"
    try:
        # A value that only fits once defaults are filled in belongs to another member of its union.
        return same(conform(value, pattern.type, type_table), value)
    except ConformError:
        return False


def attribute(record: Any, name: str) -> Any:
    """A field of a record or a json object; one that may be absent, and is, reads as none."""
    if not isinstance(record, dict):
        raise EvalError(f"`.{name}`: found {kind(record)}, expected a record")
    return record.get(name)


def format_parts(parts: Sequence[Part], values: Sequence[Any], types: Sequence[Type]) -> str:
    """The text of an `append` or a `format`: constant pieces and inserted values (`insert_text` of ir/decode.py)."""
    pieces = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
        else:
            convert = texts.json_text if may_be_json(types[part]) else texts.to_text
            pieces.append(convert(values[part]))
    check_text(sum(map(len, pieces)))
    return "".join(pieces)


def fit_arguments(fields: Sequence[Field], args: Mapping[str, Any], type_table: TypeTable) -> list[Any]:
    """One value for each field, in order: conformed to its type, the default where it is missing.

    Raises ConformError for a value that does not fit, a missing argument without a default, and an unknown name.
    """
    for name in args:
        if all(name != field.name for field in fields):
            expected = ", ".join(f"`{field.name}`" for field in fields) or "none"
            raise ConformError("", f"found unknown argument `{name}`, expected {expected}")
    values = []
    for field in fields:
        if field.name not in args and field.default is None and not field.optional:
            raise ConformError("", f"found no argument `{field.name}`, which is required")
        given = args[field.name] if field.name in args else texts.parse_json(field.default or "null")
        try:
            values.append(conform(given, field.type, type_table))
        except ConformError as error:
            raise error.inside(field.name) from None
    return values


def recursion_message(function: str, depth: int) -> str:
    """What a call fails with that would be one deeper than the function's `max`."""
    return f"`{function}` calls itself more than {depth} levels deep"


def _not(value: Any) -> bool:
    return not truth(value)


def _not_equal(a: Any, b: Any) -> bool:
    return not equal(a, b)


def _less(a: Any, b: Any) -> bool:
    return order(a, b) < 0


def _at_most(a: Any, b: Any) -> bool:
    return order(a, b) <= 0


def _more(a: Any, b: Any) -> bool:
    return order(a, b) > 0


def _at_least(a: Any, b: Any) -> bool:
    return order(a, b) >= 0


def _not_in(value: Any, container: Any) -> bool:
    return not lists.contains(value, container)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "add": numbers.add,
    "sub": numbers.sub,
    "mul": numbers.mul,
    "div": numbers.div,
    "floordiv": numbers.floordiv,
    "mod": numbers.mod,
    "neg": numbers.neg,
    "not": _not,
    "eq": equal,
    "ne": _not_equal,
    "lt": _less,
    "le": _at_most,
    "gt": _more,
    "ge": _at_least,
    "in": lists.contains,
    "not_in": _not_in,
    "index": lists.index,
    "slice": lists.slice_of,
    "list": lists.make_list,
    "tuple": lists.make_tuple,
    "dict": lists.make_dict,
    "len": lists.length,
    "range": lists.range_of,
    "min": lists.least,
    "max": lists.greatest,
    "sum": numbers.total,
    "sorted": lists.sort,
    "reversed": lists.reverse,
    "mode": lists.mode,
    "round": numbers.round_to,
    "abs": numbers.absolute,
    "any": lists.any_of,
    "all": lists.all_of,
    "enumerate": lists.enumerate_list,
    "zip": lists.zip_lists,
    "unique": lists.unique,
    "flatten": lists.flatten,
    "int": numbers.to_int,
    "float": numbers.to_float,
    "bool": truth,
    "str": texts.to_text,
    "json": texts.json_text,
    "parse_json": texts.parse_json,
    "str.upper": texts.upper,
    "str.lower": texts.lower,
    "str.title": texts.title,
    "str.strip": texts.strip,
    "str.lstrip": texts.lstrip,
    "str.rstrip": texts.rstrip,
    "str.split": texts.split,
    "str.splitlines": texts.splitlines,
    "str.join": texts.join,
    "str.replace": texts.replace,
    "str.startswith": texts.startswith,
    "str.endswith": texts.endswith,
    "str.find": texts.find,
    "str.count": texts.count,
    "str.isdigit": texts.isdigit,
    "list.index": lists.find,
    "list.count": lists.count,
    "dict.keys": lists.keys,
    "dict.values": lists.values,
    "dict.items": lists.items,
    "dict.get": lists.get,
}
"""All pure functions. Arguments come in the order of the source, `self` first; a missing slice bound is None."""

SYMBOLS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "floordiv": "//", "mod": "%", "neg": "-", "eq": "==", "ne": "!=",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "not_in": "not in", "index": "[]", "slice": "[:]",
}  # fmt: skip
"""Operators as the language writes them."""


def _arity(call: Callable[..., Any]) -> tuple[int, int | None]:
    """Fewest and most arguments, read from the code object because importing inspect costs more than all this."""
    code = call.__code__
    least = code.co_argcount - len(call.__defaults__ or ())
    has_varargs = code.co_flags & 0x04
    return least, None if has_varargs else code.co_argcount


def _expected(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"
