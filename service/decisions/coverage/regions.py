"""From a box of classes to values, tests and words: what a finding shows. Whether the finding is true is asked in
`confirming.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from service.decisions.coverage.dimensions import Dimension
from service.decisions.coverage.domains import Declarations, paths_read
from service.decisions.coverage.findings import Region
from service.decisions.coverage.scales import Segment
from service.decisions.coverage.search import Box
from service.decisions.coverage.wording import test_of, value_in_words
from service.decisions.matching import labels_of
from service.decisions.model import Table

_MOST_TRIED = 24
_NULL = Segment(None, point=True)


@dataclass(frozen=True, slots=True)
class Example:
    """A value for each dimension."""

    segments: tuple[Segment, ...]

    def values(self, dimensions: Sequence[Dimension]) -> list[Any]:
        """A value for each column of the table."""
        found = {c: s.example for d, s in zip(dimensions, self.segments, strict=True) for c in d.columns}
        return [found[column] for column in range(len(found))]


class Regions:
    """Shows boxes of one table."""

    def __init__(self, table: Table, dimensions: Sequence[Dimension], around: Declarations) -> None:
        self._dimensions = dimensions
        self._labels = labels_of(table.inputs)
        reads = [paths_read(table.inputs[dimension.columns[0]], around) for dimension in dimensions]
        self._correlated = [
            (one, other) for one, other in combinations(range(len(reads)), 2) if _share(reads[one], reads[other])
        ]

    def label(self, dimension: int) -> str:
        """What to call a dimension: the label of its first column."""
        return self._labels[self._dimensions[dimension].columns[0]]

    def examples(self, box: Box) -> Iterator[Example]:
        """Examples of what is in the box, the most readable first; then some that differ from it in one value."""
        choices = [self._choices(dimension, classes) for dimension, classes in zip(self._dimensions, box, strict=True)]
        first = [segments[0] for segments in choices]
        yield Example(tuple(first))
        for number, segments in enumerate(choices):
            for segment in segments[1 : _MOST_TRIED // len(choices) + 1]:
                yield Example((*first[:number], segment, *first[number + 1 :]))

    def region(self, box: Box, example: Example, *, exactly: bool) -> Region:
        """The box, shown by this example; its words name every column when it is to be told `exactly`."""
        matter = [n for n, (d, classes) in enumerate(zip(self._dimensions, box, strict=True)) if not _all(d, classes)]
        values = example.values(self._dimensions)
        tests = {
            self._labels[column]: self._test(dimension, classes)
            for dimension, classes in zip(self._dimensions, box, strict=True)
            for column in dimension.columns
        }
        correlated = {number for pair in self._correlated if set(pair) <= set(matter) for number in pair}
        return Region(
            example=dict(zip(self._labels, values, strict=True)),
            tests={label: tests[label] for label in self._labels},
            words=", ".join(
                self._in_words(number, segment, exactly=exactly)
                for number, segment in enumerate(example.segments)
                if exactly or number in matter
            ),
            others=not exactly and len(matter) < len(box),
            correlated=tuple(self.label(number) for number in sorted(correlated)),
        )

    def _in_words(self, number: int, segment: Segment, *, exactly: bool) -> str:
        said = "not answered" if segment.example is None else value_in_words(segment, exactly=exactly)
        return f"{self.label(number)} {said}"

    @staticmethod
    def _test(dimension: Dimension, classes: int) -> str:
        if _all(dimension, classes):
            return "-"
        return test_of(dimension.line, dimension.segments(classes)) if classes & dimension.answered else "null"

    @staticmethod
    def _choices(dimension: Dimension, classes: int) -> list[Segment]:
        """The segments in these classes: values that the table names before those it does not."""
        segments = [dimension.line.segments[number] for number in dimension.segments(classes)]
        return sorted(segments, key=lambda segment: not segment.point) or [_NULL]


def _all(dimension: Dimension, classes: int) -> bool:
    return classes & dimension.answered == dimension.answered and bool(classes)


def _share(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """Whether the two read a fact in common, or one a part of what the other reads."""
    return any(a[: len(b)] == b[: len(a)] for a in one for b in other)
