"""A signal for everybody: one event for each who waits for it and each process that starts on it, delivered one by one.

Who waits when the signal is taken up gets it, in a transaction of their own; one that fails does not stop the others.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from service.operations.context import release_on
from service.operations.environment import Environment, ReleaseInUse
from service.operations.throwing import SOURCE
from service.operations.transaction import call_workers
from service.store.events import EventRow
from service.store.instances import signal_catchers
from service.store.tables import db


def fan_out(env: Environment, event: EventRow) -> None:
    """Make the copies of a signal, and write on it how many there are."""
    copies = [*_to_instances(env, event), *_to_starts(env, event, release_on(env, event.happened_at))]
    db.session.add_all(copies)
    call_workers()
    db.session.flush()
    event.status = "delivered"
    starts = sum(copy.kind == "start" for copy in copies)
    waiting = len(copies) - starts
    event.did = f"Broadcast: {waiting} waited for it, {starts} processes start on it"


def _to_instances(env: Environment, event: EventRow) -> Iterator[EventRow]:
    for subscription, instance in signal_catchers(event.type):
        copy = _copy(env, event, "signal", subscription.id, instance.case_reference)
        copy.instance_id = instance.id
        yield copy


def _to_starts(env: Environment, event: EventRow, release: ReleaseInUse) -> Iterator[EventRow]:
    for process in release.diagrams.processes.values():
        for start in process.starts:
            if start.signal == event.type:
                yield _copy(env, event, "start", f"{process.id}/{start.element_id}", event.case_reference)


def _copy(env: Environment, event: EventRow, kind: str, target_id: str, case_reference: str) -> EventRow:
    copy_id = str(uuid.uuid4())
    return EventRow(
        id=copy_id,
        source=SOURCE,
        event_id=copy_id,
        type=event.type,
        kind=kind,
        target_id=target_id,
        case_reference=case_reference,
        happened_at=event.happened_at,
        data=event.data,
        digest="",
        received_at=env.now(),
        received_from=event.received_from,
        received_from_name=event.received_from_name,
    )
