"""A user task that is sent back ends with its boundary events, what came before opens, and nothing beside it moves."""

from __future__ import annotations

import pytest

from service.domain.errors import Conflict
from service.domain.stimuli import TaskSentBack
from service.engine import compile_diagrams
from tests.engine.drawing import (
    boundary,
    call,
    diagram,
    end,
    flow,
    flows,
    gateway,
    on,
    repeated,
    start,
    sub,
    timer,
    user,
)
from tests.engine.story import Story

BACK = {"properties": {"sendBackTo": "write"}}
TWO = diagram(
    start(), user("write"), user("check", **BACK), end(),
    boundary("late", "check", timer("timeDuration", "PT1H")), end("expired"),
    flows("begin write check done"), flow("late", "expired"),
)  # fmt: skip
BESIDE = diagram(
    start(), gateway("split", "parallel"), user("write"), user("check", **BACK), user("other"),
    gateway("join", "parallel"), end(),
    flows("begin split write check join done"), flows("split other join"),
)  # fmt: skip
INSIDE = diagram(
    start(), user("write"), sub("inside", start("s"), user("check", **BACK), end("e"), flows("s check e")), end(),
    flows("begin write inside done"),
)  # fmt: skip
REPEATED = diagram(
    start(), user("write"), repeated(user("check"), "=[1, 2]"), end(), flows("begin write check done"),
)  # fmt: skip


def test_the_task_ends_with_its_boundary_events_and_the_one_before_opens() -> None:
    story = Story({"a.bpmn": TWO}).begin().complete("write")
    first = story.task("check").id
    sent_back(story, "check", "write")
    assert [task.element_id for task in story.outcome.user_tasks] == ["write"]
    assert story.outcome.timers == ()
    story.complete("write")
    assert story.task("check").id != first
    assert len(story.outcome.timers) == 1
    assert story.complete("check").outcome.ended is not None


def test_what_it_was_sent_back_with_is_kept_where_the_diagram_can_read_it() -> None:
    story = Story({"a.bpmn": TWO}).begin().complete("write")
    sent_back(story, "check", "write", sentBack={"because": "Unclear."})
    assert story.task("write").variables["sentBack"] == {"because": "Unclear."}


def test_a_branch_beside_it_is_left_alone() -> None:
    story = Story({"a.bpmn": BESIDE}).begin().complete("write")
    other = story.task("other").id
    sent_back(story, "check", "write")
    assert story.task("other").id == other
    story.complete("write").complete("check").complete("other")
    assert story.outcome.ended is not None


def test_from_inside_a_sub_process_the_whole_of_it_is_left() -> None:
    story = Story({"a.bpmn": INSIDE}).begin().complete("write")
    sent_back(story, "check", "write")
    assert [task.element_id for task in story.outcome.user_tasks] == ["write"]
    assert story.complete("write").complete("check").outcome.ended is not None


def test_it_can_be_sent_back_again_and_again_and_costs_the_same() -> None:
    story = Story({"a.bpmn": TWO}).begin()
    sizes = []
    for _ in range(20):
        sent_back(story.complete("write"), "check", "write")
        sizes.append(len(story.outcome.state))
    assert max(sizes[2:]) <= sizes[1]


def test_one_repetition_of_several_is_not_sent_back() -> None:
    story = Story({"a.bpmn": REPEATED}).begin().complete("write")
    with pytest.raises(Conflict, match="one repetition of several"):
        story.act(TaskSentBack(story.outcome.user_tasks[0].id, "write"))


@pytest.mark.parametrize("target", ["nowhere", "begin", "late", "check_elsewhere"])
def test_nothing_is_sent_to_what_is_no_activity_around_it(target: str) -> None:
    story = Story({"a.bpmn": TWO}).begin().complete("write")
    with pytest.raises(Conflict, match="in another scope"):
        story.act(TaskSentBack(story.task("check").id, target))


def test_nothing_is_sent_out_of_a_called_process() -> None:
    outer = diagram(start(), user("write"), call("ask", "inner"), end(), flows("begin write ask done"))
    inner = diagram(start(), user("check"), end(), flows("begin check done"), process_id="inner")
    story = Story({"a.bpmn": outer, "b.bpmn": inner}).begin().complete("write")
    with pytest.raises(Conflict, match="in another scope"):
        story.act(TaskSentBack(story.task("check").id, "write"))


def test_nothing_is_sent_out_of_an_event_sub_process() -> None:
    told = on("told", timer("timeDuration", "PT1H"), user("check"), flows("told-begin check"), stop=False)
    story = Story({"a.bpmn": diagram(start(), user("write"), end(), flows("begin write done"), told)})
    story.begin().wait(hours=1)
    with pytest.raises(Conflict, match="in another scope"):
        story.act(TaskSentBack(story.task("check").id, "write"))
    assert story.open == ["write", "check"]


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        (user("check", properties={"sendBackTo": "nothing"}), "names “nothing”, which is not in its scope"),
        (user("check", properties={"sendBackTo": "write, done"}), "names “done”, which is no task or sub-process"),
        (user("check", properties={"sendBackTo": "hidden"}), "names “hidden”, which is not in its scope"),
        (repeated(user("check", **BACK), "=[1]"), "a task that is repeated cannot be sent back"),
    ],
)
def test_a_slip_of_the_pen_is_named_before_anybody_meets_it(drawn: str, words: str) -> None:
    inside = sub("inside", start("s"), user("hidden"), end("e"), flows("s hidden e"))
    drawing = diagram(start(), user("write"), inside, drawn, end(), flows("begin write inside check done"))
    told = [problem.message for problem in compile_diagrams({"a.bpmn": drawing}).problems]
    assert [message for message in told if words in message] != []


def test_where_a_join_would_wait_for_ever_or_a_branch_run_twice_is_named() -> None:
    into_branch = diagram(
        start(), gateway("split", "parallel"), user("write"), user("other"), gateway("join", "parallel"),
        user("check", **BACK), end(),
        flows("begin split write join check done"), flows("split other join"),
    )  # fmt: skip
    before_split = diagram(
        start(), user("write"), gateway("split", "parallel"), user("check", **BACK), user("other"),
        gateway("join", "parallel"), end(),
        flows("begin write split check join done"), flows("split other join"),
    )  # fmt: skip
    assert "wait for ever" in problem_of(into_branch)
    assert "run twice" in problem_of(before_split)
    assert [compile_diagrams({"a.bpmn": drawing}).problems for drawing in (TWO, BESIDE, INSIDE)] == [(), (), ()]


def sent_back(story: Story, element_id: str, target: str, **variables: object) -> Story:
    return story.act(TaskSentBack(story.task(element_id).id, target, variables))


def problem_of(drawing: bytes) -> str:
    [problem] = compile_diagrams({"a.bpmn": drawing}).problems
    return problem.message
