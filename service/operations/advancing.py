"""Advancing an instance: the engine decides, the rows follow. Nothing else writes what an outcome says."""

from __future__ import annotations

from functools import partial

from service import engine
from service.domain.errors import ModelError
from service.domain.outcome import OpenJob, Outcome
from service.domain.stimuli import InstanceCancelled, JobCompleted, Stimulus, TimerMoved, VariablesCorrected
from service.operations.causes import because_of
from service.operations.context import expression_context
from service.operations.opening import follow_user_tasks
from service.operations.register import apply_register_change, is_register_change
from service.operations.standing import require_running
from service.operations.step import Step
from service.operations.throwing import broadcast, send
from service.operations.transaction import call_workers, is_soon
from service.store.events import lock_keys, release_held_events
from service.store.incidents import open_incidents_of_instance
from service.store.instances import Following, replace_subscriptions
from service.store.jobs import TURN, JobRow, cancel_jobs
from service.store.tables import db

MAX_REGISTER_CHANGES = 100
"""How many register changes one step may make: a diagram that goes round in circles is stopped here."""

WHILE_SUSPENDED = (InstanceCancelled, TimerMoved, VariablesCorrected)
"""What can be done to an instance that is suspended: nothing of it moves a token along."""


def advance(step: Step, stimulus: Stimulus) -> Outcome:
    """Advance the step's instance and make the rows follow, register changes included. Raises ModelError, Conflict.

    An instance that is suspended takes only what somebody above does to it.
    """
    return take(step, stimulus, foresee(step, stimulus))


def foresee(step: Step, stimulus: Stimulus) -> Outcome:
    """What a stimulus would make of the step's instance; nothing has changed yet. Raises ModelError, Conflict."""
    if not isinstance(stimulus, WHILE_SUSPENDED):
        require_running(step.instance)
    return _advance_once(step, step.instance.state, stimulus)


def take(step: Step, stimulus: Stimulus, outcome: Outcome) -> Outcome:
    """Make the rows follow what was foreseen, and give what comes of it. Raises ModelError."""
    step.because = partial(because_of, step, stimulus, outcome)
    return settle(step, outcome)


def settle(step: Step, outcome: Outcome) -> Outcome:
    """Apply the register changes an outcome asks for, make the rows follow what comes of it, and give that.

    Raises ModelError.
    """
    for _ in range(MAX_REGISTER_CHANGES):
        _keep(step, outcome)
        change = next((job for job in outcome.jobs if is_register_change(job)), None)
        if change is None:
            follow(step, outcome)
            return outcome
        done = JobCompleted(change.id, apply_register_change(step, change))
        outcome = _advance_once(step, outcome.state, done)
    raise ModelError(f"process {step.instance.process_id!r} changes the register without end")


def _advance_once(step: Step, state: bytes, stimulus: Stimulus) -> Outcome:
    now = step.env.now()
    return engine.advance(
        step.release.diagrams,
        state or None,
        stimulus,
        now=now,
        context=expression_context(step.env, step.release, step.case, step.chart),
        decide=step.release.decider(now),
        functions=step.release.functions(now),
    )


def _keep(step: Step, outcome: Outcome) -> None:
    """Keep what an outcome says of its own stimulus only: what was sent and decided on the way."""
    for message in outcome.thrown:
        send(step, message)
    for signal in outcome.broadcast:
        broadcast(step, signal)
    for escalation in outcome.uncaught:
        step.consequences.append(f"Nothing on the diagrams takes up the escalation “{escalation.code}”")
    for decision in outcome.decisions:
        step.rules.append({"decision": decision.decision_id, "matched": list(decision.matched_rules)})


def follow(step: Step, outcome: Outcome) -> None:
    """Make the rows what the outcome says is open now."""
    instance, known = step.instance, step.instance.following.without(step.ended)
    incidents = known.incidents and _resolve_incidents(step, outcome)
    # All that changes of the instance first, so that its row is written once.
    instance.state = outcome.state
    instance.wake_at, instance.leased_until = outcome.wake_at, None
    instance.state_version = engine.STATE_VERSION
    instance.following = Following(
        tasks=frozenset(task.id for task in outcome.user_tasks),
        jobs=frozenset(job.id for job in outcome.jobs),
        subscriptions=frozenset(message.id for message in outcome.awaited) | {signal.id for signal in outcome.signals},
        incidents=incidents,
    )
    if outcome.ended is not None:
        instance.status = outcome.ended.kind
        instance.ended_at = step.env.now()
        instance.open_key = None
    follow_user_tasks(step, outcome, known.tasks)
    _follow_jobs(step, outcome, known.jobs)
    replace_subscriptions(instance.id, known.subscriptions, outcome.awaited, outcome.signals)
    newly_awaited = [
        (message.message, message.correlation_key)
        for message in outcome.awaited
        if message.id not in known.subscriptions
    ]
    # Whoever is about to hold a message because nobody waits for it has this lock, or will find us waiting.
    lock_keys(newly_awaited)
    if release_held_events(newly_awaited):
        call_workers()
    if is_soon(step.env, outcome.wake_at):
        call_workers()
    if outcome.ended is not None:
        step.consequences.append(f"{instance.name} {'ended' if outcome.ended.kind == 'completed' else 'was cancelled'}")


def _follow_jobs(step: Step, outcome: Outcome, known: frozenset[str]) -> None:
    wanted = {job.id: job for job in outcome.jobs}
    cancel_jobs(known - wanted.keys(), step.env.now())
    for place, (job_id, job) in enumerate(wanted.items()):
        if job_id not in known:
            call_workers()
            db.session.add(_new_job(step, job, place))
            step.opened.append(job.name)
            step.consequences.append(f"Waiting for the outside world: {job.name}")


def _new_job(step: Step, job: OpenJob, place: int) -> JobRow:
    """The row of a job, which has this place among those that its instance has open."""
    now = step.env.now()
    return JobRow(
        id=job.id,
        instance_id=step.instance.id,
        case_reference=step.case.reference,
        element_id=job.element_id,
        name=job.name,
        type=job.type,
        headers=dict(job.headers),
        variables=dict(job.variables),
        retries=max(1, job.retries),
        due_at=now,
        turn_at=now + TURN * place,
        created_at=now,
    )


def _resolve_incidents(step: Step, outcome: Outcome) -> bool:
    """What was stuck and is no longer wanted is stuck no more; a timer that could not fire is looked at afresh.

    Gives whether anything is still stuck.
    """
    still_open = {*(job.id for job in outcome.jobs), *(task.id for task in outcome.user_tasks)}
    rows = open_incidents_of_instance(step.instance.id)
    gone = [row for row in rows if (row.job_id or row.task_id) not in still_open]
    for row in gone:
        row.resolved_at = step.env.now()
        row.resolved_by = step.actor.name
        step.consequences.append(f"No longer stuck: {row.what}")
    return len(gone) < len(rows)
