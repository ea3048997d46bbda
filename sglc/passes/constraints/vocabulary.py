"""A tokenizer's tokens as bytes, and their trie: the shape in which automata walk over all tokens at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

ROOT = 0
NO_NODE = -1


class TokenTrie(msgspec.Struct):
    """Nodes in levels: level d, the prefixes of d bytes, is the nodes `starts[d]` to `starts[d + 1]`; 0 is the root.

    `parent` and `byte` say how a node is reached; `token_node` is each token's node, NO_NODE for one without text.
    """

    starts: list[int]
    parent: NDArray[np.int32]
    byte: NDArray[np.uint8]
    token_node: NDArray[np.int32]


class Vocabulary:
    """`tokens[id]` are a token's bytes, b"" for special ones; `eos_ids` end a text and are never part of one."""

    def __init__(self, tokens: Sequence[bytes], eos_ids: Sequence[int], hash: str = "") -> None:
        self.tokens = tuple(tokens)
        self.eos_ids = tuple(eos_ids)
        self.hash = hash or self._digest()

    def __len__(self) -> int:
        return len(self.tokens)

    def _digest(self) -> str:
        return hashlib.sha256(msgspec.msgpack.encode((self.tokens, self.eos_ids))).hexdigest()

    @cached_property
    def trie(self) -> TokenTrie:
        """Built on first use, level by level over the sorted tokens."""
        special = set(self.eos_ids)
        ids = [i for i, token in enumerate(self.tokens) if token and i not in special]
        ids.sort(key=self.tokens.__getitem__)
        lengths = np.array([len(self.tokens[i]) for i in ids], dtype=np.int64)
        text = np.frombuffer(b"".join(self.tokens[i] for i in ids), dtype=np.uint8)
        begins = np.cumsum(lengths) - lengths
        starts, parents, letters = [0, 1], [np.array([NO_NODE])], [np.array([0], dtype=np.uint8)]
        node = np.full(len(ids), ROOT, dtype=np.int64)
        longer = np.arange(len(ids))
        for depth in range(int(lengths.max(initial=0))):
            longer = longer[lengths[longer] > depth]
            parent, letter = node[longer], text[begins[longer] + depth]
            # In sorted order the tokens of one node stand together: a node begins where parent or byte change.
            fresh = np.ones(len(longer), dtype=bool)
            fresh[1:] = (parent[1:] != parent[:-1]) | (letter[1:] != letter[:-1])
            node[longer] = starts[-1] + np.cumsum(fresh) - 1
            parents.append(parent[fresh])
            letters.append(letter[fresh])
            starts.append(starts[-1] + int(fresh.sum()))
        token_node = np.full(len(self.tokens), NO_NODE, dtype=np.int32)
        token_node[ids] = node
        return TokenTrie(starts, np.concatenate(parents).astype(np.int32), np.concatenate(letters), token_node)
