"""Event sub-processes: when they listen, what they interrupt, when their scope is over. The events themselves have
files of their own."""

from __future__ import annotations

import pytest

from service.domain.errors import Conflict
from service.domain.stimuli import MessageReceived
from service.engine import compile_diagrams
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
    hears,
    message,
    on,
    repeated,
    start,
    sub,
    terminate_end,
    timer,
    user,
)
from tests.engine.story import story

HEARD = message("m", "news", key="=child")


def test_it_listens_from_the_beginning_and_knows_what_the_start_brought():
    tale = story(NEWS).begin(child="K-1")
    (awaited,) = tale.outcome.awaited
    assert (awaited.element_id, awaited.message, awaited.correlation_key) == ("told-begin", "news", "K-1")


def test_one_that_interrupts_ends_everything_else_in_its_scope():
    tale = story(NEWS).begin(child="K-1").receive("told-begin", why="moved")
    assert tale.open == ["react"]
    assert tale.passed == ["begin", "ask (cancelled)", "told-begin"]
    assert tale.complete("react").passed[-3:] == ["react", "e", "told"]
    assert tale.variables == {"child": "K-1", "why": "moved"}


def test_it_can_happen_no_more_once_its_scope_has_ended():
    tale = story(NEWS).begin(child="K-1").complete("ask")
    assert tale.outcome.ended is not None
    assert "told" not in " ".join(tale.passed)


def test_one_that_does_not_interrupt_runs_beside_and_as_often_as_it_is_heard():
    tale = story(BESIDE).begin(child="K-1").receive("told-begin", n=1).receive("told-begin", n=2)
    assert tale.open == ["ask", "react", "react", "told-begin"]
    assert tale.complete("ask").open == ["react", "react", "told-begin"]
    first, second = tale.outcome.user_tasks
    assert (first.variables["n"], second.variables["n"]) == (1, 2)
    assert tale.complete("react").open == ["react", "told-begin"]
    assert tale.complete("react").variables == {"child": "K-1", "last": 2}


def test_a_scope_that_only_listens_is_over():
    tale = story(BESIDE).begin(child="K-1").receive("told-begin", n=1).complete("react")
    assert tale.open == ["ask", "told-begin"]
    assert tale.complete("ask").outcome.ended is not None


def test_one_that_interrupts_ends_those_that_run_beside():
    both = diagram(
        start(), user("ask"), end(), flows("begin ask done"),
        on("told", hears("m"), user("react"), end("e1"), flows("told-begin react e1"), stop=False),
        on("late", timer("timeDuration", "P1D"), user("chase"), end("e2"), flows("late-begin chase e2")),
        outside=HEARD,
    )  # fmt: skip
    tale = story(both).begin(child="K-1").receive("told-begin").wait(days=1)
    assert (tale.open, tale.waiting) == (["chase"], [])
    assert {"react (cancelled)", "told (cancelled)", "ask (cancelled)"} <= set(tale.passed)
    assert tale.complete("chase").outcome.ended is not None


def test_a_message_for_what_was_interrupted_comes_too_late():
    tale = story(NEWS).begin(child="K-1")
    gone = tale.outcome.awaited[0].id
    with pytest.raises(Conflict):
        tale.receive("told-begin").act(MessageReceived(gone, {}))


def test_inside_an_embedded_sub_process_it_ends_only_that():
    tale = story(INSIDE).begin(child="K-1", here=1)
    assert tale.open == ["beside", "ask", "told-begin"]
    assert tale.receive("told-begin", here=2).open == ["beside", "react"]
    assert tale.complete("react").open == ["beside", "after"]
    assert tale.passed[-4:] == ["react", "e", "told", "part"]
    assert tale.waiting == []


def test_its_own_variables_end_with_it_and_others_are_written_where_they_are():
    inner = on(
        "told", hears("m"), user("react"), end("e"), flows("told-begin react e"), inputs={"own": "=child"},
        outputs={"out": "=own"},
    )  # fmt: skip
    part = sub("part", start("b"), user("ask"), end("d"), inner, flows("b ask d"), inputs={"local": "=1"})
    tale = story(diagram(start(), part, user("after"), flows("begin part after"), outside=HEARD)).begin(child="K-1")
    tale.receive("told-begin", local=5)
    assert tale.task("react").variables == {"child": "K-1", "local": 5, "own": "K-1"}
    assert tale.complete("react", own="mine", more=1).task("after").variables == {
        "child": "K-1", "more": 1, "out": "mine",
    }  # fmt: skip


