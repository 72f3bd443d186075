"""Built-in functions that make dates, times and durations, and ask what day a date is."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from service.feel.absent import Absent
from service.feel.far import LAST_YEAR, AnyDate, AnyDateTime, FarDateTime, at, day_of, day_part, near, on_clock, year
from service.feel.registry import builtin
from service.feel.temporal import MIDNIGHT, offset_zone, read_date, read_date_time, read_duration, read_time, zone
from service.feel.values import YearsMonthsDuration
from service.feel.writing import write_number

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _whole(number: Decimal, what: str, least: int, most: int) -> int:
    if number != number.to_integral_value() or not least <= number <= most:
        raise Absent(f"the {what} must be an integer from {least} to {most}, not {write_number(number)}")
    return int(number)


@builtin("date(from: string|date|date and time)")
def to_date(given: str | AnyDate | AnyDateTime) -> AnyDate:
    """The date a text names, or the date of a date and time."""
    if isinstance(given, str):
        return read_date(given)
    return day_part(given) if isinstance(given, datetime | FarDateTime) else given


@builtin("date(year: number, month: number, day: number)")
def make_date(years: Decimal, month: Decimal, day: Decimal) -> AnyDate:
    """The date of these parts."""
    parts = _whole(years, "year", -LAST_YEAR, LAST_YEAR), _whole(month, "month", 1, 12), _whole(day, "day", 1, 31)
    try:
        return day_of(*parts)
    except ValueError:
        raise Absent(f"{_MONTHS[parts[1] - 1]} {parts[0]} has no day {parts[2]}") from None


@builtin("time(from: string|time|date|date and time)")
def to_time(given: str | time | AnyDate | AnyDateTime) -> time:
    """The time a text names, or the time of a date and time; a date gives midnight UTC."""
    if isinstance(given, str):
        return read_time(given)
    if isinstance(given, datetime | FarDateTime):
        clock: time = near(given).timetz()
        return clock
    return given if isinstance(given, time) else MIDNIGHT.replace(tzinfo=UTC)


@builtin("time(hour: number, minute: number, second: number, offset: days and time duration|null?)")
def make_time(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    """The time of these parts; seconds may have a fraction."""
    if not 0 <= second < 60:
        raise Absent(f"the second must lie from 0 to below 60, and is {write_number(second)}")
    whole, fraction = divmod(int(second * 1_000_000), 1_000_000)
    tz = None if offset is None else offset_zone(offset)
    return time(_whole(hour, "hour", 0, 23), _whole(minute, "minute", 0, 59), whole, fraction, tzinfo=tz)


@builtin("date and time(from: string|date and time)")
def to_date_time(given: str | AnyDateTime) -> AnyDateTime:
    """The date and time a text names."""
    return read_date_time(given) if isinstance(given, str) else given


@builtin("date and time(date: date|date and time, time: time)")
def join_date_time(day: AnyDate, clock: time) -> AnyDateTime:
    """A date, or the date of a date and time, at a time of day."""
    return at(day, clock)


@builtin("date and time(date: date and time, timezone: string)")
def in_zone(moment: AnyDateTime, zone_name: str) -> AnyDateTime:
    """The same instant on the clock of a time zone."""
    if moment.utcoffset() is None:
        raise Absent("only a date and time with an offset or zone can be moved to a zone")
    return on_clock(moment, zone(zone_name))


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, "
    "offset: days and time duration|null?)"
)
def make_date_time(
    years: Decimal, month: Decimal, day: Decimal, hour: Decimal, minute: Decimal, second: Decimal,
    offset: timedelta | None = None,
) -> AnyDateTime:  # fmt: skip
    """The date and time of these parts."""
    return at(make_date(years, month, day), make_time(hour, minute, second, offset))


@builtin("duration(from: string|days and time duration|years and months duration)")
def to_duration(given: str | timedelta | YearsMonthsDuration) -> timedelta | YearsMonthsDuration:
    """The duration a text names."""
    return read_duration(given) if isinstance(given, str) else given


@builtin("years and months duration(from: date|date and time, to: date|date and time)")
def months_between(start: AnyDate, end: AnyDate) -> YearsMonthsDuration:
    """The whole months from one date to another, by their calendars and clocks; negative when the second is earlier."""
    (months, *rest), (later_months, *later_rest) = _month_and_rest(start), _month_and_rest(end)
    between = later_months - months
    if between > 0 and later_rest < rest:
        return YearsMonthsDuration(between - 1)
    return YearsMonthsDuration(between + (between < 0 and later_rest > rest))


def _month_and_rest(value: AnyDate) -> tuple[int, int, time]:
    like = near(value)
    return year(value) * 12 + like.month, like.day, like.time() if isinstance(like, datetime) else MIDNIGHT


@builtin("day of year(date: date|date and time)")
def day_of_year(day: AnyDate) -> int:
    """1 for 1 January."""
    return int(near(day).timetuple().tm_yday)


@builtin("day of week(date: date|date and time)")
def day_of_week(day: AnyDate) -> str:
    """The English name of the weekday."""
    return _DAYS[int(near(day).weekday())]


@builtin("month of year(date: date|date and time)")
def month_of_year(day: AnyDate) -> str:
    """The English name of the month."""
    return _MONTHS[int(near(day).month) - 1]


@builtin("week of year(date: date|date and time)")
def week_of_year(day: AnyDate) -> int:
    """The number of the ISO week."""
    return int(near(day).isocalendar().week)


@builtin("last day of month(date: date|date and time)")
def last_day_of_month(day: AnyDate) -> AnyDate:
    """The last date of the same month."""
    years, month = year(day), near(day).month
    return day_of(years, month, monthrange(2000 + years % 400, month)[1])
