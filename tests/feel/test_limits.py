"""What no expression can do: run away, nest without end, or reach anything but its scope."""

from __future__ import annotations

import re

import pytest

from service.domain.errors import ModelError
from service.feel import FeelError, HostFunction, Limits, compile_expression
from tests.feel.asking import value

DOUBLING = "{{f: function(n, s) if n = 0 then s else f(n - 1, {more}), r: {used}}}.r"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("some a in 1..1000000000 satisfies false", "steps"),
        ("for a in 1..1000, b in 1..1000 return 1", "items"),
        ("distinct values(for a in 1..20000 return a)", "steps"),
        ("{f: function(n) f(n + 1), r: f(1)}.r", "deep"),
        (DOUBLING.format(more="s + s", used='f(50, "aa")'), "characters"),
        (DOUBLING.format(more="concatenate(s, s)", used="f(50, [1])"), "items"),
        (DOUBLING.format(more="[s, s]", used="f(50, [1])"), "steps"),
        (DOUBLING.format(more="[s, s]", used="f(50, [1]) = f(50, [1])"), "steps"),
        (DOUBLING.format(more="[s, s]", used="string(f(50, [1]))"), "steps"),
        (DOUBLING.format(more="[s, s]", used="count(flatten(f(50, [1])))"), "steps"),
        ("for i in 1..40000 return i ** 0.3", "steps"),
        ("for i in 1..40000 return [exp(i), log(i), sqrt(i)]", "steps"),
    ],
)
def test_work_without_end_is_stopped(text, what):
    with pytest.raises(FeelError, match=f"more than .*{what}.* limit"):
        value(text)


@pytest.mark.parametrize("test", ["text = text", "text <= text", "text between text and text", "text in [text..text]"])
def test_to_compare_a_very_long_text_is_work(test):
    with pytest.raises(FeelError, match="steps"):
        value(f"every i in 1..5000 satisfies {test}", text="a" * 900_000)


@pytest.mark.parametrize(
    "text",
    ["for i in 10**6000..2*10**6000 return 1", "[1, 2, 3][10**6000]", 'string(duration("P9Y") * 10**6000)'],
)
def test_a_number_of_thousands_of_digits_costs_nothing(text):
    assert value(text) is None


def test_a_duration_longer_than_any_calendar_is_null():
    assert value('duration("P9Y") * 10**6000') is None


def test_a_caller_may_set_other_limits():
    expression = compile_expression("for i in 1..10 return i")

    with pytest.raises(FeelError, match="more than 5 steps"):
        expression.evaluate({}, limits=Limits(steps=5))


@pytest.mark.parametrize(
    "text",
    ["(" * 3000 + "1" + ")" * 3000, "[" * 3000, "-" * 3000 + "1", "1" + " + 1" * 3000, "a" + ".b" * 3000, "{a:" * 3000],
)
def test_nesting_without_end_is_refused(text):
    with pytest.raises(FeelError):
        compile_expression(text)


def test_a_very_long_text_is_refused():
    with pytest.raises(FeelError, match="may have 50000 characters"):
        compile_expression("a" * 60_000)


@pytest.mark.parametrize(
    "text",
    [
        '"a".__class__',
        "x.__class__.__mro__",
        "f.__globals__",
        'open("/etc/passwd")',
        '__import__("os")',
        "string.call",
        "[].append",
    ],
)
def test_nothing_of_python_can_be_reached(text):
    host = HostFunction("f", (), lambda: None)

    found = compile_expression(text).evaluate({"x": 1}, functions={"f": host})

    assert found in (None, [])


def test_what_is_no_value_cannot_be_read():
    assert value("thing", thing=object()) is None
    assert value("1 + 1", thing=object()) == 2


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Europe", "", "/etc/passwd"])
def test_a_zone_is_never_a_path(zone):
    assert value(f'time("10:00:00@{zone}")') is None


class TestErrors:
    @pytest.mark.parametrize(
        ("text", "expected", "position"),
        [
            ("1 +", "a value, a name or “(”", 3),
            ("(1", "“)” to close the bracket", 2),
            ('"abc', "a closing quotation mark was expected", 0),
            ("if a then b", "“else”", 11),
            ("for a in b", "“return”", 10),
            ("a b = = c", "a value, a name or “(”", 6),
            ("[1..2", "to close the range", 5),
            ("f(1, x: 2)", "all with a name or all without", 8),
            ("not a", "“(” after “not”", 4),
            ("1 # 2", "“#” has no meaning", 2),
            ("1e99999", "too large", 0),
            ("/* a", "“*/” was expected", 0),
        ],
    )
    def test_say_what_was_expected_and_where(self, text, expected, position):
        with pytest.raises(FeelError, match=re.escape(expected)) as caught:
            compile_expression(text)

        assert (caught.value.expression, caught.value.position) == (text, position)

    def test_name_the_line_of_a_long_expression(self):
        with pytest.raises(FeelError, match="line 2, character 5"):
            compile_expression("1 +\n2 + ")

    def test_are_model_errors(self):
        with pytest.raises(ModelError):
            compile_expression(")")
