"""What `for`, `some`, `every` and filters mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from service.feel.absent import Absent
from service.feel.compile.core import build, builds, steps_of
from service.feel.reading import children
from service.feel.runtime import Code, Frame
from service.feel.syntax import Filter, For, Literal, Loop, Name, Negative, Node, Quantified
from service.feel.values import NUMBERS, Range, in_words


class _Source:
    """What one loop runs over, compiled."""

    def __init__(self, loop: Loop) -> None:
        self.name = loop.name
        self._source = build(loop.source)
        self._until = build(loop.until) if loop.until is not None else None

    def items(self, frame: Frame) -> Iterator[Any]:
        """The items to run over. Raises Absent when there is nothing to run over."""
        value = self._source(frame)
        if self._until is not None:
            yield from _between(value, self._until(frame))
        elif isinstance(value, list):
            yield from value
        elif isinstance(value, Range):
            yield from _range_items(value)
        elif value is None:
            raise Absent(f"what “{self.name}” runs over is null")
        else:
            yield value


def _between(start: Any, end: Any) -> Iterator[Any]:
    """Every integer or day from one to the other, upwards or downwards, both included."""
    if _is_integer(start) and _is_integer(end):
        step = 1 if start <= end else -1
        for number in range(int(start), int(end) + step, step):
            yield Decimal(number)
    elif _is_day(start) and _is_day(end):
        step = 1 if start <= end else -1
        for days in range(0, (end - start).days + step, step):
            yield start + timedelta(days=days)
    else:
        raise Absent(f"{in_words(start)} and {in_words(end)} have no steps between them")


def _is_integer(value: Any) -> bool:
    """Larger numbers have no next one among decimals of so many digits."""
    return isinstance(value, Decimal) and value.adjusted() < NUMBERS.prec and value == value.to_integral_value()


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _range_items(value: Range) -> Iterator[Any]:
    for item in _between(value.start, value.end):
        if (item != value.start or value.start_included) and (item != value.end or value.end_included):
            yield item


def _turns(sources: list[_Source], frame: Frame, steps: int) -> Iterator[Frame]:
    """One frame for each combination of items; a later loop sees the names of the earlier ones."""
    for item in sources[0].items(frame):
        frame.evaluation.step(steps)
        inner = frame.inner({sources[0].name: item})
        if len(sources) == 1:
            yield inner
        else:
            yield from _turns(sources[1:], inner, steps)


@builds(For)
def for_each(node: For) -> Code:
    """The list of the body's values; `partial` is the list so far."""
    sources, body = [_Source(loop) for loop in node.loops], build(node.body)
    keeps, steps = _keeps_partial(node.body), steps_of(node)

    def run(frame: Frame) -> Any:
        made: list[Any] = []
        so_far = {"partial": made}
        try:
            for inner in _turns(sources, frame.inner(so_far), steps):
                if keeps:
                    # What a turn kept of the list must not grow with later turns, nor hold itself.
                    so_far["partial"] = frame.evaluation.checked(list(made))
                made.append(body(inner))
                if len(made) > frame.evaluation.limits.list_length:
                    frame.evaluation.checked(made)
        except Absent as absent:
            return frame.evaluation.absent(absent.reason)
        return made

    return run


def _keeps_partial(node: Node) -> bool:
    """Whether `partial` is used for more than its items by position, as in `partial[-1]`."""
    if isinstance(node, Filter) and node.value == Name(node.value.position, "partial"):
        return not isinstance(node.condition, Literal | Negative)
    return node == Name(node.position, "partial") or any(map(_keeps_partial, children(node)))


@builds(Quantified)
def quantified(node: Quantified) -> Code:
    """Whether the condition holds for some or for every turn; null when nobody can say."""
    sources, condition = [_Source(loop) for loop in node.loops], build(node.condition)
    decisive, steps = not node.every, steps_of(node)

    def run(frame: Frame) -> Any:
        unknown: str | None = None
        try:
            for inner in _turns(sources, frame, steps):
                answer = condition(inner)
                if answer is decisive:
                    return decisive
                if not isinstance(answer, bool):
                    unknown = f"the condition after “satisfies” gave {in_words(answer)}"
        except Absent as absent:
            unknown = absent.reason
        return frame.evaluation.absent(unknown) if unknown else not decisive

    return run


@builds(Filter)
def filtered(node: Filter) -> Code:
    """The item at a position, or the items for which the condition is true (Table 68)."""
    source, condition, steps = build(node.value), build(node.condition), steps_of(node.condition)
    number = node.condition.operand if isinstance(node.condition, Negative) else node.condition
    is_position = isinstance(number, Literal) and isinstance(number.value, Decimal)

    def run(frame: Frame) -> Any:
        value = source(frame)
        if value is None:
            return frame.evaluation.absent("null has no items")
        items = value if isinstance(value, list) else [value]
        if not items and is_position:
            return frame.evaluation.absent("the list is empty, so that it has no such position")
        kept: list[Any] = []
        for item in items:
            frame.evaluation.step(steps)
            answer = condition(_item_frame(frame, item))
            if answer is True:
                kept.append(item)
            elif isinstance(answer, Decimal):
                return _at(items, answer, frame)
            elif answer is not False and answer is not None:
                return frame.evaluation.absent(f"{in_words(answer)} in a filter is neither a condition nor a position")
        return kept

    return run


def _item_frame(frame: Frame, item: Any) -> Frame:
    inner = frame.inner({"item": item})
    return inner.inner(item) if isinstance(item, dict) else inner


def _at(items: list[Any], position: Decimal, frame: Frame) -> Any:
    if position == 0 or abs(position) > len(items) or position != position.to_integral_value():
        return frame.evaluation.absent(f"the list has no position {position}")
    place = int(position)
    return items[place - 1 if place > 0 else place]
