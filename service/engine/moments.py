"""From what an expression says of time to an instant in UTC: dates, texts, durations, cycles. No timer fires here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from service.feel import YearsMonthsDuration, compile_expression

LAST_SECOND = time(23, 59, 59)
_READ_DATE_AND_TIME = compile_expression("date and time(text)")
_READ_DATE = compile_expression("date(text)")
_READ_DURATION = compile_expression("duration(text)")
_TIMES = re.compile(r"[0-9]{1,9}", re.ASCII)
_WEEKS = re.compile(r"^(-?P)([0-9]{1,9})W(?:([0-9]{1,9})D)?", re.ASCII)
_ADD = compile_expression("start + length")


def instant(value: Any, zone: tzinfo, *, end_of_day: bool = False) -> datetime | None:
    """The instant meant by a date, a date and time or an ISO text of either; None when it is none of these.

    A bare date is the beginning of that day in `zone`, or its last second when `end_of_day` is set. A time without a
    zone is in `zone`. None also for an instant that UTC reaches only outside the years 1 to 9999.
    """
    if isinstance(value, str):
        reading = _READ_DATE_AND_TIME if "T" in value else _READ_DATE
        value = reading.evaluate({"text": value})
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, LAST_SECOND if end_of_day else time.min)
    else:
        return None
    try:
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return None


def duration(value: Any) -> timedelta | YearsMonthsDuration | None:
    """The duration meant by a FEEL duration or an ISO text such as `P10D` or `P2W`; None when it is neither.

    FEEL's own texts know no weeks; those of timers do.
    """
    if isinstance(value, str):
        value = _READ_DURATION.evaluate({"text": _WEEKS.sub(_in_days, value.strip())})
    return value if isinstance(value, timedelta | YearsMonthsDuration) else None


def _in_days(weeks: re.Match[str]) -> str:
    sign, count, days = weeks.groups(default="0")
    return f"{sign}{7 * int(count) + int(days)}D"


def later(start: datetime, length: timedelta | YearsMonthsDuration, zone: tzinfo) -> datetime | None:
    """The instant that long after `start`. A day is 24 hours; a month is a month of the calendar in `zone`.

    None when it lies outside the calendar.
    """
    moment = _ADD.evaluate({"start": start.astimezone(zone), "length": length})
    return moment.astimezone(UTC) if isinstance(moment, datetime) else None


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition such as `R3/2027-01-04T09:00:00Z/PT1H`."""

    times: int
    """-1 is for ever."""
    every: str
    """The interval as an ISO text; longer than nothing."""
    start: datetime | None
    """When it happens first, in UTC; None when that is one interval after it begins."""


def cycle(value: Any, zone: tzinfo) -> Cycle | None:
    """The repetition meant by `R[times]/[start/]interval` or by a FEEL duration (for ever); None when it is neither.

    A start without a zone is in `zone`. None also for an interval that leads nowhere: zero, or back in time.
    """
    if isinstance(value, timedelta | YearsMonthsDuration):
        value = f"R/{_iso(value)}"
    if not isinstance(value, str):
        return None
    head, *between = value.strip().split("/")
    interval = between.pop() if between else ""
    if not head.startswith("R") or len(between) > 1 or not _leads_on(duration(interval)):
        return None
    if head != "R" and not _TIMES.fullmatch(head[1:]):
        return None
    start = instant(between[0], zone) if between else None
    if between and (start is None or "T" not in between[0]):
        return None
    return Cycle(-1 if head == "R" else int(head[1:]), interval, start)


def _leads_on(length: timedelta | YearsMonthsDuration | None) -> bool:
    if isinstance(length, YearsMonthsDuration):
        return length.months > 0
    return length is not None and length > timedelta(0)


def occasion(cycle: Cycle, number: int, origin: datetime, zone: tzinfo) -> datetime | None:
    """The instant `number` intervals after `origin`; None when it lies outside the calendar."""
    length = duration(cycle.every)
    try:
        if isinstance(length, YearsMonthsDuration):
            return later(origin, YearsMonthsDuration(length.months * number), zone)
        return None if length is None else later(origin, length * number, zone)
    except OverflowError:
        return None


def _iso(length: timedelta | YearsMonthsDuration) -> str:
    return f"PT{int(length.total_seconds())}S" if isinstance(length, timedelta) else str(length)
