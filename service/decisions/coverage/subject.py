"""One table made ready to be looked at: its dimensions, the spaces they make, and what shows and confirms a finding.
What is looked for is in `gaps.py`, `overlaps.py` and `unreachable.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from service.decisions.coverage.cells import read_cell
from service.decisions.coverage.confirming import Judge
from service.decisions.coverage.dimensions import dimensions_of
from service.decisions.coverage.domains import Declarations
from service.decisions.coverage.findings import Region, RuleRef
from service.decisions.coverage.regions import Regions
from service.decisions.coverage.search import Box, Space, bits
from service.decisions.model import Table


class Subject:
    """A table and all that is known of its space."""

    def __init__(self, table: Table, around: Declarations) -> None:
        self.table = table
        self.around = around
        self.dimensions = dimensions_of(table, around)
        self.regions = Regions(table, self.dimensions, around)
        self.judge = Judge(table, self.dimensions, around)
        self.refs = tuple(RuleRef(rule.number, rule.id) for rule in table.rules)
        self.every_rule = (1 << len(self.refs)) - 1
        self.answered: Box = tuple(dimension.answered for dimension in self.dimensions)
        self.unread = self._unread()
        """The rules with a cell that is no FEEL; what they may match is not worth telling before it is put right."""
        self.sure_boxes = _boxes([dimension.sure for dimension in self.dimensions], len(self.refs))
        self.maybe_boxes = _boxes([dimension.maybe for dimension in self.dimensions], len(self.refs))
        self.all_read = self.sure_boxes == self.maybe_boxes
        """Whether nothing in the table was left out of account."""

    def _unread(self) -> int:
        names = frozenset(self.around.names)
        return sum(
            1 << index
            for index, rule in enumerate(self.table.rules)
            if any(read_cell(cell.text, names).broken for cell in rule.cells)
        )

    def sure_space(self) -> Space:
        """The space of the rules where they match for sure; a new one, for the caller to add to."""
        return Space([dimension.sure for dimension in self.dimensions])

    def maybe_space(self) -> Space:
        """The space of the rules where they match for sure or may match; a new one."""
        return Space([dimension.maybe for dimension in self.dimensions])

    def rules(self, numbers: int) -> tuple[RuleRef, ...]:
        """The rules whose bits are set."""
        return tuple(self.refs[index] for index in bits(numbers))

    def shown(self, box: Box, part: Box, *, exactly: bool) -> Iterator[tuple[Region, list[Any]]]:
        """The box with one example after another, from this part of it, that the columns allow; and its values by
        column. `exactly` when it may hold for the example alone, so that its words must leave nothing out."""
        for example in self.regions.examples(part):
            if self.judge.tired:
                return
            values = example.values(self.dimensions)
            if self.judge.allows(values):
                yield self.regions.region(box, example, exactly=exactly), values


def _boxes(columns: Sequence[Sequence[int]], rules: int) -> list[Box]:
    """For each rule its classes in each column."""
    if not rules:
        return []
    # Turned over as texts of binary digits, which is many times faster than bit by bit.
    texts = ([f"{members:0{rules}b}" for members in reversed(classes)] for classes in columns)
    turned = [[int("".join(digits), 2) for digits in zip(*column, strict=True)] for column in texts]
    return list(zip(*turned, strict=True))[::-1]
