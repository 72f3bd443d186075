"""Names with spaces, symbols and keywords, and how they are told from operators."""

from __future__ import annotations

import pytest

from service.feel import compile_expression
from tests.feel.asking import passes, reasons, value


@pytest.mark.parametrize(
    "name",
    [
        "Full Name",
        "Pre-bureau risk",
        "a+b",
        "Worker's post",
        "values in a list",
        "date and time of birth",
        "part 2",
        "née",
    ],
)
def test_a_name_in_scope_is_read_whole(name):
    assert value(f"{name} + 1", **{name: 1}) == 2


def test_the_longest_name_wins():
    assert value("plan - b", **{"plan": 5, "b": 1, "plan-b": 100}) == 100


def test_of_two_names_that_fit_the_longer_wins():
    assert value("plan-b-c", **{"plan-b": 1, "plan-b-c": 2, "c": 5}) == 2


def test_without_such_a_name_the_symbol_is_an_operator():
    assert value("plan - b", plan=5, b=1) == 4


def test_a_dot_may_stand_inside_a_name():
    assert value("my.model + 1", **{"my.model": 1}) == 2
    assert value("my.model.days left + 1", **{"my.model": {"days left": 3}}) == 4


def test_a_context_is_read_before_a_name_with_a_dot():
    assert value("case.team", **{"case": {"team": "A"}, "case.team": "B"}) == "A"


def test_names_deep_in_the_scope_are_known():
    assert value("case.first-tier.days left", case={"first-tier": {"days left": 3}}) == 3


def test_names_made_by_the_expression_are_known():
    assert value("{first-tier: 2, r: first-tier + 1}.r") == 3


def test_names_may_be_given_beforehand():
    expression = compile_expression("decision A 2.1 + 1", ["decision A 2.1"])

    assert expression.names == {"decision A 2.1"}


def test_a_value_named_like_a_function_does_not_hide_it():
    assert value('date("2027-01-04") = date', date=value('@"2027-01-04"')) is True


def test_a_missing_name_is_null_and_named():
    assert value("allocated worker") is None
    assert "no name “allocated worker”" in reasons("allocated worker")


@pytest.mark.parametrize(
    ("text", "names", "calls"),
    [
        ("case.team.name + x", {"case", "x"}, set()),
        ("for a in b return a + c", {"b", "c"}, set()),
        ("some a in b satisfies a = c", {"b", "c"}, set()),
        ("(function(a) a + b)(1)", {"b"}, set()),
        ("{a: 1, b: a + c}", {"c"}, set()),
        ("working days after(start, count(days))", {"start", "days"}, {"working days after"}),
        ('string join(names, ", ")', {"names"}, set()),
    ],
)
def test_an_expression_says_what_it_reads_and_calls(text, names, calls):
    expression = compile_expression(text)

    assert (expression.names, expression.calls) == (names, calls)


def test_tests_know_names_too():
    assert passes("< days left", 2, **{"days left": 3})
