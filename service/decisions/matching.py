"""Which rules of a table match, and on which cell each other one fails first. What follows from a match is not here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from service.decisions.expressions import Among, read_tests
from service.decisions.model import Input, Table
from service.feel import UnaryTests

MATCHED = -1
"""In place of the number of a question: the rule failed none."""


@dataclass(frozen=True, slots=True)
class Question:
    """What cells of one column with the same text ask of the column's value."""

    column: int
    text: str
    tests: UnaryTests | None
    """None when the names in scope must be known to read the text."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells, compiled, each different text of a column once."""

    questions: tuple[Question, ...]
    rows: tuple[tuple[int, ...], ...]
    """For each rule the numbers of its questions from left to right; an empty cell asks nothing."""
    labels: tuple[str, ...]
    """What to call each input column."""


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
    return Grid(questions, rows, tuple(labels_of(table.inputs)))


def labels_of(inputs: Sequence[Input]) -> list[str]:
    """What to call each column: its label, or its expression where labels repeat."""
    labels = [column.label for column in inputs]
    return [
        label if labels.count(label) == 1 else f"{label} ({column.expression.text})"
        for label, column in zip(labels, inputs, strict=True)
    ]


def first_failures(table: Table, grid: Grid, values: Sequence[Any], among: Among) -> list[int]:
    """For each rule the number of the first question that its value fails, or MATCHED; after the rule that decides a
    FIRST table there are no more. Raises ModelError for a cell that cannot be evaluated.

    Rules are gone through in their order and their cells from the left up to the first that fails, so that a wrong
    cell is met exactly where it is reached. A question is asked once, unless its answer may not be kept: when a
    function of the host or of the model was called, or a name in it that nobody knows is to be told for each rule.
    """
    answers: list[bool | None] = [None] * len(grid.questions)
    failures = []
    for rule, row in zip(table.rules, grid.rows, strict=True):
        failure = MATCHED
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
        if failure == MATCHED and table.hit_policy == "FIRST":
            break
    return failures
