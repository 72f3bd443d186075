"""What was planned to move to another release, and what became of each instance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0007"


def upgrade() -> None:
    """Go forward."""
    op.add_column("process_instances", sa.Column("renamed", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "migrations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("from_releases", sa.JSON(), nullable=False),
        sa.Column("to_release", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.String(length=200), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("accept_loss", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'running', 'done', 'reversed')", name=op.f("ck_migrations_status_known")
        ),
        sa.ForeignKeyConstraint(["to_release"], ["releases.number"], name=op.f("fk_migrations_to_release")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migrations")),
    )
    op.create_table(
        "migrated_instances",
        sa.Column("migration_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("lost", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("because", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("kept", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'moves', 'would-lose', 'cannot', 'moved', 'gone', 'reversed', 'touched')",
            name=op.f("ck_migrated_instances_status_known"),
        ),
        sa.ForeignKeyConstraint(["migration_id"], ["migrations.id"], name=op.f("fk_migrated_instances_migration_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instances.id"], name=op.f("fk_migrated_instances_instance_id")
        ),
        sa.PrimaryKeyConstraint("migration_id", "instance_id", name=op.f("pk_migrated_instances")),
    )
    op.create_index(op.f("ix_migrated_instances_instance_id"), "migrated_instances", ["instance_id"], unique=False)
