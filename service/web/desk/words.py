"""Dates, times and states in plain words, in the time of London. Which of them a page shows is in the templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local(moment: datetime) -> datetime:
    """The moment as clocks in London show it."""
    return moment.astimezone(LONDON)


def day(value: date | datetime) -> str:
    """`4 January 2027`; of a moment, its day in London."""
    when = local(value) if isinstance(value, datetime) else value
    return f"{when.day} {when:%B %Y}"


def clock(moment: datetime) -> str:
    """`10:42am`, midnight and midday by name."""
    when = local(moment)
    if when.minute == 0 and when.hour in (0, 12):
        return "midnight" if when.hour == 0 else "midday"
    return f"{when.hour % 12 or 12}:{when:%M}{'am' if when.hour < 12 else 'pm'}"


def moment(value: datetime) -> str:
    """`4 January 2027 at 10:42am`."""
    return f"{day(value)} at {clock(value)}"


def iso(value: date | datetime) -> str:
    """For the `datetime` attribute of a `time` element."""
    return value.isoformat()


def due(due_at: datetime, now: datetime, overdue: bool) -> str:
    """`Due today`, `Due tomorrow`, `Due in 3 days`, `2 days overdue`; in calendar days of London."""
    days = (local(due_at).date() - local(now).date()).days
    if overdue:
        return f"{count(-days, 'day')} overdue" if days < 0 else "Overdue"
    if days <= 0:
        return "Due today"
    return "Due tomorrow" if days == 1 else f"Due in {days} days"


def count(number: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def yes_or_value(value: Any) -> str:
    """Any JSON value as text: yes and no for true and false, a list with commas, nothing for null."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list | tuple):
        return ", ".join(yes_or_value(item) for item in value)
    return "" if value is None else str(value)


FILTERS: dict[str, Callable[..., str]] = {
    "day": day,
    "clock": clock,
    "moment": moment,
    "iso": iso,
    "due": due,
    "count": count,
    "yes_or_value": yes_or_value,
}
"""Jinja filters, by name."""
