"""Built-in functions that make dates, times and durations, and ask what day a date is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from service.feel.absent import Absent
from service.feel.registry import builtin
from service.feel.temporal import MIDNIGHT, offset_zone, read_date, read_date_time, read_duration, read_time, zone
from service.feel.values import YearsMonthsDuration

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


def _whole(number: Decimal, what: str) -> int:
    if number != number.to_integral_value():
        raise Absent(f"the {what} must be an integer")
    return int(number)


@builtin("date(from: string|date|date and time)")
def to_date(given: str | date) -> date:
    """The date a text names, or the date of a date and time."""
    if isinstance(given, datetime):
        return given.date()
    return given if isinstance(given, date) else read_date(given)


@builtin("date(year: number, month: number, day: number)")
def make_date(year: Decimal, month: Decimal, day: Decimal) -> date:
    """The date of these parts."""
    return date(_whole(year, "year"), _whole(month, "month"), _whole(day, "day"))


@builtin("time(from: string|time|date|date and time)")
def to_time(given: str | time | date) -> time:
    """The time a text names, or the time of a date and time; a date gives midnight UTC."""
    if isinstance(given, datetime):
        return given.timetz()
    if isinstance(given, date):
        return time(0, 0, tzinfo=UTC)
    return given if isinstance(given, time) else read_time(given)


@builtin("time(hour: number, minute: number, second: number, offset: days and time duration|null?)")
def make_time(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    """The time of these parts; seconds may have a fraction."""
    micro = int((second % 1) * 1_000_000)
    tz = None if offset is None else offset_zone(offset)
    return time(_whole(hour, "hour"), _whole(minute, "minute"), int(second // 1), micro, tzinfo=tz)


@builtin("date and time(from: string|date and time)")
def to_date_time(given: str | datetime) -> datetime:
    """The date and time a text names."""
    return given if isinstance(given, datetime) else read_date_time(given)


@builtin("date and time(date: date|date and time, time: time)")
def join_date_time(day: date, clock: time) -> datetime:
    """A date, or the date of a date and time, at a time of day."""
    return datetime.combine(day.date() if isinstance(day, datetime) else day, clock)


@builtin("date and time(date: date and time, timezone: string)")
def in_zone(moment: datetime, zone_name: str) -> datetime:
    """The same instant on the clock of a time zone."""
    if moment.utcoffset() is None:
        raise Absent("only a date and time with an offset or zone can be moved to a zone")
    return moment.astimezone(zone(zone_name))


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, "
    "offset: days and time duration|null?)"
)
def make_date_time(
    year: Decimal, month: Decimal, day: Decimal, hour: Decimal, minute: Decimal, second: Decimal,
    offset: timedelta | None = None,
) -> datetime:  # fmt: skip
    """The date and time of these parts."""
    return datetime.combine(make_date(year, month, day), make_time(hour, minute, second, offset))


@builtin("duration(from: string|days and time duration|years and months duration)")
def to_duration(given: str | timedelta | YearsMonthsDuration) -> timedelta | YearsMonthsDuration:
    """The duration a text names."""
    return read_duration(given) if isinstance(given, str) else given


@builtin("years and months duration(from: date|date and time, to: date|date and time)")
def months_between(start: date, end: date) -> YearsMonthsDuration:
    """The whole months from one date to another; negative when the second is earlier."""
    first, second = _naive(start), _naive(end)
    if first > second:
        return YearsMonthsDuration(-months_between(end, start).months)
    months = (second.year - first.year) * 12 + second.month - first.month
    unfinished = (second.day, second.time()) < (first.day, first.time())
    return YearsMonthsDuration(months - unfinished)


def _naive(value: date) -> datetime:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else datetime.combine(value, MIDNIGHT)


@builtin("day of year(date: date|date and time)")
def day_of_year(day: date) -> int:
    """1 for 1 January."""
    return day.timetuple().tm_yday


@builtin("day of week(date: date|date and time)")
def day_of_week(day: date) -> str:
    """The English name of the weekday."""
    return _DAYS[day.weekday()]


@builtin("month of year(date: date|date and time)")
def month_of_year(day: date) -> str:
    """The English name of the month."""
    return _MONTHS[day.month - 1]


@builtin("week of year(date: date|date and time)")
def week_of_year(day: date) -> int:
    """The number of the ISO week."""
    return day.isocalendar().week


@builtin("last day of month(date: date|date and time)")
def last_day_of_month(day: date) -> date:
    """The last date of the same month."""
    first_of_next = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return first_of_next - timedelta(days=1)
