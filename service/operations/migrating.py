"""Moving one instance to another release and back, whoever asked and whatever for. Which ones is in `migrations.py`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service import engine
from service.domain.errors import Conflict
from service.domain.outcome import Outcome
from service.operations.advancing import settle
from service.operations.context import expression_context
from service.operations.environment import ReleaseInUse
from service.operations.redrawing import redraw
from service.operations.step import Step
from service.store.instances import InstanceRow
from service.store.jobs import open_jobs_of_instance, revive_jobs, suspend_jobs
from service.store.migrations import MigratedRow
from service.store.tables import db
from service.store.tasks import DraftRow, TaskRow, find_draft, find_tasks


class WouldLose(Conflict):
    """Moving would lose something that nobody has accepted to lose."""

    def __init__(self, lost: tuple[str, ...]) -> None:
        self.lost = lost
        super().__init__(" ".join(lost))


@dataclass(frozen=True, slots=True)
class Moved:
    """What moving an instance did, or would do."""

    lost: tuple[str, ...]
    """Empty when everything goes on."""
    state: bytes
    """As it was before."""
    kept: dict[str, Any]
    """What else moving it back needs, as JSON."""
    can_go_back: bool
    """False when moving has done something that nothing undoes."""


def move(step: Step, old: ReleaseInUse, plan: engine.Plan) -> Moved:
    """Move a locked instance from the old release to that of the step, rows and all.

    Raises CannotMove with every reason, and ModelError for what only shows when the rows follow; the transaction must
    not be kept then.
    """
    instance = step.instance
    state, kept = instance.state, _remembered(step)
    migrated = _asked(step, old, plan, state)
    step.because = lambda: f"when {step.actor.name} moved “{instance.name}” to release {step.release.number}"
    _take_name(step, plan)
    instance.renamed = [*(instance.renamed or []), *_renamed(plan)]
    lost = (*migrated.lost, *redraw(step, migrated.outcome))
    outcome = settle(step, migrated.outcome)
    _stay_suspended(instance)
    undone = not (migrated.outcome.thrown or migrated.outcome.broadcast or outcome is not migrated.outcome)
    return Moved(lost, state, kept, undone and outcome.ended is None)


def move_back(step: Step, row: MigratedRow) -> None:
    """Put a locked instance back to what `row` remembers, under the release of the step, which it came from."""
    instance, kept = step.instance, row.kept or {}
    outcome = _asked(step, step.release, engine.Plan(), row.state or b"").outcome
    step.because = lambda: f"when {step.actor.name} moved “{instance.name}” back to release {step.release.number}"
    instance.process_id, instance.name, instance.open_key = kept["process_id"], kept["name"], kept["open_key"]
    _revive(step, outcome, kept["drafts"])
    redraw(step, outcome)
    settle(step, outcome)
    _stay_suspended(instance)


def digest_of(instance: InstanceRow) -> str:
    """Tells one state of an instance from every other."""
    return hashlib.sha256(instance.state).hexdigest()


def _asked(step: Step, old: ReleaseInUse, plan: engine.Plan, state: bytes) -> engine.Migrated:
    now = step.env.now()
    return engine.migrate(
        old.diagrams,
        step.release.diagrams,
        state,
        plan,
        now=now,
        context=expression_context(step.env, step.release, step.case, step.chart),
        decide=step.release.decider(now),
        functions=step.release.functions(now),
        since=_since(step) if "recompute" in (plan.deadlines, plan.timers) else None,
    )


def _since(step: Step) -> dict[str, engine.Since]:
    """When each open user task and job opened, with the clock as it stood then."""
    opened: dict[str, datetime] = {row.id: row.opened_at for row in find_tasks(step.instance.following.tasks)}
    opened |= {row.id: row.created_at for row in open_jobs_of_instance(step.instance.id)}
    return {key: engine.Since(at, step.release.functions(at)) for key, at in opened.items()}


def _remembered(step: Step) -> dict[str, Any]:
    instance = step.instance
    tasks = find_tasks(instance.following.tasks)
    drafts = {task.id: find_draft(task.id) for task in tasks if task.draft_version}
    return {
        "process_id": instance.process_id,
        "name": instance.name,
        "open_key": instance.open_key,
        "drafts": {task_id: _draft_as_json(draft) for task_id, draft in drafts.items() if draft is not None},
    }


def _draft_as_json(draft: DraftRow) -> dict[str, Any]:
    return {"answers": draft.answers, "saved_at": draft.saved_at.isoformat(), "saved_by": draft.saved_by}


def _take_name(step: Step, plan: engine.Plan) -> None:
    """The instance is called as its process is now; what kept a second one from starting keeps doing so."""
    instance = step.instance
    process_id = plan.process(instance.process_id)
    if instance.open_key is not None:
        instance.open_key = f"{process_id}:{instance.case_reference}"
    instance.process_id, instance.name = process_id, step.release.diagrams.processes[process_id].name


def _renamed(plan: engine.Plan) -> list[list[str]]:
    """Pairs of element ids that name the same, so that what was done under the one counts for the other."""
    pairs = [(source.rpartition("/")[2], target) for source, target in plan.elements.items()]
    return [[source, target] for source, target in pairs if target is not None and target != source]


def _revive(step: Step, outcome: Outcome, drafts: dict[str, Any]) -> None:
    """Open again the rows that ended by moving, with the drafts they had."""
    instance = step.instance
    tasks = {task.id for task in outcome.user_tasks} - instance.following.tasks
    for task in find_tasks(tasks):
        task.status = "open"
        task.ended_at = task.ended_by = task.ended_because = None
        _restore_draft(task, drafts.get(task.id))
        step.consequences.append(f"Open again: {task.name}")
    jobs = {job.id for job in outcome.jobs} - instance.following.jobs
    revive_jobs(jobs, step.env.now())
    instance.following = replace(
        instance.following, tasks=instance.following.tasks | tasks, jobs=instance.following.jobs | jobs
    )


def _restore_draft(task: TaskRow, kept: dict[str, Any] | None) -> None:
    if kept is not None:
        saved_at = datetime.fromisoformat(kept["saved_at"])
        db.session.add(DraftRow(task_id=task.id, answers=kept["answers"], saved_at=saved_at, saved_by=kept["saved_by"]))
        task.draft_version += 1


def _stay_suspended(instance: InstanceRow) -> None:
    if instance.status == "suspended":
        suspend_jobs(instance.id)
