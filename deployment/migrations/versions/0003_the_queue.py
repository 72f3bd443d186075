"""The queue has entries of its own, for open user tasks only; the words of a case are kept to find it by.

What the words are is written here once more: a migration stays as it was, whatever the service learns to find later.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0004"

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
MANY = 1_000

OPEN = """
    SELECT t.id, t.name, t.claimed_by, t.opened_at, t.due_at, t.priority, t.candidates, t.case_reference,
           i.name AS pathway, c.owning_team_id
    FROM user_tasks t
    JOIN process_instances i ON i.id = t.instance_id
    JOIN cases c ON c.reference = t.case_reference
    WHERE t.status = 'open'
"""


def upgrade() -> None:
    """Go forward."""
    connection = op.get_bind()
    entries, words = _entries_table(), _words_table()
    _fill(words, _words(connection))
    _fill(entries, _entries(connection))
    for name, *columns in (
        ("opened", "key", "free", "opened_at", "tie"),
        ("due", "key", "free", "due_at", "tie"),
        ("rank", "key", "free", "rank", "opened_at", "tie"),
        ("team_opened", "key", "team_id", "opened_at", "tie"),
        ("team_due", "key", "team_id", "due_at", "tie"),
        ("team_rank", "key", "team_id", "rank", "opened_at", "tie"),
        ("kind", "kind", "key"),
        ("case", "case_reference", "key"),
    ):
        op.create_index(f"ix_queue_entries_{name}", "queue_entries", columns)
    claimed = sa.text("claimed_by IS NOT NULL")
    op.create_index(
        "ix_queue_entries_claimed",
        "queue_entries",
        ["claimed_by", "key"],
        sqlite_where=claimed,
        postgresql_where=claimed,
    )
    op.create_index("ix_case_words_word", "case_words", ["word", "case_reference"])
    op.create_index("ix_involvements_person_id", "involvements", ["person_id"])
    op.drop_index("ix_user_tasks_queue", "user_tasks")
    op.drop_index("ix_user_tasks_claimed_by", "user_tasks")
    op.drop_table("user_task_candidates")


def _entries_table() -> sa.Table:
    instant = sa.DateTime(timezone=True)
    return op.create_table(
        "queue_entries",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("team_id", sa.String(length=80), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("kind", _sorted(400), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("tie", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["user_tasks.id"], name=op.f("fk_queue_entries_task_id")),
        sa.PrimaryKeyConstraint("task_id", "key", name=op.f("pk_queue_entries")),
    )


def _words_table() -> sa.Table:
    return op.create_table(
        "case_words",
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("word", _sorted(60), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_case_words_case_reference")),
        sa.PrimaryKeyConstraint("case_reference", "word", name=op.f("pk_case_words")),
    )


def _sorted(length: int) -> sa.types.TypeEngine[str]:
    """A text that both databases sort by code points."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _fill(table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == MANY:
            op.bulk_insert(table, waiting)
            waiting = []
    op.bulk_insert(table, waiting)


def _words(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    for reference, label in connection.execute(sa.text("SELECT reference, label FROM cases")).all():
        yield from ({"case_reference": reference, "word": word} for word in _kept(f"{reference} {label}"))


def _entries(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    levels = dict(iter(connection.execute(sa.text("SELECT id, level FROM posts"))))
    found = sa.text(OPEN).columns(opened_at=sa.DateTime(timezone=True), due_at=sa.DateTime(timezone=True))
    for row in connection.execute(found).all():
        candidates = json.loads(row.candidates) if isinstance(row.candidates, str) else row.candidates
        asked = sorted({_level(key, levels) for key in candidates} - {""})
        for key in ("*", *(f"{level}@*" for level in asked), *candidates):
            yield {
                "task_id": row.id,
                "key": key,
                "team_id": row.owning_team_id,
                "case_reference": row.case_reference,
                "kind": " ".join(_kept(f"{row.name} {row.pathway}"))[:400],
                "free": row.claimed_by is None,
                "claimed_by": row.claimed_by,
                "opened_at": row.opened_at,
                "due_at": row.due_at or NEVER.replace(tzinfo=row.opened_at.tzinfo),
                "rank": -row.priority,
                "tie": int.from_bytes(hashlib.sha256(row.id.encode()).digest()[:8]) >> 1,
            }


def _level(key: str, levels: dict[str, str]) -> str:
    if key.startswith("post:"):
        return levels.get(key.removeprefix("post:"), "")
    level, separator, _ = key.partition("@")
    return level if separator else ""


def _kept(text: str) -> list[str]:
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    words = (re.sub(r"^\W+|\W+$", "", word)[:60] for word in bare.replace("\x00", " ").split())
    both = (part for word in words if word for part in (word, *re.split(r"[\W_]+", word)) if part)
    return list(dict.fromkeys(both))
