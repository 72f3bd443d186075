"""Functions on contexts (Table 81) and those that convert values (Tables 72 and 73 of the standard)."""

from __future__ import annotations

import pytest

from tests.feel.asking import reasons, text_of, value

EXAMPLES_OF_TABLE_81 = [
    ('get value({key1: "value1"}, "key1")', "value1"),
    (
        'get entries({key1: "value1", key2: "value2"})',
        '[{key: "key1", value: "value1"}, {key: "key2", value: "value2"}]',
    ),
    ('context([{key: "a", value: 1}, {key: "b", value: 2}])', "{a: 1, b: 2}"),
    ('context([{key: "a", value: 1}, {key: "b", value: 2, something: "else"}])', "{a: 1, b: 2}"),
    ('context put({x: 1}, "y", 2)', "{x: 1, y: 2}"),
    ('context put({x: 1, y: 0}, "y", 2)', "{x: 1, y: 2}"),
    ('context put({x: 1, y: 0, z: 0}, "y", 2)', "{x: 1, y: 2, z: 0}"),
    ('context put({x: 1}, ["y"], 2)', "{x: 1, y: 2}"),
    ('context put({x: 1, y: {a: 0}}, ["y", "a"], 2)', "{x: 1, y: {a: 2}}"),
    ("context merge([{x: 1}, {y: 2}])", "{x: 1, y: 2}"),
    ("context merge([{x: 1, y: 0}, {y: 2}])", "{x: 1, y: 2}"),
]
BEYOND_THE_EXAMPLES = [
    ("get entries({})", "[]"),
    ('get value({a: {b: [1]}}, ["a", "b"])', "[1]"),
    ('get value({"a b": 1}, "a b")', "1"),
    ("context([])", "{}"),
    ('context([{key: "a", value: null}])', "{a: null}"),
    ("context(get entries({a: 1, b: {c: 2}}))", "{a: 1, b: {c: 2}}"),
    ('context put({}, "", null)', '{"": null}'),
    ("context merge([])", "{}"),
    ("context merge({a: 1})", "{a: 1}"),
    ("context merge([{a: {b: 1}}, {a: {c: 2}}])", "{a: {c: 2}}"),
    ("get or else(null, 1)", "1"),
    ("get or else(false, 1)", "false"),
]
CONVERSIONS = [
    ('number("1 000,0", " ", ",") = number("1,000.0", ",", ".")', "true"),
    ('number("-1.000.000,01", ".", ",")', "-1000000.01"),
    ('number(".5", null, null)', "0.5"),
    ('number("1e3")', "1000"),
    ("number(1.5)", "1.5"),
    ("string(1.1)", "1.1"),
    ("string(null)", "null"),
    ('string("a\\"b")', 'a"b'),
    ("string(-0.0)", "0.0"),
    ("string(true)", "true"),
    ('string([1, "a\\"b", null, [true]])', '[1, "a\\"b", null, [true]]'),
    ('string({a: "x", "b c": 1, "1": {d: @"2027-01-04"}})', '{a: "x", b c: 1, "1": {d: 2027-01-04}}'),
    ("string([1..3))", "[1..3)"),
    ('string([@"P1D"..@"P2D"])', '[@"P1D"..@"P2D"]'),
    ('string(@"2027-01-04T10:00:00.500+01:00")', "2027-01-04T10:00:00.5+01:00"),
    ('string(@"10:00:00@Europe/Paris")', "10:00:00@Europe/Paris"),
    ('string(@"P0Y")', "P0M"),
    ('string(@"-P1DT2H3M4.5S")', "-P1DT2H3M4.5S"),
    ('string(date("-0044-03-15"))', "-0044-03-15"),
    ("not(true)", "false"),
    ("not(null)", "null"),
    ("is(1, 1.0)", "true"),
    ("is(null, null)", "true"),
    ('is([1, {a: "x"}], [1, {a: "x"}])', "true"),
    ('is(@"P0Y", @"P0D")', "false"),
]
NULL = [
    ('get value({key1: "value1"}, "unexistent-key")', "the context has no entry “unexistent-key”"),
    ('get value({a: 1}, ["a", "b"])', "there is no entry “b”"),
    ("get value({a: 1}, [])", "the list of keys is empty"),
    ("get value({a: 1}, [1, 2])", "“keys” must hold texts, not the number 1"),
    ('context([{key: "a", value: 1}, {key: "b"}])', "every entry needs a text as “key” and a “value”"),
    ("context([{key: null, value: 1}])", "every entry needs a text"),
    ("context([1])", "every entry needs a text"),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "the key “a” stands there twice"),
    ("context put({x: 1, y: {a: 0}}, [], 2)", "the list of keys is empty"),
    ('context put({x: 1}, ["x", "a"], 2)', "the entry “x” is no context"),
    ('context put({x: 1}, ["y", "a"], 2)', "the entry “y” is no context"),
    ("context put({x: 1}, 3, 2)", "“keys” must hold texts, not the number 3"),
    ("context merge([{a: 1}, null])", "the list holds null, which is no context"),
    ('number("1,000.00", ",", ",")', "the two separators must differ"),
    ('number("1", "x", ".")', "must be a blank, “,” or “.”"),
    ('number("1", ",", " ")', "must be “,” or “.”"),
    ('number("1.5", null, ",")', "with the decimal separator “,”"),
    ('number("+1")', "is no number"),
    ('number("1.")', "is no number"),
    ('number(" 1")', "is no number"),
    ('number("")', "is no number"),
    ('number("1e99999")', "outside what FEEL can hold"),
    ('number("1e999999")', "is no number"),
]


@pytest.mark.parametrize(("text", "expected"), [*EXAMPLES_OF_TABLE_81, *BEYOND_THE_EXAMPLES, *CONVERSIONS])
def test_gives(text, expected):
    assert text_of(text) == expected


@pytest.mark.parametrize(("text", "reason"), NULL)
def test_is_null_and_says_why(text, reason):
    assert value(text) is None
    assert reason in reasons(text)


def test_a_number_of_a_million_digits_is_refused_at_once():
    assert value("number(text)", text="1" * 1_000_000) is None
