"""Indexes that what has ended is not in: they are for open user tasks, instances that go on, events that are held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0005"


def upgrade() -> None:
    """Go forward."""
    op.drop_index("ix_user_tasks_case_reference", "user_tasks")
    _index("ix_user_tasks_case", "user_tasks", ["case_reference"], "status = 'open'")
    op.drop_index("ix_process_instances_due", "process_instances")
    _index("ix_process_instances_due", "process_instances", ["wake_at"], "status = 'running' AND wake_at IS NOT NULL")
    kin = ["release_number", "process_id", "state_version"]
    _index("ix_process_instances_kin", "process_instances", kin, "status IN ('running', 'suspended')")
    op.drop_index("ix_case_events_case_reference", "case_events")
    _index("ix_case_events_held", "case_events", ["type"], "status = 'held'")
    op.drop_index("ix_history_instance_id", "history")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
