"""What FEEL computes with literals and operators. Built-in functions are in `test_builtin_*.py`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from service.feel import Range, YearsMonthsDuration
from tests.feel.asking import text_of, value


class TestNumbers:
    def test_are_decimal_so_that_a_tenth_is_a_tenth(self):
        assert value("0.1 + 0.2 = 0.3") is True

    def test_have_34_digits_rounded_half_to_even(self):
        assert value("2 / 3") == Decimal("0.6666666666666666666666666666666667")

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1 + 2 * 3", 7),
            ("-2 ** 2", 4),
            ("2 ** 3 ** 2", 64),
            ("10 / 4", Decimal("2.5")),
            (".5 + 1.5e1", Decimal("15.5")),
        ],
    )
    def test_follow_the_precedence_of_the_standard(self, text, expected):
        assert value(text) == expected

    @pytest.mark.parametrize("text", ["1 / 0", "10 ** 7000", '1 + "a"', "null * 2", "-true"])
    def test_without_a_result_are_null(self, text):
        assert value(text) is None

    def test_from_the_caller_may_be_int_or_float(self):
        assert value("a + b", a=1, b=0.1) == Decimal("1.1")


class TestTexts:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [('"a\\nb"', "a\nb"), ('"\\u00e9"', "é"), ('"\\U01F40E"', "🐎"), ('"\\uD83D\\uDC0E"', "🐎"), ('"\\d"', "\\d")],
    )
    def test_know_the_escapes(self, text, expected):
        assert value(text) == expected

    def test_are_joined_by_plus(self):
        assert value('"K-" + "101"') == "K-101"


class TestDatesAndTimes:
    def test_are_written_after_an_at_sign(self):
        assert value('@"2027-01-04"') == date(2027, 1, 4)

    def test_know_their_zone(self):
        assert value('@"2027-07-04T10:00:00@Europe/London"').utcoffset() == timedelta(hours=1)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('@"2027-01-31" + @"P1M"', "2027-02-28"),
            ('@"2027-01-04" + @"P10D"', "2027-01-14"),
            ('@"2027-01-04" - @"2026-12-25"', "P10D"),
            ('@"23:00:00" + @"PT2H"', "01:00:00"),
            ('@"P1Y" / @"P1M"', "12"),
            ('@"P1D" * 1.5', "P1DT12H"),
            ('@"9999-12-31" + @"P1D"', "10000-01-01"),
            ('@"2027-01-04T00:00:00Z" - @"2027-01-04T00:00:00"', "null"),
        ],
    )
    def test_can_be_moved_and_subtracted(self, text, expected):
        assert text_of(text) == expected

    def test_a_day_across_the_clock_change_has_24_hours(self):
        assert text_of('@"2027-03-27T12:00:00@Europe/London" + @"P1D"') == "2027-03-28T13:00:00@Europe/London"

    def test_are_equal_when_they_are_the_same_instant(self):
        assert value('@"2027-07-04T10:00:00@Europe/London" = @"2027-07-04T09:00:00Z"') is True

    def test_are_equal_to_the_second_as_the_standard_has_it(self):
        assert value('@"10:00:00.5" = @"10:00:00"') is True
        assert value('@"10:00:00.5" > @"10:00:00"') is True

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('@"2027-01-04".weekday', "1"),
            ('@"2027-01-04T10:30:00+01:00".time offset', "PT1H"),
            ('@"-P1Y2M".months', "-2"),
            ('@"P1DT25H".hours', "1"),
            ("(1..5].start included", "false"),
            ('@"2027-01-04".hour', "null"),
        ],
    )
    def test_have_properties(self, text, expected):
        assert text_of(text) == expected


class TestComparison:
    @pytest.mark.parametrize(
        "text", ["1 < 2", '"a" <= "a"', "[1, [2]] = [1, [2]]", "{a: 1, b: 2} = {b: 2, a: 1}", "null = null"]
    )
    def test_holds(self, text):
        assert value(text) is True

    @pytest.mark.parametrize(
        "text", ['1 = "1"', '1 < "2"', "null < 1", '@"2027-01-04" = @"2027-01-04T00:00:00"', "true > false"]
    )
    def test_of_different_kinds_is_null(self, text):
        assert value(text) is None

    @pytest.mark.parametrize(("tested", "expected"), [(1, True), (3, True), (4, False), (None, None)])
    def test_between_includes_both_ends(self, tested, expected):
        assert value("x between 1 and 3", x=tested) is expected


class TestThreeValuedLogic:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("true and null", None),
            ("false and null", False),
            ("null or true", True),
            ("null or false", None),
            ("1 and true", None),
            ("not(null)", None),
        ],
    )
    def test_unknown_stays_unknown_unless_the_other_side_decides(self, text, expected):
        assert value(text) is expected

    @pytest.mark.parametrize(("condition", "expected"), [("true", 1), ("false", 2), ("null", 2), ('"yes"', 2)])
    def test_if_holds_only_when_true(self, condition, expected):
        assert value(f"if {condition} then 1 else 2") == expected


class TestInstanceOf:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1 instance of number", True),
            ("null instance of Any", False),
            ('@"P1D" instance of days and time duration', True),
            ("[1, 2] instance of list<number>", True),
            ('[1, "a"] instance of list<number>', False),
            ("{a: {b: 1}} instance of context<a: context<b: number>>", True),
            ("[1..2] instance of range<number>", True),
            ("(function(a) a) instance of function<Any> -> Any", True),
            ("1 instance of tUnknown", None),
        ],
    )
    def test_asks_for_the_type(self, text, expected):
        assert value(text) is expected


def test_a_range_knows_its_ends():
    assert value("]1..10[") == Range(Decimal(1), Decimal(10), False, False)


def test_months_are_no_days():
    assert value('@"P12M"') == YearsMonthsDuration(12)
    assert value('@"P1Y" = @"P365D"') is None


def test_a_date_and_time_without_an_offset_stays_without():
    assert value('@"2027-01-04T10:00:00"') == datetime(2027, 1, 4, 10)
