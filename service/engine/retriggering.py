"""Event sub-processes of an instance that moves to other diagrams: what can still begin, no more, or from now on. Those
that run already move like any embedded sub-process, in `moving.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from service.engine.event_subprocesses import EventSubProcessSpec
from service.engine.listeners import THEN
from service.engine.plans import Plan, fits
from service.engine.scopes import waiting_triggers
from service.engine.spiff import SpiffTask, SpiffWorkflow


def carry_triggers(
    old: SpiffWorkflow, new: SpiffWorkflow, plan: Plan, put: Callable[..., SpiffTask], lost: list[str]
) -> Iterator[tuple[str | None, Any]]:
    """Let what waits to begin an event sub-process wait on in the moved scope. Gives what is to open there because it
    was not drawn before: the activity whose scope it is, None for the whole process, and the spec."""
    drawn = {spec.element.id: spec for spec in new.spec.triggers}
    for task in waiting_triggers(old):
        spec = drawn.get(_becomes(task.task_spec, plan))
        if spec is not None and fits(task.task_spec, spec):
            put(task, spec, new, new.task_tree)
        else:
            lost.append(_no_longer(task))
    known = {_becomes(spec, plan) for spec in old.spec.triggers}
    if not _takes_no_more(old):
        yield from ((new.parent_task_id, spec) for element_id, spec in drawn.items() if element_id not in known)


def lost_triggers(scope: SpiffWorkflow) -> list[str]:
    """A sentence about each event sub-process of the scope that could begin, for when the scope goes."""
    return [_no_longer(task) for task in waiting_triggers(scope)]


def _no_longer(trigger: SpiffTask) -> str:
    return f"{trigger.task_spec.begun.label} is not waited for."


def _becomes(spec: Any, plan: Plan) -> str | None:
    return plan.element(spec.element.process_id, spec.element.id)


def _takes_no_more(scope: SpiffWorkflow) -> bool:
    """Whether the scope was interrupted, or has yet to begin and opens its event sub-processes then."""
    running = [
        task.task_spec.element for task in scope.live.values() if isinstance(task.task_spec, EventSubProcessSpec)
    ]
    interrupted = any(spec.detail.interrupting and spec.begun in running for spec in scope.spec.triggers)
    return interrupted or any(THEN in task.internal_data for task in scope.live.values())
