"""Events that wait: intermediate, on a boundary, after an event-based gateway, receive tasks. What they wait for comes
from outside as a stimulus, or from inside through `catchers.py`. Event sub-processes are not here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine.drawn import Element, EventDetail
from service.engine.gateways import EventGatewaySpec
from service.engine.spiff import HIDDEN, LOCAL, PAYLOAD, DrawnSpec, SpiffTask, turn_of, waiting_siblings
from service.engine.texts import Text
from service.engine.timers import DUE, due_again, set_timer
from service.engine.turn import wrong
from service.engine.variables import mapped_in, merge_out, seen_by
from service.feel import to_json

FIRED = "fired"
MESSAGE = "message"
"""Key in `internal_data` of the name of the message waited for; its correlation key is beside it, in `key`."""
SIGNAL = "signal"
"""Key in `internal_data` of the name of the signal waited for."""


class EventSpec(DrawnSpec):
    """What every event has."""

    @property
    def detail(self) -> EventDetail:
        """What the event throws or waits for."""
        if not isinstance(self.element.detail, EventDetail):
            raise wrong(self.element, "the event was not read as one")
        return self.element.detail


class CatchSpec(EventSpec):
    """Waits for a message, a signal, a time, an error or an escalation until `fire`."""

    def __init__(self, process_spec: Any, name: str, element: Element) -> None:
        super().__init__(process_spec, name, element)
        self.stands_aside = element.kind == "boundaryEvent"

    def _update_hook(self, my_task: SpiffTask) -> bool | None:
        if my_task.internal_data.get(FIRED):
            return True
        if not my_task.has_state(TaskState.WAITING):
            self._open(my_task)
            my_task._set_state(TaskState.WAITING)
        return False

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        data = my_task.internal_data
        if self.stands_aside:
            if self.detail.interrupting:
                _cancel(waiting_siblings(my_task))
            else:
                self._wait_again(my_task)
        elif my_task.parent is not None and isinstance(my_task.parent.task_spec, EventGatewaySpec):
            _cancel([rival for rival in my_task.parent.children if rival is not my_task])
        merge_out(my_task, data.pop(PAYLOAD, {}), data.pop(HIDDEN, None))
        return True

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        super()._on_complete_hook(my_task)
        if not self.stands_aside:
            _cancel(waiting_siblings(my_task))

    def _on_cancel(self, my_task: SpiffTask) -> None:
        if not self.stands_aside:  # that an activity ended without its boundary events is no news
            super()._on_cancel(my_task)

    def _open(self, task: SpiffTask) -> None:
        data, turn, detail = task.internal_data, turn_of(task), self.detail
        data.setdefault(LOCAL, {} if self.stands_aside else mapped_in(task))
        if detail.kind == "timer" and DUE not in data:
            set_timer(task, detail)
        elif detail.kind == "message" and detail.message is not None:
            seen = seen_by(task)
            data[MESSAGE] = str(turn.evaluate(detail.message, seen, self.element, "the name of the message"))
            data["key"] = self._correlation_key(task)
        elif detail.kind == "signal" and detail.signal is not None:
            data[SIGNAL] = name_of(task, detail.signal, "the name of the signal")

    def _correlation_key(self, task: SpiffTask) -> str:
        if self.detail.correlation_key is None:
            return ""
        value = turn_of(task).evaluate(self.detail.correlation_key, seen_by(task), self.element, "the correlation key")
        if value is None or isinstance(value, list | dict):
            raise wrong(self.element, f"the correlation key is not a text or a number but {value!r}")
        return str(to_json(value))

    def _wait_again(self, task: SpiffTask) -> None:
        """An event that does not interrupt and can happen again waits beside the one that fired."""
        again = due_again(task) if self.detail.kind == "timer" else {}
        if again is None:
            return
        fresh = task.parent._add_child(self, TaskState.FUTURE)
        fresh.internal_data.update(again)
        self._update(fresh)


def fire(task: SpiffTask, payload: Mapping[str, Any], hidden: Mapping[str, Any] | None = None) -> None:
    """What the catching event waited for has come. `hidden` is seen by its output mapping only."""
    task.internal_data.update({FIRED: True, PAYLOAD: dict(payload)})
    if hidden:
        task.internal_data[HIDDEN] = dict(hidden)
    task.task_spec._update(task)


def waits_for(task: SpiffTask, key: str) -> bool:
    """Whether this open task still waits for its MESSAGE, its SIGNAL or its timer (DUE)."""
    return key in task.internal_data and not task.internal_data.get(FIRED)


def name_of(task: SpiffTask, text: Text, what: str) -> str:
    """The name or code an event says, static or FEEL. Raises ModelError when it is no text."""
    element = task.task_spec.element
    value = turn_of(task).evaluate(text, seen_by(task), element, what)
    if not isinstance(value, str) or not value:
        raise wrong(element, f"{what} is not a text but {value!r}")
    return value


def _cancel(tasks: list[SpiffTask]) -> None:
    for task in tasks:
        task.cancel()