def test_each_repetition_has_its_own():
    part = repeated(
        sub("part", start("b"), user("ask"), end("d"),
            on("told", hears("m"), user("react"), end("e"), flows("told-begin react e")), flows("b ask d")),
        "=[1, 2, 3]", inputElement="child", outputCollection="out", outputElement="=child",
    )  # fmt: skip
    tale = story(diagram(start(), part, end(), flows("begin part done"), outside=HEARD)).begin()
    assert sorted(item.correlation_key for item in tale.outcome.awaited) == ["1", "2", "3"]
    second = next(item for item in tale.outcome.awaited if item.correlation_key == "2")
    tale.act(MessageReceived(second.id, {}))
    assert sorted(tale.open) == ["ask", "ask", "react", "told-begin", "told-begin"]
    assert tale.task("react").variables["child"] == 2
    tale.complete("ask").complete("ask").complete("react")
    assert tale.variables == {"out": [1, 2, 3]}


def test_interrupting_the_process_ends_what_runs_in_called_processes_and_their_event_sub_processes():
    tale = story(CALLING, CALLED).begin(child="K-1").receive("inner-begin", deep=1)
    assert tale.open == ["work", "mend", "outer-begin", "inner-begin"]
    tale.receive("outer-begin")
    assert (tale.open, tale.waiting) == (["react"], [])
    assert {"work (cancelled)", "mend (cancelled)", "inner (cancelled)", "sign (cancelled)"} <= set(tale.passed)
    assert tale.complete("react").outcome.ended is not None


def test_a_called_process_goes_on_until_what_it_reacts_to_is_done():
    tale = story(CALLING, CALLED).begin(child="K-1").receive("inner-begin").complete("work")
    assert tale.open == ["mend", "outer-begin", "inner-begin"]
    assert tale.complete("mend").outcome.ended is not None


def test_tokens_waiting_in_a_join_end_too():
    joined = diagram(
        start(), gateway("split", "parallel"), user("a"), user("b"), gateway("join", "parallel"), end(),
        flows("begin split a join done"), flows("split b join"),
        on("told", hears("m"), user("react"), end("e"), flows("told-begin react e")), outside=HEARD,
    )  # fmt: skip
    tale = story(joined).begin(child="K-1").complete("a").receive("told-begin")
    assert tale.open == ["react"]
    assert tale.complete("react").outcome.ended is not None


def test_one_that_begins_beside_does_not_hold_up_a_join():
    joined = diagram(
        start(), gateway("split", "inclusive"), user("a"), user("b"), gateway("join", "inclusive"), user("c"), end(),
        flow("begin", "split"), flow("split", "a", "=true"), flow("split", "b", "=true"), flows("a join c done"),
        flows("b join"), on("told", hears("m"), user("react"), end("e"), flows("told-begin react e"), stop=False),
        outside=HEARD,
    )  # fmt: skip
    tale = story(joined).begin(child="K-1").receive("told-begin").complete("a").complete("b")
    assert tale.open == ["c", "react", "told-begin"]
    assert tale.complete("c").complete("react").outcome.ended is not None


def test_a_terminate_end_inside_ends_only_the_event_sub_process():
    told = on("told", hears("m"), gateway("split", "parallel"), user("react"), user("stop"), terminate_end("halt"),
              flows("told-begin split react"), flows("split stop halt"), stop=False)  # fmt: skip
    drawn = diagram(start(), user("ask"), end(), flows("begin ask done"), told, outside=HEARD)
    tale = story(drawn).begin(child="K-1").receive("told-begin").complete("stop")
    assert tale.open == ["ask", "told-begin"]


def test_a_terminate_end_of_the_scope_ends_event_sub_processes_that_run():
    drawn = diagram(
        start(), user("ask"), terminate_end("halt"), flows("begin ask halt"),
        on("told", hears("m"), user("react"), end("e"), flows("told-begin react e"), stop=False), outside=HEARD,
    )  # fmt: skip
    tale = story(drawn).begin(child="K-1").receive("told-begin").complete("ask")
    assert tale.outcome.ended is not None
    assert "react (cancelled)" in tale.passed


def test_cancelling_says_what_ran_and_not_what_listened():
    tale = story(BESIDE).begin(child="K-1").receive("told-begin", n=1).cancel()
    assert tale.passed == ["begin", "told-begin", "ask (cancelled)", "told (cancelled)", "react (cancelled)"]


