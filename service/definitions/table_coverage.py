"""Gaps, overlaps and rules that never decide, as problems of the rule book unless their author declared them. Finding
them is in `decisions/coverage`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.decisions import Library
from service.decisions.coverage import Coverage, analyse_library
from service.definitions.problem import Problem

_INTENDED = re.compile(r"\b(gaps|overlaps) intended:[ \t]*(\S[^\n]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TableReport:
    """What was found out about one table, and what its author says about it."""

    coverage: Coverage
    intended: dict[str, str]
    """`gaps` and `overlaps`: the reason written after “Gaps intended:” in the description of the decision."""

    def problems(self) -> Iterator[str]:
        """What is to be put right, in words."""
        coverage = self.coverage
        gaps = [gap.words for gap in coverage.gaps if not gap.unless]
        overlaps = [overlap.words for overlap in coverage.overlaps if overlap.certain]
        yield from self._undeclared("gaps", gaps, "Add a rule, a default output or the input values that can occur")
        yield from self._undeclared("overlaps", overlaps, "Change a rule or the hit policy")
        yield from (rule.words for rule in coverage.unreachable)

    def notes(self) -> Iterator[str]:
        """What need not be put right, but is worth knowing: what is intended, unsure, not answered or not analysed."""
        coverage = self.coverage
        gaps, overlaps = self.intended.get("gaps"), self.intended.get("overlaps")
        for gap in coverage.gaps:
            if gaps or gap.unless:
                yield f"{gap.words} Intended: {gaps}" if gaps else gap.words
        for overlap in coverage.overlaps:
            if overlaps or not overlap.certain:
                yield f"{overlap.words} Intended: {overlaps}" if overlaps else overlap.words
        yield from (missing.words for missing in coverage.unanswered)
        yield from (cell.words for cell in coverage.unanalysed)
        yield from coverage.unfinished

    def _undeclared(self, kind: str, found: list[str], remedy: str) -> Iterator[str]:
        declaration = f"“{kind.capitalize()} intended:”"
        if kind not in self.intended:
            for words in found:
                yield f"{words} {remedy}, or write {declaration} and the reason into the decision's description."
        elif not self.intended[kind]:
            yield f"Its description says {declaration} without a reason."
        elif not found and self.coverage.complete:
            yield f"Its description says {declaration}, but there are none."


def table_reports(library: Library) -> Iterator[TableReport]:
    """A report on every table of a library, also those inside other expressions."""
    for owner, coverage in analyse_library(library):
        written = _INTENDED.finditer(owner.description)
        yield TableReport(coverage, {one[1].lower(): (one[2] or "").strip() for one in written})


def coverage_problems(library: Library) -> Iterator[Problem]:
    """Every gap, overlap and rule that never decides, with an example, unless it is declared."""
    for report in table_reports(library):
        place = report.coverage.place
        yield from (Problem(place.file, place.element_id, f"{place.words}: {words}") for words in report.problems())
