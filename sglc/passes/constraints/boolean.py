"""Dfas combined: a text is judged by both automata, and the two answers decide. The result is minimal again."""

from __future__ import annotations

from collections.abc import Callable

from sglc.passes.constraints.budget import Budget
from sglc.passes.constraints.determinize import DEAD, Table
from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.minimize import minimize


def union(a: Dfa, b: Dfa, budget: Budget | None = None) -> Dfa:
    """The texts that at least one accepts."""
    return _product(a, b, lambda x, y: x or y, budget or Budget())


def intersection(a: Dfa, b: Dfa, budget: Budget | None = None) -> Dfa:
    """The texts that both accept."""
    return _product(a, b, lambda x, y: x and y, budget or Budget())


def difference(a: Dfa, b: Dfa, budget: Budget | None = None) -> Dfa:
    """The texts that the first accepts and the second does not."""
    return _product(a, b, lambda x, y: x and not y, budget or Budget())


def _product(a: Dfa, b: Dfa, keep: Callable[[bool, bool], bool], budget: Budget) -> Dfa:
    letters: dict[tuple[int, int], int] = {}
    byte_class = bytes(letters.setdefault(pair, len(letters)) for pair in zip(a.classes, b.classes, strict=True))
    rows_a, rows_b = _rows(a), _rows(b)
    numbers = {(0, 0): 0, (DEAD, DEAD): DEAD}
    order = [(0, 0)]
    rows: list[tuple[int, ...]] = []
    for s, t in order:
        row = []
        for x, y in letters:
            after = (rows_a[s][x], rows_b[t][y])
            if after not in numbers:
                numbers[after] = len(order)
                order.append(after)
            row.append(numbers[after])
        rows.append(tuple(row))
        if not len(rows) & 255:
            budget.check_states(len(order), "a combination of types")
            budget.check_time("a combination of types")
    finals = [keep(s != DEAD and a.is_final(s), t != DEAD and b.is_final(t)) for s, t in order]
    return minimize(Table(byte_class, rows, finals, "a combination of types"), budget)


def _rows(dfa: Dfa) -> list[list[int]]:
    """Rows by state, with one more at the end for DEAD (-1)."""
    rows: list[list[int]] = dfa.next_state.tolist()
    return [*rows, [DEAD] * dfa.class_count]
