"""User tasks, who may take them, what was answered. They follow the engine's outcome; nobody updates one by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    delete,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.store.codec import EncodedJson
from service.store.instances import InstanceRow, also_called
from service.store.tables import Base, Lasting, UtcDateTime, db

OPEN = text("status = 'open'")


class TaskRow(Lasting, Base):
    """A user task from the moment it opened."""

    __tablename__ = "user_tasks"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'completed', 'cancelled')", name="status_known"),
        Index("ix_user_tasks_case", "case_reference", postgresql_where=OPEN, sqlite_where=OPEN),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"), index=True)
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"))
    element_id: Mapped[str] = mapped_column(String(200))
    process_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300))
    form_id: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12), default="open")
    assignee_id: Mapped[str | None] = mapped_column(String(80))
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    priority: Mapped[int] = mapped_column(default=50)
    properties: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    variables: Mapped[dict[str, Any]] = mapped_column(EncodedJson, default=dict)
    excluded: Mapped[list[str]] = mapped_column(JSON, default=list)
    """People who may not do it because of what they did before (requirements §4.3)."""
    candidates: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Whom it waits for, for ever: each candidate key, and in words why whoever holds it is asked."""
    contributors: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Everybody who wrote, edited or submitted its answers, in order: they may not sign it (SOD-1)."""
    draft_version: Mapped[int] = mapped_column(default=0)
    """Of its draft; 0 when none was ever saved. Whoever has locked the instance need not read the draft for it."""
    answers: Mapped[dict[str, Any] | None] = mapped_column(EncodedJson)
    """As they were accepted, by whoever ended it; null until then. Never changed."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(200))
    ended_because: Mapped[str | None] = mapped_column(Text)
    """What ended one that nobody completed, in words: "by the timer “Too late”"."""
    sent_back: Mapped[dict[str, Any] | None] = mapped_column(EncodedJson)
    """When a later user task was sent back to this one: `by` (a name), `at`, `because`, `from` (that task's name)."""


IS_OPEN = TaskRow.status == literal_column("'open'")
"""As a literal and no parameter, so that the partial index serves a prepared statement too."""


