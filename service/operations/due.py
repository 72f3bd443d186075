"""Doing what is due: timers, jobs, undelivered events, in pieces. Claiming them is in `claiming.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from service.domain.errors import Conflict, ModelError
from service.domain.people import TOWPATH, Actor
from service.operations.advancing import foresee
from service.operations.claiming import Claimed, claim_due_work, when_due
from service.operations.environment import Environment
from service.operations.events import deliver_event, put_event_aside
from service.operations.incidents import raise_incident
from service.operations.jobs import LeasedJob, run_job, stick_job
from service.operations.schedules import keep_schedules, stop_schedule, wake_schedule
from service.operations.step import take_up
from service.operations.together import PASSING, fire, fire_together, is_due, portions
from service.operations.transaction import operation
from service.store.instances import lock_instance


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of claimed work."""

    do: Callable[[], None]
    put_off: Callable[[Exception], None]
    """Leaves it to a person, with an incident, after an error that nobody foresaw."""
    waits_outside: bool = False
    """Whether it calls another system, and may take as long as that takes."""
    parts: tuple[Piece, ...] = ()
    """What it consists of, to be done one by one when it cannot be done whole."""


def pieces_of(env: Environment, claimed: Claimed) -> list[Piece]:
    """What was claimed, piece by piece; the events of a case are one piece, for they follow each other."""
    return [
        *(_event_piece(env, run) for run in claimed.events),
        *(_timers_piece(env, some) for some in portions(claimed.instance_ids)),
        *(_start_piece(env, *schedule) for schedule in claimed.starts),
        *(_job_piece(env, job) for job in claimed.jobs),
    ]


def _event_piece(env: Environment, run: Sequence[str]) -> Piece:
    def deliver() -> None:
        for event_id in run:
            deliver_event(env, TOWPATH, event_row_id=event_id)

    def put_aside(error: Exception) -> None:
        put_event_aside(env, TOWPATH, event_row_ids=run, error=unforeseen(error))

    return Piece(deliver, put_aside)


def _timers_piece(env: Environment, instance_ids: Sequence[str]) -> Piece:
    parts = tuple(_timer_piece(env, instance_id) for instance_id in instance_ids)
    return (
        parts[0]
        if len(parts) == 1
        else Piece(partial(wake_instances, env, instance_ids), parts[0].put_off, parts=parts)
    )


def _timer_piece(env: Environment, instance_id: str) -> Piece:
    def stop(error: Exception) -> None:
        stop_timers(env, TOWPATH, instance_id=instance_id, error=unforeseen(error))

    return Piece(partial(wake_instance, env, instance_id), stop)


def _start_piece(env: Environment, process_id: str, start_id: str) -> Piece:
    def stop(error: Exception) -> None:
        stop_schedule(env, TOWPATH, process_id=process_id, start_id=start_id, error=unforeseen(error))

    return Piece(partial(wake_schedule, env, process_id, start_id), stop)


def _job_piece(env: Environment, job: LeasedJob) -> Piece:
    def stick(error: Exception) -> None:
        stick_job(env, TOWPATH, leased=job, error=unforeseen(error))

    return Piece(partial(run_job, env, job), stick, waits_outside=True)


def is_passing(error: Exception) -> bool:
    """Whether it is worth trying again by itself: the database was away, or somebody else was first."""
    return isinstance(error, SQLAlchemyError | Conflict | OSError)


def unforeseen(error: Exception) -> str:
    """What a person is told of an error that nobody foresaw; its own words may hold what people wrote."""
    return f"Something nobody foresaw: {type(error).__name__}. The log of this moment says more."


def do_due_events_and_timers(env: Environment) -> int:
    """Do what is due and needs nobody outside; give how many pieces were done. Call again until it gives 0."""
    if when_due(env).unscheduled:
        keep_schedules(env, TOWPATH)
    pieces = pieces_of(env, claim_due_work(env, TOWPATH, jobs=0))
    for piece in pieces:
        piece.do()
    return len(pieces)


def wake_instances(env: Environment, instance_ids: Sequence[str]) -> None:
    """Let time pass in several instances: in few transactions as far as nothing speaks against it, else one by one."""
    alone: list[str] = []
    waiting = tuple(instance_ids)
    while waiting:
        try:
            fired = fire_together(env, TOWPATH, instance_ids=waiting)
        except (ModelError, Conflict):
            # One of them cannot; nothing of any was kept, and whichever it is will say so when it is alone.
            alone += waiting
            break
        alone += fired.alone
        waiting = fired.later
    for instance_id in alone:
        wake_instance(env, instance_id)


def wake_instance(env: Environment, instance_id: str) -> None:
    """Let time pass in an instance; when its diagram cannot take it, raise an incident."""
    try:
        pass_time(env, TOWPATH, instance_id=instance_id)
    except ModelError as error:
        stop_timers(env, TOWPATH, instance_id=instance_id, error=error.message)


@operation
def pass_time(env: Environment, actor: Actor, *, instance_id: str) -> None:
    """Fire every timer of an instance that is due; do nothing when somebody else has."""
    instance = lock_instance(instance_id)
    if instance is None or not is_due(instance, env.now()):
        return
    step = take_up(env, actor, instance)
    fire(step, foresee(step, PASSING))


@operation
def stop_timers(env: Environment, actor: Actor, *, instance_id: str, error: str) -> None:
    """Stop waking an instance whose timer cannot fire, with an incident; leave one alone that has moved on since."""
    instance = lock_instance(instance_id)
    if instance is None or not is_due(instance, env.now()):
        return
    instance.wake_at = None
    raise_incident(take_up(env, actor, instance), f"A timer of {instance.name}", error, job=None)
