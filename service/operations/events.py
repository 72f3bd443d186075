"""Case events: accepting one and delivering it are two operations, so an accepted event outlives a broken diagram."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import orjson
from sqlalchemy.exc import IntegrityError

from service.access.rules import Permission, Subject, require
from service.domain.errors import Conflict, Invalid, ModelError, NotFound, Refused
from service.domain.events import CaseEvent
from service.domain.people import TOWPATH, Actor
from service.operations.context import read_chart, release_on
from service.operations.environment import Environment, ReleaseInUse
from service.operations.incidents import quarantine
from service.operations.starting import deliver, guard_start
from service.operations.throwing import SOURCE, known_messages, known_signals
from service.operations.transaction import about, call_workers, operation, reading
from service.operations.views import EventStatus, EventView
from service.store.cases import CaseRow, find_case
from service.store.events import EventRow, accepted_up_to, find_event, find_event_by_source, lock_event
from service.store.history import HistoryRow, add_entry
from service.store.tables import db

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No case of today goes back further."""

CLOCK_SKEW = timedelta(hours=1)
"""How far ahead another system's clock may be."""

DELIVERY = timedelta(seconds=10)
"""How long an event is left to whoever accepted it and delivers it next."""

LOOKS = 3
"""How often whoever brings an event looks for what goes before it; after that it is left to those who do due work."""

RESERVED = frozenset({"case", "settings"})
"""Names that expressions use for the register and the rule book; an event may not bring its own."""


def receive_event(env: Environment, actor: Actor, *, event: CaseEvent) -> EventView:
    """Accept a case event and deliver it. A replay gives the first answer again and does nothing.

    Raises NotAllowed, Invalid (unknown type, wrong data), NotFound (unknown case), Conflict (the same id with another
    payload), Refused (the pathway may not start for this case now).
    """
    row_id = accept_event(env, actor, event=event, delivers=True)
    for _ in range(LOOKS):
        waiting = _waiting_before(env, event_row_id=row_id)
        for event_row_id in waiting:
            deliver_event(env, TOWPATH, event_row_id=event_row_id)
        if not waiting:
            break
    return show_event(env, event_row_id=row_id)


@operation
def accept_event(env: Environment, actor: Actor, *, event: CaseEvent, delivers: bool = False) -> str:
    """Remember a case event for ever; give Towpath's id for it. Raises as `receive_event` does.

    Whoever `delivers` it next is left to do so, and other workers are not called.
    """
    require(actor, Permission.POST_EVENT, Subject())
    if event.source == SOURCE:
        raise Invalid({"source": [f"Only Towpath itself is the source {SOURCE!r}"]})
    digest = _digest(event)
    known = _accepted_before(event, digest)
    if known is not None:
        return known
    case = _check(env, actor, event)
    if not delivers:
        call_workers()
    return _remember(env, actor, event, case, digest, env.now() + DELIVERY if delivers else None)


