"""Reading queues and user tasks. Doing something to a task is in `tasks.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.access.rules import Permission, why_not
from service.domain.errors import Invalid, ModelError, Refusal
from service.domain.people import Actor
from service.operations.asked import Asked, Beside, clause, ended_words, find_asked
from service.operations.context import current_release, read_chart
from service.operations.cursors import cursor_of, place_of
from service.operations.environment import Environment
from service.operations.oversight import allowed_in, questions_and_answers
from service.operations.sending_back import send_back_targets
from service.operations.showing import show_instance, show_record
from service.operations.standing import standing_words
from service.operations.summaries import blocked, summarise, summary_of
from service.operations.transaction import reading
from service.operations.views import AnsweredView, DraftView, OversightView, QueuePage, SentBackView, TaskView
from service.operations.wanted import Wanted, search_for
from service.store.cases import find_involvements
from service.store.jobs import jobs_of_case
from service.store.records import OversightRow, records_of_instance
from service.store.tasks import DraftRow, TaskRow, answered_before, find_draft, latest_answered
from service.store.waiting import glance, page, whole_tasks

EVERYTHING = Wanted()
"""The actor's own queue, all of it."""
MAX_PAGE = 200

DEEDS: Mapping[str, Permission] = {
    "claim": Permission.CLAIM_TASK,
    "release": Permission.RELEASE_TASK,
    "save": Permission.SAVE_DRAFT,
    "complete": Permission.COMPLETE_TASK,
    "send-back": Permission.SEND_BACK,
}


@reading
def list_user_tasks(
    env: Environment, actor: Actor, *, wanted: Wanted = EVERYTHING, after: str | None = None, limit: int = 50
) -> QueuePage:
    """What waits, of what this actor may see; without more, what waits for them. `after` is the cursor of a page.

    Raises Invalid, naming everything that is asked for and cannot be.
    """
    chart = read_chart(current_release(env))
    if not 1 <= limit <= MAX_PAGE:
        raise Invalid({"limit": [f"Ask for 1 to {MAX_PAGE} at a time"]})
    search = search_for(actor, chart, wanted, env.now())
    place = place_of(after, search.sort)
    seen = glance(search)
    places = page(search, place, limit + 1, few=seen.whole)
    shown = places[:limit]
    return QueuePage(
        tasks=summarise(env, actor, whole_tasks([found.task_id for found in shown])),
        total=seen.found,
        more_than_total=not seen.whole,
        next_after=cursor_of(shown[-1], search.sort) if len(places) > limit else None,
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
    records = records_of_instance(task.instance_id)
    return TaskView(
        summary=summary_of(asked),
        asks=info.documentation,
        form_id=task.form_id,
        form_title=form.title if form else task.name,
        fields=asked.fields(shown),
        answers=shown,
        version=task.draft_version,
        draft=_draft_view(asked, draft) if sees_draft else None,
        checklist=checklist,
        overridable=overridable,
        records=_shown_records(asked, records),
        answered=_answered(asked, records),
        allowed=allowed_in(step),
        may=frozenset(DEEDS.keys() - cannot.keys()) | ({"override"} if overridable else frozenset()),
        cannot=cannot,
        release=step.release.number,
        rule_words=_rule_words(task),
        instance_id=task.instance_id,
        sent_back=_sent_back(task),
        send_back_to=send_back_targets(asked),
        suspended=show_instance(step.instance, (), 0).suspended,
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


def _cannot(asked: Asked) -> dict[str, str]:
    if asked.task.status != "open":
        return dict.fromkeys(DEEDS, f"it {ended_words(asked)}")
    subject = asked.subject()
    reasons = {deed: why_not(asked.actor, permission, subject) for deed, permission in DEEDS.items()}
    if not send_back_targets(asked):
        reasons["send-back"] = "the diagram draws nothing that it could be sent back to"
    if asked.step.instance.status == "suspended":
        reasons |= dict.fromkeys(
            ("claim", "complete", "send-back"), f"the pathway {standing_words(asked.step.instance)}"
        )
    refusal = blocked(asked)
    return {
        deed: clause(refusal.message) if refusal is not None else reason
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
    before = latest_answered(asked.step.instance, asked.task.element_id)
    # Only whoever gave answers last time gets them back: a second signer must not start from the first one's words.
    return before.answers or {} if before is not None and before.ended_by == asked.actor.id else asked.initial()


def _sent_back(task: TaskRow) -> SentBackView | None:
    said = task.sent_back
    if said is None:
        return None
    return SentBackView(said["by"], datetime.fromisoformat(said["at"]), said["because"], said["from"])


def _shown_records(asked: Asked, records: Sequence[OversightRow]) -> tuple[OversightView, ...]:
    deliveries = jobs_of_case(asked.task.case_reference) if records else []
    return tuple(show_record(row, deliveries) for row in records)


def _answered(asked: Asked, records: Sequence[OversightRow]) -> tuple[AnsweredView, ...]:
    found = []
    tasks = answered_before(asked.task.instance_id)
    # Read once for all: each of their forms may ask for it.
    beside = Beside(find_involvements(asked.task.case_reference) if tasks else (), records, overrides=())
    for task in tasks:
        earlier, answers = Asked(task=task, step=asked.step, beside=beside), task.answers or {}
        if task.element_id == asked.task.element_id or task.properties.get("oversightRecord") == "yes":
            continue
        # A form that the instance has left behind by moving to another release cannot be shown any more.
        fields = earlier.fields(answers) if task.form_id in asked.step.release.rulebook.forms else ()
        body = tuple(questions_and_answers(fields, answers))
        by, at = asked.step.chart.name_of(task.ended_by or ""), task.ended_at or task.opened_at
        found.append(AnsweredView(task.name, by, at, body))
    return tuple(found)


def _draft_view(asked: Asked, draft: DraftRow | None) -> DraftView | None:
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
