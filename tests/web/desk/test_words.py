"""Dates and times in words, as clocks in London show them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from service.web.desk import words


def test_a_summer_evening_in_utc_is_the_next_day_in_london() -> None:
    assert words.moment(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2027 at 12:30am"


@pytest.mark.parametrize(
    ("hour", "minute", "said"), [(0, 0, "midnight"), (12, 0, "midday"), (9, 5, "9:05am"), (12, 30, "12:30pm")]
)
def test_the_time_of_day(hour: int, minute: int, said: str) -> None:
    assert words.clock(datetime(2027, 1, 4, hour, minute, tzinfo=UTC)) == said


def test_a_date_has_no_leading_nought() -> None:
    assert words.day(date(2027, 1, 4)) == "4 January 2027"


@pytest.mark.parametrize(
    ("days", "overdue", "said"),
    [
        (0, False, "Due today"),
        (1, False, "Due tomorrow"),
        (3, False, "Due in 3 days"),
        (-1, True, "1 day overdue"),
        (-9, True, "9 days overdue"),
        (0, True, "Overdue"),
    ],
)
def test_how_soon_it_is_due(days: int, overdue: bool, said: str) -> None:
    assert words.due(NOW + timedelta(days=days), NOW, overdue) == said


def test_due_days_are_counted_by_the_calendar_not_by_hours() -> None:
    late_today = datetime(2027, 1, 4, 23, 50, tzinfo=UTC)

    assert words.due(late_today + timedelta(minutes=20), late_today, False) == "Due tomorrow"


NOW = datetime(2027, 1, 4, 10, 42, tzinfo=UTC)
