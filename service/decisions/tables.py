"""Decision tables evaluated: which rules match, and why the others do not. What follows from several matches is in
`hit_policies.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.decisions.expressions import Feel, Names, at
from service.decisions.hit_policies import Match, Undefined, settle
from service.decisions.model import Cell, Input, Output, Place, Rule, Table
from service.decisions.types import Types, WrongType
from service.feel.values import in_words


@dataclass(frozen=True, slots=True)
class TableResult:
    """What a table gave, by which rules, on what input."""

    value: Any
    matched: tuple[Rule, ...]
    inputs: Mapping[str, Any]
    """The value of each input column under its label."""


@dataclass(frozen=True, slots=True)
class RuleExplained:
    """Whether a rule matched, and if not, the first cell that failed."""

    rule_id: str
    number: int
    matched: bool
    column: str = ""
    test: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True)
class Checked:
    """Types as this evaluation takes them. `refuse` decides what becomes of a value of the wrong type."""

    feel: Feel
    types: Types
    refuse: bool

    def fit(self, value: Any, type_ref: str, place: Place) -> Any:
        """The value as one of that type, else null, or a ModelError where wrong types are refused."""
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
    try:
        return _result(table, names, checked)
    except Undefined as wrong:
        if checked.refuse:
            raise
        checked.feel.note(wrong.place, wrong.reason)
        return TableResult(None, (), {})


def _result(table: Table, names: Names, checked: Checked) -> TableResult:
    values = _input_values(table, names, checked)
    rules: list[Rule] = []
    for rule in table.rules:
        if _first_failure(rule, values, names, checked.feel) is None:
            rules.append(rule)
            if table.hit_policy == "FIRST":
                break
    matches = [Match(rule, _outputs(table, rule, names, checked)) for rule in rules]
    ranking = _Ranking(table, names, checked)
    value = settle(table, matches, _default(table, names, checked), ranking.rank, checked.feel)
    labels = labels_of(table.inputs)
    return TableResult(value, tuple(rules), dict(zip(labels, values, strict=True)))


def explain_table(table: Table, names: Names, checked: Checked) -> tuple[RuleExplained, ...]:
    """For each rule: did it match, and if not, which cell failed first. The hit policy is not asked."""
    values = _input_values(table, names, checked)
    labels = labels_of(table.inputs)
    explained = []
    for rule in table.rules:
        failure = _first_failure(rule, values, names, checked.feel)
        if failure is None:
            explained.append(RuleExplained(rule.id, rule.number, True))
        else:
            test = rule.cells[failure].text
            explained.append(RuleExplained(rule.id, rule.number, False, labels[failure], test, values[failure]))
    return tuple(explained)


def _input_values(table: Table, names: Names, checked: Checked) -> list[Any]:
    values = []
    for column in table.inputs:
        place = column.expression.place
        value = checked.fit(checked.feel.value(column.expression, names), column.type_ref, place)
        # Null is not held against the list: whether a missing answer matters is for the rules to say.
        if column.allowed is not None and value is not None and not _allowed(column.allowed, value, names, checked):
            raise Undefined(place, f"{in_words(value)} is not one of the input values {column.allowed.text}.")
        values.append(value)
    return values


def _allowed(cell: Cell, value: Any, names: Names, checked: Checked) -> bool:
    # The allowed values of a column whose value is a list are the values its items may have.
    if isinstance(value, list) and not checked.feel.passes(cell, value, names):
        return all(item is None or checked.feel.passes(cell, item, names) for item in value)
    return checked.feel.passes(cell, value, names)


def _first_failure(rule: Rule, values: Sequence[Any], names: Names, feel: Feel) -> int | None:
    for index, (cell, value) in enumerate(zip(rule.cells, values, strict=True)):
        if not feel.passes(cell, value, names):
            return index
    return None


def _outputs(table: Table, rule: Rule, names: Names, checked: Checked) -> tuple[Any, ...]:
    values = []
    for column, literal in zip(table.outputs, rule.outputs, strict=True):
        value = checked.fit(checked.feel.value(literal, names), column.type_ref, literal.place)
        if column.allowed is not None and value is not None and not _allowed(column.allowed, value, names, checked):
            raise Undefined(literal.place, f"{in_words(value)} is not one of the output values {column.allowed.text}.")
        values.append(value)
    return tuple(values)


def _default(table: Table, names: Names, checked: Checked) -> tuple[Any, ...] | None:
    if all(column.default is None for column in table.outputs):
        return None
    return tuple(
        None
        if column.default is None
        else checked.fit(checked.feel.value(column.default, names), column.type_ref, column.default.place)
        for column in table.outputs
    )


def labels_of(inputs: Sequence[Input]) -> list[str]:
    """What to call each column: its label, or its expression where labels repeat."""
    labels = [column.label for column in inputs]
    return [
        label if labels.count(label) == 1 else f"{label} ({column.expression.text})"
        for label, column in zip(labels, inputs, strict=True)
    ]


class _Ranking:
    """The order of output values, best first: the output values of the column, or of its type."""

    def __init__(self, table: Table, names: Names, checked: Checked) -> None:
        self._table = table
        self._names = names
        self._checked = checked

    def rank(self, outputs: tuple[Any, ...]) -> tuple[int, ...]:
        ranks = [
            self._place_of(value, cell)
            for column, value in zip(self._table.outputs, outputs, strict=True)
            if (cell := ranking_of(column, self._checked.types)) is not None
        ]
        if not ranks:
            raise Undefined(self._table.place, f"{self._table.hit_policy} needs output values to rank by, best first.")
        return tuple(ranks)

    def _place_of(self, value: Any, cell: Cell) -> int:
        best_first = self._checked.feel.text(f"[{cell.text}]", self._names, cell.place)
        for place, ranked in enumerate(best_first):
            if self._checked.feel.equal(ranked, value, cell.place):
                return place
        return len(best_first)


def ranking_of(column: Output, types: Types) -> Cell | None:
    """The output values by which a column's results are ranked, or None."""
    return column.allowed or types.allowed_values(column.type_ref or column.ranked_by)
