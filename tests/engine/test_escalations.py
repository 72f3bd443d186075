"""Escalations: who takes one up, what goes on and what ends, and that nobody need take it up."""

from __future__ import annotations

import pytest

from service.domain.errors import ModelError
from service.domain.outcome import UncaughtEscalation
from service.engine import compile_diagrams
from tests.engine.drawing import (
    boundary,
    call,
    diagram,
    end,
    escalates,
    escalation,
    flow,
    flows,
    gateway,
    hears,
    message,
    on,
    repeated,
    start,
    sub,
    throw,
    user,
)
from tests.engine.story import story

LATE = escalation("late", "too-late")
OTHER = escalation("other", "too-early")


def raising(*more, **said):
    """A sub-process that works, escalates and works on."""
    return sub("part", start("b"), user("work"), throw("cry", inside=escalates("late"), **said), user("on"), end("d"),
               flows("b work cry on d"), *more)  # fmt: skip


def test_a_boundary_event_that_does_not_interrupt_lets_the_thrower_go_on():
    tale = story(around(raising(), stop=False)).begin().complete("work")
    assert tale.open == ["help", "on"]
    assert tale.passed == ["begin", "b", "work", "cry", "heard"]
    assert tale.complete("on").complete("help").outcome.ended is not None


def test_a_boundary_event_that_interrupts_ends_the_thrower_with_all_around_it():
    tale = story(around(raising())).begin().complete("work")
    assert tale.open == ["help"]
    assert tale.passed == ["begin", "b", "work", "cry", "part (cancelled)", "heard"]
    assert tale.complete("help").outcome.ended is not None


def test_what_the_throw_names_comes_through_the_mapping_of_the_event_with_the_code():
    drawn = around(raising(inputs={"days": "=late"}), outputs={"told": "=days", "code": "=escalationCode"})
    tale = story(drawn).begin(late=3, secret=1).complete("work")
    assert tale.task("help").variables == {"late": 3, "secret": 1, "told": 3, "code": "too-late"}


def test_without_a_mapping_what_it_brings_is_kept_and_the_code_is_not():
    tale = story(around(raising(inputs={"days": "=late"}))).begin(late=3).complete("work")
    assert tale.task("help").variables == {"late": 3, "days": 3}


@pytest.mark.parametrize(("code", "caught_by"), [("late", "exactly"), ("other", "anyway")])
def test_an_event_for_the_code_goes_before_one_for_every_code(code, caught_by):
    part = sub("part", start("b"), end("cry", escalates(code)), flows("b cry"))
    both = diagram(
        start(), part, end(), boundary("any", "part", escalates()), boundary("exact", "part", escalates("late")),
        user("anyway"), user("exactly"), flows("begin part done"), flows("any anyway"), flows("exact exactly"),
        outside=LATE + OTHER,
    )  # fmt: skip
    assert story(both).begin().open == [caught_by]


def test_of_two_event_sub_processes_the_one_drawn_first_takes_up_every_one():
    heard = [
        on(name, escalates(code), user(f"{name}-help"), flows(f"{name}-begin {name}-help"), stop=False)
        for name, code in (("first", "late"), ("second", "late"))
    ]
    drawn = diagram(
        start(), throw("one", inside=escalates("late")), throw("two", inside=escalates("late")), end(),
        flows("begin one two done"), *heard, outside=LATE,
    )  # fmt: skip
    assert story(drawn).begin().open == ["first-help", "first-help"]


def test_one_that_nobody_takes_up_is_noted_and_the_process_goes_on():
    tale = story(around(raising(), catches="other")).begin().complete("work")
    assert tale.outcome.uncaught == (UncaughtEscalation("too-late", "cry", "review"),)
    assert tale.open == ["on"]
    assert tale.complete("on").outcome.uncaught == ()
    assert tale.outcome.ended is not None


def test_an_end_event_ends_its_token_and_no_other():
    part = sub("part", start("b"), gateway("split", "parallel"), user("beside"), user("work"),
               end("cry", escalates("late")), flows("b split beside"), flows("split work cry"))  # fmt: skip
    tale = story(around(part, stop=False)).begin().complete("work")
    assert tale.open == ["help", "beside"]
    assert tale.complete("beside").complete("help").outcome.ended is not None


def test_it_goes_out_through_sub_processes_and_called_processes():
    called = diagram(start("b2"), user("work"), throw("cry", inside=escalates("late")), user("on"), end("d2"),
                     flows("b2 work cry on d2"), process_id="called", outside=LATE)  # fmt: skip
    part = sub("part", start("b"), call("sign", "called"), end("d"), flows("b sign d"))
    tale = story(around(part, stop=False), called).begin().complete("work")
    assert tale.open == ["help", "on"]
    tale = story(around(part), called).begin().complete("work")
    assert tale.open == ["help"]
    assert {"sign (cancelled)", "part (cancelled)"} <= set(tale.passed)


def test_the_nearest_takes_it_up_and_those_further_out_never_hear_of_it():
    inner = sub("inner", start("b"), user("work"), throw("cry", inside=escalates("late")), user("on"), end("d"),
                flows("b work cry on d"))  # fmt: skip
    part = sub(
        "part", start("b1"), inner, end("d1"), boundary("near", "inner", escalates("late"), stop=False), user("calm"),
        flows("b1 inner d1"), flows("near calm"),
    )  # fmt: skip
    assert story(around(part)).begin().complete("work").open == ["calm", "on"]


