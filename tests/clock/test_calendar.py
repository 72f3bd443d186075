"""Which days are working days. Deadlines are in `test_timescales.py`."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.clock import Calendar, load_calendar
from service.domain.errors import ModelError

BANK_HOLIDAYS = [date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)]


class TestWorkingDays:
    @pytest.mark.parametrize("day", BANK_HOLIDAYS, ids=str)
    def test_bank_holidays_of_england_and_wales_are_none(self, day):
        assert ENGLAND.bank_holiday(day)
        assert not ENGLAND.is_working_day(day)

    def test_easter_monday_is_one_in_scotland(self):
        assert Calendar("Scottish", division="Scotland").is_working_day(date(2027, 3, 29))

    def test_weekends_are_none(self):
        assert [ENGLAND.is_working_day(date(2027, 1, day)) for day in (8, 9, 10, 11)] == [True, False, False, True]

    def test_the_authority_s_own_closure_days_are_none(self):
        closed = Calendar("Closed", closure_days=frozenset({date(2026, 12, 24)}))

        assert not closed.is_working_day(date(2026, 12, 24))
        assert closed.closed_because(date(2026, 12, 24)) == "closure day"
        assert closed.closed_because(date(2026, 12, 23)) is None


class TestCounting:
    @pytest.mark.parametrize(
        ("number", "expected"),
        [(1, date(2027, 1, 5)), (5, date(2027, 1, 11)), (45, date(2027, 3, 8)), (-1, date(2026, 12, 31))],
    )
    def test_the_day_after_the_trigger_is_day_one(self, number, expected):
        assert ENGLAND.working_days_after(MONDAY, number) == expected

    def test_none_at_all_is_the_day_itself_or_the_next_working_day(self):
        assert ENGLAND.working_days_after(MONDAY, 0) == MONDAY
        assert ENGLAND.working_days_after(date(2027, 1, 9), 0) == date(2027, 1, 11)

    def test_between_leaves_out_the_first_day(self):
        assert ENGLAND.working_days_between(MONDAY, MONDAY) == 0
        assert ENGLAND.working_days_between(date(2026, 12, 24), date(2026, 12, 29)) == 1

    @given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-300, 300).filter(bool))
    def test_between_undoes_after(self, day, number):
        assert ENGLAND.working_days_between(day, ENGLAND.working_days_after(day, number)) == number

    @pytest.mark.parametrize("number", [10**8, -(10**8)])
    def test_a_count_past_a_century_is_refused(self, number):
        with pytest.raises(ModelError, match="too far away"):
            ENGLAND.working_days_after(MONDAY, number)

    def test_a_stretch_past_a_century_is_refused(self):
        with pytest.raises(ModelError, match="too long"):
            ENGLAND.working_days_between(MONDAY, date(9999, 1, 1))

    def test_the_end_of_the_calendar_is_refused(self):
        with pytest.raises(ModelError, match="too far away"):
            ENGLAND.working_days_after(date(9999, 12, 30), 5)


class TestDays:
    def test_they_begin_at_midnight_on_the_clocks_of_the_zone(self):
        assert ENGLAND.start_of_day(date(2027, 7, 1)).utcoffset() == timedelta(hours=1)

    def test_a_time_in_another_zone_is_moved_to_it(self):
        assert ENGLAND.local(datetime.fromisoformat("2027-07-01T23:30:00Z")).date() == date(2027, 7, 2)

    def test_a_time_without_a_zone_is_there_already(self):
        assert ENGLAND.local(datetime(2027, 7, 1, 23, 30)).isoformat() == "2027-07-01T23:30:00+01:00"


class TestCalendarFile:
    def test_is_read_with_its_closure_days(self):
        calendar = load_calendar(calendar_json(closureDays=[{"date": "2026-12-24", "why": "Closed for Christmas"}]))

        assert calendar.closure_days == {date(2026, 12, 24)}
        assert calendar.closed_because(date(2026, 12, 24)) == "Closed for Christmas"

    def test_needs_only_a_name(self):
        assert load_calendar(b'{"name": "Plain"}') == Calendar("Plain")

    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            (b"{", "is not JSON"),
            (b"[]", "one JSON object"),
            (b"{}", '"name"'),
            (b'{"name": "A", "closuredays": []}', "closuredays"),
            (b'{"name": "A", "division": "Narnia"}', "Narnia"),
            (b'{"name": "A", "zone": "Europe/Atlantis"}', "Europe/Atlantis"),
            (b'{"name": "A", "zone": "../../etc/passwd"}', "unknown time zone"),
            (b'{"name": "A", "zone": 7}', '"zone"'),
            (b'{"name": "A", "closureDays": {}}', "must be a list"),
            (b'{"name": "A", "closureDays": ["2026-12-24"]}', "entry 1"),
            (b'{"name": "A", "closureDays": [{"date": "24/12/2026", "why": "x"}]}', "24/12/2026"),
        ],
    )
    def test_that_is_wrong_says_where(self, content, complaint):
        with pytest.raises(ModelError, match=complaint):
            load_calendar(content)

    def test_with_a_day_twice_is_refused(self):
        day = {"date": "2026-12-24", "why": "Closed"}
        with pytest.raises(ModelError, match=r"entry 2 .* repeats 2026-12-24"):
            load_calendar(calendar_json(closureDays=[day, day]))


ENGLAND = Calendar("England")
MONDAY = date(2027, 1, 4)


def calendar_json(**fields):
    return json.dumps({"name": "Northmere", **fields}).encode()
