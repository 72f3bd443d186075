"""A completion that the diagram cannot take: the task stays open, it is an incident, and nothing else is affected."""

from __future__ import annotations

import pytest

from service.domain.errors import Conflict, ModelError
from service.operations.incidents import list_incidents, retry_incident
from service.operations.queue import list_user_tasks
from service.operations.tasks import complete_task
from tests.engine.drawing import diagram, end, flow, flows, gateway, message, start, user
from tests.operations.publishing import publish
from tests.operations.rows import count, fact
from tests.operations.working import EVENT_TYPE, pass_by, post
from tests.support.world import World

WORKER = "sw1-cin-east"
MANAGER = "tm-cin-east"
FAILING = diagram(
    start(message="m"), user("answer", name="Answer the letter", assignee='=if true then "sw1-cin-east" else ""'),
    gateway("which"), end(),
    flows("begin answer which"), flow("which", "done", "=case.facts.ready = true"),
    process_id="failing", outside=message("m", EVENT_TYPE),
)  # fmt: skip
"""No way out of the gateway is open until the register says that the case is ready."""


def test_the_task_stays_open_and_a_person_must_look(world: World) -> None:
    task = fail(world)
    [incident] = list_incidents(world.env, world.person(MANAGER))
    assert (incident.what, incident.may_retry) == ("Answer the letter", False)
    assert "no way out is open" in incident.message
    assert [waiting.id for waiting in list_user_tasks(world.env, world.person(WORKER)).tasks] == [task]


def test_the_same_cause_is_one_incident_however_often_it_is_sent(world: World) -> None:
    task = fail(world)
    with pytest.raises(ModelError):
        complete(world, task)
    assert count("incidents") == 1


def test_it_ends_when_the_completion_succeeds(world: World) -> None:
    task = fail(world)
    fact("K-101", ready=True)
    complete(world, task)
    assert list_incidents(world.env, world.person(MANAGER)) == ()
    assert world.seen().history[-1].count("No longer stuck: Answer the letter") == 1


def test_it_is_not_told_to_try_again_but_sent_again(sqlite_world: World) -> None:
    fail(sqlite_world)
    [incident] = list_incidents(sqlite_world.env, sqlite_world.person(MANAGER))
    with pytest.raises(Conflict, match="Whoever the user task waits for sends it again"):
        retry_incident(sqlite_world.env, sqlite_world.person(MANAGER), incident_id=incident.id)


def test_the_other_cases_go_on(world: World) -> None:
    fail(world)
    post(world, "K-103")
    fact("K-103", ready=True)
    complete(world, world.task("answer", "K-103"))
    assert [process for _, process in world.seen("K-103").ended] == ["failing"]


def fail(world: World) -> str:
    """The worker has answered and the diagram could not go on; gives the task."""
    publish(world, FAILING)
    post(world, "K-101")
    pass_by(world, 60)
    task = world.task("answer")
    with pytest.raises(ModelError):
        complete(world, task)
    return task


def complete(world: World, task_id: str) -> None:
    """The worker sends the task."""
    complete_task(world.env, world.person(WORKER), task_id=task_id, answers={})
