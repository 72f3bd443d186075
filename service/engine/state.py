"""An instance as bytes and back. Specifications are not in it, and of the past only what a waiting token stands on.

    {"v": 1, "p": process id, "i": {scope key, variables, tasks, inner instances by the id of their task}}

A task is [id, id of its parent or null, name of its spec, state, internal data or absent]. Kept are the root, every
open task and its parent: joins, attachments and event-based gateways ask for nothing further up, so everything else
that has ended is left out. A review loop therefore costs the same on its two-hundredth turn as on its second.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.domain.errors import ModelError
from service.engine.instance import Instance
from service.engine.spiff import OPEN, SpiffTask, SpiffWorkflow
from service.engine.turn import Turn

VERSION = 1


def save(instance: Instance) -> bytes:
    """The instance as bytes. Raises ModelError when its variables are no JSON that can be kept."""
    try:
        return orjson.dumps({"v": VERSION, "p": instance.process_id, "i": _workflow_to_json(instance)})
    except TypeError as error:  # half a character, a number of more than 64 bits, lists in lists without end
        raise ModelError(f"The variables of the process cannot be kept: {error}.") from error


def load(state: bytes, specs: Any, turn: Turn) -> Instance:
    """The instance these bytes hold. Raises ModelError when the diagrams are not those it was saved with."""
    kept = orjson.loads(state)
    if kept.get("v") != VERSION:
        raise ModelError(f"The state is of version {kept.get('v')}; this Towpath reads version {VERSION}.")
    spec = specs.get(kept["p"])
    if spec is None:
        raise ModelError(f"The process “{kept['p']}” is not in this release.")
    instance = Instance(spec, specs, turn, deserializing=True)
    _fill(instance, kept["i"], instance)
    return instance


def _workflow_to_json(workflow: SpiffWorkflow) -> dict[str, Any]:
    kept = _kept(workflow)
    inner = {
        str(task.id): _workflow_to_json(found)
        for task in kept.values()
        if task.has_state(OPEN) and (found := workflow.top_workflow.subprocesses.get(task.id)) is not None
    }
    key = workflow.spec.name.removeprefix("#")
    json: dict[str, Any] = {"s": key, "d": workflow.data, "t": [_task_to_json(task, kept) for task in kept.values()]}
    if inner:
        json["n"] = inner
    return json


def _kept(workflow: SpiffWorkflow) -> dict[UUID, SpiffTask]:
    needed = {workflow.task_tree.id}
    for task in workflow.tasks.values():
        if task.has_state(OPEN):
            needed.update({task.id, task.parent.id})
    return {task_id: task for task_id, task in workflow.tasks.items() if task_id in needed}


def _task_to_json(task: SpiffTask, kept: dict[UUID, SpiffTask]) -> list[Any]:
    root = task.workflow.task_tree
    parent = None if task is root else str((task.parent if task.parent.id in kept else root).id)
    row: list[Any] = [str(task.id), parent, task.task_spec.name, task.state]
    if task.internal_data and (task.has_state(OPEN) or task is root):
        row.append(task.internal_data)
    return row


def _fill(workflow: SpiffWorkflow, json: dict[str, Any], instance: Instance) -> None:
    workflow.data = json["d"]
    for task_id, parent_id, name, task_state, *internal in json["t"]:
        spec = workflow.spec.task_specs.get(name)
        if spec is None:
            raise ModelError(f"The element “{name}” is not in the process “{json['s']}” of this release.")
        parent = None if parent_id is None else workflow.tasks[UUID(parent_id)]
        task = Task(workflow, spec, parent, state=task_state, id=UUID(task_id))
        task.internal_data = internal[0] if internal else {}
        if parent is None:
            workflow.task_tree = task
    for task in list(workflow.tasks.values()):
        if task.has_state(OPEN):  # SpiffWorkflow's own end of a workflow needs what comes after it
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    for holder_id, inner_json in json.get("n", {}).items():
        _fill_inner(workflow.tasks[UUID(holder_id)], inner_json, instance)


def _fill_inner(holder: SpiffTask, json: dict[str, Any], instance: Instance) -> None:
    spec = instance.subprocess_specs.get(json["s"])
    if spec is None or not hasattr(holder.task_spec, "inner_completed"):
        raise ModelError(f"The process “{json['s']}” is not in this release.")
    inner = BpmnSubWorkflow(spec, holder.id, instance, deserializing=True)
    instance.subprocesses[holder.id] = inner
    inner.completed_event.connect(holder.task_spec.inner_completed, holder)
    _fill(inner, json, instance)
