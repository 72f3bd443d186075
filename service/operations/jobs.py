"""Jobs: claim what is due, run its handler with no transaction open, and bring the result back as a stimulus."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import orjson

from service.contract import BpmnError, Job, RetryLater, call_handler
from service.domain.errors import ModelError, NotFound
from service.domain.people import TOWPATH, Actor
from service.domain.stimuli import JobCompleted, JobRefused
from service.feel import compile_expression
from service.logs import get_logger
from service.operations.advancing import advance
from service.operations.environment import Environment
from service.operations.incidents import raise_incident
from service.operations.standing import standing_words
from service.operations.step import Step, record, take_up
from service.operations.transaction import operation, reading
from service.store.instances import lock_instance
from service.store.jobs import JobRow, due_jobs, find_job
from service.store.records import find_record

log = get_logger(__name__)

LONGEST_BACKOFF = timedelta(hours=1)
DEFAULT_BACKOFF = timedelta(seconds=10)
DURATION = compile_expression("duration(text)")
MAX_ERROR = 500
LEASABLE = ("pending", "suspended")
"""What a worker that holds a job may find it to be when it comes back."""


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job that this worker may run until its lease ends."""

    job: Job
    lease: str
    answer: JobCompleted | JobRefused | None = None
    """What the handler gave already, while the instance was suspended: it is not asked again."""


@dataclass(frozen=True, slots=True)
class HandlerResources:
    """What handlers may look up, each look-up in a transaction of its own."""

    env: Environment

    def oversight_record(self, reference: str) -> Mapping[str, Any]:
        """The oversight record as JSON values. Raises NotFound."""
        return read_record(self.env, reference=reference)

    def setting(self, name: str) -> str:
        """A setting of this installation. Raises KeyError."""
        return self.env.config.setting(name)


@operation
def claim_jobs(env: Environment, actor: Actor, *, limit: int, job_type: str | None = None) -> list[LeasedJob]:
    """Lease up to `limit` due jobs, of one type when it is given, to the caller."""
    return lease_jobs(env, limit, job_type)


def lease_jobs(env: Environment, limit: int, job_type: str | None) -> list[LeasedJob]:
    """The same within the caller's transaction."""
    now = env.now()
    lease = timedelta(seconds=env.config.lease_seconds)
    leased = []
    for row in due_jobs(now, lease, limit, job_type):
        row.lease = str(uuid.uuid4())
        row.leased_until = now + lease
        row.attempts += 1
        leased.append(LeasedJob(_as_job(row), row.lease, _kept_answer(row)))
    return leased


def run_job(env: Environment, leased: LeasedJob) -> None:
    """Run one leased job to one of its four endings. No transaction is open while the handler works."""
    job = leased.job
    try:
        ended = leased.answer or _run_handler(env, job)
    except RetryLater as error:
        act = partial(fail_job, error=error.message, after=error.after, busy=True)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is the handler's failure, never the service's
        log.warning("job_failed", job=job.id, type=job.type, error=type(error).__name__)
        act = partial(fail_job, error=str(error) or type(error).__name__, after=None)
    else:
        act = partial(finish_job, stimulus=ended)
    try:
        act(env, TOWPATH, leased=leased)
    except ModelError as error:
        # The world has done its part and the diagram cannot go on: more tries would not help, a person must look.
        stick_job(env, TOWPATH, leased=leased, error=error.message)


def _run_handler(env: Environment, job: Job) -> JobCompleted | JobRefused:
    """What the handler makes of the job, its variables as JSON values. Raises whatever the handler raises."""
    try:
        return JobCompleted(job.id, _as_json(call_handler(job, HandlerResources(env))))
    except BpmnError as error:
        return JobRefused(job.id, error.code, error.message, _as_json(error.variables))


@operation
def finish_job(env: Environment, actor: Actor, *, leased: LeasedJob, stimulus: JobCompleted | JobRefused) -> None:
    """Bring a handler's result back into the process; keep it for later while the instance is suspended.

    Raises ModelError when the diagram cannot take it.
    """
    found = _take_up(env, actor, leased)
    if found is None:
        return
    row, step = found
    if step.instance.status == "suspended":
        row.answer = _to_keep(stimulus)
        row.lease = row.leased_until = None
        record(step, "JobAnswerKept", row.name, details={"job": row.id, "because": standing_words(step.instance)})
        return
    row.answer = None
    row.status = "done"
    row.ended_at = env.now()
    row.lease = row.leased_until = None
    step.ended.add(row.id)
    advance(step, stimulus)
    record(step, "JobCompleted", row.name, details={"job": row.id, "attempt": row.attempts})


