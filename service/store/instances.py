"""Process instances and what they wait for. Their state is opaque here; only `engine/` opens it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, delete, select
from sqlalchemy.orm import Mapped, deferred, mapped_column, undefer

from service.domain.outcome import AwaitedMessage
from service.store.tables import Base, UtcDateTime, db


class InstanceRow(Base):
    """One run of a process, pinned to the release it began under."""

    __tablename__ = "process_instances"
    __table_args__ = (
        CheckConstraint("status IN ('running', 'completed', 'cancelled')", name="status_known"),
        Index("ix_process_instances_due", "status", "wake_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    process_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300))
    release_number: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    """The business key."""
    status: Mapped[str] = mapped_column(String(12), default="running")
    state: Mapped[bytes] = deferred(mapped_column(LargeBinary, default=b""))
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[str] = mapped_column(String(200))
    started_by_name: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    open_key: Mapped[str | None] = mapped_column(String(300), unique=True)
    """Set while running when the diagram allows one open instance per case, so that two can never start at once."""


class SubscriptionRow(Base):
    """A message that an instance waits for."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_message", "message", "correlation_key"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(String(200))
    correlation_key: Mapped[str] = mapped_column(Text)


def find_instance(instance_id: str) -> InstanceRow | None:
    """An instance by id."""
    return db.session.get(InstanceRow, instance_id)


def find_instances(instance_ids: Iterable[str]) -> dict[str, InstanceRow]:
    """Instances by id."""
    rows = db.session.scalars(select(InstanceRow).where(InstanceRow.id.in_(list(instance_ids))))
    return {row.id: row for row in rows}


def lock_instance(instance_id: str) -> InstanceRow | None:
    """An instance, fresh and locked until the transaction ends: the one lock of every operation."""
    return db.session.scalar(
        select(InstanceRow)
        .where(InstanceRow.id == instance_id)
        .options(undefer(InstanceRow.state))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def find_open_instance(open_key: str) -> InstanceRow | None:
    """The running instance that holds this key."""
    return db.session.scalar(select(InstanceRow).where(InstanceRow.open_key == open_key))


def instances_of_case(reference: str) -> list[InstanceRow]:
    """Every instance about a case, newest first."""
    return list(
        db.session.scalars(
            select(InstanceRow)
            .where(InstanceRow.case_reference == reference)
            .order_by(InstanceRow.started_at.desc(), InstanceRow.id)
        )
    )


def due_instance_ids(now: datetime, limit: int) -> list[str]:
    """Instances with a timer that is due, the longest waiting first."""
    return list(
        db.session.scalars(
            select(InstanceRow.id)
            .where(InstanceRow.status == "running", InstanceRow.wake_at <= now)
            .order_by(InstanceRow.wake_at, InstanceRow.id)
            .limit(limit)
        )
    )


def replace_subscriptions(instance_id: str, awaited: Iterable[AwaitedMessage]) -> None:
    """Make the instance's subscriptions exactly these."""
    wanted = {message.id: message for message in awaited}
    known = set(db.session.scalars(select(SubscriptionRow.id).where(SubscriptionRow.instance_id == instance_id)))
    gone = known - wanted.keys()
    if gone:
        db.session.execute(delete(SubscriptionRow).where(SubscriptionRow.id.in_(gone)))
    for message_id in wanted.keys() - known:
        message = wanted[message_id]
        db.session.add(
            SubscriptionRow(
                id=message.id,
                instance_id=instance_id,
                element_id=message.element_id,
                message=message.message,
                correlation_key=message.correlation_key,
            )
        )
    db.session.flush()


def find_subscriptions(message: str, correlation_key: str) -> list[SubscriptionRow]:
    """Who waits for this message with this key, in a fixed order."""
    return list(
        db.session.scalars(
            select(SubscriptionRow)
            .where(SubscriptionRow.message == message, SubscriptionRow.correlation_key == correlation_key)
            .order_by(SubscriptionRow.instance_id, SubscriptionRow.id)
        )
    )
