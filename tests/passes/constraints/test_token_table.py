"""Token tables against a slow plain reference, and that they leave no dead ends."""

from __future__ import annotations

import json
import lzma
import os
import random
import struct
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.diagnostics import InternalError
from sglc.ir.pattern import parse_pattern
from sglc.ir.types import JSON, Field, NamedType, RecordType, StrType
from sglc.passes.constraints.budget import ConstraintError
from sglc.passes.constraints.compile_expr import compile_expr
from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.lower_type import build_dfa
from sglc.passes.constraints.regex import pattern_expr
from sglc.passes.constraints.token_table import UNREACHABLE, TokenTable, Vocabulary

_STEM = os.environ.get("SGLC_VOCAB", "")
"""The real vocabulary to build tables for, STEM.bin.xz and STEM.json; without it one of the same size is made up."""
_SIZE = 131_072


def dfa(pattern: str) -> Dfa:
    return compile_expr(pattern_expr(parse_pattern(pattern)))


def reference(automaton: Dfa, vocabulary: Vocabulary) -> tuple[list[dict[int, int]], list[int]]:
    """For each state where each token leads that can still be completed, and the least tokens to a final state."""
    special = {i for i, token in enumerate(vocabulary.tokens) if not token} | set(vocabulary.eos_ids)
    moves = [
        {i: after for i, t in enumerate(vocabulary.tokens) if i not in special and (after := automaton.walk(s, t)) >= 0}
        for s in range(automaton.size)
    ]
    distances = [0 if automaton.is_final(s) else UNREACHABLE for s in range(automaton.size)]
    for _ in range(automaton.size):
        for state, row in enumerate(moves):
            nearest = min((distances[after] for after in row.values()), default=UNREACHABLE)
            if nearest != UNREACHABLE:
                distances[state] = min(distances[state], nearest + 1)
    kept = [{i: after for i, after in row.items() if distances[after] != UNREACHABLE} for row in moves]
    return kept, distances


PATTERNS = [
    "a*b",
    "(ab|a)*",
    "[ab]{2,4}c?",
    '"(a|b|\\\\")*"',
    "(é|a)+",
    "(aa)*|b{3}",
    "abc|abd|b",
    ".{0,3}",
    "",
    "(a|b)*c{5}",
]
pieces = st.sampled_from(
    [b"a", b"b", b"c", b"ab", b"aa", b"bb", b"abc", b'"', b'a"', b"\\", b"\xc3", b"\xa9", b"\xc3\xa9a", b"", b"d"]
)


@given(st.sampled_from(PATTERNS), st.lists(pieces, min_size=1, max_size=12), st.integers(0, 2))
@settings(max_examples=120, deadline=None)
def test_like_the_reference(pattern: str, tokens: list[bytes], ends: int) -> None:
    vocabulary = Vocabulary([*tokens, *[b"</s>"] * ends], range(len(tokens), len(tokens) + ends))
    automaton = dfa(pattern)
    moves, distances = reference(automaton, vocabulary)
    if distances[0] == UNREACHABLE:
        with pytest.raises(ConstraintError):
            TokenTable(automaton, vocabulary)
        return
    table = TokenTable(automaton, vocabulary)
    table.check()
    for state in range(automaton.size):
        expected = [i in moves[state] for i in range(len(tokens))] + [automaton.is_final(state)] * ends
        assert table.allowed(state).tolist() == expected
        assert table.distance(state) == distances[state]
        assert [table.advance(state, i) for i in range(len(tokens))] == [
            moves[state].get(i, -1) for i in range(len(tokens))
        ]
        assert all(table.advance(state, i) == (state if expected[i] else -1) for i in vocabulary.eos_ids)
        for budget in range(4):
            within = [i in moves[state] and distances[moves[state][i]] < budget for i in range(len(tokens))]
            assert table.allowed_within(state, budget).tolist()[: len(tokens)] == within


