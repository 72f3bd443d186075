"""Stuck: when retries run out a person sees it, and tells Towpath to try again."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from service.contract import BpmnError
from service.domain.errors import Conflict, NotAllowed, NotFound
from service.domain.events import CaseEvent
from service.domain.people import Actor
from service.operations.cases import read_case
from service.operations.events import receive_event
from service.operations.incidents import list_incidents, retry_incident
from service.operations.instance_views import IncidentView
from tests.engine.drawing import boundary, diagram, end, flow, flows, gateway, message, start, timer
from tests.operations.publishing import publish
from tests.operations.rows import fact
from tests.operations.together import together
from tests.operations.working import Sender, at_job, handled, only_job, pass_by, telling, work
from tests.support.world import INTEGRATOR, World

MANAGER = "tm-cin-east"
STRANGER = "sw1-cla"
UNREADY = diagram(
    start(message="m"), gateway("which"), end(),
    flows("begin which"), flow("which", "done", "=case.facts.ready = true"),
    process_id="unready", outside=message("m", "begin"),
)  # fmt: skip
"""Begins only when the register says that the case is ready."""


def test_when_retries_run_out_a_person_must_look(world: World) -> None:
    stuck(world, RuntimeError("The post office says no."))
    [incident] = list_incidents(world.env, world.person(MANAGER))
    assert (incident.what, incident.message, incident.may_retry) == (
        "Send the letter",
        "The post office says no.",
        True,
    )
    assert read_case(world.env, world.person(MANAGER), reference="K-101").incidents == (incident,)
    assert "Stuck, a person must look: Send the letter" in world.seen().history[-1]


def test_what_is_stuck_is_not_tried_by_itself(sqlite_world: World) -> None:
    sender = stuck(sqlite_world, RuntimeError("no"))
    pass_by(sqlite_world, 86_400)
    assert (work(sqlite_world), len(sender.given)) == (0, 3)


def test_told_to_try_again_it_is_done(world: World) -> None:
    stuck(world, RuntimeError("no"), RuntimeError("no"), RuntimeError("no"), {})
    retry(world)
    work(world)
    assert (only_job().status, list_incidents(world.env, world.person(MANAGER))) == ("done", ())
    assert any("To be tried again: Send the letter" in entry for entry in world.seen().history)


def test_told_to_try_again_it_may_be_stuck_again(sqlite_world: World) -> None:
    stuck(sqlite_world, RuntimeError("no"))
    first = retry(sqlite_world)
    work(sqlite_world)
    [again] = list_incidents(sqlite_world.env, sqlite_world.person(MANAGER))
    assert again.id != first.id


def test_two_who_tell_it_at_once_tell_it_once(world: World) -> None:
    stuck(world, RuntimeError("no"))
    [incident] = list_incidents(world.env, world.person(MANAGER))
    people = [world.person(MANAGER), world.person("sw1-cin-east")]
    acts = [partial(retry_incident, world.env, person, incident_id=incident.id) for person in people]
    kinds = sorted(type(answer).__name__ for answer in together(world, acts))
    assert (kinds, only_job().retries) == (["Conflict", "IncidentView"], 1)


def test_whoever_was_second_hears_who_was_first(sqlite_world: World) -> None:
    stuck(sqlite_world, RuntimeError("no"))
    incident = retry(sqlite_world)
    with pytest.raises(Conflict, match="Team manager, Children in Need East has already told"):
        retry_incident(sqlite_world.env, sqlite_world.person("sw1-cin-east"), incident_id=incident.id)


def test_a_stranger_neither_sees_nor_retries_it(sqlite_world: World) -> None:
    stuck(sqlite_world, RuntimeError("no"))
    [incident] = list_incidents(sqlite_world.env, sqlite_world.person(MANAGER))
    assert list_incidents(sqlite_world.env, sqlite_world.person(STRANGER)) == ()
    for unknown in (incident.id, "no such id"):
        with pytest.raises(NotFound):
            retry_incident(sqlite_world.env, sqlite_world.person(STRANGER), incident_id=unknown)


def test_a_reader_sees_it_and_may_not_retry_it(sqlite_world: World) -> None:
    stuck(sqlite_world, RuntimeError("no"))
    reader = Actor("token:1", "Another system", "system", scopes=frozenset({"cases:read"}))
    [incident] = list_incidents(sqlite_world.env, reader)
    assert incident.may_retry is False
    with pytest.raises(NotAllowed, match="the token was not issued for incidents:write"):
        retry_incident(sqlite_world.env, reader, incident_id=incident.id)


def test_an_error_that_no_diagram_catches_is_stuck_at_once(sqlite_world: World) -> None:
    stuck(sqlite_world, BpmnError("unknown-address", "Nobody lives there."))
    [incident] = list_incidents(sqlite_world.env, sqlite_world.person(MANAGER))
    assert "unknown-address" in incident.message
    assert (only_job().status, only_job().attempts) == ("stuck", 1)


def test_a_pause_that_is_none_is_stuck_at_once_and_names_the_slip(sqlite_world: World) -> None:
    stuck(sqlite_world, RuntimeError("no"), headers={"retryBackoff": "soon"})
    [incident] = list_incidents(sqlite_world.env, sqlite_world.person(MANAGER))
    assert "retryBackoff 'soon' is not a duration" in incident.message


def test_a_step_that_is_left_is_stuck_no_more(sqlite_world: World) -> None:
    given_up = boundary("late", "send", timer("timeDuration", "PT1H")), end("given_up"), flow("late", "given_up")
    stuck(sqlite_world, RuntimeError("no"), more=given_up)
    assert len(list_incidents(sqlite_world.env, sqlite_world.person(MANAGER))) == 1
    pass_by(sqlite_world, 3_600)
    sqlite_world.settle()
    assert list_incidents(sqlite_world.env, sqlite_world.person(MANAGER)) == ()


def test_an_event_that_could_not_be_delivered_is_stuck_until_a_person_says_again(world: World) -> None:
    publish(world, UNREADY)
    refused = CaseEvent("lcs", "1", "begin", "K-101", world.clock.moment)
    assert receive_event(world.env, INTEGRATOR, event=refused).status == "quarantined"
    fact("K-101", ready=True)
    assert retry(world).what == "Case event begin"
    world.settle()
    assert receive_event(world.env, INTEGRATOR, event=refused).status == "delivered"
    assert list_incidents(world.env, world.person(MANAGER)) == ()


def stuck(world: World, *endings: Any, more: tuple[str, ...] = (), **drawn: Any) -> Sender:
    """The job has been tried until nothing was left to try."""
    sender = Sender(*endings)
    at_job(world, handled(telling(sender)), *more, **drawn)
    for _ in range(3):
        work(world)
        pass_by(world, 60)
    return sender


def retry(world: World) -> IncidentView:
    """The manager tells Towpath to try again what is stuck."""
    [incident] = list_incidents(world.env, world.person(MANAGER))
    return retry_incident(world.env, world.person(MANAGER), incident_id=incident.id)
