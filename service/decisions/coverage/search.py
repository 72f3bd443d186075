"""Looking for what no box of a space covers, and making what is found as large as it can be. What the boxes and the
classes of values stand for is not known here.

A space has columns; a column has classes of values, numbered from 0; a box is a set of classes in each column, as the
bits of an int. The space holds the boxes the other way round: for each class of each column the boxes that contain it,
again as the bits of an int. Whether boxes cover everything is as hard as any question of logic, hence the effort.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_

Box = tuple[int, ...]
"""For each column its classes, as bits."""
_Slices = dict[int, int]
"""Of one column: for each set of boxes, the classes that exactly those boxes contain."""
_Part = tuple[list[_Slices], int]
"""A part of the space, and the boxes that touch it."""
_Mark = tuple[int, tuple[frozenset[int], ...]]
"""What decides whether a part is covered: its boxes, and how they lie in each column."""


class TooMuch(Exception):
    """The effort is used up before the answer was found."""


class Effort:
    """How many slices may still be looked at. Counted and not timed, so that the same table gets the same answer."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> None:
        """Take note of work done. Raises TooMuch when there was no effort left for it."""
        self.left -= count
        if self.left < 0:
            raise TooMuch


class Space:
    """The classes of each column, and which boxes contain them."""

    def __init__(self, columns: Sequence[Sequence[int]]) -> None:
        self.columns = [list(column) for column in columns]
        self._covered: set[_Mark] = set()

    def add(self, box: Box, number: int) -> None:
        """Put in one more box."""
        for column, classes in zip(self.columns, box, strict=True):
            for index in bits(classes):
                column[index] |= 1 << number

    def touching(self, region: Box) -> int:
        """The boxes that have something in common with the region."""
        return reduce(and_, (self._any(column, classes) for column, classes in enumerate(region)), -1)

    def uncovered(self, region: Box, boxes: int, effort: Effort) -> Box | None:
        """A part of the region in none of these boxes, or None when they cover it all. Raises TooMuch."""
        start: list[_Slices] = []
        for column, classes in zip(self.columns, region, strict=True):
            start.append(_told_apart(((column[index], 1 << index) for index in bits(classes)), boxes))
        todo: list[_Part | None] = [(start, boxes)]
        marks: list[_Mark] = []
        while todo:
            part = todo.pop()
            if part is None:
                # All that was put on the pile after this sign was covered, so what it was made from is.
                self._covered.add(marks.pop())
                continue
            slices, alive = _narrowed(part, effort)
            if not alive:
                return tuple(reduce(or_, column.values()) for column in slices)
            if reduce(and_, (boxes for column in slices for boxes in column)):
                continue
            mark = (alive, tuple(frozenset(column) for column in slices if len(column) > 1))
            if mark not in self._covered:
                marks.append(mark)
                todo += [None, *_halves(slices, alive)]
        return None

    def grown(self, box: Box, region: Box, boxes: int) -> Box:
        """The box, which none of these boxes touches, made as large as it can be inside the region.

        Whole columns come first: what holds whatever a column says is easier to understand.
        """
        grown = list(box)
        for whole in (True, False):
            for column, classes in enumerate(region):
                beside = [self._any(other, grown[other]) for other in range(len(grown)) if other != column]
                touching = reduce(and_, beside, boxes)
                free = sum(1 << i for i in bits(classes) if not self.columns[column][i] & touching)
                if free == classes or not whole:
                    grown[column] = free
        return tuple(grown)

    def _any(self, column: int, classes: int) -> int:
        here = self.columns[column]
        return reduce(or_, (here[index] for index in bits(classes)), 0)


def bits(number: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _told_apart(slices: Iterator[tuple[int, int]], alive: int) -> _Slices:
    """The slices, told apart only by the boxes that are alive."""
    merged: _Slices = {}
    for boxes, classes in slices:
        boxes &= alive
        merged[boxes] = merged.get(boxes, 0) | classes
    return merged


def _narrowed(part: _Part, effort: Effort) -> _Part:
    """The part without what need not be looked at: boxes that do not touch it, and slices that are covered if others
    are, because they lie in the same boxes and more."""
    slices, alive = part
    while True:
        before = alive
        narrowed = []
        for column in slices:
            effort.spend(len(column))
            least = _least(_told_apart(iter(column.items()), alive))
            alive &= reduce(or_, least)
            narrowed.append(least)
        slices = narrowed
        if alive == before:
            return slices, alive


def _least(slices: _Slices) -> _Slices:
    """The slices whose boxes do not include all the boxes of another one."""
    if len(slices) == 1:
        return slices
    least: list[int] = []
    for boxes in sorted(slices, key=int.bit_count):
        if all(fewer & boxes != fewer for fewer in least):
            least.append(boxes)
    if len(least) == len(slices):
        return slices
    kept = set(least)
    return {boxes: classes for boxes, classes in slices.items() if boxes in kept}


def _halves(slices: list[_Slices], alive: int) -> list[_Part]:
    """The part cut in two where the fewest boxes lie on both sides; the emptier half last, to be looked at first."""
    best: tuple[int, int, list[int]] | None = None
    for number, column in enumerate(slices):
        if len(column) > 1:
            for cost, side in _cuts(list(column)):
                if best is None or cost < best[0]:
                    best = (cost, number, side)
    if best is None:
        raise AssertionError("a part with one slice in each column is covered or empty")
    _, number, side = best
    column = slices[number]
    parts = []
    for chosen in (set(side), column.keys() - set(side)):
        half = {boxes: classes for boxes, classes in column.items() if boxes in chosen}
        parts.append(([*slices[:number], half, *slices[number + 1 :]], alive & reduce(or_, half)))
    return sorted(parts, key=lambda part: -part[1].bit_count())


def _cuts(slices: list[int]) -> Iterator[tuple[int, list[int]]]:
    """Each way to take the first few slices, or a single one, and what it would cost to look at both sides."""
    after = [0]
    for boxes in reversed(slices):
        after.append(after[-1] | boxes)
    after.reverse()
    before = 0
    for index, boxes in enumerate(slices):
        single = boxes.bit_count() ** 2 + (before | after[index + 1]).bit_count() ** 2
        yield single, [boxes]
        before |= boxes
        if 0 < index < len(slices) - 1:
            yield before.bit_count() ** 2 + after[index + 1].bit_count() ** 2, slices[: index + 1]
