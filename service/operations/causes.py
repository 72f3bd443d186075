"""What a stimulus was, in the words a person hears who comes too late. Who may do what is not here."""

from __future__ import annotations

from service.domain.outcome import Outcome
from service.domain.stimuli import (
    InstanceCancelled,
    InstanceStarted,
    JobCompleted,
    JobRefused,
    MessageReceived,
    SignalReceived,
    Stimulus,
    TaskCompleted,
    TaskSentBack,
    TimePassed,
    TimerMoved,
    VariablesCorrected,
)
from service.operations.step import Step
from service.store.instances import find_subscription
from service.store.jobs import find_job
from service.store.tasks import find_task

TIMERS = frozenset({"boundaryEvent", "intermediateCatchEvent"})
"""The kinds of element that a timer may be drawn on."""


def because_of(step: Step, stimulus: Stimulus, outcome: Outcome) -> str:
    """What ended whatever a stimulus ended, to be read after "was cancelled"."""
    who = step.actor.name
    match stimulus:
        case TimePassed():
            return f"by the timer {_quoted(fired_timers(outcome)) or 'of its process'}"
        case TaskCompleted(task_id=task_id):
            return f"when {who} completed {_quoted([_task_name(task_id)])}"
        case TaskSentBack(task_id=task_id):
            return f"when {who} sent {_quoted([_task_name(task_id)])} back"
        case MessageReceived(subscription_id=subscription_id):
            found = find_subscription(subscription_id)
            return f"by the message {_quoted([found.message])}" if found else "by a message"
        case JobCompleted(job_id=job_id) | JobRefused(job_id=job_id):
            job = find_job(job_id)
            return f"by the answer to {_quoted([job.name])}" if job else f"by {who}"
        case InstanceCancelled(reason=reason):
            return f"when {who} cancelled {_quoted([step.instance.name])} ({reason})"
        case SignalReceived():
            return "by a signal"
        case InstanceStarted() | TimerMoved() | VariablesCorrected():
            return f"by {who}"


def fired_timers(outcome: Outcome) -> list[str]:
    """The names of the timers that fired, as far as what they were drawn on says so."""
    return [
        element.name or element.element_id
        for element in outcome.passed
        if element.kind in TIMERS and element.state == "completed"
    ]


def _task_name(task_id: str) -> str:
    row = find_task(task_id)
    return row.name if row else ""


def _quoted(names: list[str]) -> str:
    return " and ".join(f"“{name}”" for name in names if name)
