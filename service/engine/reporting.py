"""What the world must know of an instance at rest: the Outcome. Nothing is evaluated here; that was done on opening."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from service.domain.errors import ModelError
from service.domain.outcome import AwaitedMessage, AwaitedSignal, Ending, OpenJob, OpenTimer, OpenUserTask, Outcome
from service.engine.catching import MESSAGE, SIGNAL, waits_for
from service.engine.instance import Instance
from service.engine.spiff import LOCAL, SpiffTask
from service.engine.state import save
from service.engine.timers import DUE, due_at
from service.engine.variables import visible


def outcome(instance: Instance) -> Outcome:
    """The Outcome of the turn. Raises ModelError when the instance waits for nothing that can come."""
    turn = instance.turn
    happened = Outcome(
        state=b"",
        thrown=tuple(turn.thrown),
        broadcast=tuple(turn.broadcast),
        uncaught=tuple(turn.uncaught),
        decisions=tuple(turn.decisions),
        passed=tuple(turn.passed),
    )
    if instance.completed:
        return replace(happened, ended=Ending("completed", dict(instance.data)))
    instance.leave_behind()
    tasks = list(instance.open_tasks())
    timers = tuple(_timer(task) for task in tasks if waits_for(task, DUE))
    result = replace(
        happened,
        state=save(instance),
        user_tasks=tuple(_user_task(task) for task in tasks if "user" in task.internal_data),
        jobs=tuple(_job(task) for task in tasks if "job" in task.internal_data),
        awaited=tuple(_awaited(task) for task in tasks if waits_for(task, MESSAGE)),
        signals=tuple(_signal(task) for task in tasks if waits_for(task, SIGNAL)),
        timers=timers,
        wake_at=min((timer.due_at for timer in timers), default=None),
    )
    if not (result.user_tasks or result.jobs or result.awaited or result.signals or result.timers):
        stuck = ", ".join(task.task_spec.element.label for task in tasks) or "nothing"
        element_id = tasks[-1].task_spec.element.id if tasks else instance.process_id
        raise ModelError(f"The process has come to a stop that nothing can end; open: {stuck}.", element_id=element_id)
    return result


def ended_by_cancelling(instance: Instance) -> Outcome:
    """The Outcome of ending the whole instance: every open element is cancelled, nothing is thrown."""
    for task in instance.open_tasks():
        drawn_once = not task.task_spec.stands_aside and "repeat" not in task.internal_data
        if LOCAL in task.internal_data and drawn_once:
            instance.turn.see_passed(task.task_spec.element, cancelled=True)
    ended = Ending("cancelled", dict(instance.data))
    return Outcome(state=b"", passed=tuple(instance.turn.passed), ended=ended)


def known_as(task: SpiffTask, kind: str) -> str:
    """The id the world knows the task's user task, job or message by: that of the task, unless it has one of its own
    (a listener's job, a user task that opened again)."""
    said = task.internal_data[kind]
    own: str = said.get("id", "") if isinstance(said, dict) else ""
    return own or task.id


def _user_task(task: SpiffTask) -> OpenUserTask:
    element, kept = task.task_spec.element, task.internal_data["user"]
    return OpenUserTask(
        id=known_as(task, "user"),
        element_id=element.id,
        name=element.name,
        process_id=element.process_id,
        form_id=kept["form"],
        assignee=kept["assignee"],
        candidate_users=tuple(kept["users"]),
        candidate_groups=tuple(kept["groups"]),
        due_at=_moment(kept["due"]),
        follow_up_at=_moment(kept["follow_up"]),
        priority=kept["priority"],
        properties=kept["properties"],
        variables=visible(task),
    )


def _job(task: SpiffTask) -> OpenJob:
    element, kept = task.task_spec.element, task.internal_data["job"]
    return OpenJob(
        id=known_as(task, "job"),
        element_id=element.id,
        name=element.name,
        process_id=element.process_id,
        type=kept["type"],
        retries=kept["retries"],
        headers=kept["headers"],
        variables=visible(task),
        listener=kept.get("listener", ""),
    )


def _awaited(task: SpiffTask) -> AwaitedMessage:
    element = task.task_spec.element
    return AwaitedMessage(
        id=task.id,
        element_id=element.id,
        message=task.internal_data[MESSAGE],
        correlation_key=task.internal_data["key"],
        process_id=element.process_id,
    )


def _signal(task: SpiffTask) -> AwaitedSignal:
    element = task.task_spec.element
    return AwaitedSignal(
        id=task.id, element_id=element.id, signal=task.internal_data[SIGNAL], process_id=element.process_id
    )


def _timer(task: SpiffTask) -> OpenTimer:
    element = task.task_spec.element
    return OpenTimer(
        id=task.id,
        element_id=element.id,
        name=element.name,
        process_id=element.process_id,
        due_at=due_at(task),
    )


def _moment(kept: str | None) -> datetime | None:
    return None if kept is None else datetime.fromisoformat(kept)
