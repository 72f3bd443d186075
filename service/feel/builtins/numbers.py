"""Built-in functions on numbers. Sums over lists are in `statistics.py`."""

from __future__ import annotations

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any

from service.feel.absent import Absent
from service.feel.registry import builtin
from service.feel.runtime import Evaluation
from service.feel.values import NUMBERS, YearsMonthsDuration

_SMALLEST_SCALE, _LARGEST_SCALE = -6111, 6176
_WIDE = Context(prec=20_000, Emin=-20_000, Emax=20_000)
"""Rounding to many places may need more digits in between than a FEEL number has."""
_ZERO = Decimal(0)
_STEPS_OF_A_SERIES = 5
"""What is worked out in a series of terms, to 34 digits, takes the time of several steps."""


def rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """The number with `scale` digits after the point. Raises Absent when the scale is out of range."""
    digits = int(scale)
    if not _SMALLEST_SCALE <= digits <= _LARGEST_SCALE:
        raise Absent(f"the scale must lie between {_SMALLEST_SCALE} and {_LARGEST_SCALE}")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= digits:
        return number
    result = number.quantize(Decimal(1).scaleb(-digits, _WIDE), rounding, _WIDE)
    return NUMBERS.plus(result)


@builtin("decimal(n: number, scale: number)")
def decimal(n: Decimal, scale: Decimal) -> Decimal:
    """Round half to even."""
    return rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale: number?)")
def floor(n: Decimal, scale: Decimal = _ZERO) -> Decimal:
    """Round towards minus infinity."""
    return rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale: number?)")
def ceiling(n: Decimal, scale: Decimal = _ZERO) -> Decimal:
    """Round towards plus infinity."""
    return rounded(n, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def round_up(n: Decimal, scale: Decimal) -> Decimal:
    """Round away from zero."""
    return rounded(n, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(n: Decimal, scale: Decimal) -> Decimal:
    """Round towards zero."""
    return rounded(n, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def round_half_up(n: Decimal, scale: Decimal) -> Decimal:
    """Round to the nearest, a half away from zero."""
    return rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def round_half_down(n: Decimal, scale: Decimal) -> Decimal:
    """Round to the nearest, a half towards zero."""
    return rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number|days and time duration|years and months duration)")
def absolute(n: Any) -> Any:
    """The size of a number or duration without its sign."""
    if isinstance(n, YearsMonthsDuration):
        return YearsMonthsDuration(abs(n.months))
    return abs(n) if isinstance(n, timedelta) else NUMBERS.abs(n)


@builtin("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """What is left of a division, with the sign of the divisor."""
    if not divisor:
        raise Absent("the divisor is 0")
    # The quotient may have more digits than a FEEL number; the rest never has.
    rest = NUMBERS.plus(_WIDE.remainder(dividend, divisor))
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt(number: number)", with_evaluation=True)
def sqrt(evaluation: Evaluation, number: Decimal) -> Decimal:
    """The square root."""
    evaluation.step(_STEPS_OF_A_SERIES)
    if number < 0:
        raise Absent("a negative number has no square root")
    return NUMBERS.sqrt(number)


@builtin("log(number: number)", with_evaluation=True)
def log(evaluation: Evaluation, number: Decimal) -> Decimal:
    """The natural logarithm."""
    evaluation.step(_STEPS_OF_A_SERIES)
    if number <= 0:
        raise Absent("only a number above 0 has a logarithm")
    return NUMBERS.ln(number)


@builtin("exp(number: number)", with_evaluation=True)
def exp(evaluation: Evaluation, number: Decimal) -> Decimal:
    """Euler's number to the power of the number."""
    evaluation.step(_STEPS_OF_A_SERIES)
    return NUMBERS.exp(number)


@builtin("odd(number: number)")
def odd(number: Decimal) -> bool:
    """Whether an integer is odd."""
    return _is_odd(number)


@builtin("even(number: number)")
def even(number: Decimal) -> bool:
    """Whether an integer is even."""
    return not _is_odd(number)


def _is_odd(number: Decimal) -> bool:
    if number != number.to_integral_value():
        raise Absent("the number is no integer")
    # A number of more digits than FEEL keeps ends in noughts, which need not be written out.
    return number.adjusted() < NUMBERS.prec and int(number) % 2 == 1
