"""Delivering a case event: to the instances that wait for it, else to the process that starts on it, else held."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from service.access.chart import Chart
from service.domain.errors import Refused
from service.domain.people import Actor
from service.domain.stimuli import InstanceStarted, MessageReceived
from service.engine import ProcessInfo, StartInfo
from service.operations.advancing import advance
from service.operations.context import actor_scope, expression_context, read_chart, release_on, require_case
from service.operations.environment import Environment, ReleaseInUse
from service.operations.guards import ask_guards, guard_ids
from service.operations.step import record, take_up
from service.store.cases import CaseRow, lock_case
from service.store.events import EventRow
from service.store.instances import InstanceRow, find_open_instance, find_subscriptions, lock_instance
from service.store.tables import db


def deliver(env: Environment, actor: Actor, event: EventRow) -> None:
    """Deliver an accepted event and write on it what it did. Raises ModelError, Refused."""
    instance_ids = list(dict.fromkeys(waiting.instance_id for waiting in _waiting(event)))
    for instance_id in instance_ids:
        # All of them before the case that they share, as every other operation does, or two could wait for each other.
        lock_instance(instance_id)
    correlated = [_correlate(env, actor, event, instance_id) for instance_id in instance_ids]
    if any(correlated):
        event.status = "delivered"
        event.did = "Delivered to " + ", ".join(name for name in correlated if name)
        return
    release = release_on(env, event.happened_at)
    found = find_start(release, event.type)
    if found is None:
        event.status = "held"
        event.did = "Held: nobody waits for it yet"
        return
    _start(env, actor, event, release, *found)


def find_start(release: ReleaseInUse, message: str) -> tuple[ProcessInfo, StartInfo] | None:
    """The process that starts on a message, and where."""
    for process in release.diagrams.processes.values():
        for start in process.starts:
            if start.message == message:
                return process, start
    return None


def guard_start(
    env: Environment,
    release: ReleaseInUse,
    case: CaseRow,
    chart: Chart,
    actor: Actor,
    message: str,
    data: Mapping[str, Any],
) -> None:
    """Go on only if the guards of the start event let the process start for this case. Raises Refused."""
    found = find_start(release, message)
    if found is None:
        return
    process, start = found
    guards = (*guard_ids(process.properties), *guard_ids(start.properties))
    scope = {**data, **expression_context(env, release, case, chart), "actor": actor_scope(actor), "answers": {}}
    refusals = ask_guards(release, guards, scope, env.now())
    if refusals:
        raise Refused(f"start “{process.name}”", refusals)


def _waiting(event: EventRow) -> list[Any]:
    return find_subscriptions(event.type, event.case_reference)


def _correlate(env: Environment, actor: Actor, event: EventRow, instance_id: str) -> str | None:
    instance = lock_instance(instance_id)
    subscription = next((row for row in _waiting(event) if row.instance_id == instance_id), None)
    if instance is None or instance.status != "running" or subscription is None:
        return None
    step = take_up(env, actor, instance)
    advance(step, MessageReceived(subscription.id, event.data))
    record(step, "MessageReceived", event.type, details={"event": event.id})
    event.instance_id = instance.id
    return instance.name


def _start(
    env: Environment, actor: Actor, event: EventRow, release: ReleaseInUse, process: ProcessInfo, start: StartInfo
) -> None:
    # Two events that start the same process at once wait here for each other; the instance to lock is not there yet.
    case = lock_case(event.case_reference) or require_case(event.case_reference)
    open_key = f"{process.id}:{case.reference}" if _one_open_per_case(process, start) else None
    running = find_open_instance(open_key) if open_key else None
    if running is not None:
        event.status = "delivered"
        event.instance_id = running.id
        event.did = f"Nothing new: {running.name} is already open for {case.reference}"
        return
    guard_start(env, release, case, read_chart(release), actor, event.type, event.data)
    instance = InstanceRow(
        id=str(uuid.uuid4()),
        process_id=process.id,
        name=process.name,
        release_number=release.number,
        case_reference=case.reference,
        started_at=env.now(),
        started_by=event.received_from,
        started_by_name=event.received_from_name,
        open_key=open_key,
        state=b"",
    )
    db.session.add(instance)
    db.session.flush()
    step = take_up(env, actor, instance)
    variables = {
        **event.data,
        "caseReference": case.reference,
        "eventTime": event.happened_at.isoformat(),
    }
    advance(step, InstanceStarted(process.id, variables, message=start.message))
    record(step, "InstanceStarted", process.name, details={"event": event.id})
    event.status = "delivered"
    event.instance_id = instance.id
    event.did = f"Started {process.name}"


def _one_open_per_case(process: ProcessInfo, start: StartInfo) -> bool:
    return "yes" in (process.properties.get("oneOpenPerCase"), start.properties.get("oneOpenPerCase"))
