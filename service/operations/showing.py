"""Turning rows into the words and values of a page: records, history, instances, incidents. Nothing is queried here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, cast

import orjson

from service.operations.instance_views import IncidentView, InstanceStatus, InstanceView, StoppedView
from service.operations.views import HistoryView, OversightView
from service.operations.words import moment_words
from service.store.history import HistoryRow
from service.store.incidents import IncidentRow
from service.store.instances import InstanceRow
from service.store.jobs import JobRow
from service.store.records import OversightRow

SENTENCES: Mapping[str, str] = {
    "InstanceStarted": "Started: {subject}",
    "EventAccepted": "Case event accepted: {subject}",
    "EventQuarantined": "Case event could not be delivered: {subject}",
    "TaskClaimed": "Claimed: {subject}",
    "TaskReleased": "Released: {subject}",
    "TaskCompleted": "Completed: {subject}",
    "RefusalOverridden": "Allowed in spite of a rule: {subject}",
    "AttemptRefused": "Refused: {subject}",
    "TimerFired": "Time passed: {subject}",
    "JobCompleted": "Done: {subject}",
    "JobFailed": "Failed and will be tried again: {subject}",
    "IncidentRaised": "Stuck, a person must look: {subject}",
    "IncidentRetried": "To be tried again: {subject}",
    "InstanceCancelled": "Cancelled: {subject}",
    "InstanceSuspended": "Suspended: {subject}",
    "InstanceResumed": "Resumed: {subject}",
    "JobAnswerKept": "Done, and kept until the pathway is resumed: {subject}",
    "IncidentResolved": "No longer stuck: {subject}",
    "TaskSentBack": "Sent back: {subject}",
    "TimerMoved": "Moved the timer: {subject}",
    "VariablesCorrected": "Repaired variables: {subject}",
    "CaseRecorded": "Case facts recorded: {subject}",
    "MessageReceived": "Message received: {subject}",
    "SignalReceived": "Signal received: {subject}",
    "MigrationPlanned": "Planned to move pathways to another release: {subject}",
    "MigrationForgotten": "Let go of what moving pathways back needs: {subject}",
    "InstanceMigrated": "Moved to another release: {subject}",
    "InstanceMovedBack": "Moved back to the release it came from: {subject}",
}
"""Every verb of the history, as a sentence about whoever did it."""


def show_history(row: HistoryRow) -> HistoryView:
    """One history entry."""
    return HistoryView(
        id=str(row.sequence),
        at=row.at,
        who=row.actor_name,
        what=SENTENCES[row.verb].format(subject=row.subject),
        verb=row.verb,
        release=row.release_number,
        rule=row.rule,
        details=tuple(_details(row.details)),
        on_behalf_of=row.on_behalf_of,
    )


def _details(details: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if details.get("because"):
        yield "Because", str(details["because"])
    if details.get("reason"):
        yield "Reason", str(details["reason"])
    if details.get("suspended"):
        yield "Before", f"It {details['suspended']}"
    if details.get("to"):
        yield "To", str(details["to"])
    for name, value in details.get("before", {}).items():
        yield f"{name} before", _said(value)
    for name, value in details.get("after", {}).items():
        yield f"{name} after", _said(value)
    for name, value in details.get("draft", {}).items():
        yield f"Half-typed answer to {name}", _said(value)
    for sentence in details.get("lost", ()):
        yield "Lost", str(sentence)
    for sentence in details.get("allowed", ()):
        yield "Allowed", str(sentence)
    for sentence in details.get("followed", ()):
        yield "Then", str(sentence)
    for decision in details.get("rules", ()):
        yield "Decision table", f"{decision['decision']}: {', '.join(decision['matched']) or 'no row'}"


def _said(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def show_record(row: OversightRow, deliveries: Iterable[JobRow]) -> OversightView:
    """An oversight record, with an honest word on whether the case record has it."""
    delivery, words = _delivery(row, list(deliveries))
    return OversightView(
        reference=row.reference,
        decision=row.decision,
        level=row.level,
        outcome=row.outcome,
        outcome_words=row.outcome_words,
        by=row.person_name,
        at=row.written_at,
        body=tuple((question, answer) for question, answer in row.body),
        release=row.release_number,
        rule=row.rule,
        cleared_at=row.cleared_at,
        cleared_because=row.cleared_because,
        delivery=delivery,
        delivery_words=words,
        receipt=row.receipt,
    )


def _delivery(row: OversightRow, jobs: list[JobRow]) -> tuple[Literal["pending", "delivered", "stuck"], str]:
    if row.receipt_at is not None:
        return "delivered", f"Received by the case record on {moment_words(row.receipt_at)}"
    mine = [job for job in jobs if job.variables.get("reference") == row.reference]
    if any(job.status == "stuck" for job in mine):
        return "stuck", "Not in the case record: delivery failed for good and needs a person to retry it"
    tried = max((job.attempts for job in mine), default=0)
    if tried:
        last = next((job.last_error for job in mine if job.last_error), None)
        often = "once" if tried == 1 else f"{tried} times"
        return "pending", f"Not yet in the case record: tried {often}{f' ({last})' if last else ''}"
    return "pending", "Not yet in the case record: delivery is waiting its turn"


def show_instance(row: InstanceRow, waiting_for: Iterable[str], incidents: int) -> InstanceView:
    """A process instance in one line."""
    return InstanceView(
        id=row.id,
        process_id=row.process_id,
        name=row.name,
        case_reference=row.case_reference,
        status=cast("InstanceStatus", row.status),
        started_at=row.started_at,
        started_by=row.started_by_name,
        ended_at=row.ended_at,
        release=row.release_number,
        waiting_for=tuple(waiting_for),
        wake_at=row.wake_at,
        incidents=incidents,
        suspended=_stopped(row.suspended_by, row.suspended_at, row.suspended_because),
        cancelled=_stopped(row.ended_by, row.ended_at, row.ended_because),
    )


def _stopped(by: str | None, at: datetime | None, because: str | None) -> StoppedView | None:
    return StoppedView(by, at, because or "") if by is not None and at is not None else None


def show_incident(row: IncidentRow, may_retry: bool) -> IncidentView:
    """Something that is stuck."""
    return IncidentView(
        id=row.id,
        case_reference=row.case_reference,
        instance_id=row.instance_id or "",
        what=row.what,
        message=row.message,
        raised_at=row.raised_at,
        resolved_at=row.resolved_at,
        may_retry=may_retry,
        kind=row.kind,
    )
