"""What the rules of a table give, as far as that is written and not worked out: whether two differ, and which is
better. Which rules match is not asked here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from service.decisions.coverage.subject import Subject
from service.decisions.expressions import Feel
from service.decisions.model import Literal, Output
from service.decisions.tables import ranking_of
from service.domain.errors import ModelError
from service.feel import compile_expression

_WORKED_OUT = object()
"""Stands for a value that depends on the facts."""


class Results:
    """The output cells of a table."""

    def __init__(self, subject: Subject) -> None:
        self._table = subject.table
        self._types = subject.around.types
        self._feel = Feel({}, self._types.tests(Feel({})))
        self._values: dict[str, Any] = {}
        self._known: dict[tuple[str, str], bool | None] = {}

    def differ(self, one: int, other: int) -> bool | None:
        """Whether the rules at these indexes give different results; None when nobody can say."""
        rules = self._table.rules
        verdicts = {
            self._differ(mine, yours) for mine, yours in zip(rules[one].outputs, rules[other].outputs, strict=True)
        }
        return True if True in verdicts else None if None in verdicts else False

    def rank(self, rule: int) -> tuple[int, ...] | None:
        """The place of the rule's results in the order of the output values, best first; None when nobody can say."""
        ranks = []
        for column, literal in zip(self._table.outputs, self._table.rules[rule].outputs, strict=True):
            ranking = self._ranking(column)
            if ranking is None:
                continue
            value = self._value(literal)
            if value is _WORKED_OUT or not isinstance(ranking, list):
                return None
            equal = (n for n, ranked in enumerate(ranking) if self._feel.equal(ranked, value, literal.place))
            ranks.append(next(equal, len(ranking)))
        return tuple(ranks) or None

    def _ranking(self, column: Output) -> Any:
        """The output values of a column, best first; None when it has none."""
        cell = ranking_of(column, self._types)
        return None if cell is None else self._value(Literal(f"[{cell.text}]", cell.place))

    def _differ(self, one: Literal, other: Literal) -> bool | None:
        if one.text == other.text:
            # The same words on the same facts give the same, whatever it is.
            return False
        key = (one.text, other.text)
        if key not in self._known:
            mine, yours = self._value(one), self._value(other)
            if mine is _WORKED_OUT or yours is _WORKED_OUT:
                self._known[key] = None
            elif type(mine) is type(yours) and isinstance(mine, str | Decimal):
                self._known[key] = mine != yours
            else:
                self._known[key] = not self._feel.equal(mine, yours, one.place)
        return self._known[key]

    def _value(self, literal: Literal) -> Any:
        if literal.text not in self._values:
            self._values[literal.text] = self._constant(literal)
        return self._values[literal.text]

    def _constant(self, literal: Literal) -> Any:
        if not literal.text:
            return None
        try:
            expression = compile_expression(literal.text)
            if expression.names or expression.calls:
                return _WORKED_OUT
            return expression.evaluate({})
        except ModelError:
            # A cell that cannot be read is named by the checks of the library.
            return _WORKED_OUT
