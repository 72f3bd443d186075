"""A scope as SpiffWorkflow gets it: what can begin in it by an event, and how it ends. Its elements are not here."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState

from service.engine.spiff import DrawnSpec, SpiffTask, SpiffWorkflow


class ScopeSpec(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A process or embedded sub-process. The mark keeps the names SpiffWorkflow makes up apart from element ids."""

    def __init__(self, key: str) -> None:
        super().__init__(name=f"#{key}")
        self.before: DrawnSpec | None = None
        """The first listener asked when it begins; set for a process that has some."""
        self.after: DrawnSpec | None = None
        """The first listener asked when it ends."""
        self.handlers: dict[str, Any] = {}
        """Compensation handlers by what they undo."""
        self.activatable: dict[str, Any] = {}
        """In an ad-hoc sub-process what can begin, by element id: its spec, and where a token enters it."""
        self.entrances: dict[str, Any] = {}
        """Where a token enters each activity, by element id."""
        self.triggers: list[DrawnSpec] = []
        """The start events of the event sub-processes drawn in it, in the order drawn."""
        name = f"#{key}.EndJoin"
        del self.task_specs[name]
        self.end = EndingSpec(self, name)
        last = self.task_specs["End"]
        last.inputs = []
        self.end.connect(last)


class EndingSpec(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Where every token of a scope comes to; the last ends the scope. Event sub-processes that wait hold nothing up."""

    def _update_hook(self, my_task: SpiffTask) -> bool | None:
        workflow = my_task.workflow
        for task in workflow.waiting_at(self):
            if task is not my_task:
                task.cancel()
        if any(self._holds_up(task) for task in workflow.live.values() if task is not my_task):
            my_task._set_state(TaskState.WAITING)
            return False
        for task in waiting_triggers(workflow):
            task.cancel()
        return True

    def _holds_up(self, task: SpiffTask) -> bool:
        if task.task_spec is self or (task.parent is not None and task.parent.task_spec is self):
            return False  # another token here, or what SpiffWorkflow foretells behind one
        return not is_waiting_trigger(task)


def open_triggers(workflow: SpiffWorkflow) -> None:
    """Open the scope's event sub-processes: from now until it ends, what they wait for can come."""
    for spec in workflow.spec.triggers:
        spec._update(workflow.task_tree._add_child(spec, TaskState.FUTURE))


def waiting_triggers(workflow: SpiffWorkflow) -> list[SpiffTask]:
    """The event sub-processes that can begin in the scope now, in the order drawn."""
    found = [task for task in workflow.task_tree.children if is_waiting_trigger(task)]
    order = {spec.name: number for number, spec in enumerate(workflow.spec.triggers)}
    return sorted(found, key=lambda task: order[task.task_spec.name])


def end_scope(task: SpiffTask) -> None:
    """The scope of this task is over, whatever was drawn after it; only listeners on its end are still asked."""
    workflow = task.workflow
    if workflow.spec.after is None:
        workflow._mark_complete(task)
    else:
        last = workflow.task_tree._add_child(workflow.spec.after, TaskState.FUTURE)
        last.task_spec._update(last)


def cancel_others(task: SpiffTask) -> None:
    """End everything in the scope but this task and what has ended already."""
    workflow = task.workflow
    for other in list(workflow.live.values()):
        if other is not task and other.id in workflow.live:
            other.cancel()


def is_waiting_trigger(task: SpiffTask) -> bool:
    """Whether this is an event sub-process that has not begun: it holds nothing up."""
    return getattr(task.task_spec, "is_trigger", False) and bool(task.has_state(TaskState.WAITING))
