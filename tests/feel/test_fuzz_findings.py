"""What `deployment/fuzz` has found, so that it is not found again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.feel import FeelError, adopt, compile_expression, from_json, to_json, write
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
