"""Why each rule of a table did or did not match, kept compactly and told when asked. Nothing is evaluated here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from service.decisions.matching import Matching
from service.decisions.model import Table
from service.feel import write
from service.feel.values import in_words

_LONGEST = 60
"""Characters of a value in a sentence."""


@dataclass(frozen=True, slots=True)
class RuleExplained:
    """Whether a rule matched, and if not, the first cell that failed, from the left."""

    rule_id: str
    number: int
    """Counts from 1, as the editor shows it."""
    matched: bool
    asked: bool = True
    """False for the rules after the one that decided a FIRST table, which were never looked at."""
    column: str = ""
    """The label of the column of the cell that failed."""
    test: str = ""
    value: Any = None

    def __str__(self) -> str:
        """In a sentence: `rule 2 (r2): “age” is 17, which does not pass “< 5”`."""
        rule = f"rule {self.number} ({self.rule_id})" if self.rule_id else f"rule {self.number}"
        if self.matched:
            return f"{rule}: matched"
        if not self.asked:
            return f"{rule}: not asked, as an earlier rule decided"
        return f"{rule}: “{self.column}” is {_told(self.value)}, which does not pass “{self.test}”"


class RulesExplained(Sequence[RuleExplained]):
    """What became of each rule of a table, in the order of the rules. A word about a rule is made when it is asked for:
    until then this holds a small number for each rule at most.
    """

    __slots__ = ("_labels", "_matching", "_table", "_values")

    def __init__(self, table: Table, labels: Sequence[str], values: Sequence[Any], matching: Matching) -> None:
        self._table = table
        self._labels = labels
        self._values = values
        self._matching = matching

    def __len__(self) -> int:
        return len(self._table.rules)

    @overload
    def __getitem__(self, index: int) -> RuleExplained: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[RuleExplained]: ...

    def __getitem__(self, index: int | slice) -> RuleExplained | Sequence[RuleExplained]:
        places = range(len(self))[index]
        return self._explained(places) if isinstance(places, int) else [self._explained(place) for place in places]

    def _explained(self, place: int) -> RuleExplained:
        rule = self._table.rules[place]
        if place >= self._matching.asked:
            return RuleExplained(rule.id, rule.number, matched=False, asked=False)
        if place in self._matching.matched:
            return RuleExplained(rule.id, rule.number, matched=True)
        failed = self._matching.failed(place)
        return RuleExplained(
            rule.id,
            rule.number,
            matched=False,
            column=self._labels[failed.column],
            test=failed.text,
            value=self._values[failed.column],
        )

    def __repr__(self) -> str:
        return f"<{len(self)} rules explained>"


def _told(value: Any) -> str:
    if isinstance(value, str):
        return in_words(value)
    text = write(value)
    return text if len(text) <= _LONGEST else in_words(value)
