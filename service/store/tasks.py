"""User tasks, who may take them, what was answered. They follow the engine's outcome; nobody updates one by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, delete, exists, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Base, UtcDateTime, db


class TaskRow(Base):
    """A user task from the moment it opened."""

    __tablename__ = "user_tasks"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'completed', 'cancelled')", name="status_known"),
        Index("ix_user_tasks_queue", "status", "opened_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"), index=True)
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    element_id: Mapped[str] = mapped_column(String(200))
    process_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300))
    form_id: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12), default="open")
    assignee_id: Mapped[str | None] = mapped_column(String(80))
    claimed_by: Mapped[str | None] = mapped_column(String(80), index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    priority: Mapped[int] = mapped_column(default=50)
    properties: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    variables: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    excluded: Mapped[list[str]] = mapped_column(JSON, default=list)
    """People who may not do it because of what they did before (requirements §4.3)."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(200))


class CandidateRow(Base):
    """Whom a user task waits for: a person, a post, or a level somewhere, resolved to people only when read."""

    __tablename__ = "user_task_candidates"

    task_id: Mapped[str] = mapped_column(ForeignKey("user_tasks.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    words: Mapped[str] = mapped_column(String(400))
    """Why whoever holds the key is asked, in words."""


class ContributorRow(Base):
    """Somebody who wrote, edited or submitted the answers of a task: they may not sign it (SOD-1)."""

    __tablename__ = "user_task_contributors"

    task_id: Mapped[str] = mapped_column(ForeignKey("user_tasks.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(80), primary_key=True)


class DraftRow(Base):
    """Answers that were saved and not sent."""

    __tablename__ = "drafts"

    task_id: Mapped[str] = mapped_column(ForeignKey("user_tasks.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[str] = mapped_column(String(80))


class AnswersRow(Base):
    """Answers as they were accepted. Never changed."""

    __tablename__ = "answers"

    task_id: Mapped[str] = mapped_column(ForeignKey("user_tasks.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    given_by: Mapped[str] = mapped_column(String(80))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
            select(TaskRow)
            .where(TaskRow.case_reference == reference, TaskRow.status == "open")
            .order_by(TaskRow.opened_at, TaskRow.id)
        )
    )


def queue_of(keys: Iterable[str], person_id: str, after: tuple[datetime, str] | None, limit: int) -> list[TaskRow]:
    """Open user tasks for any of these keys or claimed by the person: the oldest first, after a cursor."""
    query = select(TaskRow).where(_in_queue(keys, person_id))
    if after is not None:
        opened_at, task_id = after
        query = query.where(
            or_(TaskRow.opened_at > opened_at, (TaskRow.opened_at == opened_at) & (TaskRow.id > task_id))
        )
    return list(db.session.scalars(query.order_by(TaskRow.opened_at, TaskRow.id).limit(limit)))


def count_queue(keys: Iterable[str], person_id: str) -> int:
    """How many open user tasks are in that queue."""
    return db.session.scalar(select(func.count()).select_from(TaskRow).where(_in_queue(keys, person_id))) or 0


def _in_queue(keys: Iterable[str], person_id: str) -> Any:
    waits_for_them = exists().where(CandidateRow.task_id == TaskRow.id, CandidateRow.key.in_(list(keys)))
    return (TaskRow.status == "open") & or_(
        TaskRow.claimed_by == person_id, TaskRow.claimed_by.is_(None) & waits_for_them
    )


def candidates_of(task_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Task id to its candidate keys and their words."""
    found: dict[str, dict[str, str]] = {}
    for row in db.session.scalars(select(CandidateRow).where(CandidateRow.task_id.in_(list(task_ids)))):
        found.setdefault(row.task_id, {})[row.key] = row.words
    return found


def open_task_keys(references: Iterable[str]) -> dict[str, frozenset[str]]:
    """Case reference to the candidate keys that its open user tasks wait for."""
    found: dict[str, set[str]] = {}
    rows = db.session.execute(
        select(TaskRow.case_reference, CandidateRow.key)
        .join(CandidateRow, CandidateRow.task_id == TaskRow.id)
        .where(TaskRow.status == "open", TaskRow.case_reference.in_(list(references)))
    )
    for reference, key in rows:
        found.setdefault(reference, set()).add(key)
    return {reference: frozenset(keys) for reference, keys in found.items()}


def contributors_of(instance_id: str, element_ids: Iterable[str]) -> set[str]:
    """Everybody who wrote, edited or submitted any of these elements in this instance, in any round."""
    return set(
        db.session.scalars(
            select(ContributorRow.person_id)
            .join(TaskRow, TaskRow.id == ContributorRow.task_id)
            .where(TaskRow.instance_id == instance_id, TaskRow.element_id.in_(list(element_ids)))
        )
    )


def add_contributor(task_id: str, person_id: str) -> None:
    """Remember that this person had a hand in the task's answers."""
    if db.session.get(ContributorRow, (task_id, person_id)) is None:
        db.session.add(ContributorRow(task_id=task_id, person_id=person_id))
        db.session.flush()


def find_draft(task_id: str) -> DraftRow | None:
    """The draft of a user task, fresh from the database."""
    return db.session.get(DraftRow, task_id, populate_existing=True)


def delete_draft(task_id: str) -> None:
    """Forget the draft: its answers were accepted or its task is gone."""
    db.session.execute(delete(DraftRow).where(DraftRow.task_id == task_id))


def latest_answers(instance_id: str, element_id: str) -> AnswersRow | None:
    """What was answered the last time this element was completed in this instance."""
    return db.session.scalar(
        select(AnswersRow)
        .join(TaskRow, TaskRow.id == AnswersRow.task_id)
        .where(TaskRow.instance_id == instance_id, TaskRow.element_id == element_id)
        .order_by(AnswersRow.given_at.desc(), AnswersRow.task_id)
        .limit(1)
    )


def answered_before(instance_id: str) -> list[tuple[TaskRow, AnswersRow]]:
    """What was answered in an instance, the last round of each element, in order."""
    rows = db.session.execute(
        select(TaskRow, AnswersRow)
        .join(AnswersRow, AnswersRow.task_id == TaskRow.id)
        .where(TaskRow.instance_id == instance_id)
        .order_by(AnswersRow.given_at, TaskRow.id)
    )
    latest = {task.element_id: (task, answers) for task, answers in rows}
    return list(latest.values())


def overrides_of(task_id: str) -> list[OverrideRow]:
    """What was allowed for this user task, one row a rule."""
    return list(db.session.scalars(select(OverrideRow).where(OverrideRow.task_id == task_id)))


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
