"""Constants with which no value of their column can be compared, such as `"18"` among numbers: a rule that would
never match, in silence. Other checks are in `checks.py`."""

from __future__ import annotations

from collections.abc import Iterator

from service.decisions.expressions import read_tests
from service.decisions.model import Cell, Input, Problem, Table
from service.decisions.types import Types, is_of
from service.decisions.words import problem_at
from service.feel.writing import write_literal


def constants_of_other_types(table: Table, types: Types) -> Iterator[Problem]:
    """A problem for each cell of conditions that compares its column's values with a constant of another type."""
    for number, column in enumerate(table.inputs):
        kind = types.simple_base(column.type_ref)
        if kind:
            for cell in _cells(table, number, column):
                yield from _problems(cell, kind)


def _cells(table: Table, number: int, column: Input) -> Iterator[Cell]:
    if column.allowed is not None:
        yield column.allowed
    yield from (rule.cells[number] for rule in table.rules)


def _problems(cell: Cell, kind: str) -> Iterator[Problem]:
    tests = read_tests(cell.text) if cell.text else None
    borders = None if tests is None else tests.borders
    for constant in borders.constants if borders is not None else ():
        if not is_of(constant, kind):
            wrong = f"{write_literal(constant)} is not of the type {kind}, as the values of this column are"
            yield problem_at(cell.place, f"{wrong}; the test {cell.text} never matches.")
            break
