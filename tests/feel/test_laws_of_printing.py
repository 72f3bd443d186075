"""What is printed is read as the same tree, means the same, and is printed no differently the second time."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import assume, given

from service.feel import (
    FeelError,
    compile_expression,
    compile_unary_tests,
    print_tree,
    tidy_expression,
    tidy_unary_tests,
    write,
)
from service.feel.grammar import parse_expression, parse_tests
from service.feel.printing import AnyNode
from service.feel.reading import free_names
from service.feel.syntax import Against, Node
from service.feel.syntax import Tests as Cell
from tests.feel.randomly import laws
from tests.feel.trees import EXPRESSIONS, SAMPLES, TESTS, places

KNOWN = ("x-y", "long name", "two words")
SCOPE = {
    "a": Decimal(2), "b": [Decimal(1), Decimal(3)], "n": Decimal(-1), "long name": "text", "x1": {"a": True},
    "worker’s view": None, "item": Decimal(3), "x-y": Decimal(4),
}  # fmt: skip


def shape(node):
    """The tree with the kinds of its values, which `==` does not tell apart: true is 1 in Python."""
    if isinstance(node, Node):
        return type(node), *(shape(getattr(node, field.name)) for field in fields(node) if field.name != "position")
    if isinstance(node, tuple):
        return tuple(map(shape, node))
    return type(node), str(node)


@laws(200)
@given(EXPRESSIONS)
def test_an_expression_is_read_as_it_was_printed(tree):
    text = print_tree(tree)
    try:
        read = parse_expression(text)
    except FeelError as error:
        assume("inside one another" not in error.problem)
        raise
    assert shape(read) == shape(tree), text


@pytest.mark.parametrize("outer", SAMPLES, ids=print_tree)
def test_every_kind_stands_in_every_place_of_this(outer):
    for put in places(outer):
        for inner in SAMPLES:
            tree = put(inner)
            assert shape(parse_expression(print_tree(tree))) == shape(tree)


@pytest.mark.parametrize("negated", [False, True])
def test_every_kind_stands_in_every_kind_of_cell(negated):
    for inner in SAMPLES:
        for tests in ((inner,), (Against(0, "<", inner),), (inner, inner)):
            tree = Cell(0, tests, negated)
            assert shape(parse_tests(print_tree(tree))) == shape(tree)


@laws(80)
@given(TESTS)
def test_unary_tests_are_read_as_they_were_printed(tree):
    assert shape(parse_tests(print_tree(tree))) == shape(tree)


@laws(80)
@given(EXPRESSIONS)
def test_an_expression_printed_twice_changes_no_more_and_means_the_same(tree):
    text = squeezed(print_tree(tree))
    tidied = tidy_expression(text, KNOWN)

    assert tidy_expression(tidied, KNOWN) == tidied
    assert outcome(tidied) == outcome(text)
    assert free_names(parse_expression(tidied, KNOWN)) == free_names(parse_expression(text, KNOWN))


@laws(50)
@given(TESTS)
def test_tests_printed_twice_change_no_more_and_mean_the_same(tree):
    text = print_tree(tree)
    tidied = tidy_unary_tests(f"  {text}\n", KNOWN)

    assert tidy_unary_tests(tidied, KNOWN) == tidied
    assert [verdict(tidied, value) for value in SCOPE.values()] == [verdict(text, value) for value in SCOPE.values()]


def test_every_kind_of_node_is_printed():
    assert {kind.__name__ for kind in get_args(AnyNode)} == {kind.__name__ for kind in Node.__subclasses__()}


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("1+2*3", "1 + 2 * 3"),
        ("((1+2))*(3)", "(1 + 2) * 3"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("-a**2", "(-a) ** 2"),
        ("-1[a]", "(-1)[a]"),
        ("-(1[a])", "-(1[a])"),
        ("(a)and((b)or(c))", "a and (b or c)"),
        ("a=b=c", "(a = b) = c"),
        ("if a then b else if c then d else e", "if a then b else if c then d else e"),
        ("1 + (if a then b else c)", "1 + (if a then b else c)"),
        ("x in (1)", "x in 1"),
        ("x in ((<5))", "x in ((< 5))"),
        ("]1..2[", "(1..2)"),
        ("[1..b[1]]", "[1..b[1]]"),
        ("[<5,>=6]", "[(< 5), (>= 6)]"),
        ('{"a b":1,"c//d":2,"":3}', '{a b: 1, "c//d": 2, "": 3}'),
        ('"a\\u0041\\d\\\\ \\n é"', '"aA\\\\d\\\\ \\n é"'),
        ('"\u202e\u00a0"', '"\\u202E\\u00A0"'),
        ("1.50", "1.50"),
        ("1e3", "1000"),
        ("1e6000", "1E+6000"),
        ("a instance of list < context<x:number> >", "a instance of list<context<x: number>>"),
        ("// why\n1", "1"),
    ],
)
def test_blanks_and_brackets_are_regular(text, tidied):
    assert tidy_expression(text) == tidied


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("-", "-"),
        (" <5,>=6", "< 5, >= 6"),
        ("not( 1,2 )", "not(1, 2)"),
        ("(not(x))", "(not(x))"),
        ("not(x)or y", "not(x) or y"),
    ],
)
def test_cells_are_regular_too(text, tidied):
    assert tidy_unary_tests(text) == tidied


def test_what_can_be_read_in_one_way_only_is_left_as_it_is():
    assert tidy_expression("(a)-b ", ["a-b"]) == "(a)-b"
    assert tidy_expression("(a)-b ") == "a - b"


def test_what_nests_too_deeply_is_refused_and_not_cut():
    chain = "+".join(["1"] * 240)
    for _ in range(12):
        chain = f"({chain})" + "+1" * 200

    with pytest.raises(FeelError, match="too deeply"):
        tidy_expression(chain)


def squeezed(text):
    """The text with more blanks and a comment, which are not kept."""
    return f" /* why */ {text}\n"


def outcome(text):
    """The value as text, or the error."""
    try:
        return write(compile_expression(text, KNOWN).evaluate(SCOPE))
    except FeelError as error:
        return error.problem


def verdict(text, value):
    """Whether the value passes, or the error."""
    try:
        return compile_unary_tests(text, KNOWN).matches_explained(value, SCOPE).value
    except FeelError as error:
        return error.problem
