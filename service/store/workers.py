"""Who looks for due work: one row for each process that does, so that a person can see that somebody does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Base, UtcDateTime, db


class WorkerRow(Base):
    """A process that looks for due work. It says so now and then; nothing depends on its being true."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    """`web`, `worker` or `celery`."""
    version: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


def keep_worker(row: WorkerRow) -> None:
    """Write that a worker was seen, for the first time or again."""
    db.session.merge(row)
    db.session.flush()


def forget_worker(worker_id: str) -> None:
    """A worker has stopped in good order."""
    db.session.execute(delete(WorkerRow).where(WorkerRow.id == worker_id))


def forget_workers_before(moment: datetime) -> None:
    """Remove the rows of those that have not been seen since."""
    db.session.execute(delete(WorkerRow).where(WorkerRow.seen_at < moment))


def all_workers() -> list[WorkerRow]:
    """Everybody who has been seen and not been forgotten, by host and process."""
    return list(db.session.scalars(select(WorkerRow).order_by(WorkerRow.host, WorkerRow.pid, WorkerRow.id)))