def test_event_sub_processes_stand_in_one_another():
    inner = on("deeper", hears("n"), user("calm"), end("e2"), flows("deeper-begin calm e2"))
    outer = on("told", hears("m"), user("react"), end("e1"), inner, flows("told-begin react e1"), stop=False)
    drawn = diagram(
        start(), user("ask"), end(), flows("begin ask done"), outer, outside=message("m", "news") + message("n", "more")
    )
    tale = story(drawn).begin()
    assert tale.waiting == ["told-begin"]
    assert tale.receive("told-begin").waiting == ["deeper-begin", "told-begin"]
    assert tale.receive("deeper-begin").open == ["ask", "calm", "told-begin"]
    assert tale.complete("calm").open == ["ask", "told-begin"]


def test_a_timer_that_repeats_begins_it_again_and_again():
    drawn = diagram(
        start(), user("ask"), end(), flows("begin ask done"),
        on("daily", timer("timeCycle", "R2/P1D"), user("remind"), end("e"), flows("daily-begin remind e"), stop=False),
    )  # fmt: skip
    tale = story(drawn).begin().wait(days=1).wait(days=1)
    assert (tale.open, tale.waiting) == (["ask", "remind", "remind"], [])
    assert tale.complete("ask").complete("remind").complete("remind").outcome.ended is not None


def test_a_message_start_of_the_process_opens_them_after_its_data_came():
    drawn = diagram(
        start("begin", "s", outputs={"child": "=who"}), user("ask"), end(), flows("begin ask done"),
        on("told", hears("m"), user("react"), flows("told-begin react")), outside=HEARD + message("s", "opened"),
    )  # fmt: skip
    assert story(drawn).begin(message="opened", who="K-9").outcome.awaited[0].correlation_key == "K-9"


@pytest.mark.parametrize(
    ("drawn", "element_id", "said"),
    [
        (on("odd", hears("m"), start("two")), "odd", "exactly one start"),
        (on("odd", ""), "odd-begin", "startEvent of an event sub-process of the kind “none”"),
        (on("odd", hears("m")) + flow("ask", "odd"), "ask-odd", "no flow leads"),
        (on("odd", hears("m")) + boundary("b", "odd", timer("timeDuration", "P1D")), "b", "can have none"),
        (repeated(on("odd", hears("m")), "=[1]"), "odd", "cannot be repeated"),
        (on("odd", timer("timeCycle", "R/P1D")), "odd-begin", "only once"),
        (on("odd", catches_error("e"), stop=False), "odd-begin", "an error always does"),
        (on("odd", "<bpmn:conditionalEventDefinition />"), "odd-begin", "conditional"),
        (on("odd", hears("nobody")), "odd-begin", "names no message"),
    ],
)
def test_a_mistake_is_named_and_the_rest_runs(drawn, element_id, said):
    whole = diagram(start(), user("ask"), end(), flows("begin ask done"), drawn, outside=HEARD + error("e", "x"))
    assert (element_id, True) in [(item.element_id, said in item.message) for item in problems(whole)]
    assert "ask" in story(whole).begin(child="K-1").open


def test_a_good_one_is_no_problem():
    assert [problems(drawn) for drawn in (NEWS, BESIDE, INSIDE, CALLING)] == [()] * 4


def problems(drawn):
    return compile_diagrams({"a.bpmn": drawn, "called.bpmn": CALLED}).problems


NEWS = diagram(
    start(), user("ask"), end(), flows("begin ask done"),
    on("told", hears("m"), user("react"), end("e"), flows("told-begin react e")), outside=HEARD,
)  # fmt: skip
BESIDE = diagram(
    start(), user("ask"), end(), flows("begin ask done"),
    on("told", hears("m"), user("react"), end("e"), flows("told-begin react e"), stop=False, inputs={"n": "=null"},
       brings={"n": "=n"}, outputs={"last": "=n"}),
    outside=HEARD,
)  # fmt: skip
INSIDE = diagram(
    start(), gateway("split", "parallel"),
    sub("part", start("b"), user("ask"), end("d"), flows("b ask d"),
        on("told", hears("m"), user("react"), end("e"), flows("told-begin react e"))),
    user("beside"), user("after"), flows("begin split part after"), flows("split beside"), outside=HEARD,
)  # fmt: skip
CALLING = diagram(
    start(), call("sign", "called"), end(), flows("begin sign done"),
    on("outer", hears("m"), user("react"), end("e"), flows("outer-begin react e")), outside=HEARD,
)  # fmt: skip
CALLED = diagram(
    start("b"), user("work"), end("d"), flows("b work d"),
    on("inner", hears("n"), user("mend"), end("f"), flows("inner-begin mend f"), stop=False),
    process_id="called", outside=message("n", "more"),
)  # fmt: skip
