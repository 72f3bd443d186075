"""What an instance holds, read for pages, operators and moves: nothing is evaluated and nothing changed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from service.domain.errors import Conflict, ModelError, UnreadableState
from service.engine.catching import MESSAGE, SIGNAL, waits_for
from service.engine.diagrams import Diagrams
from service.engine.instance import Instance
from service.engine.reporting import known_as
from service.engine.spiff import LOCAL, ONE, SpiffTask, SpiffWorkflow
from service.engine.state import damaged, load
from service.engine.timers import DUE, due_at
from service.engine.turn import Turn


@dataclass(frozen=True, slots=True)
class OpenElement:
    """An element that has been reached and is not over."""

    id: str
    """Names it for `VariablesCorrected`; where it waits so, for `TimerMoved`, `MessageReceived`, `SignalReceived`."""
    element_id: str
    name: str
    kind: str
    """The BPMN tag, such as `userTask`."""
    process_id: str
    inside: tuple[str, ...]
    """The ids of the open sub-processes and call activities around it, outermost first."""
    task_id: str | None = None
    """Of the user task that waits for a person here."""
    job_id: str | None = None
    job_type: str | None = None
    message: str | None = None
    correlation_key: str | None = None
    signal: str | None = None
    due_at: datetime | None = None
    """Of its timer, UTC."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Its own: of its input mapping, and for a repetition its item."""


@dataclass(frozen=True, slots=True)
class OpenScope:
    """The variables of the instance (`holder` is None) or of what runs inside an open element."""

    holder: str | None
    process_id: str
    """The process whose diagram draws it; for a call activity the called one."""
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An instance at rest."""

    process_id: str
    elements: tuple[OpenElement, ...]
    """In the order they opened, scope by scope from the outside in."""
    scopes: tuple[OpenScope, ...]
    """Outermost first."""


def look(diagrams: Diagrams, state: bytes | None) -> Snapshot:
    """What is open, what it waits for, and every variable. Raises Conflict when the instance has ended, UnreadableState
    when it cannot be opened."""
    instance = _read(diagrams, state)
    try:
        return Snapshot(
            process_id=instance.process_id,
            elements=tuple(_element(task) for task in instance.open_tasks()),
            scopes=tuple(_scope(workflow) for workflow in instance.workflows()),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise damaged(error) from error


def resumable(diagrams: Diagrams, state: bytes | None) -> str | None:
    """Why this build cannot go on with an instance of this release; None when it can."""
    try:
        look(diagrams, state)
    except UnreadableState as error:
        return error.message
    return None


def _read(diagrams: Diagrams, state: bytes | None) -> Instance:
    if not state:
        raise Conflict("The process instance has ended.")
    return load(state, diagrams.specs, Turn(datetime.min.replace(tzinfo=UTC), {}, _nothing_is_decided, {}))


def _nothing_is_decided(decision_id: str, _context: Mapping[str, Any]) -> Any:
    raise ModelError(f"Looking at an instance asked for the decision “{decision_id}”.")


def _element(task: SpiffTask) -> OpenElement:
    element, kept = task.task_spec.element, task.internal_data
    return OpenElement(
        id=task.id,
        element_id=element.id,
        name=element.name,
        kind=element.kind,
        process_id=element.process_id,
        inside=tuple(_around(task.workflow))[::-1],
        task_id=known_as(task, "user") if "user" in kept else None,
        job_id=known_as(task, "job") if "job" in kept else None,
        job_type=kept["job"]["type"] if "job" in kept else None,
        message=kept[MESSAGE] if waits_for(task, MESSAGE) else None,
        correlation_key=kept["key"] if waits_for(task, MESSAGE) else None,
        signal=kept[SIGNAL] if waits_for(task, SIGNAL) else None,
        due_at=due_at(task) if waits_for(task, DUE) else None,
        variables={**kept.get(ONE, {}), **kept.get(LOCAL, {})},
    )


def _around(workflow: SpiffWorkflow) -> Iterator[str]:
    while workflow.parent_task_id is not None:
        yield workflow.parent_task_id
        workflow = workflow.parent_workflow


def _scope(workflow: SpiffWorkflow) -> OpenScope:
    process_id = workflow.spec.name.removeprefix("#").partition("/")[0]
    return OpenScope(workflow.parent_task_id, process_id, dict(workflow.data))
