"""Counts and ages that tell whether work is done: what waits, since when, what is stuck. Nothing is judged here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from service.store.events import IS_ACCEPTED, EventRow, OutboxRow
from service.store.incidents import IncidentRow
from service.store.instances import IS_RUNNING, InstanceRow
from service.store.jobs import JobRow
from service.store.lists import list_number
from service.store.queue import ANYBODY, EntryRow
from service.store.tables import db


@dataclass(frozen=True, slots=True)
class Backlog:
    """Work of one kind that waits: how much, and since when the oldest does."""

    count: int
    oldest: datetime | None


def overdue_timers(now: datetime) -> Backlog:
    """Running instances whose timer is due."""
    return _backlog(select(func.count(), func.min(InstanceRow.wake_at)).where(IS_RUNNING, InstanceRow.wake_at <= now))


def overdue_jobs(now: datetime) -> Backlog:
    """Pending jobs that are due and that no handler works on."""
    return _backlog(
        select(func.count(), func.min(JobRow.due_at)).where(
            JobRow.status == "pending", JobRow.due_at <= now, JobRow.lease.is_(None)
        )
    )


def undelivered_events() -> Backlog:
    """Accepted case events that are not delivered."""
    return _backlog(select(func.count(), func.min(EventRow.received_at)).where(IS_ACCEPTED))


def unnumbered_outbox() -> Backlog:
    """Outgoing events that no reader of the feed can see yet."""
    return _backlog(select(func.count(), func.min(OutboxRow.at)).where(OutboxRow.position.is_(None)))


def unclaimed_tasks() -> Backlog:
    """Open user tasks that nobody has claimed."""
    return _backlog(
        select(func.count(), func.min(EntryRow.opened_at)).where(EntryRow.key_list == list_number(ANYBODY, free=True))
    )


def incidents_by_kind() -> dict[str, int]:
    """How many incidents of each kind are open."""
    rows = db.session.execute(
        select(IncidentRow.kind, func.count()).where(IncidentRow.resolved_at.is_(None)).group_by(IncidentRow.kind)
    )
    return {row[0]: row[1] for row in rows}


def database_clock() -> datetime | None:
    """What time the database server has; None where the database is a file of this machine."""
    if db.session.get_bind().dialect.name != "postgresql":
        return None
    moment: datetime | None = db.session.scalar(select(func.clock_timestamp()))
    return moment


def _backlog(query: Select[int, datetime | None]) -> Backlog:
    count, oldest = db.session.execute(query).one()
    return Backlog(count, oldest)
