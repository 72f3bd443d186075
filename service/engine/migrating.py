"""A running instance moved to another release: state in, Outcome out. Choosing instances, and keeping what became of
them, is not here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from service.domain.errors import Conflict, ModelError
from service.domain.outcome import Outcome
from service.engine.diagrams import Diagrams
from service.engine.gateways import ParallelSpec
from service.engine.instance import Instance
from service.engine.moving import Move
from service.engine.plans import CannotMove, Plan, attachment_of
from service.engine.redrawing import Since, as_of, redraw
from service.engine.reporting import known_as, outcome
from service.engine.scopes import is_waiting_trigger
from service.engine.spiff import LOCAL, OPEN, AttachmentSpec, DrawnSpec, SpiffTask, SpiffWorkflow
from service.engine.state import load, save
from service.engine.turn import Decide, Turn
from service.engine.variables import mapped_in
from service.feel import HostFunction


@dataclass(frozen=True, slots=True)
class Migrated:
    """An instance under the other release."""

    outcome: Outcome
    lost: tuple[str, ...] = ()
    """What was open and is no more, as sentences. Empty when everything goes on."""


def migrate(
    old: Diagrams,
    new: Diagrams,
    state: bytes,
    plan: Plan,
    *,
    now: datetime,
    context: Mapping[str, Any],
    decide: Decide,
    functions: Mapping[str, HostFunction],
    since: Mapping[str, Since] | None = None,
) -> Migrated:
    """The instance with this state, as it goes on under `new`. Everything open keeps its id.

    `context`, `decide` and `functions` are those of the new release; `since` says of open tasks and jobs, by id, when
    they opened: dates and timers that are recomputed count from there, all others from `now`. Raises CannotMove with
    every reason, Conflict when the instance has ended, ModelError when an expression of the new diagrams fails. Nothing
    has changed then.
    """
    if not state:
        raise Conflict("The process instance has ended.")
    turn = Turn(now.astimezone(UTC), context, decide, functions)
    move = Move(load(state, old.specs, turn), new, plan, turn)
    move.carry()
    if not move.cannot:
        move.cannot.extend(_left_empty(move))
    if move.cannot:
        raise CannotMove(tuple(dict.fromkeys(move.cannot)))
    try:
        return _go_on(move, new, plan, turn, since or {})
    except SpiffWorkflowException as error:
        raise ModelError(f"SpiffWorkflow could not go on: {error}") from error


def _go_on(move: Move, new: Diagrams, plan: Plan, turn: Turn, since: Mapping[str, Since]) -> Migrated:
    # Read back, so that it stands exactly as it will whenever it is opened again.
    afresh = [(workflow.parent_task_id, spec) for workflow, spec in move.afresh]
    triggers = [(workflow.parent_task_id, spec) for workflow, spec in move.asides.new_triggers]
    starved = _starved(move.before)
    instance = load(save(move.after), new.specs, turn)
    for holder_id in move.homes.entered:
        holder = instance.get_task_from_id(holder_id)
        instance.get_subprocess(holder).data = mapped_in(holder)
        holder.internal_data[LOCAL] = {}
    for before, task_id in move.kept:
        task = instance.get_task_from_id(task_id)
        redraw(task, before.task_spec, plan, _since(_host_of(task), since))
    for spec, host_id in move.homes.new_events:
        host = instance.get_task_from_id(host_id)
        opened = _since(host, since) if plan.timers == "recompute" else None
        with as_of(host.parent, opened):
            spec._update(host.parent._add_child(spec, TaskState.FUTURE))
    for holder_id, spec in [*triggers, *afresh]:
        workflow = instance if holder_id is None else instance.subprocesses[holder_id]
        entrance = attachment_of(spec) or spec
        entrance._update(workflow.task_tree._add_child(entrance, TaskState.FUTURE))
    waiting_for_ever = _starved(instance) - {(plan.process(key[0]), plan.element(*key)) for key in starved}
    if waiting_for_ever:
        raise CannotMove(tuple(_never(new, *key) for key in sorted(waiting_for_ever)))
    for workflow in instance.workflows():
        workflow.update_everything_that_waits()
    instance.run_to_rest()
    return Migrated(outcome(instance), tuple(dict.fromkeys(move.lost)))


def _since(task: SpiffTask, since: Mapping[str, Since]) -> Since | None:
    """When the user task or job opened, by the id the world knows it by."""
    return next((since.get(known_as(task, kind)) for kind in ("user", "job") if kind in task.internal_data), None)


def _host_of(task: SpiffTask) -> SpiffTask:
    """The activity on whose edge an event waits; any other task is its own."""
    if task.task_spec.element.kind != "boundaryEvent":
        return task
    attached_to = task.task_spec.detail.attached_to
    return next(one for one in task.parent.children if one.task_spec.element.id == attached_to)


def _left_empty(move: Move) -> Iterator[str]:
    """A scope in which nothing is left to happen would never end."""
    fresh = {id(workflow) for workflow, _ in move.afresh}
    for workflow in move.after.workflows():
        if id(workflow) not in fresh and not any(map(_is_token, workflow.live.values())):
            name = workflow.spec.name.removeprefix("#")
            yield f"Nothing would be left to do in {name}: name an end event for its last token."


def _starved(instance: Instance) -> set[tuple[str, str]]:
    """The parallel joins, by process and element id, that a token can reach and that can never have all of theirs."""
    return {
        (spec.element.process_id, spec.element.id)
        for workflow in instance.workflows()
        for spec in workflow.spec.task_specs.values()
        if isinstance(spec, ParallelSpec) and len(spec.inputs) > 1 and _is_starved(spec, workflow)
    }


def _is_starved(join: ParallelSpec, workflow: SpiffWorkflow) -> bool:
    here = Counter(
        task.parent.task_spec.name
        for task in workflow.tasks.values()
        if task.task_spec is join and task.has_state(TaskState.WAITING)
    )
    standing = [task.task_spec for task in workflow.tasks.values() if _is_token(task) and task.task_spec is not join]
    coming = _reachable(standing, join)
    enough = [here[source] >= needed or source in coming for source, needed in join.needed.items()]
    return (bool(here) or any(source in coming for source in join.needed)) and not all(enough)


def _is_token(task: SpiffTask) -> bool:
    spec = task.task_spec
    return bool(task.has_state(OPEN)) and isinstance(spec, DrawnSpec | AttachmentSpec) and not is_waiting_trigger(task)


def _reachable(standing: list[Any], without: Any) -> set[str]:
    """The names of the specs that a token can come to from any of these without passing the join."""
    found: set[str] = set()
    to_see = list(standing)
    while to_see:
        spec = to_see.pop()
        if spec is not without and spec.name not in found:
            found.add(spec.name)
            to_see.extend(spec.outputs)
            attachment = attachment_of(spec)
            if attachment is not None and attachment.name not in found:
                to_see.append(attachment)
    return found


def _never(new: Diagrams, process_id: str, element_id: str) -> str:
    label = f"“{new.element(process_id, element_id).name or element_id}”"
    return (
        f"{label} ({element_id}) would wait for ever: a way into it is drawn in the new release that no token of this "
        "instance can come along any more."
    )