@given(st.lists(st.binary(max_size=5), max_size=30))
@settings(max_examples=80, deadline=None)
def test_trie(tokens: list[bytes]) -> None:
    trie = Vocabulary(tokens, []).trie
    prefixes = {token[:n] for token in tokens for n in range(len(token) + 1)} | {b""}
    assert trie.starts[-1] == len(prefixes)
    for token, node in zip(tokens, trie.token_node.tolist(), strict=True):
        spelled = bytearray()
        while node > 0:
            spelled.append(trie.byte[node])
            node = int(trie.parent[node])
        assert bytes(reversed(spelled)) == token


def test_vocabulary_hash() -> None:
    one = Vocabulary([b"a", b""], [1])
    assert len(one) == 2
    assert one.hash == Vocabulary((b"a", b""), (1,)).hash != Vocabulary([b"a", b""], []).hash
    assert Vocabulary([b"a"], [], "given").hash == "given"


def test_check_finds_dead_ends() -> None:
    table = TokenTable(dfa("ab"), Vocabulary([b"a", b"b"], []))
    table.check()
    table.next_state[1] = -1
    with pytest.raises(InternalError, match="dead end"):
        table.check()


@lru_cache(maxsize=1)
def large_vocabulary() -> Vocabulary:
    vocabulary = real_vocabulary(_STEM) if _STEM else made_up_vocabulary()
    assert len(vocabulary.trie.token_node) == len(vocabulary)
    return vocabulary


def made_up_vocabulary() -> Vocabulary:
    """All bytes; words, some behind a blank; numbers, marks and Chinese; prefixes of each other as BPE makes them."""
    rng = random.Random(7)
    ends = ["</s>"]
    tokens = dict.fromkeys(bytes([n]) for n in range(256))
    marks = ['"', '":', '","', "},", "{", "[]", " ", "\n", ", ", ". ", "--", "()", "\\"]
    while len(tokens) < _SIZE - len(ends):
        word = "".join(rng.choices("eatoinshrdlucmfwypvbgkjqxz", range(26, 0, -1), k=rng.randint(2, 9)))
        for end in range(2, len(word) + 1):
            tokens[word[:end].encode()] = None
        tokens[rng.choice([f" {word}", word.title(), word.upper(), f"{word}{rng.choice(marks)}"]).encode()] = None
        tokens[str(rng.randrange(1000)).encode()] = None
        tokens["".join(chr(rng.randrange(0x4E00, 0x9FFF)) for _ in range(rng.randint(1, 2))).encode()] = None
    spelled = [*list(tokens)[: _SIZE - len(ends)], *(end.encode() for end in ends)]
    return Vocabulary(spelled, range(_SIZE - len(ends), _SIZE), "made up")


def real_vocabulary(stem: str) -> Vocabulary:
    raw = lzma.decompress(Path(f"{stem}.bin.xz").read_bytes())
    count = struct.unpack_from("<I", raw, 8)[0]
    tokens, at = [], 16 + 2 * count
    for length in struct.unpack_from(f"<{count}H", raw, 16):
        tokens.append(raw[at : at + length])
        at += length
    return Vocabulary(tokens, [json.loads(Path(f"{stem}.json").read_text())["eos_id"]], "large")


FORM = {"Form": RecordType("Form", tuple(Field(f"field_{n}", StrType(max=n)) for n in range(6)))}


@pytest.mark.parametrize(
    "automaton",
    [dfa(r"[A-Za-z ]{1,480}\."), build_dfa(JSON, {}), build_dfa(NamedType("Form"), FORM)],
    ids=["500", "json", "form"],
)
def test_large_vocabulary(automaton: Dfa) -> None:
    vocabulary = large_vocabulary()
    start = time.thread_time()
    table = TokenTable(automaton, vocabulary)
    assert time.thread_time() - start < 0.6
    table.check()
    rng = random.Random(5)
    state = 0
    for _ in range(60):
        allowed = np.flatnonzero(table.allowed(state))
        for token in [int(rng.choice(allowed)), *rng.sample(range(len(vocabulary)), 300)]:
            if token not in vocabulary.eos_ids:
                after = automaton.walk(state, vocabulary.tokens[token]) if vocabulary.tokens[token] else -1
                assert table.advance(state, token) == after
        token = int(rng.choice(allowed))
        state = 0 if token in vocabulary.eos_ids else table.advance(state, token)
