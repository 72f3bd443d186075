"""How many statements a completion over HTTP costs, whoever completes and whatever stands behind it. Not how long."""

from __future__ import annotations

from tests.support.counting import Counting
from tests.support.plain import WORKER, answers_to, begin, publish_plain
from tests.support.world import World
from tests.web.api.calling import Caller, a_person

MOST = 8
"""Statements that completing a user task of a plain process may cost, authentication included."""


def test_completing_a_plain_user_task_costs_eight_statements_and_one_commit(world: World) -> None:
    worker = at_first_task(world)
    for number in range(1, 4):
        counted = completed(world, worker, f"report_{number}")
        assert (len(counted.statements) <= MOST, counted.commits) == (True, 1), "\n\n".join(counted.statements)


def at_first_task(world: World) -> Caller:
    """The plain process has begun for K-101, and this process has read its release."""
    publish_plain(world)
    assert begin(world, "K-101").did.startswith("Started")
    return a_person(world.app, WORKER)


def completed(world: World, caller: Caller, element: str) -> Counting:
    """What completing the open task sent to the database."""
    task = world.task(element)
    with Counting() as counted:
        answer = caller.post(f"/user-tasks/{task}/completion", {"answers": answers_to(element)})
    assert answer.status_code == 200, answer.text
    return counted
