"""Every kind of activity repeated, side by side and one after another; what Camunda 8 counts and collects then. What a
repetition is in general is tested in `tests/engine/test_repeating.py`."""

from __future__ import annotations

import pytest

from tests.engine.drawing import (
    boundary,
    call,
    diagram,
    end,
    flow,
    flows,
    job,
    message,
    repeated,
    rule,
    script,
    start,
    sub,
    task,
    timer,
    user,
)
from tests.engine.story import Decided, Story, story

INNER = diagram(start("ib"), script("is", "=n * 2", "got"), end("ie"), flows("ib is ie"), process_id="inner")
KINDS = {
    "userTask": (user("x"), "complete"),
    "serviceTask": (job("x"), "job_done"),
    "receiveTask": (task("x", "receiveTask").replace('id="x"', 'id="x" messageRef="m"', 1), "receive"),
    "scriptTask": (script("x", "=n * 2", "got"), None),
    "businessRuleTask": (rule("x", "level", "got"), None),
    "task": (task("x", outputs={"got": "=n * 2"}), None),
    "manualTask": (task("x", "manualTask", outputs={"got": "=n * 2"}), None),
    "callActivity": (call("x", "inner"), None),
    "subProcess": (sub("x", start("b"), script("s", "=n * 2", "got"), end("e"), flows("b s e")), None),
}


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_any_activity_is_repeated_and_collected_in_order(kind, sequential):
    drawn, act = KINDS[kind]
    tale = each(drawn, sequential=sequential).begin()
    for number in (1, 2, 3) if act else ():
        getattr(tale, act)("x", got=number * 2)
    assert tale.variables["all"] == ([2, 2, 2] if kind == "businessRuleTask" else [2, 4, 6])
    assert tale.passed.count("x") == 3


@pytest.mark.parametrize("kind", ["userTask", "serviceTask", "receiveTask"])
def test_a_deadline_on_the_whole_ends_every_repetition_and_collects_nothing(kind):
    drawn, _ = KINDS[kind]
    late = (boundary("late", "x", timer("timeDuration", "PT1H")), end("chased"), flow("late", "chased"))
    tale = each(drawn, *late).begin().wait(hours=2)
    assert "all" not in tale.variables


def test_the_condition_sees_what_was_collected_so_far():
    tale = each(user("x"), until="=count(all[item != null]) >= 2").begin()
    assert tale.complete("x", got=1).outcome.ended is None
    assert tale.complete("x", got=2).variables["all"] == [1, 2, None]


def test_one_after_another_the_number_of_instances_is_that_of_those_begun():
    # BPMN 2.0, 10.3.8: what is active, completed and terminated adds up to the number of instances.
    tale = each(user("x"), sequential=True, until="=numberOfInstances = 2").begin()
    assert tale.complete("x", got=1).outcome.ended is None
    assert tale.complete("x", got=2).variables["all"] == [1, 2, None]


def test_a_nested_result_belongs_to_its_repetition():
    tale = each(user("x"), output="=got.value").begin()
    for number in (1, 2, 3):
        tale.complete("x", got={"value": number})
    assert tale.variables == {"all": [1, 2, 3]}


def test_repetitions_in_repetitions_each_have_their_items():
    inner = repeated(user("x"), "=[n, n * 10]", inputElement="m")
    outer = repeated(sub("part", start("b"), inner, end("e"), flows("b x e")), "=[1, 2]", inputElement="n")
    tale = story(diagram(start(), outer, end(), flows("begin part done"))).begin()
    assert [(item.variables["n"], item.variables["m"]) for item in tale.outcome.user_tasks] == [
        (1, 1), (1, 10), (2, 2), (2, 20),
    ]  # fmt: skip


def each(drawn: str, *more: str, output: str = "=got", **said: object) -> Story:
    one = repeated(
        drawn, "=[1, 2, 3]", inputElement="n", outputCollection="all", outputElement=output, **said
    )  # fmt: skip
    whole = diagram(start(), one, *more, end(), flows("begin x done"), outside=message("m", "told"))
    return story(whole, INNER, decisions={"level": Decided(2)})
