"""The entries of the queue stand in lists, each known by a number, and are found by these.

How a number is made is written here once more: a migration stays as it was.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0009"

MANY = 2_000
TABLE = "queue_entries"
LISTS = ("key_list", "team_list", "day_list", "kind_list")
KEPT = ("task_id", "key", "team_id", "case_reference", "kind", "free", "claimed_by", "opened_at", "due_at", "rank",
        "tie")  # fmt: skip
DROPPED = ("opened", "due", "rank", "team_opened", "team_due", "team_rank", "kind", "case", "claimed")
INDEXES: dict[str, list[str]] = {
    "opened": ["key_list", "opened_at", "tie"],
    "due": ["key_list", "due_at", "tie"],
    "rank": ["key_list", "rank", "opened_at", "tie"],
    "team_opened": ["team_list", "opened_at", "tie"],
    "team_due": ["team_list", "due_at", "tie"],
    "team_rank": ["team_list", "rank", "opened_at", "tie"],
    "day": ["day_list", "opened_at", "tie"],
    "kind_opened": ["kind_list", "opened_at", "tie"],
    "kind": ["kind"],
    "case": ["case_reference", "key"],
}


def upgrade() -> None:
    """Go forward."""
    connection = op.get_bind()
    for name in DROPPED:
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
    op.execute(sa.text(f"CREATE TABLE {TABLE}_before AS SELECT {', '.join(KEPT)} FROM {TABLE}"))
    op.drop_table(TABLE)
    entries = _table()
    before = sa.table(f"{TABLE}_before", *(sa.column(name, entries.c[name].type) for name in KEPT))
    op.create_index(f"ix_{TABLE}_before", f"{TABLE}_before", ["task_id", "key"])
    last: tuple[str, str] = ("", "")
    while rows := _next(connection, before, last):
        op.bulk_insert(entries, [{**row, **_lists(row)} for row in rows])
        last = rows[-1]["task_id"], rows[-1]["key"]
    op.drop_table(f"{TABLE}_before")
    for name, columns in INDEXES.items():
        op.create_index(f"ix_{TABLE}_{name}", TABLE, columns)
    claimed = sa.text("claimed_by IS NOT NULL")
    op.create_index(f"ix_{TABLE}_claimed", TABLE, ["claimed_by", "key"], sqlite_where=claimed, postgresql_where=claimed)


def _table() -> sa.Table:
    instant = sa.DateTime(timezone=True)
    return op.create_table(
        TABLE,
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("team_id", sa.String(length=80), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql"), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("tie", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in LISTS),
        sa.ForeignKeyConstraint(["task_id"], ["user_tasks.id"], name=op.f("fk_queue_entries_task_id")),
        sa.PrimaryKeyConstraint("task_id", "key", name=op.f("pk_queue_entries")),
    )


def _next(connection: sa.Connection, before: sa.TableClause, last: tuple[str, str]) -> list[dict[str, Any]]:
    behind = sa.tuple_(before.c.task_id, before.c.key) > sa.tuple_(*(sa.literal(value) for value in last))
    query = sa.select(before).where(behind).order_by(before.c.task_id, before.c.key).limit(MANY)
    return [dict(row._mapping) for row in connection.execute(query)]


def _lists(row: dict[str, Any]) -> dict[str, int]:
    key, due = row["key"], row["due_at"]
    day = int((due if due.tzinfo else due.replace(tzinfo=UTC)).timestamp() // 86_400)
    named = ((key,), (key, "team", row["team_id"]), (key, "day", str(day)), (key, "kind", row["kind"]))
    free = 1 if row["free"] else 0
    return {name: _number(parts) | free for name, parts in zip(LISTS, named, strict=True)}


@lru_cache(maxsize=100_000)
def _number(named: tuple[str, ...]) -> int:
    return int.from_bytes(hashlib.sha256("\x00".join(named).encode()).digest()[:8]) >> 1 & ~1
