"""Dates, times and durations against Python's calendar and whole seconds, and texts that are read again."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.feel import YearsMonthsDuration, write
from tests.feel.asking import value
from tests.feel.randomly import AWARE_MOMENTS, AWARE_TIMES, DATES, LENGTHS, MOMENTS, MONTHS, ORDERED_KINDS, TIMES, laws

SECONDS_OF_A_DAY = 86_400


def months_on(day, months):
    """The date so many months on, the last of the month where there is no such day; counted month by month."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month in (0, 13):
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


@laws(80)
@given(DATES, LENGTHS, DATES)
def test_days_on_the_calendar(day, length, other):
    midnight = datetime(day.year, day.month, day.day)

    assert value("d + l", d=day, l=length) == (midnight + length).date()
    assert value("d - l", d=day, l=length) == (midnight - length).date()
    assert value("l + d = d + l", d=day, l=length) is True
    assert value("(a - b).days", a=day, b=other) == day.toordinal() - other.toordinal()
    assert value("b + (a - b) = a", a=day, b=other) is True


@laws(80)
@given(DATES | MOMENTS, st.integers(-300, 300))
def test_months_on_the_calendar(day, months):
    assert value("d + m", d=day, m=YearsMonthsDuration(months)) == months_on(day, months)
    assert value("d - m", d=day, m=YearsMonthsDuration(-months)) == months_on(day, months)


@laws(100)
@given(DATES, DATES)
def test_months_between_two_dates_are_as_many_as_were_finished(start, end):
    months = value("years and months duration(a, b)", a=start, b=end).months

    assert value("years and months duration(b, a)", a=start, b=end).months == -months
    first, last = min(start, end), max(start, end)
    finished = (last.year - first.year) * 12 + last.month - first.month
    assert abs(months) == finished - (last.day < first.day)


@laws(80)
@given(MOMENTS, AWARE_MOMENTS, LENGTHS, AWARE_MOMENTS)
def test_moments_on_the_time_line(naive, aware, length, other):
    assert value("m + l", m=naive, l=length) == naive + length
    assert value("m + l", m=aware, l=length).astimezone(UTC) == aware.astimezone(UTC) + length
    assert value("m + l", m=aware, l=length).utcoffset() == aware.utcoffset()
    assert value("a - b", a=aware, b=other) == aware.astimezone(UTC) - other.astimezone(UTC)
    assert value("(a - b) + (b - a)", a=aware, b=other) == timedelta(0)


@laws(100)
@given(TIMES, LENGTHS)
def test_times_go_round_the_clock(clock, length):
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    landed = int(seconds + length.total_seconds()) % SECONDS_OF_A_DAY

    found = value("t + l", t=clock, l=length)
    assert (found.hour * 60 + found.minute) * 60 + found.second == landed
    assert value("t + l - l = t", t=clock, l=length) is True


@laws(100)
@given(LENGTHS, LENGTHS, st.integers(-50, 50), MONTHS, MONTHS)
def test_durations_are_counted_in_seconds_and_in_months(one, other, factor, months, more):
    seconds = int(one.total_seconds())

    assert value("a + b", a=one, b=other) == one + other
    assert value("a - b", a=one, b=other) == one - other
    assert value("a * n", a=one, n=factor) == timedelta(seconds=seconds * factor) == value("n * a", a=one, n=factor)
    assert value("-a", a=one) == timedelta(seconds=-seconds)
    assert value("a + b", a=months, b=more).months == months.months + more.months
    assert value("a * n", a=months, n=factor).months == months.months * factor
    parts = value("[a.days, a.hours, a.minutes, a.seconds]", a=one)
    assert ((parts[0] * 24 + parts[1]) * 60 + parts[2]) * 60 + parts[3] == seconds
    years = value("[m.years, m.months]", m=months)
    assert years[0] * 12 + years[1] == months.months
    assert all(abs(part) < limit for part, limit in zip(parts[1:] + years[1:], (24, 60, 60, 12), strict=True))


@laws(100)
@given(LENGTHS, LENGTHS.filter(bool))
def test_one_duration_goes_into_another_so_many_times(one, other):
    ratio = value("a / b", a=one, b=other)

    assert abs(ratio * Decimal(int(other.total_seconds())) - int(one.total_seconds())) < Decimal("1E-20")


@pytest.mark.parametrize("number", range(len(ORDERED_KINDS)))
def test_the_values_of_one_kind_stand_in_one_row(number):
    @laws(40)
    @given(st.lists(ORDERED_KINDS[number], min_size=3, max_size=3))
    def law(values):
        a, b, c = values
        assert [value(f"a {o} b", a=a, b=b) for o in ("<", "=", ">")].count(True) == 1
        assert value("(a < b) = (b > a) and (a <= b) = not(a > b) and (a != b) = not(a = b)", a=a, b=b) is True
        assert value("if a <= b and b <= c then a <= c else true", a=a, b=b, c=c) is True
        assert value("min(a, b, c) <= max(a, b, c) and list contains([a, b, c], min(a, b, c))", a=a, b=b, c=c) is True
        ordered = value("sort(v, function(x, y) x < y)", v=values)
        assert value("o[1] <= o[2] and o[2] <= o[3]", o=ordered) is True

    law()


@laws(100)
@given(DATES, TIMES | AWARE_TIMES, MOMENTS | AWARE_MOMENTS, LENGTHS | MONTHS)
def test_what_is_written_is_read_again(day, clock, moment, length):
    scope = {"d": day, "t": clock, "m": moment, "l": length}

    assert value("date(string(d))", **scope) == day
    assert value("is(time(string(t)), t) and is(date and time(string(m)), m)", **scope) is True
    assert value("duration(string(l))", **scope) == length
    assert value(f'@"{write(moment)}"') == moment
    assert value("date and time(date(m), time(m)) = m", **scope) is True


@laws(100)
@given(DATES)
def test_the_parts_of_a_date_make_it_again(day):
    assert value("date(d.year, d.month, d.day) = d", d=day) is True
    assert value("d.weekday", d=day) == day.isoweekday()
    assert value("day of year(d)", d=day) == (day - date(day.year, 1, 1)).days + 1
    assert value("week of year(d)", d=day) == day.isocalendar()[1]
    assert value("day of week(d)", d=day) == calendar.day_name[day.weekday()]
    assert value("month of year(d)", d=day) == calendar.month_name[day.month]


@laws(60)
@given(TIMES)
def test_the_parts_of_a_time_make_it_again(clock):
    assert value("time(t.hour, t.minute, t.second) = t", t=clock) is True
    assume(clock != time(0))
    assert value('time("00:00:00") < t', t=clock) is True
