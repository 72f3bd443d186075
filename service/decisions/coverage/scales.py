"""How the values of each kind lie in line: what is between two of them, and which value to show as the example of a
stretch. Which stretches a table tells apart is in `dimensions.py`, not here.

Dates, times, durations and whole numbers go in steps, so that nothing lies between 15 and 16; numbers do not. Times go
in whole seconds here, because FEEL calls two times equal that differ by less.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Any

from service.feel import YearsMonthsDuration
from service.feel.values import NUMBERS


@dataclass(frozen=True, slots=True)
class Segment:
    """Values that no cell tells apart, as far as cells compare with constants."""

    example: Any
    """One of them; null where nobody knows what a value of the column looks like."""
    point: bool
    """Whether the example is all there is."""
    low: Any = None
    """The lowest value, None when there is none; for texts and truth values there is neither low nor high."""
    high: Any = None
    closed: bool = True
    """Whether `low` and `high` belong to it."""


class Scale(ABC):
    """A kind of value whose values lie in line."""

    @abstractmethod
    def places(self, border: Any) -> tuple[Any, ...]:
        """Where a verdict may change because of this constant."""

    @abstractmethod
    def between(self, low: Any, high: Any) -> Segment | None:
        """All that lies between two places; None when nothing does. None as a place means: without end."""

    @abstractmethod
    def point(self, place: Any) -> Segment:
        """The one value at a place."""

    def cut(self, borders: Sequence[Any]) -> tuple[list[Segment], dict[Any, int]]:
        """The whole scale, cut at the borders, and the number of the segment at each place."""
        places = sorted({place for border in borders for place in self.places(border)})
        segments: list[Segment] = []
        numbers: dict[Any, int] = {}
        before = None
        for place in (*places, None):
            stretch = self.between(before, place)
            if stretch is not None:
                segments.append(stretch)
            if place is not None:
                numbers[place] = len(segments)
                segments.append(self.point(place))
            before = place
        return segments, numbers


@dataclass(frozen=True)
class Steps(Scale):
    """Values that are counted: each is a whole number of the smallest step."""

    steps: Callable[[Any], int]
    """How many steps a value lies above zero, rounded down."""
    value: Callable[[int], Any]
    lowest: int
    highest: int
    usual: int
    """The example where no cell says anything."""
    round_steps: tuple[int, ...] = (1,)
    """The steps in which people think, largest first, for examples."""

    def places(self, border: Any) -> tuple[int, ...]:
        # A constant between two steps parts the values at the lower one as well as anywhere.
        place = self.steps(border)
        return (place,) if self.lowest <= place <= self.highest else ()

    def between(self, low: int | None, high: int | None) -> Segment | None:
        first = self.lowest if low is None else low + 1
        last = self.highest if high is None else high - 1
        if first > last:
            return None
        unbounded = low is None and high is None
        return Segment(
            self.value(self.usual if unbounded else self._round(first, last, from_the_end=low is None)),
            point=first == last,
            low=None if low is None else self.value(first),
            high=None if high is None else self.value(last),
        )

    def point(self, place: int) -> Segment:
        value = self.value(place)
        return Segment(value, point=True, low=value, high=value)

    def _round(self, first: int, last: int, *, from_the_end: bool) -> int:
        """The roundest number from first to last: the nearest to the end that is a border."""
        for step in self.round_steps:
            number = last // step * step if from_the_end else -(-first // step) * step
            if first <= number <= last:
                return number
        return first


class Numbers(Scale):
    """Numbers with any digits after the point, as many as FEEL keeps."""

    def places(self, border: Any) -> tuple[Decimal, ...]:
        return (border,)

    def between(self, low: Decimal | None, high: Decimal | None) -> Segment | None:
        example = _number_between(low, high)
        return None if example is None else Segment(example, point=False, low=low, high=high, closed=False)

    def point(self, place: Decimal) -> Segment:
        return Segment(place, point=True, low=place, high=place)


_WIDE = Context(prec=120, rounding=ROUND_FLOOR)
_FRACTIONS = tuple(Decimal(digit).scaleb(-places) for places in range(1, 37) for digit in (10, 5))
"""1, 0.5, 0.1, 0.05 and so on: what a person would choose a number from."""


def _number_between(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """The roundest number between the two, else the next one that FEEL knows; None when it knows none."""
    if low is None:
        if high is None:
            return Decimal(0)
        below = _number_between(high.copy_negate(), None)
        return None if below is None else _plain(below.copy_negate())
    for fraction in _FRACTIONS:
        number = _WIDE.multiply(_WIDE.add(_whole(_WIDE.divide(low, fraction)), Decimal(1)), fraction)
        if low < number and (high is None or number < high) and NUMBERS.plus(number) == number:
            return _plain(number)
    number = NUMBERS.next_plus(low)
    return number if number.is_finite() and low < number and (high is None or number < high) else None


def _plain(number: Decimal) -> Decimal:
    """The number without digits that say nothing, such as in 16.0 and -0."""
    whole = _whole(number)
    return Decimal(int(whole)) if whole == number and abs(whole) < _MOST else number.normalize(_WIDE)


def _whole(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_FLOOR, _WIDE)


def _whole_steps(number: Decimal) -> int:
    return int(_whole(number))


def _seconds(value: time | datetime) -> int:
    whole = value.hour * 3600 + value.minute * 60 + value.second
    if isinstance(value, datetime):
        whole += value.toordinal() * _DAY
        whole -= (value.utcoffset() or timedelta(0)) // timedelta(seconds=1)
    return whole


def _microseconds(length: timedelta) -> int:
    return length // _MICROSECOND


def _instant(seconds: int, zone: tzinfo | None) -> datetime:
    return datetime.combine(date.fromordinal(seconds // _DAY), _clock_time(seconds % _DAY), tzinfo=zone)


def _clock_time(seconds: int) -> time:
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


_DAY = 86400
_MICROSECOND = timedelta(microseconds=1)
_MOST = 10**33
"""Whole numbers beyond this have more digits than FEEL keeps."""
_USUAL_DAY = date(2026, 1, 1).toordinal()
_INSTANTS = (_DAY, _DAY * (date.max.toordinal() + 1) - 1, _DAY * _USUAL_DAY, (_DAY, 3600, 60, 1))

_SCALES: Mapping[str, Scale] = {
    "number": Numbers(),
    "whole number": Steps(_whole_steps, Decimal, -_MOST, _MOST, 0),
    "date": Steps(lambda day: day.toordinal(), date.fromordinal, 1, date.max.toordinal(), _USUAL_DAY),
    "time": Steps(_seconds, _clock_time, 0, _DAY - 1, _DAY // 2, (3600, 60, 1)),
    "date and time": Steps(_seconds, lambda seconds: _instant(seconds, None), *_INSTANTS),
    "date and time somewhere": Steps(_seconds, lambda seconds: _instant(seconds, UTC), *_INSTANTS),
    "days and time duration": Steps(
        _microseconds,
        lambda steps: _MICROSECOND * steps,
        timedelta.min // _MICROSECOND,
        timedelta.max // _MICROSECOND,
        _DAY * 10**6,
        (*(step * 10**6 for step in (_DAY, 3600, 60, 1)), 1),
    ),
    "years and months duration": Steps(lambda length: length.months, YearsMonthsDuration, -_MOST, _MOST, 12, (12, 1)),
}


def scale_of(kind: str, *, whole: bool, borders: Sequence[Any]) -> Scale | str:
    """The scale of a kind of value, or why there is none. `borders` are the constants of that kind in the column."""
    if kind == "number" and whole:
        return _SCALES["whole number"]
    if kind in ("time", "date and time"):
        placed = {border.tzinfo is not None for border in borders}
        if placed == {True, False}:
            return "some of its times say where on earth they are and some do not"
        if placed == {True}:
            return _SCALES.get(f"{kind} somewhere", "its times of day say where on earth they are")
    return _SCALES[kind]
