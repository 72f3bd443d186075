"""Activities repeated for each item of a collection: all at once, one after another, until enough. Nothing else."""

from __future__ import annotations

import pytest

from service.domain.errors import ModelError
from service.domain.stimuli import TaskCompleted
from tests.engine.drawing import (
    boundary,
    call,
    catches_error,
    diagram,
    end,
    error,
    flow,
    flows,
    gateway,
    job,
    repeated,
    script,
    start,
    sub,
    task,
    timer,
    user,
)
from tests.engine.story import Story, story


def test_every_item_has_its_own_task_at_the_same_time():
    tale = each().begin(levels=["tm", "sm"])
    assert [item.candidate_groups for item in tale.outcome.user_tasks] == [("tm",), ("sm",)]
    assert tale.outcome.user_tasks[1].variables == {
        "levels": ["tm", "sm"],
        "level": "sm",
        "loopCounter": 2,
        "answer": None,
    }


def test_the_results_are_collected_in_the_order_of_the_items():
    tale = each().begin(levels=["tm", "sm"])
    answer(answer(tale, 1, "no"), 0, "yes")
    assert tale.variables == {"levels": ["tm", "sm"], "answers": ["yes", "no"]}
    assert tale.passed == ["begin", "sign", "sign", "done"]


def test_one_after_another_opens_the_next_when_the_last_is_done():
    tale = each(sequential=True).begin(levels=["tm", "sm"])
    assert [item.candidate_groups for item in tale.outcome.user_tasks] == [("tm",)]
    assert [item.candidate_groups for item in answer(tale, 0, "yes").outcome.user_tasks] == [("sm",)]
    assert answer(tale, 0, "no").variables["answers"] == ["yes", "no"]


def test_nothing_to_repeat_for_is_passed_at_once():
    assert each().begin(levels=[]).variables == {"levels": [], "answers": []}


def test_enough_ends_it_and_cancels_the_others():
    tale = each(until='=answer = "no"').begin(levels=["a", "b", "c"])
    answer(tale, 1, "no")
    assert tale.variables["answers"] == [None, "no", None]
    assert tale.passed.count("sign (cancelled)") == 2


def test_the_condition_may_count():
    tale = each(until="=numberOfCompletedInstances / numberOfInstances >= 0.5").begin(levels=["a", "b", "c", "d"])
    assert len(answer(tale, 0, "yes").outcome.user_tasks) == 3
    assert answer(tale, 0, "yes").outcome.ended is not None


def test_a_deadline_on_the_whole_of_it_cancels_every_one():
    tale = story(DEADLINE).begin(levels=["a", "b"]).wait(days=2)
    assert tale.open == ["chase"]
    assert tale.passed.count("sign (cancelled)") == 2


def test_cancelling_the_instance_names_each_repetition_once():
    assert each().begin(levels=["a", "b"]).cancel().passed == ["begin", "sign (cancelled)", "sign (cancelled)"]


def test_an_error_in_one_is_caught_on_the_whole_and_cancels_the_others():
    tale = story(POSTING).begin(letters=["x", "y"]).job_refused("post", "no-address")
    assert (tale.open, tale.passed.count("post (cancelled)")) == (["find"], 2)


def test_sub_processes_repeat_with_scopes_of_their_own():
    inner = sub("part", start("b"), script("s", "=n * 2", "double"), end("e"), flows("b s e"))
    twice = repeated(inner, "=[1, 2, 3]", inputElement="n", outputCollection="doubles", outputElement="=double")
    assert story(diagram(start(), twice, end(), flows("begin part done"))).begin().variables == {"doubles": [2, 4, 6]}


def test_called_processes_repeat_too():
    inner = diagram(start(), user("look"), end(), flows("begin look done"), process_id="inner")
    calling = repeated(call("c", "inner", all_in="false", inputs={"of": "=n"}), "=[1, 2]", inputElement="n")
    tale = story(diagram(start(), calling, end(), flows("begin c done")), inner).begin()
    assert [item.variables for item in tale.outcome.user_tasks] == [{"of": 1}, {"of": 2}]
    assert tale.complete("look").complete("look").outcome.ended is not None


def test_it_can_be_repeated_again_in_a_loop():
    tale = story(AGAIN).begin(levels=["a", "b"])
    for _ in range(20):
        answer(answer(tale, 0, "no"), 0, "no").complete("check", good=False)
    assert len(tale.outcome.state) < 2_000
    assert answer(answer(tale, 0, "yes"), 0, "yes").complete("check", good=True).outcome.ended is not None


@pytest.mark.parametrize(("levels", "said"), [("all", "not a list"), (list(range(201)), "at most 200")])
def test_what_cannot_be_repeated_for_is_an_error_of_the_diagram(levels, said):
    with pytest.raises(ModelError, match=said):
        each().begin(levels=levels)


def test_a_repetition_may_be_any_task():
    noted = repeated(task("note"), "=[1, 2]")
    assert story(diagram(start(), noted, end(), flows("begin note done"))).begin().passed.count("note") == 2


def answer(tale: Story, number: int, said: str) -> Story:
    """Complete the open task of this number, from 0."""
    return tale.act(TaskCompleted(tale.outcome.user_tasks[number].id, {"answer": said}))


def signing(**said):
    return repeated(
        user("sign", groups="=level"), "=levels", inputElement="level", outputCollection="answers",
        outputElement="=answer", **said,
    )  # fmt: skip


def each(**said):
    return story(diagram(start(), signing(**said), end(), flows("begin sign done")))


DEADLINE = diagram(
    start(), signing(), end(), boundary("late", "sign", timer("timeDuration", "P1D")), user("chase"),
    flows("begin sign done"), flows("late chase"),
)  # fmt: skip
POSTING = diagram(
    start(), repeated(job("post"), "=letters", inputElement="letter"), end(), user("find"),
    boundary("refused", "post", catches_error("e")), flows("begin post done"), flows("refused find"),
    outside=error("e", "no-address"),
)  # fmt: skip
AGAIN = diagram(
    start(), signing(), user("check"), gateway("good", default="good-sign"), end(),
    flows("begin sign check good sign"), flow("good", "done", "=good"),
)  # fmt: skip
