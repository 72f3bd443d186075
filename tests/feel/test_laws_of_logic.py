"""Three-valued logic, equality and the words that stand for combinations of others."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feel.asking import value
from tests.feel.randomly import ATOMS, ORDERED_KINDS, VALUES, laws

THREE = (True, False, None)
ANY_KIND = st.one_of(*ORDERED_KINDS)
PAIRS = st.one_of(*(st.tuples(kind, kind, kind) for kind in ORDERED_KINDS))


def both(left, right):
    """Kleene's and: false decides, unknown stays unknown."""
    return False if False in (left, right) else None if None in (left, right) else True


def either(left, right):
    """Kleene's or."""
    return True if True in (left, right) else None if None in (left, right) else False


def turned(one):
    """Kleene's not."""
    return None if one is None else not one


@pytest.mark.parametrize(("a", "b"), list(product(THREE, repeat=2)))
def test_the_tables_are_kleenes(a, b):
    assert value("a and b", a=a, b=b) is both(a, b)
    assert value("a or b", a=a, b=b) is either(a, b)
    assert value("not(a)", a=a) is turned(a)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a and b", "b and a"),
        ("a or b", "b or a"),
        ("a and (b and c)", "(a and b) and c"),
        ("a or (b or c)", "(a or b) or c"),
        ("not(a and b)", "not(a) or not(b)"),
        ("not(a or b)", "not(a) and not(b)"),
        ("a and (a or b)", "a"),
        ("a or (a and b)", "a"),
        ("a and (b or c)", "(a and b) or (a and c)"),
        ("a or (b and c)", "(a or b) and (a or c)"),
        ("not(not(a))", "a"),
        ("a and true", "a"),
        ("a or false", "a"),
        ("a and false", "false"),
        ("a or true", "true"),
        ("a or b and c", "a or (b and c)"),
        ("all([a, b, c])", "a and b and c"),
        ("any([a, b, c])", "a or b or c"),
        ("every x in [a, b, c] satisfies x", "a and b and c"),
        ("some x in [a, b, c] satisfies x", "a or b or c"),
        ("every x in [a, b, c] satisfies x", "not(some x in [a, b, c] satisfies not(x))"),
        ("some x in [a, b, c] satisfies x", "not(every x in [a, b, c] satisfies not(x))"),
        ("if a then b else c", "if a = true then b else c"),
        ("if a then b else b", "b"),
    ],
)
def test_both_are_the_same_for_all_of_true_false_and_null(one, other):
    for a, b, c in product(THREE, repeat=3):
        scope = {"a": a, "b": b, "c": c}
        assert value(one, **scope) is value(other, **scope), scope


@laws(60)
@given(ATOMS, st.sampled_from(THREE))
def test_what_is_neither_true_nor_false_counts_as_unknown(anything, other):
    known = anything if isinstance(anything, bool) else None

    assert value("x and y", x=anything, y=other) is both(known, other)
    assert value("y or x", x=anything, y=other) is either(known, other)
    assert value("not(x)", x=anything) is turned(known)
    assert value("if x then 1 else 2", x=anything) == (1 if anything is True else 2)


@laws(80)
@given(VALUES, VALUES)
def test_equality_is_an_equivalence(a, b):
    scope = {"a": a, "b": b}
    same = value("a = b", **scope)

    assert value("a = a", **scope) is True
    assert value("b = a", **scope) is same
    assert value("a != b", **scope) is turned(same)
    assert value("[a] = [b]", **scope) in (same, False)
    assert value("{k: a} = {k: a}", **scope) is True
    if same:
        assert value("list contains([a], b) and count(distinct values([a, b])) = 1", **scope) is True
        assert value("is(a, b)", **scope) in (True, False)


@laws(100)
@given(PAIRS | st.tuples(ATOMS, ATOMS, ATOMS))
def test_an_equal_of_an_equal_is_equal(three):
    a, b, c = three
    scope = {"a": a, "b": b, "c": c}

    if value("a = b and b = c", **scope) is True:
        assert value("a = c", **scope) is True
    if value("a = b", **scope) is True:
        assert value("a = c", **scope) is value("b = c", **scope)


@laws(100)
@given(PAIRS)
def test_between_and_in_are_two_comparisons(three):
    x, low, high = three
    scope = {"x": x, "a": low, "b": high}

    lies = value("a <= x and x <= b", **scope)
    assert value("x between a and b", **scope) is lies
    assert value("x in [a..b]", **scope) is lies
    assert value("x in (>= a)", **scope) is value("x >= a", **scope)
    assert value("x in (a..b)", **scope) is value("a < x and x < b", **scope)
    assert value("x in (a..b]", **scope) is value("x > a and x <= b", **scope)
    assert value("x in (a, b)", **scope) is value("x = a or x = b", **scope)
    assert value("x in (< a, > b)", **scope) is value("x < a or x > b", **scope)
    assert value("includes([a..b], x)", **scope) is lies


@laws(60)
@given(ATOMS, ANY_KIND)
def test_between_with_unknown_bounds_is_unknown_unless_the_other_bound_decides(x, bound):
    scope = {"x": x, "a": bound}

    for text, wanted in (("x between a and null", "x >= a and null"), ("x between null and a", "null and x <= a")):
        assert value(text, **scope) is value(wanted, **scope)


@laws(80)
@given(st.lists(st.sampled_from([True, False, None, 1, "a"]), max_size=5))
def test_all_any_some_and_every_agree(items):
    known = [item if isinstance(item, bool) else None for item in items]
    wanted_all = False if False in known else None if None in known else True
    wanted_any = True if True in known else None if None in known else False

    assert value("every x in v satisfies x", v=items) is wanted_all
    assert value("some x in v satisfies x", v=items) is wanted_any
    assert value("all(v)", v=items) is wanted_all
    assert value("any(v)", v=items) is wanted_any
