"""What somebody above does to a whole instance: cancel it, suspend it, resume it. Moving it on is in `advancing.py`."""

from __future__ import annotations

from service.access.rules import Permission, Subject, may, require
from service.domain.errors import Conflict, Invalid, ModelError, NotFound
from service.domain.outcome import Ending, Outcome
from service.domain.people import Actor
from service.domain.stimuli import InstanceCancelled
from service.operations.advancing import advance, follow
from service.operations.context import case_subjects
from service.operations.environment import Environment
from service.operations.standing import require_running, standing_words
from service.operations.step import Step, record, take_up
from service.operations.transaction import about, call_workers, operation
from service.store.cases import lock_case
from service.store.events import accept_events_held_for
from service.store.instances import InstanceRow, lock_instance
from service.store.jobs import resume_jobs, suspend_jobs

MAX_REASON = 4_000
UNKNOWN = "There is no process instance here that you may know of."


@operation
def cancel_instance(env: Environment, actor: Actor, *, instance_id: str, reason: str) -> None:
    """End a whole instance, also one that is suspended; what was decided in it stands.

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict when it has ended.
    """
    step = lock_known(env, actor, instance_id)
    instance = step.instance
    with about(case_reference=step.case.reference, instance_id=instance.id, subject=instance.name):
        require(actor, Permission.CANCEL_INSTANCE, subject_of(step))
        because = required_reason(reason, "cancelling this")
        if instance.status not in ("running", "suspended"):
            raise Conflict(f"“{instance.name}” {standing_words(instance)}.")
        instance.ended_by, instance.ended_because = actor.name, because
        _forget_suspension(instance)
        _end(step, because)
        record(step, "InstanceCancelled", instance.name, details={"reason": because})


@operation
def suspend_instance(env: Environment, actor: Actor, *, instance_id: str, reason: str) -> None:
    """Stop an instance where it stands until it is resumed: nobody completes anything in it, no timer of it fires, none
    of its jobs is begun, and events for it are kept.

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict when it is suspended already or has ended.
    """
    step = lock_known(env, actor, instance_id)
    instance = step.instance
    with about(case_reference=step.case.reference, instance_id=instance.id, subject=instance.name):
        require(actor, Permission.SUSPEND_INSTANCE, subject_of(step))
        because = required_reason(reason, "suspending this")
        require_running(instance)
        instance.status = "suspended"
        instance.suspended_at = env.now()
        instance.suspended_by, instance.suspended_because = actor.name, because
        suspend_jobs(instance.id)
        record(step, "InstanceSuspended", instance.name, details={"reason": because})


@operation
def resume_instance(env: Environment, actor: Actor, *, instance_id: str, reason: str) -> None:
    """Let a suspended instance go on: timers that came due meanwhile fire, jobs are begun, and the events that were
    kept are delivered in the order in which they came.

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict when it is not suspended.
    """
    step = lock_known(env, actor, instance_id)
    instance = step.instance
    with about(case_reference=step.case.reference, instance_id=instance.id, subject=instance.name):
        require(actor, Permission.RESUME_INSTANCE, subject_of(step))
        because = required_reason(reason, "resuming this")
        if instance.status != "suspended":
            how = "is not suspended" if instance.status == "running" else standing_words(instance)
            raise Conflict(f"“{instance.name}” {how}.")
        details = {"reason": because, "suspended": standing_words(instance)}
        instance.status = "running"
        _forget_suspension(instance)
        resume_jobs(instance.id)
        call_workers()
        record(step, "InstanceResumed", instance.name, details=details)


def _forget_suspension(instance: InstanceRow) -> None:
    """Also let go of the events that were kept for it: those that it does not take any more are looked at anew."""
    instance.suspended_at = instance.suspended_by = instance.suspended_because = None
    accept_events_held_for(instance.id)


def _end(step: Step, because: str) -> None:
    try:
        advance(step, InstanceCancelled(because))
    except ModelError as error:
        # What cannot be opened must not be kept open: somebody has decided that it ends.
        step.consequences.append(f"Its state could not be opened: {error.message}")
        follow(step, Outcome(state=b"", ended=Ending("cancelled")))


def lock_known(env: Environment, actor: Actor, instance_id: str) -> Step:
    """An instance to act on, locked, and then its case. Raises NotFound, also for one the actor may not know of."""
    instance = lock_instance(instance_id)
    case = lock_case(instance.case_reference) if instance else None
    if instance is None or case is None:
        raise NotFound(UNKNOWN)
    step = take_up(env, actor, instance, case=case)
    subject = subject_of(step)
    if not (may(actor, Permission.READ_CASE, subject) or may(actor, Permission.SUSPEND_INSTANCE, subject)):
        raise NotFound(UNKNOWN)
    return step


def subject_of(step: Step) -> Subject:
    """The instance as the rule table asks about it."""
    return case_subjects([step.case], step.chart)[step.case.reference]


def required_reason(reason: str, what: str) -> str:
    """The reason without what surrounds it. Raises Invalid when there is none or it is too long."""
    stripped = reason.strip()
    if not stripped:
        raise Invalid({"reason": [f"Enter the reason for {what}"]})
    if len(stripped) > MAX_REASON:
        raise Invalid({"reason": [f"Reason must be {MAX_REASON} characters or fewer"]})
    return stripped
