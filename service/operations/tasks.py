"""What people do to a user task: claim, release, save, complete, allow despite a rule. Reading one is in `queue.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.access.rules import Permission, require
from service.domain.errors import Conflict, Invalid, NotFound, Refusal, Refused
from service.domain.people import Actor
from service.domain.stimuli import TaskCompleted
from service.operations.advancing import advance
from service.operations.asked import Asked, lock_asked, lock_asked_or_ended, require_open
from service.operations.environment import Environment
from service.operations.opening import forget_variables
from service.operations.oversight import write_oversight_record
from service.operations.repeating import completed_before
from service.operations.standing import require_running
from service.operations.step import record
from service.operations.stuck import stuck_when_wrong
from service.operations.transaction import about, operation
from service.operations.views import Completion, DraftView
from service.store.tasks import OverrideRow, add_contributor, allow, delete_draft, find_draft, keep_draft

MAX_REASON = 4_000


@operation
def claim_task(env: Environment, actor: Actor, *, task_id: str) -> None:
    """Take a user task for oneself. Raises NotFound, Conflict, NotAllowed."""
    asked = lock_asked(env, actor, task_id)
    task = asked.task
    with _about(asked):
        if task.claimed_by == actor.id:
            return
        if task.claimed_by is not None:
            raise Conflict(f"{asked.step.chart.name_of(task.claimed_by)} claimed it first.")
        asked.require(Permission.CLAIM_TASK)
        require_running(asked.step.instance)
        task.claimed_by = actor.id
        task.claimed_at = env.now()
        record(asked.step, "TaskClaimed", task.name, details={"task": task.id})


@operation
def release_task(env: Environment, actor: Actor, *, task_id: str) -> None:
    """Give a claimed user task back to everybody it waits for. Raises NotFound, Conflict, NotAllowed."""
    asked = lock_asked(env, actor, task_id)
    with _about(asked):
        asked.require(Permission.RELEASE_TASK)
        asked.task.claimed_by = None
        asked.task.claimed_at = None
        record(asked.step, "TaskReleased", asked.task.name, details={"task": asked.task.id})


@operation
def save_draft(
    env: Environment, actor: Actor, *, task_id: str, answers: Mapping[str, Any], version: int | None
) -> DraftView:
    """Save answers without sending them; `version` is that of the draft they were typed over, None to insist.

    Raises NotFound, NotAllowed, and Conflict when somebody saved a newer draft. A draft leaves no history entry of its
    own, but whoever saved one counts as having written the answers (SOD-1).
    """
    asked = lock_asked(env, actor, task_id)
    with _about(asked):
        asked.require(Permission.SAVE_DRAFT)
        if version is not None and version != asked.task.draft_version:
            raise Conflict(f"These answers were changed elsewhere: the newest draft was saved by {_last_saver(asked)}.")
        form = asked.form()
        kept = form.keep(answers) if form else {}
        now = env.now()
        keep_draft(asked.task, kept, by=actor.id, at=now)
        return DraftView(answers=kept, version=asked.task.draft_version, saved_at=now, saved_by=actor.name)


@stuck_when_wrong
@operation
def complete_task(
    env: Environment, actor: Actor, *, task_id: str, answers: Mapping[str, Any], version: int | None = None
) -> Completion:
    """Send the answers of a user task; the process goes on in the same transaction.

    Raises NotFound, Conflict (done or changed by somebody else), NotAllowed, Invalid (every wrong field), Refused
    (every guard that says no), ModelError (the diagram is wrong; the task stays open and an incident is opened).

    Whoever sends the same answers twice, as with a double click, gets the first result again.
    """
    asked = lock_asked_or_ended(env, actor, task_id)
    first = completed_before(asked, answers)
    if first is not None:
        return first
    require_open(asked)
    with _about(asked):
        asked.require(Permission.COMPLETE_TASK)
        require_running(asked.step.instance)
        _check_newest(asked, version)
        given = asked.read(answers)
        refusals = asked.refusals(actor, given)
        if refusals:
            raise Refused(f"complete “{asked.task.name}”", refusals)
        return _complete(asked, given)


@operation
def override_refusal(env: Environment, actor: Actor, *, task_id: str, rule: str, reason: str) -> None:
    """Allow a soft refusal for one user task, with a written reason (requirements §1.6).

    Raises NotFound when nothing with that rule stands in the way, Refused when the rule cannot be overridden,
    NotAllowed, and Invalid without a reason.
    """
    asked = lock_asked(env, actor, task_id)
    with _about(asked):
        require_running(asked.step.instance)
        standing = _standing_refusals(asked, rule)
        if any(refusal.override_level is None for refusal in standing):
            raise Refused(f"allow rule {rule}", standing)
        for refusal in standing:
            require(actor, Permission.OVERRIDE_REFUSAL, asked.override_subject(refusal))
        if not reason.strip():
            raise Invalid({"reason": ["Enter the reason for allowing this"]})
        if len(reason) > MAX_REASON:
            raise Invalid({"reason": [f"Reason must be {MAX_REASON} characters or fewer"]})
        words = [refusal.message for refusal in standing]
        reason = reason.strip()
        allow(
            OverrideRow(
                task_id=task_id, rule=rule, allowed=words, reason=reason, allowed_by=actor.id, allowed_at=env.now()
            )
        )
        details = {"reason": reason, "allowed": words}
        record(asked.step, "RefusalOverridden", asked.task.name, rule=rule, details=details)


def _about(asked: Asked) -> Any:
    return about(case_reference=asked.step.case.reference, instance_id=asked.step.instance.id, subject=asked.task.name)


def _check_newest(asked: Asked, version: int | None) -> None:
    if version is not None and version != asked.task.draft_version:
        who = _last_saver(asked)
        raise Conflict(f"These answers were changed elsewhere: the newest draft was saved by {who}. Look at it first.")


def _last_saver(asked: Asked) -> str:
    draft = find_draft(asked.task.id)
    return asked.step.chart.name_of(draft.saved_by) if draft else "nobody"


def _complete(asked: Asked, given: Mapping[str, Any]) -> Completion:
    task, step = asked.task, asked.step
    now = step.env.now()
    task.status = "completed"
    task.ended_at = now
    task.ended_by = step.actor.id
    task.answers = dict(given)
    add_contributor(task, step.actor.id)
    delete_draft(task)
    step.ended.add(task.id)
    reference = write_oversight_record(asked, given)
    variables = {**given, "completedBy": step.actor.id, "completedAt": now.isoformat()}
    if reference:
        variables["oversightReference"] = reference
    forget_variables(task, step.release)
    outcome = advance(step, TaskCompleted(task.id, variables))
    rule = task.properties.get("rule") or task.properties.get("decision")
    record(step, "TaskCompleted", task.name, rule=rule, details={"task": task.id, "record": reference})
    return Completion(
        task_id=task.id,
        task_name=task.name,
        case_reference=step.case.reference,
        instance_id=step.instance.id,
        oversight_reference=reference,
        next=tuple(step.opened),
        instance_ended=outcome.ended is not None,
        case_status=step.case.status,
    )


def _standing_refusals(asked: Asked, rule: str) -> list[Refusal]:
    draft = find_draft(asked.task.id)
    refusals = asked.refusals(asked.actor, asked.believable(draft.answers if draft else {}))
    standing = [refusal for refusal in refusals if refusal.rule == rule]
    if not standing:
        raise NotFound(f"No rule {rule!r} stands in the way of {asked.task.name!r}.")
    return standing
