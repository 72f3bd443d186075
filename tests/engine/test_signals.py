"""Signals: who waits for one, what a throw says to the world, and what a signal does when it comes. Handing a broadcast
to everybody who waits is not the engine's."""

from __future__ import annotations

import pytest

from service.domain.errors import Conflict, ModelError
from service.domain.outcome import ThrownSignal
from service.domain.stimuli import SignalReceived
from service.engine import compile_diagrams
from tests.engine.drawing import (
    boundary,
    call,
    catch,
    diagram,
    end,
    flow,
    flows,
    gateway,
    message,
    on,
    repeated,
    signal,
    signals,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.story import story

CLOSED = signal("s", "office-closed")


def test_an_intermediate_event_waits_for_its_signal_and_takes_what_it_brings():
    tale = story(WAITING).begin()
    (awaited,) = tale.outcome.signals
    assert (awaited.element_id, awaited.signal, awaited.process_id) == ("hear", "office-closed", "review")
    assert tale.hear("hear", until="Monday").variables == {"until": "Monday"}


def test_the_output_mapping_of_the_event_decides_what_is_kept():
    mapped = diagram(
        start(), catch("hear", inside=signals("s"), outputs={"back": "=until"}), end(), flows("begin hear done"),
        outside=CLOSED,
    )  # fmt: skip
    assert story(mapped).begin().hear("hear", until="Monday", more=1).variables == {"back": "Monday"}


def test_a_signal_cannot_come_twice_for_one_event():
    tale = story(WAITING).begin()
    gone = tale.outcome.signals[0].id
    tale.hear("hear")
    with pytest.raises(Conflict):
        tale.act(SignalReceived(gone, {}))


@pytest.mark.parametrize("wrong", ["no-id", "00000000-0000-0000-0000-000000000000"])
def test_a_signal_for_a_subscription_nobody_has_is_a_conflict(wrong):
    with pytest.raises(Conflict):
        story(WAITING).begin().act(SignalReceived(wrong, {}))


def test_a_task_is_no_subscription():
    tale = story(BESIDE).begin()
    with pytest.raises(Conflict):
        tale.act(SignalReceived(tale.task("ask").id, {}))


def test_the_name_may_be_computed_when_the_event_opens():
    computed = diagram(
        start(), catch("hear", inside=signals("s")), end(), flows("begin hear done"),
        outside=signal("s", '="shut-" + team'),
    )  # fmt: skip
    assert story(computed).begin(team="north").outcome.signals[0].signal == "shut-north"


@pytest.mark.parametrize("name", [None, "", 7])
def test_a_name_that_is_no_text_is_an_error_of_the_diagram(name):
    computed = diagram(
        start(), catch("hear", inside=signals("s")), end(), flows("begin hear done"), outside=signal("s", "=name"),
    )  # fmt: skip
    with pytest.raises(ModelError, match="name of the signal is not a text") as caught:
        story(computed).begin(name=name)
    assert caught.value.element_id == "hear"


@pytest.mark.parametrize("thrower", ["throw", "end"])
def test_throwing_says_so_with_what_the_input_mapping_gives_and_goes_on(thrower):
    drawn = (
        throw("tell", inside=signals("s"), inputs={"until": "=day"})
        if thrower == "throw"
        else end("tell", signals("s"), inputs={"until": "=day"})
    )
    last = end() + flow("tell", "done") if thrower == "throw" else ""
    tale = story(diagram(start(), drawn, last, flows("begin tell"), outside=CLOSED)).begin(day="Monday", secret=1)
    assert tale.outcome.broadcast == (ThrownSignal("office-closed", "tell", "review", {"until": "Monday"}),)
    assert tale.outcome.ended is not None


def test_an_instance_that_waits_for_what_it_throws_is_told_like_everybody_else():
    both = diagram(
        start(), gateway("split", "parallel"), catch("hear", inside=signals("s")), throw("tell", inside=signals("s")),
        user("a"), user("b"), flows("begin split tell a"), flows("split hear b"), outside=CLOSED,
    )  # fmt: skip
    tale = story(both).begin()
    assert [item.signal for item in tale.outcome.broadcast] == ["office-closed"]
    assert (tale.open, tale.waiting) == (["a"], ["hear"])
    assert tale.hear("hear").open == ["a", "b"]


def test_every_throw_on_the_way_is_said_in_order():
    twice = diagram(start(), throw("one", inside=signals("s")), throw("two", inside=signals("t")), end(),
                    flows("begin one two done"), outside=CLOSED + signal("t", "office-open"))  # fmt: skip
    assert [item.signal for item in story(twice).begin().outcome.broadcast] == ["office-closed", "office-open"]


def test_on_a_boundary_that_interrupts_it_cancels_the_work():
    tale = story(EDGE).begin().hear("shut")
    assert (tale.open, tale.waiting) == (["go_home"], [])
    assert "ask (cancelled)" in tale.passed


def test_on_a_boundary_that_does_not_interrupt_it_can_come_again_and_again():
    tale = story(BESIDE).begin()
    first = tale.outcome.signals[0].id
    tale.hear("shut", n=1)
    assert tale.open == ["ask", "note"]
    with pytest.raises(Conflict):
        tale.act(SignalReceived(first, {}))
    assert tale.hear("shut", n=2).open == ["ask", "note", "note"]
    assert tale.complete("ask").waiting == []
    assert tale.complete("note").complete("note").variables == {"n": 2}


def test_behind_an_event_based_gateway_the_first_to_come_counts():
    race = diagram(
        start(), gateway("first", "eventBased"), catch("hear", inside=signals("s")), catch("told", "m"),
        catch("tired", inside=timer("timeDuration", "P5D")), user("a"), user("b"), user("c"),
        flows("begin first hear a"), flows("first told b"), flows("first tired c"),
        outside=CLOSED + message("m", "answered"),
    )  # fmt: skip
    tale = story(race).begin()
    assert tale.waiting == ["hear", "tired", "told"]
    assert (tale.hear("hear").open, tale.waiting) == (["a"], [])
    assert story(race).begin().receive("told").open == ["b"]


@pytest.mark.parametrize("stop", [True, False])
def test_it_begins_an_event_sub_process(stop):
    closing = on("shut", signals("s"), user("note"), end("e"), flows("shut-begin note e"), stop=stop)
    tale = story(diagram(start(), user("ask"), end(), flows("begin ask done"), closing, outside=CLOSED)).begin()
    tale.hear("shut-begin", until="Monday")
    assert (tale.open, tale.waiting) == ((["note"], []) if stop else (["ask", "note"], ["shut-begin"]))
    assert tale.task("note").variables == {"until": "Monday"}


def test_each_repetition_and_each_called_process_waits_for_itself():
    called = diagram(start("b"), catch("hear", inside=signals("s")), end("d"), flows("b hear d"), process_id="called",
                     outside=CLOSED)  # fmt: skip
    calling = diagram(
        start(), repeated(call("sign", "called"), "=[1, 2, 3]", inputElement="n"), user("after"), end(),
        boundary("shut", "sign", signals("s"), stop=False), user("note"), flows("begin sign after done"),
        flows("shut note"), outside=CLOSED,
    )  # fmt: skip
    tale = story(calling, called).begin()
    assert tale.waiting == ["hear", "hear", "hear", "shut"]
    tale.hear("hear").hear("shut").hear("hear")
    assert (tale.open, tale.waiting) == (["note"], ["hear", "shut"])
    assert tale.hear("hear").open == ["note", "after"]
    assert tale.waiting == []


def test_interrupting_a_repeated_activity_ends_every_repetition_and_what_it_waits_for():
    part = sub("part", start("b"), catch("hear", inside=signals("s")), user("work"), end("d"), flows("b hear work d"))
    drawn = diagram(
        start(), repeated(part, "=[1, 2]", inputElement="n"), end(), boundary("shut", "part", signals("t")),
        user("go_home"), flows("begin part done"), flows("shut go_home"), outside=CLOSED + signal("t", "fire"),
    )  # fmt: skip
    tale = story(drawn).begin().hear("hear").hear("shut")
    assert (tale.open, tale.waiting) == (["go_home"], [])
    assert tale.passed.count("part (cancelled)") == 2


def test_an_instance_that_waits_for_a_signal_only_is_not_stuck():
    assert story(WAITING).begin().outcome.ended is None


def test_what_is_waited_for_and_what_is_thrown_is_listed():
    found = compile_diagrams({"a.bpmn": diagram(
        start("begin", inside=signals("s")), throw("tell", inside=signals("t")), catch("hear", inside=signals("s")),
        end("done", signals("t")), flows("begin tell hear done"), outside=CLOSED + signal("t", "tidied"),
    )})  # fmt: skip
    assert {(item.kind, item.value, item.element_id) for item in found.references} == {
        ("signal", "office-closed", "begin"), ("thrown-signal", "tidied", "tell"), ("signal", "office-closed", "hear"),
        ("thrown-signal", "tidied", "done"),
    }  # fmt: skip
    assert found.problems == ()


def test_an_event_that_names_no_signal_is_a_problem():
    drawn = diagram(start(), catch("hear", inside=signals("nobody")), end(), flows("begin hear done"))
    (problem,) = compile_diagrams({"a.bpmn": drawn}).problems
    assert (problem.element_id, problem.message) == ("hear", "this element names no signal")


def test_cancelling_the_instance_ends_the_waiting():
    assert story(WAITING).begin().cancel().passed == ["begin", "hear (cancelled)"]


WAITING = diagram(start(), catch("hear", inside=signals("s")), end(), flows("begin hear done"), outside=CLOSED)
EDGE = diagram(
    start(), user("ask"), end(), boundary("shut", "ask", signals("s")), user("go_home"), flows("begin ask done"),
    flows("shut go_home"), outside=CLOSED,
)  # fmt: skip
BESIDE = diagram(
    start(), user("ask"), end(), boundary("shut", "ask", signals("s"), stop=False), user("note"),
    flows("begin ask done"), flows("shut note"), outside=CLOSED,
)  # fmt: skip
