"""Listeners as jobs: the element does not begin, or the token does not go on, before they are done. How they are read
is in `listening.py`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any
from uuid import uuid4

from service.domain.errors import ModelError
from service.engine.drawn import Element, Listener, ListenerEvent
from service.engine.gateways import ChoosingSpec
from service.engine.jobs import opened_job
from service.engine.spiff import HIDDEN, LOCAL, ONE, PAYLOAD, DrawnSpec, SpiffTask, go_to
from service.engine.turn import wrong
from service.engine.variables import mapped_in, propagate

THEN = "then"
"""Key in `internal_data` of a listener on the beginning of a process: the name of the start event that comes next."""
_HANDED_ON = ("of", "index", ONE, PAYLOAD, HIDDEN)
_JOINS = ("parallelGateway", "inclusiveGateway")


class ListenerSpec(DrawnSpec):
    """One listener, standing before or after its element in the flow. It is not noted as passed: its element is."""

    def __init__(self, process_spec: Any, name: str, element: Element, listener: Listener) -> None:
        super().__init__(process_spec, name, element)
        self.listener = listener
        self.begins = element if listener.event == "start" else None
        self.stands_aside = self.begins is None  # the element before it has passed already

    def _update_hook(self, my_task: SpiffTask) -> bool | None:
        _hand_on(my_task.parent, my_task, (*_HANDED_ON, THEN))
        return True

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        if self.element.kind != "process":
            my_task.internal_data[LOCAL] = self._local(my_task)
        my_task.internal_data["job"] = listener_job(my_task, self.listener)

    def _local(self, my_task: SpiffTask) -> dict[str, Any]:
        """The element's own variables: before it those of its input mapping, after it those it ended with."""
        if self.begins is not None:
            return mapped_in(my_task)
        before = my_task.parent
        inner = my_task.workflow.top_workflow.get_subprocess(before)
        held = inner is not None and before.task_spec.scope_holder
        return dict(inner.data if held else before.internal_data.get(LOCAL, {}))

    def _run_hook(self, _my_task: SpiffTask) -> bool | None:
        return None

    def job_done(self, my_task: SpiffTask, values: Mapping[str, Any]) -> None:
        """Take what the listener gives: to the element's own variables before it, to those around it after."""
        if self.begins is not None and LOCAL in my_task.internal_data:
            my_task.internal_data[LOCAL].update(values)
        else:
            propagate(my_task, values)
        my_task.complete()

    def listener_refused(self, _my_task: SpiffTask, code: str, message: str) -> None:
        """A BPMN error is no answer of an execution listener, here as in Camunda 8. Raises ModelError."""
        raise no_answer(self.element, self.listener.event, code, message)

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        self._go_on(my_task)
        self.notify_body(my_task)

    def _go_on(self, my_task: SpiffTask) -> None:
        then = my_task.internal_data.get(THEN)
        if then is not None and not self.outputs:
            go_to(my_task, [my_task.workflow.spec.task_specs[then]])
        else:
            super()._go_on(my_task)
        for child in my_task.children:
            _hand_on(my_task, child, _HANDED_ON)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        if not self.stands_aside:
            super()._on_cancel(my_task)


def _hand_on(before: SpiffTask, task: SpiffTask, keys: tuple[str, ...]) -> None:
    """A repetition is known by what its tasks remember, and the start of a process by its payload."""
    for key in keys:
        if key in before.internal_data:
            task.internal_data.setdefault(key, before.internal_data[key])


def listener_job(task: SpiffTask, listener: Listener) -> dict[str, Any]:
    """The listener's job as the state keeps it. Raises ModelError naming the element."""
    job = opened_job(task, listener.type, listener.retries, listener.headers)
    return {**job, "listener": listener.event}


def next_job(task: SpiffTask, event: ListenerEvent, headers: Mapping[str, str]) -> bool:
    """Open the job of the task listener that is asked next; False when none is left. Jobs have ids of their own: the
    task's is that of the user task."""
    kept = task.internal_data.pop("job", None)
    number = 0 if kept is None else kept["number"] + 1
    listeners = [item for item in task.task_spec.element.listeners if item.event == event]
    if number >= len(listeners):
        return False
    job = listener_job(task, listeners[number])
    job["headers"] |= headers
    task.internal_data["job"] = {**job, "id": str(uuid4()), "number": number}
    return True


def no_answer(element: Element, event: ListenerEvent, code: str, message: str) -> ModelError:
    """The error of a listener that ended in a BPMN error where none can be thrown."""
    said = f": {message}" if message else ""
    return wrong(element, f"its listener for “{event}” ended in the BPMN error “{code}”{said}, which nothing can catch")


def put_around(spec: DrawnSpec, process_spec: Any, entrances: dict[str, Any], exits: dict[str, DrawnSpec]) -> None:
    """Stand the listeners of the element before and after what is built for it already."""
    element = spec.element
    before = _chain(process_spec, spec.name, element, "start")
    after = _chain(process_spec, spec.name, element, "end")
    if before and element.kind in _JOINS:
        # The listener is asked once for all tokens: between the half that joins them and the half that splits.
        onward = ChoosingSpec if element.kind == "inclusiveGateway" else DrawnSpec
        exits[element.id] = onward(process_spec, f"{spec.name}#go", element)
        spec.connect(before[0])
        before[-1].connect(exits[element.id])
    elif before:
        before[-1].connect(entrances[element.id])
        entrances[element.id] = before[0]
    if after:
        exits[element.id].connect(after[0])
        exits[element.id] = after[-1]


def put_inside(spec: DrawnSpec, process_spec: Any) -> DrawnSpec:
    """Stand the listeners of a repeated activity around one repetition. Gives what a repetition begins with."""
    entrances, exits = {spec.element.id: spec}, {spec.element.id: spec}
    put_around(spec, process_spec, entrances, exits)
    return entrances[spec.element.id]


def put_on_process(process_spec: Any, element: Element) -> None:
    """Stand the process's own listeners before its start event and after everything in it has ended."""
    before = _chain(process_spec, "#process", element, "start")
    after = _chain(process_spec, "#process", element, "end")
    process_spec.before = before[0] if before else None
    process_spec.after = after[0] if after else None
    if after:
        joined = process_spec.end
        (done,) = joined.outputs
        joined._outputs.remove(done.name)
        done._inputs.remove(joined.name)
        joined.connect(after[0])
        after[-1].connect(done)


def _chain(process_spec: Any, name: str, element: Element, event: ListenerEvent) -> list[ListenerSpec]:
    listeners = [item for item in element.listeners if item.event == event]
    chain = [
        ListenerSpec(process_spec, f"{name}#{event}{number}", element, item) for number, item in enumerate(listeners)
    ]
    for first, second in pairwise(chain):
        first.connect(second)
    return chain
