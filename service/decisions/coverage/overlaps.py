"""Pairs of rules that match the same inputs where the hit policy allows only one, or only equal results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import and_

from service.decisions.coverage.findings import Overlap
from service.decisions.coverage.results import Results
from service.decisions.coverage.search import Box, Space, bits
from service.decisions.coverage.subject import Subject
from service.decisions.coverage.wording import rules_in_words, sentence_about


class Overlaps:
    """The conflicts of one table whose hit policy is UNIQUE or ANY."""

    def __init__(self, subject: Subject, most: int) -> None:
        self._subject = subject
        self._most = most
        self._results = Results(subject) if subject.table.hit_policy == "ANY" else None
        self.count = 0
        self.found: list[Overlap] = []

    def look(self) -> None:
        """Find conflicts: the certain ones first, then those that a cell nobody can read may make."""
        subject = self._subject
        done = set()
        unsure = not subject.all_read
        for one, other in self._pairs(subject.sure_space(), subject.sure_boxes, subject.every_rule):
            verdict = self._differ(one, other)
            if verdict is None:
                unsure = True
            else:
                done.add((one, other))
            if verdict and self._shown(one, other, subject.sure_boxes, exactly=False):
                self.count += 1
        for one, other in self._pairs(subject.maybe_space(), subject.maybe_boxes, subject.every_rule & ~subject.unread):
            if len(self.found) == self._most or not unsure or subject.judge.tired:
                return
            if (one, other) not in done and self._differ(one, other) is not False:
                self._shown(one, other, subject.maybe_boxes, exactly=True)

    def _pairs(self, space: Space, boxes: Sequence[Box], rules: int) -> Iterator[tuple[int, int]]:
        """Each two of these rules that have something in common, null included."""
        for one in bits(rules):
            if all(boxes[one]):
                later = space.touching(boxes[one]) & rules & (-1 << (one + 1))
                yield from ((one, other) for other in bits(later))

    def _differ(self, one: int, other: int) -> bool | None:
        return True if self._results is None else self._results.differ(one, other)

    def _shown(self, one: int, other: int, boxes: Sequence[Box], *, exactly: bool) -> bool:
        """List a conflict if there is room; give whether it is one, as far as is known."""
        if len(self.found) == self._most:
            return True
        subject = self._subject
        both = tuple(map(and_, boxes[one], boxes[other]))
        answered = map(and_, both, subject.answered)
        # Where the two meet only when an input is not answered, that is the example.
        box = tuple(some or classes for some, classes in zip(answered, both, strict=True))
        for region, values in subject.shown(box, box, exactly=exactly):
            verdicts = {subject.judge.matches(rule, values) for rule in (one, other)}
            if False not in verdicts:
                certain = not exactly and verdicts == {True}
                rules = (subject.refs[one], subject.refs[other])
                words = sentence_about(region, f"{rules_in_words(rules)} {self._what(certain)}")
                self.found.append(Overlap(rules, region, certain, words))
                return True
        return subject.judge.tired

    def _what(self, certain: bool) -> str:
        both = "both match" if self._results is None else "both match, with different results"
        return both if certain else f"{both}, if what cannot be analysed lets them"
