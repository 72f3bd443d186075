"""What is in the bytes, and what may not happen to them. What the instance does is tested elsewhere."""

from __future__ import annotations

import orjson
import pytest

from service.domain.errors import Conflict, ModelError
from service.domain.stimuli import InstanceStarted, TimePassed
from tests.engine.drawing import boundary, call, diagram, end, flow, flows, gateway, script, start, sub, timer, user
from tests.engine.story import Story, story


def test_the_state_has_a_version_and_no_specification():
    state = orjson.loads(story(ASK).begin(reason="safe").outcome.state)
    assert state["v"] == 2
    assert set(state["i"]) == {"s", "d", "t"}
    assert b"Ask the family" not in orjson.dumps(state)


def test_the_same_bytes_give_the_same_answer_again():
    tale = story(ASK).begin()
    again = Story(tale.files, outcome=tale.outcome).act(TimePassed())
    assert (again.outcome.state, again.outcome.user_tasks) == (tale.outcome.state, tale.outcome.user_tasks)


def test_a_state_of_another_version_is_refused():
    tale = story(ASK).begin()
    with pytest.raises(ModelError, match="version 3"):
        tampered(tale, b'{"v":2', b'{"v":3').act(TimePassed())


def test_a_state_of_a_process_that_is_not_in_the_release_is_refused():
    with pytest.raises(ModelError, match="not in this release"):
        tampered(story(ASK).begin(), b'"p":"review"', b'"p":"gone"').act(TimePassed())


def test_a_state_at_an_element_that_is_not_in_the_release_is_refused():
    with pytest.raises(ModelError, match="removed"):
        tampered(story(ASK).begin(), b'"ask"', b'"removed"').act(TimePassed())


def test_an_instance_cannot_begin_twice():
    with pytest.raises(Conflict):
        story(ASK).begin().act(InstanceStarted("review"))


def test_a_process_that_is_not_in_the_release_cannot_begin():
    with pytest.raises(ModelError, match="not in this release"):
        story(ASK).begin("gone")


def test_an_embedded_part_cannot_be_started_by_itself():
    part = sub("part", start("b"), user("ask"), end("e"), flows("b ask e"))
    with pytest.raises(ModelError, match="not in this release"):
        story(diagram(start(), part, end(), flows("begin part done"))).begin("review/part")


def test_a_loop_back_to_work_with_a_deadline_sets_a_new_deadline_each_time():
    tale = story(DEADLINE).begin()
    for _ in range(30):
        first = tale.outcome.wake_at
        assert tale.wait(hours=1).complete("work").complete("check", good=False).outcome.wake_at > first
    assert len(tale.outcome.state) < 1_000
    assert tale.wait(days=2).open == ["chase"]


def test_a_process_that_calls_itself_without_end_is_a_mistake_on_the_diagram():
    with pytest.raises(ModelError, match="20 deep"):
        story(diagram(start(), call("again", "review"), end(), flows("begin again done"))).begin()


@pytest.mark.parametrize("kept", ["\ud800", 2**64, float("inf"), [[]]])
def test_variables_that_are_no_json_are_an_error_that_changes_nothing(kept):
    for _ in range(1_000 if kept == [[]] else 0):
        kept = [kept]
    with pytest.raises(ModelError, match="variables"):
        story(ASK).begin(kept=kept)


def test_a_function_cannot_be_kept():
    kept = diagram(start(), script("make", "=function(x) x", "f"), end(), flows("begin make done"))
    with pytest.raises(ModelError, match="JSON") as caught:
        story(kept).begin()
    assert caught.value.element_id == "make"


def tampered(tale: Story, old: bytes, new: bytes) -> Story:
    assert old in tale.outcome.state
    state = tale.outcome.state.replace(old, new)
    return Story(tale.files, outcome=type(tale.outcome)(state=state))


ASK = diagram(start(), user("ask", name="Ask the family"), end(), flows("begin ask done"))
DEADLINE = diagram(
    start(), user("work"), user("check"), gateway("good", default="good-work"), end(), user("chase"),
    boundary("late", "work", timer("timeDuration", "P1D")), flows("begin work check good work"),
    flow("good", "done", "=good"), flows("late chase"),
)  # fmt: skip
