"""Looking inside an instance, moving its timers and repairing its variables: by whom, why, and who was first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.operations.inside import move_timer, read_inside, repair_variables
from service.operations.inside_views import InsideView
from service.operations.steering import cancel_instance
from service.operations.tasks import complete_task
from service.store.instances import InstanceRow
from service.store.jobs import JobRow
from service.store.tables import db
from tests.engine.drawing import diagram, end, flow, flows, gateway, job, message, start, user
from tests.operations.publishing import publish
from tests.operations.rows import values
from tests.operations.test_races import at_hurried, instance_of
from tests.operations.test_stuck_tasks import EVENT_TYPE, post
from tests.operations.working import Sender, at_job, handled, telling, work
from tests.operations.working import post as letter_due
from tests.support.world import World

ABOVE = "sm-cin-east"
WORKER = "sw1-cin-east"
WHY = "The hearing was put off."
UNSET = diagram(
    start(message="m"), user("answer", name="Answer the letter", assignee="=case.allocatedWorker"),
    gateway("which"), end(),
    flows("begin answer which"), flow("which", "done", "=ready = true"),
    process_id="unset", outside=message("m", EVENT_TYPE),
)  # fmt: skip
"""Goes on only when the variable says so, and nobody has set it."""


def test_its_timers_are_listed_with_when_they_are_due(world: World) -> None:
    [timer] = inside(world, hurried(world)).timers
    assert (timer.name, timer.due_at) == ("Too late", world.clock.moment)


def test_a_timer_that_is_moved_fires_at_the_new_time_and_not_before(world: World) -> None:
    instance_id = hurried(world)
    later = world.clock.moment + timedelta(hours=2)
    move(world, instance_id, due_at=later)
    world.settle()
    assert [element for element, _ in world.seen().open] == ["answer"]
    entry = world.seen().history[-1]
    for part in ("Moved the timer: Too late", f"Reason: {WHY}", "Due before: 4 January 2027 at 10:30am", "12:30pm"):
        assert part in entry
    world.clock.moment = later
    world.settle()
    assert [process for _, process in world.seen().ended] == ["hurried"]


def test_whoever_moves_it_after_it_fired_hears_that_it_was_first(world: World) -> None:
    instance_id = hurried(world)
    [timer] = inside(world, instance_id).timers
    world.settle()
    with pytest.raises(Conflict, match="came to its end on 4 January 2027 at 10:30am"):
        move(world, instance_id, timer.id)


def test_a_timer_that_waits_no_more_names_who_was_first(sqlite_world: World) -> None:
    with pytest.raises(Conflict, match="This timer does not wait any more"):
        move(sqlite_world, hurried(sqlite_world), "no such timer")


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"due_at": "far"}])
def test_a_time_or_reason_that_is_none_is_said(sqlite_world: World, wrong: dict[str, Any]) -> None:
    world = sqlite_world
    instance_id = hurried(world)
    if "due_at" in wrong:
        wrong = {"due_at": world.clock.moment + timedelta(days=200 * 365)}
    with pytest.raises(Invalid):
        move(world, instance_id, **wrong)


def test_nobody_below_moves_or_repairs_or_sees_the_variables(sqlite_world: World) -> None:
    world = sqlite_world
    instance_id = hurried(world)
    view = read_inside(world.env, world.person(WORKER), instance_id=instance_id)
    assert (view.scopes, view.may) == ((), frozenset())
    assert len(view.timers) == 1
    with pytest.raises(NotAllowed):
        move(world, instance_id, person=WORKER)
    with pytest.raises(NotAllowed):
        repair(world, instance_id, {"ready": True}, person=WORKER)
    with pytest.raises(NotFound):
        read_inside(world.env, world.person("sw1-cla"), instance_id=instance_id)


def test_a_repaired_variable_lets_the_person_complete_it(world: World) -> None:
    publish(world, UNSET)
    post(world, "K-101")
    instance_id = instance_of(world, world.task("answer"))
    repair(world, instance_id, {"ready": True})
    entry = world.seen().history[-1]
    for part in ("Repaired variables", f"Reason: {WHY}", "ready before: null", "ready after: true"):
        assert part in entry
    complete_task(world.env, world.person(WORKER), task_id=world.task("answer"), answers={})
    assert [process for _, process in world.seen().ended] == ["unset"]


def test_what_is_repaired_is_seen_by_the_open_jobs_of_this_instance_and_no_others(sqlite_world: World) -> None:
    kind = handled(telling(Sender({})))
    at_job(sqlite_world, kind, job("again", kind), path="begin send again done", data={"place": "12"})
    work(sqlite_world)
    letter_due(sqlite_world, "K-102", place="12")
    instance_id = values(select(InstanceRow.id).where(InstanceRow.case_reference == "K-101"))[0]
    repair(sqlite_world, instance_id, {"place": "21"})
    seen = {(row.case_reference, row.element_id): row.variables["place"] for row in db.session.query(JobRow)}
    db.session.close()
    assert seen == {("K-101", "send"): "12", ("K-101", "again"): "21", ("K-102", "send"): "12"}


@pytest.mark.parametrize("variables", [{}, {"case": {}}])
def test_what_cannot_be_written_is_said(sqlite_world: World, variables: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        repair(sqlite_world, hurried(sqlite_world), variables)


def test_nothing_is_repaired_in_what_has_ended(sqlite_world: World) -> None:
    world = sqlite_world
    instance_id = hurried(world)
    cancel_instance(world.env, world.person(ABOVE), instance_id=instance_id, reason="Opened by mistake.")
    with pytest.raises(Conflict, match="was cancelled by Service manager"):
        repair(world, instance_id, {"ready": True})


def hurried(world: World) -> str:
    """An hour has passed, and nobody has looked."""
    return instance_of(world, at_hurried(world))


def inside(world: World, instance_id: str) -> InsideView:
    """As somebody above sees it."""
    return read_inside(world.env, world.person(ABOVE), instance_id=instance_id)


def move(world: World, instance_id: str, timer_id: str | None = None, person: str = ABOVE, **changed: Any) -> None:
    """Somebody moves the timer by an hour."""
    timer_id = timer_id or inside(world, instance_id).timers[0].id
    given = {"due_at": world.clock.moment + timedelta(hours=1), "reason": WHY, **changed}
    move_timer(world.env, world.person(person), instance_id=instance_id, timer_id=timer_id, **given)


def repair(world: World, instance_id: str, variables: dict[str, Any], person: str = ABOVE) -> None:
    """Somebody writes variables of the whole instance."""
    repair_variables(world.env, world.person(person), instance_id=instance_id, variables=variables, reason=WHY)
