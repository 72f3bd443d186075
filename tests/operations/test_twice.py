"""Sent twice by the same person, or at the same moment as something else: one wins, and nobody is left in the dark."""

from __future__ import annotations

from functools import partial

import pytest

from service.domain.errors import Conflict, ServiceError
from service.domain.events import CaseEvent
from service.operations.events import receive_event
from service.operations.steering import cancel_instance, suspend_instance
from service.operations.tasks import complete_task
from service.operations.views import Completion, EventView
from tests.operations.publishing import publish
from tests.operations.rows import count
from tests.operations.test_suspension import ABOVE, PLAIN, WAITING, WHY, only_instance
from tests.operations.together import together
from tests.operations.working import post
from tests.support.world import EXEMPLAR, INTEGRATOR, World

WORKER = "sw1-cin-east"


def test_the_same_answers_again_give_the_first_result_again(world: World) -> None:
    task = world.at_exemplar().task("complete_closure_exemplar")
    first, again = (complete_task(world.env, world.person(WORKER), task_id=task, answers=EXEMPLAR) for _ in range(2))
    assert again == first
    assert [said.startswith("Sign off (Team manager") for said in first.next] == [True]
    assert sum("Completed: " in entry for entry in world.seen().history) == 1


def test_other_answers_are_a_conflict_and_so_is_somebody_else(sqlite_world: World) -> None:
    task = sqlite_world.at_exemplar().task("complete_closure_exemplar")
    world, worker = sqlite_world, sqlite_world.person(WORKER)
    complete_task(world.env, worker, task_id=task, answers=EXEMPLAR)
    for person, answers in ((worker, {**EXEMPLAR, "rationale": "Another."}), (world.person("tm-cin-east"), EXEMPLAR)):
        with pytest.raises(Conflict, match="was completed by Social worker 1"):
            complete_task(world.env, person, task_id=task, answers=answers)


@pytest.mark.parametrize("turn", range(2))
def test_a_completion_that_races_a_suspension_is_first_or_hears_of_it(world: World, turn: int) -> None:
    publish(world, PLAIN)
    post(world, "K-101")
    completing = partial(complete_task, world.env, world.person(WORKER), task_id=world.task("answer"), answers={})
    suspending = partial(suspend_instance, world.env, world.person(ABOVE), instance_id=only_instance(world), reason=WHY)
    completed, suspended = together(world, [completing, suspending])
    if isinstance(completed, Completion):
        assert "came to its end" in suspended.message
    else:
        assert (suspended, "was suspended by Service manager" in completed.message) == (None, True)


@pytest.mark.parametrize("turn", range(2))
def test_a_message_that_races_a_cancellation_is_delivered_or_held(world: World, turn: int) -> None:
    publish(world, WAITING)
    post(world, "K-101")
    instance_id = only_instance(world)
    news = CaseEvent("lcs", "news-1", "news", "K-101", world.clock.moment, {})
    acts = [
        partial(receive_event, world.env, INTEGRATOR, event=news),
        partial(cancel_instance, world.env, world.person(ABOVE), instance_id=instance_id, reason="By mistake."),
    ]
    told, cancelled = together(world, acts)
    assert (isinstance(told, EventView), cancelled) == (True, None)
    received = sum("Message received" in entry for entry in world.seen().history)
    assert (told.status, received) in {("delivered", 1), ("held", 0)}


def test_eight_events_for_one_case_at_once_each_have_one_effect(world: World) -> None:
    publish(world, WAITING)
    post(world, "K-101")
    acts = [
        partial(receive_event, world.env, INTEGRATOR, event=CaseEvent("lcs", f"n-{n}", "news", "K-101", None, {}))
        for n in range(8)
    ]
    assert [each for each in together(world, acts) if isinstance(each, ServiceError)] == []
    world.settle()
    assert sum("Message received" in entry for entry in world.seen().history) == 2
    assert count("case_events") == 9
    assert [process for _, process in world.seen().ended] == ["waiting"]
