"""Compensation: throwing it undoes what was completed in the scope, the last first, one handler after another. What is
wrong with how it is drawn is in `compensation_checks.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine.drawn import Element, EventDetail, EventSubProcessDetail, Scope, scope_key
from service.engine.spiff import DONE, LOCAL, ONE, DrawnSpec, SpiffTask, SpiffWorkflow, turn_of
from service.engine.turn import wrong
from service.engine.variables import mapped_in, merge_out

TO_UNDO = "undo"
"""Key in `internal_data` of a throwing event: the handlers still to be asked, each with the variables it sees beside
those of the scope."""


class CompensateSpec(DrawnSpec):
    """A throw or end event: STARTED until every handler is done. Handlers stand beside it in SpiffWorkflow's tree and
    name it in `of`, as repetitions do their activity."""

    @property
    def detail(self) -> EventDetail:
        """Which activity is compensated; every completed one of the scope when none is named."""
        if not isinstance(self.element.detail, EventDetail):
            raise wrong(self.element, "the event was not read as one")
        return self.element.detail

    def _update_hook(self, my_task: SpiffTask) -> bool | None:
        my_task.internal_data[LOCAL] = mapped_in(my_task)
        my_task.internal_data[TO_UNDO] = list(self._planned(my_task))
        if not my_task.internal_data[TO_UNDO]:
            return True
        my_task._set_state(TaskState.STARTED)
        self._begin_next(my_task)
        return False

    def _planned(self, task: SpiffTask) -> Iterator[list[Any]]:
        """The handlers of what was completed, the last first. What is planned is forgotten: it is undone once.

        Out of an event sub-process it undoes what the scope around that has done, too.
        """
        activity, known, workflow = self.detail.activity, task.workflow.spec.handlers, task.workflow
        while workflow is not None:
            memory = workflow.task_tree.internal_data
            done = memory.pop(DONE, [])
            kept = [entry for entry in done if activity is not None and entry["a"] != activity]
            if kept:
                memory[DONE] = kept
            chosen = [entry for entry in done if entry not in kept]
            yield from _handlers(chosen, workflow.spec.name.removeprefix("#"), self.element.process_id, {}, known)
            workflow = _around(workflow)

    def _begin_next(self, throwing: SpiffTask) -> None:
        key, variables = throwing.internal_data[TO_UNDO].pop(0)
        boundary, first = throwing.workflow.spec.handlers[key]
        turn_of(throwing).see_passed(boundary)
        child = throwing.workflow.task_tree._add_child(first, TaskState.FUTURE)
        child.internal_data["of"] = throwing.id
        if variables:
            child.internal_data[ONE] = variables
        first._update(child)

    def one_completed(self, throwing: SpiffTask, _: SpiffTask) -> None:
        """Called when a handler is done."""
        if not throwing.has_state(TaskState.STARTED):
            return
        if throwing.internal_data[TO_UNDO]:
            self._begin_next(throwing)
        else:
            throwing._set_state(TaskState.READY)

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        merge_out(my_task, {})
        return True


def _handlers(
    done: list[dict[str, Any]], key: str, process_id: str, seen: Mapping[str, Any], known: Mapping[str, Any]
) -> Iterator[list[Any]]:
    """The handlers of these entries and of what is remembered inside them, the last completed first."""
    for entry in reversed(done):
        activity = entry.get("a")
        if f"{key}:{activity}" in known:
            yield [f"{key}:{activity}", deepcopy(dict(seen))]
        inner_key = key if activity is None else scope_key(process_id, activity)
        yield from _handlers(entry.get("n", []), inner_key, process_id, {**seen, **entry.get("d", {})}, known)


def _around(workflow: SpiffWorkflow) -> SpiffWorkflow | None:
    """The scope an event sub-process stands in; None for any other."""
    if workflow.parent_task_id is None:
        return None
    holder = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
    return holder.workflow if isinstance(holder.task_spec.element.detail, EventSubProcessDetail) else None


def compensations(scope: Scope) -> Iterator[tuple[str, Element, Element]]:
    """Each compensation boundary event of the scope and of the sub-processes in it, with its handler: by the key it is
    remembered under. A handler of a completed sub-process runs in the scope that throws."""
    for one in scope.all_scopes():
        by_id = {element.id: element for element in one.elements}
        for element in one.elements:
            detail = element.detail
            if is_compensation(element) and isinstance(detail, EventDetail):
                handler = by_id.get(detail.handler or "")
                if handler is not None and handler.for_compensation:
                    yield f"{one.key}:{detail.attached_to}", element, handler


def is_compensation(element: Element) -> bool:
    """Whether this is a compensation boundary event: it waits for nothing, so no token ever stands on it."""
    detail = element.detail
    return element.kind == "boundaryEvent" and isinstance(detail, EventDetail) and detail.kind == "compensate"
