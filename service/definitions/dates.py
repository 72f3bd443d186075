"""Dates and times as people type them, read into ISO text; an impossible one is explained. No field is here."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

_ISO_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_BRITISH_DATE = re.compile(r"(?P<day>\d{1,2})[/. -](?P<month>\d{1,2})[/. -](?P<year>\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2})(?:\.0+)?)?\s*(am|pm)?", re.ASCII | re.IGNORECASE)
_DATE_PARTS = ("day", "month", "year")
_MONTHS = {
    name[:length].lower(): number
    for number, name in enumerate(calendar.month_name)
    for length in (3, len(name))
    if name
}


class NotADate(ValueError):
    """The text is no date or time. The message goes on from the name of the field: "must be a real date"."""


def is_blank(value: Any) -> bool:
    """Whether nothing was entered: no text, or a day, month and year that are all empty."""
    if isinstance(value, Mapping):
        return all(is_blank(part) for part in value.values())
    return value is None or (isinstance(value, str) and not value.strip())


def read_date(value: Any) -> str:
    """`2027-01-04` from that, from `4/1/2027` or from {"day", "month", "year"}. Raises NotADate."""
    if isinstance(value, Mapping):
        return _from_parts(value)
    if not isinstance(value, str):
        raise NotADate("must be a date, such as 2027-01-04")
    text = value.strip()
    match = _ISO_DATE.fullmatch(text) or _BRITISH_DATE.fullmatch(text)
    if match is None:
        raise NotADate("must be a date, such as 4/1/2027")
    return _real(int(match["year"]), int(match["month"]), int(match["day"]))


def _from_parts(value: Mapping[str, Any]) -> str:
    parts = {name: str(value.get(name) or "").strip() for name in _DATE_PARTS}
    absent = [name for name in _DATE_PARTS if not parts[name]]
    if absent:
        raise NotADate(f"must include a {' and '.join(absent)}")
    month = str(_MONTHS.get(parts["month"].lower(), parts["month"]))
    if not all(part.isascii() and part.isdigit() for part in (parts["day"], month, parts["year"])):
        raise NotADate("must be a real date")
    if len(parts["year"]) != 4:
        raise NotADate("must have a year of 4 numbers")
    return _real(int(parts["year"]), int(month), int(parts["day"]))


def _real(year: int, month: int, day: int) -> str:
    if not 1000 <= year <= 9999:
        raise NotADate("must be a real date: the year must have 4 numbers")
    if not 1 <= month <= 12:
        raise NotADate(f"must be a real date: there is no month {month}")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise NotADate(f"must be a real date: {calendar.month_name[month]} {year} has {last} days")
    return date(year, month, day).isoformat()


def read_time(value: Any) -> str:
    """`14:30:00` from `14:30`, `14.30`, `2:30pm` or with seconds. Raises NotADate."""
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise NotADate("must be a time, such as 14:30")
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower()
    if half and not 1 <= hour <= 12:
        raise NotADate("must be a real time: before am or pm the hour is 1 to 12")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute, second).isoformat()
    except ValueError as error:
        raise NotADate("must be a real time, from 00:00 to 23:59") from error


def read_moment(value: Any) -> str:
    """`2027-01-04T14:30:00` from ISO text (an offset or Z stays) or {"date", "time"} or {day, month, year, time}.

    Raises NotADate.
    """
    if isinstance(value, Mapping):
        day = value.get("date", {name: value.get(name) for name in _DATE_PARTS})
        if is_blank(day):
            raise NotADate("must include a date")
        if is_blank(value.get("time")):
            raise NotADate("must include a time")
        return f"{read_date(day)}T{read_time(value.get('time'))}"
    if not isinstance(value, str) or "T" not in value:
        raise NotADate("must be a date and a time, such as 2027-01-04T14:30")
    day_text, _, clock_text = value.strip().partition("T")
    day_read = read_date(day_text)
    try:
        return f"{datetime.fromisoformat(f'{day_read}T{clock_text}').isoformat()}"
    except ValueError as error:
        raise NotADate("must be a real date and time, such as 2027-01-04T14:30") from error
