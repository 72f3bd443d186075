"""Functions on texts (Table 74 of the standard). Patterns are in `test_patterns.py`."""

from __future__ import annotations

import tracemalloc

import pytest

from service.feel import FeelError, Limits, compile_expression
from tests.feel.asking import reasons, text_of, value

EXAMPLES_OF_TABLE_74 = [
    ('substring("foobar", 3)', "obar"),
    ('substring("foobar", 3, 3)', "oba"),
    ('substring("foobar", -2, 1)', "a"),
    ('substring("\\U01F40Eab", 2)', "ab"),
    ('string length("foo")', "3"),
    ('string length("\\U01F40Eab")', "3"),
    ('upper case("aBc4")', "ABC4"),
    ('lower case("aBc4")', "abc4"),
    ('substring before("foobar", "bar")', "foo"),
    ('substring before("foobar", "xyz")', ""),
    ('substring after("foobar", "ob")', "ar"),
    ('substring after("", "a")', ""),
    ('contains("foobar", "of")', "false"),
    ('starts with("foobar", "fo")', "true"),
    ('ends with("foobar", "r")', "true"),
    ('string join(["a", "b", "c"], "_and_")', "a_and_b_and_c"),
    ('string join(["a", "b", "c"], "")', "abc"),
    ('string join(["a", "b", "c"], null)', "abc"),
    ('string join(["a"], "X")', "a"),
    ('string join(["a", null, "c"], "X")', "aXc"),
    ('string join([], "X")', ""),
    ('string join(["a", null, "c"])', "ac"),
]
BEYOND_THE_EXAMPLES = [
    ('substring("foobar", -6)', "foobar"),
    ('substring("foobar", 6, 1)', "r"),
    ('substring("foobar", 3, 3.8)', "oba"),
    ('substring("foobar", 3.0)', "obar"),
    ('substring("\\uD83D\\uDC0Ea\\U01F600", -1)', "\U0001f600"),
    ('string length("")', "0"),
    ('string length("e\\u0301")', "2"),
    ('upper case("straße")', "STRASSE"),
    ('lower case("ÀÉ\\U010400")', "àé\U00010428"),
    ('substring before("\\U01F40Eab", "ab")', "\U0001f40e"),
    ('substring before("aXbX", "X")', "a"),
    ('substring after("aXbX", "X")', "bX"),
    ('substring after("foobar", "")', "foobar"),
    ('substring before("foobar", "")', ""),
    ('substring after("foobar", "z")', ""),
    ('contains("foobar", "")', "true"),
    ('contains("", "a")', "false"),
    ('starts with("", "")', "true"),
    ('ends with("a", "aa")', "false"),
    ('starts with("\\U01F40Ea", "\\uD83D\\uDC0E")', "true"),
    ("string join([null])", ""),
]
NULL = [
    ('substring("foobar", 0)', "the text has 6 positions, and none is 0"),
    ('substring("foobar", 7)', "none is 7"),
    ('substring("foobar", -7)', "none is -7"),
    ('substring("", 1)', "the text has 0 positions"),
    ('substring("foobar", 1.5)', "must be an integer, not 1.5"),
    ('substring("foobar", 3, 0)', "between 1 and 4"),
    ('substring("foobar", 3, -1)', "between 1 and 4"),
    ('substring("foobar", 3, 5)', "between 1 and 4"),
    ('substring("foobar", -2, 3)', "between 1 and 2"),
    ('substring("foobar", 10**6000)', "the text has 6 positions"),
    ('substring("foobar", 1, 10**6000)', "between 1 and 6"),
    ('string join(["a", 1])', "the list holds the number 1, which is no text"),
    ('string join([["a"]])', "which is no text"),
    ('string join(["a"], 1)', "“delimiter” must be a text"),
]


@pytest.mark.parametrize(("text", "expected"), [*EXAMPLES_OF_TABLE_74, *BEYOND_THE_EXAMPLES])
def test_gives(text, expected):
    assert text_of(text) == expected


@pytest.mark.parametrize(("text", "reason"), NULL)
def test_is_null_and_says_why(text, reason):
    assert value(text) is None
    assert reason in reasons(text)


@pytest.mark.parametrize(
    "text",
    [
        'string join(for i in 1..30 return "abc", "0123456789")',
        'string([for i in 1..30 return "0123456789"])',
        "string(10 ** 6000)",
        "string({a: [10 ** 6000]})",
        'upper case("' + "ΐ" * 200 + '")',
    ],
)
def test_a_text_that_is_too_long_is_never_made(text):
    with pytest.raises(FeelError, match="a text of more than 300 characters"):
        compile_expression(text).evaluate({}, limits=Limits(string_length=300))


def test_a_reason_is_short_however_long_the_text_that_it_tells_of():
    assert len(reasons("date(text)", text="x" * 100_000)) == 501


def test_what_a_long_text_would_take_is_never_taken():
    tracemalloc.start()
    try:
        with pytest.raises(FeelError, match="a text of more than 1000000 characters"):
            value("string(for i in 1..2000 return 10 ** 6000)")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
