"""Deadlines and the sum behind them. The days themselves are in `test_calendar.py`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from service.clock import UNITS, Calendar, Timescale, deadline, timescale_from_decision
from service.domain.errors import ModelError

JANUARY, NEW_YEAR, FIVE_PAST = date(2027, 1, 4), date(2026, 12, 31), datetime(2027, 1, 4, 9, 5)


class TestDueDates:
    @pytest.mark.parametrize(
        ("length", "unit", "expected"),
        [
            (5, "working days", date(2027, 1, 11)),
            (45, "working days", date(2027, 3, 8)),
            (10, "calendar days", date(2027, 1, 14)),
            (2, "weeks", date(2027, 1, 18)),
            (9, "months", date(2027, 10, 4)),
            (16, "years", date(2043, 1, 4)),
            (-2, "weeks", date(2026, 12, 21)),
            (0, "calendar days", date(2027, 1, 4)),
        ],
    )
    def test_count_the_day_after_as_day_one(self, length, unit, expected):
        assert deadline(timescale(length, unit), MONDAY, ENGLAND).due_on == expected

    @pytest.mark.parametrize(
        ("length", "unit", "expected"),
        [(28, "calendar days", date(2027, 1, 20)), (20, "working days", date(2027, 1, 25))],
    )
    def test_differ_at_christmas_by_how_the_days_are_counted(self, length, unit, expected):
        assert deadline(timescale(length, unit), date(2026, 12, 23), ENGLAND).due_on == expected

    @pytest.mark.parametrize(
        ("length", "unit", "expected"),
        [
            (91, "calendar days", date(2027, 4, 4)),
            (9, "weeks", date(2027, 3, 7)),
            (1, "months", date(2027, 2, 3)),
            (5, "working days", date(2027, 1, 8)),
        ],
    )
    def test_may_count_the_first_day_as_day_one(self, length, unit, expected):
        assert deadline(timescale(length, unit, counts_first_day=True), MONDAY, ENGLAND).due_on == expected

    @pytest.mark.parametrize(
        ("start", "months", "expected"),
        [
            (date(2027, 1, 31), 1, date(2027, 2, 28)),
            (date(2027, 8, 31), 6, date(2028, 2, 29)),
            (date(2012, 2, 29), 15 * 12 + 6, date(2027, 8, 29)),
            (date(2027, 3, 31), -1, date(2027, 2, 28)),
        ],
    )
    def test_months_end_on_the_same_day_number_or_the_last_of_the_month(self, start, months, expected):
        assert deadline(timescale(months, "months"), start, ENGLAND).due_on == expected

    def test_take_a_time_on_the_clocks_of_the_zone(self):
        just_after_midnight = datetime.fromisoformat("2027-06-30T23:30:00Z")

        assert deadline(timescale(1, "calendar days"), just_after_midnight, ENGLAND).due_on == date(2027, 7, 2)

    def test_past_the_calendar_are_refused(self):
        with pytest.raises(ModelError, match="leaves the calendar"):
            deadline(timescale(90, "years"), date(9950, 1, 1), ENGLAND)


class TestOverdue:
    def test_begins_with_the_day_after(self):
        found = deadline(timescale(5, "working days"), MONDAY, ENGLAND)

        assert found.overdue_from.isoformat() == "2027-01-12T00:00:00+00:00"

    def test_begins_at_the_very_hour_for_clock_hours(self):
        found = deadline(timescale(72, "clock hours"), datetime(2027, 1, 4, 10, 30), ENGLAND)

        assert found.overdue_from.isoformat() == "2027-01-07T10:30:00+00:00"
        assert found.due_on == date(2027, 1, 7)

    def test_keeps_72_hours_when_the_clocks_change(self):
        found = deadline(timescale(72, "clock hours"), datetime(2027, 3, 27, 10, 0), ENGLAND)

        assert found.overdue_from.isoformat() == "2027-03-30T11:00:00+01:00"

    def test_runs_from_the_start_of_the_day_when_no_time_is_known(self):
        found = deadline(timescale(72, "clock hours"), MONDAY, ENGLAND)

        assert found.overdue_from - ENGLAND.start_of_day(MONDAY) == timedelta(hours=72)


class TestWords:
    @pytest.mark.parametrize(
        ("length", "unit", "start", "expected"),
        [
            (10, "working days", JANUARY, "10 working days from 4 January 2027: 18 January 2027; no bank holidays"),
            (1, "working days", NEW_YEAR, "1 working day from 31 December 2026: 4 January 2027; 1 bank holiday"),
            (-2, "weeks", JANUARY, "2 weeks before 4 January 2027: 21 December 2026"),
            (3, "months", JANUARY, "3 months from 4 January 2027: 4 April 2027"),
            (72, "clock hours", FIVE_PAST, "72 hours from 09:05 on 4 January 2027: 09:05 on 7 January 2027"),
        ],
    )
    def test_explain_the_sum(self, length, unit, start, expected):
        assert deadline(timescale(length, unit), start, NORTHMERE).words == expected

    def test_count_the_days_passed_over(self):
        found = deadline(timescale(5, "working days"), date(2026, 12, 23), NORTHMERE)

        assert found.words.endswith("5 January 2027; 3 bank holidays; 1 closure day")

    def test_say_that_the_first_day_counts(self):
        assert "the first day counts" in deadline(timescale(9, "weeks", counts_first_day=True), MONDAY, ENGLAND).words

    def test_say_that_no_time_was_given(self):
        assert "no time was given" in deadline(timescale(72, "clock hours"), MONDAY, ENGLAND).words

    def test_name_the_days_passed_over(self):
        found = deadline(timescale(5, "working days"), date(2026, 12, 23), NORTHMERE)

        assert [day.why for day in found.skipped] == [
            "Closed for Christmas",
            "Christmas Day",
            "Boxing Day (observed)",
            "New Year's Day",
        ]

    @pytest.mark.parametrize(
        ("length", "start", "expected"),
        [(-1, date(2026, 12, 28), "Christmas Day"), (1, date(2026, 12, 25), "Boxing Day")],
    )
    def test_leave_out_the_day_it_starts_on(self, length, start, expected):
        assert deadline(timescale(length, "working days"), start, ENGLAND).skipped[0].why.startswith(expected)

    def test_name_the_first_day_too_when_it_would_have_counted(self):
        found = deadline(timescale(1, "working days", counts_first_day=True), date(2026, 12, 25), ENGLAND)

        assert found.skipped[0].why == "Christmas Day"


class TestTimescales:
    def test_know_their_units(self):
        assert set(UNITS) == {"clock hours", "calendar days", "working days", "weeks", "months", "years"}

    @pytest.mark.parametrize(("length", "unit"), [(24, "clock hours"), (0, "weeks"), (-1, "months")])
    def test_cannot_count_a_first_day_that_is_none(self, length, unit):
        with pytest.raises(ModelError, match="first day"):
            timescale(length, unit, counts_first_day=True)

    @pytest.mark.parametrize("unit", UNITS)
    def test_longer_than_a_century_are_refused(self, unit):
        with pytest.raises(ModelError, match="century"):
            timescale(10**6, unit)


class TestRowOfTheTable:
    def test_becomes_a_timescale(self):
        assert timescale_from_decision("T1", row(countsFirstDay=True)) == Timescale(
            "T1", "First visit", 5, "working days", source="§3", counts_first_day=True
        )

    def test_counts_from_the_day_after_unless_it_says_otherwise(self):
        assert not timescale_from_decision("T1", row(countsFirstDay=None)).counts_first_day

    @pytest.mark.parametrize(
        ("result", "complaint"),
        [
            (None, 'no timescale "T1"'),
            ("five", "must be one row"),
            ({}, "whole number"),
            ({"length": Decimal("2.5")}, "whole number"),
            ({"length": True}, "whole number"),
            ({"length": Decimal("1e900")}, "whole number"),
            ({"length": Decimal(5), "unit": "fortnights"}, "fortnights"),
            ({"length": Decimal(5), "unit": None}, "the unit"),
            ({"length": Decimal(5), "unit": Decimal(5)}, "a text under unit"),
            ({"length": Decimal(5), "unit": "weeks", "countsFirstDay": "yes"}, "countsFirstDay"),
        ],
    )
    def test_that_is_wrong_says_why(self, result, complaint):
        with pytest.raises(ModelError, match=complaint):
            timescale_from_decision("T1", result)


MONDAY = date(2027, 1, 4)
ENGLAND = Calendar("England")
NORTHMERE = Calendar(
    "Northmere",
    closure_days=frozenset({date(2026, 12, 24)}),
    closure_reasons={date(2026, 12, 24): "Closed for Christmas"},
)


def timescale(length, unit, **more):
    return Timescale("T1", "First visit", length, unit, **more)


def row(**more):
    return {"what": "First visit", "length": Decimal(5), "unit": "working days", "source": "§3", **more}
