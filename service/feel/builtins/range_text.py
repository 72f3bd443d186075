"""The built-in function `range`: a range from its text. What relates ranges is in `ranges.py`."""

from __future__ import annotations

from typing import Any

from service.feel.absent import Absent
from service.feel.arithmetic import negative
from service.feel.builtins.dates import to_date, to_date_time, to_duration, to_time
from service.feel.compare import order
from service.feel.errors import FeelError
from service.feel.grammar import parse_expression
from service.feel.registry import builtin
from service.feel.runtime import Evaluation
from service.feel.syntax import AtLiteral, Call, Literal, Name, Negative, Node, RangeOf
from service.feel.temporal import read_any
from service.feel.values import Range

_MAKERS = {"date": to_date, "time": to_time, "date and time": to_date_time, "duration": to_duration}


@builtin("range(from: string)", with_evaluation=True)
def to_range(evaluation: Evaluation, text: str) -> Range:
    """The range that a text such as `[1..3]` names."""
    evaluation.step(len(text))
    try:
        tree = parse_expression(text)
    except FeelError:
        raise Absent(f'"{text[:40]}" is not a range such as [1..3]') from None
    if not isinstance(tree, RangeOf) or tree.operator or tree.start is None or tree.end is None:
        raise Absent(f'"{text[:40]}" is not a range such as [1..3]')
    start, end = _value(tree.start), _value(tree.end)
    difference = order(start, end)
    if difference is None or difference > 0:
        raise Absent("a range goes upwards between two values of one kind")
    return Range(start, end, tree.start_included, tree.end_included)


def _value(node: Node) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, AtLiteral):
        return read_any(node.text)
    if isinstance(node, Negative):
        return negative(_value(node.operand))
    if isinstance(node, Call) and isinstance(node.function, Name) and len(node.arguments) == 1:
        maker, argument = _MAKERS.get(node.function.name), node.arguments[0]
        if maker is not None and isinstance(argument, Literal) and isinstance(argument.value, str):
            return maker(argument.value)
    raise Absent("the ends of a range must be literals")
