"""Reading an instance at rest: which tokens stand for themselves, and what belongs to each. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.engine.building import spec_name
from service.engine.catching import CatchSpec
from service.engine.gateways import EventGatewaySpec
from service.engine.plans import attachment_of
from service.engine.spiff import OPEN, AttachmentSpec, DrawnSpec, SpiffTask, SpiffWorkflow, body_of


def key_of(workflow: SpiffWorkflow) -> str:
    """The scope key of what a workflow runs."""
    name: str = workflow.spec.name
    return name.removeprefix("#")


def tokens(workflow: SpiffWorkflow) -> Iterator[SpiffTask]:
    """The open tasks of a workflow that stand for themselves: no repetitions, no events on an edge."""
    for task in list(workflow.tasks.values()):
        if task.has_state(OPEN) and isinstance(task.task_spec, DrawnSpec) and not _is_beside(task):
            yield task


def _is_beside(task: SpiffTask) -> bool:
    """A repetition belongs to what is repeated, an event on an edge to its activity, and a trigger to its scope."""
    spec = task.task_spec
    return spec.is_trigger or spec.element.kind == "boundaryEvent" or body_of(task) is not None


def behind_gateway(task: SpiffTask) -> bool:
    """Whether it waits beside other events behind an event-based gateway."""
    return isinstance(task.parent.task_spec, EventGatewaySpec) and isinstance(task.task_spec, CatchSpec)


def boundary_events(host: SpiffTask) -> list[SpiffTask]:
    """The open events on the edge of an open activity."""
    if not isinstance(host.parent.task_spec, AttachmentSpec):
        return []
    return [one for one in host.parent.children if one is not host and one.has_state(OPEN)]


def drawn_on(spec: Any) -> list[Any]:
    """The specs of all events on the edge of an activity."""
    attachment = attachment_of(spec)
    return [] if attachment is None else [one for one in attachment.outputs if one is not spec]


def repetitions(body: SpiffTask) -> list[SpiffTask]:
    """The open repetitions of a repeated activity."""
    return [one for one in body.workflow.tasks.values() if body_of(one) is body and one.has_state(OPEN)]


def inner_of(task: SpiffTask) -> SpiffWorkflow | None:
    """What runs inside an open embedded or called process."""
    inner = task.workflow.top_workflow.subprocesses.get(task.id)
    return None if inner is None or inner.completed else inner


def everything_in(task: SpiffTask) -> Iterator[SpiffTask]:
    """Every open token inside a token, however deep."""
    for holder in (task, *repetitions(task)):
        inner = inner_of(holder)
        for one in tokens(inner) if inner is not None else ():
            yield one
            yield from everything_in(one)


def beside(spec: Any, name: str, workflow: SpiffWorkflow) -> Any:
    """What stands to the element called `name` as `spec` stands to its own: the same listener, one repetition."""
    own = spec_name(spec.element.id)
    found = workflow.spec.task_specs.get(name + spec.name.removeprefix(own))
    return found if type(found) is type(spec) else None


def lost_words(task: SpiffTask, how: str) -> str:
    """That a token ends, with everything inside it, as a sentence."""
    inside = [one.task_spec.element.label for one in everything_in(task)]
    with_it = f", with {', '.join(dict.fromkeys(inside))} inside it" if inside else ""
    return f"{task.task_spec.element.label} {how}{with_it}."


def no_longer(event: SpiffTask, host: str) -> str:
    """That an event on an edge is lost, as a sentence."""
    return f"{event.task_spec.element.label} on the edge of {host} is not waited for."
