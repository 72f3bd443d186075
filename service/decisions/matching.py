"""Which rules of a table match, and on which cell each other one fails first. What follows from a match is not here.

There are two ways to find out. A table whose cells only compare with constants is looked up in an index (`index.py`),
when the values are of the constants' types. Every other is walked through, rule by rule and cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from service.decisions.expressions import Among, read_tests
from service.decisions.index import Index, Question, index_of
from service.decisions.model import Input, Table

_MATCHED = -1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells, compiled, each different text of a column once."""

    questions: tuple[Question, ...]
    rows: tuple[tuple[int, ...], ...]
    """For each rule the numbers of its questions from left to right; an empty cell asks nothing."""
    labels: tuple[str, ...]
    """What to call each input column."""
    index: Index | None
    outputs: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """The outputs of rules that give the same whatever the facts are, by number. Threads at worst find them twice."""


class Grids:
    """The grids of a library's tables, each made when its table is first asked. May be shared between threads."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[Table, Grid]] = {}

    def of(self, table: Table) -> Grid:
        """The grid of a table."""
        kept = self._of.get(id(table))
        if kept is None:
            # The table stays beside its grid so that nothing else can get its id.
            kept = self._of[id(table)] = (table, make_grid(table))
        return kept[1]


def make_grid(table: Table) -> Grid:
    """Number the questions of a table in the order in which they first come up."""
    numbers: dict[tuple[int, str], int] = {}
    rows = tuple(
        tuple(
            numbers.setdefault((column, cell.text), len(numbers)) for column, cell in enumerate(rule.cells) if cell.text
        )
        for rule in table.rules
    )
    questions = tuple(Question(column, text, read_tests(text)) for column, text in numbers)
    return Grid(questions, rows, tuple(labels_of(table.inputs)), index_of(len(table.inputs), questions, rows))


def labels_of(inputs: Sequence[Input]) -> list[str]:
    """What to call each column: its label, or its expression where labels repeat."""
    labels = [column.label for column in inputs]
    return [
        label if labels.count(label) == 1 else f"{label} ({column.expression.text})"
        for label, column in zip(labels, inputs, strict=True)
    ]


class Matching(NamedTuple):
    """What became of a table's rules, which count from 0 here."""

    matched: tuple[int, ...]
    asked: int
    """How many rules were asked; those after the one that decides a FIRST table are not."""
    failed: Callable[[int], Question]
    """For a rule that was asked and did not match: what it failed on first, from the left."""


def match(table: Table, grid: Grid, values: Sequence[Any], among: Among) -> Matching:
    """Which rules match these values of the inputs. Raises ModelError for a cell that cannot be evaluated."""
    left = None if grid.index is None else grid.index.left_by(values, among)
    only_first = table.hit_policy == "FIRST"
    return _walked(table, grid, values, among, only_first) if left is None else _looked_up(grid, left, only_first)


def _looked_up(grid: Grid, left: Sequence[int], only_first: bool) -> Matching:
    matching = (1 << len(grid.rows)) - 1
    for rules in left:
        matching &= rules
    matched: list[int] = []
    while matching and not (only_first and matched):
        lowest = matching & -matching
        matched.append(lowest.bit_length() - 1)
        matching ^= lowest

    def failed(rule: int) -> Question:
        column = next(number for number, rules in enumerate(left) if not rules >> rule & 1)
        return next(grid.questions[n] for n in grid.rows[rule] if grid.questions[n].column == column)

    return Matching(tuple(matched), matched[0] + 1 if only_first and matched else len(grid.rows), failed)


def _walked(table: Table, grid: Grid, values: Sequence[Any], among: Among, only_first: bool) -> Matching:
    """Rules are gone through in their order and their cells from the left up to the first that fails, so that a wrong
    cell is met exactly where it is reached. A question is asked once, unless its answer may not be kept: when a
    function of the host or of the model was called, or a name in it that nobody knows is to be told for each rule.
    """
    answers: list[bool | None] = [None] * len(grid.questions)
    failures: list[int] = []
    for rule, row in zip(table.rules, grid.rows, strict=True):
        failure = _MATCHED
        for number in row:
            passes = answers[number]
            if passes is None:
                question = grid.questions[number]
                found = among.asked(rule.cells[question.column], question.tests, values[question.column])
                passes = found.value is True
                if not (found.asked_host or found.unknown_names or found.unknown_entries):
                    answers[number] = passes
            if not passes:
                failure = number
                break
        failures.append(failure)
        if failure == _MATCHED and only_first:
            break
    matched = tuple(rule for rule, failure in enumerate(failures) if failure == _MATCHED)
    return Matching(matched, len(failures), lambda rule: grid.questions[failures[rule]])
