"""Claiming due work, so that any number of processes share it: the one door for all. Doing it is in `due.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.jobs import LeasedJob, lease_jobs
from service.operations.transaction import operation, reading
from service.operations.words import LOCAL
from service.store.due import Due, next_due
from service.store.events import lease_due_events, number_outbox
from service.store.schedules import due_starts
from service.store.timers import lease_due_instances

LEASE = timedelta(seconds=10)
"""How long a claimed timer or event is left to whoever claimed it. Each is done in a transaction that looks again, so
that a lease which ends too early costs a look and does nothing twice."""

TIMERS = 50
CASES = 10
"""How many of each are claimed at once: few enough that no kind of work keeps the others waiting."""

NUMBERED = 1000
"""How many outgoing events get their position in the feed in one transaction."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one claim gave to this worker, and to nobody else for as long as the leases last."""

    events: tuple[tuple[str, ...], ...]
    """Of each case the ids of accepted events, to be delivered one after the other."""
    instance_ids: tuple[str, ...]
    """Instances with a timer that is due."""
    starts: tuple[tuple[str, str], ...]
    """Timer start events that are due, as process and element; not leased, but locked when their turn comes."""
    jobs: tuple[LeasedJob, ...]
    last_case: str
    """Where the next claim goes on, so that every case has its turn."""


@operation
def claim_due_work(env: Environment, actor: Actor, *, jobs: int, after_case: str = "") -> Claimed:
    """Lease some of each kind of due work to the caller: events, timers, and so many jobs as it can run at once.

    What another worker holds is passed over. A worker that dies loses its leases when they end.
    """
    now = env.now()
    events = lease_due_events(now, LEASE, after_case, CASES)
    return Claimed(
        events=tuple(tuple(run) for _, run in events),
        instance_ids=tuple(lease_due_instances(now, LEASE, TIMERS)),
        starts=tuple(due_starts(now)),
        jobs=tuple(lease_jobs(env, jobs, None)) if jobs else (),
        last_case=events[-1][0] if events else after_case,
    )


@operation
def number_feed(env: Environment, actor: Actor) -> int:
    """Give outgoing events that were committed their positions in the feed; give how many there were."""
    return number_outbox(NUMBERED)


@reading
def when_due(env: Environment) -> Due:
    """When work that nobody holds is due, by kind."""
    now = env.now()
    return next_due(now, now.astimezone(LOCAL).date(), LEASE, timedelta(seconds=env.config.lease_seconds))
