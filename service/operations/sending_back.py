"""Sending a user task back to an earlier one, with a reason: only to where a property of the diagram allows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.access.rules import Permission
from service.domain.errors import Invalid, NotAllowed
from service.domain.outcome import Outcome
from service.domain.people import Actor
from service.domain.stimuli import TaskSentBack
from service.operations.advancing import advance
from service.operations.asked import Asked, lock_asked
from service.operations.environment import Environment
from service.operations.guards import names_in
from service.operations.register import clear_signatures
from service.operations.standing import require_running
from service.operations.steering import required_reason
from service.operations.step import record
from service.operations.stuck import stuck_when_wrong
from service.operations.transaction import about, operation
from service.operations.views import SentBack
from service.store.tasks import TaskRow, find_draft, find_tasks, keep_draft, latest_answered

PROPERTY = "sendBackTo"
"""Names, on the diagram, the elements that a user task can be sent back to."""
VARIABLE = "sentBack"
"""What the diagram reads of it: a context with `because`, `by` (a person's id), `at` and `from` (an element id)."""


@stuck_when_wrong
@operation
def send_task_back(
    env: Environment,
    actor: Actor,
    *,
    task_id: str,
    reason: str,
    to: str | None = None,
    answers: Mapping[str, Any] | None = None,
) -> SentBack:
    """Send a user task back to the element `to`, which may be left out when the diagram allows only one.

    What was answered there comes back as its draft; `answers`, or else the draft of the task that is left, are kept in
    the history; signatures since then are cleared. Raises NotFound, NotAllowed, Invalid, Conflict, ModelError.
    """
    asked = lock_asked(env, actor, task_id)
    task, step = asked.task, asked.step
    with about(case_reference=step.case.reference, instance_id=step.instance.id, subject=task.name):
        asked.require(Permission.SEND_BACK)
        target = _target(asked, to)
        because = required_reason(reason, "sending this back")
        require_running(step.instance)
        half_typed = _half_typed(asked, answers)
        before = latest_answered(step.instance, target)
        clear_signatures(step, because, since=before.ended_at if before else None)
        known = step.instance.following.tasks
        sent = {"because": because, "by": actor.id, "at": env.now().isoformat(), "from": task.element_id}
        outcome = advance(step, TaskSentBack(task.id, target, {VARIABLE: sent}))
        _tell_who_goes_on(asked, outcome, known, because)
        name = _name_of(asked, target)
        details = {"task": task.id, "to": name, "reason": because, "draft": half_typed}
        record(step, "TaskSentBack", task.name, details={key: value for key, value in details.items() if value})
    return SentBack(task.id, task.name, target, name, step.case.reference, step.instance.id, tuple(step.opened))


def send_back_targets(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What the diagram lets this user task be sent back to: element id and name of each."""
    return tuple((name, _name_of(asked, name)) for name in names_in(asked.task.properties.get(PROPERTY)))


def _target(asked: Asked, to: str | None) -> str:
    allowed = dict(send_back_targets(asked))
    if not allowed:
        raise NotAllowed(Permission.SEND_BACK.value, "the diagram draws nothing that it could be sent back to")
    if to is None and len(allowed) == 1:
        return next(iter(allowed))
    if to not in allowed:
        words = "; ".join(f"{element_id} ({name})" for element_id, name in allowed.items())
        raise Invalid({"to": [f"It can be sent back to: {words}"]})
    return to


def _name_of(asked: Asked, element_id: str) -> str:
    found = asked.step.release.diagrams.elements.get((asked.task.process_id, element_id))
    return found.name if found is not None and found.name else element_id


def _half_typed(asked: Asked, answers: Mapping[str, Any] | None) -> dict[str, Any]:
    draft = find_draft(asked.task.id)
    form = asked.form()
    kept = form.keep(answers) if form is not None and answers is not None else draft.answers if draft else {}
    return {key: value for key, value in kept.items() if value not in (None, "", [])}


def _tell_who_goes_on(asked: Asked, outcome: Outcome, known: frozenset[str], because: str) -> None:
    """On each user task that opened: who sent it back, why, and the answers of the last time as its draft."""
    step, now = asked.step, asked.step.env.now()
    said = {"by": step.actor.name, "at": now.isoformat(), "because": because, "from": asked.task.name}
    for row in find_tasks({task.id for task in outcome.user_tasks} - known):
        row.sent_back = said
        before: TaskRow | None = latest_answered(step.instance, row.element_id)
        if before is not None and before.answers:
            keep_draft(row, dict(before.answers), by=before.ended_by or step.actor.id, at=now)
