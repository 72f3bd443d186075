"""What follows from a stimulus: everything the world must know, frozen. How it came about is inside `engine/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class OpenUserTask:
    """A user task that waits for a person. Every expression on it has been evaluated."""

    id: str
    """Stable from the moment the task opens until it ends; unique in the world."""
    element_id: str
    name: str
    process_id: str
    """The process whose diagram draws it: the called process for a task inside a call activity."""
    form_id: str | None = None
    assignee: str | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    properties: Mapping[str, Any] = field(default_factory=dict)
    """`zeebe:properties` of the element; values beginning with `=` evaluated as FEEL."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """What the task sees, after its input mapping."""


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A service or send task that waits for its handler, or a listener that an element waits for."""

    id: str
    element_id: str
    name: str
    process_id: str
    type: str
    retries: int
    headers: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    listener: str = ""
    """`start`, `end`, `creating` or `completing` for a listener's job; empty for the work of the element itself."""


@dataclass(frozen=True, slots=True)
class AwaitedMessage:
    """An open catch event or receive task."""

    id: str
    element_id: str
    message: str
    correlation_key: str
    process_id: str


@dataclass(frozen=True, slots=True)
class AwaitedSignal:
    """An open event that catches a signal."""

    id: str
    element_id: str
    signal: str
    process_id: str


@dataclass(frozen=True, slots=True)
class OpenTimer:
    """A timer that waits; `id` names it for `TimerMoved`."""

    id: str
    element_id: str
    name: str
    process_id: str
    due_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class ThrownSignal:
    """A signal throw event or signal end event that was passed; its variables after the input mapping."""

    signal: str
    element_id: str
    process_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThrownMessage:
    """A message throw event or message end event that was passed; its variables after the input mapping."""

    message: str
    element_id: str
    process_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UncaughtEscalation:
    """An escalation that was thrown and that nothing on the diagrams catches. The process went on."""

    code: str
    element_id: str
    """Of the event that threw it."""
    process_id: str


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision evaluated on the way, with the rules that matched."""

    element_id: str
    decision_id: str
    result: Any
    matched_rules: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ElementPassed:
    """An element that was completed or cancelled by this stimulus, in order, for the chronology."""

    element_id: str
    name: str
    kind: str
    process_id: str
    state: Literal["completed", "cancelled"] = "completed"


@dataclass(frozen=True, slots=True)
class Ending:
    """How the instance ended."""

    kind: Literal["completed", "cancelled"]
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole truth about an instance after one stimulus. Rows follow it; nothing else writes them."""

    state: bytes
    """Opaque; only `engine/` opens it. Empty when the instance has ended."""
    user_tasks: tuple[OpenUserTask, ...] = ()
    """Every user task open now, not only the new ones."""
    jobs: tuple[OpenJob, ...] = ()
    """Every job open now, not only the new ones."""
    awaited: tuple[AwaitedMessage, ...] = ()
    signals: tuple[AwaitedSignal, ...] = ()
    """Every signal waited for now."""
    timers: tuple[OpenTimer, ...] = ()
    """Every timer that waits now, in no particular order."""
    wake_at: datetime | None = None
    """When the next timer is due (UTC); None when no timer waits."""
    thrown: tuple[ThrownMessage, ...] = ()
    broadcast: tuple[ThrownSignal, ...] = ()
    uncaught: tuple[UncaughtEscalation, ...] = ()
    decisions: tuple[DecisionMade, ...] = ()
    passed: tuple[ElementPassed, ...] = ()
    ended: Ending | None = None
