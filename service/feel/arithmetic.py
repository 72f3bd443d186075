"""Sums: numbers, strings, dates, times and durations under + - * / **. Comparison is in `compare.py`."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal, DecimalException
from typing import Any

from service.feel.absent import Absent
from service.feel.compare import as_utc, moment
from service.feel.far import (
    AnyDate,
    AnyDateTime,
    FarDateTime,
    apart,
    at,
    day_part,
    later,
    near,
    on_clock,
    with_month,
    year,
)
from service.feel.temporal import MIDNIGHT
from service.feel.values import NUMBERS, YearsMonthsDuration, in_words, kind_of

Operation = Callable[[Any, Any], Any]
_DAYS, _MONTHS = "days and time duration", "years and months duration"
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 15
"""Digits of the months of a duration; more of them lie outside every calendar."""


def calculate(operator: str, left: Any, right: Any) -> Any:
    """The result of `left operator right`. Raises Absent with the reason when there is none."""
    operation = _OPERATIONS.get((operator, kind_of(left), kind_of(right)))
    if operation is None:
        raise Absent(f"{in_words(left)} {operator} {in_words(right)} has no result")
    try:
        return operation(left, right)
    except (DecimalException, ZeroDivisionError):
        raise Absent(f"{in_words(left)} {operator} {in_words(right)} is no number") from None
    except (OverflowError, ValueError):
        raise Absent(f"{in_words(left)} {operator} {in_words(right)} lies outside the calendar") from None


def negative(value: Any) -> Any:
    """`-value`. Raises Absent."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(-value.months)
    if isinstance(value, timedelta):
        return -value
    raise Absent(f"{in_words(value)} has no negative")


def add_months(value: Any, months: int) -> Any:
    """The same day that many months on; the last day of the month where it has no such day. Works on datetimes too."""
    like = near(value)
    years, month = divmod(year(value) * 12 + like.month - 1 + months, 12)
    # Months are as long in the same year of every 400.
    day = min(like.day, calendar.monthrange(2000 + years % 400, month + 1)[1])
    return with_month(value, years, month + 1, day)


def _plus_months(value: Any, length: YearsMonthsDuration) -> Any:
    return add_months(value, length.months)


def _minus_months(value: Any, length: YearsMonthsDuration) -> Any:
    return add_months(value, -length.months)


def _moved(value: AnyDateTime, length: timedelta) -> AnyDateTime:
    """On the time line, not on the wall clock: a day of 24 hours across a clock change."""
    moved: AnyDateTime = later(as_utc(value), length)
    return moved if value.utcoffset() is None else on_clock(moved, value.tzinfo)


def _time_moved(value: time, length: timedelta) -> time:
    """Around the clock: midnight follows 23:59:59."""
    start = datetime.combine(date(2000, 1, 1), value.replace(tzinfo=None))
    return (start + length % timedelta(days=1)).time().replace(tzinfo=value.tzinfo)


def _date_moved(value: AnyDate, length: timedelta) -> AnyDate:
    return day_part(later(at(value, MIDNIGHT), length))


def _apart(left: AnyDate, right: AnyDate) -> timedelta:
    """How long after `right` `left` is; a date counts as its midnight in UTC (Table 57)."""
    first, second = _as_datetime(left), _as_datetime(right)
    if (first.utcoffset() is None) != (second.utcoffset() is None):
        raise Absent("a date and time with an offset and one without cannot be subtracted")
    return apart(as_utc(first), as_utc(second))


def _as_datetime(value: AnyDate) -> AnyDateTime:
    return value if isinstance(value, datetime | FarDateTime) else at(value, MIDNIGHT.replace(tzinfo=UTC))


def _times_apart(left: time, right: time) -> timedelta:
    first, second = moment(left), moment(right)
    if type(first) is not type(second):
        raise Absent("a time with an offset and one without cannot be subtracted")
    return timedelta(microseconds=first - second)


def _stretched(length: timedelta, factor: Decimal) -> timedelta:
    return timedelta(microseconds=int(NUMBERS.multiply(Decimal(length // _MICROSECOND), factor)))


def _shrunk(length: timedelta, divisor: Decimal) -> timedelta:
    return timedelta(microseconds=int(NUMBERS.divide(Decimal(length // _MICROSECOND), divisor)))


def _ratio(left: timedelta, right: timedelta) -> Decimal:
    return NUMBERS.divide(Decimal(left // _MICROSECOND), Decimal(right // _MICROSECOND))


def _months_of(number: Decimal) -> YearsMonthsDuration:
    if number.adjusted() > _LONGEST:
        raise OverflowError("the duration is too long")
    return YearsMonthsDuration(int(number.to_integral_value(ROUND_DOWN)))


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    """Anything to the power of zero is 1, and zero to a negative power is no number, as IEEE 754 has it."""
    if not exponent:
        return Decimal(1)
    if not base and exponent < 0:
        raise ZeroDivisionError
    result = NUMBERS.power(base, exponent)
    return result if exponent == exponent.to_integral_value() else result.normalize(NUMBERS)


def _turned(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


def _by_opposite(operation: Operation) -> Operation:
    return lambda left, right: operation(left, -right)


def _on_dates(operations: dict[tuple[str, str, str], Operation]) -> None:
    for kind in ("date", "date and time"):
        moved: Operation = _date_moved if kind == "date" else _moved
        operations["+", kind, _MONTHS] = _plus_months
        operations["+", _MONTHS, kind] = _turned(_plus_months)
        operations["-", kind, _MONTHS] = _minus_months
        operations["+", kind, _DAYS] = moved
        operations["+", _DAYS, kind] = _turned(moved)
        operations["-", kind, _DAYS] = _by_opposite(moved)
        for other in ("date", "date and time"):
            operations["-", kind, other] = _apart


def _all_operations() -> dict[tuple[str, str, str], Operation]:
    operations: dict[tuple[str, str, str], Operation] = {
        ("+", "number", "number"): NUMBERS.add,
        ("-", "number", "number"): NUMBERS.subtract,
        ("*", "number", "number"): NUMBERS.multiply,
        ("/", "number", "number"): NUMBERS.divide,
        ("**", "number", "number"): _power,
        ("+", "string", "string"): lambda a, b: a + b,
        ("+", "time", _DAYS): _time_moved,
        ("+", _DAYS, "time"): _turned(_time_moved),
        ("-", "time", _DAYS): _by_opposite(_time_moved),
        ("-", "time", "time"): _times_apart,
        ("+", _DAYS, _DAYS): lambda a, b: a + b,
        ("-", _DAYS, _DAYS): lambda a, b: a - b,
        ("*", _DAYS, "number"): _stretched,
        ("*", "number", _DAYS): _turned(_stretched),
        ("/", _DAYS, "number"): _shrunk,
        ("/", _DAYS, _DAYS): _ratio,
        ("+", _MONTHS, _MONTHS): lambda a, b: YearsMonthsDuration(a.months + b.months),
        ("-", _MONTHS, _MONTHS): lambda a, b: YearsMonthsDuration(a.months - b.months),
        ("*", _MONTHS, "number"): lambda a, b: _months_of(NUMBERS.multiply(Decimal(a.months), b)),
        ("*", "number", _MONTHS): lambda a, b: _months_of(NUMBERS.multiply(Decimal(b.months), a)),
        ("/", _MONTHS, "number"): lambda a, b: _months_of(NUMBERS.divide(Decimal(a.months), b)),
        ("/", _MONTHS, _MONTHS): lambda a, b: NUMBERS.divide(Decimal(a.months), Decimal(b.months)),
    }
    _on_dates(operations)
    return operations


_OPERATIONS = _all_operations()
