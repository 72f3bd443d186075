"""Incidents: something is stuck and a person must look. Raising and resolving them is not here but in `operations/`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Base, Lasting, UtcDateTime, db


class IncidentRow(Lasting, Base):
    """One thing that is stuck."""

    __tablename__ = "incidents"
    __table_args__ = (CheckConstraint("kind IN ('job', 'task', 'timer', 'event', 'state')", name="kind_known"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instances.id"), index=True)
    """Null for an event that could not be delivered."""
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"), index=True)
    """The job that ran out of retries."""
    task_id: Mapped[str | None] = mapped_column(ForeignKey("user_tasks.id"), index=True)
    """The user task that cannot be completed; it stays open."""
    kind: Mapped[str] = mapped_column(String(12), default="timer")
    event_id: Mapped[str | None] = mapped_column(ForeignKey("case_events.id"), index=True)
    """The case event that could not be delivered."""
    what: Mapped[str] = mapped_column(String(300))
    message: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by: Mapped[str | None] = mapped_column(String(200))


def find_incident(incident_id: str) -> IncidentRow | None:
    """An incident by id."""
    return db.session.get(IncidentRow, incident_id, populate_existing=True)


def open_incidents(references: Iterable[str] | None = None) -> list[IncidentRow]:
    """What is stuck now, the oldest first; of these cases only, when given."""
    query = select(IncidentRow).where(IncidentRow.resolved_at.is_(None))
    if references is not None:
        query = query.where(IncidentRow.case_reference.in_(list(references)))
    return list(db.session.scalars(query.order_by(IncidentRow.raised_at, IncidentRow.id)))


def has_open(kind: str, instance_id: Any) -> Any:
    """The condition that an instance has an open incident of this kind; `instance_id` is the column that names it."""
    return exists().where(
        IncidentRow.instance_id == instance_id, IncidentRow.kind == kind, IncidentRow.resolved_at.is_(None)
    )


def open_incidents_of_kind(kind: str, after: str, limit: int) -> list[IncidentRow]:
    """What is stuck in this way, in the order of the ids behind the one named."""
    query = select(IncidentRow).where(
        IncidentRow.kind == kind, IncidentRow.resolved_at.is_(None), IncidentRow.id > after
    )
    return list(db.session.scalars(query.order_by(IncidentRow.id).limit(limit)))


def open_incidents_of_instance(instance_id: str) -> list[IncidentRow]:
    """What is stuck in one instance."""
    return list(
        db.session.scalars(
            select(IncidentRow)
            .where(IncidentRow.instance_id == instance_id, IncidentRow.resolved_at.is_(None))
            .order_by(IncidentRow.raised_at, IncidentRow.id)
        )
    )
