"""Delivering a case event: to the instances that wait for it, else to the process that starts on it, else held.

How a signal becomes one event for each who waits is in `broadcasting.py`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from service.access.chart import Chart
from service.domain.errors import ModelError, Refused
from service.domain.people import Actor
from service.domain.stimuli import InstanceStarted, MessageReceived, SignalReceived
from service.engine import ProcessInfo, StartInfo
from service.operations.advancing import advance
from service.operations.broadcasting import fan_out
from service.operations.context import actor_scope, expression_context, read_chart, release_on, require_case
from service.operations.environment import Environment, ReleaseInUse
from service.operations.guards import ask_guards, guard_ids
from service.operations.standing import standing_words
from service.operations.step import record, take_up
from service.store.cases import CaseRow, lock_case
from service.store.events import EventRow, held_for, hold_for, hold_no_more, lock_keys
from service.store.instances import (
    InstanceRow,
    find_open_instance,
    find_subscription,
    find_subscriptions,
    lock_instance,
)
from service.store.tables import db


def deliver(env: Environment, actor: Actor, event: EventRow) -> None:
    """Deliver an accepted event and write on it what it did. Raises ModelError, Refused."""
    if event.kind == "start":
        _start_named(env, actor, event)
    elif event.kind == "signal" and event.target_id is None:
        fan_out(env, event)
    elif event.kind == "signal":
        _signal(env, actor, event)
    else:
        _deliver_message(env, actor, event)


def _deliver_message(env: Environment, actor: Actor, event: EventRow) -> None:
    kept_for = held_for(event.id)
    hold_no_more(event.id)
    reached_before = event.instance_id is not None
    instance_ids = kept_for if reached_before else sorted({*kept_for, *(row.instance_id for row in _waiting(event))})
    for instance_id in instance_ids:
        # All of them before the case that they share, as every other operation does, or two could wait for each other.
        lock_instance(instance_id)
    told = [_correlate(env, actor, event, instance_id) for instance_id in instance_ids]
    if any(told) or reached_before:
        _say_who_has_it(event, [each for each in told if each is not None])
        return
    release = release_on(env, event.happened_at)
    found = find_start(release, event.type)
    if found is None:
        _hold(event)
        return
    _start(env, actor, event, release, *found)


def _start_named(env: Environment, actor: Actor, event: EventRow) -> None:
    """Start the process at the start event that `target_id` names, in the release of the event's day."""
    release = release_on(env, event.happened_at)
    process_id, _, start_id = (event.target_id or "").partition("/")
    process = release.diagrams.processes.get(process_id)
    start = next((start for start in process.starts if start.element_id == start_id), None) if process else None
    if process is None or start is None:
        raise ModelError(f"The release in force has no start event {start_id!r} in the process {process_id!r}.")
    _start(env, actor, event, release, process, start)


def _signal(env: Environment, actor: Actor, event: EventRow) -> None:
    """Give a signal to the one subscription that this copy of it is for."""
    hold_no_more(event.id)
    instance = lock_instance(event.instance_id or "")
    subscription = find_subscription(event.target_id or "")
    if instance is not None and instance.status == "suspended" and subscription is not None:
        hold_for(event.id, instance.id)
        event.status = "held"
        event.did = f"Held for {instance.name}, which {standing_words(instance)}"
        return
    event.status = "delivered"
    if instance is None or instance.status != "running" or subscription is None:
        event.did = "Nobody waited for it any more"
        return
    step = take_up(env, actor, instance)
    advance(step, SignalReceived(subscription.id, event.data))
    record(step, "SignalReceived", event.type, details={"event": event.id})
    event.did = f"Delivered to {instance.name}"


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
    return find_subscriptions(event.type, event.correlation_key or event.case_reference)


def _say_who_has_it(event: EventRow, told: list[tuple[bool, str]]) -> None:
    delivered = [who for reached, who in told if reached]
    kept = [who for reached, who in told if not reached]
    parts = [f"Delivered to {', '.join(delivered)}"] if delivered else []
    parts += [f"Held for {', '.join(kept)}"] if kept else []
    before = [event.did] if event.did.startswith("Delivered") else []
    event.status = "delivered" if delivered or before else "held"
    event.did = "; ".join([*before, *parts])


def _hold(event: EventRow) -> None:
    """Put the event aside until somebody waits for it; leave it to be looked at again when somebody does by now."""
    lock_keys([(event.type, event.correlation_key or event.case_reference)])
    if not _waiting(event):
        event.status = "held"
        event.did = "Held: nobody waits for it yet"


def _correlate(env: Environment, actor: Actor, event: EventRow, instance_id: str) -> tuple[bool, str] | None:
    """Whether it was delivered to the instance, and that one in words; None when that does not wait for it any more."""
    instance = lock_instance(instance_id)
    subscription = next((row for row in _waiting(event) if row.instance_id == instance_id), None)
    if instance is None or subscription is None:
        return None
    if instance.status == "suspended":
        hold_for(event.id, instance.id)
        return False, f"{instance.name}, which {standing_words(instance)}"
    if instance.status != "running":
        return None
    step = take_up(env, actor, instance)
    advance(step, MessageReceived(subscription.id, event.data))
    record(step, "MessageReceived", event.type, details={"event": event.id})
    event.instance_id = instance.id
    return True, instance.name


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
    advance(step, InstanceStarted(process.id, variables, start_id=start.element_id))
    record(step, "InstanceStarted", process.name, details={"event": event.id})
    event.status = "delivered"
    event.instance_id = instance.id
    event.did = f"Started {process.name}"


def _one_open_per_case(process: ProcessInfo, start: StartInfo) -> bool:
    return "yes" in (process.properties.get("oneOpenPerCase"), start.properties.get("oneOpenPerCase"))
