"""Variables and their scopes, as Camunda 8 has them: who sees what, and where a result is written. Values are JSON.

A process and a called process each hold the variables of their instance; an embedded sub-process adds a scope of its
own inside that; a waiting task adds its input mapping. A result is written to the nearest scope that has the name,
else to the scope of the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from service.engine.drawn import RESERVED_NAMES, Element, EventDetail
from service.engine.spiff import LOCAL, ONE, AttachmentSpec, SpiffTask, SpiffWorkflow, turn_of
from service.engine.texts import SharedScope
from service.engine.turn import wrong
from service.feel import from_json

Layer = Mapping[str, Any]


class Seen(SharedScope):
    """Everything an expression may read, as JSON. The context wins, then the nearest layer."""

    def __init__(self, context: Layer, layers: Sequence[Layer]) -> None:
        self._context = context
        self._layers = layers

    def __getitem__(self, name: str) -> Any:
        for layer in (self._context, *self._layers):
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in layer for layer in (self._context, *self._layers))

    def as_feel(self) -> dict[str, Any]:
        """All of it as FEEL values. Raises FeelError."""
        return {name: from_json(self[name]) for name in self}

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for layer in (self._context, *self._layers) for name in layer))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def scopes_of(workflow: SpiffWorkflow) -> list[dict[str, Any]]:
    """The scopes seen from inside a workflow, nearest first; the last is that of its process."""
    scopes = [workflow.data]
    while workflow.parent_task_id is not None:
        holder = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        if not holder.task_spec.scope_holder:
            break
        workflow = holder.workflow
        scopes.append(workflow.data)
    return scopes


def layers_of(task: SpiffTask) -> list[Layer]:
    """The layers seen from a task, nearest first. A boundary event sees what its activity sees."""
    return [_own_layer(task), *_written_scopes(task)]


def _written_scopes(task: SpiffTask) -> list[dict[str, Any]]:
    one: dict[str, Any] | None = task.internal_data.get(ONE)
    return [*([one] if one is not None else []), *scopes_of(task.workflow)]


def _own_layer(task: SpiffTask) -> Layer:
    element: Element = task.task_spec.element
    if element.kind == "boundaryEvent" and isinstance(element.detail, EventDetail):
        for sibling in task.parent.children:
            if sibling.task_spec.element.id == element.detail.attached_to:
                inner = task.workflow.top_workflow.get_subprocess(sibling)
                held = inner is not None and sibling.task_spec.scope_holder
                layer: Layer = inner.data if held else sibling.internal_data.get(LOCAL, {})
                return layer
    own: Layer = task.internal_data.get(LOCAL, {})
    return own


def seen_by(task: SpiffTask, *nearer: Layer) -> Seen:
    """What an expression on the task may read; `nearer` layers hide the task's own."""
    return Seen(turn_of(task).context, [*nearer, *layers_of(task)])


def visible(task: SpiffTask) -> dict[str, Any]:
    """Every variable the task sees, as JSON, without the context."""
    merged: dict[str, Any] = {}
    for layer in reversed(layers_of(task)):
        merged.update(layer)
    return merged


def mapped_in(task: SpiffTask) -> dict[str, Any]:
    """The result of the element's input mapping. Each line sees the lines before it. Raises ModelError.

    A listener before the element has applied the mapping already and may have added to it.
    """
    element: Element = task.task_spec.element
    before = task.parent.parent if isinstance(task.parent.task_spec, AttachmentSpec) else task.parent
    if getattr(before.task_spec, "begins", None) is element:
        return dict(before.internal_data[LOCAL])
    local: dict[str, Any] = {}
    for mapping in element.inputs:
        seen = seen_by(task, local)
        value = turn_of(task).evaluate_json(mapping.source, seen, element, f"the input mapping to “{mapping.target}”")
        _put(local, mapping.target, value, element, [local])
    return local


def merge_out(task: SpiffTask, values: Layer, hidden: Layer | None = None) -> None:
    """Write what the task gave through its output mapping, or all of it when none is drawn. Raises ModelError.

    `hidden` is what the mapping may read beside `values` and what is never written without a mapping.
    """
    element: Element = task.task_spec.element
    written: dict[str, Any] = {}
    if not element.outputs:
        written.update(values)
    outer = layers_of(task)
    for mapping in element.outputs:
        layers = [written, values, *([hidden] if hidden else []), *outer]
        seen = Seen(turn_of(task).context, layers)
        value = turn_of(task).evaluate_json(mapping.source, seen, element, f"the output mapping to “{mapping.target}”")
        _put(written, mapping.target, value, element, [written, *_written_scopes(task)])
    propagate(task, written)


def propagate(task: SpiffTask, values: Layer) -> None:
    """Write each value to the nearest scope that has the name, else to the scope of the process."""
    scopes = _written_scopes(task)
    for name, value in values.items():
        holder = next((scope for scope in scopes if name in scope), scopes[-1])
        holder[name] = value


def correct(task: SpiffTask, values: Layer) -> None:
    """Write to the scope of an open element: of what runs inside it, else its own variables."""
    inner = task.workflow.top_workflow.get_subprocess(task)
    own: dict[str, Any] = inner.data if inner is not None else task.internal_data.setdefault(LOCAL, {})
    own.update(values)


def _put(target: dict[str, Any], path: str, value: Any, element: Element, known: Sequence[Layer]) -> None:
    """Write to a path such as `person.name`, keeping the other entries of a context already known."""
    head, *rest = path.split(".")
    if not head or head in RESERVED_NAMES:
        raise wrong(element, f"a mapping may not write “{path}”")
    if not rest:
        target[head] = value
        return
    before = next((layer[head] for layer in known if head in layer), None)
    inner = deepcopy(before) if isinstance(before, dict) else {}
    target[head] = inner
    for name in rest[:-1]:
        step = inner.get(name)
        inner[name] = step if isinstance(step, dict) else {}
        inner = inner[name]
    inner[rest[-1]] = value
