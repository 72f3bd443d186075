"""Unary tests, the cells of decision tables, and `in`."""

from __future__ import annotations

from datetime import date

import pytest

from service.feel import compile_unary_tests
from tests.feel.asking import passes, value


@pytest.mark.parametrize(
    ("tests", "tested", "expected"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("< 5", 4, True),
        ("< 5", 5, False),
        ("!= 5", 4, True),
        ("[1..3]", 3, True),
        ("[1..3)", 3, False),
        ("]1..3]", 1, False),
        ("1, 3, > 7", 8, True),
        ("1, 3, > 7", 2, False),
        ('"a", "b"', "b", True),
        ("not(1, 3)", 2, True),
        ("not(1, 3)", 3, False),
        ("not(< 5)", 7, True),
        ("null", None, True),
        ("not(null)", 1, True),
        ("true", "anything", False),
        ("? > 2 and ? < 5", 3, True),
        ("odd(?)", 3, True),
        ("not(odd(?))", 3, False),
        ("(< 5)", 3, True),
        ("[1, 2]", 2, True),
        ("false", False, True),
        ("not(true) or false", False, True),
    ],
)
def test_a_value_passes_or_not(tests, tested, expected):
    assert passes(tests, tested) is expected


@pytest.mark.parametrize(("tests", "tested"), [("< 5", "a"), ("< 5", None), ("[1..3]", "b"), ("not(< 5)", "a")])
def test_what_cannot_be_compared_does_not_pass(tests, tested):
    assert passes(tests, tested) is False
    assert compile_unary_tests(tests).matches_explained(tested).value is None


def test_a_condition_without_the_value_holds_for_values_that_are_no_booleans():
    assert passes("count(people) > 1", "any text", people=[1, 2])
    assert not passes("count(people) > 1", "any text", people=[1])


def test_a_condition_is_compared_with_a_boolean():
    assert passes("count(people) > 1", False, people=[1])


def test_names_of_the_scope_can_be_tested_against():
    assert passes("< closed on", date(2027, 1, 4), **{"closed on": date(2027, 1, 5)})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 in [2, 1]", True),
        ("1 in (2, < 2)", True),
        ("1 in <= 1", True),
        ("1 in (1..3)", False),
        ("5 in [[1..2], [4..6]]", True),
        ("[1] in [[1], [2]]", True),
        ("1 in (1) + 1", False),
        ("5 in [null..10]", None),
        ("1 in 1 and 2 in 3", False),
    ],
)
def test_in_asks_the_same(text, expected):
    assert value(text) is expected
