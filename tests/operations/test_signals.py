"""Signals: everybody who waits gets one, each in a transaction of their own; a message can have another key."""

from __future__ import annotations

from typing import Any

import pytest

from service.data_files import processes_directory
from service.definitions.files import read_directory
from service.domain.errors import Invalid, NotAllowed
from service.domain.events import CaseEvent
from service.operations.cases import read_case
from service.operations.events import read_event, receive_event
from service.operations.rulebook import check_files
from service.operations.steering import resume_instance, suspend_instance
from service.operations.views import EventView
from tests.engine.drawing import catch, diagram, end, flow, flows, gateway, message, signal, signals, start, throw, user
from tests.operations.publishing import publish
from tests.operations.rows import fact
from tests.support.world import INTEGRATOR, World

WAITING = diagram(
    start(message="m"), catch("ears", inside=signals("s")), gateway("which"), end(),
    flows("begin ears which"), flow("which", "done", "=case.facts.broken = null"),
    process_id="waiting", outside=message("m", "wait-for-it") + signal("s", "court-closed"),
)  # fmt: skip
"""Goes on at the signal, unless its case has the fact `broken`: then no way is open."""
STARTING = diagram(
    start(inside=signals("s")), user("ring", assignee="=case.allocatedWorker"), end(), flows("begin ring done"),
    process_id="starting", outside=signal("s", "court-closed"),
)  # fmt: skip
THROWING = diagram(
    start(message="m"), throw("shout", inside=signals("s")), end(), flows("begin shout done"),
    process_id="throwing", outside=message("m", "shout-it") + signal("s", "heard-by-all"),
)  # fmt: skip
HEARING = diagram(
    start(message="m"), catch("ears", inside=signals("s")), end(), flows("begin ears done"),
    process_id="hearing", outside=message("m", "wait-for-shout") + signal("s", "heard-by-all"),
)  # fmt: skip
KEYED = diagram(
    start(message="m"), catch("minutes", "n"), end(), flows("begin minutes done"),
    process_id="keyed", outside=message("m", "meeting-set") + message("n", "minutes-written", "=meeting"),
)  # fmt: skip


def post(world: World, name: str, case: str = "K-101", key: str | None = None, **data: Any) -> EventView:
    """Another system tells of something."""
    world.events += 1
    event = CaseEvent("lcs", f"{name}-{world.events}", name, case, world.clock.moment, data, key)
    return receive_event(world.env, INTEGRATOR, event=event)


def states(world: World, name: str = "Review") -> dict[str, str]:
    """Case reference to how its one instance stands."""
    reader = world.person("dcs")
    found = {}
    for case in ("K-101", "K-102", "K-103"):
        for instance in read_case(world.env, reader, reference=case).instances:
            assert instance.name == name
            found[case] = instance.status
    return found


def test_everybody_who_waits_gets_it_and_whoever_cannot_stops_nobody(world: World) -> None:
    publish(world, WAITING)
    for case in ("K-101", "K-102", "K-103"):
        post(world, "wait-for-it", case)
    fact("K-102", broken=True)
    view = post(world, "court-closed", "K-108")
    assert view.did == "Broadcast: 3 waited for it, 0 processes start on it"
    world.settle()
    assert states(world) == {"K-101": "completed", "K-102": "running", "K-103": "completed"}
    [incident] = read_case(world.env, world.person("dcs"), reference="K-102").incidents
    assert incident.what == "Case event court-closed"
    assert "Signal received: court-closed" in " ".join(world.seen("K-101").history)


def test_a_process_starts_on_it_for_the_case_it_is_about(world: World) -> None:
    publish(world, STARTING)
    assert post(world, "court-closed", "K-103").did == "Broadcast: 0 waited for it, 1 processes start on it"
    world.settle()
    assert states(world) == {"K-103": "running"}
    assert dict(world.seen("K-103").open) == {"ring": {"sw2-cin-east"}}


