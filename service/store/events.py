"""Case events that came in and events that go out, each in its own table. Delivering them is not here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Base, UtcDateTime, db

OUTBOX_LOCK = 7_217_001
"""Names the lock on the outbox in PostgreSQL; any number that nobody else uses."""

Sequence = BigInteger().with_variant(Integer, "sqlite")
"""A growing number; SQLite grows only plain integers by itself."""


class EventRow(Base):
    """A case event, remembered beyond the life of the case so that a replay can be answered."""

    __tablename__ = "case_events"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        CheckConstraint("status IN ('accepted', 'delivered', 'held', 'quarantined')", name="status_known"),
        Index("ix_case_events_due", "status", "received_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source: Mapped[str] = mapped_column(String(400))
    event_id: Mapped[str] = mapped_column(String(400))
    type: Mapped[str] = mapped_column(String(200))
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_from: Mapped[str] = mapped_column(String(200))
    received_from_name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12), default="accepted")
    did: Mapped[str] = mapped_column(Text, default="")
    """What it did, in words; or why nothing happened."""
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instances.id"))


class HeldForRow(Base):
    """An event that a suspended instance waits for: it is delivered to that instance once it is resumed."""

    __tablename__ = "held_for"

    event_id: Mapped[str] = mapped_column(ForeignKey("case_events.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"), primary_key=True, index=True)


class OutboxRow(Base):
    """An event that goes out. The sequence is the cursor of the feed."""

    __tablename__ = "outbox"

    sequence: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    type: Mapped[str] = mapped_column(String(200))
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


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
    db.session.execute(update(EventRow).where(EventRow.id.in_(kept)).values(status="accepted"))


def accepted_up_to(event: EventRow) -> list[str]:
    """The undelivered events of a case that came before this one, and this one, in the order they came."""
    before = (EventRow.received_at < event.received_at) | (
        (EventRow.received_at == event.received_at) & (EventRow.id <= event.id)
    )
    query = select(EventRow.id).where(
        EventRow.case_reference == event.case_reference, EventRow.status == "accepted", before
    )
    return list(db.session.scalars(query.order_by(EventRow.received_at, EventRow.id)))


def release_held_events(case_reference: str, types: set[str]) -> None:
    """Events of a case that nobody waited for are accepted anew: now somebody waits for these types."""
    if types:
        db.session.execute(
            update(EventRow)
            .where(EventRow.case_reference == case_reference, EventRow.status == "held", EventRow.type.in_(types))
            .values(status="accepted")
        )


def undelivered_event_ids(limit: int) -> list[str]:
    """Accepted events that nobody has delivered yet, in the order they came."""
    return list(
        db.session.scalars(
            select(EventRow.id)
            .where(EventRow.status == "accepted")
            .order_by(EventRow.received_at, EventRow.id)
            .limit(limit)
        )
    )


def add_to_outbox(row: OutboxRow) -> None:
    """Append an outgoing event. Whoever appends waits until everybody before them has committed.

    Otherwise a number could be handed out early and become visible late: a reader of the feed who had gone past it
    would never see it. SQLite has one writer at a time anyhow.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(OUTBOX_LOCK)))
    db.session.add(row)
    db.session.flush()


def outbox_after(sequence: int, limit: int) -> list[OutboxRow]:
    """Outgoing events after a cursor, in order."""
    return list(
        db.session.scalars(
            select(OutboxRow).where(OutboxRow.sequence > sequence).order_by(OutboxRow.sequence).limit(limit)
        )
    )
