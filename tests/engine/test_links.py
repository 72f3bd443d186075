"""Link events: a throw goes on where the link of its name is caught, in the same scope."""

from __future__ import annotations

import pytest

from service.engine import compile_diagrams
from tests.engine.drawing import (
    catch,
    diagram,
    end,
    flow,
    flows,
    gateway,
    link,
    on,
    signal,
    signals,
    start,
    sub,
    throw,
    user,
)
from tests.engine.story import story

OUT_IN = throw("out", inside=link("L")) + catch("in", inside=link("L"))


def test_a_token_goes_on_where_its_link_is_caught():
    tale = story(LINKED).begin()
    assert tale.passed == ["begin", "out", "in"]
    assert tale.open == ["after"]


def test_several_throws_may_lead_to_one_catch():
    drawn = diagram(
        start(), gateway("which", default="which-a"), user("a"), user("b"), throw("out_a", inside=link("L")),
        throw("out_b", inside=link("L")), catch("in", inside=link("L")), user("after"), end(),
        flows("begin which a out_a"), flow("which", "b", "=other"), flows("b out_b"), flows("in after done"),
    )  # fmt: skip
    assert story(drawn).begin(other=False).complete("a").open == ["after"]
    assert story(drawn).begin(other=True).complete("b").open == ["after"]
    assert compile_diagrams({"a": drawn}).problems == ()


def test_a_link_back_is_a_loop():
    drawn = diagram(
        start(), catch("again", inside=link("L")), gateway("meet"), user("work"), gateway("good", default="good-back"),
        throw("back", inside=link("L")), end(), flows("begin meet work good back"), flows("again meet"),
        flow("good", "done", "=good"),
    )  # fmt: skip
    tale = story(drawn).begin().complete("work", good=False).complete("work", good=False)
    assert tale.open == ["work"]
    assert tale.complete("work", good=True).outcome.ended is not None


def test_a_join_behind_a_link_counts_its_token():
    drawn = diagram(
        start(), gateway("split", "parallel"), user("a"), user("b"), throw("out", inside=link("L")),
        catch("in", inside=link("L")), gateway("join", "parallel"), user("after"), end(),
        flows("begin split a join after done"), flows("split b out"), flows("in join"),
    )  # fmt: skip
    tale = story(drawn).begin().complete("a")
    assert tale.open == ["b"]
    assert tale.complete("b").open == ["after"]


def test_an_inclusive_join_waits_for_what_can_still_come_by_a_link():
    drawn = diagram(
        start(), gateway("split", "inclusive"), user("a"), user("b"), throw("out", inside=link("L")),
        catch("in", inside=link("L")), gateway("join", "inclusive"), user("after"), end(), flow("begin", "split"),
        flow("split", "a", "=true"), flow("split", "b", "=true"), flows("a join after done"), flows("b out"),
        flows("in join"),
    )  # fmt: skip
    tale = story(drawn).begin().complete("a")
    assert tale.open == ["b"]
    assert tale.complete("b").open == ["after"]


def test_links_of_one_name_in_two_scopes_do_not_meet():
    inside = (throw("out2", inside=link("L")), catch("in2", inside=link("L")), user("deep"), end("d"))
    part = sub("part", start("b"), *inside, flows("b out2"), flows("in2 deep d"))
    drawn = diagram(
        start(), throw("out", inside=link("L")), catch("in", inside=link("L")), part, end(), flows("begin out"),
        flows("in part done"), on("shut", signals("s"), throw("out3", inside=link("M")), catch("in3", inside=link("M")),
        user("calm"), flows("shut-begin out3"), flows("in3 calm")), outside=signal("s"),
    )  # fmt: skip
    assert compile_diagrams({"a": drawn}).problems == ()
    tale = story(drawn).begin()
    assert tale.open == ["deep"]
    assert tale.hear("shut-begin").open == ["calm"]


@pytest.mark.parametrize(
    ("parts", "element_id", "said"),
    [
        (flows("begin out") + throw("out", inside=link("nowhere")), "out", "nothing catches the link “nowhere”"),
        (flows("begin ask") + catch("in", inside=link("L")), "in", "nothing leads to this element"),
        (
            flows("begin out") + OUT_IN
            + catch("two", inside=link("L")),
            "two", "more than one event catches",
        ),
        (flows("begin out ask") + OUT_IN, "out-ask", "not along"),
        (flows("begin in") + OUT_IN, "begin-in", "by its link"),
        (flows("begin out") + throw("out", inside=link(" ")), "out", "link without a name"),
        (
            flows("begin g in") + gateway("g", "eventBased") + OUT_IN,
            "g-in", "waits for no event",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_named(parts, element_id, said):
    found = compile_diagrams({"a": diagram(start(), user("ask"), parts)}).problems
    assert (element_id, True) in [(item.element_id, said in item.message) for item in found]


LINKED = diagram(
    start(), throw("out", inside=link("L")), catch("in", inside=link("L")), user("after"), end(), flows("begin out"),
    flows("in after done"),
)  # fmt: skip
