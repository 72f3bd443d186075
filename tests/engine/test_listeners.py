"""Execution listeners: when they are asked, what they may read and write, what ends them. Those of user tasks are in
`test_task_listeners.py`."""

from __future__ import annotations

import pytest

from service.domain.errors import Conflict, ModelError
from service.domain.stimuli import JobCompleted
from service.engine import compile_diagrams
from tests.engine.drawing import (
    boundary,
    call,
    catch,
    catches_error,
    diagram,
    end,
    error,
    error_end,
    flow,
    flows,
    gateway,
    job,
    listeners,
    message,
    repeated,
    rule,
    script,
    start,
    sub,
    task,
    terminate_end,
    throw,
    timer,
    user,
)
from tests.engine.story import Decided, Story, story

BOTH = ("start before", "end after")
INNER = diagram(start("b"), end("e"), flows("b e"), process_id="inner")
ANY_ELEMENT = {
    "user": (user("x"), "x"),
    "service": (job("x"), "x"),
    "script": (script("x", "=1", "y"), None),
    "rule": (rule("x", "level", "level"), None),
    "manual": (task("x", "manualTask"), None),
    "undefined": (task("x"), None),
    "call": (call("x", "inner"), None),
    "sub": (sub("x", start("b"), end("e"), flows("b e")), None),
    "throw": (throw("x", "m"), None),
    "catch": (catch("x", "m"), "x"),
    "receive": (task("x", "receiveTask").replace('id="x"', 'id="x" messageRef="m"'), "x"),
}


@pytest.mark.parametrize("kind", ANY_ELEMENT)
def test_an_element_waits_for_the_listener_before_it_and_the_token_for_the_one_after_it(kind):
    drawn, waits = ANY_ELEMENT[kind]
    parts = (start(), listeners(drawn, *BOTH), end(), flows("begin x done"))
    tale = story(diagram(*parts, outside=message("m", "told")), INNER, decisions={"level": Decided("TM")}).begin()
    assert tale.asked_listeners == [("x", "start", "before")]
    assert tale.passed == ["begin"]
    tale.listener_done("x")
    if waits:
        assert tale.open == ["x"]
        {"user": tale.complete, "service": tale.job_done}.get(kind, tale.receive)("x")
    assert tale.asked_listeners == [("x", "end", "after")]
    assert tale.passed[-1] == "x"
    assert tale.listener_done("x").outcome.ended is not None
    assert tale.passed[-2:] == ["x", "done"]


def test_several_are_asked_one_after_another_in_the_order_drawn():
    tale = with_listeners(user("x"), "start a", "start b", "end c", "end d").begin()
    assert tale.listener_done("x").asked_listeners == [("x", "start", "b")]
    tale.listener_done("x").complete("x")
    assert tale.asked_listeners == [("x", "end", "c")]
    assert tale.listener_done("x").asked_listeners == [("x", "end", "d")]
    assert tale.listener_done("x").outcome.ended is not None


def test_what_a_start_listener_gives_belongs_to_the_element_and_what_an_end_listener_gives_to_the_process():
    tale = with_listeners(user("x", inputs={"own": "=a"}, groups="=team"), "start before", "end after").begin(a=1)
    assert tale.job("x").variables == {"a": 1, "own": 1}
    tale.listener_done("x", team="tm", own=2)
    assert tale.task("x").variables == {"a": 1, "own": 2, "team": "tm"}
    assert tale.task("x").candidate_groups == ("tm",)
    tale.complete("x", answer=3)
    assert tale.job("x").variables == {"a": 1, "answer": 3, "own": 2, "team": "tm"}
    assert tale.listener_done("x", seen=True).variables == {"a": 1, "answer": 3, "seen": True}


def test_the_job_says_what_it_listens_for_with_the_headers_of_both():
    drawn = listeners(job("x", headers={"a": "element", "b": "element"}), "start before 7")
    headers = '<zeebe:taskHeaders><zeebe:header key="b" value="listener" /></zeebe:taskHeaders>'
    drawn = drawn.replace('retries="7" />', f'retries="7">{headers}</zeebe:executionListener>')
    asked = story(diagram(start(), drawn, end(), flows("begin x done"))).begin().job("x")
    assert (asked.type, asked.retries, asked.listener) == ("before", 7, "start")
    assert asked.headers == {"a": "element", "b": "listener"}


