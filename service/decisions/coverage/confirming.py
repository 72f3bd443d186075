"""A finding is put to the table's own cells before it is told. What to put to them is found elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.decisions.coverage.cells import read_cell
from service.decisions.coverage.dimensions import Dimension
from service.decisions.coverage.domains import Declarations
from service.decisions.expressions import Feel
from service.decisions.model import Cell, Table

_MOST_ASKED = 8_000
"""Questions to rules, for one table."""


class Judge:
    """Asks the cells of a table about values, as the table itself would."""

    def __init__(self, table: Table, dimensions: Sequence[Dimension], around: Declarations) -> None:
        self._rules = table.rules
        self._asked = 0
        self._names = frozenset(around.names)
        self._feel = Feel({}, around.types.tests(Feel({})))
        self._unknown = {column for d in dimensions if d.line.unknown for column in d.columns}
        self._limits = [(d.columns[0], cell) for d in dimensions if not d.line.unknown for cell in d.limits]

    @property
    def tired(self) -> bool:
        """Whether too much was asked already: nothing more will be confirmed, and so nothing more told."""
        return self._asked > _MOST_ASKED

    def matches(self, rule: int, values: Sequence[Any]) -> bool | None:
        """Whether the rule at this index matches; None when nobody can say."""
        self._asked += 1
        verdict: bool | None = True
        for column, cell in enumerate(self._rules[rule].cells):
            passes = self._passes(cell, column, values[column])
            if passes is False:
                return False
            verdict = verdict if passes else None
        return verdict

    def allows(self, values: Sequence[Any]) -> bool:
        """Whether the types and lists of values of the columns let these values in."""
        return all(
            values[column] is None or self._passes(cell, column, values[column]) is not False
            for column, cell in self._limits
        )

    def _passes(self, cell: Cell, column: int, value: Any) -> bool | None:
        read = read_cell(cell.text, self._names)
        if read.unknown or (column in self._unknown and value is not None and (read.borders or read.by_value)):
            return None
        return self._feel.passes(cell, value, {})
