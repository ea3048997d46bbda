"""Tokens -> the exact text of a value: healing left, exact right, stops across tokens, budgets, streaming."""

from __future__ import annotations

import functools
import random
import re

import numpy as np
import pytest
from engine_samples import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sglc.backend.engine.interface import EngineError, GenRequest
from sglc.backend.engine.lexicon import UTF8, Lexicon
from sglc.backend.engine.text_assembly import StopSearch, TextAssembly
from sglc.passes.constraints.token_table import TokenTable, Vocabulary

END = 0
ALPHABET = "ab1,: \né{}".encode()
PATTERNS = [None, "[ab]+", "-?(0|[1-9][0-9]{0,3})", "(a|ab|abb)1?", "\\{a:(é|b){2,4}\\}", "a?b?", "[ab, é]*1"]


@functools.lru_cache(maxsize=2000)
def lexicon_of(tokens: tuple[bytes, ...]) -> Lexicon:
    return Lexicon(Vocabulary((b"", *tokens), (END,)))


def assembly(tokens: list[bytes], heal: bytes = b"", pattern: str | None = None, **options: object) -> TextAssembly:
    constraint = regex(pattern) if pattern is not None else None
    request = GenRequest(constraint=constraint, **options)  # type: ignore[arg-type]
    lexicon = lexicon_of(tuple(tokens))
    return TextAssembly(lexicon, TokenTable(constraint or UTF8, lexicon.vocabulary), request, heal)


def write(work: TextAssembly, *ids: int) -> str | None:
    """Pushes tokens (number n is `tokens[n - 1]`, 0 the end), each of which must be allowed."""
    for token in ids:
        assert work.finish is None
        assert work.allowed()[token]
        work.push(token)
    return work.finish


def test_a_value_begins_inside_the_token_that_heals() -> None:
    work = assembly([b" ", b" Ada", b"\n", b"x"], heal=b" ", stop=("\n",))
    assert not work.allowed()[4]
    assert not work.allowed()[END]
    assert write(work, 2, 3) == "stop"
    assert work.assembled().text == "Ada"
    assert work.assembled().kept == 1
    assert work.assembled().tail == b""


def test_healing_in_several_tokens_costs_nothing_of_the_budget() -> None:
    work = assembly([b"a", b"b", b"ab", b"c"], heal=b"ab", max_tokens=1)
    assert write(work, 1, 2, 4) == "length"
    done = work.assembled()
    assert (done.text, done.kept, done.healing) == ("c", 3, 2)


def test_healing_respects_the_constraint_and_the_budget() -> None:
    work = assembly([b":", b": 1", b": x", b": ", b" ", b"1", b"11"], heal=b": ", pattern="1{2}", max_tokens=1)
    assert [n for n in range(1, 8) if work.allowed()[n]] == [1, 4]
    work = assembly([b":", b": 1", b": x", b": ", b" ", b"1"], heal=b": ", pattern="1{2}", max_tokens=2)
    assert [n for n in range(1, 7) if work.allowed()[n]] == [1, 2, 4]


def test_healing_never_leads_where_no_token_goes_on() -> None:
    work = assembly([b"a", b"ab", b"c"], heal=b"ab")
    assert not work.allowed()[1]  # nothing begins with the missing "b"


def test_tokens_that_straddle_the_stop_are_dropped_and_their_beginning_is_told() -> None:
    work = assembly([b" Love", b"lace\n\n", b"!"], stop=("\n",))
    assert write(work, 1, 2) == "stop"
    done = work.assembled()
    assert (done.text, done.kept, done.tail) == (" Lovelace", 1, b"lace")


def test_a_stop_is_found_across_tokens_and_never_streamed() -> None:
    work = assembly([b"a", b"E", b"N", b"D", b"x"], stop=("END",))
    streamed = ""
    for token in (1, 2, 3, 5, 2, 3, 4):
        work.push(token)
        streamed += work.take_settled()
        assert "END".startswith(streamed.removeprefix("aENx")) or streamed in ("a", "aENx")
    assert work.finish == "stop"
    assert streamed == work.assembled().text == "aENx"
    assert work.assembled().kept == 4


