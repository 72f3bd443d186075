"""Who catches a BPMN error or an escalation: the nearest event for its code, from the inside out. Throwing is in
`events.py`. SpiffWorkflow's own events are not used: it lets a boundary event catch the errors of its neighbours.

Asked are the boundary events of the activity it came out of, then the event sub-processes of the scope that holds the
activity, then the same one scope further out, through called processes too. At each of these an event for the very code
goes before one that catches every code. An event sub-process does not catch what comes out of itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from service.domain.errors import ModelError
from service.domain.outcome import UncaughtEscalation
from service.engine.catching import fire
from service.engine.scopes import waiting_triggers
from service.engine.spiff import SpiffTask, body_of, turn_of, waiting_siblings
from service.engine.variables import seen_by


def throw_error(task: SpiffTask, code: str, message: str, variables: Mapping[str, Any]) -> None:
    """Give the error to who catches it, which ends the task. Raises ModelError when nobody does."""
    catcher = _catcher(task, "error", code)
    if catcher is None:
        thrower, said = task.task_spec.element, f": {message}" if message else ""
        raise ModelError(
            f"{thrower.label} ({thrower.id}) ended in the BPMN error “{code}”{said}, which nothing catches.",
            element_id=thrower.id,
            file=thrower.file,
            error_code=code,
        )
    fire(catcher, variables, {"errorCode": code, "errorMessage": message})
    catcher.run()


def throw_escalation(task: SpiffTask, code: str, variables: Mapping[str, Any]) -> bool:
    """Give the escalation to who catches it; whether that interrupted the task. One that nobody catches is noted."""
    catcher = _catcher(task, "escalation", code)
    if catcher is None:
        element = task.task_spec.element
        turn_of(task).uncaught.append(UncaughtEscalation(code, element.id, element.process_id))
        return False
    fire(catcher, variables, {"escalationCode": code})
    catcher.run()
    interrupts: bool = catcher.task_spec.detail.interrupting
    return interrupts


def _catcher(task: SpiffTask, kind: Literal["error", "escalation"], code: str) -> SpiffTask | None:
    for events in _circles(task):
        catching: dict[bool, SpiffTask] = {}
        for event in events:
            detail = event.task_spec.detail
            if detail.kind != kind:
                continue
            expected = detail.error_code if kind == "error" else detail.escalation_code
            if expected is None:
                catching.setdefault(False, event)
            elif turn_of(task).evaluate(expected, seen_by(event), event.task_spec.element, f"the {kind} code") == code:
                catching.setdefault(True, event)
        found = catching.get(True) or catching.get(False)
        if found is not None:
            return found
    return None


def _circles(task: SpiffTask) -> Iterator[list[SpiffTask]]:
    """What could catch something out of this task, the nearest first."""
    current = task
    while True:
        current = body_of(current) or current
        yield waiting_siblings(current)
        triggers = waiting_triggers(current.workflow)
        yield [event for event in triggers if event.task_spec.begun is not current.task_spec.element]
        holder_id = current.workflow.parent_task_id
        if holder_id is None:
            return
        current = current.workflow.top_workflow.get_task_from_id(holder_id)
