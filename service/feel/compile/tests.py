"""What unary tests and `in` mean: does a value pass. The value is also called `?` inside a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.feel.compare import equal, within
from service.feel.compile.core import build, builds
from service.feel.compile.operators import compared
from service.feel.reading import mentions
from service.feel.runtime import Code, Evaluation, Frame
from service.feel.syntax import (
    Against,
    Between,
    Call,
    Comparison,
    In,
    InstanceOf,
    Logic,
    Node,
    Quantified,
    RangeOf,
    Tests,
)
from service.feel.values import Range, in_words

Test = Callable[[Frame, Any], bool | None]
"""Whether a value passes; None when nobody can say."""
_ALWAYS_BOOLEAN = (Comparison, Logic, Between, In, InstanceOf, Quantified, Call)


def build_tests(node: Tests) -> Test:
    """The function that puts a value to the tests."""
    if not node.tests:
        return lambda _frame, _value: True
    tests = [_build_test(test) for test in node.tests]

    def passes(frame: Frame, value: Any) -> bool | None:
        verdicts = [test(frame, value) for test in tests]
        return True if True in verdicts else None if None in verdicts else False

    def passes_none(frame: Frame, value: Any) -> bool | None:
        verdict = passes(frame, value)
        return None if verdict is None else not verdict

    return passes_none if node.negated else passes


def _build_test(node: Node) -> Test:
    if isinstance(node, Against):
        operator, operand = node.operator, build(node.operand)
        return lambda frame, value: compared(operator, value, operand(frame), frame.evaluation.step)
    if isinstance(node, Tests):
        return build_tests(node)
    code = build(node)
    if mentions(node, "?"):
        return lambda frame, value: _verdict(code(frame.inner({"?": value})))
    if isinstance(node, _ALWAYS_BOOLEAN):
        # `even(age)` in a column of texts is a condition of its own; in a column of booleans it is a value to equal.
        return lambda frame, value: _condition_or_value(value, code(frame), frame.evaluation)
    if isinstance(node, RangeOf):
        return lambda frame, value: _in_range(value, code(frame), frame.evaluation)
    return lambda frame, value: accepts(value, code(frame), frame.evaluation)


def _verdict(answer: Any) -> bool | None:
    return answer if isinstance(answer, bool) else None


def _condition_or_value(value: Any, answer: Any, evaluation: Evaluation) -> bool | None:
    if isinstance(answer, bool) and not isinstance(value, bool):
        return answer
    return accepts(value, answer, evaluation)


def _in_range(value: Any, bounds: Any, evaluation: Evaluation) -> bool | None:
    return None if bounds is None else accepts(value, bounds, evaluation)


def accepts(value: Any, wanted: Any, evaluation: Evaluation) -> bool | None:
    """Whether the value is the wanted one, lies in the wanted range, or does so for an item of the wanted list."""
    if isinstance(wanted, Range) and not isinstance(value, Range):
        inside = within(value, wanted, evaluation.step)
        if inside is None:
            evaluation.absent(f"{in_words(value)} cannot be compared with the range")
        return inside
    if isinstance(wanted, list):
        evaluation.step(len(wanted))
        return equal(value, wanted, evaluation.step) is True or any(
            _item_accepts(value, item, evaluation) for item in wanted
        )
    same = equal(value, wanted, evaluation.step)
    if same is None:
        evaluation.absent(f"{in_words(value)} cannot be compared with {in_words(wanted)}")
    return same


def _item_accepts(value: Any, item: Any, evaluation: Evaluation) -> bool:
    if isinstance(item, Range) and not isinstance(value, Range):
        return within(value, item, evaluation.step) is True
    return equal(value, item, evaluation.step) is True


@builds(In)
def is_in(node: In) -> Code:
    """Whether the value passes the tests after `in`."""
    value, tests = build(node.value), build_tests(node.tests)

    def ask(frame: Frame) -> Any:
        tested = value(frame)
        verdict = tests(frame, tested)
        if verdict is None:
            return frame.evaluation.absent(
                f"whether {in_words(tested)} passes what stands after “in” cannot be decided"
            )
        return verdict

    return ask
