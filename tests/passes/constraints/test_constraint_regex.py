"""Patterns: the automata of both encodings and the matcher of ir/pattern_match.py agree with Python's `re`."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from sglc.ir.decode import to_json
from sglc.ir.pattern import parse_pattern
from sglc.ir.pattern_match import matches
from sglc.passes.constraints.budget import Budget, BudgetError
from sglc.passes.constraints.compile_expr import compile_expr
from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.regex import pattern_expr

_ATOMS = ["a", "b", "Z", "é", r"\.", r"\"", r"\\", "_", "5", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\n"]
_ATOMS += [r"\x41", r"\u20ac", "[a-f]", "[^a-f]", "[^\\W\\d]", r"[\s\-x]", "[]a]", "[^]]", "[é-ü]", "[a\U0001f600]"]
_BOUNDED = ["?", "{2}", "{1,3}", "{0,2}", "{,2}", "??", "{1,2}?"]
_COUNTS = [*_BOUNDED, "*", "+", "*?", "+?", "{2,}"]


def _extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(_BOUNDED)).map(lambda pair: f"({pair[0]}){pair[1]}"),
    )


# Python's search takes exponential time on nested loops, so loops stand inside bounded groups or around them, not both.
_LOOPS = st.tuples(st.sampled_from(_ATOMS), st.sampled_from(_COUNTS)).map("".join)
_BODIES = st.recursive(st.sampled_from(_ATOMS), _extend, max_leaves=4)
_PIECES = st.one_of(
    st.recursive(st.one_of(st.sampled_from(_ATOMS), _LOOPS), _extend, max_leaves=5),
    st.tuples(_BODIES, st.sampled_from(_COUNTS)).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
)
_FLAGS = st.sampled_from(["", "", "(?i)", "(?s)", "(?is)"])
patterns = st.tuples(_FLAGS, _PIECES, _PIECES).map("".join)


def texts_near(compiled: re.Pattern[str]) -> st.SearchStrategy[list[str]]:
    """Texts that match, and texts that are a small step away."""
    text = st.from_regex(compiled, fullmatch=True).filter(lambda t: len(t) < 20)
    added = st.sampled_from(["", "a", "B", "\n", "é", "5", '"', "\\", "\x1f", "\U0001f600"])
    change = st.tuples(text, st.integers(0, 20), added, st.booleans())
    near = change.map(lambda c: c[0][: c[1]] + c[2] + c[0][c[1] + c[3] :])
    return st.lists(st.one_of(text, near), min_size=1, max_size=6)


def dfa(pattern: str, json: bool = False) -> Dfa:
    return compile_expr(pattern_expr(parse_pattern(pattern), json))


def small_dfa(pattern: str, json: bool = False) -> Dfa:
    """For random patterns: some have no small automaton, which is no failure."""
    try:
        return compile_expr(pattern_expr(parse_pattern(pattern), json), Budget(states=2000))
    except BudgetError:
        reject()


@given(patterns, st.data())
@settings(max_examples=150, deadline=None)
def test_like_python(pattern: str, data: st.DataObject) -> None:
    compiled = re.compile(pattern, re.ASCII)
    plain, quoted = small_dfa(pattern), small_dfa(pattern, json=True)
    for text in data.draw(texts_near(compiled)):
        expected = bool(compiled.fullmatch(text))
        assert matches(pattern, text) == expected, text
        assert plain.matches(text.encode()) == expected, text
        assert quoted.matches(to_json(text)[1:-1].encode()) == expected, text


@pytest.mark.parametrize(
    "pattern",
    ["(a*b?)*c", "((a|b*)*c)*", "((ab)*|(ba)+)*", "(a|ab)(c|bcb)*a*", "((a{2})*|b{3,})*c?", "(a(b(c?)*)+)*"],
)
def test_nested_loops_like_python(pattern: str) -> None:
    compiled, plain = re.compile(pattern), dfa(pattern)
    for letters in (t for length in range(7) for t in itertools.product("abc", repeat=length)):
        text = "".join(letters)
        expected = bool(compiled.fullmatch(text))
        assert matches(pattern, text) == expected, text
        assert plain.matches(text.encode()) == expected, text


@given(patterns, patterns)
@settings(max_examples=40, deadline=None)
def test_equal_languages_are_equal_bytes(first: str, second: str) -> None:
    a, b = (re.sub(r"^\(\?\w+\)", "", p) for p in (first, second))
    assert small_dfa(f"(?:{a})|(?:{b})") == small_dfa(f"(?:{b})|(?:{a})|(?:{b})")
    assert small_dfa(f"(?:{a})*") == small_dfa(f"(?:(?:{a})*)*(?:{a})?") == small_dfa(f"(?:{a})*(?:{a})*|")
    assert small_dfa(f"(?:{a}){{2,3}}").digest == small_dfa(f"(?:{a})(?:{a})(?:{a})?").digest


def test_all_of_unicode_once() -> None:
    """Every code point is one character, every surrogate none."""
    single = dfa("(?s).")
    for point in [*range(0, 0x3000, 7), 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF, *range(0x10000, 0x110000, 4093)]:
        assert single.matches(chr(point).encode())
    for point in (0xD800, 0xDBFF, 0xDC00, 0xDFFF):
        assert not single.matches(chr(point).encode("utf-8", "surrogatepass"))
    for wrong in (b"\xc0\x80", b"\xe0\x80\x80", b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xff", b""):
        assert not single.matches(wrong)


def test_json_spells_each_character_in_one_way() -> None:
    inside = dfa("(?s).", json=True)
    for point in (*range(256), 0x2028, 0xFFFF, 0x1F600):
        assert inside.matches(to_json(chr(point))[1:-1].encode())
    for other in (b'"', b"\\", b"\n", b"\\/", b"\\u0041", b"\\u000a", b"\\u001F", b"\x1f"):
        assert not inside.matches(other)


@pytest.mark.parametrize(
    ("pattern", "states"),
    [
        ("[a-z]{0,5000}", 5001),
        (".{0,2000}", 16_001),
        ("(a{3000}b)*", 3001),
        ("((a{0,3000})b)*", 3001),
        ("(x{0,3000})y*", 3001),
        ("(a?){2000}", 2001),
        ("([a-z]{1,12} ){0,40}[a-z]{1,12}", 533),
        (r"\p{L}{1,30}", None),
    ],
)
def test_large_counts_are_fast(pattern: str, states: int | None) -> None:
    start = time.thread_time()
    size = dfa(pattern).size
    assert time.thread_time() - start < 1
    assert states is None or size == states


@pytest.mark.parametrize("pattern", [".*a.{20}", "[^a]*a.{3000}b?c{2000}", "(.{100}x?){90}", "(?:a|b.{9000})*"])
def test_too_large_is_refused_in_time(pattern: str) -> None:
    start = time.thread_time()
    with pytest.raises(BudgetError):
        dfa(pattern)
    assert time.thread_time() - start < 3


def test_budget_of_seconds() -> None:
    with pytest.raises(BudgetError, match=r"the type takes over 0 s"):
        compile_expr(pattern_expr(parse_pattern(".{2000}")), Budget(seconds=0))


def test_empty_language() -> None:
    empty = dfa(r"a[^\s\S]")
    assert empty.is_empty
    assert empty == dfa(r"[^\s\S]|[^\s\S]b")
    assert not empty.matches(b"")
    assert empty.shortest() is None
    assert not dfa("").is_empty
