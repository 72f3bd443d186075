"""A user task with everything that is asked about it, in one statement. Other queries about tasks are in `tasks.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import undefer

from service.store.cases import CaseRow, InvolvementRow
from service.store.instances import InstanceRow
from service.store.surroundings import note_version, version_now
from service.store.tables import db
from service.store.tasks import TaskRow


@dataclass(frozen=True, slots=True)
class Found:
    """A user task, its instance and its case, fresh from the database."""

    task: TaskRow
    instance: InstanceRow
    case: CaseRow
    involved: bool
    """Whether whoever asks has an open involvement in the case."""


def find_with_case(task_id: str, person_id: str, *, lock: bool = False) -> Found | None:
    """A user task to look at, or to act on: then its instance, itself and its case are locked, in this order.

    All three rows, although nobody changes a task without its instance's lock: PostgreSQL gives whoever had to wait the
    newest of the rows that it locks, and the others as they were before it waited.
    """
    row = db.session.execute(_query(lock), {"task_id": task_id, "person_id": person_id}).one_or_none()
    if row is None:
        return None
    task, instance, case, is_involved, version = row
    note_version(version)
    return Found(task, instance, case, is_involved)


@cache
def _query(lock: bool) -> Select[TaskRow, InstanceRow, CaseRow, bool, str]:
    """Made once: making it anew takes as long as sending it."""
    involved = exists().where(
        InvolvementRow.case_reference == TaskRow.case_reference,
        InvolvementRow.person_id == bindparam("person_id"),
        InvolvementRow.ended_on.is_(None),
    )
    query = (
        select(TaskRow, InstanceRow, CaseRow, involved, version_now())
        .join(InstanceRow, InstanceRow.id == TaskRow.instance_id)
        .join(CaseRow, CaseRow.reference == TaskRow.case_reference)
        .where(TaskRow.id == bindparam("task_id"))
        .execution_options(populate_existing=True)
    )
    if not lock:
        return query
    # Not the key: rows of others may go on pointing at the case while it is locked.
    rows = (InstanceRow, TaskRow, CaseRow)
    return query.options(undefer(InstanceRow.state)).with_for_update(of=rows, key_share=True)
