"""The clock as FEEL sees it: the functions a diagram, table or form may call. The reckoning itself is not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from service.clock.calendar import Calendar
from service.clock.timescales import Deadline, Timescale, deadline, whole_number
from service.domain.errors import ModelError
from service.feel import HostFunction

LookUp = Callable[[str], Timescale]
"""The timescale of this id. Raises ModelError when the rule book has none."""


def feel_functions(calendar: Calendar, look_up: LookUp, now: datetime) -> Mapping[str, HostFunction]:
    """Every clock function by its FEEL name; `now` must be aware.

    A start or a day is a date, a date and time, or either as ISO text (as answers and case events carry them).
    Null in gives null out, as everywhere in FEEL; anything else that is not a date is a ModelError.
    """
    if now.tzinfo is None:
        raise ValueError("the clock needs a time with its zone")
    moment = calendar.local(now)
    functions = (
        *_deadline_functions(calendar, look_up),
        HostFunction("working days after", ("date", "n"), _working_days_after(calendar)),
        HostFunction("working days between", ("a", "b"), _working_days_between(calendar)),
        HostFunction("now", (), lambda: moment),
        HostFunction("today", (), lambda: moment.date()),
    )
    return {function.name: function for function in functions}


def _deadline_functions(calendar: Calendar, look_up: LookUp) -> tuple[HostFunction, ...]:
    def reckoned(read: Callable[[Deadline], Any]) -> Callable[[Any, Any], Any]:
        def call(timescale_id: Any, start: Any) -> Any:
            if timescale_id is None or start is None:
                return None
            if not isinstance(timescale_id, str):
                raise ModelError(f"A timescale is named by its id as text, not by {timescale_id!r}.")
            return read(deadline(look_up(timescale_id), _moment(start), calendar))

        return call

    parameters = ("id", "start")
    return (
        HostFunction("deadline", parameters, reckoned(lambda sum_: sum_.due_on)),
        HostFunction("overdue from", parameters, reckoned(lambda sum_: sum_.overdue_from)),
        HostFunction("explain deadline", parameters, reckoned(lambda sum_: sum_.words)),
    )


def _working_days_after(calendar: Calendar) -> Callable[[Any, Any], date | None]:
    def call(day: Any, number: Any) -> date | None:
        if day is None or number is None:
            return None
        whole = whole_number(number)
        if whole is None:
            raise ModelError(f"Working days are counted in whole days, not in {number!r}.")
        return calendar.working_days_after(_day(day, calendar), whole)

    return call


def _working_days_between(calendar: Calendar) -> Callable[[Any, Any], Decimal | None]:
    def call(start: Any, end: Any) -> Decimal | None:
        if start is None or end is None:
            return None
        return Decimal(calendar.working_days_between(_day(start, calendar), _day(end, calendar)))

    return call


def _day(value: Any, calendar: Calendar) -> date:
    moment = _moment(value)
    return calendar.local(moment).date() if isinstance(moment, datetime) else moment


def _moment(value: Any) -> date | datetime:
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        text, _, zone = value.partition("@")
        try:
            if len(text) == len("2027-01-04"):
                return date.fromisoformat(text)
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=ZoneInfo(zone)) if zone else moment
        except (ValueError, OSError, KeyError) as wrong:
            raise ModelError(f'A date such as 2027-01-04 is needed, not "{value}".') from wrong
    raise ModelError(f"A date such as 2027-01-04 is needed, not {value!r}.")
