"""What `deployment/fuzz` has found, so that it is not found again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.feel import FeelError, Limits, adopt, compile_expression, from_json, to_json, write
from tests.feel.asking import reasons, value


@pytest.mark.parametrize("text", ["[< 5..6]", "(< 5..6)", "x in (< 5..6)", "x in [!= 1..2]"])
def test_a_range_cannot_begin_with_a_test(text):
    with pytest.raises(FeelError, match=r"found “\.\.”"):
        compile_expression(text)


@pytest.mark.parametrize(
    "number",
    [float("nan"), float("-inf"), 10**7000, Decimal("NaN"), Decimal("sNaN")],
    ids=["no number", "infinite", "too large", "no decimal", "a signal"],
)
def test_a_number_that_feel_has_not_cannot_be_read(number):
    assert "“x” cannot be read" in reasons("x > 1", x=number)
    with pytest.raises(FeelError, match="number"):
        from_json([number])


def test_an_integer_of_more_digits_is_rounded_as_feel_does():
    assert adopt(12345678901234567890123456789012345) == Decimal("1.234567890123456789012345678901234E+34")


def test_a_value_that_nests_so_deeply_that_nobody_can_write_it_down_is_refused():
    nested = "[" * 50 + "x" + "]" * 50
    text = "{{f: function(n, x) if n = 0 then x else f(n - 1, {}), r: f({}, 1)}}.r"

    found = value(text.format(nested, 3))
    assert write(found).count("[") == 150
    assert str(to_json(found)).count("[") == 150
    with pytest.raises(FeelError, match="more than 200 lists and contexts in one another"):
        value(text.format(nested, 5))


def test_json_that_nests_too_deeply_is_refused():
    nested: list[object] = []
    for _ in range(5000):
        nested = [nested]

    with pytest.raises(FeelError, match="too deeply"):
        from_json(nested)


WIDE = "[" + ", ".join(["i = 1"] * 1000) + "]"


@pytest.mark.parametrize(
    "text",
    [
        "count(for i in 1..{} return {})",
        "some i in 1..{} satisfies {}",
        "count((for i in 1..{} return i)[i = 1 and {} = null])",
        "{{f: function(i) {1}, r: count(for i in 1..{0} return f(i))}}.r",
    ],
)
def test_a_turn_of_a_loop_counts_for_more_when_very_much_is_written_in_it(text):
    few = Limits(steps=5_000)
    compile_expression(text.format(500, "[i = 1]")).evaluate({}, limits=few)

    with pytest.raises(FeelError, match="steps"):
        compile_expression(text.format(500, WIDE)).evaluate({}, limits=few)


def test_reading_a_range_costs_as_many_steps_as_it_is_long():
    text = "count(for i in 1..1000 return range(s))"

    assert value(text, s="[1..2]") == 1000
    with pytest.raises(FeelError, match="steps"):
        value(text, s="[1..2" + " " * 1000 + "]")


@pytest.mark.parametrize("number", ["9.99e6143", "-2e300", "1e34"])
def test_whether_a_huge_number_is_odd_is_known_without_writing_it_out(number):
    assert value(f"[odd({number}), even({number})]") == [False, True]


@pytest.mark.parametrize(
    ("short", "long"), [("1e3", "1000"), ("1.5e3", "1500"), ("1e33", "1" + "0" * 33), ("0e5", "0")]
)
def test_a_number_with_an_exponent_is_the_number_written_in_full(short, long):
    assert value(f"string(10 / (1 + {short}))") == value(f"string(10 / (1 + {long}))")
    assert value(f"string(1 / {short})") == value(f"string(1 / {long})")
