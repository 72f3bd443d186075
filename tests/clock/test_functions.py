"""The clock functions that diagrams, tables and forms call. The reckoning is in `test_timescales.py`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from service.clock import Calendar, Timescale, feel_functions
from service.domain.errors import ModelError
from service.feel import compile_expression


@pytest.mark.parametrize(
    "name", sorted(feel_functions(Calendar("England"), lambda _: None, datetime(2027, 1, 4, tzinfo=UTC)))
)
def test_each_is_read_as_a_call_before_anybody_offers_it(name):
    assert compile_expression(f"{name}(a, b) > 3").calls == {name}


class TestDeadlines:
    def test_are_dates(self):
        assert call("deadline", "T1", date(2027, 1, 4)) == date(2027, 1, 11)

    def test_are_overdue_from_a_moment(self):
        assert call("overdue from", "T1", date(2027, 1, 4)).isoformat() == "2027-01-12T00:00:00+00:00"

    def test_explain_themselves(self):
        assert call("explain deadline", "T1", date(2027, 1, 4)).startswith("5 working days from 4 January 2027")

    @pytest.mark.parametrize(
        "start",
        ["2027-01-04", "2027-01-04T09:00:00Z", "2027-01-04T09:00:00@Europe/London", datetime(2027, 1, 4, 9, 0)],
    )
    def test_start_on_a_date_a_time_or_its_iso_text(self, start):
        assert call("deadline", "T1", start) == date(2027, 1, 11)

    @pytest.mark.parametrize("arguments", [(None, date(2027, 1, 4)), ("T1", None)])
    def test_of_nothing_are_nothing(self, arguments):
        assert call("deadline", *arguments) is None

    @pytest.mark.parametrize(
        "arguments",
        [("T9", "2027-01-04"), ("T1", "soon"), ("T1", "2027-01-04T09:00@Nowhere"), ("T1", True), (5, "2027-01-04")],
    )
    def test_of_nonsense_are_the_model_s_fault(self, arguments):
        with pytest.raises(ModelError):
            call("deadline", *arguments)


class TestWorkingDays:
    def test_after(self):
        assert call("working days after", date(2027, 1, 4), Decimal(5)) == date(2027, 1, 11)

    def test_between_is_a_feel_number(self):
        found = call("working days between", "2027-01-04", datetime(2027, 1, 11, 12, 0))

        assert isinstance(found, Decimal)
        assert found == 5

    def test_are_whole(self):
        with pytest.raises(ModelError, match="whole days"):
            call("working days after", date(2027, 1, 4), Decimal("1.5"))

    @pytest.mark.parametrize("name", ["working days after", "working days between"])
    def test_of_nothing_are_nothing(self, name):
        assert call(name, None, Decimal(5)) is None
        assert call(name, date(2027, 1, 4), None) is None


class TestNow:
    def test_is_the_time_given_on_the_clocks_of_the_zone(self):
        assert call("now").isoformat() == "2027-07-01T00:30:00+01:00"

    def test_today_is_the_day_there(self):
        assert call("today") == date(2027, 7, 1)

    def test_needs_a_zone(self):
        with pytest.raises(ValueError, match="zone"):
            feel_functions(Calendar("England"), look_up, datetime(2027, 1, 4))


def call(name, *arguments):
    now = datetime.fromisoformat("2027-06-30T23:30:00Z")
    return feel_functions(Calendar("England"), look_up, now)[name].call(*arguments)


def look_up(timescale_id):
    if timescale_id != "T1":
        raise ModelError(f"There is no timescale {timescale_id}.")
    return Timescale("T1", "First visit", 5, "working days")
