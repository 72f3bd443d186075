"""Deadlines: a length of time from a start, reckoned on a calendar and explained in words. Which length applies to what
is not here but in the rule book's table of timescales.

The day after the trigger is day 1, unless the table's row says that the first day counts (requirements §0.4, Counting).
Months and years end on the same day number, else on the last day of the month.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, cast, get_args

from service.clock.calendar import MOST_DAYS, ONE_DAY, Calendar
from service.domain.errors import ModelError

Unit = Literal["clock hours", "calendar days", "working days", "weeks", "months", "years"]
UNITS: tuple[str, ...] = get_args(Unit)

_DAYS = {
    "clock hours": 1 / 24,
    "calendar days": 1,
    "working days": 1.5,
    "weeks": 7,
    "months": 31,
    "years": 366,
}
_LARGEST = 10**9
_SINGULAR = {
    "clock hours": "hour",
    "calendar days": "calendar day",
    "working days": "working day",
    "weeks": "week",
    "months": "month",
    "years": "year",
}


@dataclass(frozen=True, slots=True)
class Timescale:
    """One row of the table of timescales. A negative length is reckoned backwards from its start."""

    id: str
    what: str
    length: int
    unit: Unit
    source: str = ""
    counts_first_day: bool = False

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ModelError(f'{self._subject} has the unit "{self.unit}"; known are: {", ".join(UNITS)}.')
        if abs(self.length) * _DAYS[self.unit] > MOST_DAYS:
            raise ModelError(f"{self._subject} is longer than a century: {self.length} {self.unit}.")
        if self.counts_first_day and (self.unit == "clock hours" or self.length < 1):
            raise ModelError(f"{self._subject} cannot count its first day: it is {self.length} {self.unit}.")

    @property
    def _subject(self) -> str:
        return f'The timescale "{self.id}"'


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A weekday that was not counted as a working day."""

    day: date
    why: str
    kind: Literal["bank holiday", "closure day"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due, and the sum behind it."""

    timescale: Timescale
    due_on: date
    """The last day on which it is in time."""
    overdue_from: datetime
    """The first instant at which it is late; aware, in the calendar's zone."""
    words: str
    """The sum: "10 working days from 4 January 2027: 18 January 2027; no bank holidays"."""
    skipped: tuple[SkippedDay, ...] = ()
    """Weekdays passed over, for working days only."""


def deadline(timescale: Timescale, start: date | datetime, calendar: Calendar) -> Deadline:
    """When `timescale` runs out, begun at `start`. Raises ModelError when that is past what a calendar can hold.

    A start with a time is taken on the clocks of the calendar's zone. Clock hours begun on a day without a time run
    from the start of that day: the earliest, hence the safest reading, and the words say so.
    """
    try:
        if timescale.unit == "clock hours":
            return _after_clock_hours(timescale, start, calendar)
        first = calendar.local(start).date() if isinstance(start, datetime) else start
        due = _due_on(timescale, first, calendar)
        overdue_from = calendar.start_of_day(due + ONE_DAY)
    except (OverflowError, ValueError) as far:
        raise ModelError(f'The timescale "{timescale.id}" from {start.isoformat()} leaves the calendar.') from far
    skipped = _skipped_days(timescale, first, due, calendar)
    words = f"{_length_in_words(timescale)} {in_words(first)}: {in_words(due)}{_remarks(timescale, skipped)}"
    return Deadline(timescale, due, overdue_from, words, skipped)


def timescale_from_decision(timescale_id: str, result: Any) -> Timescale:
    """The timescale in a decision's result: {what, length, unit, countsFirstDay, source}; whole numbers as Decimal.

    Raises ModelError when there is no such row (`result` is None) or a column holds something else.
    """
    subject = f'The timescale "{timescale_id}"'
    if result is None:
        raise ModelError(f'There is no timescale "{timescale_id}" in the table of timescales.')
    if not isinstance(result, Mapping):
        raise ModelError(f"{subject} must be one row with the columns what, length, unit, countsFirstDay and source.")
    length = whole_number(result.get("length"))
    if length is None:
        raise ModelError(f"{subject} needs a whole number as its length, not {result.get('length')!r}.")
    counts_first_day = result.get("countsFirstDay")
    if not isinstance(counts_first_day, bool | None):
        raise ModelError(f"{subject} says {counts_first_day!r} under countsFirstDay: true, false or nothing is meant.")
    texts = {column: result.get(column) for column in ("what", "unit", "source")}
    if wrong := [column for column, text in texts.items() if text is not None and not isinstance(text, str)]:
        raise ModelError(f"{subject} needs a text under {' and '.join(wrong)}.")
    return Timescale(
        id=timescale_id,
        what=texts["what"] or timescale_id,
        length=length,
        unit=cast(Unit, texts["unit"] or ""),
        source=texts["source"] or "",
        counts_first_day=bool(counts_first_day),
    )


def whole_number(value: Any) -> int | None:
    """`value` as an int when it is a whole number of ordinary size, else None."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return int(number) if abs(number) <= _LARGEST and number == int(number) else None


def in_words(day: date) -> str:
    """A date as people write it: 4 January 2027."""
    return f"{day.day} {gregorian.month_name[day.month]} {day.year}"


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, else the last day of that month. Raises ValueError past the year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"the year {year} is outside the calendar")
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def _due_on(timescale: Timescale, first: date, calendar: Calendar) -> date:
    length = timescale.length
    if timescale.unit == "working days":
        return calendar.working_days_after(first - ONE_DAY if timescale.counts_first_day else first, length)
    if timescale.unit in ("months", "years"):
        due = add_months(first, length * (12 if timescale.unit == "years" else 1))
    else:
        due = first + timedelta(days=length * (7 if timescale.unit == "weeks" else 1))
    return due - ONE_DAY if timescale.counts_first_day else due


def _after_clock_hours(timescale: Timescale, start: date | datetime, calendar: Calendar) -> Deadline:
    timed = isinstance(start, datetime)
    begun = calendar.local(start) if isinstance(start, datetime) else calendar.start_of_day(start)
    # Reckoned in UTC: 72 hours stay 72 hours when the clocks change in between.
    end = calendar.local(begun.astimezone(UTC) + timedelta(hours=timescale.length))
    remark = "" if timed else "; counted from the start of the day, as no time was given"
    words = f"{_length_in_words(timescale)} {_time_in_words(begun)}: {_time_in_words(end)}{remark}"
    return Deadline(timescale, end.date(), end, words)


def _skipped_days(timescale: Timescale, first: date, due: date, calendar: Calendar) -> tuple[SkippedDay, ...]:
    if timescale.unit != "working days":
        return ()
    begin, end = min(first, due), max(first, due)
    if timescale.counts_first_day or timescale.length == 0:
        begin -= ONE_DAY
    skipped = []
    for number in range(1, (end - begin).days):
        day = begin + timedelta(days=number)
        if day.weekday() >= 5:
            continue
        if holiday := calendar.bank_holiday(day):
            skipped.append(SkippedDay(day, holiday, "bank holiday"))
        elif why := calendar.closed_because(day):
            skipped.append(SkippedDay(day, why, "closure day"))
    return tuple(skipped)


def _length_in_words(timescale: Timescale) -> str:
    number = abs(timescale.length)
    unit = _SINGULAR[timescale.unit] + ("" if number == 1 else "s")
    return f"{number} {unit} {'from' if timescale.length >= 0 else 'before'}"


def _remarks(timescale: Timescale, skipped: tuple[SkippedDay, ...]) -> str:
    remarks = []
    if timescale.counts_first_day:
        remarks.append("the first day counts as day 1")
    if timescale.unit == "working days":
        bank_holidays = sum(day.kind == "bank holiday" for day in skipped)
        closures = len(skipped) - bank_holidays
        remarks.append(_counted(bank_holidays, "bank holiday"))
        if closures:
            remarks.append(_counted(closures, "closure day"))
    return "".join(f"; {remark}" for remark in remarks)


def _counted(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def _time_in_words(moment: datetime) -> str:
    return f"{moment.strftime('%H:%M')} on {in_words(moment.date())}"
