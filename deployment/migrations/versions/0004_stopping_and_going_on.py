"""Instances can be suspended and say who stopped them; events and answers of jobs are kept for suspended ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"

JOB_STATUSES = "status IN ('pending', 'suspended', 'done', 'stuck', 'cancelled')"
INSTANCE_STATUSES = "status IN ('running', 'suspended', 'completed', 'cancelled')"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("process_instances") as table:
        table.add_column(sa.Column("ended_by", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("ended_because", sa.Text(), nullable=True))
        table.add_column(sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("suspended_by", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("suspended_because", sa.Text(), nullable=True))
        table.drop_constraint(op.f("ck_process_instances_status_known"), type_="check")
        table.create_check_constraint(op.f("ck_process_instances_status_known"), INSTANCE_STATUSES)
    with op.batch_alter_table("jobs") as table:
        table.add_column(sa.Column("answer", sa.JSON(none_as_null=True), nullable=True))
        table.drop_constraint(op.f("ck_jobs_status_known"), type_="check")
        table.create_check_constraint(op.f("ck_jobs_status_known"), JOB_STATUSES)
    with op.batch_alter_table("user_tasks") as table:
        table.add_column(sa.Column("ended_because", sa.Text(), nullable=True))
        table.add_column(sa.Column("sent_back", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "held_for",
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["case_events.id"], name=op.f("fk_held_for_event_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_held_for_instance_id")),
        sa.PrimaryKeyConstraint("event_id", "instance_id", name=op.f("pk_held_for")),
    )
    with op.batch_alter_table("held_for") as table:
        table.create_index(op.f("ix_held_for_instance_id"), ["instance_id"], unique=False)
