"""Dates, times and durations to ISO 8601 text, with FEEL's `@zone`, and back. Sums are in `arithmetic.py`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from service.feel.absent import Absent
from service.feel.far import AnyDate, AnyDateTime, FarDate, FarDateTime, at, day_of, later, near, year
from service.feel.values import YearsMonthsDuration

_DATE = r"(?P<year>-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME = (
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,30}))?"
    r"(?:(?P<utc>[Zz])|(?P<offset>[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)|@(?P<zone>[A-Za-z0-9_+/-]{1,60}))?"
)
_IS_DATE = re.compile(_DATE)
_IS_TIME = re.compile(_TIME)
_IS_DATE_TIME = re.compile(f"{_DATE}T{_TIME}")
_IS_MONTHS = re.compile(r"(?P<minus>-)?P(?=[0-9])(?:(?P<years>[0-9]{1,30})Y)?(?:(?P<months>[0-9]{1,30})M)?")
_IS_DAYS = re.compile(
    r"(?P<minus>-)?P(?=[0-9T])(?:(?P<days>[0-9]{1,30})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,30})H)?(?:(?P<minutes>[0-9]{1,30})M)?"
    r"(?:(?P<seconds>[0-9]{1,30})(?:\.(?P<fraction>[0-9]{0,30}))?S)?)?"
)
_MOST_OFFSET = timedelta(hours=14)
MIDNIGHT = time(0, 0)
LONGEST = 10**15
"""Months of a duration; more of them lie far outside every calendar."""
TEMPORAL = date | time | timedelta | FarDate | FarDateTime | YearsMonthsDuration
"""What is written by `write_temporal`; a datetime is a date."""


def read_date(text: str) -> AnyDate:
    """The date that `2027-01-04` names. Raises Absent."""
    match = _IS_DATE.fullmatch(text)
    if match is None:
        raise Absent(f'"{text}" is not a date such as 2027-01-04')
    return _date_of(match, text)


def read_time(text: str) -> time:
    """The time that `10:30:00`, `10:30:00+01:00` or `10:30:00@Europe/London` names. Raises Absent."""
    match = _IS_TIME.fullmatch(text)
    if match is None:
        raise Absent(f'"{text}" is not a time such as 10:30:00')
    return _time_of(match, text)


def read_date_time(text: str) -> AnyDateTime:
    """The date and time that `2027-01-04T10:30:00` names; a date alone means midnight. Raises Absent."""
    match = _IS_DATE_TIME.fullmatch(text)
    if match is None:
        if _IS_DATE.fullmatch(text) is None:
            raise Absent(f'"{text}" is not a date and time such as 2027-01-04T10:30:00')
        return at(read_date(text), MIDNIGHT)
    start = at(_date_of(match, text), _time_of(match, text))
    try:
        return later(start, timedelta(days=1)) if match["hour"] == "24" else start
    except OverflowError:
        raise Absent(f'"{text}" lies outside the calendar') from None


def read_duration(text: str) -> timedelta | YearsMonthsDuration:
    """The duration that `P1DT2H` or `P1Y2M` names. Raises Absent."""
    months = _IS_MONTHS.fullmatch(text)
    if months is not None:
        total = int(months["years"] or 0) * 12 + int(months["months"] or 0)
        if total > LONGEST:
            raise Absent(f"the duration {text} is too long")
        return YearsMonthsDuration(-total if months["minus"] else total)
    match = _IS_DAYS.fullmatch(text)
    if match is None:
        raise Absent(f'"{text}" is not a duration such as P1DT2H or P1Y2M')
    whole = (int(match[part] or 0) for part in ("days", "hours", "minutes", "seconds"))
    days, hours, minutes, seconds = whole
    try:
        length = timedelta(days, seconds, _microseconds(match["fraction"]), minutes=minutes, hours=hours)
        return -length if match["minus"] else length
    except OverflowError:
        raise Absent(f"the duration {text} is too long") from None


def read_any(text: str) -> Any:
    """The value that stands after `@`: a date and time, date, time or duration. Raises Absent."""
    if _IS_DATE_TIME.fullmatch(text):
        return read_date_time(text)
    if _IS_DATE.fullmatch(text):
        return read_date(text)
    if _IS_TIME.fullmatch(text):
        return read_time(text)
    return read_duration(text)


def _date_of(match: re.Match[str], text: str) -> AnyDate:
    try:
        return day_of(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise Absent(f'"{text}" names no day of the calendar') from None


def _time_of(match: re.Match[str], text: str) -> time:
    try:
        hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
        fraction = match["fraction"] or ""
        if hour == 24 and not minute and not second and not fraction.strip("0"):
            hour = 0
        return time(hour, minute, second, _microseconds(fraction), tzinfo=_zone_of(match))
    except ValueError:
        raise Absent(f'"{text}" names no time of day') from None


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "")[:6].ljust(6, "0"))


def _zone_of(match: re.Match[str]) -> tzinfo | None:
    if match["utc"]:
        return UTC
    if match["zone"]:
        return zone(match["zone"])
    if not match["offset"]:
        return None
    hours, minutes, *seconds = (int(part) for part in match["offset"][1:].split(":"))
    if minutes > 59 or any(s > 59 for s in seconds):
        raise ValueError("an offset has at most 59 minutes")
    length = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return offset_zone(-length if match["offset"][0] == "-" else length)


def offset_zone(offset: timedelta) -> timezone:
    """The zone with this offset from UTC. Raises Absent beyond 14 hours, the most that XML Schema knows."""
    if abs(offset) > _MOST_OFFSET or offset.microseconds:
        raise Absent("an offset from UTC is at most 14 hours, in whole seconds")
    return timezone(offset)


def zone(name: str) -> ZoneInfo:
    """The time zone of the zone database, such as `Europe/London`. Raises Absent."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise Absent(f'there is no time zone "{name}"') from None


def zone_name(value: time | AnyDateTime) -> str | None:
    """The name of the value's zone; None when it has none or only an offset."""
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def write_temporal(value: Any) -> str:
    """The text of a date, time, date and time or duration, such that reading it gives the value again."""
    if isinstance(value, datetime | FarDateTime):
        return f"{_write_date(value)}T{_write_clock(near(value))}"
    if isinstance(value, date | FarDate):
        return _write_date(value)
    if isinstance(value, time):
        return _write_clock(value)
    if isinstance(value, timedelta):
        return _write_days(value)
    return str(value)


def _write_date(value: AnyDate | AnyDateTime) -> str:
    years, like = year(value), near(value)
    return f"{'-' * (years < 0)}{abs(years):04}-{like.month:02}-{like.day:02}"


def _write_clock(value: time | datetime) -> str:
    clock = f"{value.hour:02}:{value.minute:02}:{value.second:02}" + _fraction(value.microsecond)
    name = zone_name(value)
    if name is not None:
        return f"{clock}@{name}"
    offset = value.utcoffset()
    if offset is None:
        return clock
    if not offset:
        return clock + "Z"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    text = f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return clock + text + (f":{seconds:02}" if seconds else "")


def _fraction(microseconds: int) -> str:
    return f".{microseconds:06}".rstrip("0") if microseconds else ""


def _write_days(value: timedelta) -> str:
    length = abs(value)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or length.microseconds:
        clock += f"{seconds}{_fraction(length.microseconds)}S"
    days = f"{length.days}D" if length.days else ""
    sign = "-P" if value < timedelta(0) else "P"
    return sign + days + (f"T{clock}" if clock else "") if days or clock else "PT0S"
