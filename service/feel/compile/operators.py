"""What operators mean: arithmetic, comparison, three-valued logic, `between`, `if` and `instance of`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.feel.absent import Absent
from service.feel.arithmetic import calculate, negative
from service.feel.compare import Charge, charge_text, equal, order
from service.feel.compile.core import build, builds
from service.feel.runtime import Code, Frame
from service.feel.syntax import Arithmetic, Between, Comparison, If, InstanceOf, Logic, Negative
from service.feel.types import fits
from service.feel.values import in_words

_VERDICTS: dict[str, Callable[[int], bool]] = {
    "<": lambda difference: difference < 0,
    "<=": lambda difference: difference <= 0,
    ">": lambda difference: difference > 0,
    ">=": lambda difference: difference >= 0,
}


_STEPS_OF_A_POWER = 10
"""A power of a fraction is worked out by logarithms, to 34 digits."""


def compared(operator: str, left: Any, right: Any, charge: Charge) -> bool | None:
    """The verdict of one of the six comparisons; None when the two cannot be compared."""
    if operator in ("=", "!="):
        same = equal(left, right, charge)
        return same if operator == "=" or same is None else not same
    charge_text(left, charge)
    difference = order(left, right)
    return None if difference is None else _VERDICTS[operator](difference)


@builds(Comparison)
def comparison(node: Comparison) -> Code:
    """True, false, or null for values that cannot be compared."""
    operator, left, right = node.operator, build(node.left), build(node.right)

    def compare(frame: Frame) -> Any:
        first, second = left(frame), right(frame)
        verdict = compared(operator, first, second, frame.evaluation.step)
        if verdict is None:
            return frame.evaluation.absent(f"{in_words(first)} {operator} {in_words(second)} cannot be decided")
        return verdict

    return compare


@builds(Between)
def between(node: Between) -> Code:
    """Whether the value lies between the two, both included."""
    value, low, high = build(node.value), build(node.low), build(node.high)

    def compare(frame: Frame) -> Any:
        middle = value(frame)
        charge_text(middle, frame.evaluation.step)
        differences = (order(low(frame), middle), order(middle, high(frame)))
        verdicts = [None if difference is None else difference <= 0 for difference in differences]
        if False in verdicts:
            return False
        if None in verdicts:
            return frame.evaluation.absent(f"{in_words(middle)} cannot be compared with both bounds of “between”")
        return True

    return compare


@builds(Logic)
def logic(node: Logic) -> Code:
    """Three-valued `and` and `or`: what is neither true nor false counts as unknown."""
    left, right = build(node.left), build(node.right)
    decisive = node.operator == "or"
    operator = node.operator

    def combine(frame: Frame) -> Any:
        first = left(frame)
        if first is decisive:
            return decisive
        second = right(frame)
        if second is decisive:
            return decisive
        for value in (first, second):
            if not isinstance(value, bool):
                return frame.evaluation.absent(f"{in_words(value)} stands beside “{operator}”")
        return not decisive

    return combine


@builds(Arithmetic)
def arithmetic(node: Arithmetic) -> Code:
    """The sum, difference, product, quotient or power."""
    operator, left, right = node.operator, build(node.left), build(node.right)

    def compute(frame: Frame) -> Any:
        try:
            if operator == "**":
                frame.evaluation.step(_STEPS_OF_A_POWER)
            return frame.evaluation.checked(calculate(operator, left(frame), right(frame)))
        except Absent as absent:
            return frame.evaluation.absent(absent.reason)

    return compute


@builds(Negative)
def negation(node: Negative) -> Code:
    """The value with its sign turned."""
    operand = build(node.operand)

    def compute(frame: Frame) -> Any:
        try:
            return negative(operand(frame))
        except Absent as absent:
            return frame.evaluation.absent(absent.reason)

    return compute


@builds(If)
def conditional(node: If) -> Code:
    """The first branch when the condition is true, the second when it is anything else."""
    condition, then, otherwise = build(node.condition), build(node.then), build(node.otherwise)
    return lambda frame: then(frame) if condition(frame) is True else otherwise(frame)


@builds(InstanceOf)
def instance_of(node: InstanceOf) -> Code:
    """Whether the value is of the type."""
    value, wanted = build(node.value), node.type

    def ask(frame: Frame) -> Any:
        verdict = fits(value(frame), wanted, frame.evaluation.types)
        return frame.evaluation.absent(f"there is no type “{wanted.name}”") if verdict is None else verdict

    return ask
