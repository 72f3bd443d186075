"""Whether this installation does its work: what waits and since when, what is stuck, who looks. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from service.operations.environment import Environment
from service.operations.transaction import reading
from service.operations.unresumable import list_unresumable
from service.store import health
from service.store.health import Backlog
from service.store.schedules import stopped_schedules
from service.store.workers import all_workers

LATE = timedelta(minutes=1)
"""How long due work may wait before somebody should look at the workers."""

ALIVE = timedelta(seconds=60)
"""Whoever has not been seen for so long does not look any more; six beats of theirs."""

SKEW = timedelta(seconds=2)
"""How far this machine's clock and the database's may be apart: timers fire by the machine's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    well: bool
    """Whether nobody need do anything."""
    words: str
    value: float | int | str | None = None
    """The figure, for a monitor: seconds, a count, or what there is."""


def examine(env: Environment, *, at_version: Callable[[], tuple[str | None, str | None]]) -> tuple[Finding, ...]:
    """Look at everything. `at_version` gives the database's migration and the newest one of this version.

    A database that cannot be asked, or is not at this version, is a finding, and then nothing else in it is looked at.
    """
    broker = tuple(_broker(env))
    try:
        version = _version(*at_version())
        return (version, *((*_inside(env), _unresumable(env)) if version.well else ()), *broker)
    except SQLAlchemyError as error:
        words = f"The database cannot be asked ({type(error).__name__}). Is it running, and TOWPATH_DATABASE_URL right?"
        return (Finding("database", False, words), *broker)


def _version(found: str | None, wanted: str | None) -> Finding:
    if found == wanted:
        return Finding("database", True, f"The database is reachable and at migration {found}.", found)
    if found is None:
        return Finding("database", False, "The database is reachable and empty. Run: towpath db upgrade")
    words = f"The database is at migration {found}, and this version needs {wanted}. Run: towpath db upgrade"
    return Finding("database", False, words, found)


@reading
def _inside(env: Environment) -> tuple[Finding, ...]:
    now = env.now()
    return (
        _waiting("timers", "timer", health.overdue_timers(now), now),
        _waiting("jobs", "job", health.overdue_jobs(now), now),
        _waiting("events", "case event", health.undelivered_events(), now),
        _waiting("outbox", "outgoing event", health.unnumbered_outbox(), now),
        _incidents(),
        _schedules(),
        _unclaimed(now),
        _workers(now),
        *_clock(now),
    )


def _waiting(name: str, what: str, backlog: Backlog, now: datetime) -> Finding:
    if backlog.oldest is None:
        return Finding(name, True, f"No {what} is overdue.", 0.0)
    lag = max(now - backlog.oldest, timedelta(0))
    count = f"1 {what} waits" if backlog.count == 1 else f"{backlog.count} {what}s wait"
    return Finding(name, lag <= LATE, f"{count}, the oldest for {_long(lag)}.", round(lag.total_seconds(), 1))


def _incidents() -> Finding:
    kinds = health.incidents_by_kind()
    if not kinds:
        return Finding("incidents", True, "Nothing is stuck.", 0)
    parts = ", ".join(f"{count} of the kind {kind!r}" for kind, count in sorted(kinds.items()))
    total = sum(kinds.values())
    return Finding("incidents", False, f"Stuck until a person looks: {parts}. See Problems on the desk.", total)


def _schedules() -> Finding:
    stopped = stopped_schedules()
    if not stopped:
        return Finding("schedules", True, "Every timer start event has its next occasion worked out.", 0)
    told = "; ".join(f"{row.start_id} of {row.process_id}: {row.stopped_because}" for row in stopped)
    words = f"Timer start events that start nothing, until a release draws them otherwise: {len(stopped)} ({told})."
    return Finding("schedules", False, words, len(stopped))


def _unresumable(env: Environment) -> Finding:
    found = list_unresumable(env)
    if not found:
        return Finding("unresumable", True, "Every running instance can be resumed by this version.", 0)
    number = sum(group.count for group in found)
    reasons = "; ".join(f"{group.count} of {group.process_id}: {group.because}" for group in found)
    return Finding("unresumable", False, f"Instances that this version cannot resume: {number} ({reasons}).", number)


def _unclaimed(now: datetime) -> Finding:
    """People's work, not ours: it is told and never a fault."""
    backlog = health.unclaimed_tasks()
    if backlog.oldest is None:
        return Finding("unclaimed", True, "No user task waits to be claimed.", 0.0)
    age = max(now - backlog.oldest, timedelta(0))
    words = f"User tasks that nobody has claimed: {backlog.count}, the oldest for {_long(age)}."
    return Finding("unclaimed", True, words, round(age.total_seconds(), 1))


def _workers(now: datetime) -> Finding:
    alive = [row for row in all_workers() if now - row.seen_at <= ALIVE]
    if not alive:
        words = "Nobody looks for due work: no timer fires. Run: towpath serve, or towpath worker"
        return Finding("workers", False, words, 0)
    told = ", ".join(f"{row.kind} {row.pid} on {row.host} ({row.version})" for row in alive)
    return Finding("workers", True, f"Looking for due work: {told}.", len(alive))


def _clock(now: datetime) -> Iterator[Finding]:
    theirs = health.database_clock()
    if theirs is None:
        return
    skew = abs(theirs - now)
    well = skew <= SKEW
    apart = f"This machine's clock and the database's are {_long(skew)} apart, so timers fire at the wrong time."
    words = "This machine's clock and the database's agree." if well else f"{apart} Set the clock."
    yield Finding("clock", well, words, round(skew.total_seconds(), 3))


def _broker(env: Environment) -> Iterator[Finding]:
    reaches = env.wakeups.reaches()
    if reaches is None:
        return
    if reaches:
        yield Finding("broker", True, "The broker is reachable.")
    else:
        words = "The broker does not answer. Due work is found by looking, within seconds; nothing is lost meanwhile."
        yield Finding("broker", False, words)


def _long(span: timedelta) -> str:
    """A length in the largest unit that fits."""
    seconds = span.total_seconds()
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds:.0f} second{'' if round(seconds) == 1 else 's'}"