def test_the_end_is_allowed_only_between_characters() -> None:
    work = assembly([b"\xc3", b"\xa9", b"a"])
    write(work, 1)
    assert work.take_settled() == ""
    assert [n for n in range(4) if work.allowed()[n]] == [2]
    assert write(work, 2, END) == "end"
    assert work.take_settled() == "é"


def test_free_text_cut_by_max_tokens_has_whole_characters() -> None:
    work = assembly([b"\xc3", b"\xa9", b"a"], max_tokens=2)
    write(work, 3)
    assert not work.allowed()[1]
    assert write(work, 3) == "length"


def test_a_constrained_value_ends_by_itself_by_the_end_token_or_by_what_follows() -> None:
    tokens = [b"1", b"2", b",", b", ", b", x", b"!"]
    assert write(assembly(tokens, pattern="1{2}"), 1, 1) == "final"
    assert write(assembly(tokens, pattern="1+"), 1, END) == "end"
    for following in (3, 4, 5):
        work = assembly(tokens, pattern="1+", follow=", ")
        assert not work.allowed()[following]
        assert write(work, 1, following) == "final"
        assert work.assembled().text == "1"
        assert work.assembled().kept == 1
    work = assembly(tokens, pattern="1+", follow=", ")
    write(work, 1)
    assert not work.allowed()[6]


def test_what_follows_does_not_end_a_value_that_may_hold_it() -> None:
    work = assembly([b"a", b",", b", "], pattern="[a,]+", follow=", ")
    write(work, 1)
    assert not work.allowed()[3]
    assert write(work, 2, 2) is None


def test_min_tokens_puts_off_ends_and_stops() -> None:
    work = assembly([b"a", b"\n"], stop=("\n",), min_tokens=2)
    assert not work.allowed()[END]
    assert write(work, 2, 1) is None
    assert work.allowed()[END]
    assert write(work, 2) == "stop"
    assert work.assembled().text == "\na"


def test_a_stop_of_a_constrained_value_begins_where_the_value_is_whole() -> None:
    """Both stops are complete with the last byte; before the longer one there is only a part of a value."""
    work = assembly([b"a", b"b", b"c"], pattern="[abc]{2,9}", stop=("bc", "c"))
    assert write(work, 1, 2, 3) == "stop"
    assert work.assembled().text == "ab"


def test_ignore_eos_never_ends_early() -> None:
    assert not assembly([b"a"], ignore_eos=True).allowed()[END]
    assert write(assembly([b"a"], pattern="a{1,2}", ignore_eos=True, max_tokens=9), 1, 1) == "final"


def test_a_budget_too_small_is_impossible_and_says_the_numbers() -> None:
    with pytest.raises(EngineError, match="takes 3 tokens, max_tokens is 2") as caught:
        assembly([b"a"], pattern="a{3}", max_tokens=2)
    assert caught.value.kind == "impossible"


def test_a_budget_of_nothing_gives_nothing() -> None:
    work = assembly([b"a"], heal=b"a", max_tokens=0)
    assert work.finish == "length"
    assert work.assembled().text == ""
    assert work.assembled().tail == b"a"


def test_the_stop_that_is_complete_first_counts() -> None:
    assert find("xabcd", ["abcd", "bc"]) == (2, "bc")
    assert find("xabc", ["bc", "abc"]) == (1, "abc")
    assert find("aab", ["ab"]) == (1, "ab")
    assert find("none", ["", "x"]) is None


def test_a_stop_pattern_is_searched_anywhere() -> None:
    assert find("say no. 12!", [], "[0-9]+!") == (8, None)
    assert find("ab", [], "b*") == (1, None)


def find(text: str, stops: list[str], pattern: str | None = None) -> tuple[int, str | None] | None:
    search = StopSearch(stops, regex(pattern) if pattern else None)
    for byte in text.encode():
        found = search.push(byte)
        if found is not None:
            return found.start, found.text
    return None


