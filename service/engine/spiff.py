"""The border to SpiffWorkflow: what every drawn element has in common as a task spec. Each kind is elsewhere.

SpiffWorkflow moves the tokens. It has no say in data: its tasks carry no variables (it would copy them to every child
and merge lists item by item), no script of any language, no event of its own and no clock. Variables live in the
`data` of their workflow (`variables.py`); what a task needs to remember while it waits is in its `internal_data`.
Specs are shared between instances and threads, so nothing that runs may write to one.
"""

from __future__ import annotations

import logging
from typing import Any, TypeAlias

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState

from service.engine.drawn import Element, Flow
from service.engine.turn import Turn, wrong

# Below WARNING SpiffWorkflow copies the data of every task into every log record, twice a step.
for _name in ("spiff", "spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)

SpiffTask: TypeAlias = Any
SpiffWorkflow: TypeAlias = Any

OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED
"""States of a task that has been reached and is not over."""

LOCAL = "local"
"""Key in `internal_data` of a task's own variables; there from the moment the task opens."""
ONE = "one"
"""Key in `internal_data` of one repetition's own variables: its item and `loopCounter`."""
DONE = "done"
"""Key in `internal_data` of the root of a scope: what was completed in it that can be compensated, in order. An entry
is {"a": activity, "d": variables of a sub-process, "n": what was completed inside}."""
PAYLOAD = "payload"
"""Key in `internal_data` of what came with the event or completion, until the task runs."""
HIDDEN = "hidden"
"""Key in `internal_data` of what came with it for its output mapping only, such as the error code."""


def turn_of(task: SpiffTask) -> Turn:
    """The turn the task's instance is in."""
    turn: Turn = task.workflow.top_workflow.turn
    return turn


class DrawnSpec(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A drawn element as SpiffWorkflow executes it."""

    waits_for_person = False
    scope_holder = False
    """True for an embedded sub-process: what it runs sees the variables around it."""
    compensable = False
    """Set on an activity that has a compensation handler."""
    begins: Element | None = None
    """The element that comes next, when this has applied the input mapping for it (a listener)."""
    stands_aside = False
    """True for an event beside the flow, on a boundary or of an event sub-process: that it went is no news."""
    is_trigger = False
    """True for what waits for the event of an event sub-process: it does not keep its scope open."""
    waits_for_others = False
    """True where a waiting token has to look again whenever something else in its scope ends."""

    def __init__(self, process_spec: Any, name: str, element: Element) -> None:
        super().__init__(process_spec, name, manual=self.waits_for_person)
        self.element = element
        self.bpmn_id = element.id
        self.bpmn_name = element.name

    def test(self) -> None:
        """Let be: SpiffWorkflow looks for mistakes on every step, Towpath once when it compiles."""

    def flow_to(self, target: Any, flow: Flow, default: bool) -> None:  # noqa: ARG002
        """Join this element to the next along a drawn flow."""
        self.connect(target)

    def built(self) -> None:
        """Called once when the whole scope is joined up."""

    def _update_hook(self, my_task: SpiffTask) -> bool | None:  # noqa: ARG002
        return True

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        """Called when the element is reached."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:  # noqa: ARG002
        return True

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        turn_of(my_task).see_passed(self.element)
        self.remember(my_task)
        self._go_on(my_task)
        self.notify_body(my_task)

    def remember(self, my_task: SpiffTask, **more: Any) -> None:
        """Keep that this was completed, when it can be compensated: finished branches are forgotten otherwise."""
        if self.compensable or more:
            my_task.workflow.task_tree.internal_data.setdefault(DONE, []).append({"a": self.element.id, **more})

    def notify_body(self, my_task: SpiffTask) -> None:
        """Tell whom this was done for, when nothing comes after it: a repetition its activity."""
        body = body_of(my_task)
        if body is not None and not self.outputs:
            body.task_spec.one_completed(body, my_task)

    def _predict(self, my_task: SpiffTask, *_: Any, **__: Any) -> None:
        """Foretell nothing. SpiffWorkflow would draw all that may come into its tree, and never end in a loop."""

    def _go_on(self, my_task: SpiffTask) -> None:
        """Put a token on every way out."""
        go_to(my_task, self.outputs)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        if LOCAL in my_task.internal_data:
            turn_of(my_task).see_passed(self.element, cancelled=True)


def go_to(task: SpiffTask, specs: list[Any]) -> None:
    """Put a token before each of these specs. SpiffWorkflow's own specs need theirs foretold."""
    task._sync_children(specs, TaskState.FUTURE)
    for child in task.children:
        child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)


class NotExecutedSpec(DrawnSpec):
    """An element Towpath does not execute: the rest of the diagram runs until a token comes here."""

    def _update_hook(self, my_task: SpiffTask) -> bool | None:  # noqa: ARG002
        raise wrong(self.element, f"this element {self.element.not_executed}")


class AttachmentSpec(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Stands before an activity with boundary events: its children are the activity and those events."""

    def _update_hook(self, my_task: SpiffTask) -> bool | None:  # noqa: ARG002
        return True


def body_of(task: SpiffTask) -> SpiffTask | None:
    """The repeated activity this task is one repetition of."""
    body_id = task.internal_data.get("of")
    return None if body_id is None else task.workflow.tasks.get(body_id)


def open_ones(body: SpiffTask) -> list[SpiffTask]:
    """What is open of all that is done for this task: repetitions of an activity, handlers of a compensation."""
    tasks = body.workflow.live.values()
    return [task for task in tasks if task.internal_data.get("of") == body.id and task.has_state(OPEN)]


def waiting_siblings(task: SpiffTask) -> list[SpiffTask]:
    """The other open tasks beside this one under an attachment."""
    if task.parent is None or not isinstance(task.parent.task_spec, AttachmentSpec):
        return []
    return [sibling for sibling in task.parent.children if sibling is not task and sibling.has_state(OPEN)]
