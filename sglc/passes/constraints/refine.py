"""The coarsest partition of a loop's states in which equal blocks go to equal blocks (Hopcroft's algorithm)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

OUTSIDE = -1


def coarsest_partition(
    keys: Sequence[tuple[int, ...]], rows: Sequence[Sequence[int]], check_time: Callable[[], None]
) -> list[int]:
    """A block number for each state. States in one block must have equal keys; rows lead to states or OUTSIDE.

    States with equal keys must go outside on the same letters: then blocks are only told apart by where they go inside.
    """
    numbers: dict[tuple[int, ...], int] = {}
    block_of = [numbers.setdefault(key, len(numbers)) for key in keys]
    blocks: list[set[int]] = [set() for _ in numbers]
    for state, number in enumerate(block_of):
        blocks[number].add(state)
    sources = _sources(rows)
    waiting = set(range(len(blocks)))
    while waiting:
        check_time()
        splitter = list(blocks[waiting.pop()])
        for into in sources:
            touched: dict[int, list[int]] = {}
            for state in splitter:
                for source in into.get(state, ()):
                    touched.setdefault(block_of[source], []).append(source)
            for number, part in touched.items():
                if len(part) < len(blocks[number]):
                    _split(number, part, blocks, block_of, waiting)
    return block_of


def _sources(rows: Sequence[Sequence[int]]) -> list[dict[int, list[int]]]:
    """For each letter, the states that lead to a state; letters that always act alike count once."""
    found: list[dict[int, list[int]]] = []
    for column in dict.fromkeys(zip(*rows, strict=True)):
        into: dict[int, list[int]] = {}
        for source, target in enumerate(column):
            if target != OUTSIDE:
                into.setdefault(target, []).append(source)
        if into:
            found.append(into)
    return found


def _split(number: int, part: list[int], blocks: list[set[int]], block_of: list[int], waiting: set[int]) -> None:
    """Moves the smaller of a block's two parts to a new block: whatever the larger one tells apart, it tells too."""
    moved = set(part)
    if len(moved) * 2 > len(blocks[number]):
        moved = blocks[number] - moved
    blocks[number] -= moved
    for state in moved:
        block_of[state] = len(blocks)
    # If the old block still waits both parts must; if not, the smaller one is enough.
    waiting.add(len(blocks))
    blocks.append(moved)
