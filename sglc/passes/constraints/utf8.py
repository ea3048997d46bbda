"""Sets of characters -> small automata over bytes: UTF-8, plain or as the compact spelling inside a JSON string.

A compact JSON string escapes `"` and `\\` with a backslash, uses \\n \\t \\r \\b \\f, writes other control characters
as \\u00xx in lower case, and everything else as it is: the one spelling that `to_json` writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

from sglc.ir import charset
from sglc.ir.charset import Ranges

END = -1
Node: TypeAlias = tuple[tuple[int, int], ...]
"""Edges of a state: which bytes (bit b of the mask: byte b) lead to which node. No byte leads to two."""
ByteRange: TypeAlias = tuple[int, int]

_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
ESCAPES: dict[int, bytes] = {
    point: _NAMED.get(chr(point), f"\\u{point:04x}").encode() for point in (*range(32), ord('"'), ord("\\"))
}
ESCAPED: Ranges = charset.ranges((point, point) for point in ESCAPES)


def byte_mask(low: int, high: int) -> int:
    """The bytes low to high as a bit set."""
    return (1 << (high + 1)) - (1 << low)


@lru_cache(maxsize=512)
def char_nodes(chars: Ranges, json: bool) -> tuple[Node, ...]:
    """A minimal acyclic automaton of one character of the set: nodes, children first, the start last, END the end."""
    if not json:
        return _nodes([s for low, high in chars for s in utf8_sequences(low, high)])
    plain = charset.minus(chars, ESCAPED)
    sequences = [s for low, high in plain for s in utf8_sequences(low, high)]
    for point, spelled in ESCAPES.items():
        if charset.contains(chars, point):
            sequences.append(tuple((byte, byte) for byte in spelled))
    return _nodes(sequences)


def utf8_sequences(low: int, high: int) -> Iterator[tuple[ByteRange, ...]]:
    """The code points low to high (no surrogates among them) as products of byte ranges, in order."""
    for last in (0x7F, 0x7FF, 0xFFFF):
        if low <= last < high:
            yield from utf8_sequences(low, last)
            yield from utf8_sequences(last + 1, high)
            return
    first, last_bytes = chr(low).encode(), chr(high).encode()
    for trailing in range(1, len(first)):
        below = (1 << (6 * trailing)) - 1
        if low & ~below == high & ~below:
            break
        # Cut so that whatever varies above these trailing bytes has all of them.
        cut = (low | below) + 1 if low & below else high & ~below if high & below != below else None
        if cut is not None:
            yield from utf8_sequences(low, cut - 1)
            yield from utf8_sequences(cut, high)
            return
    yield tuple(zip(first, last_bytes, strict=True))


def _nodes(sequences: list[tuple[ByteRange, ...]]) -> tuple[Node, ...]:
    """Sequences of disjoint sets (so their first ranges are equal or disjoint) as a trie with shared suffixes."""
    known: dict[Node, int] = {}

    def node(rest: list[tuple[ByteRange, ...]]) -> int:
        if rest == [()]:
            return END
        masks: dict[int, int] = {}
        for (low, high), group in groupby(sorted(rest), key=lambda sequence: sequence[0]):
            target = node([sequence[1:] for sequence in group])
            masks[target] = masks.get(target, 0) | byte_mask(low, high)
        edges = tuple(sorted((mask, target) for target, mask in masks.items()))
        return known.setdefault(edges, len(known))

    node(sequences)
    return tuple(known)
