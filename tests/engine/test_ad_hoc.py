"""Ad-hoc sub-processes: what begins, what is enough, what is cancelled, what is wrong with how one is drawn."""

from __future__ import annotations

import pytest

from service.domain.errors import ModelError
from service.engine import compile_diagrams
from tests.engine.drawing import (
    ad_hoc,
    boundary,
    catches_error,
    compensate,
    compensated,
    diagram,
    end,
    error,
    error_end,
    flow,
    flows,
    job,
    listeners,
    message,
    on,
    repeated,
    start,
    task,
    timer,
    user,
)
from tests.engine.story import Story, story

TOLD = '<bpmn:messageEventDefinition messageRef="m" />'
THREE = (user("a"), user("b"), user("then"), flow("b", "then"))


def test_what_is_listed_begins_and_all_of_it_is_waited_for():
    tale = within(ad_hoc("x", *THREE, elements="=chosen")).begin(chosen=["b", "a"])
    assert sorted(tale.open) == ["a", "b"]
    assert sorted(tale.complete("b").complete("a").open) == ["then"]
    assert tale.complete("then").outcome.ended is not None
    assert tale.passed == ["begin", "b", "a", "then", "x", "done"]


def test_one_element_may_begin_twice():
    tale = within(ad_hoc("x", *THREE, elements='=["a", "a"]')).begin()
    assert tale.complete("a").open == ["a"]
    assert tale.complete("a").outcome.ended is not None


@pytest.mark.parametrize(
    ("asked", "begun"),
    [
        ("", ["a", "b"]),
        ('[elementName = "Visit"]', ["a"]),
        ('[documentation = "By post."]', ["b"]),
        ('[properties.when = "late"]', ["b"]),
    ],
)
def test_what_can_begin_can_be_asked_for(asked, begun):
    visit, write = user("a", name="Visit"), user("b", doc="By post.", properties={"when": "late"})
    drawn = ad_hoc("x", visit, write, elements=f"=adHocSubProcessElements{asked}.elementId")
    assert sorted(within(drawn).begin().open) == begun


def test_enough_cancels_what_is_still_open():
    tale = within(ad_hoc("x", *THREE, elements='=["a", "b"]', until="=good")).begin(good=False)
    assert tale.complete("b", good=False).complete("then", good=True).outcome.ended is not None
    assert "a (cancelled)" in tale.passed


def test_enough_waits_for_what_is_still_open_when_it_is_drawn_so():
    tale = within(ad_hoc("x", *THREE, elements='=["a", "b"]', until="=good", cancel="false")).begin(good=False)
    assert tale.complete("a", good=True).open == ["b"]
    assert tale.complete("b", good=False).open == ["then"]
    assert tale.complete("then").outcome.ended is not None


def test_a_condition_that_never_holds_keeps_it_open_for_its_deadline():
    late = boundary("late", "x", timer("timeDuration", "PT1H"))
    tale = within(ad_hoc("x", user("a"), elements='=["a"]', until="=false"), late, user("chase"), flow("late", "chase"))
    assert tale.begin().complete("a").open == []
    assert tale.wait(hours=2).open == ["chase"]


def test_without_a_deadline_a_condition_that_never_holds_is_an_error_that_changes_nothing():
    tale = within(ad_hoc("x", user("a"), elements='=["a"]', until="=false")).begin()
    with pytest.raises(ModelError, match=r"come to a stop.*x"):
        tale.complete("a")
    assert tale.open == ["a"]


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ('="a"', "not a list"),
        ("=[1]", "not a list"),
        ('=["a", {}]', "not a list"),
        ('=["then"]', "“then”"),
        ('=["z"]', "“z”"),
    ],
)
def test_a_list_of_what_is_not_there_is_an_error_of_the_diagram(elements, said):
    with pytest.raises(ModelError, match=said) as caught:
        within(ad_hoc("x", *THREE, elements=elements)).begin()
    assert caught.value.element_id == "x"


def test_it_is_a_scope_with_mappings_of_its_own():
    drawn = ad_hoc(
        "x", user("a"), elements="=chosen", inputs={"chosen": '=["a"]', "own": "=n + 1"}, outputs={"back": "=own"}
    )
    tale = within(drawn).begin(n=1)
    assert tale.task("a").variables == {"n": 1, "chosen": ["a"], "own": 2}
    assert tale.complete("a", own=5, more=6).variables == {"n": 1, "more": 6, "back": 5}


@pytest.mark.parametrize("inside", [boundary("odd", "a", timer("timeDuration", "PT1H")), "", "listeners", "repeated"])
def test_what_begins_may_be_any_activity(inside):
    drawn = {"listeners": listeners(user("a"), "start go"), "repeated": repeated(user("a"), "=[1, 2]")}.get(inside)
    parts = (drawn,) if drawn else (user("a"), inside)
    tale = within(ad_hoc("x", *parts, elements='=["a"]')).begin()
    if inside == "listeners":
        tale.listener_done("a")
    while tale.outcome.ended is None:
        tale.complete("a")
    assert tale.passed[-2:] == ["x", "done"]


