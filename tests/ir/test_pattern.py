"""The regex dialect: what parses, what is refused and where, and that matching agrees with Python's `re`."""

from __future__ import annotations

import contextlib
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.ir import charset
from sglc.ir.pattern import EMPTY, Chars, Choice, PatternError, Repeat, Sequence, parse_pattern
from sglc.ir.pattern_match import matches

A, B = Chars(((97, 97),)), Chars(((98, 98),))


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        ("", EMPTY),
        ("()", EMPTY),
        ("a", A),
        ("ab", Sequence((A, B))),
        ("(?:a)(?P<x>b)", Sequence((A, B))),
        ("(?<x>a)", A),
        ("a|b", Chars(((97, 98),))),
        ("aa|b|bb", Choice((B, Sequence((A, A)), Sequence((B, B))))),
        ("a*?", Repeat(A, 0, None)),
        ("a{2,}", Repeat(A, 2, None)),
        ("a{,3}", Repeat(A, 0, 3)),
        ("a{0}", EMPTY),
        ("(a{2}){3}", Repeat(A, 6, 6)),
        ("(a?){3}", Repeat(A, 0, 3)),
        ("(a{2,3}){0,4}", Repeat(Repeat(A, 2, 3), 0, 4)),
        ("^a$", A),
        (r"\Aa\Z", A),
        ("(^a|^b$)", Chars(((97, 98),))),
        ("[]a]", Chars(((93, 93), (97, 97)))),
        ("[a-]", Chars(((45, 45), (97, 97)))),
        (r"[\x41-\u0043]", Chars(((65, 67),))),
        (r"\U0001F600", Chars(((0x1F600, 0x1F600),))),
        ("(?i)aZ", Sequence((Chars(((65, 65), (97, 97))), Chars(((90, 90), (122, 122)))))),
        (".", Chars(charset.NO_LINE_FEED)),
        ("(?s).", Chars(charset.ANY)),
        ("{", Chars(((123, 123),))),
        ("a{b}", Sequence((A, Chars(((123, 123),)), B, Chars(((125, 125),))))),
        (r"\/", Chars(((47, 47),))),
        (r"[^\s\S]", Chars(())),
    ],
)
def test_tree(pattern: str, tree: object) -> None:
    assert parse_pattern(pattern) == tree


