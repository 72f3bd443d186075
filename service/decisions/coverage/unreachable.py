"""Rules that never decide anything: they match nothing, or other rules always come before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from operator import and_

from service.decisions.coverage.findings import Unreachable
from service.decisions.coverage.results import Results
from service.decisions.coverage.search import Box, Effort, TooMuch, bits
from service.decisions.coverage.subject import Subject
from service.decisions.coverage.wording import rules_in_words


class UnreachableRules:
    """The rules of one table that decide nothing."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self.found: list[Unreachable] = []
        self.finished = True

    def look(self, effort: int) -> None:
        """Find them; the hit policy says which rules come before which."""
        self.found += self._impossible()
        try:
            self.found += self._hidden(Effort(effort))
        except TooMuch:
            self.finished = False

    def _impossible(self) -> Iterator[Unreachable]:
        """Rules of which some column lets no value through, not even null."""
        for index, box in enumerate(self._subject.maybe_boxes):
            empty = next((number for number, classes in enumerate(box) if not classes), None)
            if empty is not None:
                dimension = self._subject.dimensions[empty]
                tests = " and ".join(self._subject.table.rules[index].cells[c].text for c in dimension.columns)
                label = self._subject.regions.label(empty)
                ref = self._subject.refs[index]
                words = f"Rule {ref.number} can never match: no value of “{label}” passes {tests}."
                yield Unreachable(ref, (), label, words)

    def _hidden(self, effort: Effort) -> Iterator[Unreachable]:
        """Rules whose every input is matched by rules that come before them."""
        space = self._subject.sure_space()
        for index, first in enumerate(self._before()):
            box = self._subject.maybe_boxes[index]
            first &= space.touching(box)
            if not all(box) or not self._are_enough(box, first):
                continue
            if space.uncovered(box, first, effort) is None:
                behind = self._subject.rules(space.touching(box) & first)
                ref = self._subject.refs[index]
                come = "comes" if len(behind) == 1 else "come"
                words = f"Rule {ref.number} never decides: {rules_in_words(behind)} always {come} first."
                yield Unreachable(ref, behind, "", words)

    def _are_enough(self, box: Box, first: int) -> bool:
        """Whether the parts that these rules take out of the box might add up to all of it."""
        inside = (map(and_, box, self._subject.sure_boxes[index]) for index in bits(first))
        return sum(map(_size, inside)) >= _size(box)

    def _before(self) -> list[int]:
        """For each rule those that come before it when both match, as bits."""
        rules = range(len(self._subject.refs))
        if self._subject.table.hit_policy == "FIRST":
            return [(1 << index) - 1 for index in rules]
        if self._subject.table.hit_policy != "PRIORITY":
            return [0 for _ in rules]
        results = Results(self._subject)
        ranks = [results.rank(rule) for rule in rules]
        return [sum(1 << better for better in rules if _beats(ranks, better, rule)) for rule in rules]


def _size(box: Iterable[int]) -> int:
    return prod(classes.bit_count() for classes in box)


def _beats(ranks: list[tuple[int, ...] | None], one: int, other: int) -> bool:
    """Whether one rule is ranked before the other; among equals the earlier one is."""
    mine, yours = ranks[one], ranks[other]
    return mine is not None and yours is not None and (mine, one) < (yours, other)
