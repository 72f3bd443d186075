"""Which row or column of a sheet is which of the file, after people have copied, moved and deleted. Their contents are
texts here, whatever they mean."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence


def identify(
    marks: Sequence[int | None], found: Sequence[Sequence[str]], base: Sequence[Sequence[str]]
) -> list[int | None]:
    """For each thing found, which of the base it is, or None when it is new.

    What says what it said is itself. Then what says the same as something of the base that is not found otherwise is
    that, whatever its mark: somebody sorted the visible cells, or lost the marks. Of the others, the one most like the
    base is the original, and the rest are copies.
    """
    result: list[int | None] = [None] * len(found)
    claims: defaultdict[int, list[int]] = defaultdict(list)
    free = dict.fromkeys(range(len(base)))
    for place, index in enumerate(marks):
        if index in free and tuple(found[place]) == tuple(base[index]):
            result[place] = index
            del free[index]
    saying: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for index in reversed(free):
        saying[tuple(base[index])].append(index)
    for place, contents in enumerate(found):
        if result[place] is None and saying[tuple(contents)]:
            result[place] = same = saying[tuple(contents)].pop()
            del free[same]
    for place, index in enumerate(marks):
        if result[place] is None and index in free:
            claims[index].append(place)
    for claimed, places in claims.items():
        likeness = {place: _alike(found[place], base[claimed]) for place in places}
        result[max(places, key=likeness.__getitem__)] = claimed
    return result


def moved(order: Sequence[int]) -> set[int]:
    """The fewest of these different numbers that must have been moved for the rest to stand in rising order."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in order:
        place = bisect_left(tails, number)
        before[number] = tails[place - 1] if place else None
        tails[place : place + 1] = [number]
    stayed = set()
    here = tails[-1] if tails else None
    while here is not None:
        stayed.add(here)
        here = before[here]
    return set(order) - stayed


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(left == right for left, right in zip(one, other, strict=True))
