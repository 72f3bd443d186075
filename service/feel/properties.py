"""What `value.name` gives for dates, times, durations and ranges; never a Python attribute. Contexts are not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from service.feel.absent import Absent
from service.feel.far import near, year
from service.feel.temporal import zone_name
from service.feel.values import Range, YearsMonthsDuration, kind_of


def property_of(value: Any, name: str) -> Any:
    """The property of a value that is no context. Raises Absent when its kind has none of that name."""
    kind = kind_of(value)
    read = _PROPERTIES.get(kind, {}).get(name)
    if read is None:
        raise Absent(f"null has no entry “{name}”" if value is None else f"a {kind} has no property “{name}”")
    result = read(value)
    if result is None:
        raise Absent(f"this {kind} has no {name}")
    return Decimal(result) if type(result) is int else result


def _signed_part(unit: int, below: int) -> Callable[[timedelta], int]:
    """The part of a duration in one unit: so many seconds, counted up to the next larger unit; negative when it is."""

    def read(value: timedelta) -> int:
        length = abs(value)
        seconds = length.days * 86400 + length.seconds
        part = seconds // unit % below if below else seconds // unit
        return -part if value < timedelta(0) else part

    return read


def _seconds(whole: int, microseconds: int, *, negative: bool = False) -> Decimal:
    """Seconds with their fraction (Table 66)."""
    length = Decimal(whole) + Decimal(microseconds) / 1_000_000
    return -length if negative and length else length


def _months_part(value: YearsMonthsDuration, *, years: bool) -> int:
    parts = divmod(abs(value.months), 12)
    part = parts[0] if years else parts[1]
    return -part if value.months < 0 else part


_ON_DATE: Mapping[str, Callable[[Any], Any]] = {
    "year": year,
    "month": lambda value: near(value).month,
    "day": lambda value: near(value).day,
    "weekday": lambda value: near(value).isoweekday(),
}
_ON_CLOCK: Mapping[str, Callable[[Any], Any]] = {
    "hour": lambda value: near(value).hour,
    "minute": lambda value: near(value).minute,
    "second": lambda value: _seconds(near(value).second, near(value).microsecond),
    "time offset": lambda value: value.utcoffset(),
    "timezone": zone_name,
}
_ON_DAYS: Mapping[str, Callable[[timedelta], Any]] = {
    "days": _signed_part(86400, 0),
    "hours": _signed_part(3600, 24),
    "minutes": _signed_part(60, 60),
    "seconds": lambda value: _seconds(abs(value).seconds % 60, abs(value).microseconds, negative=value < timedelta(0)),
}
_ON_MONTHS: Mapping[str, Callable[[YearsMonthsDuration], Any]] = {
    "years": lambda value: _months_part(value, years=True),
    "months": lambda value: _months_part(value, years=False),
}
_ON_RANGE: Mapping[str, Callable[[Range], Any]] = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}
_PROPERTIES: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "date": _ON_DATE,
    "time": _ON_CLOCK,
    "date and time": {**_ON_DATE, **_ON_CLOCK},
    "days and time duration": _ON_DAYS,
    "years and months duration": _ON_MONTHS,
    "range": _ON_RANGE,
}
