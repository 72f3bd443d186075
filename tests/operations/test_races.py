"""Two at once: exactly one wins, and the other hears who was first. Everything once, on either database."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from service.domain.errors import Conflict, NotFound
from service.domain.people import TOWPATH
from service.operations.due import pass_time
from service.operations.queue import read_user_task
from service.operations.tasks import claim_task, complete_task, override_refusal, release_task, save_draft
from service.operations.views import Completion
from tests.engine.drawing import boundary, diagram, end, flow, flows, message, start, timer, user
from tests.operations.publishing import publish
from tests.operations.rows import also_waits_for, count
from tests.operations.together import together
from tests.operations.working import EVENT_TYPE, pass_by, post
from tests.support.world import EXEMPLAR, SIGNATURE, World

MANAGERS = ("tm-cin-east", "gm-east", "hos-cin")
"""The line manager, and two who are asked besides."""

HURRIED = diagram(
    start(message="m"), user("answer", name="Answer the letter", assignee="=case.allocatedWorker"), end(),
    boundary("too_late", "answer", timer("timeDuration", "PT1H"), name="Too late"), end("expired"),
    flows("begin answer done"), flow("too_late", "expired"),
    process_id="hurried", outside=message("m", EVENT_TYPE),
)  # fmt: skip
"""A letter to be answered within the hour; afterwards nobody may."""


def test_managers_who_sign_at_once_sign_once(world: World) -> None:
    sign = world.at_first_signature().task("sign")
    also_waits_for(sign, *MANAGERS[1:])
    answers = together(world, [completing(world, sign, person) for person in MANAGERS])
    [winner] = [index for index, answer in enumerate(answers) if isinstance(answer, Completion)]
    late = [answer for index, answer in enumerate(answers) if index != winner]
    name = world.person(MANAGERS[winner]).name
    assert all(isinstance(each, Conflict) and f"was completed by {name}" in each.message for each in late)
    assert (count("oversight_records"), count("user_tasks WHERE answers IS NOT NULL")) == (1, 2)
    assert [element for element, _ in world.seen().open] == ["sign"]


def test_one_who_clicks_twice_at_once_sends_once(world: World) -> None:
    task = world.at_exemplar().task("complete_closure_exemplar")
    acts = [partial(complete_task, world.env, world.person("sw1-cin-east"), task_id=task, answers=EXEMPLAR)] * 3
    kinds = sorted(type(answer).__name__ for answer in together(world, acts))
    assert kinds == ["Completion", "Completion", "Completion"]
    assert sum("Completed: " in entry for entry in world.seen().history) == 1
    assert [name for name, _ in world.seen().open] == ["sign"]


def test_claimed_at_once_it_is_one_persons_and_the_others_hear_whose(world: World) -> None:
    sign = world.at_first_signature().task("sign")
    also_waits_for(sign, *MANAGERS[1:])
    acts = [partial(claim_task, world.env, world.person(person), task_id=sign) for person in MANAGERS]
    answers = together(world, acts)
    name = world.person(MANAGERS[answers.index(None)]).name
    late = [answer.message for answer in answers if answer is not None]
    assert late == [f"{name} claimed it first."] * 2


def test_saved_at_once_over_the_same_version_one_is_told(world: World) -> None:
    task = world.at_exemplar().task("complete_closure_exemplar")
    also_waits_for(task, "tm-cin-east")
    acts = [
        partial(save_draft, world.env, world.person(person), task_id=task, answers={"outcomes": person}, version=0)
        for person in ("sw1-cin-east", "tm-cin-east")
    ]
    assert sorted(type(answer).__name__ for answer in together(world, acts)) == ["Conflict", "DraftView"]


def test_allowed_at_once_it_is_allowed_once(world: World) -> None:
    world.propose("K-106")
    task = world.task("complete_closure_exemplar", "K-106")
    act = partial(override_refusal, world.env, world.person("sm-cin-west"), task_id=task, rule="CC-R2", reason="Seen.")
    answers = together(world, [act, act])
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "NotFound"]


@pytest.mark.parametrize("turn", range(3))
def test_an_answer_that_races_the_timer_is_either_first_or_told(world: World, turn: int) -> None:
    task = at_hurried(world)
    passing = partial(pass_time, world.env, TOWPATH, instance_id=instance_of(world, task))
    answering = partial(complete_task, world.env, world.person("sw1-cin-east"), task_id=task, answers={})
    answer, nothing = together(world, [answering, passing])
    assert nothing is None
    told = " ".join(world.seen().history)
    if isinstance(answer, Completion):
        assert ("Completed: Answer the letter" in told, "Time passed" in told) == (True, False)
    else:
        assert "was cancelled by the timer “Too late”" in answer.message
        assert ("Completed: Answer the letter" in told, "Time passed: Too late" in told) == (False, True)
    assert [process for _, process in world.seen().ended] == ["hurried"]


def test_an_answer_after_the_timer_hears_that_time_was_first(sqlite_world: World) -> None:
    task = at_hurried(sqlite_world)
    sqlite_world.settle()
    with pytest.raises(
        Conflict, match="“Answer the letter” was cancelled by the timer “Too late” on 4 January 2027 at 10:30"
    ):
        complete_task(sqlite_world.env, sqlite_world.person("sw1-cin-east"), task_id=task, answers={})


def test_a_timer_after_the_answer_has_nothing_to_do(sqlite_world: World) -> None:
    task = at_hurried(sqlite_world)
    instance_id = instance_of(sqlite_world, task)
    complete_task(sqlite_world.env, sqlite_world.person("sw1-cin-east"), task_id=task, answers={})
    pass_time(sqlite_world.env, TOWPATH, instance_id=instance_id)
    assert not any("Time passed" in entry for entry in sqlite_world.seen().history)


@pytest.mark.parametrize("act", [claim_task, release_task])
def test_what_is_done_is_neither_claimed_nor_released(sqlite_world: World, act: Any) -> None:
    task = sqlite_world.at_exemplar().task("complete_closure_exemplar")
    sqlite_world.complete("complete_closure_exemplar", "sw1-cin-east", EXEMPLAR)
    with pytest.raises(Conflict, match="was completed by Social worker 1"):
        act(sqlite_world.env, sqlite_world.person("sw1-cin-east"), task_id=task)


def test_a_stranger_who_is_late_hears_nothing_at_all(sqlite_world: World) -> None:
    task = sqlite_world.at_exemplar().task("complete_closure_exemplar")
    sqlite_world.complete("complete_closure_exemplar", "sw1-cin-east", EXEMPLAR)
    with pytest.raises(NotFound):
        complete_task(sqlite_world.env, sqlite_world.person("sw1-cla"), task_id=task, answers=EXEMPLAR)


def completing(world: World, task_id: str, person_id: str) -> partial[Completion]:
    """Somebody signs."""
    return partial(complete_task, world.env, world.person(person_id), task_id=task_id, answers=SIGNATURE)


def at_hurried(world: World) -> str:
    """The hour for the letter is just over and nobody has looked; gives the task."""
    publish(world, HURRIED)
    post(world, "K-101")
    pass_by(world, 3_600)
    return world.task("answer")


def instance_of(world: World, task_id: str) -> str:
    """The instance in which a user task waits."""
    return read_user_task(world.env, world.person("sw1-cin-east"), task_id=task_id).instance_id
