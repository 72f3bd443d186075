"""Short ways to ask FEEL something in a test. What the answers should be is in the tests."""

from __future__ import annotations

from typing import Any

from service.feel import compile_expression, compile_unary_tests, write


def value(text: str, /, **scope: Any) -> Any:
    """The value of an expression; names of several words go in as `**{"Full Name": …}`."""
    return compile_expression(text).evaluate(scope)


def text_of(expression: str, /, **scope: Any) -> str:
    """The value as FEEL writes it: `null`, `[1, 2]`, `P1D`."""
    found = value(expression, **scope)
    return "null" if found is None else write(found)


def reasons(text: str, /, **scope: Any) -> str:
    """The reasons for nulls, in one text."""
    return "; ".join(compile_expression(text).evaluate_explained(scope).null_reasons)


def passes(tests: str, tested: Any, /, **scope: Any) -> bool:
    """Whether the value passes the unary tests."""
    return compile_unary_tests(tests).matches(tested, scope)