def test_the_type_and_the_tries_of_a_listener_may_be_computed():
    drawn = listeners(user("x"), "start before").replace('type="before"', 'type="=kind" retries="=2 + 3"')
    asked = story(diagram(start(), drawn, end(), flows("begin x done"))).begin(kind="note").job("x")
    assert (asked.type, asked.retries) == ("note", 5)


def test_a_bpmn_error_is_no_answer_of_an_execution_listener():
    drawn = (start(), listeners(job("x"), "start before"), boundary("c", "x", catches_error()), user("y"), end())
    tale = story(diagram(*drawn, flows("begin x done"), flows("c y"))).begin()
    for said, words in (
        ("They moved", "“no-address”: They moved, which nothing can"),
        ("", "“no-address”, which nothing"),
    ):
        with pytest.raises(ModelError, match=words) as caught:
            tale.job_refused("x", "no-address", said)
        assert caught.value.element_id == "x"
    assert tale.asked_listeners == [("x", "start", "before")]


def test_the_deadline_on_an_activity_runs_only_while_the_activity_does():
    late = boundary("late", "x", timer("timeDuration", "PT1H"))
    parts = (
        start(),
        listeners(user("x"), *BOTH),
        late,
        user("chase"),
        end(),
        flows("begin x done"),
        flow("late", "chase"),
    )
    tale = story(diagram(*parts)).begin().wait(hours=2)
    assert tale.asked_listeners == [("x", "start", "before")]
    assert tale.listener_done("x").wait(hours=2).open == ["chase"]
    tale = story(diagram(*parts)).begin().listener_done("x").complete("x").wait(hours=2)
    assert tale.asked_listeners == [("x", "end", "after")]


def test_a_deadline_around_it_ends_a_listener():
    inner = sub("part", start("b"), listeners(user("x"), "start before"), end("e"), flows("b x e"))
    late = boundary("late", "part", timer("timeDuration", "PT1H"))
    parts = (start(), inner, late, user("chase"), end(), flows("begin part done"), flow("late", "chase"))
    tale = story(diagram(*parts)).begin()
    gone = tale.job("x").id
    assert tale.wait(hours=2).open == ["chase"]
    assert "x (cancelled)" in tale.passed
    with pytest.raises(Conflict):
        tale.act(JobCompleted(gone, {}))


@pytest.mark.parametrize("kind", ["exclusive", "inclusive", "parallel"])
def test_a_gateway_waits_once_for_its_listener_and_chooses_by_what_that_gives(kind):
    conditions = (None, None, None) if kind == "parallel" else ("=go", "=go", "=not(go)")
    ways = "".join(flow("g", *way) for way in zip(("a", "b", "c"), conditions, strict=True))
    split = gateway("s", "exclusive" if kind == "exclusive" else "parallel", default="s-l")
    parts = (start(), split, user("l"), user("r"), listeners(gateway("g", kind), "start ask"))
    parts += (user("a"), user("b"), user("c"))
    joined = flows("begin s l g") + flow("s", "r", "=false" if kind == "exclusive" else None) + flow("r", "g")
    tale = story(diagram(*parts, joined, ways)).begin().complete("l")
    if kind != "exclusive":
        assert (tale.open, tale.asked_listeners) == (["r"], [])
        tale.complete("r")
    assert tale.asked_listeners == [("g", "start", "ask")]
    chosen = {"exclusive": ["a"], "inclusive": ["a", "b"], "parallel": ["a", "b", "c"]}
    assert tale.listener_done("g", go=True).open == chosen[kind]


def test_a_gateway_forgets_what_its_listener_gave():
    parts = (start(), listeners(gateway("g"), "start ask"), user("a"), flow("begin", "g"), flow("g", "a"))
    tale = story(diagram(*parts)).begin().listener_done("g", go=True)
    assert tale.task("a").variables == {}


def test_each_repetition_asks_its_own_listeners():
    each = repeated(
        listeners(user("x"), *BOTH), "=[1, 2]", inputElement="n", outputCollection="all", outputElement="=n + given"
    )
    tale = story(diagram(start(), each, end(), flows("begin x done"))).begin(given=0)
    assert [item.variables["n"] for item in tale.outcome.jobs] == [1, 2]
    tale.listener_done("x", given=10).listener_done("x", given=20)
    assert [item.variables["given"] for item in tale.outcome.user_tasks] == [10, 20]
    tale.complete("x").complete("x").listener_done("x")
    assert [item.variables["n"] for item in tale.outcome.jobs] == [2]
    assert tale.listener_done("x").variables["all"] == [11, 22]


