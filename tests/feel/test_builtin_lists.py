"""Functions that make, search or sort lists (Table 75 and section 10.3.4.9 of the standard)."""

from __future__ import annotations

import pytest

from service.feel import FeelError, Limits, compile_expression
from tests.feel.asking import reasons, text_of, value

EXAMPLES_OF_TABLE_75 = [
    ("list contains([1, 2, 3], 2)", "true"),
    ("count([1, 2, 3])", "3"),
    ("count([])", "0"),
    ("count([1, [2, 3]])", "2"),
    ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
    ("append([1], 2, 3)", "[1, 2, 3]"),
    ("concatenate([1, 2], [3])", "[1, 2, 3]"),
    ("insert before([1, 3], 1, 2)", "[2, 1, 3]"),
    ("remove([1, 2, 3], 2)", "[1, 3]"),
    ("reverse([1, 2, 3])", "[3, 2, 1]"),
    ("index of([1, 2, 3, 2], 2)", "[2, 4]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ("distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]"),
    ("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
    ("sort(list: [3, 1, 4, 5, 2], precedes: function(x, y) x < y)", "[1, 2, 3, 4, 5]"),
    ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
    ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
]
BEYOND_THE_EXAMPLES = [
    ("list contains([1, null], null)", "true"),
    ("list contains([], null)", "false"),
    ('list contains([1], "1")', "false"),
    ("list contains([[1], {a: 2}], {a: 2})", "true"),
    ("list contains([1.0], 1)", "true"),
    ("sublist([1, 2, 3], -2)", "[2, 3]"),
    ("sublist([1, 2, 3], -2, 1)", "[2]"),
    ("sublist([1, 2, 3], 3)", "[3]"),
    ("append([], null)", "[null]"),
    ("append([1], [2])", "[1, [2]]"),
    ("append(1, 2)", "[1, 2]"),
    ("concatenate([[1, 2], [3]])", "[[1, 2], [3]]"),
    ("concatenate([])", "[]"),
    ("concatenate([], [])", "[]"),
    ("concatenate([null], [1])", "[null, 1]"),
    ("insert before([1, 3], 2, null)", "[1, null, 3]"),
    ("insert before([1, 3], -1, 2)", "[1, 2, 3]"),
    ("insert before([1, 3], -2, 0)", "[0, 1, 3]"),
    ("remove([1, 2, 3], -1)", "[1, 2]"),
    ("remove([1], 1)", "[]"),
    ("list replace([1, 2], -1, 9)", "[1, 9]"),
    ("list replace([1, 2], 1, null)", "[null, 2]"),
    ("list replace([], function(item, newItem) true, 1)", "[]"),
    ("list replace([{a: 1}], function(item, newItem) item.a = newItem.a, {a: 1, b: 2})", "[{a: 1, b: 2}]"),
    ("reverse([])", "[]"),
    ("index of([1, null, null], null)", "[2, 3]"),
    ("index of([1], 2)", "[]"),
    ("index of([[1], 1], [1])", "[1]"),
    ("union([1, 1])", "[1]"),
    ("union([[1, 2], [3]])", "[[1, 2], [3]]"),
    ("union([null], [null, 1])", "[null, 1]"),
    ('distinct values([1, "1", null, null, 1.0])', '[1, "1", null]'),
    ("distinct values([[1], [1], []])", "[[1], []]"),
    ("flatten([])", "[]"),
    ("flatten([1, [], [[null]]])", "[1, null]"),
    ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
    ("sort([], function(x, y) x < y)", "[]"),
    ("sort([1], function(x, y) null)", "[1]"),
    (
        "sort([{n: 1, t: 2}, {n: 2, t: 1}, {n: 3, t: 1}], function(x, y) x.t < y.t).n",
        "[2, 3, 1]",
    ),
]
BEYOND_THE_STANDARD = [
    ("partition([1, 2, 3], 2)", "[[1, 2], [3]]"),
    ("partition([1, 2, 3], 10**6000)", "[[1, 2, 3]]"),
    ("partition([], 2)", "[]"),
    ("duplicate values([1, 2, 1, null, null])", "[1, null]"),
    ("is empty([])", "true"),
    ("is empty([null])", "false"),
    ('sort(["b", "a", "B"])', '["B", "a", "b"]'),
    ('sort([@"P2D", @"PT1H"])', "[PT1H, P2D]"),
]
NULL = [
    ("sublist([1, 2, 3], 0)", "the list has 3 positions, and none is 0"),
    ("sublist([1, 2, 3], 4)", "none is 4"),
    ("sublist([1, 2, 3], -4)", "none is -4"),
    ("sublist([1, 2, 3], 1.5)", "must be an integer"),
    ("sublist([1, 2, 3], 1, 0)", "between 1 and 3"),
    ("sublist([1, 2, 3], 2, 3)", "between 1 and 2"),
    ("sublist([1, 2, 3], -1, 2)", "between 1 and 1"),
    ("sublist([], 1)", "the list has 0 positions"),
    ("insert before([1], 2, 0)", "none is 2"),
    ("insert before([], 1, 0)", "the list has 0 positions"),
    ("remove([1], 0)", "none is 0"),
    ("remove([1], 2)", "none is 2"),
    ("list replace([1], 2, 0)", "none is 2"),
    ("list replace([1], 10**6000, 0)", "and none is 1.0"),
    ("list replace([1], function(item, newItem) 1, 0)", "answered the number 1, not true or false"),
    ("list replace([1], function(item) true, 0)", "it takes 1 argument"),
    ("concatenate([1], null)", "“list” must be a list, not null"),
    ("union([1], null)", "“list” must be a list, not null"),
    ("append(null, 1)", "“list” must be a list, not null"),
    ("count(1, 2)", "it takes 1 argument, not 2"),
    ("sort([1, 2], function(x, y) 3)", "answered the number 3, not true or false"),
    ('sort([1, "a"])', "have no order"),
    ("partition([1], 0)", "the size must be at least 1"),
]


@pytest.mark.parametrize(("text", "expected"), [*EXAMPLES_OF_TABLE_75, *BEYOND_THE_EXAMPLES, *BEYOND_THE_STANDARD])
def test_gives(text, expected):
    assert text_of(text) == expected


@pytest.mark.parametrize(("text", "reason"), NULL)
def test_is_null_and_says_why(text, reason):
    assert value(text) is None
    assert reason in reasons(text)


@pytest.mark.parametrize(
    "text",
    [
        "concatenate(items, items)",
        "append(items, 1)",
        "insert before(items, 1, 1)",
        "flatten([items, items])",
        'split(string join(items, ""), "a")',
    ],
)
def test_a_list_that_is_too_long_is_never_given(text):
    with pytest.raises(FeelError, match="a list of more than 100 items"):
        compile_expression(text).evaluate({"items": ["a"] * 100}, limits=Limits(list_length=100))


@pytest.mark.parametrize("text", ["union(items, items)", "sort(items, function(a, b) a < b)", "index of(items, items)"])
def test_going_through_lists_is_work(text):
    with pytest.raises(FeelError, match="more than 1000 steps"):
        compile_expression(text).evaluate({"items": list(range(1000))}, limits=Limits(steps=1000))
