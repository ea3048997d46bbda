"""Dfa + vocabulary -> token table: for every state which tokens may follow and where they lead, without dead ends.

Each node of the token trie is the function state -> state of its bytes. Equal functions get one number, level by level,
so that only unseen pairs of function and byte class are composed; tokens with one function are one token class.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sglc.diagnostics import InternalError
from sglc.passes.constraints.budget import ConstraintError
from sglc.passes.constraints.dfa import DEAD, Dfa
from sglc.passes.constraints.vocabulary import NO_NODE, Vocabulary

__all__ = ["REFUSED", "UNREACHABLE", "TokenTable", "Vocabulary"]

REFUSED = 0
"""The class of tokens that are never allowed."""
UNREACHABLE = 2**31 - 1
_UNSEEN, _NOWHERE = -2, -1
_CELLS = 1 << 22
"""Cells of functions composed at once: bounds the memory of one level."""


class TokenTable:
    """`next_state[state, token_class[token]]` is the state after a token, -1 if it is refused.

    A token is refused when no sequence of tokens completes a text after it. End-of-text tokens are allowed in final
    states, and there alone; they are in class REFUSED.
    """

    def __init__(self, dfa: Dfa, vocabulary: Vocabulary) -> None:
        self.dfa, self.vocabulary = dfa, vocabulary
        self.finals = dfa.final_states
        self._eos = np.array(vocabulary.eos_ids, dtype=np.int64)
        token_function, functions = _walk(dfa, vocabulary)
        used, self.token_class = _classes(token_function)
        table = np.full((dfa.size, len(used) + 1), DEAD, dtype=np.int32)
        table[:, 1:] = functions[used].T
        self.next_state = table
        self.distances = _distances(table, self.finals)
        if self.distances[0] == UNREACHABLE:
            raise ConstraintError("the vocabulary has no tokens that spell a text of the constraint")
        stuck = (table >= 0) & (self.distances[table] == UNREACHABLE)
        table[stuck] = DEAD

    @property
    def nbytes(self) -> int:
        return int(self.next_state.nbytes + self.token_class.nbytes + self.distances.nbytes + self.finals.nbytes)

    def allowed(self, state: int) -> NDArray[np.bool_]:
        """Which tokens may follow, as bool[tokens]; the end of the text is among them in a final state."""
        return self._mask(state, self.next_state[state] >= 0)

    def allowed_within(self, state: int, budget_tokens: int) -> NDArray[np.bool_]:
        """Which of the allowed tokens leave a text that can be completed, all in all, with so many tokens."""
        targets = self.next_state[state]
        return self._mask(state, (targets >= 0) & (self.distances[targets] < budget_tokens))

    def _mask(self, state: int, classes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        mask: NDArray[np.bool_] = classes[self.token_class]
        mask[self._eos] = self.finals[state]
        return mask

    def advance(self, state: int, token_id: int) -> int:
        """The state after a token, -1 if it is refused; an end-of-text token stays in a final state."""
        if token_id in self.vocabulary.eos_ids:
            return state if self.finals[state] else DEAD
        return int(self.next_state[state, self.token_class[token_id]])

    def distance(self, state: int) -> int:
        """The least number of tokens to a final state; UNREACHABLE only for states that no allowed token leads to."""
        return int(self.distances[state])

    def check(self) -> None:
        """Raises InternalError unless every state that tokens can reach is final or allows a token that gets nearer."""
        reached = np.zeros(self.dfa.size, dtype=bool)
        waiting = np.array([0])
        while len(waiting):
            reached[waiting] = True
            targets = np.unique(self.next_state[waiting])
            waiting = targets[(targets >= 0) & ~reached[targets]]
        for state in np.flatnonzero(reached & ~self.finals).tolist():
            targets = self.next_state[state]
            nearest = self.distances[targets[targets >= 0]].min(initial=UNREACHABLE)
            if nearest != self.distances[state] - 1:
                raise InternalError(f"state {state} of a token table is a dead end")


def _walk(dfa: Dfa, vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Each token's function (_NOWHERE: dead from every state), and the functions as rows of next states."""
    trie, size, width = vocabulary.trie, dfa.size, dfa.class_count
    # One more state, the dead one, so that functions compose without cases.
    steps = np.full((width, size + 1), size, dtype=np.int32)
    steps[:, :size] = np.where(dfa.next_state >= 0, dfa.next_state, size).T
    functions = _Functions(steps)
    node_function = np.full(trie.starts[-1], _NOWHERE, dtype=np.int64)
    node_function[0] = 0
    for start, end in zip(trie.starts[1:-1], trie.starts[2:], strict=True):
        before = node_function[trie.parent[start:end]]
        live = np.flatnonzero(before != _NOWHERE)
        pairs = before[live] * width + dfa.byte_class[trie.byte[start:end][live]]
        node_function[start + live] = functions.compose(pairs)
    # A token without a node takes the last cell, which is dead.
    found = np.append(node_function, _NOWHERE)[np.where(trie.token_node == NO_NODE, -1, trie.token_node)]
    rows = functions.rows()
    return found, np.where(rows == size, DEAD, rows)[:, :size]


