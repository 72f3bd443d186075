"""Which days are working days: weekends, bank holidays, the authority's closure days. No deadline is reckoned here.

`calendar.json` of the rule book, in this shape and with no other keys:

    {
      "name": "Northmere working calendar",
      "zone": "Europe/London",
      "division": "England and Wales",
      "closureDays": [{"date": "2026-12-24", "why": "Offices close for Christmas"}]
    }

Bank holidays come from the `holidays` package. One that is proclaimed later than that package was released
(a coronation, a state funeral) is added as a closure day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from service.domain.errors import ModelError

ONE_DAY = timedelta(days=1)
MOST_DAYS = 40_000
"""No count of days may be longer (about a century): a slip of the keyboard must not keep the service counting."""

_SUBDIVISIONS = {"England and Wales": "ENG", "Scotland": "SCT", "Northern Ireland": "NIR"}
_KEYS = {"name", "zone", "division", "closureDays"}


@dataclass(frozen=True)
class Calendar:
    """The working days of one authority."""

    name: str
    zone: str = "Europe/London"
    closure_days: frozenset[date] = frozenset()
    division: str = "England and Wales"
    closure_reasons: Mapping[date, str] = field(default_factory=dict, hash=False)
    """Why the authority is closed, for the days that have a reason."""

    def __post_init__(self) -> None:
        if self.division not in _SUBDIVISIONS:
            known = ", ".join(sorted(_SUBDIVISIONS))
            raise ModelError(f'The calendar "{self.name}" has the division "{self.division}"; known are: {known}.')
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise ModelError(f'The calendar "{self.name}" has an unknown time zone "{self.zone}".') from unknown

    @property
    def zone_info(self) -> ZoneInfo:
        """The time zone in which days begin and end."""
        return ZoneInfo(self.zone)

    def bank_holiday(self, day: date) -> str | None:
        """The name of the bank holiday, or None."""
        return _bank_holidays(self.division, day.year).get(day)

    def closed_because(self, day: date) -> str | None:
        """Why the authority itself is closed, or None. A closure day without a reason gives "closure day"."""
        return self.closure_reasons.get(day) or "closure day" if day in self.closure_days else None

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, no bank holiday, no closure day (requirements §0.2)."""
        return day.weekday() < 5 and day not in self.closure_days and self.bank_holiday(day) is None

    def working_days_after(self, day: date, number: int) -> date:
        """The `number`th working day after `day`, the day after being day 1; before it when `number` is negative.

        With 0 it is `day` itself, or the next working day when `day` is none. Raises ModelError past a century.
        """
        if number == 0:
            return day if self.is_working_day(day) else self.working_days_after(day, 1)
        step = ONE_DAY if number > 0 else -ONE_DAY
        left = abs(number)
        for here in _days_from(day, step):
            left -= self.is_working_day(here)
            if left == 0:
                return here
        raise ModelError(f"{number} working days from {day.isoformat()} is too far away to reckon.")

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` comes first.

        The inverse of `working_days_after`: from a day to its fifth working day there are 5. Raises ModelError past
        a century.
        """
        if abs((end - start).days) > MOST_DAYS:
            raise ModelError(f"From {start.isoformat()} to {end.isoformat()} is too long to count working days.")
        step = ONE_DAY if end >= start else -ONE_DAY
        count = 0
        here = start
        while here != end:
            here += step
            count += self.is_working_day(here)
        return count if end >= start else -count

    def start_of_day(self, day: date) -> datetime:
        """00:00 on that day in the calendar's zone; aware."""
        return datetime.combine(day, time.min, tzinfo=self.zone_info)

    def local(self, moment: datetime) -> datetime:
        """`moment` on the clocks of the calendar's zone; a time without a zone is taken as already there."""
        return moment.replace(tzinfo=self.zone_info) if moment.tzinfo is None else moment.astimezone(self.zone_info)


def load_calendar(content: bytes, *, file: str = "calendar.json") -> Calendar:
    """Read `calendar.json` (its shape is at the head of this module). Raises ModelError naming what is wrong."""
    try:
        data = json.loads(content)
    except ValueError as broken:
        raise ModelError(f"{file} is not JSON: {broken}.", file=file) from broken
    if not isinstance(data, dict):
        raise ModelError(f"{file} must hold one JSON object.", file=file)
    if strange := sorted(set(data) - _KEYS):
        raise ModelError(f"{file} has keys that mean nothing here: {', '.join(strange)}.", file=file)
    reasons = _read_closure_days(data.get("closureDays", []), file)
    return Calendar(
        name=_text(data, "name", None, file),
        zone=_text(data, "zone", "Europe/London", file),
        closure_days=frozenset(reasons),
        division=_text(data, "division", "England and Wales", file),
        closure_reasons=MappingProxyType(reasons),
    )


@lru_cache(maxsize=512)
def _bank_holidays(division: str, year: int) -> Mapping[date, str]:
    # Read a year at a time and frozen: the package's own object fills itself in while it is read, which two threads
    # must not share.
    return MappingProxyType(dict(holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[division], years=year)))


def _days_from(day: date, step: timedelta) -> Iterator[date]:
    for _ in range(MOST_DAYS):
        if not date.min < day < date.max:
            return
        day += step
        yield day


def _text(data: Mapping[str, Any], key: str, default: str | None, file: str) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f'{file} needs a text under "{key}".', file=file)
    return value


def _read_closure_days(entries: object, file: str) -> dict[date, str]:
    reasons: dict[date, str] = {}
    if not isinstance(entries, list):
        raise ModelError(f'"closureDays" in {file} must be a list.', file=file)
    for number, entry in enumerate(entries, start=1):
        where = f'{file}, entry {number} of "closureDays"'
        if not isinstance(entry, dict) or set(entry) != {"date", "why"} or not isinstance(entry["why"], str):
            raise ModelError(f'{where} must be an object with the texts "date" and "why".', file=file)
        try:
            day = date.fromisoformat(entry["date"])
        except (TypeError, ValueError) as wrong:
            raise ModelError(f"{where} has no date such as 2026-12-24: {entry['date']!r}.", file=file) from wrong
        if day in reasons:
            raise ModelError(f"{where} repeats {day.isoformat()}.", file=file)
        reasons[day] = entry["why"]
    return reasons
