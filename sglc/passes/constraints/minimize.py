"""Deterministic automaton -> the minimal one in canonical numbering, as a Dfa.

States are merged component by component, from the ends of texts to their starts: outside of loops a state is known by
its row of already merged successors, so a counted repeat of any length costs one look-up a state. Only the states of
one loop (a strongly connected component) need refinement of a partition.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np

from sglc.passes.constraints.budget import Budget
from sglc.passes.constraints.determinize import DEAD, Table
from sglc.passes.constraints.dfa import EMPTY_LANGUAGE, Dfa
from sglc.passes.constraints.refine import OUTSIDE, coarsest_partition


def minimize(table: Table, budget: Budget) -> Dfa:
    merger = _Merger(table, budget)
    for component in _components(table.rows):
        merger.add(component)
        budget.check_time(table.part)
    return _canonical(merger, table.byte_class)


def _components(rows: list[tuple[int, ...]]) -> Iterator[list[int]]:
    """Strongly connected components of what state 0 reaches, successors first (Tarjan, without recursion)."""
    index, low = [-1] * len(rows), [0] * len(rows)
    on_stack = [False] * len(rows)
    stack: list[int] = []
    count = 0
    calls: list[tuple[int, Iterator[int]]] = []

    def enter(state: int) -> None:
        nonlocal count
        index[state] = low[state] = count
        count += 1
        stack.append(state)
        on_stack[state] = True
        calls.append((state, iter(set(rows[state]))))

    enter(0)
    while calls:
        state, successors = calls[-1]
        for target in successors:
            if target == DEAD:
                continue
            if index[target] < 0:
                enter(target)
                break
            if on_stack[target]:
                low[state] = min(low[state], index[target])
        else:
            calls.pop()
            if calls:
                low[calls[-1][0]] = min(low[calls[-1][0]], low[state])
            if low[state] == index[state]:
                component: list[int] = []
                while not component or component[-1] != state:
                    component.append(stack.pop())
                    on_stack[component[-1]] = False
                yield component


class _Merger:
    """Classes of states with equal languages; `of[state]` is a class, DEAD for states that reach no final one."""

    def __init__(self, table: Table, budget: Budget) -> None:
        self.table, self.budget = table, budget
        # One cell more than states, so that of[DEAD] is DEAD.
        self.of = [DEAD] * (len(table.rows) + 1)
        self.rows: list[tuple[int, ...]] = []
        self.finals: list[bool] = []
        self._distances: list[int] = []
        self._known: dict[tuple[int, ...], int] = {}
        self._loops_by_edge: dict[tuple[int, int], list[int]] = {}
        self._closed_loops: list[int] = []

    def add(self, component: list[int]) -> None:
        """Assigns a class to each state of a component whose successors outside of it have theirs."""
        rows, of = self.table.rows, self.of
        if len(component) == 1 and component[0] not in rows[component[0]]:
            state = component[0]
            row = tuple([of[target] for target in rows[state]])
            if self.table.finals[state] or max(row) >= 0:
                of[state] = self._class(row, self.table.finals[state])
            return
        inside = set(component)
        live = any(self.table.finals[s] or any(of[t] >= 0 for t in rows[s] if t not in inside) for s in component)
        if live and not self._merge_with_known(component, inside):
            self._refine(component)

    def _class(self, row: tuple[int, ...], final: bool) -> int:
        number = self._known.setdefault((int(final), *row), len(self.rows))
        if number == len(self.rows):
            self.rows.append(row)
            self.finals.append(final)
            nearest = min((self._distances[target] for target in row if target >= 0), default=0)
            self._distances.append(0 if final else nearest + 1)
        return number

    # --- loops -------------------------------------------------------------------------------------------------------

    def _merge_with_known(self, component: list[int], inside: set[int]) -> bool:
        """Either every state of a loop is equal to a state of an earlier loop, or none is; tries to match them."""
        rows, of = self.table.rows, self.of

        def exits(state: int) -> list[tuple[int, int]]:
            return [(c, of[t]) for c, t in enumerate(rows[state]) if t not in inside and of[t] >= 0]

        state = max(component, key=lambda s: len(exits(s)))
        leaving = exits(state)
        candidates = self._loops_by_edge.get(leaving[0], []) if leaving else self._closed_loops
        return any(self._match(state, candidate, inside) for candidate in candidates)

    def _match(self, state: int, candidate: int, inside: set[int]) -> bool:
        """Walks a loop beside a known class; on success every state of the loop has its class."""
        paired = {state: candidate}
        order, seen = [state], {state}
        for here in order:
            known = paired[here]
            if self.finals[known] != self.table.finals[here]:
                return False
            for target, expected in zip(self.table.rows[here], self.rows[known], strict=True):
                if target not in inside:
                    if self.of[target] != expected:
                        return False
                elif expected < 0 or paired.setdefault(target, expected) != expected:
                    return False
                elif target not in seen:
                    seen.add(target)
                    order.append(target)
        for here, known in paired.items():
            self.of[here] = known
        return True

    def _refine(self, component: list[int]) -> None:
        """Splits a loop into classes and registers them."""
        local = {state: number for number, state in enumerate(component)}
        rows, finals, of = self.table.rows, self.table.finals, self.of
        inner = [[local.get(target, OUTSIDE) for target in rows[state]] for state in component]
        outer = [[DEAD if target in local else of[target] for target in rows[state]] for state in component]
        distances = self._component_distances(component, local)
        keys = [
            (finals[state], distance, *exits, *[target == OUTSIDE for target in row])
            for state, distance, exits, row in zip(component, distances, outer, inner, strict=True)
        ]
        blocks = coarsest_partition(keys, inner, lambda: self.budget.check_time(self.table.part))
        first = len(self.rows)
        representatives: dict[int, int] = {}
        for number, block in enumerate(blocks):
            representatives.setdefault(block, number)
        for block in range(len(representatives)):
            number = representatives[block]
            pairs = zip(inner[number], outer[number], strict=True)
            row = tuple([exit if target == OUTSIDE else first + blocks[target] for target, exit in pairs])
            self._register(row, finals[component[number]], distances[number])
        for state, block in zip(component, blocks, strict=True):
            of[state] = first + block
        if all(exit == DEAD for exits in outer for exit in exits):
            self._closed_loops.extend(range(first, len(self.rows)))

    def _register(self, row: tuple[int, ...], final: bool, distance: int) -> None:
        number = len(self.rows)
        self.rows.append(row)
        self.finals.append(final)
        self._distances.append(distance)
        # A state before the loop may be equal to one in it: its row is then the same.
        self._known[int(final), *row] = number
        for edge in enumerate(row):
            if edge[1] >= 0:
                self._loops_by_edge.setdefault(edge, []).append(number)

    def _component_distances(self, component: list[int], local: dict[int, int]) -> list[int]:
        """The least number of bytes to a final state: equal for equal states, and it splits counted loops at once."""
        before: list[list[int]] = [[] for _ in component]
        found = [1 << 60] * len(component)
        for number, state in enumerate(component):
            for target in set(self.table.rows[state]):
                if target in local:
                    before[local[target]].append(number)
                elif self.of[target] >= 0:
                    found[number] = min(found[number], self._distances[self.of[target]] + 1)
            if self.table.finals[state]:
                found[number] = 0
        queue = [(distance, number) for number, distance in enumerate(found)]
        heapq.heapify(queue)
        while queue:
            distance, number = heapq.heappop(queue)
            if distance > found[number]:
                continue
            for earlier in before[number]:
                if distance + 1 < found[earlier]:
                    found[earlier] = distance + 1
                    heapq.heappush(queue, (distance + 1, earlier))
        return found


def _canonical(merger: _Merger, byte_class: bytes) -> Dfa:
    """Drops unreachable classes, merges byte classes that act alike, and numbers everything in the order of bytes."""
    start = merger.of[0]
    if start == DEAD:
        return EMPTY_LANGUAGE
    letters = list(dict.fromkeys(byte_class))
    number = {start: 0}
    order = [start]
    for state in order:
        row = merger.rows[state]
        for letter in letters:
            target = row[letter]
            if target != DEAD and target not in number:
                number[target] = len(order)
                order.append(target)
    number[DEAD] = DEAD
    cells = np.array([[number[target] for target in merger.rows[state]] for state in order], dtype=np.int64)
    columns: dict[bytes, int] = {}
    new_letter = {letter: columns.setdefault(cells[:, letter].tobytes(), len(columns)) for letter in letters}
    kept = [next(letter for letter, new in new_letter.items() if new == number) for number in range(len(columns))]
    width = 2 if len(order) < 0xFFFF else 4
    table = cells[:, kept].astype(f"<u{width}").tobytes()
    finals = np.packbits([merger.finals[state] for state in order], bitorder="little").tobytes()
    return Dfa(bytes([new_letter[letter] for letter in byte_class]), len(columns), table, finals, len(order))
