"""Nondeterministic -> deterministic automaton: subset construction, with bytes that always act alike as one class."""

from __future__ import annotations

import msgspec

from sglc.passes.constraints.budget import Budget
from sglc.passes.constraints.nfa import Nfa

DEAD = -1


class Table(msgspec.Struct):
    """A deterministic automaton under construction: rows[state][class] is a state or DEAD. State 0 is the start."""

    byte_class: bytes
    rows: list[tuple[int, ...]]
    finals: list[bool]
    part: str = "the type"


def determinize(nfa: Nfa, budget: Budget) -> Table:
    blocks = _byte_blocks({mask for edges in nfa.edges for mask, _ in edges})
    byte_class = bytearray(256)
    for number, block in enumerate(blocks):
        for byte in range(256):
            if block >> byte & 1:
                byte_class[byte] = number
    rows, finals = _Subsets(nfa, blocks, budget).run()
    return Table(bytes(byte_class), rows, finals, nfa.part)


def _byte_blocks(masks: set[int]) -> list[int]:
    """The coarsest partition of the 256 bytes in which every mask is a union of blocks."""
    blocks = [(1 << 256) - 1]
    for mask in masks:
        for at in range(len(blocks)):
            inside = blocks[at] & mask
            if inside and inside != blocks[at]:
                blocks.append(blocks[at] ^ inside)
                blocks[at] = inside
    return sorted(blocks, key=lambda block: block & -block)


class _Subsets:
    """Sets of states get numbers; 0 is the empty set. A row is one set number for each byte class."""

    def __init__(self, nfa: Nfa, blocks: list[int], budget: Budget) -> None:
        self._nfa, self._blocks, self._budget = nfa, blocks, budget
        self._numbers: dict[frozenset[int], int] = {frozenset(): 0}
        self._members: list[frozenset[int]] = [frozenset()]
        self._closures: dict[int, int] = {}
        self._rows: dict[int, tuple[int, ...]] = {}
        self._unions: dict[frozenset[int], int] = {}
        self._classes: dict[int, tuple[int, ...]] = {}

    def run(self) -> tuple[list[tuple[int, ...]], list[bool]]:
        """Rows and final flags of the sets that are reachable from the start, numbered as they are found."""
        start = self._closure(self._nfa.start)
        found = {0: DEAD, start: 0}
        order = [start]
        rows: list[tuple[int, ...]] = []
        for current in order:
            row = self._row_of_set(current)
            for target in set(row):
                if target not in found:
                    found[target] = len(order)
                    order.append(target)
            rows.append(tuple([found[target] for target in row]))
            if not len(rows) & 63:
                self._budget.check_states(len(order), self._nfa.part)
                self._budget.check_time(self._nfa.part)
        self._budget.check_states(len(order), self._nfa.part)
        return rows, [Nfa.ACCEPT in self._members[number] for number in order]

    def _number(self, members: frozenset[int]) -> int:
        number = self._numbers.setdefault(members, len(self._members))
        if number == len(self._members):
            self._members.append(members)
        return number

    def _closure(self, state: int) -> int:
        """The set of what a state stands for: states with edges, and ACCEPT."""
        known = self._closures.get(state)
        if known is not None:
            return known
        jumps = self._nfa.jumps
        seen, waiting = {state}, [state]
        while waiting:
            for target in jumps.get(waiting.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        if len(seen) > 64:
            self._budget.check_time(self._nfa.part)
        number = self._number(frozenset(q for q in seen if q not in jumps))
        self._closures[state] = number
        return number

    def _row_of_state(self, state: int) -> tuple[int, ...]:
        row = self._rows.get(state)
        if row is None:
            cells = [0] * len(self._blocks)
            for mask, target in self._nfa.edges[state]:
                closure = self._closure(target)
                for number in self._mask_classes(mask):
                    cells[number] = self._union(frozenset((cells[number], closure))) if cells[number] else closure
            row = self._rows[state] = tuple(cells)
        return row

    def _row_of_set(self, number: int) -> tuple[int, ...]:
        members = self._members[number]
        if len(members) == 1:
            (state,) = members
            return self._row_of_state(state)
        columns = zip(*[self._row_of_state(state) for state in members], strict=True)
        return tuple([self._union(frozenset(column)) for column in columns])

    def _union(self, numbers: frozenset[int]) -> int:
        if len(numbers) == 1:
            (number,) = numbers
            return number
        known = self._unions.get(numbers)
        if known is None:
            known = self._number(frozenset().union(*[self._members[number] for number in numbers]))
            self._unions[numbers] = known
        return known

    def _mask_classes(self, mask: int) -> tuple[int, ...]:
        classes = self._classes.get(mask)
        if classes is None:
            classes = tuple([number for number, block in enumerate(self._blocks) if block & mask])
            self._classes[mask] = classes
        return classes
