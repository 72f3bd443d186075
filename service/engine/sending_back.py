"""Sending a user task back to an earlier element. Where a diagram lets it be sent is in `send_back_checks.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.domain.errors import Conflict
from service.engine.drawn import EventSubProcessDetail
from service.engine.spiff import SpiffTask, body_of, waiting_siblings
from service.engine.variables import propagate


def send_back(task: SpiffTask, to_element_id: str, variables: Mapping[str, Any]) -> None:
    """Cancel the task with its boundary events and open the element anew; what runs beside them is left alone.

    From inside an embedded sub-process to an element around it the whole sub-process is cancelled. Raises Conflict when
    the element is in another scope, or when what would have to be cancelled is one repetition of several.
    """
    leaving = task
    while True:
        if body_of(leaving) is not None:
            label = leaving.task_spec.element.label
            raise Conflict(f"{label} is one repetition of several, so it cannot be sent back by itself.")
        workflow = leaving.workflow
        entrance = workflow.spec.entrances.get(to_element_id)
        if entrance is not None:
            break
        leaving = _holder(leaving, to_element_id)
    propagate(task, variables)
    for event in waiting_siblings(leaving):
        event.cancel()
    leaving.cancel()
    entrance._update(workflow.task_tree._add_child(entrance, TaskState.FUTURE))


def _holder(task: SpiffTask, to_element_id: str) -> SpiffTask:
    holder_id = task.workflow.parent_task_id
    holder = None if holder_id is None else task.workflow.top_workflow.get_task_from_id(holder_id)
    if holder is None or not holder.task_spec.scope_holder or _begun_by_event(holder):
        raise Conflict(f"“{to_element_id}” is not where this user task can be sent back to: it is in another scope.")
    return holder


def _begun_by_event(holder: SpiffTask) -> bool:
    """Whether this is an event sub-process: it stands beside the flow, so nothing around it comes before it."""
    return isinstance(holder.task_spec.element.detail, EventSubProcessDetail)
