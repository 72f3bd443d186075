"""When the next piece of work is due, of whatever kind, by the indexes alone. Claiming it is beside each table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from service.store.events import IS_ACCEPTED, EventRow, OutboxRow
from service.store.instances import IS_RUNNING, InstanceRow
from service.store.jobs import IS_PENDING, JobRow
from service.store.leases import free
from service.store.organisation import AuthorityRow
from service.store.releases import number_in_force
from service.store.schedules import ScheduleRow
from service.store.tables import db


@dataclass(frozen=True, slots=True)
class Due:
    """The instants from which each kind of work that nobody holds is due; None where there is none."""

    timer: datetime | None
    job: datetime | None
    event: datetime | None
    start: datetime | None
    """Of the timer start events."""
    unnumbered: bool
    """Whether outgoing events wait for their position in the feed."""
    unscheduled: bool
    """Whether the timer starts of the release in force are yet to be seen to."""

    @property
    def first(self) -> datetime | None:
        """The earliest of the four."""
        known = (self.timer, self.job, self.event, self.start)
        return min((moment for moment in known if moment is not None), default=None)


def next_due(now: datetime, today: date, lease: timedelta, job_lease: timedelta) -> Due:
    """What is due first, in one statement that opens no instance."""
    timer = (
        select(InstanceRow.wake_at)
        .where(
            IS_RUNNING,
            InstanceRow.wake_at.is_not(None),
            free(InstanceRow.leased_until, now, lease),
        )
        .order_by(InstanceRow.wake_at)
        .limit(1)
    )
    job = (
        select(JobRow.due_at)
        .where(IS_PENDING, free(JobRow.leased_until, now, job_lease))
        .order_by(JobRow.due_at)
        .limit(1)
    )
    event = select(func.min(EventRow.received_at)).where(IS_ACCEPTED, free(EventRow.leased_until, now, lease))
    unnumbered = select(OutboxRow.sequence).where(OutboxRow.position.is_(None)).limit(1)
    start = select(func.min(ScheduleRow.next_at))
    scheduled = select(func.coalesce(AuthorityRow.scheduled_release, 0)).limit(1)
    known = (timer, job, event, start, unnumbered, number_in_force(today), scheduled)
    row = db.session.execute(select(*(question.scalar_subquery() for question in known))).one()
    return Due(row[0], row[1], row[2], row[3], row[4] is not None, None not in row[5:] and row[5] != row[6])
