"""The engine as a function: state and stimulus in, Outcome out. What each element does is with its spec, not here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, assert_never

from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from service.domain.errors import Conflict, ModelError
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
from service.engine.catchers import throw_error
from service.engine.catching import MESSAGE, SIGNAL, fire, waits_for
from service.engine.diagrams import Diagrams
from service.engine.drawn import RESERVED_NAMES
from service.engine.instance import Instance
from service.engine.keeping import KEPT
from service.engine.nested import Entrance, begin
from service.engine.reporting import ended_by_cancelling, known_as, outcome
from service.engine.sending_back import send_back
from service.engine.spiff import SpiffTask
from service.engine.state import load
from service.engine.timers import DUE, due_at, move
from service.engine.turn import Decide, Turn
from service.engine.variables import correct
from service.feel import FeelError, HostFunction, to_json


def advance(
    diagrams: Diagrams,
    state: bytes | None,
    stimulus: Stimulus,
    *,
    now: datetime,
    context: Mapping[str, Any],
    decide: Decide,
    functions: Mapping[str, HostFunction],
) -> Outcome:
    """What follows from the stimulus. `state` is None or empty for an instance that has not begun or has ended.

    `now` is aware. `context` is seen by every expression and never stored. Raises Conflict when the task, job or
    subscription is not open any more, ModelError when a diagram or expression is wrong; either way nothing changed.
    """
    if now.tzinfo is None:
        raise ValueError("the engine needs a time with its zone")
    turn = Turn(now.astimezone(UTC), context, decide, functions)
    try:
        if isinstance(stimulus, InstanceStarted):
            instance = _started(diagrams, state, stimulus, turn)
        else:
            instance = _taken(diagrams, state, turn)
            if isinstance(stimulus, InstanceCancelled):
                return ended_by_cancelling(instance)
            apply(instance, stimulus)
        instance.run_to_rest()
        followed = outcome(instance)
    except SpiffWorkflowException as error:
        element_id = getattr(getattr(error, "task_spec", None), "bpmn_id", None)
        raise ModelError(f"SpiffWorkflow could not go on: {error}", element_id=element_id) from error
    if followed.ended is None:
        KEPT.put(diagrams, followed.state, instance)
    return followed


def _started(diagrams: Diagrams, state: bytes | None, stimulus: InstanceStarted, turn: Turn) -> Instance:
    if state:
        raise Conflict("The process instance has begun already.")
    spec = diagrams.specs.get(stimulus.process_id) if stimulus.process_id in diagrams.processes else None
    if spec is None:
        raise ModelError(f"The process “{stimulus.process_id}” is not in this release.")
    instance = Instance(spec, diagrams.specs, turn)
    begin(instance, Entrance(stimulus.start_id, stimulus.message, _as_json(stimulus.variables)))
    return instance


def _taken(diagrams: Diagrams, state: bytes | None, turn: Turn) -> Instance:
    """The instance in this state, nobody else's: kept from the turn before, or read."""
    if not state:
        raise Conflict("The process instance has ended.")
    instance = KEPT.take(diagrams, state)
    if instance is None:
        return load(state, diagrams.specs, turn)
    instance.turn = turn
    return instance


def apply(instance: Instance, stimulus: Stimulus) -> None:
    """Do to an open instance what the stimulus says; it has not come to rest then. Raises as `advance` does."""
    match stimulus:
        case TaskCompleted():
            task = _open(instance, stimulus.task_id, "user", "The task is not open any more.")
            task.task_spec.completed_by_person(task, _as_json(stimulus.variables))
        case JobCompleted():
            task = _open(instance, stimulus.job_id, "job", "The job is not open any more.")
            task.task_spec.job_done(task, _as_json(stimulus.variables))
        case JobRefused():
            task = _open(instance, stimulus.job_id, "job", "The job is not open any more.")
            if "listener" in task.internal_data["job"]:
                task.task_spec.listener_refused(task, stimulus.error_code, stimulus.message)
            else:
                throw_error(task, stimulus.error_code, stimulus.message, _as_json(stimulus.variables))
        case MessageReceived():
            task = _waiting(instance, stimulus.subscription_id, MESSAGE, "The message is not waited for any more.")
            fire(task, _as_json(stimulus.variables))
        case SignalReceived():
            task = _waiting(instance, stimulus.subscription_id, SIGNAL, "The signal is not waited for any more.")
            fire(task, _as_json(stimulus.variables))
        case TimerMoved():
            move(_waiting(instance, stimulus.timer_id, DUE, "The timer is not open any more."), stimulus.due_at)
        case TimePassed():
            _fire_timers(instance)
        case VariablesCorrected():
            _correct(instance, stimulus)
        case TaskSentBack():
            task = _open(instance, stimulus.task_id, "user", "The task is not open any more.")
            send_back(task, stimulus.to_element_id, _as_json(stimulus.variables))
        case InstanceStarted() | InstanceCancelled():
            raise ValueError("beginning and cancelling an instance are not applied to an open one")
        case _:
            assert_never(stimulus)


def _correct(instance: Instance, stimulus: VariablesCorrected) -> None:
    reserved = sorted(RESERVED_NAMES & stimulus.variables.keys())
    if reserved:
        raise ModelError(f"The variable “{reserved[0]}” is given from outside; nothing in an instance may write it.")
    values = _as_json(stimulus.variables)
    if stimulus.at is None:
        instance.data.update(values)
        return
    task = instance.find(stimulus.at)
    if task is None:
        raise Conflict("The element is not open any more.", id=stimulus.at)
    correct(task, values)


def _fire_timers(instance: Instance) -> None:
    """Fire every timer that is due, the earliest first; each may cancel the next or set another."""
    while True:
        waiting = [task for task in instance.open_tasks() if waits_for(task, DUE) and task.has_state(TaskState.WAITING)]
        due = [task for task in waiting if due_at(task) <= instance.turn.now]
        if not due:
            return
        fire(min(due, key=due_at), {})
        instance.run_to_rest()


def _waiting(instance: Instance, task_id: str, kind: str, gone: str) -> SpiffTask:
    task = _open(instance, task_id, kind, gone)
    if not waits_for(task, kind):
        raise Conflict(gone, id=task_id)
    return task


def _open(instance: Instance, task_id: str, kind: str, gone: str) -> SpiffTask:
    found = instance.find(task_id)
    for task in instance.open_tasks() if found is None else [found]:
        if kind in task.internal_data and known_as(task, kind) == task_id:
            return task
    raise Conflict(gone, id=task_id)


def _as_json(variables: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {name: to_json(value) for name, value in variables.items()}
    except RecursionError as error:
        raise ModelError("The variables nest too deeply to be kept.") from error
    except FeelError as error:
        raise ModelError(f"The variables cannot be kept: {error.message}.") from error
