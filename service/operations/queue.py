"""Reading queues and user tasks. Doing something to a task is in `tasks.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.access.chart import Chart, keys_of_actor
from service.access.rules import Permission, why_not
from service.domain.errors import Invalid, ModelError, Refusal
from service.domain.people import Actor
from service.operations.asked import Asked, clause, ended_words, find_asked, own_work
from service.operations.context import case_identity, read_chart
from service.operations.environment import Environment
from service.operations.oversight import allowed_in, questions_and_answers
from service.operations.showing import show_record
from service.operations.step import take_up
from service.operations.transaction import reading
from service.operations.views import AnsweredView, DraftView, OversightView, QueuePage, TaskSummary, TaskView
from service.store.instances import find_instances
from service.store.jobs import jobs_of_case
from service.store.records import records_of_instance
from service.store.tasks import (
    TaskRow,
    answered_before,
    count_queue,
    find_draft,
    latest_answered,
    queue_of,
)

MAX_PAGE = 200

DEEDS: Mapping[str, Permission] = {
    "claim": Permission.CLAIM_TASK,
    "release": Permission.RELEASE_TASK,
    "save": Permission.SAVE_DRAFT,
    "complete": Permission.COMPLETE_TASK,
}


@reading
def list_user_tasks(env: Environment, actor: Actor, *, after: str | None = None, limit: int = 50) -> QueuePage:
    """What waits for this actor, the oldest first. Raises Invalid on a cursor that is none of ours."""
    if not 1 <= limit <= MAX_PAGE:
        raise Invalid({"limit": [f"Ask for 1 to {MAX_PAGE} at a time"]})
    keys = keys_of_actor(actor)
    rows = queue_of(keys, actor.id, _cursor(after), limit + 1)
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return QueuePage(
        tasks=summarise(env, actor, shown),
        total=count_queue(keys, actor.id),
        next_after=f"{last.opened_at.isoformat()}~{last.id}" if last else None,
    )


@reading
def read_user_task(
    env: Environment, actor: Actor, *, task_id: str, answers: Mapping[str, Any] | None = None
) -> TaskView:
    """A user task as a page; `answers` are what was just typed, to be shown again. Raises NotFound."""
    asked = find_asked(env, actor, task_id)
    task, step = asked.task, asked.step
    draft = find_draft(task_id)
    known = _shown_answers(asked, draft.answers if draft else None, answers)
    form = asked.form()
    checklist = _checklist(asked, known)
    cannot = _cannot(asked)
    info = step.release.diagrams.element(task.process_id, task.element_id)
    overridable = tuple(refusal for refusal in checklist if _may_override(asked, refusal))
    # What is half written is for those who go on with it, and for whoever must judge it before allowing something.
    sees_draft = draft is None or draft.saved_by == actor.id or "save" not in cannot or bool(overridable)
    shown = known if sees_draft or answers is not None else {}
    return TaskView(
        summary=_summary(asked),
        asks=info.documentation,
        form_id=task.form_id,
        form_title=form.title if form else task.name,
        fields=asked.fields(shown),
        answers=shown,
        version=task.draft_version,
        draft=_draft_view(asked) if sees_draft else None,
        checklist=checklist,
        overridable=overridable,
        records=_records(asked),
        answered=_answered(asked),
        allowed=allowed_in(step),
        may=frozenset(DEEDS.keys() - cannot.keys()) | ({"override"} if overridable else frozenset()),
        cannot=cannot,
        release=step.release.number,
        rule_words=_rule_words(task),
        instance_id=task.instance_id,
    )


def _checklist(asked: Asked, answers: Mapping[str, Any]) -> tuple[Refusal, ...]:
    if asked.task.status != "open":
        return ()
    try:
        return tuple(asked.refusals(asked.actor, asked.believable(answers)))
    except ModelError as error:
        # The page must open all the same, and say so: completing would fail for this very reason.
        return (
            Refusal(
                rule="rule-book",
                message=f"It cannot be checked whether this may be done: {error.message}",
                cleared_by="Whoever keeps the rule book, or the case record when a fact of the case is missing",
            ),
        )


def summarise(env: Environment, actor: Actor, tasks: Sequence[TaskRow]) -> tuple[TaskSummary, ...]:
    """User tasks as the rows of a queue. The organisation and the candidates are read once for all of them."""
    instances = find_instances({task.instance_id for task in tasks})
    charts: dict[int, Chart] = {}
    found = []
    for task in tasks:
        instance = instances[task.instance_id]
        if instance.release_number not in charts:
            charts[instance.release_number] = read_chart(env.releases.get(instance.release_number))
        step = take_up(env, actor, instance, chart=charts[instance.release_number])
        found.append(_summary(Asked(task=task, step=step)))
    return tuple(found)


def _summary(asked: Asked) -> TaskSummary:
    task, step = asked.task, asked.step
    env, actor = step.env, step.actor
    claimed_by = task.claimed_by
    return TaskSummary(
        id=task.id,
        name=task.name,
        element_id=task.element_id,
        pathway=step.instance.name,
        case=case_identity(env, step.release, step.case, step.chart),
        opened_at=task.opened_at,
        due_at=task.due_at,
        overdue=task.due_at is not None and task.due_at < env.now(),
        why_me=_why_me(asked, task.candidates),
        claimed_by=step.chart.name_of(claimed_by) if claimed_by else None,
        claimed_by_me=claimed_by == actor.id,
        blocked=_blocked(asked),
        status=task.status,
    )


def _why_me(asked: Asked, words: Mapping[str, str]) -> str:
    """In words: the candidate the actor matches, else whom it waits for."""
    mine = [words[key] for key in sorted(words) if key in keys_of_actor(asked.actor)]
    return "; ".join(mine) if mine else "Waits for: " + "; ".join(words[key] for key in sorted(words))


def _blocked(asked: Asked) -> Refusal | None:
    if asked.actor.id not in asked.task.excluded:
        return None
    return next(iter(asked.personal_refusals({})), own_work())


def _cannot(asked: Asked) -> dict[str, str]:
    if asked.task.status != "open":
        return dict.fromkeys(DEEDS, f"it {ended_words(asked)}")
    subject = asked.subject()
    reasons = {deed: why_not(asked.actor, permission, subject) for deed, permission in DEEDS.items()}
    blocked = _blocked(asked)
    return {
        deed: clause(blocked.message) if blocked is not None else reason
        for deed, reason in reasons.items()
        if reason is not None
    }


def _may_override(asked: Asked, refusal: Refusal) -> bool:
    if refusal.override_level is None:
        return False
    return why_not(asked.actor, Permission.OVERRIDE_REFUSAL, asked.override_subject(refusal)) is None


def _shown_answers(asked: Asked, draft: Mapping[str, Any] | None, typed: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if typed is not None:
        return typed
    if draft is not None:
        return draft
    before = latest_answered(asked.task.instance_id, asked.task.element_id)
    # Only whoever gave answers last time gets them back: a second signer must not start from the first one's words.
    return before.answers or {} if before is not None and before.ended_by == asked.actor.id else asked.initial()


def _records(asked: Asked) -> tuple[OversightView, ...]:
    rows = records_of_instance(asked.task.instance_id)
    deliveries = jobs_of_case(asked.task.case_reference) if rows else []
    return tuple(show_record(row, deliveries) for row in rows)


def _answered(asked: Asked) -> tuple[AnsweredView, ...]:
    found = []
    for task in answered_before(asked.task.instance_id):
        earlier, answers = Asked(task=task, step=asked.step), task.answers or {}
        if task.element_id == asked.task.element_id or task.properties.get("oversightRecord") == "yes":
            continue
        body = tuple(questions_and_answers(earlier.fields(answers), answers))
        by, at = asked.step.chart.name_of(task.ended_by or ""), task.ended_at or task.opened_at
        found.append(AnsweredView(task.name, by, at, body))
    return tuple(found)


def _draft_view(asked: Asked) -> DraftView | None:
    draft = find_draft(asked.task.id)
    if draft is None:
        return None
    return DraftView(
        answers=draft.answers,
        version=asked.task.draft_version,
        saved_at=draft.saved_at,
        saved_by=asked.step.chart.name_of(draft.saved_by),
    )


def _rule_words(task: TaskRow) -> str:
    parts = (task.properties.get("decision"), task.properties.get("rule"), task.properties.get("recorded"))
    return " · ".join(dict.fromkeys(str(part) for part in parts if part))


def _cursor(after: str | None) -> tuple[datetime, str] | None:
    if after is None:
        return None
    at, _, task_id = after.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise Invalid({"after": ["This is not a cursor of this list"]}) from None
    if moment.tzinfo is None:
        raise Invalid({"after": ["This is not a cursor of this list"]})
    return moment, task_id
