"""Dates as people type them."""

from __future__ import annotations

from typing import Any

import pytest

from service.definitions.dates import NotADate, read_date, read_moment, read_time


@pytest.mark.parametrize(
    "typed",
    ["2027-01-04", "4/1/2027", "04.01.2027", {"day": "4", "month": "1", "year": "2027"},
     {"day": " 04 ", "month": " January ", "year": "2027"}, {"day": 4, "month": "jan", "year": 2027}],
)  # fmt: skip
def test_a_date_is_read_however_it_is_typed(typed: Any) -> None:
    assert read_date(typed) == "2027-01-04"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2027-02-30", "February 2027 has 28 days"),
        ("2028-02-30", "February 2028 has 29 days"),
        ("31/4/2027", "April 2027 has 30 days"),
        ("2027-13-01", "there is no month 13"),
        ("0000-01-01", "the year must have 4 numbers"),
        ("tomorrow", "must be a date, such as"),
        (20270104, "must be a date, such as"),
        ({"day": "4", "month": "", "year": ""}, "must include a month and year"),
        ({"day": "4", "month": "1", "year": "27"}, "a year of 4 numbers"),
        ({"day": "x", "month": "1", "year": "2027"}, "must be a real date"),
        ({"day": "٤", "month": "1", "year": "2027"}, "must be a real date"),
    ],
)
def test_an_impossible_date_is_explained(typed: Any, says: str) -> None:
    with pytest.raises(NotADate, match=says):
        read_date(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" 14:30 ", "14:30:00"),
        ("9.05", "09:05:00"),
        ("2:30pm", "14:30:00"),
        ("12:00 am", "00:00:00"),
        ("12:15 PM", "12:15:00"),
    ],
)
def test_a_time_is_read(typed: str, read: str) -> None:
    assert read_time(typed) == read


@pytest.mark.parametrize("typed", ["25:00", "12:60", "13:00pm", "noon", "", 9])
def test_an_impossible_time_is_refused(typed: Any) -> None:
    with pytest.raises(NotADate):
        read_time(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2027-01-04T14:30", "2027-01-04T14:30:00"),
        ("2027-06-04T14:30:00+01:00", "2027-06-04T14:30:00+01:00"),
        ("2027-01-04T14:30:00Z", "2027-01-04T14:30:00+00:00"),
        ({"date": "4/1/2027", "time": "2:30pm"}, "2027-01-04T14:30:00"),
        ({"day": "4", "month": "1", "year": "2027", "time": "14:30"}, "2027-01-04T14:30:00"),
    ],
)
def test_a_moment_is_read(typed: Any, read: str) -> None:
    assert read_moment(typed) == read


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"date": "4/1/2027"}, "must include a time"),
        ({"time": "10:00"}, "must include a date"),
        ("2027-02-30T10:00", "February 2027 has 28 days"),
        ("2027-01-04T25:00", "real date and time"),
        ("2027-01-04", "a date and a time"),
    ],
)
def test_an_impossible_moment_is_explained(typed: Any, says: str) -> None:
    with pytest.raises(NotADate, match=says):
        read_moment(typed)
