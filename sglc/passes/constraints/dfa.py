"""A minimal automaton over bytes as plain bytes: what a constraint is in plans, artifacts and engines.

Equal languages give equal Dfas, byte for byte: minimal, states numbered breadth first in byte order, byte classes
numbered by their first byte, dead ends removed. So `digest` names the language.
"""

from __future__ import annotations

import hashlib
from collections import deque
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from sglc.passes.constraints.budget import BudgetError

DEAD = -1
MAX_PAIRS = 100_000


class Dfa(msgspec.Struct, frozen=True, dict=True):
    """State 0 is the start. `classes[byte]` is a column of the table; the table holds next states row by row.

    The table's cells are little-endian, two bytes wide (four from 65,535 states on); all ones means dead. Bit s of
    `finals` (bit s % 8 of byte s // 8) says whether state s is final. From every state a final one can be reached; only
    the start of the empty language is an exception.
    """

    classes: bytes
    class_count: int
    table: bytes
    finals: bytes
    size: int

    @cached_property
    def next_state(self) -> NDArray[np.int32]:
        """The table as int32[size, class_count], dead cells -1; read-only."""
        width = len(self.table) // (self.size * self.class_count)
        cells = np.frombuffer(self.table, dtype=f"<u{width}").astype(np.int64)
        cells[cells == (1 << (8 * width)) - 1] = DEAD
        table = cells.astype(np.int32).reshape(self.size, self.class_count)
        table.setflags(write=False)
        return table

    @cached_property
    def byte_class(self) -> NDArray[np.uint8]:
        """The class of each byte as uint8[256]; read-only."""
        return np.frombuffer(self.classes, dtype=np.uint8)

    @cached_property
    def final_states(self) -> NDArray[np.bool_]:
        """bool[size]; read-only."""
        bits = np.unpackbits(np.frombuffer(self.finals, dtype=np.uint8), bitorder="little")[: self.size].astype(bool)
        bits.setflags(write=False)
        return bits

    @cached_property
    def _cells(self) -> list[int]:
        cells: list[int] = self.next_state.ravel().tolist()
        return cells

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the automaton, hexadecimal."""
        return hashlib.sha256(msgspec.msgpack.encode(self)).hexdigest()

    @cached_property
    def distances(self) -> tuple[int, ...]:
        """The least number of bytes from each state to a final one (-1: none, only in the empty language)."""
        before: list[list[int]] = [[] for _ in range(self.size)]
        for state, row in enumerate(self.next_state.tolist()):
            for target in set(row):
                if target != DEAD:
                    before[target].append(state)
        found = [0 if final else -1 for final in self.final_states.tolist()]
        waiting = deque(state for state in range(self.size) if found[state] == 0)
        while waiting:
            state = waiting.popleft()
            for earlier in before[state]:
                if found[earlier] < 0:
                    found[earlier] = found[state] + 1
                    waiting.append(earlier)
        return tuple(found)

    @property
    def is_empty(self) -> bool:
        """Whether no text at all is accepted."""
        return self.size == 1 and not self.is_final(0)

    def is_final(self, state: int) -> bool:
        return bool(self.finals[state >> 3] >> (state & 7) & 1)

    def step(self, state: int, byte: int) -> int:
        """The state after one byte, -1 when no text of the language goes on like that."""
        return self._cells[state * self.class_count + self.classes[byte]]

    def walk(self, state: int, text: bytes) -> int:
        """The state after some bytes, -1 when no text of the language goes on like that."""
        cells, classes, width = self._cells, self.classes, self.class_count
        for byte in text:
            state = cells[state * width + classes[byte]]
            if state == DEAD:
                break
        return state

    def matches(self, text: bytes) -> bool:
        state = self.walk(0, text)
        return state != DEAD and self.is_final(state)

    def shortest(self) -> bytes | None:
        """The first of the shortest texts, None for the empty language."""
        return common_text(self, self)


EMPTY_LANGUAGE = Dfa(bytes(256), 1, b"\xff\xff", b"\x00", 1)


def common_text(a: Dfa, b: Dfa) -> bytes | None:
    """The first of the shortest texts that both accept, None when there is none. Raises BudgetError past MAX_PAIRS."""
    pairs = [(0, 0)]
    came_from: dict[tuple[int, int], tuple[tuple[int, int], int]] = {}
    seen = {(0, 0)}
    letters = sorted({(a.classes[byte], b.classes[byte]): byte for byte in range(255, -1, -1)}.values())
    for pair in pairs:
        if a.is_final(pair[0]) and b.is_final(pair[1]):
            return _spell(pair, came_from)
        for byte in letters:
            after = (a.step(pair[0], byte), b.step(pair[1], byte))
            if DEAD not in after and after not in seen:
                seen.add(after)
                came_from[after] = (pair, byte)
                pairs.append(after)
        if len(pairs) > MAX_PAIRS:
            raise BudgetError(f"comparing two automata takes over {MAX_PAIRS} pairs of states: lower their bounds")
    return None


def _spell(pair: tuple[int, int], came_from: dict[tuple[int, int], tuple[tuple[int, int], int]]) -> bytes:
    text = bytearray()
    while pair in came_from:
        pair, byte = came_from[pair]
        text.append(byte)
    return bytes(reversed(text))


def disjoint(a: Dfa, b: Dfa) -> bool:
    """Whether no text is accepted by both."""
    return common_text(a, b) is None
