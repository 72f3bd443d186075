"""Listeners as jobs that a worker does: put off, tried again, stuck, refused. What a listener may read and write, and
when it is asked, is tested with the engine."""

from __future__ import annotations

from typing import Any

import pytest

from service.contract import BpmnError
from service.operations.incidents import list_incidents, retry_incident
from service.operations.instance_views import IncidentView
from tests.engine.drawing import diagram, end, flows, listeners, message, start, user
from tests.operations.publishing import publish
from tests.operations.rows import count
from tests.operations.working import EVENT_TYPE, Sender, handled, only_job, pass_by, post, telling, work
from tests.support.world import World

WORKER = "sw1-cin-east"
ABOVE = "sm-cin-east"
FAILS = ValueError("Not today.")
REFUSES = BpmnError("incomplete", "A date is missing.")


@pytest.mark.parametrize("event", ["start", "creating"])
def test_one_that_fails_is_asked_again_and_the_task_opens_then(world: World, event: str) -> None:
    sender = at_listener(world, event, FAILS, {})
    work(world)
    assert (only_job().status, only_job().retries, world.seen().open) == ("pending", 1, ())
    pass_by(world, 3_600)
    work(world)
    assert (only_job().status, len(sender.given), opened(world)) == ("done", 2, ["answer"])


@pytest.mark.parametrize("event", ["start", "creating"])
def test_one_out_of_tries_is_an_incident_and_goes_on_when_somebody_says_so(world: World, event: str) -> None:
    at_listener(world, event, FAILS, FAILS, {})
    for _ in range(2):
        work(world)
        pass_by(world, 3_600)
    assert (only_job().status, opened(world)) == ("stuck", [])
    assert (stuck(world).kind, stuck(world).message) == ("job", "Not today.")
    retry_incident(world.env, world.person(ABOVE), incident_id=stuck(world).id)
    work(world)
    assert (only_job().status, opened(world), list_incidents(world.env, world.person(ABOVE))) == (
        "done",
        ["answer"],
        (),
    )


@pytest.mark.parametrize("event", ["start", "creating"])
def test_a_bpmn_error_that_nothing_can_catch_is_an_incident_and_is_not_tried_on(world: World, event: str) -> None:
    sender = at_listener(world, event, REFUSES)
    work(world)
    pass_by(world, 3_600)
    assert (work(world), len(sender.given), only_job().status, opened(world)) == (0, 1, "stuck", [])
    assert "incomplete" in stuck(world).message


def test_a_listener_that_refuses_a_completion_gives_the_task_back(world: World) -> None:
    sender = at_listener(world, "completing", REFUSES, {})
    first = world.task("answer")
    world.complete("answer", WORKER, {})
    assert opened(world) == []
    work(world)
    assert (opened(world), world.task("answer") != first, count("incidents")) == (["answer"], True, 0)
    world.complete("answer", WORKER, {})
    work(world)
    assert (len(sender.given), [process for _, process in world.seen().ended]) == (2, ["heard"])


def test_a_completion_whose_listener_fails_waits_with_an_incident(world: World) -> None:
    at_listener(world, "completing", FAILS, FAILS, {})
    world.complete("answer", WORKER, {})
    for _ in range(2):
        work(world)
        pass_by(world, 3_600)
    assert (stuck(world).kind, opened(world), world.seen().ended) == ("job", [], ())
    retry_incident(world.env, world.person(ABOVE), incident_id=stuck(world).id)
    work(world)
    assert [process for _, process in world.seen().ended] == ["heard"]


def at_listener(world: World, event: str, *endings: Any) -> Sender:
    """A user task whose listener, with two tries, ends in these ways; the pathway has begun for K-101."""
    sender = Sender(*endings)
    job_type = handled(telling(sender))
    asked = listeners(user("answer", name="Answer", assignee="=case.allocatedWorker"), f"{event} {job_type} 2")
    drawn = diagram(
        start(message="m"), asked, end(), flows("begin answer done"),
        process_id="heard", outside=message("m", EVENT_TYPE),
    )  # fmt: skip
    publish(world, drawn, job_types=frozenset({job_type}))
    post(world, "K-101")
    return sender


def opened(world: World) -> list[str]:
    """The elements of the open user tasks."""
    return [element for element, _ in world.seen().open]


def stuck(world: World) -> IncidentView:
    """The one thing that is stuck."""
    [incident] = list_incidents(world.env, world.person(ABOVE))
    return incident
