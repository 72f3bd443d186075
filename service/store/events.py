"""Case events that came in and events that go out, each in its own table. Delivering them is not here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Text,
    UniqueConstraint,
    delete,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.store.codec import EncodedJson
from service.store.leases import free
from service.store.tables import Base, Lasting, UtcDateTime, db

NUMBERING_LOCK = 7_217_001
"""Names the lock in PostgreSQL of whoever numbers the outbox; any number that nobody else uses."""

RUN = 10
"""How many events of one case are claimed at once, so that a case with thousands leaves room for the others."""

ACCEPTED = text("status = 'accepted'")
HELD = text("status = 'held'")
UNNUMBERED = text("position IS NULL")

KEYS_LOCK = 7_217_002
"""Sets the locks on names and keys of messages apart from others in PostgreSQL."""

Sequence = BigInteger().with_variant(Integer, "sqlite")
"""A growing number; SQLite grows only plain integers by itself."""


class EventRow(Lasting, Base):
    """A case event, remembered beyond the life of the case so that a replay can be answered."""

    __tablename__ = "case_events"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        CheckConstraint("status IN ('accepted', 'delivered', 'held', 'quarantined')", name="status_known"),
        Index(
            "ix_case_events_due",
            *("case_reference", "received_at", "id"),
            postgresql_where=ACCEPTED,
            sqlite_where=ACCEPTED,
        ),
        Index("ix_case_events_held", "type", postgresql_where=HELD, sqlite_where=HELD),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source: Mapped[str] = mapped_column(String(400))
    event_id: Mapped[str] = mapped_column(String(400))
    type: Mapped[str] = mapped_column(String(200))
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"))
    kind: Mapped[str] = mapped_column(String(8), default="message", server_default="message")
    """What it is to the diagrams: a `message` has one receiver's name, a `signal` is for everybody who waits, a `start`
    begins the process in `target_id`."""
    correlation_key: Mapped[str | None] = mapped_column(String(400))
    """What a message is correlated by; the case reference when null."""
    target_id: Mapped[str | None] = mapped_column(Text)
    """The one subscription that a broadcast signal is for, or `process/start event`."""
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[dict[str, Any]] = mapped_column(EncodedJson, default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_from: Mapped[str] = mapped_column(String(200))
    received_from_name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12), default="accepted")
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when another worker need not deliver it: one is about to. Delivering it once does not rely on it."""
    did: Mapped[str] = mapped_column(Text, default="")
    """What it did, in words; or why nothing happened."""
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instances.id"))


_key = func.coalesce(EventRow.correlation_key, EventRow.case_reference)


class HeldForRow(Base):
    """An event that a suspended instance waits for: it is delivered to that instance once it is resumed."""

    __tablename__ = "held_for"

    event_id: Mapped[str] = mapped_column(ForeignKey("case_events.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"), primary_key=True, index=True)


class OutboxRow(Lasting, Base):
    """An event that goes out."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_unnumbered", "sequence", postgresql_where=UNNUMBERED, sqlite_where=UNNUMBERED),)

    sequence: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    """The order of writing, in which events of one instance follow each other. It says nothing of the commits."""
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    """The cursor of the feed: without gaps, given after the commit, null until then."""
    id: Mapped[str] = mapped_column(String(36), unique=True)
    type: Mapped[str] = mapped_column(String(200))
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"))
    data: Mapped[dict[str, Any]] = mapped_column(EncodedJson, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


IS_ACCEPTED = EventRow.status == literal_column("'accepted'")
"""As a literal and no parameter, so that the partial index serves a prepared statement too; and so the next one."""
IS_HELD = EventRow.status == literal_column("'held'")


def find_event(event_row_id: str) -> EventRow | None:
    """An accepted event by Towpath's own id."""
    return db.session.get(EventRow, event_row_id, populate_existing=True)


def find_event_by_source(source: str, event_id: str) -> EventRow | None:
    """An accepted event by the name its sender gave it."""
    return db.session.scalar(select(EventRow).where(EventRow.source == source, EventRow.event_id == event_id))


def lock_event(event_row_id: str) -> EventRow | None:
    """An accepted event, fresh and locked until the transaction ends."""
    return db.session.scalar(
        select(EventRow).where(EventRow.id == event_row_id).with_for_update().execution_options(populate_existing=True)
    )


def hold_for(event_row_id: str, instance_id: str) -> None:
    """Keep an event for an instance that is suspended."""
    db.session.merge(HeldForRow(event_id=event_row_id, instance_id=instance_id))
    db.session.flush()


def held_for(event_row_id: str) -> list[str]:
    """The instances that an event was kept for, in the order of their ids."""
    query = select(HeldForRow.instance_id).where(HeldForRow.event_id == event_row_id)
    return list(db.session.scalars(query.order_by(HeldForRow.instance_id)))


def hold_no_more(event_row_id: str) -> None:
    """Forget for whom an event was kept: it is being delivered."""
    db.session.execute(delete(HeldForRow).where(HeldForRow.event_id == event_row_id))


def accept_events_held_for(instance_id: str) -> None:
    """What was kept for an instance is accepted anew, to be delivered in the order in which it came."""
    kept = select(HeldForRow.event_id).where(HeldForRow.instance_id == instance_id)
    db.session.execute(update(EventRow).where(EventRow.id.in_(kept)).values(status="accepted", leased_until=None))


