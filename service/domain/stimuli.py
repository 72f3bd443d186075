"""What can happen to a process instance, in the past tense. What follows from it is in `outcome.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class InstanceStarted:
    """A process was started, by its message start event when `message` is given, else by its none start event."""

    process_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    message: str | None = None


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
class InstanceCancelled:
    """Somebody ended the whole instance with a reason."""

    reason: str


Stimulus: TypeAlias = (
    InstanceStarted | TaskCompleted | JobCompleted | JobRefused | TimePassed | MessageReceived | InstanceCancelled
)
