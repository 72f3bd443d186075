"""Running instances that this build cannot resume, found without opening any: named, instead of stranded."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from service import engine
from service.domain.errors import ModelError
from service.domain.people import Actor
from service.logs import get_logger
from service.operations.environment import Environment
from service.operations.transaction import operation, reading
from service.store.events import lock_keys
from service.store.history import HistoryRow, add_entry
from service.store.incidents import IncidentRow, has_open, open_incidents_of_kind
from service.store.instances import (
    InstanceRow,
    Kin,
    find_instances,
    kin_of,
    kinds_of_running,
    lock_instances_of_kin,
)
from service.store.tables import db

log = get_logger(__name__)

BATCH = 100
"""Instances for which an incident is opened, or looked at again, in one transaction."""


OPENING = ("state incidents", "")
"""Names the lock of whoever opens them, so that two processes that start at once do not open each twice. Nobody waits
for it who has locked an instance."""


@dataclass(frozen=True, slots=True)
class Unresumable:
    """Running instances of one process, one release and one form of state that cannot go on, and why."""

    process_id: str
    release: int
    because: str
    count: int
    kin: Kin


@reading
def list_unresumable(env: Environment) -> tuple[Unresumable, ...]:
    """What cannot be resumed, as groups; empty when all is well.

    Costs one query that counts, and opens each release that running instances are pinned to once.
    """
    return tuple(_unresumable(env))


def report_unresumable(env: Environment, actor: Actor) -> tuple[Unresumable, ...]:
    """List them, say so in the log, and open an incident for each instance that has none; end those that are over."""
    found = list_unresumable(env)
    for group in found:
        log.error(
            "instances_cannot_be_resumed",
            process=group.process_id,
            release=group.release,
            count=group.count,
            because=group.because,
        )
        last = ""
        while last := open_state_incidents(env, actor, group=group, after=last):
            continue
    still, last = {group.kin for group in found}, ""
    while last := close_state_incidents(env, actor, still=still, after=last):
        continue
    return found


@operation
def open_state_incidents(env: Environment, actor: Actor, *, group: Unresumable, after: str) -> str:
    """Open incidents for the next of the group's instances that have none; give the id of the last, empty for none."""
    lock_keys([OPENING])
    found = lock_instances_of_kin(group.kin, after, BATCH, has_open("state", InstanceRow.id))
    for row in found:
        row.following = replace(row.following, incidents=True)
        db.session.add(
            IncidentRow(
                id=str(uuid.uuid4()),
                instance_id=row.id,
                case_reference=row.case_reference,
                kind="state",
                what=row.name,
                message=f"It cannot go on in this version of Towpath: {group.because}",
                raised_at=env.now(),
            )
        )
        about = _about(env, actor, row.case_reference, row.id)
        add_entry(HistoryRow(verb="IncidentRaised", subject=row.name, details={"because": group.because}, **about))
    return found[-1].id if found else ""


@operation
def close_state_incidents(env: Environment, actor: Actor, *, still: set[Kin], after: str) -> str:
    """Of the next incidents end those of instances that this build can resume again; give the id of the last.

    As many as are opened at once: a database takes only so many ids in one statement.
    """
    rows = open_incidents_of_kind("state", after, BATCH)
    instances = find_instances({row.instance_id for row in rows if row.instance_id})
    for incident in rows:
        instance = instances.get(incident.instance_id or "")
        if instance is None or kin_of(instance) not in still:
            incident.resolved_at = env.now()
            incident.resolved_by = actor.name
            about = _about(env, actor, incident.case_reference, incident.instance_id)
            add_entry(HistoryRow(verb="IncidentResolved", subject=incident.what, details={}, **about))
    return rows[-1].id if rows else ""


def _unresumable(env: Environment) -> Iterator[Unresumable]:
    for kin, count in kinds_of_running():
        because = _why_not(env, kin)
        if because is not None:
            yield Unresumable(kin.process_id, kin.release_number, because, count, kin)


def _why_not(env: Environment, kin: Kin) -> str | None:
    if kin.state_version is not None and kin.state_version not in engine.READABLE_STATES:
        readable = ", ".join(sorted(engine.READABLE_STATES))
        return f"its state is of version {kin.state_version}, and this build reads {readable}"
    try:
        release = env.releases.get(kin.release_number)
    except ModelError as error:
        return error.message
    if kin.process_id not in release.diagrams.processes:
        return f"release {kin.release_number} has no process “{kin.process_id}” that this build executes"
    return None


def _about(env: Environment, actor: Actor, case: str, instance_id: str | None) -> dict[str, Any]:
    return {
        "at": env.now(),
        "case_reference": case,
        "instance_id": instance_id,
        "actor_id": actor.id,
        "actor_name": actor.name,
    }
