"""Dates before the year 1 and after 9999, which Python's calendar does not hold, and the sums that lead there or back.

The calendar repeats every 400 years, weekdays too; so such a date is kept as its like in the years 2000 to 2399 and how
many times 400 years lie between. What FEEL's operators and functions mean is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta, tzinfo
from typing import Any

LAST_YEAR = 999_999_999
"""The last year of the standard's calendar (10.3.2.3.5); the first is as far before the year 0."""
CYCLE = timedelta(days=146_097)
_YEARS = 400
_FIRST = 2000


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date outside the years 1 to 9999."""

    cycles: int
    near: date


@dataclass(frozen=True, slots=True)
class FarDateTime:
    """A date and time outside the years 1 to 9999."""

    cycles: int
    near: datetime

    @property
    def tzinfo(self) -> tzinfo | None:
        """The offset or zone."""
        return self.near.tzinfo

    def utcoffset(self) -> timedelta | None:
        """How far its clock is ahead of UTC."""
        return self.near.utcoffset()

    def replace(self, **parts: Any) -> FarDateTime:
        """With another `microsecond` or `tzinfo`."""
        return FarDateTime(self.cycles, self.near.replace(**parts))


Far = FarDate | FarDateTime
AnyDate = date | FarDate
"""A date, or a date and time where that is said."""
AnyDateTime = datetime | FarDateTime


def day_of(year: int, month: int, day: int) -> AnyDate:
    """The date of these parts. Raises ValueError when there is none, OverflowError beyond the standard's calendar."""
    if MINYEAR <= year <= MAXYEAR:
        return date(year, month, day)
    cycles, rest = divmod(year - _FIRST, _YEARS)
    far: FarDate = _settled(cycles, date(_FIRST + rest, month, day))
    return far


def at(day: AnyDate, clock: time) -> AnyDateTime:
    """A date, or the date of a date and time, at a time of day."""
    if isinstance(day, Far):
        return FarDateTime(day.cycles, datetime.combine(day.near, clock))
    return datetime.combine(day, clock)


def day_part(moment: AnyDateTime) -> AnyDate:
    """The date of a date and time."""
    return FarDate(moment.cycles, moment.near.date()) if isinstance(moment, FarDateTime) else moment.date()


def near(value: Any) -> Any:
    """The value, or its like with the same month, day, weekday and clock in a year that Python has."""
    return value.near if isinstance(value, Far) else value


def year(value: Any) -> int:
    """The year of a date or of a date and time."""
    return int(near(value).year) + _YEARS * _cycles(value)


def with_month(value: Any, years: int, month: int, day: int) -> Any:
    """The date, or date and time, on another day. Raises OverflowError beyond the standard's calendar."""
    cycles, rest = divmod(years - _FIRST, _YEARS)
    return _settled(cycles, near(value).replace(year=_FIRST + rest, month=month, day=day))


def later(value: Any, length: timedelta) -> Any:
    """The date, or date and time, that much later on its clock. Raises OverflowError."""
    if isinstance(value, date):
        try:
            return value + length
        except OverflowError:
            return later(_lifted(value), length)
    whole, rest = divmod(length, CYCLE)
    return _settled(value.cycles + whole, value.near + rest)


def apart(left: Any, right: Any) -> timedelta:
    """How long after `right` `left` is, both with an offset or both without. Raises OverflowError."""
    length: timedelta = near(left) - near(right)
    return (_cycles(left) - _cycles(right)) * CYCLE + length


def on_clock(moment: AnyDateTime, zone: tzinfo | None) -> AnyDateTime:
    """The same instant on the clock of a zone. Raises OverflowError."""
    if isinstance(moment, datetime):
        try:
            return moment.astimezone(zone)
        except OverflowError:
            return on_clock(_lifted(moment), zone)
    moved: AnyDateTime = _settled(moment.cycles, moment.near.astimezone(zone))
    return moved


def days_before(value: Any) -> int:
    """How many days lie between the first day of the year 1 and the value's."""
    return int(near(value).toordinal()) + _cycles(value) * CYCLE.days


def _cycles(value: Any) -> int:
    return value.cycles if isinstance(value, Far) else 0


def _lifted(value: Any) -> Any:
    """A date or date and time of Python as a far one, so that sums have room on both sides."""
    cycles, rest = divmod(value.year - _FIRST, _YEARS)
    moved = value.replace(year=_FIRST + rest)
    return FarDateTime(cycles, moved) if isinstance(value, datetime) else FarDate(cycles, moved)


def _settled(cycles: int, value: Any) -> Any:
    """The one way to keep a date: Python's where it can be, else with its like in the years 2000 to 2399."""
    whole, rest = divmod(value.year - _FIRST, _YEARS)
    cycles += whole
    years = _FIRST + rest + _YEARS * cycles
    if MINYEAR <= years <= MAXYEAR:
        return value.replace(year=years)
    if abs(years) > LAST_YEAR:
        raise OverflowError("the year is outside the calendar")
    value = value.replace(year=_FIRST + rest)
    return FarDateTime(cycles, value) if isinstance(value, datetime) else FarDate(cycles, value)
