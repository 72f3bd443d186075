"""What is due: timers, jobs, undelivered events. The ticker and every other worker find it here, piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from service.domain.errors import ModelError
from service.domain.people import TOWPATH, Actor
from service.domain.stimuli import TimePassed
from service.operations.advancing import advance
from service.operations.causes import fired_timers
from service.operations.environment import Environment
from service.operations.events import deliver_event
from service.operations.incidents import raise_incident
from service.operations.jobs import claim_jobs, run_job
from service.operations.step import record, take_up
from service.operations.transaction import operation, reading
from service.store.events import undelivered_event_ids
from service.store.instances import due_instance_ids, lock_instance

BATCH = 20


def due_work(env: Environment) -> Iterator[Callable[[], None]]:
    """What is due now, a batch of each kind, as pieces to be called in turn: one that fails does not stop the next."""
    yield from due_events_and_timers(env)
    # One at a time: a job's lease runs from its claim, and must not run out behind a slow neighbour.
    for _ in range(BATCH):
        leased = claim_jobs(env, TOWPATH, limit=1)
        for job in leased:
            yield partial(run_job, env, job)
        if not leased:
            break


def due_events_and_timers(env: Environment) -> Iterator[Callable[[], None]]:
    """What is due and needs nobody outside: accepted events to deliver, timers to fire."""
    for event_row_id in _undelivered(env):
        yield partial(deliver_event, env, TOWPATH, event_row_id=event_row_id)
    for instance_id in _due_instances(env):
        yield partial(wake_instance, env, instance_id)


def do_due_events_and_timers(env: Environment) -> int:
    """Do what is due and needs nobody outside; give how many pieces were done. Call again until it gives 0."""
    done = 0
    for piece in due_events_and_timers(env):
        piece()
        done += 1
    return done


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
    now = env.now()
    if instance is None or instance.status != "running" or instance.wake_at is None or instance.wake_at > now:
        return
    step = take_up(env, actor, instance)
    outcome = advance(step, TimePassed())
    record(step, "TimerFired", ", ".join(fired_timers(outcome)) or instance.name)


@operation
def stop_timers(env: Environment, actor: Actor, *, instance_id: str, error: str) -> None:
    """Stop waking an instance whose timer cannot fire, with an incident; leave one alone that has moved on since."""
    instance = lock_instance(instance_id)
    if instance is None or instance.status != "running" or instance.wake_at is None or instance.wake_at > env.now():
        return
    instance.wake_at = None
    raise_incident(take_up(env, actor, instance), f"A timer of {instance.name}", error, job=None)


@reading
def _undelivered(env: Environment) -> list[str]:
    return undelivered_event_ids(BATCH)


@reading
def _due_instances(env: Environment) -> list[str]:
    return due_instance_ids(env.now(), BATCH)
