"""What can happen to a process instance, in the past tense. What follows from it is in `outcome.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class InstanceStarted:
    """A process was started, at its start event `start_id` when that is given, else by its message start event when
    `message` is given, else by its none start event."""

    process_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    message: str | None = None
    start_id: str | None = None


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A person completed a user task. `variables` go through the task's output mapping."""

    task_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobCompleted:
    """A service task's job was done; its result goes through the output mapping."""

    job_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobRefused:
    """A handler ended in a BPMN error, which the diagram catches or which becomes an incident."""

    job_id: str
    error_code: str
    message: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The clock reached `wake_at`; every timer that is due at the `now` given to `advance` fires."""


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message arrived for an open subscription of this instance."""

    subscription_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignalReceived:
    """A signal was broadcast and this instance waits for it."""

    subscription_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskSentBack:
    """A person sent a user task back: it is cancelled and an earlier element of its scope opens again."""

    task_id: str
    to_element_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Written to the scope of the task as they are, such as the reason."""


@dataclass(frozen=True, slots=True)
class TimerMoved:
    """Somebody gave an open timer another time. What is not in the future fires with the next `TimePassed`."""

    timer_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class VariablesCorrected:
    """An operator repaired variables. `at` is the id of the open element whose own scope is written (`engine.look`
    gives it): what runs inside it, else its own variables. None means the instance."""

    variables: Mapping[str, Any]
    at: str | None = None


@dataclass(frozen=True, slots=True)
class InstanceCancelled:
    """Somebody ended the whole instance with a reason."""

    reason: str


Stimulus: TypeAlias = (
    InstanceStarted
    | TaskCompleted
    | TaskSentBack
    | JobCompleted
    | JobRefused
    | TimePassed
    | TimerMoved
    | MessageReceived
    | SignalReceived
    | VariablesCorrected
    | InstanceCancelled
)
