"""A vocabulary -> answers about spellings: which tokens begin with a text, which may heal a seam. No torch."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.token_table import TokenTable, Vocabulary

Mask: TypeAlias = NDArray[np.bool_]
KEPT_HEALINGS = 256


class Lexicon:
    """One model's tokens in the order of their bytes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        tokens = vocabulary.tokens
        self._order = sorted((i for i, token in enumerate(tokens) if token), key=tokens.__getitem__)
        self._sorted = [tokens[i] for i in self._order]
        self.ends = self._mask(vocabulary.eos_ids)
        self._healings: OrderedDict[tuple[str, bytes], Healing] = OrderedDict()

    def spelled(self, text: bytes) -> list[int]:
        """The ids whose bytes are `text`."""
        return [self._order[n] for n in self._range(text, text + b"\0")]

    def starting(self, text: bytes) -> list[int]:
        """The ids whose bytes begin with `text`, in byte order."""
        return [self._order[n] for n in self._range(text, _after(text))]

    def prefixes(self, text: bytes) -> list[int]:
        """The ids whose bytes `text` begins with, itself included."""
        return [i for end in range(1, len(text) + 1) for i in self.spelled(text[:end])]

    def beginning(self, text: bytes) -> Mask:
        """The ids that, drawn next, begin to write `text`."""
        return self._mask([*self.prefixes(text), *self.starting(text)])

    def healing(self, table: TokenTable, text: bytes) -> Healing:
        """What may be drawn while `text` is still to be spelled before a value of `table`."""
        key = (table.dfa.digest, text)
        found = self._healings.get(key)
        if found is None:
            found = self._healings[key] = Healing(self, table, text)
        self._healings.move_to_end(key)
        if len(self._healings) > KEPT_HEALINGS:
            self._healings.popitem(last=False)
        return found

    def _mask(self, ids: Sequence[int]) -> Mask:
        mask = np.zeros(len(self.vocabulary.tokens), dtype=np.bool_)
        mask[list(ids)] = True
        return mask

    def _range(self, first: bytes, after: bytes | None) -> range:
        start = bisect_left(self._sorted, first)
        return range(start, len(self._sorted) if after is None else bisect_left(self._sorted, after))


class Healing:
    """The tokens that agree with a text to be spelled first: parts of it, and those that run on into the value."""

    def __init__(self, lexicon: Lexicon, table: TokenTable, text: bytes) -> None:
        tokens = lexicon.vocabulary.tokens
        # A part is no use if no token can go on from there.
        spellable = _spellable(lexicon, text)
        self._within = [i for i in lexicon.prefixes(text) if len(tokens[i]) in spellable]
        beyond = [i for i in lexicon.starting(text) if len(tokens[i]) > len(text)]
        states = _walk(table.dfa, [tokens[i][len(text) :] for i in beyond])
        self._beyond = np.array(beyond, dtype=np.int64)[states >= 0]
        reached, where = np.unique(states[states >= 0], return_inverse=True)
        self._distances = np.array([table.distance(int(state)) for state in reached], dtype=np.int64)[where]
        self._size = len(tokens)

    def allowed(self, left: int) -> Mask:
        """bool [V]: the tokens from which the value can still be completed with `left` tokens of its own."""
        mask = np.zeros(self._size, dtype=np.bool_)
        mask[self._within] = True
        mask[self._beyond[self._distances < left]] = True
        return mask


def _spellable(lexicon: Lexicon, text: bytes) -> set[int]:
    """The offsets in `text` from which tokens can spell the rest, or run over its end; its length included."""
    offsets = {len(text)}
    for start in range(len(text) - 1, 0, -1):
        lengths = (len(lexicon.vocabulary.tokens[i]) for i in lexicon.prefixes(text[start:]))
        if any(start + length in offsets for length in lengths) or lexicon.starting(text[start:]):
            offsets.add(start)
    return offsets


def _walk(dfa: Dfa, texts: Sequence[bytes]) -> NDArray[np.int64]:
    """The state after each text, int64 [texts]; -1: dead. All texts advance together, a byte a step."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    starts = lengths.cumsum() - lengths
    letters = dfa.byte_class[np.frombuffer(b"".join(texts), dtype=np.uint8)]
    states = np.zeros(len(texts), dtype=np.int64)
    for offset in range(lengths.max(initial=0)):
        going = np.flatnonzero((lengths > offset) & (states >= 0))
        states[going] = dfa.next_state[states[going], letters[starts[going] + offset]]
    return states


def _utf8() -> Dfa:
    """The automaton of all valid UTF-8. States: 0 between characters, 1 to 7 inside one (RFC 3629, section 4)."""
    targets = [
        {0: 0, 5: 1, 6: 2, 7: 3, 8: 4, 9: 5, 10: 6, 11: 7},
        {1: 0, 2: 0, 3: 0},
        {3: 1},
        {1: 1, 2: 1, 3: 1},
        {1: 1, 2: 1},
        {2: 3, 3: 3},
        {1: 3, 2: 3, 3: 3},
        {1: 3},
    ]
    # Class 4 are the bytes that UTF-8 never uses.
    runs = [(0x80, 0), (0x10, 1), (0x10, 2), (0x20, 3), (2, 4), (30, 5), (1, 6), (12, 7), (1, 8), (2, 7), (1, 9)]
    runs += [(3, 10), (1, 11), (11, 4)]
    classes = b"".join(bytes([letter]) * count for count, letter in runs)
    cells = [row.get(letter, 0xFFFF) for row in targets for letter in range(12)]
    return Dfa(classes, 12, np.array(cells, dtype="<u2").tobytes(), b"\x01", len(targets))


UTF8 = _utf8()
"""What free text is made of."""


def _after(prefix: bytes) -> bytes | None:
    """The least bytes greater than all that begin with `prefix`; None if there are none."""
    trimmed = prefix.rstrip(b"\xff")
    return trimmed[:-1] + bytes([trimmed[-1] + 1]) if trimmed else None
