"""The entries by which open user tasks are found, and how they follow the tasks. Asking for a page is in `waiting.py`.

A task that waits for somebody has one entry for each candidate key, never one for each person who holds it; one for
each level that is asked, in whichever place; and one under ANYBODY. An entry repeats what a queue is sorted and
narrowed by, so that a page is read from one index, in order, from where the last one ended. When the task ends its
entries go: the cost of a queue does not grow with what was done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    bindparam,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.cases import CaseRow
from service.store.lists import FREE, list_number, lists_of
from service.store.tables import Base, UtcDateTime, db
from service.store.tasks import TaskRow
from service.store.words import KIND, kind_of
from service.store.writing import follows_writes

ANYBODY = "*"
"""The key of the one entry that every open task has: for those who see it whomever it waits for."""
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When a task without a deadline is due: after all others."""
LISTS = ("key_list", "team_list", "day_list", "kind_list")

Kind = String(KIND).with_variant(String(KIND, collation="C"), "postgresql")


class EntryRow(Base):
    """One way to find one open user task."""

    __tablename__ = "queue_entries"
    __table_args__ = (
        Index("ix_queue_entries_opened", "key_list", "opened_at", "tie"),
        Index("ix_queue_entries_due", "key_list", "due_at", "tie"),
        Index("ix_queue_entries_rank", "key_list", "rank", "opened_at", "tie"),
        Index("ix_queue_entries_team_opened", "team_list", "opened_at", "tie"),
        Index("ix_queue_entries_team_due", "team_list", "due_at", "tie"),
        Index("ix_queue_entries_team_rank", "team_list", "rank", "opened_at", "tie"),
        Index("ix_queue_entries_day", "day_list", "opened_at", "tie"),
        Index("ix_queue_entries_kind_opened", "kind_list", "opened_at", "tie"),
        Index("ix_queue_entries_kind", "kind"),
        Index("ix_queue_entries_case", "case_reference", "key"),
        Index(
            "ix_queue_entries_claimed",
            "claimed_by",
            "key",
            sqlite_where=text("claimed_by IS NOT NULL"),
            postgresql_where=text("claimed_by IS NOT NULL"),
        ),
    )

    task_id: Mapped[str] = mapped_column(ForeignKey("user_tasks.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    team_id: Mapped[str] = mapped_column(String(80))
    """The team that owns the case now."""
    case_reference: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(Kind)
    """The words of the task's name and its pathway's."""
    free: Mapped[bool]
    """Nobody has claimed it."""
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """NEVER for a task without a deadline."""
    rank: Mapped[int]
    """The priority, turned round: what is more urgent comes first."""
    tie: Mapped[int] = mapped_column(BigInteger)
    """Made of the task's id, and as good as unique: puts in order what is otherwise alike, in a quarter of the room."""
    key_list: Mapped[int] = mapped_column(BigInteger)
    """The lists that it stands in, claimed or not, each by its number: of all that wait for the key;"""
    team_list: Mapped[int] = mapped_column(BigInteger)
    """of those of one team;"""
    day_list: Mapped[int] = mapped_column(BigInteger)
    """of those that are due on one day;"""
    kind_list: Mapped[int] = mapped_column(BigInteger)
    """of those of one kind."""


ENTERING = "queue entries"
"""Where a session keeps the entries of tasks that it has not written yet."""


def enter_tasks(tasks: Iterable[TaskRow], *, pathway: str, team_id: str, level_of: Callable[[str], str]) -> None:
    """Put new tasks of one instance into the queue; `level_of` gives a candidate key's level.

    Entries point at their tasks: those of a task that is not written yet are written right behind it.
    """
    waiting = db.session.info.setdefault(ENTERING, [])
    for task in tasks:
        entries = list(_entries(task, pathway, team_id, level_of))
        if inspect(task).persistent:
            db.session.connection().execute(_ENTERED, entries)
        else:
            waiting.extend(entries)


def key_of_level(level: str) -> str:
    """The key of the entry of every open task that waits for a level, in whichever place."""
    return f"{level}@{ANYBODY}"


def tie_of(task_id: str) -> int:
    """What breaks a tie between tasks: 63 bits that follow from the id."""
    return int.from_bytes(hashlib.sha256(task_id.encode()).digest()[:8]) >> 1


def enter_again(tasks: Iterable[TaskRow], *, pathway: str, team_id: str, level_of: Callable[[str], str]) -> None:
    """Put open tasks that say something else now into the queue as they are, or that are open again."""
    changed = list(tasks)
    db.session.flush()
    if changed:
        connection = db.session.connection()
        connection.execute(_REMOVED, {"tasks": [task.id for task in changed]})
        connection.execute(_ENTERED, [row for task in changed for row in _entries(task, pathway, team_id, level_of)])


def _entries(task: TaskRow, pathway: str, team_id: str, level_of: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    levels = sorted({level_of(key) for key in task.candidates} - {""})
    kind, due_at, free = kind_of(task.name, pathway), task.due_at or NEVER, task.claimed_by is None
    for key in (ANYBODY, *(key_of_level(level) for level in levels), *task.candidates):
        yield {
            "task_id": task.id,
            "key": key,
            "team_id": team_id,
            "case_reference": task.case_reference,
            "kind": kind,
            "free": free,
            "claimed_by": task.claimed_by,
            "opened_at": task.opened_at,
            "due_at": due_at,
            "rank": -task.priority,
            "tie": tie_of(task.id),
            **lists_of(key, team_id=team_id, due_at=due_at, kind=kind, free=free),
        }


_ENTRIES = cast(Table, EntryRow.__table__)
_ENTERED = insert(_ENTRIES)
_REMOVED = delete(_ENTRIES).where(_ENTRIES.c.task_id.in_(bindparam("tasks", expanding=True)))
# Made once, and the table's, not the class's: nobody holds an entry as an object that would have to be kept in step.


@follows_writes
def _follow(session: Session, connection: Connection) -> None:
    """The entries follow what was written, whoever wrote it: tasks that opened, ended or changed hands, cases."""
    ended = []
    for row in session.dirty:
        if isinstance(row, TaskRow):
            attributes = inspect(row).attrs
            if attributes.status.history.has_changes() and row.status != "open":
                ended.append(row.id)
            elif attributes.claimed_by.history.has_changes():
                _hand_over(connection, row)
        elif isinstance(row, CaseRow) and inspect(row).attrs.owning_team_id.history.has_changes():
            _move(connection, row)
    if ended:
        connection.execute(_REMOVED, {"tasks": ended})
    entering = session.info.pop(ENTERING, None)
    if entering:
        connection.execute(_ENTERED, entering)


def _hand_over(connection: Connection, task: TaskRow) -> None:
    free = task.claimed_by is None
    lists = {name: _with_free(_ENTRIES.c[name], free) for name in LISTS}
    claimed = {"claimed_by": task.claimed_by, "free": free, **lists}
    connection.execute(update(_ENTRIES).where(_ENTRIES.c.task_id == task.id).values(claimed))


def _move(connection: Connection, case: CaseRow) -> None:
    # That this asks and waits for the answer harms nobody: cases have listeners, so it is the mapper that writes them.
    of_case = _ENTRIES.c.case_reference == case.reference
    asked = select(_ENTRIES.c.key, _ENTRIES.c.free).where(of_case).distinct()
    for key, free in connection.execute(asked).all():
        number = list_number(key, "team", case.owning_team_id, free=free)
        moved = {"team_id": case.owning_team_id, "team_list": number}
        alike = update(_ENTRIES).where(of_case, _ENTRIES.c.key == key, _ENTRIES.c.free == free)
        connection.execute(alike.values(moved))


def _with_free(column: Any, free: bool) -> Any:
    return column.bitwise_or(FREE) if free else column.bitwise_and(~FREE)
