"""Number ranges against brute force: ints by counting, floats by exact decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.passes.constraints.compile_expr import compile_expr
from sglc.passes.constraints.number_range import any_number, float_expr, int_expr

int_bounds = st.one_of(st.none(), st.integers(-1200, 1200), st.sampled_from([10**18, -(10**18), 10**30, -99, 99, 100]))


@given(int_bounds, int_bounds, st.lists(st.integers(-(10**18), 10**18), max_size=5))
@settings(max_examples=150, deadline=None)
def test_ints(low: int | None, high: int | None, more: list[int]) -> None:
    dfa = compile_expr(int_expr(low, high))
    near = [bound + step for bound in (low, high, 0) if bound is not None for step in (-1, 0, 1)]
    for value in (*range(-130, 131), *range(-1300, 1301, 37), *near, *more, 10**18 - 1):
        inside = (low is None or value >= low) and (high is None or value <= high)
        allowed = inside and (
            len(str(abs(value))) <= max(18, *(len(str(abs(b))) for b in (low, high) if b is not None), 0)
        )
        if low is not None and high is not None:
            allowed = inside
        assert dfa.matches(str(value).encode()) == allowed, value
    for wrong in ("", "-", "-0", "00", "01", "-01", "+1", "1.0", "1e1", " 1"):
        assert not dfa.matches(wrong.encode())


float_bounds = st.one_of(
    st.none(),
    st.floats(-40, 40),
    st.integers(-40, 40).map(float),
    st.decimals(-5, 5, places=2).map(float),
    st.sampled_from([0.1, -0.1, 1e-15, 1e-16, -1e-16, 1e-20, 5e-324, -0.0, 0.5, 1e15, 123456789.125]),
)
digits = st.text(alphabet="0123456789", max_size=16)


@given(float_bounds, float_bounds, st.lists(st.tuples(st.booleans(), st.integers(0, 60), digits), max_size=12))
@settings(max_examples=100, deadline=None)
def test_floats(low: float | None, high: float | None, parts: list[tuple[bool, int, str]]) -> None:
    dfa = compile_expr(float_expr(low, high))
    found = [f"{'-' * minus}{whole}{'.' * bool(rest)}{rest}" for minus, whole, rest in parts]
    for bound in (low, high):
        if bound is not None:
            exact = f"{Decimal(repr(bound)):f}".removesuffix(".0")
            found += [exact, exact + "0", exact + ".0", exact + "1", exact[:-1]]
    for text in found:
        whole, point, rest = text.removeprefix("-").partition(".")
        if not whole or bool(point) != bool(rest) or (whole[0] == "0" and whole != "0") or text.count(".") > 1:
            continue
        value = Decimal(text)
        allowed = (
            (low is None or value >= Decimal(repr(low)))
            and (high is None or value <= Decimal(repr(high)))
            and len(rest) <= 15
            and not (text[0] == "-" and value == 0)
        )
        assert dfa.matches(text.encode()) == allowed, text
        if allowed:
            assert low is None or float(text) >= low
            assert high is None or float(text) <= high


@pytest.mark.parametrize("bounds", [(None, 1e300), (-1.7976931348623157e308, 1.7976931348623157e308), (5e-324, None)])
def test_extreme_floats(bounds: tuple[float | None, float | None]) -> None:
    dfa = compile_expr(float_expr(*bounds))
    assert not dfa.is_empty
    assert dfa.size < 1000


def test_missing_bounds_allow_18_digits_or_as_many_as_the_other() -> None:
    assert compile_expr(int_expr(None, None)).matches(b"9" * 18)
    assert not compile_expr(int_expr(None, None)).matches(b"1" + b"0" * 18)
    assert compile_expr(int_expr(10**20, None)).matches(b"9" * 21)
    assert not compile_expr(int_expr(10**20, None)).matches(b"1" + b"0" * 21)
    assert compile_expr(float_expr(1e20, None)).matches(b"9" * 21 + b".5")


def test_numbers_of_json() -> None:
    dfa = compile_expr(any_number())
    for text in ("0", "-1", "0.0", "-0.01", "12.5", "1." + "3" * 40, "9" * 18):
        assert dfa.matches(text.encode()), text
    for text in ("-0", "-0.0", "01", "1.", ".5", "1e5", "", "9" * 19):
        assert not dfa.matches(text.encode()), text
