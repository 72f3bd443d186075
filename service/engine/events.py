"""Start, end, throw, catch and boundary events, and how a BPMN error finds who catches it. SpiffWorkflow's own events
are not used: it lets a boundary event catch the errors of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.domain.errors import ModelError
from service.domain.outcome import ThrownMessage
from service.engine import moments
from service.engine.drawn import EventDetail
from service.engine.gateways import EventGatewaySpec
from service.engine.spiff import (
    LOCAL,
    PAYLOAD,
    AttachmentSpec,
    DrawnSpec,
    SpiffTask,
    body_of,
    turn_of,
    waiting_siblings,
)
from service.engine.turn import Turn, wrong
from service.engine.variables import mapped_in, merge_out, seen_by
from service.feel import to_json

FIRED = "fired"
DUE = "due"
"""Key in `internal_data` of a timer's instant, ISO 8601 in UTC."""


class EventSpec(DrawnSpec):
    """What every event has."""

    @property
    def detail(self) -> EventDetail:
        """What the event throws or waits for."""
        if not isinstance(self.element.detail, EventDetail):
            raise wrong(self.element, "the event was not read as one")
        return self.element.detail


class StartSpec(EventSpec):
    """Where a token enters; what came with the start goes through its output mapping."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        merge_out(my_task, my_task.internal_data.pop(PAYLOAD, {}))
        return True


class ThrowSpec(EventSpec):
    """Passed at once; a message goes out with the variables its input mapping names, and no others."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        if self.detail.kind == "message" and self.detail.message is not None:
            turn = turn_of(my_task)
            name = turn.evaluate(self.detail.message, seen_by(my_task), self.element, "the name of the message")
            variables = mapped_in(my_task)
            turn.thrown.append(ThrownMessage(str(name), self.element.id, self.element.process_id, variables))
        merge_out(my_task, {})
        return True


