"""What a moved scope keeps beside its tokens: event sub-processes that can begin, and what was done in it that can be
undone. Tokens are moved in `moving.py`."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from service.engine.drawn import EventDetail, scope_key
from service.engine.event_subprocesses import EventSubProcessSpec, TriggerSpec
from service.engine.listeners import THEN
from service.engine.plans import Plan, fits
from service.engine.scopes import waiting_triggers
from service.engine.spiff import DONE, OPEN, SpiffTask, SpiffWorkflow
from service.engine.standing import key_of


class Asides:
    """What is lost of it, and which event sub-processes are to open."""

    def __init__(self, plan: Plan, specs: Mapping[str, Any]) -> None:
        self.plan, self.specs = plan, specs
        self.lost: list[str] = []
        self.cannot: list[str] = []
        self.new_triggers: list[tuple[SpiffWorkflow, TriggerSpec]] = []

    def carry_memory(self, old: SpiffWorkflow, new: SpiffWorkflow) -> None:
        """What was completed can be undone as before, as far as the new release draws how."""
        memory = deepcopy(old.task_tree.internal_data)
        done = memory.pop(DONE, [])
        if memory:
            self.cannot.append(f"{key_of(old)} remembers what Towpath does not know how to move: {', '.join(memory)}.")
        elif done:
            new.task_tree.internal_data[DONE] = self.renamed(done, key_of(old), key_of(new))

    def renamed(self, done: list[dict[str, Any]], old_key: str, new_key: str) -> list[dict[str, Any]]:
        """Entries of what was completed in a scope, under the names the activities have now."""
        process_id, new_process_id = old_key.partition("/")[0], new_key.partition("/")[0]
        known = self.specs[new_process_id].handlers.keys() | self.specs[new_key].handlers.keys()
        found = []
        for entry in done:
            activity, inside = entry.get("a"), entry.get("n", [])
            target = None if activity is None else self.plan.element(process_id, activity)
            old_inner = old_key if activity is None else scope_key(process_id, activity)
            new_inner = new_key if activity is None else scope_key(new_process_id, target or "")
            kept = self.renamed(inside, old_inner, new_inner) if new_inner in self.specs else []
            if activity is not None and not inside and f"{new_key}:{target}" not in known:
                self.lost.append(f"“{activity}” was done and can no longer be undone.")
                continue
            if inside and not kept:
                self.lost.append(f"What was done in “{activity or old_key}” can no longer be undone.")
            found.append(entry | ({"a": target} if activity is not None else {}) | ({"n": kept} if inside else {}))
        return found

    def carry_triggers(self, old: SpiffWorkflow, new: SpiffWorkflow) -> list[tuple[SpiffTask, TriggerSpec]]:
        """The event sub-processes that wait in both, as they are to be moved; others are lost, or open."""
        drawn = {(spec.element.process_id, spec.element.id): spec for spec in new.spec.triggers}
        going_on: list[tuple[SpiffTask, TriggerSpec]] = []
        waiting = waiting_triggers(old)
        for task in waiting:
            spec = drawn.get(self.plan.target(task.task_spec))
            if spec is not None and fits(task.task_spec, spec):
                going_on.append((task, spec))
            else:
                self.lost.append(_cannot_begin(task))
        was_waiting = {id(task.task_spec) for task in waiting}
        happened = {self.plan.target(spec) for spec in old.spec.triggers if id(spec) not in was_waiting}
        if not _begun(old) or _interrupted(old):
            return going_on
        there = {id(spec) for _, spec in going_on}
        self.new_triggers += [
            (new, spec) for key, spec in drawn.items() if id(spec) not in there and key not in happened
        ]
        return going_on

    def leave(self, old: SpiffWorkflow) -> None:
        """The scope around tokens is gone, and with it what waited beside them."""
        self.lost += [_cannot_begin(task) for task in waiting_triggers(old)]
        if old.task_tree.internal_data.get(DONE):
            self.lost.append(f"What was done in {key_of(old)} can no longer be undone.")


def _begun(workflow: SpiffWorkflow) -> bool:
    """Whether the scope's token has passed its start event, at which event sub-processes open."""
    return not any(THEN in task.internal_data for task in workflow.live.values())


def _interrupted(workflow: SpiffWorkflow) -> bool:
    """Whether an event sub-process has ended everything else in the scope: no other begins in it any more."""
    interrupting = {
        id(spec.outputs[0])
        for spec in workflow.spec.triggers
        if isinstance(spec.element.detail, EventDetail) and spec.element.detail.interrupting
    }
    return any(
        isinstance(task.task_spec, EventSubProcessSpec) and id(task.task_spec) in interrupting
        for task in workflow.live.values()
        if task.has_state(OPEN)
    )


def _cannot_begin(task: SpiffTask) -> str:
    return f"{task.task_spec.begun.label} is not waited for."
