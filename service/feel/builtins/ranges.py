"""Built-in functions that relate points and ranges, and `range`. Membership as in `x in [1..3]` is in `compare.py`."""

from __future__ import annotations

from typing import Any

from service.feel.absent import Absent
from service.feel.compare import order, within
from service.feel.registry import builtin
from service.feel.runtime import Evaluation
from service.feel.values import Range, in_words

_POINT = "number|string|date|time|date and time|days and time duration|years and months duration"


def _compared(left: Any, right: Any) -> int:
    difference = order(left, right)
    if difference is None:
        raise Absent(f"{in_words(left)} and {in_words(right)} have no order")
    return difference


def _with_ends(*ranges: Range) -> None:
    """Raise Absent for a range such as `(!= 5)`, which is everything but one point and has no ends."""
    if any(bounds.operator == "!=" for bounds in ranges):
        raise Absent("a range that is everything but one point has no ends")


def _starts_compared(left: Range, right: Range) -> int:
    """Below 0 when the first start comes first; a missing start comes before every other, an open one just after."""
    _with_ends(left, right)
    if left.start is None or right.start is None:
        return (left.start is not None) - (right.start is not None)
    return _compared(left.start, right.start) or right.start_included - left.start_included


def _ends_compared(left: Range, right: Range) -> int:
    """Below 0 when the first end comes first; a missing end comes after every other, an open one just before."""
    _with_ends(left, right)
    if left.end is None or right.end is None:
        return (left.end is None) - (right.end is None)
    return _compared(left.end, right.end) or left.end_included - right.end_included


def _ends_before_start(left: Range, right: Range) -> bool:
    """Whether nothing of the first lies at or after the start of the second."""
    _with_ends(left, right)
    if left.end is None or right.start is None:
        return False
    difference = _compared(left.end, right.start)
    return difference < 0 or (difference == 0 and not (left.end_included and right.start_included))


def _as_range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


@builtin(f"before(point1: {_POINT}, point2: {_POINT})")
@builtin(f"before(point: {_POINT}, range: range)")
@builtin(f"before(range: range, point: {_POINT})")
@builtin("before(range1: range, range2: range)")
def before(first: Any, second: Any) -> bool:
    """Whether all of the first lies before all of the second."""
    return _ends_before_start(_as_range(first), _as_range(second))


@builtin(f"after(point1: {_POINT}, point2: {_POINT})")
@builtin(f"after(point: {_POINT}, range: range)")
@builtin(f"after(range: range, point: {_POINT})")
@builtin("after(range1: range, range2: range)")
def after(first: Any, second: Any) -> bool:
    """Whether all of the first lies after all of the second."""
    return before(second, first)


@builtin("meets(range1: range, range2: range)")
def meets(first: Range, second: Range) -> bool:
    """Whether the first ends, included, where the second starts, included."""
    _with_ends(first, second)
    if first.end is None or second.start is None or not (first.end_included and second.start_included):
        return False
    return _compared(first.end, second.start) == 0


@builtin("met by(range1: range, range2: range)")
def met_by(first: Range, second: Range) -> bool:
    """Whether the second meets the first."""
    return meets(second, first)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(first: Range, second: Range) -> bool:
    """Whether they have something in common."""
    return not _ends_before_start(first, second) and not _ends_before_start(second, first)


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(first: Range, second: Range) -> bool:
    """Whether they overlap, the first starts before the second, and does not end after it."""
    return overlaps(first, second) and _starts_compared(first, second) < 0 and _ends_compared(first, second) <= 0


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(first: Range, second: Range) -> bool:
    """Whether they overlap, the first starts after the second, and does not end before it."""
    return overlaps(first, second) and _starts_compared(first, second) > 0 and _ends_compared(first, second) >= 0


@builtin(f"finishes(point: {_POINT}, range: range)")
def point_finishes(point: Any, whole: Range) -> bool:
    """Whether the point is the included end of the range."""
    _with_ends(whole)
    return whole.end_included and whole.end is not None and _compared(point, whole.end) == 0


@builtin("finishes(range1: range, range2: range)")
def finishes(first: Range, second: Range) -> bool:
    """Whether both end together and the first does not start before the second."""
    return _ends_compared(first, second) == 0 and _starts_compared(first, second) >= 0


@builtin(f"finished by(range: range, point: {_POINT})")
def finished_by_point(whole: Range, point: Any) -> bool:
    """Whether the point finishes the range."""
    return point_finishes(point, whole)


@builtin("finished by(range1: range, range2: range)")
def finished_by(first: Range, second: Range) -> bool:
    """Whether the second finishes the first."""
    return finishes(second, first)


@builtin(f"includes(range: range, point: {_POINT})", with_evaluation=True)
def includes_point(evaluation: Evaluation, whole: Range, point: Any) -> bool:
    """Whether the point lies in the range."""
    inside = within(point, whole, evaluation.step)
    if inside is None:
        raise Absent(f"{in_words(point)} cannot be compared with the range")
    return inside


@builtin("includes(range1: range, range2: range)")
def includes(first: Range, second: Range) -> bool:
    """Whether all of the second lies in the first."""
    return _starts_compared(first, second) <= 0 and _ends_compared(first, second) >= 0


@builtin(f"during(point: {_POINT}, range: range)", with_evaluation=True)
def point_during(evaluation: Evaluation, point: Any, whole: Range) -> bool:
    """Whether the range includes the point."""
    return includes_point(evaluation, whole, point)


@builtin("during(range1: range, range2: range)")
def during(first: Range, second: Range) -> bool:
    """Whether the second includes the first."""
    return includes(second, first)


@builtin(f"starts(point: {_POINT}, range: range)")
def point_starts(point: Any, whole: Range) -> bool:
    """Whether the point is the included start of the range."""
    _with_ends(whole)
    return whole.start_included and whole.start is not None and _compared(point, whole.start) == 0


@builtin("starts(range1: range, range2: range)")
def starts(first: Range, second: Range) -> bool:
    """Whether both start together and the first does not end after the second."""
    return _starts_compared(first, second) == 0 and _ends_compared(first, second) <= 0


@builtin(f"started by(range: range, point: {_POINT})")
def started_by_point(whole: Range, point: Any) -> bool:
    """Whether the point starts the range."""
    return point_starts(point, whole)


@builtin("started by(range1: range, range2: range)")
def started_by(first: Range, second: Range) -> bool:
    """Whether the second starts the first."""
    return starts(second, first)


@builtin(f"coincides(point1: {_POINT}, point2: {_POINT})")
@builtin("coincides(range1: range, range2: range)")
def coincides(first: Any, second: Any) -> bool:
    """Whether both are the same point or range."""
    if isinstance(first, Range):
        return _starts_compared(first, second) == 0 and _ends_compared(first, second) == 0
    return _compared(first, second) == 0
