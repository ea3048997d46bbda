"""A list of byte strings -> the minimal acyclic automaton, string by string, without ever building the whole trie."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

WordNode: TypeAlias = tuple[bool, tuple[tuple[int, int], ...]]
"""Whether a word ends here, and the edges: byte -> node."""


@lru_cache(maxsize=16)
def word_nodes(words: tuple[bytes, ...]) -> tuple[WordNode, ...]:
    """Nodes, children first, the start last. Sorted words share prefixes; finished nodes that are equal are one."""
    known: dict[WordNode, int] = {}
    # The path of the last word: per node whether a word ends there, and its finished edges.
    ends: list[bool] = [False]
    edges: list[list[tuple[int, int]]] = [[]]
    last = b""

    def close(length: int) -> None:
        """Finishes the nodes of the path that are deeper than `length`."""
        for depth in range(len(ends) - 1, length, -1):
            number = known.setdefault((ends.pop(), tuple(edges.pop())), len(known))
            edges[-1].append((last[depth - 1], number))

    for word in sorted(set(words)):
        shared = 0
        while shared < len(last) and last[shared] == word[shared]:
            shared += 1
        close(shared)
        ends.extend([False] * (len(word) - shared))
        edges.extend([] for _ in range(len(word) - shared))
        ends[-1] = True
        last = word
    close(0)
    start = (ends[0], tuple(edges[0]))
    # The start comes last, also when it happens to equal an inner node.
    return (*known, start)