def test_a_boundary_event_inside_it_is_heard():
    late = boundary("late", "a", timer("timeDuration", "PT1H"))
    tale = within(ad_hoc("x", user("a"), late, user("chase"), flow("late", "chase"), elements='=["a"]')).begin()
    assert tale.wait(hours=2).open == ["chase"]
    assert tale.complete("chase").outcome.ended is not None


def test_an_error_inside_leaves_it():
    tale = within(
        ad_hoc("x", job("a"), user("b"), elements='=["a", "b"]'), boundary("c", "x", catches_error()), user("mend"),
        flow("c", "mend"),
    ).begin()  # fmt: skip
    assert tale.job_refused("a", "broken").open == ["mend"]
    assert "b (cancelled)" in tale.passed


def test_it_may_be_repeated():
    each = repeated(ad_hoc("x", *THREE, elements="=which"), '=[["a"], ["a", "b"]]', inputElement="which")
    tale = within(each).begin()
    assert sorted(tale.open) == ["a", "a", "b"]
    tale.complete("a").complete("a").complete("b")
    assert tale.complete("then").outcome.ended is not None


@pytest.mark.parametrize(("stop", "until"), [(True, "=false"), (False, None), (False, "=false")])
def test_an_event_sub_process_inside_it_begins_when_its_event_comes(stop, until):
    told = on("event", TOLD, user("hear"), end("ee"), flows("eb hear ee"), stop=stop, begin="eb")
    drawn = ad_hoc("x", user("a"), told, elements='=["a"]', until=until)
    whole = diagram(start(), drawn, end(), flows("begin x done"), outside=message("m", "told"))
    tale = story(whole).begin().receive("eb")
    assert sorted(tale.open) == (["hear"] if stop else ["a", "eb", "hear"])
    tale.complete("hear")
    assert (tale.outcome.ended is not None) == stop
    if not stop and until is None:
        assert tale.complete("a").outcome.ended is not None


@pytest.mark.parametrize("stop", [True, False])
def test_only_one_that_interrupted_ends_it_before_its_condition_holds(stop):
    told = on("event", TOLD, user("hear"), end("ee"), flows("eb hear ee"), stop=stop, begin="eb")
    drawn = ad_hoc("x", user("a"), told, elements='=["a"]', until="=false")
    tale = story(diagram(start(), drawn, end(), flows("begin x done"), outside=message("m", "told"))).begin()
    if not stop:
        tale.receive("eb").complete("hear")
    tale.complete("a")
    assert (tale.outcome.ended, tale.open) == (None, ["eb"])
    if not stop:
        assert tale.receive("eb").complete("hear").open == ["eb"]


def test_a_condition_that_cannot_be_evaluated_names_it_and_changes_nothing():
    tale = within(ad_hoc("x", user("a"), elements='=["a"]', until="=missing > 1")).begin()
    with pytest.raises(ModelError, match="the completion condition") as caught:
        tale.complete("a")
    assert (caught.value.element_id, tale.open) == ("x", ["a"])


def test_what_was_done_inside_is_undone():
    inside = ad_hoc("x", user("a"), compensated("a", "undo_a"), elements='=["a"]')
    tale = story(diagram(start(), inside, compensate("undo"), end(), flows("begin x undo done"))).begin()
    assert tale.complete("a").open == ["undo_a"]


WRONG = {
    "a start event": (ad_hoc("x", start("s"), user("a"), flow("s", "a")), "s", "no start or end"),
    "an end event": (ad_hoc("x", user("a"), error_end("e", "e"), flow("a", "e")), "e", "no start or end"),
    "nothing in it": (ad_hoc("x"), "x", "needs an activity"),
    "no expression": (ad_hoc("x", user("a"), elements="a"), "x", "not FEEL"),
    "in sequence": (ad_hoc("x", user("a")).replace('id="x"', 'id="x" ordering="Sequential"'), "x", "ordering"),
    "led by a handler": (
        ad_hoc("x", task("a"), words='<zeebe:taskDefinition type="agent" />'), "x", "led by a handler",
    ),
    "collecting": (ad_hoc("x", task("a"), words='<zeebe:adHoc outputCollection="all" />'), "x", "collects output"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_executed_of_it_is_named(case):
    drawn, element_id, said = WRONG[case]
    whole = diagram(start(), drawn, end(), flows("begin x done"), outside=error("e", "e"))
    found = [(item.element_id, said in item.message) for item in compile_diagrams({"a": whole}).problems]
    assert (element_id, True) in found


def within(*parts: str) -> Story:
    return story(diagram(start(), *parts, end(), flows("begin x done")))