def accepted_up_to(event: EventRow) -> list[str]:
    """The undelivered events of a case that came before this one, and this one, in the order they came."""
    before = (EventRow.received_at < event.received_at) | (
        (EventRow.received_at == event.received_at) & (EventRow.id <= event.id)
    )
    query = select(EventRow.id).where(EventRow.case_reference == event.case_reference, IS_ACCEPTED, before)
    return list(db.session.scalars(query.order_by(EventRow.received_at, EventRow.id)))


def lock_keys(awaited: Iterable[tuple[str, str]]) -> None:
    """Let nobody else wait for, or find nobody waiting for, these messages with these keys until the transaction ends.

    Two who meet here see each other's work; SQLite has one writer at a time anyhow. Lock the instances first, always.
    """
    keys = sorted(set(awaited))
    if keys and db.session.get_bind().dialect.name == "postgresql":
        for name, key in keys:
            db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{name} {key}", KEYS_LOCK))))


def release_held_events(awaited: Iterable[tuple[str, str]]) -> bool:
    """Messages that nobody waited for are accepted anew: now somebody waits for these names with these keys.

    Were there any?
    """
    waited_for = [(EventRow.type == name) & (_key == key) for name, key in sorted(set(awaited))]
    if not waited_for:
        return False
    found = select(EventRow.id).where(IS_HELD, or_(*waited_for))
    released = update(EventRow).where(EventRow.id.in_(found)).values(status="accepted", leased_until=None)
    return bool(list(db.session.scalars(released.returning(EventRow.id))))


def lease_due_events(now: datetime, lease: timedelta, after: str, limit: int) -> list[tuple[str, list[str]]]:
    """Lease accepted events of the next cases after the one named, round and round: of each case the first few.

    Gives each case with the ids of its events in the order they came. A case whose first event somebody holds is passed
    over, so that no two workers ever deliver to one case.
    """
    cases = _cases_with_accepted(after, limit)
    if len(cases) < limit:
        cases += [case for case in _cases_with_accepted("", limit - len(cases)) if case not in cases]
    heads = [_first_of_case(case, 1).scalar_subquery() for case in cases]
    if not heads:
        return []
    free_heads = select(EventRow.case_reference).where(
        EventRow.id.in_(heads), IS_ACCEPTED, free(EventRow.leased_until, now, lease)
    )
    mine = set(db.session.scalars(free_heads.with_for_update(skip_locked=True)))
    claimed = [(case, list(db.session.scalars(_first_of_case(case, RUN)))) for case in cases if case in mine]
    ids = [event_id for _, run in claimed for event_id in run]
    if ids:
        leased = update(EventRow).where(EventRow.id.in_(ids), IS_ACCEPTED)
        db.session.execute(leased.values(leased_until=now + lease))
    return claimed


def _first_of_case(case_reference: str, limit: int) -> Select[str]:
    return (
        select(EventRow.id)
        .where(EventRow.case_reference == case_reference, IS_ACCEPTED)
        .order_by(EventRow.received_at, EventRow.id)
        .limit(limit)
    )


def _cases_with_accepted(after: str, limit: int) -> list[str]:
    """The next cases that have an accepted event, each found by one step down the index whatever their number."""

    def first_after(reference: Any) -> Any:
        return (
            select(func.min(EventRow.case_reference))
            .where(IS_ACCEPTED, EventRow.case_reference > reference)
            .scalar_subquery()
        )

    found = select(first_after(after).label("reference"), literal(1).label("number")).cte(recursive=True)
    more = select(first_after(found.c.reference), found.c.number + 1)
    found = found.union_all(more.where(found.c.reference.is_not(None), found.c.number < limit))
    return list(db.session.scalars(select(found.c.reference).where(found.c.reference.is_not(None))))


def add_to_outbox(row: OutboxRow) -> None:
    """Append an outgoing event. It has no position in the feed before it is committed: `number_outbox` gives it one."""
    db.session.add(row)
    db.session.flush()


def has_unnumbered() -> bool:
    """Whether a committed outgoing event has no position in the feed yet."""
    return db.session.scalar(select(OutboxRow.sequence).where(OutboxRow.position.is_(None)).limit(1)) is not None


def number_outbox(limit: int) -> int:
    """Give committed outgoing events their positions in the feed, without gaps; give how many there were.

    A number that is handed out when a row is written can become visible after a later one, and a reader of the feed who
    had gone past it would never see it. So positions are handed out afterwards, by one at a time, to what is committed;
    whoever writes an event waits for nobody.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(NUMBERING_LOCK)))
    last = db.session.scalar(select(func.max(OutboxRow.position))) or 0
    waiting = select(OutboxRow.sequence).where(OutboxRow.position.is_(None)).order_by(OutboxRow.sequence).limit(limit)
    sequences = list(db.session.scalars(waiting))
    if sequences:
        numbered = [{"sequence": each, "position": last + number} for number, each in enumerate(sequences, start=1)]
        db.session.execute(update(OutboxRow), numbered)
    return len(sequences)


def outbox_after(position: int, limit: int) -> list[OutboxRow]:
    """Outgoing events after a cursor, in order."""
    return list(
        db.session.scalars(
            select(OutboxRow).where(OutboxRow.position > position).order_by(OutboxRow.position).limit(limit)
        )
    )
