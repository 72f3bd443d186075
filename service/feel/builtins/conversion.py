"""Built-in functions that turn a value of one kind into another: number, string, and the text of any value."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from service.feel.absent import Absent
from service.feel.registry import builtin
from service.feel.runtime import Evaluation
from service.feel.values import NUMBERS
from service.feel.writing import write

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_MOST_DIGITS = 10_000


@builtin("number(from: string|number)")
def number(given: str | Decimal) -> Decimal:
    """The number that a text such as `12.5` names."""
    if isinstance(given, Decimal):
        return given
    if len(given) > _MOST_DIGITS or _NUMBER.fullmatch(given) is None:
        raise Absent(f'"{given[:40]}" is no number')
    return NUMBERS.create_decimal(given)


@builtin("number(from: string, grouping separator: string|null, decimal separator: string|null)")
def number_with_separators(given: str, grouping: str | None, point: str | None) -> Decimal:
    """The number that a text names, written with these separators."""
    if grouping not in (None, " ", ",", "."):
        raise Absent("the grouping separator must be a blank, “,” or “.”")
    if point not in (None, ",", "."):
        raise Absent("the decimal separator must be “,” or “.”")
    if grouping is not None and grouping == point:
        raise Absent("the two separators must differ")
    text = given.replace(grouping, "") if grouping else given
    if point == ",":
        if "." in text:
            raise Absent(f'"{given[:40]}" is no number with the decimal separator “,”')
        text = text.replace(",", ".")
    return number(text)


@builtin("string(from: any)", with_evaluation=True)
def string(evaluation: Evaluation, given: Any) -> str | None:
    """The text of a value, such that FEEL reads it again; null for null."""
    evaluation.measure(given)
    if _characters(given) > evaluation.limits.string_length:
        raise evaluation.too_much(f"makes a text of more than {evaluation.limits.string_length} characters")
    return None if given is None else write(given)


def _characters(value: Any) -> int:
    """How many characters the text of a value has at least; a number alone may have thousands."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Decimal):
        _, digits, exponent = value.as_tuple()
        return max(len(digits) + int(exponent), -int(exponent), 1)
    if isinstance(value, list | dict):
        return sum(map(_characters, value.values() if isinstance(value, dict) else value))
    return 1
