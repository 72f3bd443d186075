"""Inputs that no rule matches: answered ones, and those of which one is not answered."""

from __future__ import annotations

from collections.abc import Iterator

from service.decisions.coverage.findings import Gap, Region, RuleRef, Unanswered
from service.decisions.coverage.search import Box, Effort, Space, TooMuch
from service.decisions.coverage.subject import Subject
from service.decisions.coverage.wording import rules_in_words, sentence_about

_UNCONFIRMED = 3
"""How many times as many gaps are looked at as are listed, when examples are found to be covered after all."""


class Gaps:
    """The gaps of one table."""

    def __init__(self, subject: Subject, most: int) -> None:
        self._subject = subject
        self._most = most
        self._boxes: list[Box] = []
        self.found: list[Gap] = []
        self.more = False
        self.finished = True

    def look(self, effort: int) -> None:
        """Find gaps: the certain ones first, then those that hold unless a cell that nobody can read says otherwise."""
        subject = self._subject
        if not all(subject.answered):
            return
        self._collect(subject.maybe_space(), Effort(effort), certain=True)
        if not subject.all_read:
            self._collect(subject.sure_space(), Effort(effort // 2), certain=False)

    def unanswered(self, effort: int) -> Iterator[Unanswered]:
        """For each column what no rule matches when it is not answered, beyond the gaps that do not depend on it."""
        space = self._subject.sure_space()
        left = Effort(effort // 2)
        for number, box in enumerate(self._boxes):
            space.add(self._with_null(box), len(self._subject.refs) + number)
        for column, dimension in enumerate(self._subject.dimensions):
            answered = self._subject.answered
            region = (*answered[:column], dimension.null, *answered[column + 1 :])
            others = (*answered[:column], *answered[column + 1 :])
            part = self._next(space, region, left) if all(others) else None
            if part is not None:
                box = space.grown(part, region, self._subject.every_rule)
                yield from self._when_null(column, box, part, always=box == region)

    def _collect(self, space: Space, effort: Effort, *, certain: bool) -> None:
        for number, box in enumerate(self._boxes):
            space.add(box, len(self._subject.refs) + number)
        while not self.more and len(self._boxes) <= self._most * _UNCONFIRMED:
            part = self._next(space, self._subject.answered, effort)
            if part is None:
                return
            if len(self.found) == self._most:
                self.more = True
                return
            box = space.grown(part, self._subject.answered, self._subject.every_rule)
            space.add(box, len(self._subject.refs) + len(self._boxes))
            self._boxes.append(box)
            shown = _shown(self._subject, box, part, certain=certain)
            if shown is not None:
                words = sentence_about(shown[0], _no_rule(shown[1]))
                self.found.append(Gap(*shown, words))

    def _next(self, space: Space, region: Box, effort: Effort) -> Box | None:
        """Some more of the region that neither a rule nor an earlier gap covers."""
        rules = self._subject.every_rule
        earlier = ((1 << len(self._boxes)) - 1) << len(self._subject.refs)
        try:
            return space.uncovered(region, rules | earlier, effort)
        except TooMuch:
            self.finished = False
            return None

    def _with_null(self, box: Box) -> Box:
        """The gap, with null in the columns that do not matter to it."""
        dimensions = self._subject.dimensions
        return tuple(c | d.null if c == d.answered else c for d, c in zip(dimensions, box, strict=True))

    def _when_null(self, column: int, box: Box, part: Box, *, always: bool) -> Iterator[Unanswered]:
        subject = self._subject
        certain = subject.all_read or not subject.maybe_space().touching(box) & subject.every_rule
        shown = _shown(subject, box, part, certain=certain)
        if shown is None:
            return
        label = self._subject.regions.label(column)
        what = _no_rule(shown[1])
        always = always and certain
        words = f"When “{label}” is not answered, {what}." if always else sentence_about(shown[0], what)
        yield Unanswered(label, always, *shown, words)


def _shown(subject: Subject, box: Box, part: Box, *, certain: bool) -> tuple[Region, tuple[RuleRef, ...]] | None:
    """The gap with an example from this part of it that no rule matches, and the rules of which nobody can say whether
    they do; None when each example is matched after all."""
    for region, values in subject.shown(box, part, exactly=not certain):
        unless: list[RuleRef] = []
        for index, ref in enumerate(subject.refs):
            matches = subject.judge.matches(index, values)
            if matches:
                break
            if matches is None:
                unless.append(ref)
        else:
            return region, tuple(unless)
    return None


def _no_rule(unless: tuple[RuleRef, ...]) -> str:
    if not unless:
        return "no rule matches"
    does = "does" if len(unless) == 1 else "do"
    return f"no rule matches, unless {rules_in_words(unless)} {does}, which cannot be analysed"
