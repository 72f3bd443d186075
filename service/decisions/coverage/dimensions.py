"""The columns of a table as dimensions: what each tells apart, and which rules hold where. Two columns that ask the
same are one dimension. Looking for gaps in the space they make is in `search.py`, not here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import xor
from typing import Any

from service.decisions.coverage.cells import ReadCell, read_cell
from service.decisions.coverage.domains import PLAIN_KINDS, Declarations, Domain, domain_of
from service.decisions.coverage.scales import Scale, Segment, scale_of
from service.decisions.coverage.search import Effort
from service.decisions.model import Cell, Table
from service.feel.values import kind_of

_MOST_BY_VALUE = 40
"""Values of one column for which a cell that compares nothing is tried one by one."""
_MOST_COMPARISONS = 200_000
"""Comparisons made to read the cells of one table; beyond it long lists are left out of account."""
TOO_LONG = "it is one of very many long lists"
_ANY_VALUE = "any value"
_Run = tuple[int, int, bool | None]
"""From which segment to before which, and whether the values there pass; None when nobody can say."""


@dataclass(frozen=True, slots=True)
class Line:
    """The values of a column in segments."""

    segments: tuple[Segment, ...]
    numbers: dict[Any, int]
    """The segment at each place where a verdict may change."""
    kind: str
    scale: Scale | None = None
    unknown: str = ""
    """Why nothing is known of the values; there is then one segment."""

    def cut_by(self, cell: ReadCell) -> list[int]:
        """The segments at the cell's own borders."""
        found = set()
        for border in cell.borders:
            if kind_of(border) == self.kind:
                for place in self.scale.places(border) if self.scale is not None else (border,):
                    found.add(self.numbers[place])
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that the table asks. Its classes are sets of segments that no rule tells apart; the last class is
    null."""

    columns: tuple[int, ...]
    line: Line
    classes: tuple[tuple[int, ...], ...]
    sure: tuple[int, ...]
    """For each class, the rules that match there for sure, as bits."""
    maybe: tuple[int, ...]
    """For each class, these and the rules of which nobody can say."""
    limits: tuple[Cell, ...]
    unsure_limits: tuple[tuple[Cell, str], ...]
    """The lists of values that could not be followed, and why."""

    @property
    def null(self) -> int:
        """The class of null, as a bit."""
        return 1 << (len(self.classes) - 1)

    @property
    def answered(self) -> int:
        """All classes but null, as bits."""
        return self.null - 1

    def segments(self, classes: int) -> list[int]:
        """The numbers of the segments in these classes, in order."""
        return sorted(s for number, members in enumerate(self.classes) if classes >> number & 1 for s in members)


def dimensions_of(table: Table, around: Declarations) -> tuple[Dimension, ...]:
    """The dimensions of a table, in the order of their first columns."""
    same: dict[str, list[int]] = {}
    for index, column in enumerate(table.inputs):
        same.setdefault(" ".join(column.expression.text.split()), []).append(index)
    effort = Effort(_MOST_COMPARISONS)
    return tuple(_dimension(table, columns, around, effort) for columns in same.values())


def _dimension(table: Table, columns: Sequence[int], around: Declarations, effort: Effort) -> Dimension:
    names = frozenset(around.names)
    domains = [domain_of(table.inputs[column], around) for column in columns]
    limits = tuple(dict.fromkeys(cell for domain in domains for cell in domain.limits))
    read_limits = [read_cell(cell.text, names) for cell in limits]
    cells = [_rules_by_cell(table, column, names, effort) for column in columns]
    line = _line([*read_limits, *(cell for found in cells for cell in found)], domains)
    sure, maybe = [-1] * (len(line.segments) + 1), [-1] * (len(line.segments) + 1)
    for found in cells:
        for index, (certain, possible) in enumerate(zip(*_patterns(found, line), strict=True)):
            sure[index] &= certain
            maybe[index] &= possible
    allowed = set(range(len(line.segments)))
    unsure = []
    for cell, read in zip(limits, read_limits, strict=True):
        runs = list(_runs(read, line))
        allowed -= {index for start, end, passes in runs if passes is False for index in range(start, end)}
        if any(passes is None for _, _, passes in runs):
            unsure.append((cell, read.unknown or read.by_value or line.unknown))
    classes: dict[tuple[int, int], list[int]] = {}
    for index in sorted(allowed):
        classes.setdefault((sure[index], maybe[index]), []).append(index)
    return Dimension(
        columns=tuple(columns),
        line=line,
        classes=(*map(tuple, classes.values()), ()),
        sure=(*(pattern[0] for pattern in classes), sure[-1]),
        maybe=(*(pattern[1] for pattern in classes), maybe[-1]),
        limits=limits,
        unsure_limits=tuple(unsure),
    )


def _rules_by_cell(table: Table, column: int, names: frozenset[str], effort: Effort) -> dict[ReadCell, int]:
    """Each different cell of a column, with the rules that have it, as bits."""
    texts: dict[str, int] = {}
    for index, rule in enumerate(table.rules):
        text = rule.cells[column].text
        texts[text] = texts.get(text, 0) | 1 << index
    return {_affordable(read_cell(text, names), effort): rules for text, rules in texts.items()}


def _affordable(cell: ReadCell, effort: Effort) -> ReadCell:
    """The cell, or one of which nothing is known when too much was spent already on telling apart what it lists."""
    # It is asked about each constant and each stretch between two, and compares with every constant each time.
    comparisons = (2 * len(cell.borders) + 1) * len(cell.borders)
    if comparisons > effort.left:
        return replace(cell, unknown=TOO_LONG)
    effort.spend(comparisons)
    return cell


def _line(cells: Sequence[ReadCell], domains: Sequence[Domain]) -> Line:
    borders = list(dict.fromkeys((kind_of(b), b) for cell in cells for b in cell.borders))
    declared = next((domain.kind for domain in domains if domain.kind), "")
    kinds = {declared} if declared else {kind for kind, _ in borders}
    unknown = "" if len(kinds) == 1 else "nothing says what kind of value it has"
    if len(kinds) > 1:
        unknown = f"it is compared with values of different kinds ({', '.join(sorted(kinds))})"
    elif not kinds <= PLAIN_KINDS:
        unknown = f"its values are no single values ({declared})"
    kind = kinds.pop() if not unknown else ""
    own = [border for border_kind, border in borders if border_kind == kind]
    if kind == "boolean":
        return _points([True, False], kind)
    if kind == "string":
        return _points(own, kind, other=_other_text(own))
    found = scale_of(kind, whole=any(d.whole for d in domains), borders=own) if kind else unknown
    if isinstance(found, str):
        return Line((Segment(_ANY_VALUE, point=False),), {}, "", unknown=found)
    segments, numbers = found.cut(own)
    return Line(tuple(segments), numbers, kind, found)


def _points(values: Sequence[Any], kind: str, other: str = "") -> Line:
    segments = [Segment(value, point=True) for value in values]
    if other:
        segments.append(Segment(other, point=False))
    return Line(tuple(segments), {value: index for index, value in enumerate(values)}, kind)


def _other_text(texts: Sequence[str]) -> str:
    other = "another text"
    while other in texts:
        other += " still"
    return other


def _patterns(cells: dict[ReadCell, int], line: Line) -> tuple[list[int], list[int]]:
    """For each segment and, last, for null: the rules whose cell passes for sure, and those whose cell may pass."""
    # Where a run begins and where it ends its rules change sides; adding up the changes gives each segment's rules.
    changes: tuple[list[int], list[int]] = ([0] * (len(line.segments) + 1), [0] * (len(line.segments) + 1))
    null = [0, 0]
    for cell, rules in cells.items():
        for start, end, passes in _runs(cell, line):
            for side in (0, 1) if passes else (1,) if passes is None else ():
                changes[side][start] ^= rules
                changes[side][end] ^= rules
        passes = cell.passes(None)
        null[0] |= rules if passes else 0
        null[1] |= rules if passes is not False else 0
    sure, maybe = ([*list(accumulate(change, xor))[:-1], last] for change, last in zip(changes, null, strict=True))
    return sure, maybe


def _runs(cell: ReadCell, line: Line) -> Iterator[_Run]:
    """The verdict of a cell all along the line."""
    segments = line.segments
    if cell.unknown or (line.unknown and (cell.borders or cell.by_value)):
        yield 0, len(segments), None
    elif cell.by_value:
        few = len(segments) <= _MOST_BY_VALUE
        for index, segment in enumerate(segments):
            yield index, index + 1, cell.passes(segment.example) if segment.point and few else None
    else:
        start = 0
        for border in line.cut_by(cell):
            if border > start:
                yield start, border, cell.passes(segments[start].example)
            yield border, border + 1, cell.passes(segments[border].example)
            start = border + 1
        if start < len(segments):
            yield start, len(segments), cell.passes(segments[start].example)
