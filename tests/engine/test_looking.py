"""What `look` shows of an instance, whether it can be resumed, and the repair of its variables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.errors import Conflict, ModelError, UnreadableState
from service.domain.stimuli import VariablesCorrected
from service.engine import compile_diagrams, look, resumable
from tests.engine.drawing import (
    boundary,
    call,
    catch,
    diagram,
    end,
    flows,
    gateway,
    job,
    message,
    repeated,
    start,
    sub,
    timer,
    user,
)
from tests.engine.sampling import samples
from tests.engine.story import MONDAY, Story, story

SAMPLES = [(sample, state) for sample in samples() for _, _, state in sample.states()]


def test_every_open_element_is_shown_with_where_it_is():
    shown = snapshot(everything())
    places = {one.element_id: [names(shown)[holder] for holder in one.inside] for one in shown.elements}
    assert places == {
        "part": [], "late": [], "post": [], "heard": [], "ring": [], "ask": ["part"], "listen": ["ring"],
    }  # fmt: skip


def test_what_each_waits_for_is_shown():
    shown = {one.element_id: one for one in snapshot(everything()).elements}
    assert (shown["ask"].task_id, shown["ask"].name) == (shown["ask"].id, "Ask the family")
    assert (shown["post"].job_id, shown["post"].job_type) == (shown["post"].id, "post.letter")
    assert (shown["heard"].message, shown["heard"].correlation_key) == ("word", "K-1")
    assert (shown["late"].due_at - MONDAY).days == 2
    assert shown["listen"].process_id == "other"


def test_variables_are_shown_scope_by_scope():
    shown = snapshot(everything())
    scopes = [(names(shown).get(scope.holder), scope.process_id, scope.variables) for scope in shown.scopes]
    assert scopes[0] == (None, "review", {"child": "K-1"})
    assert sorted(scopes[1:]) == [("part", "review", {"inside": "yes"}), ("ring", "other", {"word": "hello"})]
    assert next(one.variables for one in shown.elements if one.element_id == "ask") == {"own": 3}


def test_each_repetition_shows_its_item():
    shown = snapshot(story(TWICE).begin())
    assert [one.variables for one in shown.elements if one.task_id] == [
        {"n": 7, "loopCounter": 1}, {"n": 8, "loopCounter": 2},
    ]  # fmt: skip


def test_looking_changes_nothing():
    tale = everything()
    before = tale.outcome.state
    snapshot(tale)
    assert tale.complete("ask").outcome.state != before
    assert "ask" in {one.element_id for one in look(compile_diagrams(tale.files), before).elements}


def test_an_instance_that_has_ended_cannot_be_looked_at():
    with pytest.raises(Conflict):
        look(compile_diagrams({"0.bpmn": TWICE}), b"")


def test_a_variable_of_the_instance_is_repaired():
    tale = everything().act(VariablesCorrected({"child": "K-2", "new": [1]}))
    assert snapshot(tale).scopes[0].variables == {"child": "K-2", "new": [1]}
    assert tale.outcome.awaited[0].correlation_key == "K-1"


@pytest.mark.parametrize(("at", "scope"), [("part", 1), ("ring", 2)])
def test_a_variable_inside_a_sub_process_or_called_process_is_repaired(at, scope):
    tale = everything()
    tale.act(VariablesCorrected({"inside": "no"}, at=element(tale, at)))
    shown = snapshot(tale)
    assert next(one for one in shown.scopes if one.holder == element(tale, at)).variables["inside"] == "no"
    assert "inside" not in shown.scopes[0].variables


def test_a_variable_of_a_task_alone_is_repaired():
    tale = everything()
    tale.act(VariablesCorrected({"own": 4}, at=element(tale, "ask")))
    assert tale.task("ask").variables["own"] == 4
    assert tale.open == everything().open


def test_what_is_not_open_cannot_be_repaired():
    with pytest.raises(Conflict, match="not open"):
        everything().act(VariablesCorrected({"own": 4}, at="gone"))


def test_what_is_given_from_outside_cannot_be_repaired():
    with pytest.raises(ModelError, match="“case”"):
        everything().act(VariablesCorrected({"case": {}}))


def test_what_can_be_resumed_has_no_reason_why_not():
    assert {resumable(compile_diagrams(sample.tale().files), state) for sample, state in SAMPLES} == {None}


def test_why_an_instance_cannot_be_resumed_is_said():
    state = story(TWICE).begin().outcome.state
    assert "“t#one” is not in" in (resumable(compile_diagrams({"0.bpmn": EMPTY}), state) or "")
    assert "damaged" in (resumable(compile_diagrams({"0.bpmn": TWICE}), state[:-9]) or "")
    assert "version 77" in (resumable(compile_diagrams({"0.bpmn": TWICE}), state.replace(b'"v":2', b'"v":77')) or "")


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.sampled_from(SAMPLES), st.data())
def test_damaged_bytes_are_refused_or_opened_and_nothing_else(sample, data):
    story_of, state = sample
    place = data.draw(st.integers(0, len(state) - 1))
    damaged = state[:place] + data.draw(st.binary(max_size=3)) + state[place + data.draw(st.integers(0, 40)) :]
    diagrams = compile_diagrams(story_of.tale().files)
    if resumable(diagrams, damaged) is not None:
        with pytest.raises(UnreadableState):
            look(diagrams, damaged)
    else:
        assert look(diagrams, damaged).process_id in diagrams.processes


def everything() -> Story:
    return story(EVERYTHING, OTHER).begin(child="K-1")


def snapshot(tale: Story):
    return look(compile_diagrams(tale.files), tale.outcome.state)


def names(shown) -> dict[str, str]:
    return {one.id: one.element_id for one in shown.elements}


def element(tale: Story, element_id: str) -> str:
    return next(one.id for one in snapshot(tale).elements if one.element_id == element_id)


PART = sub(
    "part", start("b"), user("ask", name="Ask the family", inputs={"own": "=1 + 2"}), end("e"), flows("b ask e"),
    inputs={"inside": '="yes"'},
)  # fmt: skip
EVERYTHING = diagram(
    start(), gateway("split", "parallel"), PART, boundary("late", "part", timer("timeDuration", "P2D")), job("post"),
    catch("heard", "word"), call("ring", "other", all_in="false", inputs={"word": '="hello"'}), end(), end("missed"),
    flows("begin split part done"), flows("split post done"), flows("split heard done"), flows("split ring done"),
    flows("late missed"), outside=message("word", key="=child"),
)  # fmt: skip
OTHER = diagram(start(), user("listen"), end(), flows("begin listen done"), process_id="other")
TWICE = diagram(start(), repeated(user("t"), "=[7, 8]", inputElement="n"), end(), flows("begin t done"))
EMPTY = diagram(start(), user("t"), end(), flows("begin t done"))
