"""Embedded sub-processes and called processes: how variables go in and come back. The scopes are in `variables.py`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.domain.errors import ModelError
from service.engine.activities import ActivitySpec
from service.engine.drawn import CallDetail, Element, EventDetail, scope_key
from service.engine.listeners import THEN
from service.engine.spiff import DONE, HIDDEN, LOCAL, ONE, PAYLOAD, SpiffTask, SpiffWorkflow, body_of, turn_of
from service.engine.texts import fixed
from service.engine.turn import wrong
from service.engine.variables import mapped_in, merge_out, seen_by, visible

MAX_DEPTH = 20
"""How deep processes may stand in one another. Deeper ones call themselves."""


class NestedSpec(ActivitySpec, ABC):
    """An activity with a process of its own inside: STARTED until that has ended."""

    def _update_hook(self, my_task: SpiffTask) -> bool | None:
        my_task.internal_data[LOCAL] = mapped_in(my_task)
        self._start(my_task)
        my_task._set_state(TaskState.STARTED)
        return False

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        """Ready means that the inside has ended; the input mapping was applied long ago."""

    @abstractmethod
    def _start(self, my_task: SpiffTask) -> None:
        """Begin the inside, with what it may see."""

    @abstractmethod
    def _take_out(self, my_task: SpiffTask, inner: SpiffWorkflow) -> None:
        """Bring out what the inside gives, now that it has ended."""

    def inner_completed(self, inner: SpiffWorkflow, my_task: SpiffTask) -> None:
        """Called by SpiffWorkflow when the inside has ended."""
        if my_task.has_state(TaskState.STARTED):
            self._take_out(my_task, inner)
            my_task._set_state(TaskState.READY)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        inner = my_task.workflow.top_workflow.get_subprocess(my_task)
        if inner is not None and not inner.completed:
            inner.cancel()
        super()._on_cancel(my_task)

    def _entrance(self, _my_task: SpiffTask) -> Entrance:
        """Where the token enters the inside, and with what."""
        return Entrance()

    def _open_inner(self, my_task: SpiffTask, key: str, variables: dict[str, Any]) -> None:
        if my_task.workflow.depth >= MAX_DEPTH:
            raise wrong(self.element, f"processes call one another more than {MAX_DEPTH} deep")
        inner = my_task.workflow.top_workflow.create_subprocess(my_task, key)
        inner.completed_event.connect(self.inner_completed, my_task)
        inner.data = variables
        self._enter(my_task, inner)

    def _enter(self, my_task: SpiffTask, inner: SpiffWorkflow) -> None:
        """Put the first token inside."""
        begin(inner, self._entrance(my_task))


class SubProcessSpec(NestedSpec):
    """An embedded sub-process: a scope inside the scope it is drawn in."""

    scope_holder = True

    def _start(self, my_task: SpiffTask) -> None:
        local = {**my_task.internal_data.get(ONE, {}), **my_task.internal_data[LOCAL]}
        my_task.internal_data[LOCAL] = {}
        self._open_inner(my_task, scope_key(self.element.process_id, self.element.id), local)

    def remember(self, my_task: SpiffTask, **_: Any) -> None:
        """Keep what was completed inside with what it saw; the activity keeps it for a repetition."""
        inner, body = my_task.workflow.top_workflow.get_subprocess(my_task), body_of(my_task)
        inside = inner.task_tree.internal_data.get(DONE)
        if not inside:
            super().remember(my_task)
        elif body is None:
            super().remember(my_task, d=inner.data, n=inside)
        elif "repeat" in body.internal_data:
            body.internal_data["repeat"].setdefault("inside", []).append({"d": inner.data, "n": inside})

    def _take_out(self, my_task: SpiffTask, inner: SpiffWorkflow) -> None:
        # What the inside wrote to the scopes around it is there already; its own variables end with it.
        merge_out(my_task, {}, inner.data)


class CallSpec(NestedSpec):
    """A call activity: another process of the same release, with variables of its own."""

    @property
    def detail(self) -> CallDetail:
        """Which process is called, and how variables travel."""
        if not isinstance(self.element.detail, CallDetail):
            raise wrong(self.element, "the call activity was not read as one")
        return self.element.detail

    def _start(self, my_task: SpiffTask) -> None:
        seen = seen_by(my_task)
        called = turn_of(my_task).evaluate(self.detail.process_id, seen, self.element, "the name of the process")
        specs = my_task.workflow.top_workflow.subprocess_specs
        if not isinstance(called, str) or called not in specs or "/" in called:
            raise wrong(self.element, f"calls the process {called!r}, which the rule book does not have")
        given = visible(my_task) if self.detail.all_parent_variables else my_task.internal_data[LOCAL]
        self._open_inner(my_task, called, deepcopy(given))

    def _take_out(self, my_task: SpiffTask, inner: SpiffWorkflow) -> None:
        all_of_it = inner.data if self.detail.all_child_variables else {}
        merge_out(my_task, all_of_it, inner.data)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where a token enters a fresh workflow: at the start event of this id, else at the one for this message, else at
    the none start event. `payload` goes through its output mapping, which alone also sees `hidden`."""

    start_id: str | None = None
    message: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    hidden: Mapping[str, Any] = field(default_factory=dict)

    def is_at(self, element: Element) -> bool:
        """Whether the token enters at this start event."""
        detail = element.detail
        if not isinstance(detail, EventDetail):
            return False
        if self.start_id is not None:
            return element.id == self.start_id
        if self.message is not None:
            return detail.message is not None and fixed(detail.message) == self.message
        return detail.kind == "none"

    def __str__(self) -> str:
        if self.start_id is not None:
            return f"of the id “{self.start_id}”"
        return "without an event" if self.message is None else f"for the message “{self.message}”"


def begin(workflow: SpiffWorkflow, entrance: Entrance) -> None:
    """Send a token into a fresh workflow. Raises ModelError when there is no such start event."""
    chosen = None
    for child in list(workflow.task_tree.children):
        element = getattr(child.task_spec, "element", None)
        if chosen is None and element is not None and entrance.is_at(element):
            chosen = child
        else:
            workflow._remove_task(child.id)
    if chosen is None:
        process_id = workflow.spec.name.removeprefix("#")
        raise ModelError(f"The process “{process_id}” has no start event {entrance}.", element_id=process_id)
    chosen = _after_listeners(workflow, chosen)
    for key, given in ((PAYLOAD, entrance.payload), (HIDDEN, entrance.hidden)):
        if given:
            chosen.internal_data[key] = dict(given)
    workflow.task_tree.run()


def _after_listeners(workflow: SpiffWorkflow, chosen: SpiffTask) -> SpiffTask:
    """What the token enters by: the start event, or the listener of the process that is asked before it."""
    if workflow.spec.before is None:
        return chosen
    workflow._remove_task(chosen.id)
    first = workflow.task_tree._add_child(workflow.spec.before, TaskState.FUTURE)
    first.internal_data[THEN] = chosen.task_spec.name
    return first
