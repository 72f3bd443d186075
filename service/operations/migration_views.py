"""What operations on migrations take and answer: frozen values. How they come about is in `migrations.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Choice = Literal["keep", "recompute"]


@dataclass(frozen=True, slots=True)
class NewMigration:
    """What somebody wants to move where. The words of `elements` and `processes` are those of the engine's plan."""

    from_releases: tuple[int, ...]
    to_release: int
    reason: str
    process_id: str | None = None
    elements: Mapping[str, str | None] = field(default_factory=dict)
    processes: Mapping[str, str] = field(default_factory=dict)
    deadlines: Choice = "keep"
    timers: Choice = "keep"
    accept_loss: bool = False


@dataclass(frozen=True, slots=True)
class MigrationView:
    """A migration and how far it is."""

    id: str
    from_releases: tuple[int, ...]
    to_release: int
    process_id: str | None
    elements: Mapping[str, str | None]
    processes: Mapping[str, str]
    deadlines: Choice
    timers: Choice
    accept_loss: bool
    reason: str
    status: str
    """`planned`, `running`, `done` or `reversed`."""
    created_at: datetime
    created_by: str
    counts: Mapping[str, int]
    """How many instances have each status that any has."""
    obstacles: tuple[str, ...] = ()
    """Where an instance may stand that could not move, as sentences. Only told of one migration, not in a list."""


@dataclass(frozen=True, slots=True)
class MigratedView:
    """One instance in a migration."""

    instance_id: str
    name: str
    case_reference: str
    status: str
    lost: tuple[str, ...]
    because: tuple[str, ...]
    can_go_back: bool
    judged_at: datetime | None
    moved_at: datetime | None


@dataclass(frozen=True, slots=True)
class MigratedPage:
    """One page of a report. `next_after` is the cursor of the next page; None on the last."""

    instances: tuple[MigratedView, ...]
    next_after: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What one call did: how many instances it looked at, and where to go on; `next_after` is None after the last."""

    done: int
    next_after: str | None
