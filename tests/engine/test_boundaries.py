"""Messages on the edge of every kind of activity, interrupting or not. Timers, signals and errors have other files."""

from __future__ import annotations

import pytest

from service.domain.errors import ModelError
from service.engine import compile_diagrams
from tests.engine.drawing import (
    boundary,
    call,
    catches_error,
    diagram,
    end,
    error,
    flows,
    hears,
    job,
    message,
    repeated,
    start,
    sub,
    task,
    user,
)
from tests.engine.story import story

WORDS = message("m", "news", key="=child") + message("n", "answer") + error("e", "broken")
INSIDE = {
    "user": user("host"),
    "job": job("host"),
    "receive": task("host", "receiveTask").replace('id="host"', 'id="host" messageRef="n"'),
    "sub": sub("host", start("b"), user("work"), end("d"), flows("b work d")),
    "call": call("host", "called"),
    "repeated": repeated(sub("host", start("b"), user("work"), end("d"), flows("b work d")), "=[1, 2]"),
    "repeated-in-turn": repeated(call("host", "called"), "=[1, 2]", sequential=True),
}
CALLED = diagram(start("b"), user("work"), end("d"), flows("b work d"), process_id="called")


@pytest.mark.parametrize("host", INSIDE)
def test_one_that_interrupts_ends_the_activity_with_all_in_it(host):
    tale = story(around(host), CALLED).begin(child="K-1")
    assert [item.correlation_key for item in tale.outcome.awaited if item.element_id == "told"] == ["K-1"]
    tale.receive("told", why="moved")
    assert (tale.open, tale.waiting) == (["react"], [])
    assert tale.task("react").variables == {"child": "K-1", "why": "moved"}
    assert "host (cancelled)" in tale.passed
    assert tale.complete("react").outcome.ended is not None


@pytest.mark.parametrize("host", INSIDE)
def test_one_that_does_not_interrupt_leaves_the_activity_as_it_is_and_can_come_again(host):
    tale = story(around(host, stop=False), CALLED).begin(child="K-1")
    before = [item for item in tale.open if item != "told"]
    tale.receive("told").receive("told")
    assert sorted(tale.open) == sorted([*before, "react", "react", "told"])
    for _ in range(2 if "repeated" in host else 1):
        finish(tale)
    assert (tale.open, tale.waiting) == (["react", "react"], [])
    assert tale.complete("react").complete("react").outcome.ended is not None


def test_an_event_that_is_not_executed_keeps_nobody_from_the_activity():
    odd = boundary("odd", "host", "<bpmn:conditionalEventDefinition />")
    drawn = diagram(start(), user("host"), end(), odd, user("react"), flows("begin host done"), flows("odd react"))
    (problem,) = compile_diagrams({"a": drawn}).problems
    assert (problem.element_id, "conditional" in problem.message) == ("odd", True)
    assert story(drawn).begin().complete("host").outcome.ended is not None


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (task("odd", "intermediateCatchEvent", "<bpmn:conditionalEventDefinition />"), "conditional"),
        (task("odd", "endEvent", "<bpmn:cancelEventDefinition />"), "cancel"),
        (task("odd", "intermediateThrowEvent", hears("m") + hears("n")), "several event definitions"),
        (
            task("odd", "intermediateCatchEvent", "<bpmn:eventDefinitionRef>x</bpmn:eventDefinitionRef>"),
            "drawn elsewhere",
        ),
    ],
)
def test_an_event_that_is_not_executed_is_named_and_stops_only_who_comes_there(drawn, said):
    whole = diagram(start(), user("ask"), drawn, flows("begin ask odd"), outside=WORDS)
    assert [(item.element_id, said in item.message) for item in compile_diagrams({"a": whole}).problems] == [
        ("odd", True)
    ]
    with pytest.raises(ModelError, match=said) as caught:
        story(whole).begin().complete("ask")
    assert caught.value.element_id == "odd"


def test_an_error_event_that_does_not_interrupt_is_named():
    drawn = diagram(start(), job("host"), end(), boundary("odd", "host", catches_error("e"), stop=False), user("react"),
                    flows("begin host done"), flows("odd react"), outside=WORDS)  # fmt: skip
    assert [item.element_id for item in compile_diagrams({"a": drawn}).problems] == ["odd"]


def finish(tale):
    """Do what the activity waits for."""
    for item in tale.outcome.user_tasks:
        if item.element_id in ("host", "work"):
            tale.complete(item.element_id)
            return
    if tale.outcome.jobs:
        tale.job_done("host")
    else:
        tale.receive("host")


def around(host, *, stop=True):
    return diagram(
        start(), INSIDE[host], end(), boundary("told", "host", message="m", stop=stop), user("react"),
        flows("begin host done"), flows("told react"), outside=WORDS,
    )  # fmt: skip