class _Functions:
    """Functions state -> state with numbers: 0 is the identity. A pair `number * width + byte class` names the next."""

    def __init__(self, steps: NDArray[np.int32]) -> None:
        self._steps = steps
        self._width, self._size = steps.shape
        self._rows = [np.arange(self._size, dtype=np.int32)]
        self._numbers = {self._rows[0].tobytes(): 0}
        self._next = np.full(self._width, _UNSEEN, dtype=np.int64)

    def rows(self) -> NDArray[np.int32]:
        return np.stack(self._rows)

    def compose(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """The function of each pair: first the function, then a byte of the class."""
        found = self._next[pairs]
        unseen = np.unique(pairs[found == _UNSEEN])
        chunk = max(1, _CELLS // self._size)
        for at in range(0, len(unseen), chunk):
            self._add(unseen[at : at + chunk])
        return self._next[pairs]

    def _add(self, pairs: NDArray[np.int64]) -> None:
        before = np.stack([self._rows[number] for number in (pairs // self._width).tolist()])
        after = np.take_along_axis(self._steps[pairs % self._width], before, axis=1)
        dead = (after == self._size - 1).all(axis=1)
        numbers = [_NOWHERE if nowhere else self._number(row) for row, nowhere in zip(after, dead, strict=True)]
        self._next = np.append(
            self._next, np.full(len(self._rows) * self._width - len(self._next), _UNSEEN, dtype=np.int64)
        )
        self._next[pairs] = numbers

    def _number(self, row: NDArray[np.int32]) -> int:
        number = self._numbers.setdefault(row.tobytes(), len(self._rows))
        if number == len(self._rows):
            self._rows.append(row)
        return number


def _classes(token_function: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.integer[Any]]]:
    """The functions that tokens have, and for each token its class: 1 + the place there, REFUSED for dead tokens."""
    used, token_class = np.unique(token_function, return_inverse=True)
    if len(used) and used[0] == _NOWHERE:
        used = used[1:]
    else:
        token_class = token_class + 1
    smallest: type[np.integer[Any]] = np.uint16 if len(used) < 0xFFFF else np.int32
    return used, token_class.astype(smallest)


def _distances(table: NDArray[np.int32], finals: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The least number of tokens from each state to a final one: breadth first, backwards along the edges."""
    sources, columns = np.nonzero(table >= 0)
    targets = table[sources, columns]
    # One edge between two states is enough.
    edges = np.unique(targets.astype(np.int64) * len(table) + sources)
    targets, sources = edges // len(table), edges % len(table)
    begins = np.searchsorted(targets, np.arange(len(table) + 1))
    distances = np.full(len(table), UNREACHABLE, dtype=np.int32)
    frontier = np.flatnonzero(finals)
    steps = 0
    while len(frontier):
        distances[frontier] = steps
        counts = begins[frontier + 1] - begins[frontier]
        # The edge numbers of all states of the frontier, side by side.
        offsets = np.repeat(begins[frontier] - (np.cumsum(counts) - counts), counts)
        before = np.unique(sources[offsets + np.arange(len(offsets))])
        frontier = before[distances[before] == UNREACHABLE]
        steps += 1
    return distances