@operation
def stick_job(env: Environment, actor: Actor, *, leased: LeasedJob, error: str) -> None:
    """Give a job up to a person, with an incident."""
    found = _take_up(env, actor, leased)
    if found is not None:
        row, step = found
        raise_incident(step, row.name, _keepable(error), job=row)


@operation
def fail_job(
    env: Environment, actor: Actor, *, leased: LeasedJob, error: str, after: timedelta | None, busy: bool = False
) -> None:
    """Put a job off until later; when no retries are left, raise an incident.

    A world that is `busy` costs no retry for as long as the diagram says to go on trying (the header `retryFor`): what
    is down on Friday evening is up on Monday, and nobody has to press a button for it.

    Raises ModelError when the back-off that the diagram draws is none.
    """
    found = _take_up(env, actor, leased)
    if found is None:
        return
    row, step = found
    row.last_error = _keepable(error)
    row.lease = row.leased_until = None
    if not (busy and env.now() - row.created_at < _duration(row, "retryFor", timedelta(0))):
        row.retries -= 1
    if row.retries <= 0:
        raise_incident(step, row.name, row.last_error, job=row)
        return
    row.due_at = row.turn_at = env.now() + (after if after is not None else backoff(row))
    record(step, "JobFailed", row.name, details={"job": row.id, "attempt": row.attempts, "because": row.last_error})


def backoff(row: JobRow) -> timedelta:
    """How long until the next attempt: what the diagram draws, doubled each time, an hour at most."""
    first = _duration(row, "retryBackoff", DEFAULT_BACKOFF)
    doubled: timedelta = first * 2 ** min(row.attempts - 1, 16)
    return min(doubled, LONGEST_BACKOFF)


def _duration(row: JobRow, header: str, default: timedelta) -> timedelta:
    """What a header of the service task says. Raises ModelError when it is no duration."""
    text = row.headers.get(header)
    if text is None:
        return default
    # The text is a value here and never part of an expression.
    value = DURATION.evaluate({"text": text})
    if not isinstance(value, timedelta) or value <= timedelta(0):
        raise ModelError(f"{header} {text!r} is not a duration such as PT5S")
    return value


def _take_up(env: Environment, actor: Actor, leased: LeasedJob) -> tuple[JobRow, Step] | None:
    """The job with its instance locked; None when the lease was lost or the job is no longer wanted."""
    instance = lock_instance(leased.job.instance_id)
    row = find_job(leased.job.id)
    if instance is None or row is None or row.status not in LEASABLE or row.lease != leased.lease:
        log.info("job_result_not_wanted", job=leased.job.id)
        return None
    return row, take_up(env, actor, instance)


def _to_keep(stimulus: JobCompleted | JobRefused) -> dict[str, Any]:
    kept: dict[str, Any] = {"variables": dict(stimulus.variables)}
    if isinstance(stimulus, JobRefused):
        kept.update(error=stimulus.error_code, message=stimulus.message)
    return kept


def _kept_answer(row: JobRow) -> JobCompleted | JobRefused | None:
    if row.answer is None:
        return None
    if "error" in row.answer:
        return JobRefused(row.id, row.answer["error"], row.answer["message"], row.answer["variables"])
    return JobCompleted(row.id, row.answer["variables"])


def _as_json(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Raises TypeError for what no process can keep."""
    values: dict[str, Any] = orjson.loads(orjson.dumps(variables))
    return values


def _keepable(error: str) -> str:
    """An error as every database can keep it: without NUL, without halves of characters, not too long."""
    return error.replace("\x00", "").encode(errors="replace").decode()[:MAX_ERROR]


def _as_job(row: JobRow) -> Job:
    return Job(
        id=row.id,
        type=row.type,
        attempt=row.attempts,
        business_key=row.case_reference,
        instance_id=row.instance_id,
        headers=dict(row.headers),
        variables=dict(row.variables),
    )


@reading
def read_record(env: Environment, *, reference: str) -> Mapping[str, Any]:
    """An oversight record as JSON values, for the case record. Raises NotFound."""
    row = find_record(reference)
    if row is None:
        raise NotFound(f"There is no oversight record {reference!r}.")
    return {
        "reference": row.reference,
        "caseReference": row.case_reference,
        "decision": row.decision,
        "decisionCode": row.decision_code,
        "level": row.level,
        "outcome": row.outcome_words,
        "by": {"id": row.person_id, "name": row.person_name, "onBehalfOf": row.on_behalf_of},
        "at": row.written_at.isoformat(),
        "rule": row.rule,
        "release": row.release_number,
        "recordedIn": row.recorded_in,
        "body": [{"question": question, "answer": answer} for question, answer in row.body],
    }
