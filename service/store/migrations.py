"""Migrations of running instances to another release: what was planned, and what became of each instance. Moving one is
not here but in `operations/`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, undefer

from service.store.codec import EncodedBytes, EncodedJson
from service.store.instances import InstanceRow
from service.store.tables import Base, UtcDateTime, db

LEFT = ("waiting", "moves", "would-lose", "cannot")
"""What has not moved yet: not judged, or judged and left where it was."""


class MigrationRow(Base):
    """One migration as planned."""

    __tablename__ = "migrations"
    __table_args__ = (CheckConstraint("status IN ('planned', 'running', 'done', 'reversed')", name="status_known"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    from_releases: Mapped[list[int]] = mapped_column(JSON)
    to_release: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    process_id: Mapped[str | None] = mapped_column(String(200))
    """The process whose instances move; null for all."""
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`elements`, `processes`, `deadlines`, `timers`, as the engine has them."""
    accept_loss: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(12), default="planned")
    run: Mapped[int] = mapped_column(default=0)
    """How often it was begun. Going on after a crash is the same run."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(200))
    created_by_name: Mapped[str] = mapped_column(String(200))


class MigratedRow(Base):
    """One instance in one migration."""

    __tablename__ = "migrated_instances"
    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting', 'moves', 'would-lose', 'cannot', 'moved', 'gone', 'reversed', 'touched')",
            name="status_known",
        ),
    )

    migration_id: Mapped[str] = mapped_column(ForeignKey("migrations.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"), primary_key=True, index=True)
    status: Mapped[str] = mapped_column(String(12), default="waiting")
    run: Mapped[int] = mapped_column(default=0)
    """The run in which it was last tried."""
    lost: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """What it lost, or would lose, as sentences."""
    because: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Why it cannot move, or could not be moved back."""
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest: Mapped[str | None] = mapped_column(String(64))
    """Of the state it had right after it moved: while it has that it can be moved back."""
    state: Mapped[bytes | None] = deferred(mapped_column(EncodedBytes))
    """The state it had before it moved, until it is moved back or forgotten."""
    kept: Mapped[dict[str, Any] | None] = deferred(mapped_column(EncodedJson))
    """What else moving it back needs, likewise: what it was, and the rows that ended or changed by moving."""


def find_migration(migration_id: str) -> MigrationRow | None:
    """A migration by id, fresh from the database."""
    return db.session.get(MigrationRow, migration_id, populate_existing=True)


def lock_migration(migration_id: str) -> MigrationRow | None:
    """A migration, fresh and locked. Whoever locks an instance too locks that first."""
    return db.session.get(MigrationRow, migration_id, populate_existing=True, with_for_update=True)


def all_migrations(limit: int) -> list[MigrationRow]:
    """Migrations, the newest first."""
    query = select(MigrationRow).order_by(MigrationRow.created_at.desc(), MigrationRow.id).limit(limit)
    return list(db.session.scalars(query))


def gather(migration: MigrationRow) -> None:
    """List every instance that the migration is about and that is not listed yet."""
    listed = select(MigratedRow.instance_id).where(MigratedRow.migration_id == migration.id)
    wanted = select(literal(migration.id), InstanceRow.id, literal("waiting"), literal(0)).where(
        InstanceRow.ended_at.is_(None),
        InstanceRow.release_number.in_(migration.from_releases),
        InstanceRow.id.not_in(listed),
    )
    if migration.process_id is not None:
        wanted = wanted.where(InstanceRow.process_id == migration.process_id)
    columns = ["migration_id", "instance_id", "status", "run"]
    db.session.execute(insert(MigratedRow).from_select(columns, wanted, include_defaults=False))


def find_migrated(migration_id: str, instance_id: str) -> MigratedRow | None:
    """What became of one instance, fresh from the database, with everything that was kept."""
    return db.session.get(
        MigratedRow,
        (migration_id, instance_id),
        populate_existing=True,
        options=[undefer(MigratedRow.state), undefer(MigratedRow.kept)],
    )


def instances_in(
    migration: MigrationRow, statuses: Iterable[str], after: str, limit: int, *, before_run: int | None = None
) -> list[str]:
    """The next instances of a migration with any of these statuses, by id; not yet tried in a run, when given."""
    query = select(MigratedRow.instance_id).where(
        MigratedRow.migration_id == migration.id,
        MigratedRow.instance_id > after,
        MigratedRow.status.in_(list(statuses)),
    )
    if before_run is not None:
        query = query.where(MigratedRow.run < before_run)
    return list(db.session.scalars(query.order_by(MigratedRow.instance_id).limit(limit)))


def count_by_status(migration_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Migration id to how many of its instances have each status."""
    query = (
        select(MigratedRow.migration_id, MigratedRow.status, func.count())
        .where(MigratedRow.migration_id.in_(migration_ids))
        .group_by(MigratedRow.migration_id, MigratedRow.status)
    )
    found: dict[str, dict[str, int]] = {migration_id: {} for migration_id in migration_ids}
    for migration_id, status, count in db.session.execute(query):
        found[migration_id][status] = count
    return found


def report(migration_id: str, status: str | None, after: str, limit: int) -> list[tuple[MigratedRow, InstanceRow]]:
    """What became of the instances of a migration, by id."""
    query = (
        select(MigratedRow, InstanceRow)
        .join(InstanceRow, InstanceRow.id == MigratedRow.instance_id)
        .where(MigratedRow.migration_id == migration_id, MigratedRow.instance_id > after)
    )
    if status is not None:
        query = query.where(MigratedRow.status == status)
    return [
        (row, instance) for row, instance in db.session.execute(query.order_by(MigratedRow.instance_id).limit(limit))
    ]


def forget(migration_id: str) -> int:
    """Keep nothing any more of what moving instances back needs. Gives how many could have been moved back."""
    forgotten = db.session.execute(
        update(MigratedRow)
        .where(MigratedRow.migration_id == migration_id, MigratedRow.state.is_not(None))
        .values(state=None, kept=None, digest=None)
        .returning(MigratedRow.instance_id)
    )
    return len(forgotten.all())
