"""An instance as bytes and back. Specifications are not in it, and of the past only what a waiting token stands on.

    {"v": 2, "p": process id, "i": workflow}

A workflow is {"s": scope key, "d": variables, "t": tokens, "r": internal data of its root or absent}. A token that is
open is [name of its spec, state, number of its parent, id, internal data, the workflow inside it or absent]; one that
has ended and is the parent of an open one is [name, state, number of its parent]. Numbers count the tokens of the
workflow from 1; 0 is its root. Everything else has been left behind (`Instance.leave_behind`). How version 1 differs is
in `earlier_states.py`.
"""

from __future__ import annotations

from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from service.domain.errors import ModelError, UnreadableState
from service.engine.earlier_states import from_version_1
from service.engine.instance import Instance
from service.engine.spiff import OPEN, DrawnSpec, SpiffTask, SpiffWorkflow
from service.engine.tokens import Part, Token
from service.engine.turn import Turn

VERSION = 2
STATE_VERSION = str(VERSION)
"""What is kept beside a state, so that nobody opens it to see whether this build can."""
READABLE_STATES = frozenset({"1", STATE_VERSION})


def save(instance: Instance) -> bytes:
    """The instance as bytes. Raises ModelError when its variables are no JSON that can be kept."""
    try:
        return orjson.dumps({"v": VERSION, "p": instance.process_id, "i": _workflow_to_json(instance)})
    except TypeError as error:  # half a character, a number of more than 64 bits, lists in lists without end
        raise ModelError(f"The variables of the process cannot be kept: {error}.") from error


def load(state: bytes, specs: Any, turn: Turn) -> Instance:
    """The instance these bytes hold.

    Raises UnreadableState when they are damaged, of a version this Towpath does not know, or of other diagrams.
    """
    kept = opened(state)
    spec = specs.get(kept["p"])
    if spec is None:
        raise UnreadableState(f"The process “{kept['p']}” is not in this release.")
    try:
        instance = Instance(spec, specs, turn, deserializing=True)
        _fill(instance, kept["i"])
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise damaged(error) from error
    return instance


def opened(state: bytes) -> dict[str, Any]:
    """The state as JSON of this version, whichever it was written in. Raises UnreadableState."""
    try:
        kept = orjson.loads(state)
        version = kept["v"]
        if version == 1:
            return from_version_1(kept)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise damaged(error) from error
    if version != VERSION:
        raise UnreadableState(f"The state is of version {version}; this Towpath reads versions 1 to {VERSION}.")
    if "p" not in kept or "i" not in kept:
        raise UnreadableState("The state of the process instance is damaged: it does not say what it holds.")
    checked: dict[str, Any] = kept
    return checked


def damaged(error: Exception) -> UnreadableState:
    """The error for bytes that are no state."""
    return UnreadableState(f"The state of the process instance is damaged: {error!r}.")


def _workflow_to_json(workflow: SpiffWorkflow) -> dict[str, Any]:
    kept = _kept(workflow)
    numbers = {task.id: number for number, task in enumerate(kept)}
    rows = [_task_to_json(task, numbers) for task in kept[1:]]
    json: dict[str, Any] = {"s": workflow.spec.name.removeprefix("#"), "d": workflow.data, "t": rows}
    if workflow.task_tree.internal_data:
        json["r"] = workflow.task_tree.internal_data
    return json


def _kept(workflow: SpiffWorkflow) -> list[SpiffTask]:
    """The root, and in the order they came into being what is open and the parents of that."""
    root = workflow.task_tree
    needed: set[str] = set()
    for task in workflow.tasks.values():
        if task.has_state(OPEN):
            needed.update((task.id, task._parent))
    return [root, *(task for task in workflow.tasks.values() if task.id in needed and task is not root)]


def _task_to_json(task: SpiffTask, numbers: dict[str, int]) -> list[Any]:
    row = [task.task_spec.name, task.state, numbers.get(task._parent, 0)]
    if task.has_state(OPEN):
        row += [str(task.id), task.internal_data]
        inner = task.workflow.top_workflow.subprocesses.get(task.id)
        if inner is not None:
            row.append(_workflow_to_json(inner))
    return row


def _fill(workflow: SpiffWorkflow, json: dict[str, Any]) -> None:
    workflow.data = _context(json["d"])
    root = workflow.task_tree = Token(workflow, workflow.spec.start, None, TaskState.COMPLETED)
    root.internal_data = _context(json.get("r", {}))
    tokens = [root]
    for name, token_state, parent, *more in json["t"]:
        spec = workflow.spec.task_specs.get(name)
        if spec is None:
            raise UnreadableState(f"The element “{name}” is not in the process “{json['s']}” of this release.")
        if bool(more) != (token_state in _OPEN_STATES) or not 0 <= parent < len(tokens):
            raise ValueError(f"a token of “{name}” in state {token_state} below number {parent}")
        token = Token(workflow, spec, tokens[parent], token_state, *more[:1])
        tokens.append(token)
        if more:
            token.internal_data = _context(more[1])
        for inner in more[2:]:
            _fill_inner(token, inner)
    for token in tokens:
        if not isinstance(token.task_spec, DrawnSpec) and token.has_state(OPEN):
            # SpiffWorkflow's own end of a workflow needs what comes after it.
            token.task_spec._predict(token, mask=TaskState.NOT_FINISHED_MASK)


_OPEN_STATES = frozenset({TaskState.WAITING, TaskState.READY, TaskState.STARTED})


def _context(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"variables that are no context but {value!r:.100}")
    return value


def _fill_inner(holder: Token, json: dict[str, Any]) -> None:
    instance = holder.workflow.top_workflow
    spec = instance.subprocess_specs.get(json["s"])
    if spec is None or not hasattr(holder.task_spec, "inner_completed"):
        raise UnreadableState(f"The process “{json['s']}” is not in this release.")
    inner = Part(spec, holder, deserializing=True)
    instance.subprocesses[holder.id] = inner
    inner.completed_event.connect(holder.task_spec.inner_completed, holder)
    _fill(inner, json)
