"""Incidents: raising one when something is stuck, listing them, and telling Towpath to try again."""

from __future__ import annotations

import uuid
from dataclasses import replace

from service.access.rules import Permission, may, require
from service.domain.errors import Conflict, NotFound
from service.domain.people import Actor
from service.operations.context import case_subject, case_subjects, current_release, read_chart, require_case
from service.operations.environment import Environment
from service.operations.instance_views import IncidentView
from service.operations.showing import show_incident
from service.operations.step import Step, record
from service.operations.transaction import about, call_workers, operation, reading
from service.store.cases import find_cases
from service.store.events import EventRow, lock_event
from service.store.history import HistoryRow, add_entry
from service.store.incidents import IncidentRow, find_incident, open_incidents
from service.store.instances import InstanceRow, lock_instance
from service.store.jobs import JobRow, find_job
from service.store.tables import db
from service.store.tasks import TaskRow

UNKNOWN = "There is no problem here that you may know of."


def raise_incident(
    step: Step, what: str, message: str, *, job: JobRow | None = None, task: TaskRow | None = None
) -> None:
    """Something is stuck: a job out of retries, a user task that cannot be completed, else a timer that cannot fire."""
    if job is not None:
        job.status = "stuck"
        job.last_error = message
        job.lease = job.leased_until = None
    db.session.add(
        IncidentRow(
            id=str(uuid.uuid4()),
            instance_id=step.instance.id,
            case_reference=step.case.reference,
            job_id=job.id if job is not None else None,
            task_id=task.id if task is not None else None,
            kind="job" if job is not None else "task" if task is not None else "timer",
            what=what,
            message=message,
            raised_at=step.env.now(),
        )
    )
    step.instance.following = replace(step.instance.following, incidents=True)
    db.session.flush()
    record(step, "IncidentRaised", what, details={"because": message})


def quarantine(env: Environment, event: EventRow, because: str) -> None:
    """Put an event aside that cannot be delivered, as an incident: accepted is accepted, so a person must look."""
    event.status = "quarantined"
    event.did = f"Could not be delivered: {because}"
    db.session.add(
        IncidentRow(
            id=str(uuid.uuid4()),
            case_reference=event.case_reference,
            event_id=event.id,
            kind="event",
            what=f"Case event {event.type}",
            message=because,
            raised_at=env.now(),
        )
    )
    db.session.flush()


@reading
def list_incidents(env: Environment, actor: Actor) -> tuple[IncidentView, ...]:
    """What is stuck in the cases this actor may know of, the oldest first."""
    rows = open_incidents()
    cases = find_cases({row.case_reference for row in rows})
    subjects = case_subjects(cases, read_chart(current_release(env)))
    found = []
    for row in rows:
        subject = subjects[row.case_reference]
        may_retry = may(actor, Permission.RETRY_INCIDENT, subject)
        if may_retry or may(actor, Permission.READ_CASE, subject):
            found.append(show_incident(row, may_retry and row.kind != "task"))
    return tuple(found)


@operation
def retry_incident(env: Environment, actor: Actor, *, incident_id: str) -> IncidentView:
    """Try again what is stuck. Raises NotFound, NotAllowed, and Conflict when somebody was first."""
    known = find_incident(incident_id)
    event = lock_event(known.event_id) if known and known.event_id else None
    instance = lock_instance(known.instance_id) if known and known.instance_id else None
    row = find_incident(incident_id)
    if row is None:
        raise NotFound(UNKNOWN)
    subject = case_subject(require_case(row.case_reference), read_chart(current_release(env)))
    if not (may(actor, Permission.RETRY_INCIDENT, subject) or may(actor, Permission.READ_CASE, subject)):
        raise NotFound(UNKNOWN)
    with about(case_reference=row.case_reference, instance_id=row.instance_id, subject=row.what):
        require(actor, Permission.RETRY_INCIDENT, subject)
        if row.resolved_at is not None:
            raise Conflict(f"{row.resolved_by} has already told Towpath to try this again.")
        if row.kind == "task":
            raise Conflict("Whoever the user task waits for sends it again; this ends when that succeeds.")
        row.resolved_at = env.now()
        row.resolved_by = actor.name
        if event is not None:
            event.status = "accepted"
            event.leased_until = None
        call_workers()
        if instance is not None:
            _wake(env, instance, row)
        add_entry(
            HistoryRow(
                at=env.now(),
                case_reference=row.case_reference,
                instance_id=row.instance_id,
                actor_id=actor.id,
                actor_name=actor.name,
                verb="IncidentRetried",
                subject=row.what,
                release_number=instance.release_number if instance else None,
                details={"incident": row.id},
            )
        )
    return show_incident(row, may_retry=False)


def _wake(env: Environment, instance: InstanceRow, incident: IncidentRow) -> None:
    """Make due again what an instance is stuck on: its job, else its timer."""
    job = find_job(incident.job_id) if incident.job_id else None
    if job is None:
        instance.wake_at, instance.leased_until = env.now(), None
    elif job.status == "stuck":
        job.status = "suspended" if instance.status == "suspended" else "pending"
        job.retries = 1
        job.due_at = job.turn_at = env.now()
