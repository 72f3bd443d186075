"""What can be computed but was surely not meant. Errors are in `test_mistakes.py`."""

from __future__ import annotations

import pytest

from service.feel.slips import look_at_expression, look_at_tests


@pytest.mark.parametrize(
    ("cell", "slip"),
    [
        ("18-25", "a difference of two numbers, -7; a range is written [18..25]"),
        ("1, 20-30", "a range is written [20..30]"),
        ("not(18-25)", "a range is written [18..25]"),
        ("[18-25]", "a range is written [18..25]"),
        ("N/A", "what is not there is written null"),
        ('"a" or "b"', "several values are separated by commas"),
        ('">= 18"', "a test stands without quotation marks"),
        ('"[1..5]"', "a test stands without quotation marks"),
        ("[5..1]", "nothing lies in a range"),
        ("2024-01-01", 'a date is written @"2027-01-04"'),
        ("01/02/2024", 'a date is written @"2027-01-04"'),
        ("True", "“true” is written in small letters"),
        ("5 < x < 10", "x > 5 and x < 10, or x in (5..10)"),
    ],
)
def test_a_slip_in_a_cell_is_told(cell, slip):
    [told] = look_at_tests(cell).slips

    assert slip in told


@pytest.mark.parametrize(
    "cell",
    [
        "-",
        "[18..25]",
        '"a", "b"',
        "-5",
        "x - 5",
        "18 - x",
        '"open > closed"',
        "? > 5 and ? < 7",
        "1/2",
        "n/b",
        "[18, 25]",
        "null",
        "not(x)",
    ],
)
def test_an_ordinary_cell_has_none(cell):
    assert look_at_tests(cell).slips == ()


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("18-25", "a difference of two numbers, -7"),
        ('x = "a" or "b"', "one of several values is x in (a, b)"),
        ("x and 1", "the number 1 is none"),
        ("if 1 then 2 else 3", "“else” always holds"),
        ("f(5 < x <= 10)", "two comparisons in a row"),
        ("x > 2024-01-01", "a date is written"),
        ("NOT(x)", "“not” is meant"),
        ("a AND b", "“and” is written in small letters"),
    ],
)
def test_a_slip_in_an_expression_is_told(text, slip):
    [told] = look_at_expression(text).slips

    assert slip in told


@pytest.mark.parametrize("text", ["x - 25", "x and null", "(a < b) = (b < c)", "if x then 1 else 2", "10 * 60", "f(x)"])
def test_an_ordinary_expression_has_none(text):
    assert look_at_expression(text).slips == ()


def test_a_known_name_is_no_slip():
    assert look_at_expression("Terms AND conditions", frozenset(["Terms AND conditions"])).slips == ()


def test_words_alone_are_found():
    assert look_at_expression("approve").alone == {"approve"}
    assert look_at_expression("case.status").alone == frozenset()
    assert look_at_tests("CIN, = CP, not(x)").alone == {"CIN", "CP"}
    assert look_at_tests("not(CIN, > limit)").alone == {"CIN"}
