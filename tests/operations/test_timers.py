"""Timers: at their time, not before, once; and a person looks when one cannot fire (CC-T1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import select

from service.domain.events import CaseEvent
from service.domain.people import TOWPATH
from service.operations.cases import read_case
from service.operations.due import pass_time, stop_timers
from service.operations.events import receive_event
from service.operations.incidents import list_incidents, retry_incident
from service.operations.instance_views import IncidentView
from service.store.instances import InstanceRow
from tests.engine.drawing import catch, diagram, end, flow, flows, gateway, message, start, timer
from tests.operations.publishing import publish
from tests.operations.rows import count, everything, fact, values
from tests.operations.together import together
from tests.operations.working import pass_by
from tests.support.world import EXEMPLAR, INTEGRATOR, SIGNATURE, World

OVERDUE = datetime(2027, 1, 19, tzinfo=UTC)
"""Ten working days after 4 January, the first bank holiday being past: due on the 18th, late from the day after."""

DELAY = {
    "holdsItUp": "The worker was away for a week.",
    "stillRight": "yes",
    "whatNext": "The deputy completes the exemplar.",
    "closeBy": "2027-01-29",
}

FAILING = diagram(
    start(message="m"), catch("an_hour", inside=timer("timeDuration", "PT1H")), gateway("which"), end(),
    flows("begin an_hour which"), flow("which", "done", "=case.facts.ready = true"),
    process_id="failing", outside=message("m", "wait-for-it"),
)  # fmt: skip
"""After an hour it needs a fact that the register does not have."""


def test_nothing_happens_a_second_before_its_time(sqlite_world: World) -> None:
    assert after(sqlite_world.at_exemplar(), OVERDUE - timedelta(seconds=1)) == ["complete_closure_exemplar"]


def test_at_its_time_the_senior_manager_is_told_and_the_closure_goes_on(world: World) -> None:
    """CC-T1."""
    assert after(world.at_exemplar(), OVERDUE) == ["complete_closure_exemplar", "review_closure_delay"]
    assert dict(world.seen().open)["review_closure_delay"] == {"sm-cin-east"}
    world.complete("complete_closure_exemplar", "sw1-cin-east", EXEMPLAR)
    assert dict(world.seen().open)["sign"] == {"tm-cin-east"}


def test_it_happens_once(sqlite_world: World) -> None:
    after(sqlite_world.at_exemplar(), OVERDUE)
    assert after(sqlite_world, OVERDUE + timedelta(days=30)) == ["complete_closure_exemplar", "review_closure_delay"]
    assert [entry for entry in sqlite_world.seen().history if "Time passed" in entry] == [
        "Towpath Time passed: Closure delayed. Then: Opened: Review the delay in closing this case "
        "(Service manager for area East)"
    ]


def test_a_case_that_closed_in_time_is_not_reviewed(sqlite_world: World) -> None:
    assert after(sqlite_world.closed(), OVERDUE) == []


def test_the_case_closes_while_the_review_is_open_and_the_process_ends_with_the_review(sqlite_world: World) -> None:
    after(sqlite_world.at_second_signature(), OVERDUE)
    sqlite_world.complete("sign", "sm-cin-east", SIGNATURE)
    assert (sqlite_world.seen().status, "closure" in dict(sqlite_world.seen().ended).values()) == ("closed", False)
    sqlite_world.complete("review_closure_delay", "sm-cin-east", DELAY)
    assert "closure" in dict(sqlite_world.seen().ended).values()


def test_two_who_look_at_once_fire_it_once(world: World) -> None:
    world.at_exemplar().clock.moment = OVERDUE
    instance_id = only_due(world)
    together(world, [partial(pass_time, world.env, TOWPATH, instance_id=instance_id)] * 4)
    assert (count("user_tasks"), sum("Time passed" in entry for entry in world.seen().history)) == (2, 1)


def test_whoever_looks_too_early_leaves_no_trace(sqlite_world: World) -> None:
    view = sqlite_world.propose()
    before = everything()
    pass_time(sqlite_world.env, TOWPATH, instance_id=str(view.instance_id))
    assert everything() == before


def test_one_that_cannot_fire_is_stuck_and_not_tried_by_itself(world: World) -> None:
    before = len(at_failing(world).seen().history)
    incident = only_incident(world)
    assert (incident.what, incident.may_retry) == ("A timer of Review", True)
    pass_by(world, 86_400)
    world.settle()
    assert len(world.seen().history) == before
    assert read_case(world.env, world.person("tm-cin-east"), reference="K-101").incidents == (incident,)


def test_put_right_and_told_to_try_again_it_fires(world: World) -> None:
    at_failing(world)
    fact("K-101", ready=True)
    retry(world)
    assert [process for _, process in world.seen().ended] == ["failing"]
    assert list_incidents(world.env, world.person("tm-cin-east")) == ()


def test_told_to_try_again_too_early_it_is_stuck_again(sqlite_world: World) -> None:
    first = only_incident(at_failing(sqlite_world))
    retry(sqlite_world)
    assert only_incident(sqlite_world).id != first.id


def test_one_that_cannot_fire_does_not_hold_up_another_case(sqlite_world: World) -> None:
    sqlite_world.at_exemplar()
    publish(sqlite_world, FAILING)
    begin(sqlite_world)
    assert "review_closure_delay" in after(sqlite_world, OVERDUE)


def test_whoever_has_moved_on_meanwhile_is_not_stopped(sqlite_world: World) -> None:
    """The timer failed, and before it was stopped somebody's step put another one in its place."""
    publish(sqlite_world, FAILING)
    stop_timers(sqlite_world.env, TOWPATH, instance_id=begin(sqlite_world), error="It could not fire.")
    assert list_incidents(sqlite_world.env, sqlite_world.person("tm-cin-east")) == ()


def after(world: World, moment: datetime) -> list[str]:
    """What is open in K-101 once the clock stands at this moment and all that is due was done."""
    world.clock.moment = moment
    world.settle()
    return sorted(name for name, _ in world.seen().open)


def begin(world: World) -> str:
    """Start the process whose timer will fail; gives the instance."""
    event = CaseEvent("lcs", "wait", "wait-for-it", "K-101", world.clock.moment)
    view = receive_event(world.env, INTEGRATOR, event=event)
    assert view.instance_id is not None, view.did
    return view.instance_id


def at_failing(world: World) -> World:
    """The timer was due and could not fire."""
    publish(world, FAILING)
    begin(world)
    pass_by(world, 3_600)
    world.settle()
    return world


def only_incident(world: World) -> IncidentView:
    """The one thing that is stuck."""
    [incident] = list_incidents(world.env, world.person("tm-cin-east"))
    return incident


def retry(world: World) -> None:
    """The manager tells Towpath to try again."""
    retry_incident(world.env, world.person("tm-cin-east"), incident_id=only_incident(world).id)
    world.settle()


def only_due(world: World) -> str:
    """The one instance whose timer is due."""
    [instance_id] = values(select(InstanceRow.id).where(InstanceRow.wake_at <= world.clock()))
    return instance_id
