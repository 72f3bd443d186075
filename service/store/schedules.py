"""Timer start events and when each is due next. What is started then, and for which cases, is in `operations/`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Base, UtcDateTime, db


class ScheduleRow(Base):
    """One timer start event of the rule book in force."""

    __tablename__ = "schedules"
    __table_args__ = (Index("ix_schedules_due", "next_at"),)

    process_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    start_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    timer: Mapped[str] = mapped_column(Text)
    """As drawn; another text is another schedule, which begins anew."""
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The occasion that is due next, or being worked through; null when none comes any more."""
    stopped_because: Mapped[str | None] = mapped_column(Text)
    """Why nothing is started any more, until the rule book draws it otherwise."""
    reached: Mapped[str] = mapped_column(String(100), default="")
    """How far this occasion has gone through the register: the last case reference."""


def all_schedules() -> list[ScheduleRow]:
    """Every schedule, locked until the transaction ends, in a fixed order."""
    query = select(ScheduleRow).order_by(ScheduleRow.process_id, ScheduleRow.start_id)
    return list(db.session.scalars(query.with_for_update()))


def due_starts(now: datetime) -> list[tuple[str, str]]:
    """Process and start event of each schedule that is due."""
    rows = db.session.execute(
        select(ScheduleRow.process_id, ScheduleRow.start_id)
        .where(ScheduleRow.next_at <= now)
        .order_by(ScheduleRow.next_at, ScheduleRow.process_id, ScheduleRow.start_id)
    )
    return [(process_id, start_id) for process_id, start_id in rows]


def lock_schedule(process_id: str, start_id: str) -> ScheduleRow | None:
    """A schedule, locked; None when it is gone or when another worker has it."""
    return db.session.scalar(
        select(ScheduleRow)
        .where(ScheduleRow.process_id == process_id, ScheduleRow.start_id == start_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def stopped_schedules() -> list[ScheduleRow]:
    """The timer starts that could not be worked through."""
    query = select(ScheduleRow).where(ScheduleRow.stopped_because.is_not(None))
    return list(db.session.scalars(query.order_by(ScheduleRow.process_id, ScheduleRow.start_id)))
