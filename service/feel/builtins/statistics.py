"""Built-in functions that draw one value from a list: least, sum, average, all. Searching is in `lists.py`."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

from service.feel.absent import Absent
from service.feel.arithmetic import calculate
from service.feel.compare import order
from service.feel.registry import builtin
from service.feel.values import NUMBERS, YearsMonthsDuration, in_words


def _numbers(items: list[Any]) -> list[Decimal]:
    """The items, all numbers and at least one. Raises Absent otherwise."""
    if not items:
        raise Absent("the list is empty")
    for item in items:
        if not isinstance(item, Decimal):
            raise Absent(f"the list holds {in_words(item)}, which is no number")
    return items


@builtin("min(list: list*)")
def least(items: list[Any]) -> Any:
    """The item that comes first."""
    return _extreme(items, sign=1)


@builtin("max(list: list*)")
def greatest(items: list[Any]) -> Any:
    """The item that comes last."""
    return _extreme(items, sign=-1)


def _extreme(items: list[Any], *, sign: int) -> Any:
    if not items:
        raise Absent("the list is empty")
    best = items[0]
    if order(best, best) is None:
        raise Absent(f"the list holds {in_words(best)}, which is neither more nor less than anything")
    for item in items:
        difference = order(item, best)
        if difference is None:
            raise Absent(f"{in_words(item)} and {in_words(best)} have no order")
        if difference * sign < 0:
            best = item
    return best


@builtin("sum(list: list*)")
def total(items: list[Any]) -> Any:
    """The sum of numbers, or of durations of one kind."""
    if items and isinstance(items[0], timedelta | YearsMonthsDuration):
        return reduce(lambda a, b: calculate("+", a, b), items)
    return reduce(NUMBERS.add, _numbers(items))


@builtin("product(list: list*)")
def product(items: list[Any]) -> Decimal:
    """The product of numbers."""
    return reduce(NUMBERS.multiply, _numbers(items))


@builtin("mean(list: list*)")
def mean(items: list[Any]) -> Any:
    """The average of numbers, or of durations of one kind."""
    return calculate("/", total(items), Decimal(len(items)))


@builtin("median(list: list*)")
def median(items: list[Any]) -> Decimal:
    """The middle number, or the average of the two in the middle."""
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("stddev(list: list*)")
def stddev(items: list[Any]) -> Decimal:
    """The standard deviation of a sample."""
    if len(_numbers(items)) < 2:
        raise Absent("at least two numbers are needed")
    average = mean(items)
    apart = [NUMBERS.subtract(item, average) for item in items]
    squares = (NUMBERS.multiply(distance, distance) for distance in apart)
    return NUMBERS.sqrt(NUMBERS.divide(reduce(NUMBERS.add, squares), Decimal(len(items) - 1)))


@builtin("mode(list: list*)")
def mode(items: list[Any]) -> list[Decimal]:
    """The most frequent numbers in ascending order; the empty list for the empty list."""
    if not items:
        return []
    counted = Counter(_numbers(items))
    most = max(counted.values())
    return sorted(number for number, times in counted.items() if times == most)


@builtin("all(list: list*)")
def every(items: list[Any]) -> bool | None:
    """Whether all are true; null when nobody can say."""
    return _joined(items, decisive=False)


@builtin("any(list: list*)")
def some(items: list[Any]) -> bool | None:
    """Whether one is true; null when nobody can say."""
    return _joined(items, decisive=True)


def _joined(items: list[Any], *, decisive: bool) -> bool | None:
    if any(item is decisive for item in items):
        return decisive
    for item in items:
        if not isinstance(item, bool):
            raise Absent(f"the list holds {in_words(item)}, which is neither true nor false")
    return not decisive
