"""Task listeners: what a person sees before, between and after them. Execution listeners have a file of their own."""

from __future__ import annotations

import pytest

from service.domain.errors import Conflict, ModelError
from service.domain.stimuli import JobCompleted, TaskCompleted
from tests.engine.drawing import boundary, diagram, end, flow, flows, listeners, start, timer, user
from tests.engine.story import Story, story


def test_the_task_listeners_of_a_user_task_frame_what_the_person_sees():
    tale = with_listeners(user("x", groups="tm", form="f", priority="60"), "creating c", "completing d").begin()
    assert (tale.outcome.user_tasks, tale.asked_listeners) == ((), [("x", "creating", "c")])
    assert tale.job("x").headers == {
        "io.camunda.zeebe:candidateGroups": "tm", "io.camunda.zeebe:formKey": "f", "io.camunda.zeebe:priority": "60",
    }  # fmt: skip
    tale.listener_done("x").complete("x", answer=1)
    assert (tale.outcome.user_tasks, tale.asked_listeners) == ((), [("x", "completing", "d")])
    assert tale.job("x").variables == {}
    assert tale.listener_done("x").variables == {"answer": 1}


def test_what_one_listener_was_told_of_its_task_is_not_told_to_the_next_instance():
    tale = with_listeners(user("x", assignee="=who"), "creating c")
    assert tale.begin(who="sw-1").job("x").headers["io.camunda.zeebe:assignee"] == "sw-1"
    other = Story(tale.files).begin(who=None)
    assert "io.camunda.zeebe:assignee" not in other.job("x").headers


def test_a_task_that_is_being_completed_cannot_be_completed_again():
    tale = with_listeners(user("x"), "completing d", "completing e").begin()
    done = tale.task("x").id
    with pytest.raises(Conflict):
        tale.complete("x").act(TaskCompleted(done, {}))
    first = tale.job("x").id
    assert tale.listener_done("x").job("x").id != first
    with pytest.raises(Conflict):
        tale.act(JobCompleted(first, {}))


def test_a_refused_completion_opens_the_task_again_without_what_was_answered():
    tale = with_listeners(user("x"), "completing d").begin()
    first = tale.task("x").id
    tale.complete("x", answer=1).job_refused("x", "incomplete")
    assert (tale.task("x").variables, tale.outcome.jobs) == ({}, ())
    assert tale.task("x").id != first
    with pytest.raises(Conflict):
        tale.act(TaskCompleted(first, {}))
    assert tale.complete("x", answer=2).listener_done("x").variables == {"answer": 2}


def test_a_deadline_runs_while_task_listeners_are_asked():
    late = boundary("late", "x", timer("timeDuration", "PT1H"))
    parts = (start(), listeners(user("x"), "creating c", "completing d"), late, user("chase"), end())
    drawn = diagram(*parts, flows("begin x done"), flow("late", "chase"))
    assert story(drawn).begin().wait(hours=2).open == ["chase"]
    assert story(drawn).begin().listener_done("x").complete("x").wait(hours=2).open == ["chase"]


def test_a_task_listener_gives_no_variables_and_refuses_nothing_but_a_completion():
    tale = with_listeners(user("x"), "creating c").begin()
    with pytest.raises(ModelError, match="gives variables"):
        tale.listener_done("x", a=1)
    with pytest.raises(ModelError, match="nothing can catch"):
        tale.job_refused("x", "no")


def with_listeners(drawn: str, *said: str) -> Story:
    return story(diagram(start(), listeners(drawn, *said), end(), flows("begin x done")))
