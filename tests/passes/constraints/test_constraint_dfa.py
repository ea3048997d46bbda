"""The Dfa itself: minimal and canonical whatever it was made from, and what it answers."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.ir.pattern import parse_pattern
from sglc.passes.constraints import dfa as dfa_module
from sglc.passes.constraints.boolean import difference, intersection, union
from sglc.passes.constraints.budget import Budget, BudgetError
from sglc.passes.constraints.compile_expr import compile_expr
from sglc.passes.constraints.determinize import Table
from sglc.passes.constraints.dfa import EMPTY_LANGUAGE, Dfa, common_text, disjoint
from sglc.passes.constraints.expr import Words
from sglc.passes.constraints.minimize import minimize
from sglc.passes.constraints.regex import pattern_expr
from sglc.passes.constraints.utf8 import utf8_sequences


def dfa(pattern: str) -> Dfa:
    return compile_expr(pattern_expr(parse_pattern(pattern)))


LETTERS = 3


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any deterministic automaton over the bytes a, b, c: dead ends, unreachable states and loops included."""
    size = draw(st.integers(1, 12))
    row = st.tuples(*[st.integers(-1, size - 1)] * LETTERS)
    rows = draw(st.lists(row, min_size=size, max_size=size))
    finals = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    byte_class = bytes(min(max(byte - 96, 0), LETTERS) if byte < 100 else 0 for byte in range(256))
    return Table(byte_class, [(-1, *cells) for cells in rows], finals)


def accepts(table: Table, text: bytes) -> bool:
    state = 0
    for byte in text:
        state = table.rows[state][table.byte_class[byte]]
        if state < 0:
            return False
    return table.finals[state]


def moore(table: Table) -> int:
    """The number of useful states of the minimal automaton, by refinement from the definition."""
    reachable = {0}
    while more := {t for s in reachable for t in table.rows[s] if t >= 0} - reachable:
        reachable |= more
    useful = {s for s in reachable if table.finals[s]}
    while more := {s for s in reachable if useful & set(table.rows[s])} - useful:
        useful |= more
    block = {s: int(table.finals[s]) for s in useful}
    while True:
        keys = {s: (block[s], *[block.get(t, -1) for t in table.rows[s]]) for s in useful}
        numbers = {key: n for n, key in enumerate(sorted(set(keys.values())))}
        if len(numbers) == len(set(block.values())):
            return len(numbers)
        block = {s: numbers[keys[s]] for s in useful}


words = st.lists(st.sampled_from(b"abc"), max_size=7).map(bytes)


@given(tables(), st.lists(words, min_size=20, max_size=20))
@settings(max_examples=150, deadline=None)
def test_minimize(table: Table, texts: list[bytes]) -> None:
    result = minimize(table, Budget())
    assert all(result.matches(text) == accepts(table, text) for text in texts)
    assert result.size == max(1, moore(table))
    if not result.is_empty:
        assert min(result.distances) >= 0


@given(tables(), st.data())
@settings(max_examples=100, deadline=None)
def test_canonical(table: Table, data: st.DataObject) -> None:
    """The same automaton with its states shuffled and split gives the same bytes."""
    size = len(table.rows)
    order = [0, *data.draw(st.permutations(range(1, size)))]
    place = {state: number for number, state in enumerate(order)} | {-1: -1}
    # Every state twice: the copies lead to either copy.
    rows: list[tuple[int, ...]] = []
    for copy in range(2):
        for state in order:
            targets = [place[t] for t in table.rows[state]]
            rows.append(tuple(t if t < 0 or (t + copy) % 2 else t + size for t in targets))
    finals = [table.finals[state] for state in order] * 2
    assert minimize(Table(table.byte_class, rows, finals), Budget()) == minimize(table, Budget())


@given(tables(), tables(), words)
@settings(max_examples=150, deadline=None)
def test_boolean(first: Table, second: Table, text: bytes) -> None:
    a, b = minimize(first, Budget()), minimize(second, Budget())
    both = intersection(a, b)
    assert union(a, b).matches(text) == (a.matches(text) or b.matches(text))
    assert both.matches(text) == (a.matches(text) and b.matches(text))
    assert union(difference(a, b), both) == a
    assert disjoint(a, b) == both.is_empty
    shared = common_text(a, b)
    assert shared == both.shortest()
    if shared is not None:
        assert a.matches(shared)
        assert len(shared) == both.distances[0]


@given(st.lists(st.binary(max_size=6), min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_words(texts: list[bytes]) -> None:
    result = compile_expr(Words(tuple(texts)))
    assert all(map(result.matches, texts))
    for text in texts:
        for near in (text[:-1], text + b"x", text[1:]):
            assert result.matches(near) == (near in texts)


@given(st.integers(0, 0x10FFFF), st.integers(0, 0x10FFFF))
@settings(max_examples=100, deadline=None)
def test_utf8_sequences(one: int, other: int) -> None:
    low, high = min(one, other), max(one, other)
    if low <= 0xDFFF and high >= 0xD800:
        return
    sequences = list(utf8_sequences(low, high))
    total = 0
    for sequence in sequences:
        count = 1
        for first, last in sequence:
            count *= last - first + 1
        total += count
    assert total == high - low + 1
    assert bytes(first for first, _ in sequences[0]) == chr(low).encode()
    assert bytes(last for _, last in sequences[-1]) == chr(high).encode()


def test_encodes_and_hashes() -> None:
    one = dfa("a{2}|b")
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(one), type=Dfa)
    assert again == one
    assert hash(again) == hash(one)
    assert again.digest == one.digest
    assert len(one.digest) == 64
    assert dfa("b|a{2}").digest == one.digest != dfa("b|a").digest


def test_answers() -> None:
    one = dfa("ab*|c")
    assert one.step(0, ord("x")) == -1
    assert one.step(one.step(0, ord("a")), ord("b")) >= 0
    assert one.walk(0, b"cc") == -1
    assert not one.is_final(0)
    assert one.distances[0] == 1
    assert one.next_state.shape == (one.size, one.class_count)
    assert not one.next_state.flags.writeable
    assert one.final_states.tolist() == [one.is_final(s) for s in range(one.size)]
    assert one.byte_class[ord("x")] == one.byte_class[0] != one.byte_class[ord("a")]
    assert not EMPTY_LANGUAGE.matches(b"")
    assert EMPTY_LANGUAGE.distances == (-1,)


def test_wide_tables() -> None:
    """From 65,535 states on cells take four bytes."""
    size = 70_000
    rows: list[tuple[int, ...]] = [*[(s + 1,) for s in range(size - 1)], (-1,)]
    long = minimize(Table(bytes(256), rows, [False] * (size - 1) + [True]), Budget(states=100_000))
    assert long.size == size
    assert long.matches(b"x" * (size - 1))
    assert not long.matches(b"x" * size)


def test_comparing_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dfa_module, "MAX_PAIRS", 100)
    with pytest.raises(BudgetError):
        common_text(dfa("(a{17})*b"), dfa("(a{19})*c"))
