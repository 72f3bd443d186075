"""The built-in functions of the standard. Patterns are in `test_patterns.py`."""

from __future__ import annotations

import pytest

from service.feel import BUILTIN_NAMES
from tests.feel.asking import reasons, text_of

NUMBERS = [
    ("decimal(2.515, 2)", "2.52"),
    ("floor(-1.5)", "-2"),
    ("ceiling(1.51, 1)", "1.6"),
    ("round up(-1.11, 1)", "-1.2"),
    ("round down(1.19, 1)", "1.1"),
    ("round half up(2.5, 0)", "3"),
    ("round half down(2.5, 0)", "2"),
    ("abs(-3)", "3"),
    ('abs(@"-P1D")', "P1D"),
    ("modulo(-12, 5)", "3"),
    ("sqrt(16)", "4"),
    ("sqrt(-1)", "null"),
    ("log(1)", "0"),
    ("exp(0)", "1"),
    ("odd(3)", "true"),
    ("even(3)", "false"),
]
STRINGS = [
    ('substring("foobar", 3, 2)', "ob"),
    ('substring("foobar", -2)', "ar"),
    ('substring("foobar", 9)', "null"),
    ('string length("🐎a")', "2"),
    ('upper case("aß")', "ASS"),
    ('lower case("AB")', "ab"),
    ('substring before("foobar", "bar")', "foo"),
    ('substring after("foobar", "foo")', "bar"),
    ('contains("foobar", "ob")', "true"),
    ('starts with("foobar", "fo")', "true"),
    ('ends with("foobar", "fo")', "false"),
    ('string join(["a", null, "b"], ", ")', "a, b"),
    ('string join(["a", 1])', "null"),
]
LISTS = [
    ("list contains([1, null], null)", "true"),
    ("count([1, null])", "2"),
    ("sublist([1, 2, 3], 2, 2)", "[2, 3]"),
    ("sublist([1, 2, 3], 2, 3)", "null"),
    ("append([1], [2], 3)", "[1, [2], 3]"),
    ("append([1], [2])", "[1, [2]]"),
    ("concatenate([1], [2, 3])", "[1, 2, 3]"),
    ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
    ("remove([1, 2, 3], -1)", "[1, 2]"),
    ("list replace([1, 2, 3], 2, 9)", "[1, 9, 3]"),
    ("list replace([1, 2, 3], function(item, new) item < 3, 0)", "[0, 0, 3]"),
    ("reverse([1, 2])", "[2, 1]"),
    ("index of([1, 2, 1], 1)", "[1, 3]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ("distinct values([1, 2, 1])", "[1, 2]"),
    ("duplicate values([1, 2, 1])", "[1]"),
    ("flatten([1, [2, [3]]])", "[1, 2, 3]"),
    ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
    ("sort([3, 1, 2])", "[1, 2, 3]"),
    ("is empty([])", "true"),
    ("partition([1, 2, 3], 2)", "[[1, 2], [3]]"),
]
STATISTICS = [
    ("min([3, 1])", "1"),
    ("max(3, 1)", "3"),
    ('max([3, "a"])', "null"),
    ("sum([1, 2])", "3"),
    ("sum([])", "null"),
    ('sum([@"P1D", @"PT1H"])', "P1DT1H"),
    ("product(2, 3)", "6"),
    ("mean([1, 2])", "1.5"),
    ("median([3, 1, 2])", "2"),
    ("median([4, 1])", "2.5"),
    ("stddev([2, 4])", "1.414213562373095048801688724209698"),
    ("mode([6, 3, 9, 6, 3])", "[3, 6]"),
    ("all([true, null])", "null"),
    ("all([false, null])", "false"),
    ("any(false, true)", "true"),
]
CONTEXTS = [
    ("not(true)", "false"),
    ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
    ('is(@"10:00:00", @"10:00:00Z")', "false"),
    ("get or else(null, 1)", "1"),
    ('get value({a: {b: 1}}, ["a", "b"])', "1"),
    ('get value({a: 1}, "a")', "1"),
    ("get entries({a: 1})", '[{key: "a", value: 1}]'),
    ('context([{key: "a", value: 1}])', "{a: 1}"),
    ('context put({a: {b: 1}}, ["a", "c"], 2)', "{a: {b: 1, c: 2}}"),
    ('context put({a: 1}, "a", 2)', "{a: 2}"),
    ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
]
CONVERSION = [
    ('number("1.000,5", ".", ",")', "1000.5"),
    ('number("12")', "12"),
    ('number("1,0")', "null"),
    ('string({a: "x", b: [1, null]})', '{a: "x", b: [1, null]}'),
    ("string(1.50)", "1.50"),
    ("string(null)", "null"),
    ('date("2027-01-04")', "2027-01-04"),
    ('date("2027-1-4")', "null"),
    ("date(2027, 2, 29)", "null"),
    ('date(@"2027-01-04T10:00:00")', "2027-01-04"),
    ('time("10:00:00+01:00")', "10:00:00+01:00"),
    ("time(10, 30, 0.5)", "10:30:00.5"),
    ('date and time(@"2027-01-04", @"10:00:00")', "2027-01-04T10:00:00"),
    ('date and time("2027-01-04T10:00:00@Nowhere/City")', "null"),
    ('duration("PT36H")', "P1DT12H"),
    ('duration("P14M")', "P1Y2M"),
    ('years and months duration(@"2026-01-31", @"2027-02-28")', "P1Y"),
    ('range("[1..3)")', "[1..3)"),
    ('range("[3..1]")', "null"),
]
DATES = [
    ('day of year(@"2027-02-01")', "32"),
    ('day of week(@"2027-01-04")', "Monday"),
    ('month of year(@"2027-01-04")', "January"),
    ('week of year(@"2027-01-03")', "53"),
    ('last day of month(@"2028-02-03")', "2028-02-29"),
]
RANGES = [
    ("before(1, [2..3])", "true"),
    ("before([1..2), [2..3])", "true"),
    ("after([2..3], 2)", "false"),
    ("meets([1..2], [2..3])", "true"),
    ("met by([2..3], [1..2))", "false"),
    ("overlaps([1..3], [3..5])", "true"),
    ("overlaps before([1..3], [2..5])", "true"),
    ("overlaps after([2..5], [1..3])", "true"),
    ("finishes(3, [1..3])", "true"),
    ("finished by([1..3], (1..3])", "true"),
    ("includes([1..3], 3)", "true"),
    ("during([1..3], [1..2])", "false"),
    ("starts(1, (1..3])", "false"),
    ("started by([1..3], [1..2])", "true"),
    ("coincides([1..3], [1..3))", "false"),
    ("before([1..2], (> 2))", "true"),
]
EXAMPLES = [*NUMBERS, *STRINGS, *LISTS, *STATISTICS, *CONTEXTS, *CONVERSION, *DATES, *RANGES]
IN_PATTERNS = {"matches", "replace", "split"}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_a_function_gives(text, expected):
    assert text_of(text) == expected


def test_every_function_has_an_example():
    assert {text.partition("(")[0] for text, _ in EXAMPLES} | IN_PATTERNS == BUILTIN_NAMES


def test_time_of_day_is_not_built_in():
    assert not BUILTIN_NAMES & {"now", "today"}


def test_arguments_may_be_named():
    assert text_of('substring(start position: 3, string: "foobar")') == "obar"


@pytest.mark.parametrize("call", ["abs()", "abs(1, 2)", "abs(number: 1)", "abs(null)", 'abs("1")'])
def test_a_wrong_call_is_null_and_says_why(call):
    assert text_of(call) == "null"
    assert reasons(call).startswith("abs: ")


def test_a_list_of_one_stands_for_its_item():
    assert text_of('upper case(["a"])') == "A"


def test_an_item_stands_for_a_list_of_one():
    assert text_of("count(5)") == "1"
