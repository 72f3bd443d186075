"""Calendars, timescales and the explained sum. Which timescale applies to what is the rule book's; stored deadlines are
`store/`'s."""

from service.clock.calendar import Calendar, load_calendar
from service.clock.functions import feel_functions
from service.clock.timescales import UNITS, Deadline, SkippedDay, Timescale, Unit, deadline, timescale_from_decision

__all__ = [
    "UNITS",
    "Calendar",
    "Deadline",
    "SkippedDay",
    "Timescale",
    "Unit",
    "deadline",
    "feel_functions",
    "load_calendar",
    "timescale_from_decision",
]
