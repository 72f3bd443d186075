"""Scenarios: the steps a story may have, and what is said about a step that makes no sense."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from service.definitions.problem import BrokenRuleBook
from service.definitions.scenarios import ExpectedTask, Scenario, Step, load_scenario


def test_a_story_has_an_authority_a_case_and_a_clock() -> None:
    scenario = read({"wait": "2027-01-05T00:00:00+00:00"}, settings={"levels": 1}, why="C16")
    assert (scenario.authority, scenario.case, scenario.settings) == ("demo", "K-101", {"levels": 1})
    assert scenario.starts == datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
    assert scenario.steps == (
        Step(1, "wait", "2027-01-05T00:00:00+00:00", moment=datetime(2027, 1, 5, tzinfo=UTC)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "step"),
    [
        ({"event": {"type": "proposed", "data": {"a": 1}}}, Step(1, "event", "proposed", data={"a": 1})),
        ({"start": "closing", "as": "sw1"}, Step(1, "start", "closing", by="sw1")),
        ({"claim": "sign", "as": "tm"}, Step(1, "claim", "sign", by="tm")),
        ({"complete": "sign", "as": "tm", "answers": {"a": 1}}, Step(1, "complete", "sign", by="tm", answers={"a": 1})),
        ({"draft": "sign", "as": "tm"}, Step(1, "draft", "sign", by="tm")),
        (
            {"override": "R1", "task": "sign", "as": "tm", "reason": "Because."},
            Step(1, "override", "R1", by="tm", task="sign", reason="Because."),
        ),
        ({"job": "write", "fails": "It is down"}, Step(1, "job", "write", fails="It is down")),
        ({"job": "write", "result": {}}, Step(1, "job", "write", result={})),
    ],
)
def test_each_verb_is_read(raw: dict[str, Any], step: Step) -> None:
    assert read(raw).steps == (step,)


def test_what_is_expected_is_read_and_the_rest_is_not_looked_at() -> None:
    told = {"open": [{"task": "sign", "for": ["tm"]}, {"task": "write"}], "refused": ["R1"], "caseStatus": "open"}
    expect = read({"job": "write", "expect": told}).steps[0].expect
    assert expect.open == (ExpectedTask("sign", ("tm",)), ExpectedTask("write"))
    assert (expect.refused, expect.case_status, expect.ended) == (("R1",), "open", None)


def test_nothing_open_is_not_the_same_as_not_looking() -> None:
    steps = read({"job": "a", "expect": {"open": []}}, {"job": "a", "expect": {}}).steps
    assert [step.expect.open for step in steps] == [(), None]


@pytest.mark.parametrize(
    ("step", "where", "says"),
    [
        ({"as": "tm"}, "steps.0", "exactly one of"),
        ({"claim": "a", "complete": "b", "as": "tm"}, "steps.0", "exactly one of"),
        ({"claim": "a"}, "steps.0.as", "missing"),
        ({"override": "R1", "task": "a", "as": "tm"}, "steps.0.reason", "missing"),
        ({"claim": "a", "as": "tm", "answers": {}}, "steps.0.answers", "takes no such key"),
        ({"claim": "a", "as": "tm", "expct": {}}, "steps.0.expct", "takes no such key"),
        ({"job": "a", "expect": {"opne": []}}, "steps.0.expect.opne", "No such key"),
        ({"event": {"typ": "a"}}, "steps.0.event.type", "missing"),
        ({"wait": "soon"}, "steps.0.wait", "date and time"),
        ({"wait": "2027-01-05T00:00:00"}, "steps.0.wait", "date and time"),
        ("text", "steps.0", "must be an object"),
    ],
)
def test_a_step_that_makes_no_sense_is_named(step: Any, where: str, says: str) -> None:
    with pytest.raises(BrokenRuleBook) as caught:
        read(step)
    found = {problem.where: problem.message for problem in caught.value.problems}
    assert says in found[where]
    assert caught.value.problems[0].file == "scenarios/story.json"


@pytest.mark.parametrize("change", [{"cases": "K-1"}, {"case": None}, {"starts": "2027-01-04"}, {"steps": []}])
def test_a_story_with_a_mistake_is_not_told(change: dict[str, Any]) -> None:
    with pytest.raises(BrokenRuleBook):
        load_scenario("s.json", json.dumps({**STORY, "steps": [{"job": "a"}], **change}).encode())


STORY = {"name": "A story", "authority": "demo", "case": "K-101", "starts": "2027-01-04T09:30:00+00:00"}


def read(*steps: Any, **more: Any) -> Scenario:
    return load_scenario("scenarios/story.json", json.dumps({**STORY, **more, "steps": steps}).encode())
