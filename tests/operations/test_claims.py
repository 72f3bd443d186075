"""Who gets which due work: shared between workers, each piece to one, in turn, and given up by whoever dies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from service.domain.errors import Conflict, ModelError
from service.domain.events import CaseEvent
from service.domain.people import TOWPATH
from service.operations.claiming import LEASE, Claimed, claim_due_work, when_due
from service.operations.due import Piece
from service.operations.events import accept_event
from service.operations.incidents import list_incidents
from service.operations.schedules import keep_schedules
from service.store.events import RUN, EventRow
from service.store.incidents import IncidentRow
from service.store.instances import InstanceRow
from service.store.jobs import JobRow
from service.store.schedules import ScheduleRow
from service.ticker import settle, tick
from tests.engine.drawing import catch, diagram, end, flows, message, start, timer
from tests.operations.publishing import publish
from tests.operations.rows import changing, count, values
from tests.operations.test_schedules import weekly
from tests.operations.together import together
from tests.operations.working import Sender, at_job, claimed, handled, pass_by, post, telling
from tests.support.world import INTEGRATOR, World

HOUR = diagram(
    start(message="m"), catch("an_hour", inside=timer("timeDuration", "PT1H")), end(), flows("begin an_hour done"),
    process_id="hour", outside=message("m", "wait-an-hour"),
)  # fmt: skip
"""Ends after an hour."""


def test_workers_who_claim_at_once_share_the_timers(world: World) -> None:
    at_timers(world, 12)
    shares = [set(each.instance_ids) for each in together(world, [partial(claim, world)] * 4)]
    assert sorted(id for share in shares for id in share) == sorted(values(select(InstanceRow.id)))


def test_what_one_holds_no_other_gets_until_the_lease_ends(world: World) -> None:
    at_timers(world, 3)
    claim(world)
    pass_by(world, LEASE.total_seconds() - 1)
    assert claim(world).instance_ids == ()
    pass_by(world, 1)
    assert len(claim(world).instance_ids) == 3


def test_a_lease_given_under_a_clock_that_was_wrong_holds_nothing_up(world: World) -> None:
    """The machine's clock ran a day ahead, its worker died, and the clock was put right."""
    at_timers(world, 3)
    pass_by(world, 86_400)
    claim(world)
    pass_by(world, -86_400)
    assert len(claim(world).instance_ids) == 3


def test_a_timer_that_fired_early_under_a_wrong_clock_fires_once(world: World) -> None:
    at_timers(world, 1)
    pass_by(world, 86_400)
    world.settle()
    pass_by(world, -86_400)
    world.settle()
    assert [process for _, process in world.seen("K-101").ended] == ["hour"]
    assert sum("Time passed" in entry for entry in world.seen("K-101").history) == 1


def test_an_instance_with_many_jobs_leaves_room_for_the_others(world: World) -> None:
    at_job(world, handled(telling(Sender({}))))
    pass_by(world, 5)
    at_many_more_jobs(world, 40)
    post(world, "K-102")
    with changing() as session:
        [row] = session.scalars(select(JobRow).where(JobRow.case_reference == "K-102"))
        row.due_at = row.turn_at = row.created_at = world.clock()
    cases = [job.job.business_key for job in claim(world, jobs=10).jobs]
    assert (cases.count("K-102"), len(cases)) == (1, 10)


def test_a_case_with_many_events_leaves_room_for_the_others_and_keeps_their_order(world: World) -> None:
    publish(world, HOUR)
    ids = [accept(world, "K-101", number) for number in range(RUN + 5)]
    other = accept(world, "K-102", 0)
    first = claim(world)
    assert first.events == (tuple(ids[:RUN]), (other,))
    assert claim(world).events == ()
    with changing() as session:
        for event_id in ids[:RUN]:
            session.get_one(EventRow, event_id).status = "held"
    assert claim(world).events == (tuple(ids[RUN:]),)


def test_the_cases_have_their_turns_round_and_round(world: World) -> None:
    publish(world, HOUR)
    for case in ("K-101", "K-102", "K-103"):
        accept(world, case, 0)
    assert [case_of(run[0]) for run in claim(world, after="K-101").events] == ["K-102", "K-103", "K-101"]


