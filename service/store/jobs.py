"""Jobs: service tasks waiting for their handler, and the leases of who works on them. Running them is not here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, literal_column, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from service.store.codec import EncodedJson
from service.store.leases import free
from service.store.tables import Base, Lasting, UtcDateTime, db

PENDING = text("status = 'pending'")

TURN = timedelta(seconds=1)
"""How far apart the turns of an instance's jobs lie: between two of them, everybody else's that came since go first."""


WAITING = ("pending", "suspended", "stuck")
"""The statuses of a job that is not done."""


class JobRow(Lasting, Base):
    """One service task's job."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'suspended', 'done', 'stuck', 'cancelled')", name="status_known"),
        Index("ix_jobs_due", "due_at", postgresql_where=PENDING, sqlite_where=PENDING),
        Index("ix_jobs_turn", "turn_at", "due_at", postgresql_where=PENDING, sqlite_where=PENDING),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"), index=True)
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    element_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300))
    type: Mapped[str] = mapped_column(String(200))
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    variables: Mapped[dict[str, Any]] = mapped_column(EncodedJson, default=dict)
    status: Mapped[str] = mapped_column(String(12), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    retries: Mapped[int] = mapped_column(default=3)
    """How many attempts are left, as drawn on the diagram at first."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    turn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Its place among the due jobs, never before it is due. An instance that has many spreads them (`TURN`)."""
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(String(36))
    """Names one claim, so that a worker that lost its lease cannot report over its successor."""
    answer: Mapped[dict[str, Any] | None] = mapped_column(EncodedJson)
    """What its handler gave while the instance was suspended; taken in when the instance is resumed."""
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


IS_PENDING = JobRow.status == literal_column("'pending'")
"""As a literal and no parameter, so that the partial indexes serve a prepared statement too."""


def find_job(job_id: str) -> JobRow | None:
    """A job by id, fresh from the database."""
    return db.session.get(JobRow, job_id, populate_existing=True)


def due_jobs(now: datetime, lease: timedelta, limit: int, job_type: str | None) -> list[JobRow]:
    """Pending jobs that are due and that nobody holds, in turn; locked, skipping what another worker has locked."""
    nobody_holds_it = free(JobRow.leased_until, now, lease)
    query = select(JobRow).where(IS_PENDING, JobRow.due_at <= now, nobody_holds_it)
    if job_type is not None:
        query = query.where(JobRow.type == job_type)
    in_order = query.order_by(JobRow.turn_at, JobRow.created_at, JobRow.id).limit(limit)
    return list(db.session.scalars(in_order.with_for_update(skip_locked=True)))


def cancel_jobs(job_ids: Iterable[str], at: datetime) -> None:
    """Cancel those of these jobs that are not done: their diagram waits for them no more."""
    gone = list(job_ids)
    if gone:
        db.session.execute(
            update(JobRow)
            .where(JobRow.id.in_(gone), JobRow.status.in_(WAITING))
            .values(status="cancelled", ended_at=at)
        )


def revive_jobs(job_ids: Iterable[str], at: datetime) -> None:
    """Let jobs that were cancelled be claimed again; a lease from before is no longer good."""
    wanted = list(job_ids)
    if wanted:
        db.session.execute(
            update(JobRow)
            .where(JobRow.id.in_(wanted), JobRow.status == "cancelled")
            .values(status="pending", ended_at=None, due_at=at, lease=None, leased_until=None)
        )


def open_jobs_of_instance(instance_id: str) -> list[JobRow]:
    """The jobs of an instance that are not done: pending, suspended with it, or stuck."""
    return list(
        db.session.scalars(
            select(JobRow)
            .where(JobRow.instance_id == instance_id, JobRow.status.in_(WAITING))
            .order_by(JobRow.created_at, JobRow.id)
        )
    )


def suspend_jobs(instance_id: str) -> None:
    """Let nobody claim the jobs of an instance; who holds one already may bring back what it gave."""
    db.session.execute(
        update(JobRow).where(JobRow.instance_id == instance_id, JobRow.status == "pending").values(status="suspended")
    )


def resume_jobs(instance_id: str) -> None:
    """Let the jobs that were suspended with their instance be claimed again."""
    db.session.execute(
        update(JobRow).where(JobRow.instance_id == instance_id, JobRow.status == "suspended").values(status="pending")
    )


def jobs_of_case(reference: str) -> list[JobRow]:
    """Every job about a case, the oldest first."""
    return list(
        db.session.scalars(
            select(JobRow).where(JobRow.case_reference == reference).order_by(JobRow.created_at, JobRow.id)
        )
    )
