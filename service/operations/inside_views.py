"""What operations answer about the inside of a process instance, as frozen values: timers, variables, what is stuck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.operations.instance_views import IncidentView, InstanceView
from service.operations.views import CaseIdentity


@dataclass(frozen=True, slots=True)
class TimerView:
    """A timer that waits."""

    id: str
    element_id: str
    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ScopeView:
    """Variables of an instance (`at` is None, without a name), or of the scope of an open element."""

    at: str | None
    name: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InsideView:
    """An instance with what it holds inside."""

    instance: InstanceView
    case: CaseIdentity
    timers: tuple[TimerView, ...]
    scopes: tuple[ScopeView, ...]
    """Outermost first; empty for who may not read them."""
    unreadable: str | None
    """Why its state cannot be opened; None when it can."""
    incidents: tuple[IncidentView, ...]
    may: frozenset[str]
    """Of cancel, suspend, resume, move-timer, repair."""