def test_a_deadline_on_the_whole_ends_the_listeners_of_every_repetition():
    each = repeated(listeners(user("x"), *BOTH), "=[1, 2]", inputElement="n")
    late = boundary("late", "x", timer("timeDuration", "PT1H"))
    parts = (start(), each, late, user("chase"), end(), flows("begin x done"), flow("late", "chase"))
    assert story(diagram(*parts)).begin().listener_done("x").wait(hours=2).open == ["chase"]


def test_a_sub_process_shows_its_end_listener_what_it_ended_with():
    part = sub("x", start("b"), script("s", "=own + 1", "own"), end("e"), flows("b s e"), inputs={"own": "=1"})
    tale = with_listeners(part, *BOTH).begin()
    assert tale.listener_done("x", own=5).job("x").variables == {"own": 6}
    assert tale.listener_done("x").variables == {}


def test_a_call_shows_its_end_listener_its_own_variables_and_not_those_of_what_it_called():
    called = diagram(start(), script("s", "=1", "inside"), end(), flows("begin s done"), process_id="inner")
    drawn = listeners(call("x", "inner", inputs={"own": "=1"}, outputs={"back": "=inside"}), "end after")
    tale = story(diagram(start(), drawn, end(), flows("begin x done")), called).begin()
    assert tale.job("x").variables == {"own": 1, "back": 1}


def test_what_had_passed_when_its_listener_was_ended_is_not_told_as_cancelled():
    part = sub("part", start("b"), listeners(user("x"), "end after"), end("e"), flows("b x e"))
    late = boundary("late", "part", timer("timeDuration", "PT1H"))
    parts = (start(), part, late, user("chase"), end(), flows("begin part done"), flow("late", "chase"))
    tale = story(diagram(*parts)).begin().complete("x").wait(hours=2)
    assert tale.passed == ["begin", "b", "x", "part (cancelled)", "late"]


def test_start_and_end_events_and_boundary_events_have_the_listeners_they_can_have():
    caught = listeners(boundary("c", "x", catches_error()), "end after")
    parts = (listeners(start(), "end after"), job("x"), caught, listeners(end(), *BOTH), flows("begin x"))
    tale = story(diagram(*parts, flows("c done"))).begin().listener_done("begin").job_refused("x", "no-address")
    assert tale.listener_done("c").asked_listeners == [("done", "start", "before")]
    assert tale.listener_done("done").listener_done("done").outcome.ended is not None


UNHEARD = [
    (user("x"), "assigning"), (user("x"), "updating"), (user("x"), "canceling"), (gateway("x"), "end"),
    (gateway("x", "parallel"), "end"), (error_end("x", "e"), "end"), (terminate_end("x"), "end"), (user("x"), "odd"),
]  # fmt: skip


@pytest.mark.parametrize(("drawn", "event"), UNHEARD)
def test_a_listener_that_is_never_asked_is_named_and_stops_who_comes_there(drawn, event):
    whole = diagram(start(), listeners(drawn, f"{event} ask"), flows("begin x"), outside=error("e", "broken"))
    (problem,) = [item for item in compile_diagrams({"a": whole}).problems if "listener" in item.message]
    assert (problem.element_id, f"“{event}”" in problem.message) == ("x", True)
    with pytest.raises(ModelError, match="listener"):
        story(whole).begin()


def test_what_asks_two_listeners_of_one_type_for_one_event_is_named():
    whole = diagram(start(), listeners(user("x"), "start a", "start a"), flows("begin x"))
    assert "more than once" in compile_diagrams({"a": whole}).problems[0].message


def test_a_race_of_events_has_no_listener_before_one_of_them():
    parts = (
        start(),
        gateway("g", "eventBased"),
        listeners(catch("x", "m"), "start ask"),
        end(),
        flows("begin g x done"),
    )
    whole = diagram(*parts, outside=message("m", "told"))
    assert [
        (item.element_id, "start listener" in item.message) for item in compile_diagrams({"a": whole}).problems
    ] == [("g-x", True)]
    with pytest.raises(ModelError, match="start listener"):
        story(whole).begin()


def test_the_job_types_of_listeners_are_among_what_a_diagram_points_at():
    found = compile_diagrams({"a": diagram(start(), listeners(user("x"), *BOTH), flows("begin x"))})
    assert {(item.kind, item.value) for item in found.references} == {("job-type", "before"), ("job-type", "after")}


def with_listeners(drawn: str, *said: str) -> Story:
    return story(diagram(start(), listeners(drawn, *said), end(), flows("begin x done")))