def test_an_error_that_nobody_foresaw_is_a_persons_to_look_at_and_tried_no_more(world: World) -> None:
    """An instance whose state is none at all."""
    at_timers(world, 2)
    with changing() as session:
        broken = session.scalars(select(InstanceRow).order_by(InstanceRow.wake_at)).first()
        assert broken is not None
        broken.state = b"{}"
        case = broken.case_reference
    tick(claimed(world))
    assert [incident.case_reference for incident in list_incidents(world.env, world.person("gm-east"))] == [case]
    pass_by(world, 60)
    assert (when_due(world.env).timer, count("incidents")) == (None, 1)


@pytest.mark.parametrize("kind", ["event", "timer", "job", "start"])
def test_work_of_every_kind_that_ends_in_such_an_error_is_left_to_a_person(sqlite_world: World, kind: str) -> None:
    world = sqlite_world
    something_due(world, kind)
    for piece in claimed(world):
        settle(replace(piece, do=unforeseen))
    pass_by(world, 86_400)
    assert claimed(world) == []
    [said] = values(select(ScheduleRow.stopped_because if kind == "start" else IncidentRow.message))
    assert said == "Something nobody foresaw: RuntimeError. The log of this moment says more."


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (Conflict("Somebody was first."), False),
        (OSError("The network is away."), False),
        (OperationalError("select", {}, Exception("The database is away.")), False),
        (ModelError("The diagram is wrong."), True),
        (RuntimeError("A bug."), True),
    ],
)
def test_what_passes_by_itself_is_left_to_nobody(error: Exception, left: bool) -> None:
    told: list[Exception] = []

    def fail() -> None:
        raise error

    assert not settle(Piece(fail, told.append))
    assert told == ([error] if left else [])


def test_what_is_due_next_is_known_without_opening_an_instance(world: World) -> None:
    publish(world, HOUR)
    begin(world, "K-101")
    assert when_due(world.env).first == world.clock() + timedelta(hours=1)


def claim(world: World, jobs: int = 0, after: str = "") -> Claimed:
    """A worker claims."""
    return claim_due_work(world.env, TOWPATH, jobs=jobs, after_case=after)


def begin(world: World, case: str) -> None:
    """The hour begins in a case."""
    accept(world, case, 0)
    world.settle()


def something_due(world: World, kind: str) -> None:
    """One piece of work of this kind is due."""
    if kind == "event":
        publish(world, HOUR)
        accept(world, "K-101", 0)
    elif kind == "timer":
        at_timers(world, 1)
    elif kind == "job":
        at_job(world, handled(telling(Sender({}))))
    else:
        publish(world, weekly())
        keep_schedules(world.env, TOWPATH)
        pass_by(world, 7 * 86_400)


def unforeseen() -> None:
    """An error whose words hold what somebody wrote about a child."""
    raise RuntimeError("Avery Birch")


def accept(world: World, case: str, number: int) -> str:
    """An event that starts an hour is accepted, a moment after the one before; gives Towpath's id for it."""
    world.clock.moment += timedelta(seconds=0.01)
    event = CaseEvent("lcs", f"{case}-{number}", "wait-an-hour", case, world.clock.moment)
    return accept_event(world.env, INTEGRATOR, event=event)


def at_timers(world: World, number: int) -> None:
    """So many instances, each with a timer that is due now."""
    publish(world, HOUR)
    for each in range(number):
        accept(world, f"K-10{1 + each % 6}", each)
    world.settle()
    pass_by(world, 3_600)


def at_many_more_jobs(world: World, number: int) -> None:
    """The instance that has a job has so many more, opened together five seconds ago."""
    with changing() as session:
        [row] = session.scalars(select(JobRow))
        for place in range(1, number):
            session.add(
                JobRow(
                    id=f"more-{place}", instance_id=row.instance_id, case_reference=row.case_reference,
                    element_id=row.element_id, name=row.name, type=row.type, due_at=row.due_at,
                    turn_at=row.turn_at + timedelta(seconds=place), created_at=row.created_at,
                )
            )  # fmt: skip


def case_of(event_id: str) -> str:
    """The case of an accepted event."""
    [reference] = values(select(EventRow.case_reference).where(EventRow.id == event_id))
    return str(reference)
