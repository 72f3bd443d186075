"""What is found out about a table, as frozen words. How it is found is in the other modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.decisions.model import HitPolicy, Place


@dataclass(frozen=True, slots=True)
class RuleRef:
    """A rule by the number that the editor shows, from 1, and by its id."""

    number: int
    id: str


@dataclass(frozen=True, slots=True)
class Region:
    """Some inputs of a table, and one of them."""

    example: Mapping[str, Any]
    """A FEEL value for each column, by its label. Null where the input is not answered."""
    tests: Mapping[str, str]
    """All of it, as one cell of FEEL for each column; `-` where the column does not matter."""
    words: str
    """The example as a person would say it, with only the columns that matter."""
    others: bool
    """Whether there are columns that do not matter and that `words` leaves out."""
    correlated: tuple[str, ...] = ()
    """Columns that matter here and read the same facts, so that their values may not occur together."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Answered inputs that no rule matches."""

    region: Region
    unless: tuple[RuleRef, ...]
    """Rules of which nobody can say whether they match the example; without them it is certain."""
    words: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What no rule matches when one input is not answered, that is, null."""

    column: str
    always: bool
    """Whether this is so whatever the other inputs are."""
    region: Region
    unless: tuple[RuleRef, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules that match the same inputs although the hit policy does not allow it."""

    rules: tuple[RuleRef, RuleRef]
    region: Region
    certain: bool
    """False when a cell that cannot be analysed, or results that cannot be compared, decide it."""
    words: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A rule that never decides anything."""

    rule: RuleRef
    behind: tuple[RuleRef, ...]
    """The rules that always come before it; none when it matches nothing by itself."""
    column: str
    """The column none of whose values it matches; empty when other rules come before it."""
    words: str


@dataclass(frozen=True, slots=True)
class Unanalysed:
    """A cell, or a column's list of values, that could not be followed."""

    rule: RuleRef | None
    """None for what belongs to the column."""
    column: str
    test: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """All that was found out about a table. Each finding was confirmed by asking the table's own cells."""

    place: Place
    hit_policy: HitPolicy
    gaps: tuple[Gap, ...]
    gaps_sought: bool
    """False when it is no fault that no rule matches: the table gives a list or an aggregate, or has a default."""
    more_gaps: bool
    """Whether there are gaps beyond those listed."""
    overlaps: tuple[Overlap, ...]
    overlap_count: int
    """How many pairs of rules overlap for certain, listed or not."""
    unreachable: tuple[Unreachable, ...]
    unanswered: tuple[Unanswered, ...]
    unanalysed: tuple[Unanalysed, ...]
    unfinished: tuple[str, ...]
    """What was given up because the table is too intricate, in sentences; see `complete`."""

    @property
    def complete(self) -> bool:
        """Whether everything was looked at to the end: what is not listed, or counted as more, is not there."""
        return not self.unfinished

    @property
    def sound(self) -> bool:
        """Whether there is nothing to put right: no gap, conflict or unreachable rule, none overlooked, all cells
        read. Inputs that are not answered are not asked here."""
        return not (self.gaps or self.overlaps or self.unreachable or self.unanalysed or self.unfinished)
