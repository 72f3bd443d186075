"""Decision tables evaluated. Which rules match is found in `matching.py`; what follows from several is in
`hit_policies.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from service.decisions.explanations import RuleExplained, RulesExplained
from service.decisions.expressions import Feel, Names, at, is_literal
from service.decisions.hit_policies import Match, Undefined, settle
from service.decisions.matching import Grid, Grids, match
from service.decisions.model import Cell, Literal, Output, Place, Rule, Table
from service.decisions.types import Types, WrongType
from service.feel.values import in_words

MOST_KEPT = 100
"""Tables inside expressions, and decisions of services, that one evaluation tells of."""


class TableResult(NamedTuple):
    """What a table gave, by which rules, on what input."""

    table: Table
    value: Any
    matched: tuple[Rule, ...]
    inputs: Mapping[str, Any]
    """The value of each input column under its label; empty when one was not allowed."""
    rules: Sequence[RuleExplained]
    """What became of each rule; empty when the inputs were not allowed."""


class Checked(NamedTuple):
    """Types as this evaluation takes them. `refuse` decides what becomes of a value of the wrong type."""

    feel: Feel
    types: Types
    refuse: bool
    grids: Grids
    inside: list[TableResult]
    """The tables asked inside expressions and functions so far, up to MOST_KEPT."""

    def table_inside(self, table: Table, names: Names) -> Any:
        """The value of a table inside an expression or function; how it came about is kept in `inside`."""
        result = evaluate_table(table, names, self)
        if len(self.inside) < MOST_KEPT:
            self.inside.append(result)
        return result.value

    def fit(self, value: Any, type_ref: str, place: Place) -> Any:
        """The value as one of that type, else null, or a ModelError where wrong types are refused."""
        if self.types.plainly_fits(value, type_ref):
            return value
        try:
            return self.types.fit(value, type_ref, self.feel)
        except WrongType as wrong:
            if self.refuse:
                raise at(place, f"{wrong}.") from wrong
            self.feel.note(place, str(wrong))
            return None

    def fit_all(self, values: Sequence[Any], type_refs: Sequence[str], place: Place) -> list[Any] | None:
        """The arguments of a call, each of its type; None when one is not, as the whole call is then null."""
        fitted = []
        for value, type_ref in zip(values, type_refs, strict=True):
            fitted.append(self.fit(value, type_ref, place))
            if fitted[-1] is None and value is not None:
                return None
        return fitted


def evaluate_table(table: Table, names: Names, checked: Checked) -> TableResult:
    """The table's result. Raises ModelError for a bad cell, a value that is not allowed, or a broken hit policy.

    Where wrong types are not refused, the latter two make the result null.
    """
    asking = _Asking(table, names, checked)
    try:
        value = asking.value()
    except Undefined as wrong:
        if checked.refuse:
            raise
        checked.feel.note(wrong.place, wrong.reason)
        value = None
    return TableResult(table, value, asking.matched, asking.inputs, asking.rules)


class _Asking:
    """A table asked once, and as far as it came."""

    def __init__(self, table: Table, names: Names, checked: Checked) -> None:
        self._table = table
        self._checked = checked
        self._among = checked.feel.among(names)
        self.inputs: Mapping[str, Any] = {}
        self.rules: Sequence[RuleExplained] = ()
        self.matched: tuple[Rule, ...] = ()

    def value(self) -> Any:
        """The table's value. Raises ModelError; Undefined where a rule of the table's own is broken."""
        table = self._table
        grid = self._checked.grids.of(table)
        values = self._input_values()
        self.inputs = dict(zip(grid.labels, values, strict=True))
        matching = match(table, grid, values, self._among)
        self.rules = RulesExplained(table, grid.labels, values, matching)
        self.matched = tuple(table.rules[place] for place in matching.matched)
        matches = [Match(rule, self._outputs(rule, grid)) for rule in self.matched]
        return settle(table, matches, self._default(), self._rank, self._checked.feel)

    def _input_values(self) -> list[Any]:
        values = []
        for column in self._table.inputs:
            place = column.expression.place
            value = self._checked.fit(self._among.value(column.expression), column.type_ref, place)
            # Null is not held against the list: whether a missing answer matters is for the rules to say.
            if column.allowed is not None and value is not None and not self._allows(column.allowed, value):
                raise Undefined(place, f"{in_words(value)} is not one of the input values {column.allowed.text}.")
            values.append(value)
        return values

    def _allows(self, cell: Cell, value: Any) -> bool:
        # The allowed values of a column whose value is a list are the values its items may have.
        if isinstance(value, list) and not self._among.passes(cell, value):
            return all(item is None or self._among.passes(cell, item) for item in value)
        return self._among.passes(cell, value)

    def _outputs(self, rule: Rule, grid: Grid) -> tuple[Any, ...]:
        values = grid.outputs.get(rule.number)
        if values is None:
            values = tuple(map(self._output, self._table.outputs, rule.outputs))
            if all(map(self._is_settled, self._table.outputs, rule.outputs, values)):
                grid.outputs[rule.number] = values
        return values

    def _output(self, column: Output, literal: Literal) -> Any:
        value = self._checked.fit(self._among.value(literal), column.type_ref, literal.place)
        if column.allowed is not None and value is not None and not self._allows(column.allowed, value):
            message = f"{in_words(value)} is not one of the output values {column.allowed.text}."
            raise Undefined(literal.place, message)
        return value

    def _is_settled(self, column: Output, literal: Literal, value: Any) -> bool:
        """Whether the value is the same in every scope: a literal, and nothing but its type to ask."""
        plain = column.allowed is None and self._checked.types.plainly_fits(value, column.type_ref)
        return plain and (not literal.text or is_literal(literal.text))

    def _default(self) -> tuple[Any, ...] | None:
        defaults = [column.default for column in self._table.outputs]
        if not any(defaults):
            return None
        return tuple(
            None if default is None else self._checked.fit(self._among.value(default), column.type_ref, default.place)
            for column, default in zip(self._table.outputs, defaults, strict=True)
        )

    def _rank(self, outputs: tuple[Any, ...]) -> tuple[int, ...]:
        """The place of each output among the output values of its column or its type, the best being the first."""
        ranks = [
            self._place_of(value, cell)
            for column, value in zip(self._table.outputs, outputs, strict=True)
            if (cell := ranking_of(column, self._checked.types)) is not None
        ]
        if not ranks:
            raise Undefined(self._table.place, f"{self._table.hit_policy} needs output values to rank by, best first.")
        return tuple(ranks)

    def _place_of(self, value: Any, cell: Cell) -> int:
        best_first = self._among.text(f"[{cell.text}]", cell.place)
        for place, ranked in enumerate(best_first):
            if self._checked.feel.equal(ranked, value, cell.place):
                return place
        return len(best_first)


def ranking_of(column: Output, types: Types) -> Cell | None:
    """The output values by which a column's results are ranked, or None."""
    return column.allowed or types.allowed_values(column.type_ref or column.ranked_by)