class EndSpec(ThrowSpec):
    """Where a token ends: plainly, with a message, with a BPMN error, or with everything beside it."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        if self.detail.kind != "error":
            return super()._run_hook(my_task)
        code = self.detail.error_code
        turn = turn_of(my_task)
        value = None if code is None else turn.evaluate(code, seen_by(my_task), self.element, "the error code")
        turn.see_passed(self.element)
        throw_error(my_task, str(value or ""), self.element.name, mapped_in(my_task))
        # Whoever caught it has cancelled this token with everything around it.
        return None

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        super()._on_complete_hook(my_task)
        if self.detail.kind == "terminate":
            workflow = my_task.workflow
            for task in list(workflow.tasks.values()):
                if task.id in workflow.tasks and task.has_state(TaskState.NOT_FINISHED_MASK):
                    task.cancel()
            if workflow.spec.after is None:
                workflow._mark_complete(my_task)
            else:
                last = workflow.task_tree._add_child(workflow.spec.after, TaskState.FUTURE)
                last.task_spec._update(last)


class CatchSpec(EventSpec):
    """Waits for a message, a time or an error: intermediate, on a boundary, after an event-based gateway, or as a
    receive task. It waits until `fire`."""

    @property
    def on_boundary(self) -> bool:
        """Whether the event is attached to an activity."""
        return self.element.kind == "boundaryEvent"

    def _update_hook(self, my_task: SpiffTask) -> bool | None:
        if my_task.internal_data.get(FIRED):
            return True
        if not my_task.has_state(TaskState.WAITING):
            self._open(my_task)
            my_task._set_state(TaskState.WAITING)
        return False

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        data = my_task.internal_data
        if self.on_boundary:
            if self.detail.interrupting:
                _cancel(waiting_siblings(my_task))
            else:
                self._wait_again(my_task)
        elif my_task.parent is not None and isinstance(my_task.parent.task_spec, EventGatewaySpec):
            _cancel([rival for rival in my_task.parent.children if rival is not my_task])
        merge_out(my_task, data.pop(PAYLOAD, {}), data.pop("hidden", None))
        return True

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        super()._on_complete_hook(my_task)
        if not self.on_boundary:
            _cancel(waiting_siblings(my_task))

    def _on_cancel(self, my_task: SpiffTask) -> None:
        if not self.on_boundary:  # that an activity ended without its boundary events is no news
            super()._on_cancel(my_task)

    def _open(self, task: SpiffTask) -> None:
        data, turn = task.internal_data, turn_of(task)
        data.setdefault(LOCAL, {} if self.on_boundary else mapped_in(task))
        if self.detail.kind == "timer" and DUE not in data:
            self._set_timer(task)
        elif self.detail.kind == "message" and self.detail.message is not None:
            seen = seen_by(task)
            data["message"] = str(turn.evaluate(self.detail.message, seen, self.element, "the name of the message"))
            data["key"] = self._correlation_key(task)

    def _correlation_key(self, task: SpiffTask) -> str:
        if self.detail.correlation_key is None:
            return ""
        value = turn_of(task).evaluate(self.detail.correlation_key, seen_by(task), self.element, "the correlation key")
        if value is None or isinstance(value, list | dict):
            raise wrong(self.element, f"the correlation key is not a text or a number but {value!r}")
        return str(to_json(value))

    def _set_timer(self, task: SpiffTask) -> None:
        detail, turn, data = self.detail, turn_of(task), task.internal_data
        if detail.timer is None:
            raise wrong(self.element, "the timer has no time")
        value = turn.evaluate(detail.timer, seen_by(task), self.element, "the timer")
        due: datetime | None = None
        if detail.timer_kind == "date":
            due = moments.instant(value, turn.zone)
        elif detail.timer_kind == "duration":
            length = moments.duration(value)
            due = None if length is None else moments.later(turn.now, length, turn.zone)
        elif (repeated := moments.cycle(value)) is not None:
            data["left"], data["every"] = repeated
            due = self._next_due(turn, data["every"], turn.now)
        if due is None:
            raise wrong(self.element, f"the timer is not a {detail.timer_kind} but {value!r}")
        data[DUE] = due.isoformat()

    def _next_due(self, turn: Turn, every: str, start: datetime) -> datetime:
        length = moments.duration(every)
        due = None if length is None else moments.later(start, length, turn.zone)
        if due is None or due <= start:
            raise wrong(self.element, f"the timer repeats every {every!r}, which leads nowhere")
        return due

    def _wait_again(self, task: SpiffTask) -> None:
        """A non-interrupting event that can happen again waits beside the one that fired."""
        data = task.internal_data
        again: dict[str, Any] = {LOCAL: {}}
        if "every" in data:
            left = data["left"] - 1 if data["left"] > 0 else data["left"]
            if left == 0:
                return
            # Occasions missed while nobody looked are not made up for.
            turn = turn_of(task)
            due = self._next_due(turn, data["every"], datetime.fromisoformat(data[DUE]))
            due = due if due > turn.now else self._next_due(turn, data["every"], turn.now)
            again.update({"every": data["every"], "left": left, DUE: due.isoformat()})
        elif self.detail.kind != "message":
            return
        fresh = task.parent._add_child(self, TaskState.FUTURE)
        fresh.internal_data.update(again)
        self._update(fresh)


def fire(task: SpiffTask, payload: Mapping[str, Any], hidden: Mapping[str, Any] | None = None) -> None:
    """What the catching event waited for has come. `hidden` is seen by its output mapping only."""
    task.internal_data.update({FIRED: True, PAYLOAD: dict(payload)})
    if hidden:
        task.internal_data["hidden"] = dict(hidden)
    task.task_spec._update(task)


def throw_error(task: SpiffTask, code: str, message: str, variables: Mapping[str, Any]) -> None:
    """Give the error to the nearest boundary event that catches it: of the task, then of each activity around it.

    Raises ModelError when none does.
    """
    thrower = task.task_spec.element
    current = task
    while True:
        current = body_of(current) or current
        catcher = _catcher(current, code)
        if catcher is not None:
            fire(catcher, variables, {"errorCode": code, "errorMessage": message})
            catcher.run()
            return
        holder_id = current.workflow.parent_task_id
        if holder_id is None:
            said = f": {message}" if message else ""
            raise ModelError(
                f"{thrower.label} ({thrower.id}) ended in the BPMN error “{code}”{said}, which nothing catches.",
                element_id=thrower.id,
                file=thrower.file,
                error_code=code,
            )
        current = current.workflow.top_workflow.get_task_from_id(holder_id)


def _catcher(task: SpiffTask, code: str) -> SpiffTask | None:
    catching: dict[bool, SpiffTask] = {}
    if not isinstance(getattr(task.parent, "task_spec", None), AttachmentSpec):
        return None
    for event in waiting_siblings(task):
        spec = event.task_spec
        if not isinstance(spec, CatchSpec) or spec.detail.kind != "error":
            continue
        expected = spec.detail.error_code
        if expected is None:
            catching.setdefault(False, event)
        elif turn_of(task).evaluate(expected, seen_by(event), spec.element, "the error code") == code:
            catching.setdefault(True, event)
    return catching.get(True) or catching.get(False)


def _cancel(tasks: list[SpiffTask]) -> None:
    for task in tasks:
        task.cancel()
