"""What operations answer about process instances and what is stuck in them: frozen values. Others are in `views.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

InstanceStatus = Literal["running", "suspended", "completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class StoppedView:
    """Who suspended or cancelled an instance, when and why."""

    by: str
    at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class InstanceView:
    """A process instance in one line."""

    id: str
    process_id: str
    name: str
    case_reference: str
    status: InstanceStatus
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    release: int
    waiting_for: tuple[str, ...]
    """Names of the open user tasks and jobs."""
    wake_at: datetime | None = None
    incidents: int = 0
    suspended: StoppedView | None = None
    cancelled: StoppedView | None = None


@dataclass(frozen=True, slots=True)
class IncidentView:
    """Something is stuck and a person must look."""

    id: str
    case_reference: str
    instance_id: str
    what: str
    message: str
    raised_at: datetime
    resolved_at: datetime | None
    may_retry: bool
    kind: str = "job"
    """Of job, task, timer, event, state."""
