"""Timers that are due at once, fired several in one transaction. Firing those of one instance alone is in `due.py`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.outcome import Outcome
from service.domain.people import Actor
from service.domain.stimuli import TimePassed
from service.operations.advancing import foresee, take
from service.operations.causes import fired_timers
from service.operations.environment import Environment
from service.operations.register import is_register_change
from service.operations.step import Step, record, take_up
from service.operations.transaction import operation
from service.store.cases import pin_free_cases
from service.store.instances import InstanceRow
from service.store.timers import lock_free_instances

TOGETHER = 16
"""How many instances one transaction takes at most: with more, whoever wants one of them waits longer, and each costs
hardly less. A fired timer took 6.3 ms of a processor alone, at first 2.3 among eight, 2.0 among 16, 1.9 among 25."""

MOST_SECONDS = 0.03
"""Of the processor's time: somebody may be waiting for an instance that is held. By the clock on the wall a machine
with too much to do would take ever fewer at once, and so have ever more to do."""

PASSING = TimePassed()


@dataclass(frozen=True, slots=True)
class Fired:
    """What is left of the instances that were to be fired together."""

    alone: tuple[str, ...]
    """Each of these needs a transaction of its own."""
    later: tuple[str, ...]
    """Nobody has looked at these yet."""


def portions(instance_ids: Sequence[str]) -> list[Sequence[str]]:
    """Instances in as many as one transaction takes."""
    return [instance_ids[first : first + TOGETHER] for first in range(0, len(instance_ids), TOGETHER)]


@operation
def fire_together(
    env: Environment, actor: Actor, *, instance_ids: Sequence[str], seconds: float = MOST_SECONDS
) -> Fired:
    """Fire the due timers of several instances, all or none, where that waits for nobody. Raises ModelError, Conflict.

    Whoever holds several instances must not wait for others: it would keep everybody waiting who wants one of them. So
    what somebody else has locked is passed over, and so is what would lock more than rows of its own instance. After so
    many `seconds` of work no further one is begun.
    """
    until = time.thread_time() + seconds
    instances = lock_free_instances(instance_ids)
    cases = pin_free_cases({instance.case_reference for instance in instances})
    left = set(instance_ids)
    for number, instance in enumerate(instances):
        if number and time.thread_time() > until:
            later = [each.id for each in instances[number:]]
            return Fired(tuple(sorted(left.difference(later))), tuple(later))
        case = cases.get(instance.case_reference)
        if not is_due(instance, env.now()):
            left.remove(instance.id)
        elif case is not None:
            step = take_up(env, actor, instance, case=case)
            outcome = foresee(step, PASSING)
            if is_plain(step, outcome):
                fire(step, outcome)
                left.remove(instance.id)
    return Fired(tuple(sorted(left)), ())


def is_due(instance: InstanceRow, now: datetime) -> bool:
    """Whether a timer of the instance is to fire."""
    return instance.status == "running" and instance.wake_at is not None and instance.wake_at <= now


def is_plain(step: Step, outcome: Outcome) -> bool:
    """Whether an outcome needs no lock but that of its instance: neither the case's nor that of a message's name."""
    known = step.instance.following
    return not (
        known.incidents
        or any(message.id not in known.subscriptions for message in outcome.awaited)
        or any(is_register_change(job) for job in outcome.jobs)
    )


def fire(step: Step, outcome: Outcome) -> None:
    """Take the step that was foreseen for the time that passed, with its entry in the history. Raises ModelError."""
    outcome = take(step, PASSING, outcome)
    record(step, "TimerFired", ", ".join(fired_timers(outcome)) or step.instance.name)
