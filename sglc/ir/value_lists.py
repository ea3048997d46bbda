"""Lists, tuples, dicts and what looks into them, for ir/values.py. Nothing changes its arguments."""

from __future__ import annotations

from typing import Any

from sglc.ir.value_checks import (
    EvalError,
    check_items,
    check_value,
    equal,
    in_range,
    key,
    kind,
    mapping,
    order_key,
    sequence,
    text,
    truth,
    whole,
)

_SHOWN = 40


# --- making ----------------------------------------------------------------------------------------------------------


def make_list(*values: Any) -> list[Any]:
    return list(values)


def make_tuple(*values: Any) -> tuple[Any, ...]:
    return values


def make_dict(*entries: Any) -> dict[str, Any]:
    """From key, value, key, value; of equal keys the last one counts, at the place of the first."""
    if len(entries) % 2:
        raise EvalError("the last key has no value")
    return {text(name): value for name, value in zip(entries[::2], entries[1::2], strict=True)}


def range_of(start: Any, stop: Any = None, step: Any = 1) -> list[int]:
    """As in Python: `stop` alone, `start, stop` or `start, stop, step`."""
    if stop is None:
        start, stop = 0, start
    if whole(step) == 0:
        raise EvalError("the step is 0")
    for number in (start, stop, step):
        in_range(whole(number))
    # Rounded up, in either direction; `len` of a range gives up on large ones.
    check_items(-((start - stop) // step))
    return list(range(start, stop, step))


# --- looking into ----------------------------------------------------------------------------------------------------


def length(value: Any) -> int:
    if not isinstance(value, str | list | tuple | dict):
        raise EvalError(f"found {kind(value)}, expected str, list or dict")
    return len(value)


def index(container: Any, place: Any) -> Any:
    if isinstance(container, dict):
        if text(place) not in container:
            raise EvalError(f"there is no key {_shown(place)}")
        return container[place]
    count = length(container)
    if not -count <= whole(place) < count:
        raise EvalError(f"there is no item {place} among {count}")
    return container[place]


def slice_of(value: Any, start: Any, stop: Any, step: Any = None) -> Any:
    """Of a text or a list; None is a bound that was left out."""
    if isinstance(value, dict):
        raise EvalError("found dict, expected str or list")
    length(value)
    for bound in (start, stop, step):
        if bound is not None:
            whole(bound)
    if step == 0:
        raise EvalError("the step is 0")
    return value[start:stop:step]


def contains(value: Any, container: Any) -> bool:
    """An item of a list, a key of a dict, a piece of a text."""
    if isinstance(container, str):
        return text(value) in container
    if isinstance(container, dict):
        return text(value) in container
    check_value([value, sequence(container)])
    return any(equal(value, item) for item in container)


def find(items: Any, value: Any) -> int:
    """Index of the first equal item."""
    check_value([value, sequence(items)])
    for place, item in enumerate(items):
        if equal(value, item):
            return place
    raise EvalError("the value is not in the list")


def count(items: Any, value: Any) -> int:
    check_value([value, sequence(items)])
    return sum(equal(value, item) for item in items)


def any_of(items: Any) -> bool:
    return any(map(truth, sequence(items)))


def all_of(items: Any) -> bool:
    return all(map(truth, sequence(items)))


def mode(items: Any) -> Any:
    """The most frequent item; of several the one seen first."""
    groups = _groups(_not_empty(items))
    return max(groups, key=len)[0]


# --- order -----------------------------------------------------------------------------------------------------------


def sort(items: Any, descending: Any = False) -> list[Any]:
    """In a new list; equal items stay as they were, `descending` or not."""
    if not isinstance(descending, bool):
        raise EvalError(f"found {kind(descending)}, expected bool")
    return sorted(items, key=order_key(items), reverse=descending) if sequence(items) else []


def least(first: Any, *more: Any) -> Any:
    """The first of the smallest: of one list, or of several arguments."""
    items = _not_empty((first, *more) if more else first)
    return min(items, key=order_key(items))


def greatest(first: Any, *more: Any) -> Any:
    """The first of the largest: of one list, or of several arguments."""
    items = _not_empty((first, *more) if more else first)
    return max(items, key=order_key(items))


def reverse(items: Any) -> list[Any]:
    return list(reversed(sequence(items)))


# --- other shapes ----------------------------------------------------------------------------------------------------


def enumerate_list(items: Any, start: Any = 0) -> list[tuple[int, Any]]:
    if not -(2**62) <= whole(start) < 2**62:
        raise EvalError("number out of range")
    return list(enumerate(sequence(items), start))


def zip_lists(*columns: Any) -> list[tuple[Any, ...]]:
    """As long as the shortest."""
    return list(zip(*map(sequence, columns), strict=False))


def unique(items: Any) -> list[Any]:
    """Of equal items the first."""
    return [group[0] for group in _groups(items)]


def flatten(items: Any) -> list[Any]:
    """The items of the lists in a list, one level."""
    check_items(sum(len(sequence(inner)) for inner in sequence(items)))
    return [item for inner in items for item in inner]


def keys(entries: Any) -> list[str]:
    return list(mapping(entries))


def values(entries: Any) -> list[Any]:
    return list(mapping(entries).values())


def items(entries: Any) -> list[tuple[str, Any]]:
    return list(mapping(entries).items())


def get(entries: Any, name: Any, default: Any = None) -> Any:
    return mapping(entries).get(text(name), default)


def _groups(items: Any) -> list[list[Any]]:
    """Equal items together, in order of the first of each."""
    check_value(sequence(items))
    groups: dict[Any, list[Any]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def _not_empty(items: Any) -> Any:
    if not sequence(items):
        raise EvalError("the list is empty")
    return items


def _shown(name: str) -> str:
    return f"`{name}`" if len(name) <= _SHOWN and name.isprintable() else "with this name"
