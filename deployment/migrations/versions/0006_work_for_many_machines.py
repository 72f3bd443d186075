"""Leases on timers and events, turns among jobs, positions in the feed that are given after the commit, workers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go forward. Readers of the feed keep their cursors: a position is the number that the event had before."""
    with op.batch_alter_table("process_instances", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leased_until", INSTANT, nullable=True))

    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leased_until", INSTANT, nullable=True))
        batch_op.drop_index(batch_op.f("ix_case_events_due"))
    _index("ix_case_events_due", "case_events", ["case_reference", "received_at", "id"], "status = 'accepted'")

    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turn_at", INSTANT, nullable=True))
        batch_op.drop_index(batch_op.f("ix_jobs_due"))
    op.execute("UPDATE jobs SET turn_at = due_at")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.alter_column("turn_at", existing_type=INSTANT, nullable=False)
    _index("ix_jobs_due", "jobs", ["due_at"], "status = 'pending'")
    _index("ix_jobs_turn", "jobs", ["turn_at", "due_at"], "status = 'pending'")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.BigInteger(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_outbox_position"), ["position"])
    op.execute("UPDATE outbox SET position = sequence")
    _index("ix_outbox_unnumbered", "outbox", ["sequence"], "position IS NULL")

    op.create_table(
        "workers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
