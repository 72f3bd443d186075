"""A completion that is sent twice: its first result, told again. What somebody else has sent is not told here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.domain.errors import Invalid, ModelError
from service.operations.asked import Asked
from service.operations.views import Completion
from service.store.history import entries_of_instance
from service.store.records import records_of_instance

OPENED = ("Opened: ", "Waiting for the outside world: ")
"""How sentences of the history begin that say what waits now."""


def completed_before(asked: Asked, answers: Mapping[str, Any]) -> Completion | None:
    """What the same person's completion of this user task did, when it was sent with the same answers; else None."""
    task, step = asked.task, asked.step
    if task.status != "completed" or task.ended_by != step.actor.id or not _same(asked, answers):
        return None
    entries = entries_of_instance(step.instance, "TaskCompleted")
    entry = next((row for row in entries if row.details.get("task") == task.id), None)
    if entry is None:
        return None
    followed = [str(sentence) for sentence in entry.details.get("followed", ())]
    records = records_of_instance(step.instance.id)
    return Completion(
        task_id=task.id,
        task_name=task.name,
        case_reference=step.case.reference,
        instance_id=step.instance.id,
        oversight_reference=next((record.reference for record in records if record.task_id == task.id), None),
        next=tuple(said.partition(": ")[2] for said in followed if said.startswith(OPENED)),
        instance_ended=f"{step.instance.name} ended" in followed,
        case_status=step.case.status,
    )


def _same(asked: Asked, answers: Mapping[str, Any]) -> bool:
    """Whether the form would have kept the same. One that cannot be read now was not sent as it was accepted."""
    if dict(answers) == (asked.task.answers or {}):
        return True
    try:
        return asked.read(answers) == (asked.task.answers or {})
    except (Invalid, ModelError):
        return False