@settings(deadline=None)
@given(
    text=st.text("ab\n", max_size=12),
    stops=st.lists(st.text("ab\n", min_size=1, max_size=3), max_size=3),
    pattern=st.sampled_from([None, "a+b", "(ab|ba)a", "\n{2}"]),
)
def test_stops_are_found_as_by_looking_everywhere(text: str, stops: list[str], pattern: str | None) -> None:
    patterns = [*map(re.escape, stops), *([pattern] if pattern else [])]
    ends = [(end, start) for end in range(1, len(text) + 1) for start in range(end)]
    matches = [(e, s) for e, s in ends if any(re.fullmatch(p, text[s:e]) for p in patterns)]
    found = find(text, stops, pattern)
    assert (found[0] if found else None) == (min(matches)[1] if matches else None)


def spelled(work: TextAssembly, tokens: list[bytes], drawn: list[int]) -> bytes:
    done = work.assembled()
    return b"".join(tokens[i - 1] for i in drawn[: done.kept]) + done.tail


VOCABULARIES = st.lists(
    st.binary(min_size=1, max_size=4).map(lambda raw: bytes(ALPHABET[b % len(ALPHABET)] for b in raw))
)


@settings(deadline=None)
@given(
    extra=VOCABULARIES,
    pattern=st.sampled_from(PATTERNS),
    heal=st.sampled_from([b"", b" ", b"a", b": ", b"\xa9", b", a"]),
    stops=st.lists(st.text("ab\n,", min_size=1, max_size=3), max_size=2),
    follow=st.sampled_from(["", ", b", "}", "\n"]),
    max_tokens=st.integers(1, 12),
    min_tokens=st.integers(0, 3),
    seed=st.integers(0, 1 << 30),
)
def test_value_and_context_are_exact_whatever_is_drawn(
    extra: list[bytes],
    pattern: str | None,
    heal: bytes,
    stops: list[str],
    follow: str,
    max_tokens: int,
    min_tokens: int,
    seed: int,
) -> None:
    tokens = [*(bytes([b]) for b in {*ALPHABET, *heal}), *extra, *([heal] if heal else [])]
    options = {"stop": tuple(stops), "follow": follow, "max_tokens": max_tokens, "min_tokens": min_tokens}
    assume(max_tokens >= {"\\{a:(é|b){2,4}\\}": 9}.get(pattern or "", 1))
    work = assembly(tokens, heal, pattern, **options)
    rng = random.Random(seed)
    drawn: list[int] = []
    streamed = ""
    while work.finish is None:
        drawn.append(int(rng.choice(np.flatnonzero(work.allowed()).tolist())))
        work.push(drawn[-1])
        streamed += work.take_settled()
    done = work.assembled()
    assert spelled(work, tokens, drawn) == heal + done.text.encode()
    assert streamed == done.text
    assert done.kept - done.healing <= max_tokens
    if pattern is not None:
        assert re.fullmatch(pattern, done.text)
    elif min_tokens == 0:
        assert not any(stop in done.text for stop in stops)


@settings(deadline=None)
@given(
    extra=VOCABULARIES,
    before=st.text("ab1, é", min_size=1, max_size=4),
    value=st.text("ab1é", max_size=8),
    after=st.text("ab1é, ", max_size=4),
    seed=st.integers(0, 1 << 30),
)
def test_a_model_that_knows_what_to_write_writes_exactly_that(
    extra: list[bytes], before: str, value: str, after: str, seed: int
) -> None:
    """However its tokens fall over the seams: the text before, the value, the stop, and what it would go on with."""
    tokens = [*(bytes([b]) for b in ALPHABET), *extra]
    rng = random.Random(seed)
    heal = rng.choice([t for t in tokens if before.encode().endswith(t)])
    text = heal + f"{value}\n{after}".encode()
    work = assembly(tokens, heal, stop=("\n",), max_tokens=100)
    drawn: list[int] = []
    position = 0
    while work.finish is None:
        fits = [n for n, t in enumerate(tokens, start=1) if text.startswith(t, position) and work.allowed()[n]]
        assume(fits)
        drawn.append(rng.choice(fits))
        position += len(tokens[drawn[-1] - 1])
        work.push(drawn[-1])
    assert work.finish == "stop"
    assert work.assembled().text == value
    assert spelled(work, tokens, drawn) == heal + value.encode()