@pytest.mark.parametrize("stop", [True, False])
def test_an_event_sub_process_of_the_scope_takes_it_up(stop):
    heard = on("heard", escalates("late"), user("help"), end("e"), flows("heard-begin help e"), stop=stop,
               brings={"code": "=escalationCode"})  # fmt: skip
    drawn = diagram(start(), user("work"), throw("cry", inside=escalates("late")), user("on"), end(), heard,
                    flows("begin work cry on done"), outside=LATE)  # fmt: skip
    tale = story(drawn).begin().complete("work")
    assert sorted(tale.open) == (["help"] if stop else ["help", "on"])
    assert tale.task("help").variables == {"code": "too-late"}
    for element_id in tale.open:
        tale.complete(element_id)
    assert tale.outcome.ended is not None


def test_an_event_sub_process_goes_before_the_boundary_of_its_scope():
    heard = on("calm", escalates(), user("breathe"), end("e"), flows("calm-begin breathe e"), stop=False)
    assert story(around(raising(heard))).begin().complete("work").open == ["on", "breathe"]


def test_one_that_does_not_interrupt_takes_up_every_one():
    heard = on("calm", escalates(), user("breathe"), end("e"), flows("calm-begin breathe e"), stop=False)
    part = sub("part", start("b"), throw("one", inside=escalates("late")), throw("two", inside=escalates("other")),
               user("on"), end("d"), flows("b one two on d"), heard)  # fmt: skip
    assert story(around(part)).begin().open == ["on", "breathe", "breathe"]


def test_what_an_event_sub_process_throws_again_goes_further_out():
    again = on("heard", escalates("late"), throw("again", inside=escalates("late")), user("wait"), end("e"),
               flows("heard-begin again wait e"), stop=False)  # fmt: skip
    tale = story(around(raising(again), stop=False)).begin().complete("work")
    assert sorted(tale.open) == ["help", "on", "wait"]


def test_out_of_a_repetition_it_reaches_the_edge_of_the_whole_activity():
    part = repeated(raising(inputs={"who": "=n"}), "=[1, 2, 3]", inputElement="n")
    tale = story(around(part, stop=False)).begin().complete("work")
    assert sorted(tale.open) == ["help", "on", "work", "work"]
    tale.complete("work")
    assert sorted(tale.open) == ["help", "help", "on", "on", "work"]
    tale = story(around(part)).begin().complete("work")
    assert tale.open == ["help"]
    assert tale.passed.count("part (cancelled)") == 3


def test_a_sequential_repetition_that_is_interrupted_begins_no_other():
    part = repeated(raising(), "=[1, 2, 3]", sequential=True, inputElement="n")
    tale = story(around(part)).begin().complete("work")
    assert tale.open == ["help"]
    assert tale.complete("help").outcome.ended is not None


def test_the_scope_of_the_catcher_goes_on_when_the_interrupting_one_stands_in_a_join():
    part = sub("part", start("b"), end("cry", escalates("late")), flows("b cry"))
    drawn = diagram(
        start(), gateway("split", "parallel"), user("a"), part, gateway("join", "parallel"), user("after"), end(),
        boundary("heard", "part", escalates("late")), flows("begin split a join after done"), flows("split part done"),
        flows("heard join"), outside=LATE,
    )  # fmt: skip
    assert story(drawn).begin().complete("a").open == ["after"]


def test_the_process_itself_may_escalate_to_nobody():
    drawn = diagram(start(), end("cry", escalates("late")), flows("begin cry"), outside=LATE)
    tale = story(drawn).begin()
    assert tale.outcome.ended is not None
    assert [item.code for item in tale.outcome.uncaught] == ["too-late"]


def test_a_scope_that_was_interrupted_takes_up_nothing_more():
    told = on("told", hears("m"), throw("cry", inside=escalates("late")), user("on"), end("e1"),
              flows("told-begin cry on e1"))  # fmt: skip
    heard = on("heard", escalates("late"), user("help"), end("e2"), flows("heard-begin help e2"))
    drawn = diagram(start(), user("ask"), end(), flows("begin ask done"), told, heard,
                    outside=LATE + message("m", "news"))  # fmt: skip
    tale = story(drawn).begin().receive("told-begin")
    assert tale.open == ["on"]
    assert [item.element_id for item in tale.outcome.uncaught] == ["cry"]


def test_one_that_calls_itself_without_end_is_a_mistake_on_the_diagram():
    one = on("one", escalates("late"), end("e1", escalates("other")), flows("one-begin e1"), stop=False)
    two = on("two", escalates("other"), end("e2", escalates("late")), flows("two-begin e2"), stop=False)
    drawn = diagram(start(), end("cry", escalates("late")), flows("begin cry"), one, two, outside=LATE + OTHER)
    with pytest.raises(ModelError, match="goes round without waiting"):
        story(drawn).begin()


def test_a_throw_without_a_code_and_a_code_nobody_declares_are_named():
    drawn = diagram(
        start(),
        throw("odd", inside=escalates()),
        end("worse", escalates("nobody")),
        flows("begin odd worse"),
        outside=LATE,
    )
    assert [(item.element_id, item.message) for item in compile_diagrams({"a": drawn}).problems] == [
        ("odd", "this element throws an escalation without a code"),
        ("worse", "this element refers to the escalation “nobody”, which the file does not declare"),
    ]


def around(part, *, stop=True, catches="late", **said):
    return diagram(
        start(), part, end(), boundary("heard", "part", escalates(catches), stop=stop, **said), user("help"),
        flow("begin", "part"), flow("part", "done"), flows("heard help"), outside=LATE + OTHER,
    )  # fmt: skip
