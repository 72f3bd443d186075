"""A search of the queue as values: where to look, what narrows it, in which order. Asking is in `waiting.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Sort = Literal["opened", "due", "priority"]
ORDERS: dict[Sort, tuple[str, ...]] = {
    "opened": ("opened_at", "tie"),
    "due": ("due_at", "tie"),
    "priority": ("rank", "opened_at", "tie"),
}
"""The columns that each sort orders by. They never change while a task is open, so a place in them stays a place."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to come upon tasks; what is set must all hold."""

    key: str
    team_ids: tuple[str, ...] | None = None
    claimed_by: str | None = None
    cases: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a text is found: all that is set holds."""

    kinds: tuple[str, ...] | None = None
    cases: frozenset[str] | None = None
    gathered: tuple[str, ...] = ()
    """Words that some cases have: which ones is found out once, and then asked of each task."""
    words: tuple[str, ...] = ()
    """Words that many cases have: each is asked of each task's case."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody sees of others' queues: any of these."""

    person_id: str
    keys: frozenset[str]
    team_ids: tuple[str, ...]
    cases: frozenset[str]


@dataclass(frozen=True, slots=True)
class Search:
    """Reaches, of which any will do, and what narrows them, of which all must hold."""

    reaches: tuple[Reach, ...]
    free: bool | None = None
    """Claimed by nobody; by somebody; None for either. What a reach takes as claimed is not asked."""
    team_id: str | None = None
    key: str | None = None
    """The task must have an entry under this key too."""
    due_from: datetime | None = None
    due_before: datetime | None = None
    ways: tuple[Way, ...] | None = None
    """None where no text is asked for."""
    seen: Seen | None = None
    """None for whoever sees all that is reached."""
    sort: Sort = "opened"


@dataclass(frozen=True, slots=True)
class Glance:
    """How many were found, and whether that is all of them."""

    found: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A task and where it stands in every order."""

    task_id: str
    opened_at: datetime
    due_at: datetime
    rank: int
    tie: int

    def at(self, sort: Sort) -> tuple[Any, ...]:
        """Its place in one order, as values that compare."""
        return tuple(getattr(self, name) for name in ORDERS[sort])
