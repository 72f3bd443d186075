"""Numeric functions (Table 76 of the standard) and those that draw one value from a list (Table 75)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.feel.asking import reasons, text_of, value

EXAMPLES_OF_TABLE_76 = [
    ("decimal(1/3, 2)", "0.33"),
    ("decimal(1.5, 0)", "2"),
    ("decimal(2.5, 0)", "2"),
    ("floor(1.5)", "1"),
    ("floor(-1.56, 1)", "-1.6"),
    ("ceiling(1.5)", "2"),
    ("ceiling(-1.56, 1)", "-1.5"),
    ("round up(5.5, 0)", "6"),
    ("round up(-5.5, 0)", "-6"),
    ("round up(1.121, 2)", "1.13"),
    ("round up(-1.126, 2)", "-1.13"),
    ("round down(5.5, 0)", "5"),
    ("round down(-5.5, 0)", "-5"),
    ("round down(1.121, 2)", "1.12"),
    ("round down(-1.126, 2)", "-1.12"),
    ("round half up(5.5, 0)", "6"),
    ("round half up(-5.5, 0)", "-6"),
    ("round half up(1.121, 2)", "1.12"),
    ("round half up(-1.126, 2)", "-1.13"),
    ("round half down(5.5, 0)", "5"),
    ("round half down(-5.5, 0)", "-5"),
    ("round half down(1.121, 2)", "1.12"),
    ("round half down(-1.126, 2)", "-1.13"),
    ("abs(10)", "10"),
    ("abs(-10)", "10"),
    ('abs(@"PT5H")', "PT5H"),
    ('abs(@"-PT5H")', "PT5H"),
    ('abs(@"-P1Y2M")', "P1Y2M"),
    ("modulo(12, 5)", "2"),
    ("modulo(-12, 5)", "3"),
    ("modulo(12, -5)", "-3"),
    ("modulo(-12, -5)", "-2"),
    ("modulo(10.1, 4.5)", "1.1"),
    ("modulo(-10.1, 4.5)", "3.4"),
    ("modulo(10.1, -4.5)", "-3.4"),
    ("modulo(-10.1, -4.5)", "-1.1"),
    ("sqrt(16)", "4"),
    ("odd(5)", "true"),
    ("odd(2)", "false"),
    ("even(5)", "false"),
    ("even(2)", "true"),
]
BEYOND_THE_EXAMPLES = [
    ("decimal(12345, -2)", "12300"),
    ("decimal(-2.5, 0)", "-2"),
    ("decimal(1, 6176)", "1"),
    ("floor(12345, -2)", "12300"),
    ("ceiling(12345, -2)", "12400"),
    ("ceiling(-0.3)", "0"),
    ("round half up(0.5, 0)", "1"),
    ("round half down(0.51, 0)", "1"),
    ("modulo(5, 0.3)", "0.2"),
    ("modulo(10**30, 7)", "1"),
    ("modulo(-6, 3)", "0"),
    ("modulo(6, -3)", "0"),
    ("sqrt(0)", "0"),
    ("exp(0)", "1"),
    ("log(1)", "0"),
    ("odd(-3)", "true"),
    ("even(0)", "true"),
    ("even(10**40)", "true"),
]
NULL = [
    ("decimal(1, 6177)", "between -6111 and 6176"),
    ("decimal(1, -6112)", "between -6111 and 6176"),
    ("round up(5.5, 10**6000)", "between -6111 and 6176"),
    ("sqrt(-1)", "no square root"),
    ("log(0)", "only a number above 0"),
    ("log(-1)", "only a number above 0"),
    ("exp(100000)", "outside what FEEL can hold"),
    ("modulo(1, 0)", "the divisor is 0"),
    ("odd(1.5)", "no integer"),
    ("even(0.5)", "no integer"),
    ("abs(true)", "not the boolean true"),
]
LISTS_IN_TABLE_75 = [
    ("min([1, 2, 3])", "1"),
    ("max(1, 2, 3)", "3"),
    ("min(1)", "1"),
    ("min([1])", "1"),
    ("sum([1, 2, 3])", "6"),
    ("sum(1, 2, 3)", "6"),
    ("sum(1)", "1"),
    ("mean([1, 2, 3])", "2"),
    ("mean(1, 2, 3)", "2"),
    ("mean(1)", "1"),
    ("all([false, null, true])", "false"),
    ("all(true)", "true"),
    ("all([true])", "true"),
    ("all([])", "true"),
    ("any([false, null, true])", "true"),
    ("any(false)", "false"),
    ("any([])", "false"),
    ("product([2, 3, 4])", "24"),
    ("product(2, 3, 4)", "24"),
    ("median(8, 2, 5, 3, 4)", "4"),
    ("median([6, 1, 2, 3])", "2.5"),
    ("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"),
    ("mode(6, 3, 9, 6, 6)", "[6]"),
    ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
    ("mode([])", "[]"),
    ('min(["b", "a"])', "a"),
    ('max(@"2027-01-04", @"2026-01-04")', "2027-01-04"),
    ('max([@"PT1H", @"P1D"])', "P1D"),
    ('min(@"P1Y", @"P13M")', "P1Y"),
    ('max(@"10:00:00", @"11:00:00")', "11:00:00"),
    ('sum(@"P1D", @"PT1H")', "P1DT1H"),
    ('mean([@"P1D", @"P3D"])', "P2D"),
]
NULL_OF_LISTS = [
    ("max([])", "the list is empty"),
    ("sum([])", "the list is empty"),
    ("mean([])", "the list is empty"),
    ("product([])", "the list is empty"),
    ("median([])", "the list is empty"),
    ("stddev([])", "the list is empty"),
    ("stddev([47])", "at least two numbers"),
    ("stddev(47)", "at least two numbers"),
    ("all(0)", "neither true nor false"),
    ("any(0)", "neither true nor false"),
    ("all([true, null])", "neither true nor false"),
    ("any([false, null])", "neither true nor false"),
    ("min([null, 1])", "the list holds null"),
    ("min([1, null])", "null and the number 1 have no order"),
    ('max([1, "a"])', "have no order"),
    ("max([true, false])", "the list holds the boolean true"),
    ('max(@"2027-01-04", @"2027-01-04T00:00:00")', "have no order"),
    ("sum([1, null])", "the list holds null, which is no number"),
    ('mean([1, "2"])', "which is no number"),
    ('mode([1, "2"])', "which is no number"),
    ('sum(@"P1D", @"P1M")', "has no result"),
]


@pytest.mark.parametrize(("text", "expected"), [*EXAMPLES_OF_TABLE_76, *BEYOND_THE_EXAMPLES, *LISTS_IN_TABLE_75])
def test_gives(text, expected):
    assert text_of(text) == expected


@pytest.mark.parametrize(("text", "reason"), [*NULL, *NULL_OF_LISTS])
def test_is_null_and_says_why(text, reason):
    assert value(text) is None
    assert reason in reasons(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("log(10)", "2.30258509299"), ("exp(5)", "148.413159102577"), ("exp(-1)", "0.36787944117")]
)
def test_is_as_near_as_the_standard_writes_it(text, expected):
    assert abs(value(text) - Decimal(expected)) < Decimal("1e-11")


def test_rounding_to_a_place_beyond_the_digits_leaves_the_number_as_it_is():
    assert text_of("round half up(1.50, 5)") == "1.50"
