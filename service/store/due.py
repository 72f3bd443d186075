"""When the next piece of work is due, of whatever kind, by the indexes alone. Claiming it is beside each table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from service.store.events import EventRow, OutboxRow
from service.store.instances import InstanceRow
from service.store.jobs import JobRow
from service.store.leases import free
from service.store.tables import db


@dataclass(frozen=True, slots=True)
class Due:
    """The instants from which each kind of work that nobody holds is due; None where there is none."""

    timer: datetime | None
    job: datetime | None
    event: datetime | None
    unnumbered: bool
    """Whether outgoing events wait for their position in the feed."""

    @property
    def first(self) -> datetime | None:
        """The earliest of the three."""
        return min((moment for moment in (self.timer, self.job, self.event) if moment is not None), default=None)


def next_due(now: datetime, lease: timedelta, job_lease: timedelta) -> Due:
    """What is due first, in one statement that opens no instance."""
    timer = (
        select(InstanceRow.wake_at)
        .where(
            InstanceRow.status == "running",
            InstanceRow.wake_at.is_not(None),
            free(InstanceRow.leased_until, now, lease),
        )
        .order_by(InstanceRow.wake_at)
        .limit(1)
    )
    job = (
        select(JobRow.due_at)
        .where(JobRow.status == "pending", free(JobRow.leased_until, now, job_lease))
        .order_by(JobRow.due_at)
        .limit(1)
    )
    event = select(func.min(EventRow.received_at)).where(
        EventRow.status == "accepted", free(EventRow.leased_until, now, lease)
    )
    unnumbered = select(OutboxRow.sequence).where(OutboxRow.position.is_(None)).limit(1)
    row = db.session.execute(
        select(timer.scalar_subquery(), job.scalar_subquery(), event.scalar_subquery(), unnumbered.scalar_subquery())
    ).one()
    return Due(row[0], row[1], row[2], row[3] is not None)