def _remember(
    env: Environment, actor: Actor, event: CaseEvent, case: CaseRow, digest: str, leased_until: datetime | None
) -> str:
    row = EventRow(
        id=str(uuid.uuid4()),
        source=event.source,
        event_id=event.id,
        type=event.type,
        case_reference=case.reference,
        happened_at=event.time or env.now(),
        correlation_key=event.correlation_key,
        kind=_kind(release_on(env, event.time or env.now()), event.type),
        data=dict(event.data),
        digest=digest,
        received_at=env.now(),
        leased_until=leased_until,
        received_from=actor.id,
        received_from_name=actor.name,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # The same event came twice at once and the other was first: this one is a replay of it.
        known = _accepted_before(event, digest)
        if known is None:
            raise
        return known
    add_entry(
        HistoryRow(
            at=env.now(),
            case_reference=case.reference,
            actor_id=actor.id,
            actor_name=actor.name,
            verb="EventAccepted",
            subject=event.type,
            details={"event": row.id},
        )
    )
    return row.id


@operation
def deliver_event(env: Environment, actor: Actor, *, event_row_id: str) -> None:
    """Deliver an accepted event to whoever waits for it or starts on it; once delivered, do nothing.

    An event of the same case that came before it goes first: it is left for later. What cannot be delivered is put in
    quarantine with the reason; nothing else is affected.
    """
    row = lock_event(event_row_id)
    if row is None or row.status != "accepted" or accepted_up_to(row) != [row.id]:
        return
    try:
        with db.session.begin_nested():
            deliver(env, actor, row)
    except (Conflict, ModelError, Refused) as error:
        _put_aside(env, actor, row, error.message)


@operation
def put_event_aside(env: Environment, actor: Actor, *, event_row_ids: Sequence[str], error: str) -> None:
    """Put the first of these events in quarantine that is not delivered yet: whoever delivered them stopped there."""
    for event_row_id in event_row_ids:
        row = lock_event(event_row_id)
        if row is not None and row.status == "accepted":
            _put_aside(env, actor, row, error)
            return


def _put_aside(env: Environment, actor: Actor, row: EventRow, because: str) -> None:
    quarantine(env, row, because)
    add_entry(
        HistoryRow(
            at=env.now(),
            case_reference=row.case_reference,
            actor_id=actor.id,
            actor_name=actor.name,
            verb="EventQuarantined",
            subject=row.type,
            details={"event": row.id, "because": because},
        )
    )


@reading
def _waiting_before(env: Environment, *, event_row_id: str) -> list[str]:
    """The undelivered events of the same case up to this one, in the order they came."""
    row = find_event(event_row_id)
    return accepted_up_to(row) if row is not None and row.status == "accepted" else []


@reading
def read_event(env: Environment, actor: Actor, *, event_id: str) -> EventView:
    """An accepted event and what it did. Raises NotFound, NotAllowed."""
    require(actor, Permission.POST_EVENT, Subject())
    return _view(event_id)


@reading
def show_event(env: Environment, *, event_row_id: str) -> EventView:
    """The event after it was received, for whoever has just sent it."""
    return _view(event_row_id)


def _view(row_id: str) -> EventView:
    row = find_event(row_id)
    if row is None:
        raise NotFound("There is no event under this id.")
    return EventView(
        id=row.id,
        source=row.source,
        event_id=row.event_id,
        type=row.type,
        case_reference=row.case_reference,
        received_at=row.received_at,
        status=cast("EventStatus", row.status),
        did=row.did,
        instance_id=row.instance_id,
    )


def _check(env: Environment, actor: Actor, event: CaseEvent) -> CaseRow:
    _check_time(env, event.time)
    release = release_on(env, event.time or env.now())
    # What Towpath's own diagrams throw is theirs to say: nobody outside may say it for them.
    own = {item.value for item in release.diagrams.references if item.kind in ("thrown-message", "thrown-signal")}
    known = (known_messages(release.diagrams) | known_signals(release.diagrams)) - own
    wrong: dict[str, list[str]] = {}
    if event.type not in known:
        wrong["type"] = [f"No pathway knows {event.type!r}. Known types: {', '.join(sorted(known))}"]
    for name in sorted(RESERVED & event.data.keys()):
        wrong[f"data.{name}"] = [f"The name {name!r} is Towpath's own; send it under another name"]
    if wrong:
        raise Invalid(wrong)
    case = find_case(event.subject)
    if case is None:
        raise NotFound(f"There is no case {event.subject!r}. Record the case first, or correct the subject.")
    with about(case_reference=case.reference, subject=event.type):
        guard_start(env, release, case, read_chart(release), actor, event.type, event.data)
    return case


def _check_time(env: Environment, time: datetime | None) -> None:
    """Before anything is reckoned from it: no calendar reaches as far as a time that somebody mistyped may lie."""
    if time is not None and time > env.now() + CLOCK_SKEW:
        raise Invalid({"time": ["This lies in the future. Send when it happened; is the sender's clock right?"]})
    if time is not None and time < EARLIEST:
        raise Invalid({"time": ["This lies too far back. Send when it happened; is the sender's clock right?"]})


def _accepted_before(event: CaseEvent, digest: str) -> str | None:
    """Towpath's id for the event when it was accepted before. Raises Conflict when its payload was another."""
    known = find_event_by_source(event.source, event.id)
    if known is not None and known.digest != digest:
        raise Conflict(
            f"Event {event.id!r} from {event.source!r} was accepted before with another payload. "
            "Send it under a new id if it is a new event."
        )
    return known.id if known is not None else None


def _kind(release: ReleaseInUse, event_type: str) -> str:
    """`rulebook check` lets no name be a message and a signal at once."""
    return "signal" if event_type in known_signals(release.diagrams) else "message"


def _digest(event: CaseEvent) -> str:
    """Of everything that matters in an event; what the order of keys is does not."""
    content: Mapping[str, object] = {
        "type": event.type,
        "subject": event.subject,
        "time": event.time.isoformat() if event.time else None,
        "data": event.data,
    }
    if event.correlation_key is not None:
        content = {**content, "correlationkey": event.correlation_key}
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
