"""Signals and timer starts: what an event is to the diagrams, messages by another key than the case, schedules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go forward."""
    for table in ("case_events", "subscriptions"):
        op.add_column(table, sa.Column("kind", sa.String(length=8), nullable=False, server_default="message"))
    op.add_column("case_events", sa.Column("correlation_key", sa.String(length=400), nullable=True))
    op.add_column("case_events", sa.Column("target_id", sa.Text(), nullable=True))
    op.add_column("authority", sa.Column("scheduled_release", sa.Integer(), nullable=True))
    op.create_table(
        "schedules",
        sa.Column("process_id", sa.String(length=200), nullable=False),
        sa.Column("start_id", sa.String(length=200), nullable=False),
        sa.Column("timer", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_because", sa.Text(), nullable=True),
        sa.Column("reached", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("process_id", "start_id", name=op.f("pk_schedules")),
    )
    op.create_index("ix_schedules_due", "schedules", ["next_at"])
