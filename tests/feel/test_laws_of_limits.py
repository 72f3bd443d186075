"""Small limits change no answer: it is the same, or there is none and FEEL says so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.feel import DEFAULT, FeelError, Limits, compile_expression, print_tree, write
from tests.feel.randomly import laws
from tests.feel.test_laws_of_printing import SCOPE
from tests.feel.trees import EXPRESSIONS

SMALL = st.builds(
    Limits,
    steps=st.integers(0, 30),
    depth=st.integers(1, 3),
    string_length=st.integers(0, 10),
    list_length=st.integers(0, 4),
)


@laws(120)
@given(EXPRESSIONS, SMALL)
def test_an_answer_within_small_limits_is_the_answer(tree, limits):
    expression = compile_expression(print_tree(tree))
    found = outcome(expression, limits)

    assert found.endswith("which is the limit") or found == outcome(expression, DEFAULT)


@laws(40)
@given(st.integers(0, 60), st.integers(0, 60))
def test_a_loop_of_so_many_turns_needs_so_many_steps(turns, steps):
    expression = compile_expression("count(for i in v return i)")
    try:
        assert expression.evaluate({"v": list(range(turns))}, limits=Limits(steps=steps)) == turns
        assert turns <= steps
    except FeelError:
        assert turns + 10 + turns // 5 > steps


def outcome(expression, limits):
    """The value as text, or the error."""
    try:
        return write(expression.evaluate(SCOPE, limits=limits))
    except FeelError as error:
        return error.problem
