"""Timer start events: which are in force, when each is due, and for which cases it starts its process.

A process in Towpath is about a case, so a timer start event says for which: its property `forEachCase` is a FEEL
condition over `case`, asked of every case of the register on each occasion. Occasions missed while nobody looked are
made up for once, not one by one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, time

from service.definitions.problem import Problem
from service.domain.errors import ModelError
from service.domain.people import TOWPATH, Actor
from service.engine import ProcessInfo, StartInfo, next_start
from service.feel import FeelError, compile_expression
from service.logs import get_logger
from service.operations.context import expression_context, read_chart, release_on
from service.operations.environment import Environment, ReleaseInUse
from service.operations.incidents import quarantine
from service.operations.throwing import SOURCE, known_messages, known_signals
from service.operations.transaction import call_workers, operation
from service.operations.words import LOCAL
from service.store.cases import CaseRow, cases_after
from service.store.events import EventRow
from service.store.organisation import find_authority
from service.store.releases import find_release
from service.store.schedules import ScheduleRow, all_schedules, lock_schedule
from service.store.tables import db

log = get_logger(__name__)

CASES_AT_ONCE = 200
"""How many cases one transaction asks whether they are meant."""

FOR_EACH_CASE = "forEachCase"


@operation
def keep_schedules(env: Environment, actor: Actor) -> None:
    """Make the schedules those of the release in force. One that is drawn as before keeps its place.

    Raises NotFound when no release was published.
    """
    now = env.now()
    release, authority = release_on(env, now), find_authority()
    if authority is not None:
        authority.scheduled_release = release.number
    wanted = {(process.id, start.element_id): start for process, start in timer_starts(release)}
    for row in all_schedules():
        start = wanted.pop((row.process_id, row.start_id), None)
        if start is None:
            db.session.delete(row)
        elif row.timer != start.timer:
            row.timer, row.reached, row.next_at = str(start.timer), "", _next(release, start, now, now)
            row.stopped_because = None
    for (process_id, start_id), start in wanted.items():
        due = _next(release, start, now, now)
        db.session.add(ScheduleRow(process_id=process_id, start_id=start_id, timer=str(start.timer), next_at=due))


@operation
def run_schedule(env: Environment, actor: Actor, *, process_id: str, start_id: str) -> None:
    """Take an occasion that is due through the next cases of the register; after the last one, wait for the next.

    Each case that is meant gets an event of its own, which is delivered like any other. A case that cannot be judged
    gets one in quarantine, with the reason.
    """
    row, now = lock_schedule(process_id, start_id), env.now()
    if row is None or row.next_at is None or row.next_at > now:
        return
    release = release_on(env, row.next_at)
    drawn = {(process.id, start.element_id): start for process, start in timer_starts(release)}
    start = drawn.get((process_id, start_id))
    if start is None:
        db.session.delete(row)  # the rule book in force no longer draws it
        return
    cases = cases_after(row.reached, CASES_AT_ONCE)
    for case in cases:
        _ask(env, actor, release, row, start, case)
    call_workers()
    if len(cases) == CASES_AT_ONCE:
        row.reached = cases[-1].reference
    else:
        row.reached, row.next_at = "", _next(release, start, now, row.next_at)


def wake_schedule(env: Environment, process_id: str, start_id: str) -> None:
    """Take an occasion through the next cases; when the rule book cannot say when the next one is, stop and say why."""
    try:
        run_schedule(env, TOWPATH, process_id=process_id, start_id=start_id)
    except ModelError as error:
        stop_schedule(env, TOWPATH, process_id=process_id, start_id=start_id, error=error.message)


@operation
def stop_schedule(env: Environment, actor: Actor, *, process_id: str, start_id: str, error: str) -> None:
    """Start nothing any more, until the rule book draws it otherwise. `towpath doctor` tells of it."""
    row = lock_schedule(process_id, start_id)
    if row is not None:
        row.next_at, row.stopped_because = None, error
        log.error("schedule_stopped", process=process_id, start=start_id, because=error)


def timer_starts(release: ReleaseInUse) -> Iterator[tuple[ProcessInfo, StartInfo]]:
    """Every timer start event of a release."""
    for process in release.diagrams.processes.values():
        for start in process.starts:
            if start.kind == "timer":
                yield process, start


def start_problems(release: ReleaseInUse) -> Iterator[Problem]:
    """What is wrong with how the processes of a rule book are started."""
    for process, start in timer_starts(release):
        if not start.properties.get(FOR_EACH_CASE, "").startswith("="):
            message = f"a timer start event says for which cases, as FEEL in the property “{FOR_EACH_CASE}”"
            yield Problem(process.file, start.element_id, message)
    messages, signals = known_messages(release.diagrams), known_signals(release.diagrams)
    for reference in release.diagrams.references:
        if reference.kind == "signal" and reference.value in messages & signals:
            message = f"“{reference.value}” is the name of a message too, so nobody could tell which an event is"
            yield Problem(reference.file, reference.element_id, message)
    first: dict[str, str] = {}
    for process in release.diagrams.processes.values():
        for start in process.starts:
            if start.message is not None and first.setdefault(start.message, process.id) != process.id:
                message = f"the process “{first[start.message]}” starts on the message “{start.message}” already"
                yield Problem(process.file, start.element_id, message)


def _ask(
    env: Environment, actor: Actor, release: ReleaseInUse, row: ScheduleRow, start: StartInfo, case: CaseRow
) -> None:
    """Add the event that starts the process for a case, if the case is meant."""
    try:
        meant, because = _is_meant(env, release, start, case), None
    except (FeelError, ModelError) as error:
        meant, because = True, error.message
    if not meant:
        return
    event = _event(env, actor, row, start, case)
    db.session.add(event)
    db.session.flush()
    if because is not None:
        quarantine(env, event, because)


def _is_meant(env: Environment, release: ReleaseInUse, start: StartInfo, case: CaseRow) -> bool:
    condition = compile_expression(start.properties.get(FOR_EACH_CASE, "").removeprefix("="))
    scope = expression_context(env, release, case, read_chart(release))
    holds = condition.evaluate(scope, functions=release.functions(env.now()))
    if not isinstance(holds, bool):
        raise ModelError(f"{FOR_EACH_CASE} of {start.element_id!r} is neither true nor false for this case")
    return holds


def _event(env: Environment, actor: Actor, row: ScheduleRow, start: StartInfo, case: CaseRow) -> EventRow:
    event_id, now = str(uuid.uuid4()), env.now()
    return EventRow(
        id=event_id,
        source=SOURCE,
        event_id=event_id,
        type=start.element_id,
        kind="start",
        target_id=f"{row.process_id}/{row.start_id}",
        case_reference=case.reference,
        happened_at=row.next_at or now,
        data={},
        digest="",
        received_at=now,
        received_from=actor.id,
        received_from_name=actor.name,
    )


def _next(release: ReleaseInUse, start: StartInfo, now: datetime, after: datetime) -> datetime | None:
    """The first occasion after both instants. An interval is counted from the day the release took effect."""
    known = find_release(release.number)
    since = datetime.combine(known.effective_from, time.min, tzinfo=LOCAL).astimezone(UTC) if known else now
    settings = {"settings": dict(release.rulebook.settings)}
    return next_start(start, max(now, after), since=since, context=settings, functions=release.functions(now))
