"""Whether values are equal, and which comes first. None means: these two cannot be compared. No syntax is here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from service.feel.far import AnyDateTime, FarDate, FarDateTime, days_before, near, on_clock
from service.feel.values import Range, YearsMonthsDuration, kind_of

ONE_SCALE = frozenset({Decimal, str, date, timedelta, YearsMonthsDuration})
"""Types of which any two values are ordered and equated by Python as by FEEL. Most comparisons are of these."""

Charge = Callable[[int], None]
"""Takes note of work done; may raise FeelError when it is too much."""


def equal(left: Any, right: Any, charge: Charge) -> bool | None:
    """Whether the two are the same value; None when they are of different kinds, so that nobody can say.

    `charge` is told of every list, context and long text that is gone through.
    """
    kind = type(left)
    if kind is type(right) and kind in ONE_SCALE:
        if kind is str and len(left) > _LONG_TEXT:
            charge_text(left, charge)
        return bool(left == right)
    verdict = _equal_here(left, right, charge)
    if not isinstance(verdict, list):
        return verdict
    # Not by recursion: how deep a value nests must not decide what comparing it costs.
    pairs = verdict
    while pairs:
        verdict = _equal_here(*pairs.pop(), charge)
        if isinstance(verdict, list):
            pairs.extend(verdict)
        elif verdict is not True:
            return False
    return True


def charge_text(value: Any, charge: Charge) -> None:
    """Count going through a very long text as work."""
    if type(value) is str and len(value) > _LONG_TEXT:
        charge(len(value) // _LONG_TEXT)


_LONG_TEXT = 10_000
"""Characters that are compared in the time of one step."""


def _equal_here(left: Any, right: Any, charge: Charge) -> bool | list[tuple[Any, Any]] | None:
    """The verdict, or the pairs inside the two that decide it."""
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind != kind_of(right):
        return None
    if kind == "list":
        charge(len(left))
        return list(zip(left, right, strict=True)) if len(left) == len(right) else False
    if kind == "context":
        charge(len(left))
        return [(left[key], right[key]) for key in left] if left.keys() == right.keys() else False
    if kind == "range":
        ends = [(left.start, right.start), (left.end, right.end)]
        return ends if _shape(left) == _shape(right) else False
    if kind == "function":
        return left is right
    if kind in ("time", "date and time"):
        # The standard defines these equal by their parts, of which the smallest is the whole second.
        first, second = moment(left.replace(microsecond=0)), moment(right.replace(microsecond=0))
        return type(first) is type(second) and first == second
    return bool(left == right)


def _shape(bounds: Range) -> tuple[bool, bool, str]:
    return bounds.start_included, bounds.end_included, bounds.operator


def order(left: Any, right: Any) -> int | None:
    """Below 0 when left comes first, 0 when neither, above 0 when right comes first; None when they have no order."""
    if type(left) is type(right) and type(left) in ONE_SCALE:
        return int(left > right) - int(left < right)
    kind = kind_of(left)
    if kind != kind_of(right):
        return None
    if kind in ("time", "date and time"):
        left, right = _on_one_scale(left, right)
    elif isinstance(left, FarDate) or isinstance(right, FarDate):
        left, right = days_before(left), days_before(right)
    elif kind not in _ORDERED:
        return None
    return int(left > right) - int(left < right)


_ORDERED = frozenset({"number", "string", "date", "days and time duration", "years and months duration"})


def _on_one_scale(left: Any, right: Any) -> tuple[int, int]:
    """The moments of two times; one without an offset takes that of the other (Table 54 of the standard)."""
    first, second = moment(left), moment(right)
    if type(first) is not type(second):
        lent = right if isinstance(first, _Floating) else left
        first, second = (moment(value.replace(tzinfo=value.tzinfo or _fixed_offset(lent))) for value in (left, right))
    return first, second


def _fixed_offset(value: time | AnyDateTime) -> timezone:
    offset = _standard_offset(value) if isinstance(value, time) else value.utcoffset()
    return timezone(offset or timedelta(0))


class _Floating(int):
    """A moment on some clock, nobody knows whose: comparable only with its like."""


def moment(value: time | AnyDateTime) -> int:
    """Microseconds from the start of its scale to the value: UTC if it knows its offset, else a floating scale."""
    if isinstance(value, time):
        # A time with a zone has no offset without a date; the offset of the zone's standard time stands in.
        offset = _standard_offset(value)
        clock, days = value, 0
    else:
        offset = value.utcoffset()
        clock, days = near(value), days_before(value)
    seconds = days * 86_400 + clock.hour * 3600 + clock.minute * 60 + clock.second
    since = seconds * 1_000_000 + clock.microsecond
    return _Floating(since) if offset is None else since - offset // _MICROSECOND


_MICROSECOND = timedelta(microseconds=1)


def _standard_offset(value: time) -> timedelta | None:
    if isinstance(value.tzinfo, ZoneInfo):
        return value.tzinfo.utcoffset(datetime(2000, 1, 1))
    return value.utcoffset()


def within(value: Any, bounds: Range, charge: Charge) -> bool | None:
    """Whether the value lies in the range; None when it cannot be compared with a bound."""
    if bounds.operator == "!=":
        same = equal(value, bounds.start, charge)
        return None if same is None else not same
    if value is None:
        return None
    charge_text(value, charge)
    below = True if bounds.start is None else _reaches(order(bounds.start, value), bounds.start_included)
    above = True if bounds.end is None else _reaches(order(value, bounds.end), bounds.end_included)
    if below is False or above is False:
        return False
    return None if below is None or above is None else True


def _reaches(compared: int | None, included: bool) -> bool | None:
    if compared is None:
        return None
    return compared < 0 or (included and compared == 0)


def identical(left: Any, right: Any, charge: Charge) -> bool:
    """Equal in kind, value and, for times, also in offset and zone (the function `is`)."""
    if isinstance(left, time | datetime | FarDateTime) and isinstance(right, type(left)):
        here, there = left.replace(tzinfo=None), right.replace(tzinfo=None)
        return here == there and _zone_key(left) == _zone_key(right)
    return equal(left, right, charge) is True


def _zone_key(value: time | AnyDateTime) -> Any:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else value.utcoffset()


def as_utc(value: AnyDateTime) -> AnyDateTime:
    """The same instant in UTC when the value knows its offset; the value itself when not."""
    return value if value.utcoffset() is None else on_clock(value, UTC)