class DraftRow(Base):
    """Answers that were saved and not sent."""

    __tablename__ = "drafts"

    task_id: Mapped[str] = mapped_column(ForeignKey("user_tasks.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(EncodedJson)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[str] = mapped_column(String(80))


class OverrideRow(Base):
    """What a named level allowed of a soft rule, with a written reason (requirements §1.6). Holds for one user task."""

    __tablename__ = "overrides"

    task_id: Mapped[str] = mapped_column(ForeignKey("user_tasks.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(80), primary_key=True)
    allowed: Mapped[list[str]] = mapped_column(JSON)
    """The refusals as they were read when they were allowed; another one of the same rule still refuses."""
    reason: Mapped[str] = mapped_column(Text)
    """Of the last time, as is what follows; the history keeps every time."""
    allowed_by: Mapped[str] = mapped_column(String(80))
    allowed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def find_task(task_id: str) -> TaskRow | None:
    """A user task by id, fresh from the database."""
    return db.session.get(TaskRow, task_id, populate_existing=True)


def find_tasks(task_ids: Iterable[str]) -> list[TaskRow]:
    """User tasks by id, in the order they opened."""
    wanted = list(task_ids)
    if not wanted:
        return []
    query = select(TaskRow).where(TaskRow.id.in_(wanted)).order_by(TaskRow.opened_at, TaskRow.id)
    return list(db.session.scalars(query))


def open_tasks_of_instance(instance_id: str) -> list[TaskRow]:
    """The user tasks of an instance that wait for somebody."""
    return list(
        db.session.scalars(
            select(TaskRow)
            .where(TaskRow.instance_id == instance_id, TaskRow.status == "open")
            .order_by(TaskRow.opened_at, TaskRow.id)
        )
    )


def open_tasks_of_case(reference: str) -> list[TaskRow]:
    """Every user task about a case that waits for somebody."""
    return list(
        db.session.scalars(
            select(TaskRow).where(TaskRow.case_reference == reference, IS_OPEN).order_by(TaskRow.opened_at, TaskRow.id)
        )
    )


def open_task_keys(references: Iterable[str]) -> dict[str, frozenset[str]]:
    """Case reference to the candidate keys that its open user tasks wait for."""
    found: dict[str, set[str]] = {}
    rows = db.session.execute(
        select(TaskRow.case_reference, TaskRow.candidates).where(IS_OPEN, TaskRow.case_reference.in_(list(references)))
    )
    for reference, candidates in rows:
        found.setdefault(reference, set()).update(candidates)
    return {reference: frozenset(keys) for reference, keys in found.items()}


def contributors_of(instance: InstanceRow, element_ids: Iterable[str]) -> set[str]:
    """Everybody who wrote, edited or submitted any of these elements in this instance, in any round."""
    elements = list(element_ids)
    if not elements:
        return set()
    rows = db.session.scalars(
        select(TaskRow.contributors).where(
            TaskRow.instance_id == instance.id, TaskRow.element_id.in_(also_called(instance, elements))
        )
    )
    return {person for contributors in rows for person in contributors}


def add_contributor(task: TaskRow, person_id: str) -> None:
    """Remember that this person had a hand in the task's answers."""
    if person_id not in task.contributors:
        task.contributors = [*task.contributors, person_id]


def find_draft(task_id: str) -> DraftRow | None:
    """The draft of a user task, fresh from the database."""
    return db.session.get(DraftRow, task_id, populate_existing=True)


def keep_draft(task: TaskRow, answers: dict[str, Any], *, by: str, at: datetime) -> None:
    """Keep a draft in place of the one before, as the next version; whoever saved it had a hand in the answers."""
    db.session.merge(DraftRow(task_id=task.id, answers=answers, saved_at=at, saved_by=by))
    task.draft_version += 1
    add_contributor(task, by)
    db.session.flush()


def delete_draft(task: TaskRow) -> None:
    """Forget the draft, if there is one: its answers were accepted or its task is gone."""
    if task.draft_version:
        db.session.execute(delete(DraftRow).where(DraftRow.task_id == task.id))
        task.draft_version = 0


def latest_answered(instance: InstanceRow, element_id: str) -> TaskRow | None:
    """The user task with which this element was completed the last time in this instance."""
    return db.session.scalar(
        select(TaskRow)
        .where(TaskRow.instance_id == instance.id, TaskRow.status == "completed")
        .where(TaskRow.element_id.in_(also_called(instance, [element_id])))
        .order_by(TaskRow.ended_at.desc(), TaskRow.id)
        .limit(1)
    )


def answered_before(instance_id: str) -> list[TaskRow]:
    """The user tasks that were completed in an instance, the last round of each element, in order."""
    rows = db.session.scalars(
        select(TaskRow)
        .where(TaskRow.instance_id == instance_id, TaskRow.status == "completed")
        .order_by(TaskRow.ended_at, TaskRow.id)
    )
    return list({task.element_id: task for task in rows}.values())


def overrides_of(task_id: str) -> list[OverrideRow]:
    """What was allowed for this user task, one row a rule."""
    return overrides_of_tasks([task_id]).get(task_id, [])


def overrides_of_tasks(task_ids: Iterable[str]) -> dict[str, list[OverrideRow]]:
    """The same for several user tasks, by id."""
    found: dict[str, list[OverrideRow]] = {}
    for row in db.session.scalars(select(OverrideRow).where(OverrideRow.task_id.in_(list(task_ids)))):
        found.setdefault(row.task_id, []).append(row)
    return found


def overrides_in(instance_id: str) -> list[OverrideRow]:
    """What was allowed in an instance, the oldest first."""
    return list(
        db.session.scalars(
            select(OverrideRow)
            .join(TaskRow, TaskRow.id == OverrideRow.task_id)
            .where(TaskRow.instance_id == instance_id)
            .order_by(OverrideRow.allowed_at, OverrideRow.rule)
        )
    )


def allow(override: OverrideRow) -> None:
    """Add an override to what was allowed of its rule before."""
    before = db.session.get(OverrideRow, (override.task_id, override.rule))
    if before is not None:
        override.allowed = [*before.allowed, *override.allowed]
    db.session.merge(override)
    db.session.flush()
