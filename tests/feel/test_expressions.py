"""What other rooms use of FEEL: host functions, types, explanations, the cache, and JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from service.domain.errors import NotFound
from service.feel import (
    FeelError,
    HostFunction,
    Range,
    YearsMonthsDuration,
    compile_expression,
    compile_unary_tests,
    from_json,
    to_json,
)


class TestHostFunctions:
    def test_may_have_names_of_several_words(self, later):
        assert compile_expression('days later(@"2027-01-04", 3)').evaluate({}, functions=later) == date(2027, 1, 7)

    def test_take_arguments_by_name(self, later):
        text = 'days later(n: 3, start: @"2027-01-04")'

        assert compile_expression(text).evaluate({}, functions=later) == date(2027, 1, 7)

    def test_give_back_values_of_feel(self):
        seven = {"seven": HostFunction("seven", (), lambda: 7)}

        assert compile_expression("seven() / 2").evaluate({}, functions=seven) == Decimal("3.5")

    def test_that_cannot_answer_give_null_and_the_reason(self, later):
        found = compile_expression('days later("a", 3)').evaluate_explained({}, functions=later)

        assert found.value is None
        assert found.null_reasons[0].startswith("days later: ")

    def test_may_raise_errors_of_the_service(self):
        def missing() -> None:
            raise NotFound("There is no such timescale.")

        with pytest.raises(NotFound):
            compile_expression("f()").evaluate({}, functions={"f": HostFunction("f", (), missing)})

    def test_can_stand_in_the_scope(self):
        double = HostFunction("double", ("n",), lambda n: n * 2)

        assert compile_expression("for i in [1, 2] return double(i)").evaluate({"double": double}) == [2, 4]


class TestExplanations:
    def test_name_everything_that_was_missing(self):
        found = compile_expression("a.b + c").evaluate_explained({"a": {}})

        assert "the context has no entry “b”" in found.null_reasons
        assert "there is no name “c” here" in found.null_reasons

    def test_are_empty_when_nothing_was(self):
        assert compile_expression("1 + 1").evaluate_explained({}).null_reasons == ()

    def test_come_with_tests_too(self):
        found = compile_unary_tests("< limit").matches_explained(1)

        assert found.null_reasons == ("there is no name “limit” here",)


def test_types_may_be_given_by_name():
    types = {"tPostcode": lambda value: isinstance(value, str) and len(value) < 9}

    assert compile_expression('"NR1" instance of tPostcode').evaluate({}, types=types) is True


def test_the_same_text_is_compiled_once():
    assert compile_expression("a + b") is compile_expression("a + b")


def test_comments_are_passed_over():
    assert compile_expression("1 /* one */ + // and\n 1").evaluate({}) == 2


def test_a_function_of_one_evaluation_can_be_called_in_another():
    double = compile_expression("function(n) n * 2").evaluate({})

    assert compile_expression("double(4)").evaluate({"double": double}) == 8


class TestJson:
    @pytest.mark.parametrize(
        ("made", "expected"),
        [
            (Decimal("2.50"), 2.5),
            (Decimal("3.0"), 3),
            (date(2027, 1, 4), "2027-01-04"),
            (datetime(2027, 1, 4, 10, tzinfo=UTC), "2027-01-04T10:00:00Z"),
            (datetime(2027, 7, 4, 10, tzinfo=ZoneInfo("Europe/London")), "2027-07-04T10:00:00+01:00"),
            (timedelta(hours=36), "P1DT12H"),
            (YearsMonthsDuration(14), "P1Y2M"),
            (Range(Decimal(1), Decimal(3), False), "(1..3]"),
            ([None, True, {"a": Decimal(1)}], [None, True, {"a": 1}]),
        ],
    )
    def test_holds_every_value(self, made, expected):
        assert to_json(made) == expected

    def test_keeps_whole_numbers_whole(self):
        assert isinstance(to_json(Decimal("3.0")), int)

    def test_cannot_hold_a_function(self):
        with pytest.raises(FeelError, match="function"):
            to_json(HostFunction("f", (), lambda: None))

    def test_numbers_become_decimal(self):
        found = from_json({"a": [1, 0.1]})

        assert found == {"a": [Decimal(1), Decimal("0.1")]}
        assert all(type(number) is Decimal for number in found["a"])

    def test_texts_stay_texts(self):
        assert from_json("2027-01-04") == "2027-01-04"

    def test_true_stays_true(self):
        assert from_json(True) is True

    def test_what_is_no_json_is_refused(self):
        with pytest.raises(FeelError, match="object is not a FEEL value"):
            from_json([object()])


@pytest.fixture
def later():
    return {"days later": HostFunction("days later", ("start", "n"), lambda start, n: start + timedelta(days=int(n)))}