def test_what_a_diagram_throws_reaches_every_case_and_the_feed(world: World) -> None:
    publish(world, THROWING, HEARING)
    for case in ("K-101", "K-102"):
        post(world, "wait-for-shout", case)
    post(world, "shout-it", "K-103")
    world.settle()
    assert states(world)["K-101"] == states(world)["K-102"] == "completed"
    assert "Broadcast: heard-by-all" in " ".join(world.seen("K-103").history)


def test_what_diagrams_throw_nobody_outside_may_say_for_them(sqlite_world: World) -> None:
    publish(sqlite_world, THROWING, HEARING)
    with pytest.raises(Invalid) as error:
        post(sqlite_world, "heard-by-all")
    assert "No pathway knows 'heard-by-all'" in error.value.fields["type"][0]


def test_whoever_is_suspended_gets_it_when_they_are_resumed(world: World) -> None:
    publish(world, WAITING)
    instance_id = post(world, "wait-for-it").instance_id or ""
    above = world.person("sm-cin-east")
    suspend_instance(world.env, above, instance_id=instance_id, reason="The court asked us to.")
    post(world, "court-closed", "K-108")
    world.settle()
    assert states(world) == {"K-101": "suspended"}
    resume_instance(world.env, above, instance_id=instance_id, reason="It is over.")
    world.settle()
    assert states(world) == {"K-101": "completed"}


def test_it_is_not_for_those_who_come_later(sqlite_world: World) -> None:
    publish(sqlite_world, WAITING)
    post(sqlite_world, "court-closed", "K-108")
    post(sqlite_world, "wait-for-it")
    sqlite_world.settle()
    assert states(sqlite_world) == {"K-101": "running"}


def test_a_message_with_a_key_of_its_own_reaches_whoever_waits_with_it(world: World) -> None:
    publish(world, KEYED)
    post(world, "meeting-set", "K-101", meeting="M-7")
    post(world, "meeting-set", "K-102", meeting="M-8")
    assert post(world, "minutes-written", "K-103", key="M-8").did == "Delivered to Review"
    assert states(world) == {"K-101": "running", "K-102": "completed"}


def test_a_message_with_a_key_is_held_for_whoever_comes_to_wait_with_it(world: World) -> None:
    publish(world, KEYED)
    event = post(world, "minutes-written", "K-103", key="M-7")
    assert event.status == "held"
    post(world, "meeting-set", "K-102", meeting="M-8")
    world.settle()
    assert read_event(world.env, INTEGRATOR, event_id=event.id).status == "held"
    post(world, "meeting-set", "K-101", meeting="M-7")
    world.settle()
    assert states(world) == {"K-101": "completed", "K-102": "running"}


def test_the_same_event_with_another_key_is_another_payload(sqlite_world: World) -> None:
    publish(sqlite_world, KEYED)
    event = CaseEvent("lcs", "one", "minutes-written", "K-103", sqlite_world.clock.moment, {}, "M-7")
    other = CaseEvent("lcs", "one", "minutes-written", "K-103", sqlite_world.clock.moment, {}, "M-8")
    receive_event(sqlite_world.env, INTEGRATOR, event=event)
    with pytest.raises(Exception, match="accepted before with another payload"):
        receive_event(sqlite_world.env, INTEGRATOR, event=other)


def test_a_name_cannot_be_a_message_and_a_signal(sqlite_world: World) -> None:
    both = diagram(
        start(message="m"), catch("ears", inside=signals("s")), end(), flows("begin ears done"),
        outside=message("m", "court-closed") + signal("s", "court-closed"),
    )  # fmt: skip
    problems, _ = check_files(sqlite_world.env, {**read_directory(processes_directory()), "both.bpmn": both})
    assert ("ears", "“court-closed” is the name of a message too, so nobody could tell which an event is") in {
        (problem.where, problem.message) for problem in problems
    }


def test_only_whoever_may_post_events_may_broadcast(sqlite_world: World) -> None:
    publish(sqlite_world, WAITING)
    event = CaseEvent("lcs", "x", "court-closed", "K-101", sqlite_world.clock.moment, {})
    with pytest.raises(NotAllowed):
        receive_event(sqlite_world.env, sqlite_world.person("dcs"), event=event)
