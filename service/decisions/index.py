"""An index over tables whose cells only compare with constants: for each column, which rules a value leaves, by where
the value lies among the constants. How a cell is evaluated is not here; that is asked once for each such place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from service.decisions.expressions import Among
from service.feel import UnaryTests

_NULL = -1


@dataclass(frozen=True, slots=True)
class Question:
    """What cells of one column with the same text ask of the column's value."""

    column: int
    text: str
    tests: UnaryTests | None
    """None when the names in scope must be known to read the text."""


class Column:
    """One column: its different cells, and the rules that have each, as bits, the lowest for the first rule."""

    def __init__(
        self, kind: type | None, constants: Iterable[Any], cells: Sequence[tuple[UnaryTests, int]], empty: int
    ):
        self.kind = kind
        self._borders = sorted(set(constants))
        self._cells = cells
        self._empty = empty
        # Shared between threads, two of which may at worst find out the same.
        self._known: dict[int, int] = {}

    def left_by(self, value: Any, among: Among) -> int | None:
        """The rules whose cells in this column the value passes; None when where it lies does not decide that."""
        if value is None:
            place = _NULL
        elif self.kind is None or type(value) is self.kind:
            borders = self._borders
            below = bisect_left(borders, value)
            # Even between two borders, odd on one.
            place = 2 * below + (below < len(borders) and borders[below] == value)
        else:
            return None
        found = self._known.get(place)
        if found is None:
            found = self._empty
            for tests, rules in self._cells:
                if among.verdict(tests, value):
                    found |= rules
            self._known[place] = found
        return found


@dataclass(frozen=True, slots=True)
class Index:
    """The columns of a table, all of them."""

    columns: tuple[Column, ...]
    calls: frozenset[str]
    """Functions whose results are among the constants."""

    def left_by(self, values: Sequence[Any], among: Among) -> list[int] | None:
        """For each column the rules that its value leaves; None when the index does not hold for these values."""
        if self.calls and among.redefines(self.calls):
            return None
        left = []
        for column, value in zip(self.columns, values, strict=True):
            rules = column.left_by(value, among)
            if rules is None:
                return None
            left.append(rules)
        return left


def index_of(columns: int, questions: Sequence[Question], rows: Sequence[Sequence[int]]) -> Index | None:
    """The index of a table, whose rows are numbers of questions; None when a cell asks more than an index knows."""
    having = [0] * len(questions)
    for place, row in enumerate(rows):
        for number in row:
            having[number] |= 1 << place
    asked = list(zip(questions, having, strict=True))
    made = [_column([pair for pair in asked if pair[0].column == number], len(rows)) for number in range(columns)]
    found = [column for column, _ in made if column is not None]
    calls = frozenset[str]().union(*(calls for _, calls in made))
    return Index(tuple(found), calls) if len(found) == columns else None


def _column(cells: Sequence[tuple[Question, int]], rules: int) -> tuple[Column | None, frozenset[str]]:
    """The column and the functions it calls; None when one of its cells cannot be in an index."""
    all_borders = [question.tests.borders for question, _ in cells if question.tests is not None]
    borders = [one for one in all_borders if one is not None]
    kinds = {one.kind for one in borders} - {None}
    if len(borders) < len(cells) or len(kinds) > 1:
        return None, frozenset()
    empty = (1 << rules) - 1
    for _, having in cells:
        empty &= ~having
    column = Column(
        next(iter(kinds), None),
        (constant for one in borders for constant in one.constants),
        [(question.tests, having) for question, having in cells if question.tests is not None],
        empty,
    )
    return column, frozenset[str]().union(*(one.calls for one in borders))
