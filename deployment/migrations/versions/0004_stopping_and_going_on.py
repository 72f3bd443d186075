"""Instances can be suspended and say who stopped them; events and answers of jobs are kept for suspended ones.

What people wrote and what processes know is stored as the codec has it: a first byte that names the form.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"

JOB_STATUSES = "status IN ('pending', 'suspended', 'done', 'stuck', 'cancelled')"
KINDS = "kind IN ('job', 'task', 'timer', 'event', 'state')"
ENCODED = {
    "user_tasks": ("variables", "answers"),
    "drafts": ("answers",),
    "jobs": ("variables",),
    "case_events": ("data",),
    "outbox": ("data",),
}
CHECKS = {
    "user_tasks": "status IN ('open', 'completed', 'cancelled')",
    "jobs": JOB_STATUSES,
    "case_events": "status IN ('accepted', 'delivered', 'held', 'quarantined')",
}
"""SQLite makes such a table anew and would forget what it checks."""
INSTANCE_STATUSES = "status IN ('running', 'suspended', 'completed', 'cancelled')"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("process_instances") as table:
        table.add_column(sa.Column("state_version", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("ended_by", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("ended_because", sa.Text(), nullable=True))
        table.add_column(sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("suspended_by", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("suspended_because", sa.Text(), nullable=True))
        table.drop_constraint(op.f("ck_process_instances_status_known"), type_="check")
        table.create_check_constraint(op.f("ck_process_instances_status_known"), INSTANCE_STATUSES)
    with op.batch_alter_table("jobs") as table:
        table.add_column(sa.Column("answer", sa.LargeBinary(), nullable=True))
        table.drop_constraint(op.f("ck_jobs_status_known"), type_="check")
        table.create_check_constraint(op.f("ck_jobs_status_known"), JOB_STATUSES)
    with op.batch_alter_table("user_tasks") as table:
        table.add_column(sa.Column("ended_because", sa.Text(), nullable=True))
        table.add_column(sa.Column("sent_back", sa.LargeBinary(), nullable=True))
    _incidents()
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
    for name, columns in ENCODED.items():
        _encode(name, columns)


def _incidents() -> None:
    with op.batch_alter_table("incidents") as table:
        table.add_column(sa.Column("task_id", sa.String(length=36), nullable=True))
        table.add_column(sa.Column("kind", sa.String(length=12), nullable=True))
    op.execute(
        "UPDATE incidents SET kind = CASE WHEN job_id IS NOT NULL THEN 'job' WHEN event_id IS NOT NULL THEN 'event' "
        "ELSE 'timer' END"
    )
    with op.batch_alter_table("incidents") as table:
        table.alter_column("kind", existing_type=sa.String(length=12), nullable=False)
        table.create_foreign_key(op.f("fk_incidents_task_id"), "user_tasks", ["task_id"], ["id"])
        table.create_check_constraint(op.f("ck_incidents_kind_known"), KINDS)
        table.create_index(op.f("ix_incidents_task_id"), ["task_id"], unique=False)


def _encode(name: str, columns: tuple[str, ...]) -> None:
    """JSON becomes bytes: the form for "as it is" and then the text."""
    if op.get_bind().dialect.name == "postgresql":
        for column in columns:
            using = f"decode('01', 'hex') || convert_to({column}::text, 'UTF8')"
            op.alter_column(name, column, type_=sa.LargeBinary(), postgresql_using=using)
        return
    known = CHECKS.get(name)
    checks = (sa.CheckConstraint(known, name=op.f(f"ck_{name}_status_known")),) if known else ()
    with op.batch_alter_table(name, table_args=checks) as table:
        for column in columns:
            table.alter_column(column, type_=sa.LargeBinary())
    for column in columns:
        op.execute(f"UPDATE {name} SET {column} = CAST(char(1) || {column} AS BLOB) WHERE {column} IS NOT NULL")
