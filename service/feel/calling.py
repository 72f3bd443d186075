"""Calling FEEL's own, the host's and the built-in functions. How a call is written is not here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from service.feel.absent import Absent
from service.feel.registry import Builtin, call_builtin
from service.feel.runtime import Evaluation
from service.feel.temporal import MIDNIGHT
from service.feel.types import fits
from service.feel.values import FeelFunction, HostFunction, adopt, in_words, kind_of

Named = Sequence[tuple[str, Any]]


def invoke(evaluation: Evaluation, function: Any, positional: Sequence[Any], named: Named = ()) -> Any:
    """The function's result; null with a reason when `function` is none or the arguments do not fit."""
    evaluation.step()
    if isinstance(function, Builtin):
        return call_builtin(function, evaluation, positional, named)
    if not isinstance(function, HostFunction | FeelFunction):
        return evaluation.absent(f"{in_words(function)} cannot be called")
    evaluation.enter()
    try:
        arguments = _in_order(evaluation, function, positional, named)
        if isinstance(function, HostFunction):
            evaluation.asked_host = True
            evaluation.measure(arguments)
            return evaluation.checked(_call_host(function, arguments))
        return _call_own(function, evaluation, arguments)
    except Absent as absent:
        return evaluation.absent(f"{function.name}: {absent.reason}")
    finally:
        evaluation.leave()


def _in_order(
    evaluation: Evaluation, function: HostFunction | FeelFunction, positional: Sequence[Any], named: Named
) -> list[Any]:
    """The arguments as the parameters stand. One that is left out among those given by name is null (10.3.2.13.5)."""
    parameters = function.parameters
    if named:
        given = dict(named)
        if not given.keys() <= set(parameters) or len(given) != len(named):
            raise Absent(f"it takes the arguments {', '.join(parameters) or 'none'}, not {', '.join(given)}")
        for left_out in parameters:
            if left_out not in given:
                evaluation.absent(f"{function.name}: the argument “{left_out}” was not given")
        return [given.get(parameter) for parameter in parameters]
    if len(positional) != len(parameters):
        raise Absent(f"it takes {len(parameters)} arguments ({', '.join(parameters)}), not {len(positional)}")
    return list(positional)


def _call_host(function: HostFunction, arguments: list[Any]) -> Any:
    try:
        return adopt(function.call(*arguments))
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise Absent(str(error) or type(error).__name__) from error


def _call_own(function: FeelFunction, evaluation: Evaluation, arguments: list[Any]) -> Any:
    for index, wanted in enumerate(function.parameter_types):
        if wanted is None or arguments[index] is None:
            continue
        if fits(arguments[index], wanted, evaluation.types) is False:
            arguments[index] = _converted(arguments[index], wanted, evaluation, function.parameters[index])
    return function.call(evaluation, arguments)


def _converted(value: Any, wanted: Any, evaluation: Evaluation, parameter: str) -> Any:
    """The argument as its parameter takes it, by the conversions of 10.3.2.9.4. Raises Absent."""
    if isinstance(value, list) and len(value) == 1 and fits(value[0], wanted, evaluation.types):
        return value[0]
    if wanted.name == "list" and fits([value], wanted, evaluation.types):
        return [value]
    if wanted.name == "date and time" and kind_of(value) == "date":
        return datetime.combine(value, MIDNIGHT, tzinfo=UTC)
    raise Absent(f"“{parameter}” must be a {wanted.name}, not {in_words(value)}")