@pytest.mark.parametrize(
    ("pattern", "offset", "length", "part"),
    [
        (r"(a)\1", 3, 2, "backreference"),
        ("(?P=x)", 0, 4, "backreference"),
        ("x(?=a)", 1, 3, "lookahead"),
        ("x(?!a)", 1, 3, "negative lookahead"),
        ("(?<=a)", 0, 4, "lookbehind"),
        ("(?<!a)", 0, 4, "negative lookbehind"),
        (r"a\b", 1, 2, "word boundary"),
        ("a*+", 1, 2, "possessive"),
        ("(?>a)", 0, 3, "atomic"),
        ("(?(1)a|b)", 0, 3, "conditional"),
        ("a^", 1, 1, "not the start"),
        ("$a", 0, 1, "not the end"),
        ("(a$)+", 2, 1, "not the end"),
        ("(^a)*", 1, 1, "not the start"),
        ("^*", 0, 1, "cannot be repeated"),
        ("a**", 2, 1, "quantifier after a quantifier"),
        ("*a", 0, 1, "nothing before"),
        ("a|+", 2, 1, "nothing before"),
        ("a{3,2}", 1, 5, "reversed"),
        ("a{10001}", 1, 7, "count over 10000"),
        ("a{99999999999}", 1, 13, "count over 10000"),
        ("(a{200}){200}", 0, 13, "40000 characters"),
        ("(a", 0, 1, "never closed"),
        ("a)", 1, 1, "without an opening"),
        ("[a", 0, 1, "never closed"),
        ("[z-a]", 1, 3, "reversed"),
        (r"[\d-z]", 1, 4, "no range"),
        ("[[:alpha:]]", 1, 2, "`[:...:]`"),
        ("a\\", 1, 1, "escapes nothing"),
        (r"\q", 0, 2, "unknown escape"),
        (r"\x4", 0, 2, "2 hexadecimal digits"),
        (r"\ud800", 0, 6, "no character"),
        ("\ud800", 0, 1, "lone surrogate"),
        (r"\p{Nope}", 0, 8, "unknown Unicode property"),
        ("(?m)a", 2, 1, "(?m)"),
        ("a(?i)", 1, 3, "unknown kind of group"),
        ("(?P<1>a)", 4, 1, "not an identifier"),
        ("(?P<x>a)(?P<x>b)", 12, 1, "used twice"),
        ("a" * 10_001, 0, 10_001, "10001 characters"),
        ("(" * 101, 100, 1, "nest deeper"),
    ],
)
def test_refused(pattern: str, offset: int, length: int, part: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse_pattern(pattern)
    assert part in caught.value.message
    assert (caught.value.offset, caught.value.length) == (offset, length)


@given(st.text(alphabet="()[]{}|*+?\\^$.,-:0123456789abdswWpPLuxU<>=!#iA\n\u20ac\ud800", max_size=30))
@settings(max_examples=300, deadline=None)
def test_total(text: str) -> None:
    with contextlib.suppress(PatternError):
        parse_pattern(text)


@pytest.mark.parametrize(
    ("part", "times"),
    [
        ("(", 10_000),
        ("[", 10_000),
        ("(a|", 3_000),
        ("a{1}", 2_500),
        ("(?i)", 2_500),
        ("(((a*)*)*)*", 900),
        ("\\p{L}", 2_000),
    ],
)
def test_long_patterns_parse_fast(part: str, times: int) -> None:
    text = part * times
    start = time.thread_time()
    with contextlib.suppress(PatternError):
        parse_pattern(text)
    assert time.thread_time() - start < 1


def test_unicode_categories() -> None:
    letters, capitals = charset.category("L"), charset.category("Lu")
    assert letters is not None
    assert capitals is not None
    for point in (*range(0x3000), 0x1F600, 0x10FFFF):
        assert charset.contains(letters, point) == unicodedata.category(chr(point)).startswith("L")
        assert charset.contains(capitals, point) == (unicodedata.category(chr(point)) == "Lu")
    assert charset.category("Cs") == ()


code_points = st.integers(0, 0x10FFFF)


@given(st.lists(st.tuples(code_points, code_points)), st.lists(st.tuples(code_points, code_points)))
@settings(deadline=None)
def test_charset_algebra(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    a, b = (charset.ranges((min(p), max(p)) for p in pieces) for pieces in (first, second))
    assert charset.negate(charset.negate(a)) == a
    for point in {p for pair in (*a, *b) for p in (pair[0] - 1, *pair, pair[1] + 1)} | {0, 0xD7FF, 0xD800, 0xE000}:
        in_a, in_b = charset.contains(a, point), charset.contains(b, point)
        assert charset.contains(charset.union(a, b), point) == (in_a or in_b)
        assert charset.contains(charset.intersect(a, b), point) == (in_a and in_b)
        assert charset.contains(charset.minus(a, b), point) == (in_a and not in_b)
        assert not (in_a and 0xD800 <= point <= 0xDFFF)


# --- matching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text", "whole"),
    [
        ("a|ab", "ab", True),
        ("a+", "aab", False),
        ("", "", True),
        (".{2}", "é\n", False),
        ("(a{2}){2,}", "aaaaa", False),
    ],
)
def test_matches(pattern: str, text: str, whole: bool) -> None:
    """Against Python's `re` on random patterns: tests/passes/constraints/test_constraint_regex.py."""
    assert matches(pattern, text) == whole


@pytest.mark.parametrize("pattern", ["(a|aa)+b", "(a+a+)+b", "((a*)*)*b", "(.*a){20}b"])
def test_no_backtracking(pattern: str) -> None:
    start = time.thread_time()
    assert not matches(pattern, "a" * 3000)
    assert time.thread_time() - start < 1


def test_no_surrogate_ever_matches() -> None:
    assert not matches("(?s).", "\ud800")
    assert not matches(r"[^a]", "\udfff")
