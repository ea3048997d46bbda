"""Numbers between two bounds -> expressions of their JSON texts, digit by digit and exact.

An int is written without leading zeros, a float as `-?int(.digits)?` with at most 15 digits behind the point and no
exponent; `-` stands only before a number below zero. A side without a bound allows 18 digits before the point, or as
many as the other bound has. A float's text is compared with the bound's shortest decimal form.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from sglc.passes.constraints import expr
from sglc.passes.constraints.expr import Expr

INT_DIGITS = 18
FRACTION_DIGITS = 15
_SCALE = 10**FRACTION_DIGITS
_EXACT = Context(prec=2000)


def int_expr(low: int | None, high: int | None) -> Expr:
    """Whole numbers from low to high; NOTHING when there is none."""
    low, high = _closed(low, high, unit=1)
    return _signed(low, high, smallest=1, between=_whole)


def float_expr(low: float | None, high: float | None) -> Expr:
    """Decimal numbers from low to high; NOTHING when there is none with so few digits."""
    least = None if low is None else _scaled(low, ROUND_CEILING)
    most = None if high is None else _scaled(high, ROUND_FLOOR)
    least, most = _closed(least, most, unit=_SCALE)
    return _signed(least, most, smallest=1, between=_decimal)


def any_number() -> Expr:
    """Any JSON number up to 18 digits before the point, with any number of digits behind it."""
    fraction = expr.seq(expr.Bytes(b"."), _digits(1, None))
    nonzero = expr.seq(expr.Bytes(b"0."), _digits(0, None), _digit("1", "9"), _digits(0, None))
    whole = expr.seq(_digit("1", "9"), _digits(0, INT_DIGITS - 1))
    positive = expr.seq(whole, _optional(fraction))
    return expr.alt(
        [
            expr.seq(_optional(expr.Bytes(b"-")), positive),
            expr.seq(expr.Bytes(b"0"), _optional(fraction)),
            expr.seq(expr.Bytes(b"-"), nonzero),
        ]
    )


def _scaled(bound: float, rounding: str) -> int:
    """A bound in units of the last allowed digit, rounded to the inside of the range."""
    exact = _EXACT.multiply(Decimal(repr(bound)), Decimal(_SCALE))
    return int(exact.to_integral_value(rounding=rounding, context=_EXACT))


def _closed(low: int | None, high: int | None, unit: int) -> tuple[int, int]:
    """Both bounds; a missing one is the largest number of the allowed digits."""

    def limit(other: int | None) -> int:
        digits = max(INT_DIGITS, len(str(abs(other) // unit)) if other is not None else 0)
        largest: int = 10**digits * unit - 1
        return largest

    return (-limit(high) if low is None else low), (limit(low) if high is None else high)


def _signed(low: int, high: int, smallest: int, between: Callable[[int, int], Expr]) -> Expr:
    negative = between(max(smallest, -high), -low)
    positive = between(max(0, low), high)
    return expr.alt([expr.seq(expr.Bytes(b"-"), negative), positive])


def _whole(low: int, high: int) -> Expr:
    """The numbers low to high, 0 <= low, by their number of digits."""
    if low > high:
        return expr.NOTHING
    options: list[Expr] = []
    if low == 0:
        options.append(expr.Bytes(b"0"))
        low = 1
    while low <= high:
        last = 10 ** len(str(low)) - 1
        if str(low).strip("0") == "1" and low == 10 ** (len(str(low)) - 1) and last <= high:
            # Whole blocks of digits from here to the last length that fits completely: one repeat.
            longest = len(str(high + 1)) - 1
            options.append(expr.seq(_digit("1", "9"), _digits(len(str(low)) - 1, longest - 1)))
            low = 10**longest
            continue
        end = min(last, high)
        options.append(_same_length(str(low), str(end)))
        low = end + 1
    return expr.alt(options)


def _same_length(low: str, high: str) -> Expr:
    """Digit strings of one length between two, in order."""
    if low.strip("0") == "" and high.strip("9") == "":
        return _digits(len(low), len(low))
    shared = next((at for at, (a, b) in enumerate(zip(low, high, strict=True)) if a != b), len(low))
    prefix = expr.Bytes(low[:shared].encode())
    if shared == len(low):
        return prefix
    first, last, rest = low[shared], high[shared], len(low) - shared - 1
    options = [expr.seq(_digit(first, first), _at_least(low[shared + 1 :]))]
    if int(last) - int(first) > 1:
        options.append(expr.seq(_digit(_next(first), _previous(last)), _digits(rest, rest)))
    options.append(expr.seq(_digit(last, last), _at_most(high[shared + 1 :])))
    return expr.seq(prefix, expr.alt(options))


def _at_least(low: str) -> Expr:
    """Digit strings of the same length from one on, by the place of the first larger digit."""
    options: list[Expr] = []
    for at, digit in enumerate(low):
        prefix, rest = expr.Bytes(low[:at].encode()), len(low) - at - 1
        if low[at:].strip("0") == "":
            return expr.alt([*options, expr.seq(prefix, _digits(rest + 1, rest + 1))])
        if digit < "9":
            options.append(expr.seq(prefix, _digit(_next(digit), "9"), _digits(rest, rest)))
    return expr.alt([*options, expr.Bytes(low.encode())])


def _at_most(high: str) -> Expr:
    """Digit strings of the same length up to one, by the place of the first smaller digit."""
    options: list[Expr] = []
    for at, digit in enumerate(high):
        prefix, rest = expr.Bytes(high[:at].encode()), len(high) - at - 1
        if high[at:].strip("9") == "":
            return expr.alt([*options, expr.seq(prefix, _digits(rest + 1, rest + 1))])
        if digit > "0":
            options.append(expr.seq(prefix, _digit("0", _previous(digit)), _digits(rest, rest)))
    return expr.alt([*options, expr.Bytes(high.encode())])


def _decimal(low: int, high: int) -> Expr:
    """The numbers low to high in units of the last digit, 0 <= low: whole part, then fraction."""
    if low > high:
        return expr.NOTHING
    (low_whole, low_rest), (high_whole, high_rest) = divmod(low, _SCALE), divmod(high, _SCALE)
    if low_whole == high_whole:
        return expr.seq(_whole(low_whole, low_whole), _fraction(low_rest, high_rest))
    # Whole parts that allow every fraction; at the two ends the fraction may be cut.
    first, last = low_whole + (low_rest > 0), high_whole - (high_rest < _SCALE - 1)
    options = [expr.seq(_whole(first, last), _fraction(0, _SCALE - 1))]
    if first > low_whole:
        options.append(expr.seq(_whole(low_whole, low_whole), _fraction(low_rest, _SCALE - 1)))
    if last < high_whole:
        options.append(expr.seq(_whole(high_whole, high_whole), _fraction(0, high_rest)))
    return expr.alt(options)


def _fraction(low: int, high: int) -> Expr:
    """What may follow a whole part: nothing, if that says at least `low`, or a point and digits between the two."""
    first, last = f"{low:0{FRACTION_DIGITS}}", f"{high:0{FRACTION_DIGITS}}"
    point = expr.seq(expr.Bytes(b"."), _padded(first, last, at_start=True))
    return expr.alt([expr.EMPTY, point]) if low == 0 else point


def _padded(low: str, high: str, at_start: bool) -> Expr:
    """Digit strings that lie between two strings once they are filled up with zeros to the same length."""
    if low.strip("0") == "" and high.strip("9") == "":
        return _digits(int(at_start), len(low))
    # Ending here means zeros from here on.
    options: list[Expr] = [expr.EMPTY] if not at_start and low.strip("0") == "" else []
    if low:
        first, last = low[0], high[0]
        rest = len(low) - 1
        if first == last:
            options.append(expr.seq(expr.Bytes(first.encode()), _padded(low[1:], high[1:], at_start=False)))
        else:
            options.append(expr.seq(expr.Bytes(first.encode()), _padded(low[1:], "9" * rest, at_start=False)))
            if int(last) - int(first) > 1:
                options.append(expr.seq(_digit(_next(first), _previous(last)), _digits(0, rest)))
            options.append(expr.seq(expr.Bytes(last.encode()), _padded("0" * rest, high[1:], at_start=False)))
    return expr.alt(options)


def _next(digit: str) -> str:
    return chr(ord(digit) + 1)


def _previous(digit: str) -> str:
    return chr(ord(digit) - 1)


def _digit(first: str, last: str) -> Expr:
    return expr.one_of(((ord(first), ord(last)),))


def _digits(low: int, high: int | None) -> Expr:
    return expr.repeat(_digit("0", "9"), low, high)


def _optional(item: Expr) -> Expr:
    return expr.alt([expr.EMPTY, item])
