"""Looking for what no box of a space covers, and making what is found as large as it can be. What the boxes and the
classes of values stand for is not known here.

A space has columns; a column has classes of values, numbered from 0; a box is a set of classes in each column, as the
bits of an int. The space holds the boxes the other way round: for each class of each column the boxes that contain it,
again as the bits of an int. Whether boxes cover everything is as hard as any question of logic, hence the effort.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import and_, or_

Box = tuple[int, ...]
"""For each column its classes, as bits."""
_Slices = dict[int, int]
"""Of one column: for each set of boxes, the classes that exactly those boxes contain."""
_Part = tuple[list[_Slices], int]
"""A part of the space, and the boxes that touch it."""
_MOST_COMPARED = 60
"""Slices of one column that are compared each with each."""


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
        self._touching: dict[tuple[int, int], int] = {}

    def add(self, box: Box, number: int) -> None:
        """Put in one more box."""
        self._touching.clear()
        for column, classes in zip(self.columns, box, strict=True):
            for index in bits(classes):
                column[index] |= 1 << number

    def touching(self, region: Box) -> int:
        """The boxes that have something in common with the region."""
        return reduce(and_, (self._any(column, classes) for column, classes in enumerate(region)), -1)

    def uncovered(self, region: Box, boxes: int, effort: Effort) -> Box | None:
        """A part of the region in none of these boxes, or None when they cover it all. Raises TooMuch."""
        boxes &= self.touching(region)
        if not boxes:
            return region
        return self._dived(region, boxes) or self._searched(region, boxes, effort)

    def grown(self, box: Box, region: Box, boxes: int) -> Box:
        """The box, which none of these boxes touches, made as large as it can be inside the region.

        Whole columns come first: what holds whatever a column says is easier to understand.
        """
        grown = list(box)
        for whole in (True, False):
            for column, classes in enumerate(region):
                if grown[column] == classes:
                    continue
                beside = [self._any(other, grown[other]) for other in range(len(grown)) if other != column]
                touching = reduce(and_, beside, boxes)
                free = self._outside(column, classes, touching)
                if free == classes or not whole:
                    grown[column] = free
        return tuple(grown)

    def _dived(self, region: Box, boxes: int) -> Box | None:
        """A part in none of the boxes, found by always taking the class in the fewest of them; None when that way
        leads to none. Most tables with many gaps need no more."""
        part = list(region)
        every = [self._every(column, classes) for column, classes in enumerate(region)]
        left: dict[int, list[int]] = {}
        for column, classes in enumerate(region):
            # Boxes that leave nothing out in the other columns cover whole classes of this one.
            part[column] = self._outside(column, classes, reduce(and_, every[:column] + every[column + 1 :], boxes))
            left[column] = bits(part[column])
        boxes &= self.touching(tuple(part))
        while boxes and left and all(left.values()):
            fewest: list[tuple[int, int, int]] = []
            for column, indices in left.items():
                here = self.columns[column]
                counts = [(here[index] & boxes).bit_count() for index in indices]
                low = min(counts)
                fewest.append((low, column, indices[counts.index(low)]))
            _, column, index = min(fewest)
            del left[column]
            part[column] = 1 << index
            boxes &= self.columns[column][index]
        return None if boxes or not all(part) else tuple(part)

    def _searched(self, region: Box, boxes: int, effort: Effort) -> Box | None:
        """A part in none of the boxes, found by cutting in two until one is found or none is left."""
        effort.spend(sum(classes.bit_count() for classes in region))
        slices = [
            _told_apart([(column[index], 1 << index) for index in bits(classes)], boxes)
            for column, classes in zip(self.columns, region, strict=True)
        ]
        todo: list[_Part] = [(slices, boxes)]
        while todo:
            part = _narrowed(todo.pop(), effort)
            if part is None:
                continue
            slices, alive = part
            if not alive:
                return tuple(reduce(or_, column.values()) for column in slices)
            todo += _halves(slices, alive)
        return None

    def _any(self, column: int, classes: int) -> int:
        """The boxes that contain some of these classes."""
        key = (column, classes)
        if key not in self._touching:
            here = self.columns[column]
            self._touching[key] = reduce(or_, [here[index] for index in bits(classes)], 0)
        return self._touching[key]

    def _every(self, column: int, classes: int) -> int:
        """The boxes that contain all of these classes."""
        here = self.columns[column]
        return reduce(and_, [here[index] for index in bits(classes)], -1)

    def _outside(self, column: int, classes: int, boxes: int) -> int:
        """Those of these classes that none of these boxes contains."""
        here = self.columns[column]
        return sum([1 << index for index in bits(classes) if not here[index] & boxes])


def bits(number: int) -> list[int]:
    """The places of the bits that are set, from the lowest."""
    # By way of text, which for the many classes of a long column is several times faster than arithmetic.
    return [place for place, digit in enumerate(f"{number:b}"[::-1]) if digit == "1"]


def _told_apart(slices: Iterable[tuple[int, int]], alive: int) -> _Slices:
    """The slices, told apart only by the boxes that are alive."""
    merged: _Slices = {}
    for boxes, classes in slices:
        boxes &= alive
        merged[boxes] = merged.get(boxes, 0) | classes
    return merged


def _narrowed(part: _Part, effort: Effort) -> _Part | None:
    """The part without what need not be looked at: boxes that do not touch it, and slices that are covered for sure or
    that are covered if others are. None when nothing is left, as all of it is covered."""
    slices, alive = part
    while True:
        before = alive
        slices = [_told_apart(column.items(), alive) for column in slices]
        every = [reduce(and_, column) for column in slices]
        narrowed = []
        for number, column in enumerate(slices):
            effort.spend(len(column))
            # Boxes that leave nothing out in the other columns cover whole slices of this one.
            whole = reduce(and_, every[:number] + every[number + 1 :], before)
            least = _least({boxes: classes for boxes, classes in column.items() if not boxes & whole})
            if not least:
                return None
            narrowed.append(least)
            alive &= reduce(or_, least)
        slices = narrowed
        if alive == before:
            return slices, alive


def _least(slices: _Slices) -> _Slices:
    """The slices whose boxes do not include all the boxes of another one; in a long column not all are found."""
    if len(slices) < 2:
        return slices
    if len(slices) > _MOST_COMPARED:
        # Comparing each with each would take too long; neighbours on a scale are the likeliest to be alike.
        around = list(slices)
        beside = zip([-1, *around[:-1]], around, [*around[1:], -1], strict=True)
        return {here: slices[here] for one, here, other in beside if one & here != one and other & here != other}
    least: list[int] = []
    for boxes in sorted(slices, key=int.bit_count):
        for fewer in least:
            if fewer & boxes == fewer:
                break
        else:
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
