"""The seven hit policies: from the rules that matched to the table's value. Which rules match is not decided here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from service.decisions.expressions import Feel
from service.decisions.model import Place, Rule, Table
from service.domain.errors import ModelError

_AGGREGATES = {"SUM": "sum(values)", "MIN": "min(values)", "MAX": "max(values)"}

Rank = Callable[[tuple[Any, ...]], tuple[int, ...]]
"""The place of a row of outputs in the order of the tables' output values; the best is the smallest."""


class Match(NamedTuple):
    """A rule that matched, with the values of its output cells."""

    rule: Rule
    outputs: tuple[Any, ...]


class Undefined(ModelError):
    """A table has no value where its own rules are broken; the standard leaves it undefined."""

    def __init__(self, place: Place, message: str) -> None:
        self.place = place
        self.reason = message
        super().__init__(f"{place}: {message}", element_id=place.element_id, file=place.file)


def settle(table: Table, matches: Sequence[Match], default: tuple[Any, ...] | None, rank: Rank, feel: Feel) -> Any:
    """The table's value, and nothing that its hit policy forbids. Raises Undefined naming the rules at fault.

    Without a match it is the `default`, or null; an empty list for the policies that give lists, and 0 for COUNT.
    """
    gives_list = table.hit_policy in ("RULE ORDER", "OUTPUT ORDER") or (
        table.hit_policy == "COLLECT" and table.aggregation is None
    )
    ordered = _in_order(table, matches, rank, feel)
    rows = [match.outputs for match in ordered]
    if not rows and default is not None:
        if table.aggregation is not None:
            return _value(table, default)
        rows = [default]
    values = [_value(table, row) for row in rows]
    if gives_list:
        return values
    if table.hit_policy == "COLLECT":
        return _aggregate(table, values, feel)
    return values[0] if values else None


def _in_order(table: Table, matches: Sequence[Match], rank: Rank, feel: Feel) -> Sequence[Match]:
    if table.hit_policy == "UNIQUE" and len(matches) > 1:
        raise Undefined(table.place, f"{_rules(matches)} all match, but the hit policy UNIQUE allows one.")
    if table.hit_policy == "ANY" and matches:
        first = list(matches[0].outputs)
        different = [match for match in matches if not feel.equal(list(match.outputs), first, table.place)]
        if different:
            raise Undefined(
                table.place,
                f"{_rules([matches[0], different[0]])} both match with different results, "
                "but the hit policy ANY allows only equal ones.",
            )
    if table.hit_policy in ("PRIORITY", "OUTPUT ORDER"):
        return sorted(matches, key=lambda match: rank(match.outputs))
    return matches


def _value(table: Table, outputs: tuple[Any, ...]) -> Any:
    if len(table.outputs) == 1:
        return outputs[0]
    return {column.name: value for column, value in zip(table.outputs, outputs, strict=True)}


def _aggregate(table: Table, values: list[Any], feel: Feel) -> Any:
    if table.aggregation == "COUNT":
        return feel.text("count(values)", {"values": values}, table.place)
    if not values:
        return None
    result = feel.text(_AGGREGATES[table.aggregation or "SUM"], {"values": values}, table.place)
    if result is None:
        raise Undefined(table.place, f"{table.aggregation} has no meaning over the results of the rules that match.")
    return result


def _rules(matches: Sequence[Match]) -> str:
    numbers = [
        f"{match.rule.number} ({match.rule.id})" if match.rule.id else str(match.rule.number) for match in matches
    ]
    return f"rules {', '.join(numbers[:-1])} and {numbers[-1]}"
