"""What an instance holds inside, for whoever must repair it: its timers and variables, and changing either. Cancelling
and suspending it are in `steering.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from service import engine
from service.access.rules import Permission, may, require
from service.domain.errors import Conflict, Invalid, ModelError, NotFound
from service.domain.outcome import Outcome
from service.domain.people import Actor
from service.domain.stimuli import TimerMoved, VariablesCorrected
from service.operations.advancing import advance
from service.operations.context import case_identity, require_case
from service.operations.environment import Environment
from service.operations.events import RESERVED
from service.operations.inside_views import InsideView, ScopeView, TimerView
from service.operations.instances import instance_views
from service.operations.showing import show_incident
from service.operations.standing import standing_words
from service.operations.steering import UNKNOWN, lock_known, required_reason, subject_of
from service.operations.step import Step, record, take_up
from service.operations.transaction import about, operation, reading
from service.operations.words import moment_words
from service.store.history import latest_of_instance
from service.store.incidents import open_incidents_of_instance
from service.store.instances import find_instance
from service.store.jobs import open_jobs_of_instance
from service.store.tasks import find_tasks, open_tasks_of_instance

DEEDS: Mapping[str, Permission] = {
    "cancel": Permission.CANCEL_INSTANCE,
    "suspend": Permission.SUSPEND_INSTANCE,
    "resume": Permission.RESUME_INSTANCE,
    "move-timer": Permission.MOVE_TIMER,
    "repair": Permission.REPAIR_VARIABLES,
}
FURTHEST = timedelta(days=100 * 365)
"""How far from now a timer can be moved: nothing about a child takes longer."""


@reading
def read_inside(env: Environment, actor: Actor, *, instance_id: str) -> InsideView:
    """An instance with its timers, and its variables for whoever may read them. Raises NotFound."""
    row = find_instance(instance_id)
    if row is None:
        raise NotFound(UNKNOWN)
    step = take_up(env, actor, row, case=require_case(row.case_reference))
    subject = subject_of(step)
    sees = may(actor, Permission.READ_VARIABLES, subject)
    if not (sees or may(actor, Permission.READ_CASE, subject)):
        raise NotFound(UNKNOWN)
    going_on = row.ended_at is None
    found, unreadable = _look(step) if going_on else (None, None)
    may_retry = may(actor, Permission.RETRY_INCIDENT, subject)
    incidents = open_incidents_of_instance(row.id)
    [view] = instance_views([row], open_tasks_of_instance(row.id), open_jobs_of_instance(row.id), incidents)
    return InsideView(
        instance=view,
        case=case_identity(env, step.release, step.case, step.chart),
        timers=_timers(found),
        scopes=_scopes(found) if sees else (),
        unreadable=unreadable,
        incidents=tuple(show_incident(incident, may_retry and incident.kind != "task") for incident in incidents),
        may=frozenset(deed for deed, asked in DEEDS.items() if going_on and may(actor, asked, subject)),
    )


@operation
def move_timer(
    env: Environment, actor: Actor, *, instance_id: str, timer_id: str, due_at: datetime, reason: str
) -> None:
    """Give an open timer another time; one that lies in the past fires at once.

    Raises NotFound, NotAllowed, Invalid (no reason, a time without zone or too far off), Conflict when it fired first.
    """
    step = lock_known(env, actor, instance_id)
    with about(case_reference=step.case.reference, instance_id=step.instance.id, subject=step.instance.name):
        require(actor, Permission.MOVE_TIMER, subject_of(step))
        because = required_reason(reason, "moving this")
        if due_at.tzinfo is None or abs(due_at - env.now()) > FURTHEST:
            raise Invalid({"due_at": ["Enter a date and time within a hundred years"]})
        _require_going_on(step)
        timer = next((item for item in _timers(_look(step)[0]) if item.id == timer_id), None)
        if timer is None:
            raise Conflict(_who_moved_on(step))
        advance(step, TimerMoved(timer_id, due_at.astimezone(UTC)))
        details = {
            "reason": because,
            "before": {"Due": moment_words(timer.due_at)},
            "after": {"Due": moment_words(due_at)},
        }
        record(step, "TimerMoved", timer.name, details=details)


@operation
def repair_variables(
    env: Environment,
    actor: Actor,
    *,
    instance_id: str,
    variables: Mapping[str, Any],
    reason: str,
    at: str | None = None,
) -> None:
    """Write variables of an instance, or of the scope of the open element `at`; what is not named stays as it is.

    What is open sees the new values at once. Raises NotFound, NotAllowed, Invalid, Conflict when the element is not
    open any more or the instance has ended.
    """
    step = lock_known(env, actor, instance_id)
    with about(case_reference=step.case.reference, instance_id=step.instance.id, subject=step.instance.name):
        require(actor, Permission.REPAIR_VARIABLES, subject_of(step))
        because = required_reason(reason, "repairing this")
        if not variables:
            raise Invalid({"variables": ["Name at least one variable"]})
        reserved = sorted(RESERVED & variables.keys())
        if reserved:
            raise Invalid({f"variables.{name}": ["Towpath's own; it cannot be written"] for name in reserved})
        _require_going_on(step)
        scope = next((item for item in _scopes(_look(step)[0]) if item.at == at), None)
        outcome = advance(step, VariablesCorrected(dict(variables), at))
        _show_to_what_is_open(step, outcome)
        known = scope.variables if scope is not None else {}
        details = {
            "reason": because,
            "before": {name: known.get(name) for name in variables},
            "after": dict(variables),
        }
        record(step, "VariablesCorrected", scope.name if scope else step.instance.name, details=details)


def _require_going_on(step: Step) -> None:
    if step.instance.ended_at is not None:
        raise Conflict(f"“{step.instance.name}” {standing_words(step.instance)}.")


def _who_moved_on(step: Step) -> str:
    fired = latest_of_instance(step.instance, "TimerFired")
    last = fired or latest_of_instance(step.instance, None)
    if fired is not None:
        return f"The timer was first: “{fired.subject}” fired on {moment_words(fired.at)}."
    when = f" {last.actor_name} was first, on {moment_words(last.at)}." if last else ""
    return f"This timer does not wait any more.{when}"


def _show_to_what_is_open(step: Step, outcome: Outcome) -> None:
    tasks = {task.id: task for task in outcome.user_tasks}
    for row in find_tasks(tasks):
        row.variables = dict(tasks[row.id].variables)
    jobs = {job.id: job for job in outcome.jobs}
    for job in open_jobs_of_instance(step.instance.id):
        job.variables = dict(jobs[job.id].variables)


def _look(step: Step) -> tuple[engine.Snapshot | None, str | None]:
    """What is inside, else why it cannot be read."""
    try:
        return engine.look(step.release.diagrams, step.instance.state), None
    except ModelError as error:
        return None, error.message


def _timers(found: engine.Snapshot | None) -> tuple[TimerView, ...]:
    return tuple(
        TimerView(element.id, element.element_id, element.name or element.element_id, element.due_at)
        for element in (found.elements if found else ())
        if element.due_at is not None
    )


def _scopes(found: engine.Snapshot | None) -> tuple[ScopeView, ...]:
    if found is None:
        return ()
    names = {element.id: element.name or element.element_id for element in found.elements}
    scopes = [ScopeView(scope.holder, names.get(scope.holder or "", ""), scope.variables) for scope in found.scopes]
    own = [ScopeView(item.id, names[item.id], item.variables) for item in found.elements if item.variables]
    return (*scopes, *own)
