"""Open user tasks and jobs moved to another release: what they keep, what they say anew, and what cannot move."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.domain.errors import ModelError
from service.engine import CannotMove, Plan, Since, compile_diagrams, obstacles, wrong_names
from service.feel import HostFunction
from tests.engine.drawing import diagram, end, flows, gateway, job, script, start, user
from tests.engine.moving import move
from tests.engine.story import MONDAY, Story, story


def one(drawn: str, *more: str, path: str = "begin ask done") -> bytes:
    return diagram(start(), drawn, end(), *more, flows(path))


def at(drawn: str, **variables: object) -> Story:
    return story(one(drawn)).begin(**variables)


def refused(tale: Story, *drawn: bytes, **plan: object) -> str:
    before = tale.outcome
    with pytest.raises(CannotMove) as caught:
        move(tale, *drawn, **plan)
    assert tale.outcome is before
    return caught.value.message


def test_an_open_task_keeps_its_id_and_takes_name_form_and_candidates_of_the_new_diagram():
    tale = at(user("ask", name="Ask", form="f", groups="a"))
    before = tale.task("ask").id
    assert not move(tale, one(user("ask", name="Ask again", form="g", groups="b, c", priority="80"))).lost
    task = tale.task("ask")
    assert (task.id, task.name, task.form_id, task.priority) == (before, "Ask again", "g", 80)
    assert task.candidate_groups == ("b", "c")
    assert tale.complete("ask").outcome.ended is not None


def test_what_is_drawn_as_before_stays_as_it_was_evaluated():
    drawn = user("ask", groups="=who", properties={"level": "=who", "old": "x"})
    tale = at(drawn, who="a")
    tale.context = {"case": {}, "settings": {}, "who": "changed"}
    move(tale, one(user("ask", name="New", groups="=who", properties={"level": "=who", "more": "=who"})))
    task = tale.task("ask")
    assert task.candidate_groups == ("a",)
    assert task.properties == {"level": "a", "more": "changed"}


def test_a_new_input_mapping_is_evaluated_and_so_is_all_that_may_read_it():
    tale = at(user("ask", groups="=who"), who="a")
    move(tale, one(user("ask", groups="=who", inputs={"who": '="b"'})))
    assert tale.task("ask").variables["who"] == "b"
    assert tale.task("ask").candidate_groups == ("b",)


DUE_IN = '=now() + duration("{}")'


def test_due_dates_are_kept_unless_they_are_to_be_worked_out_again():
    tale = at(user("ask", due=DUE_IN.format("P1D")))
    tale.now += timedelta(days=3)
    move(tale, one(user("ask", due=DUE_IN.format("P5D"), follow_up=DUE_IN.format("P2D"))))
    assert (tale.task("ask").due_at, tale.task("ask").follow_up_at) == (MONDAY + timedelta(days=1), None)


def test_a_due_date_worked_out_again_counts_from_when_the_task_opened():
    tale = at(user("ask", due=DUE_IN.format("P1D")))
    opened = Since(MONDAY, {"now": HostFunction("now", (), lambda: MONDAY)})
    tale.now += timedelta(days=3)
    drawn = one(user("ask", due=DUE_IN.format("P5D")))
    move(tale, drawn, since={tale.task("ask").id: opened}, deadlines="recompute")
    assert tale.task("ask").due_at == MONDAY + timedelta(days=5)
    move(tale, drawn, deadlines="recompute")
    assert tale.task("ask").due_at == MONDAY + timedelta(days=8)


def test_a_removed_task_needs_to_be_mapped():
    tale = at(user("ask", name="Ask", inputs={"seen": "=1"}))
    new = one(user("answer", name="Answer", inputs={"seen": "=1"}), path="begin answer done")
    assert "“Ask” (ask) is not in the new release" in refused(tale, new)
    before = tale.task("ask").id
    assert not move(tale, new, elements={"ask": "answer"}).lost
    assert tale.task("answer").id == before
    assert tale.complete("answer").outcome.ended is not None


def test_every_reason_is_told_at_once():
    tale = story(
        diagram(start(), gateway("split", "parallel"), user("a"), user("b"), end(), end("e"),
                flows("begin split a done"), flows("split b e"))
    ).begin()  # fmt: skip
    assert refused(tale, one(user("ask"))).count("is not in the new release") == 2


def test_a_task_of_another_kind_is_begun_afresh_only_when_it_is_named():
    tale = at(user("ask", name="Ask"))
    new = one(job("ask", "write.letter", name="Write"))
    assert "serviceTask instead of userTask" in refused(tale, new)
    assert move(tale, new, elements={"ask": "ask"}).lost == ("“Ask” ends, and “Write” begins instead.",)
    assert [task.type for task in tale.outcome.jobs] == ["write.letter"]
    assert not tale.outcome.user_tasks


def test_a_token_may_skip_to_what_comes_later_and_the_instance_may_even_end():
    tale = at(user("ask"))
    new = diagram(start(), script("note", "=1", "noted"), end(), flows("begin note done"))
    assert move(tale, new, elements={"ask": "note"}).lost
    assert tale.variables == {"noted": 1}


def test_a_job_keeps_its_id_and_takes_type_headers_and_variables_of_the_new_diagram():
    tale = at(job("ask", "post.letter", headers={"a": "1"}))
    before = tale.job("ask").id
    move(tale, one(job("ask", "post.parcel", retries="7", headers={"b": "2"}, inputs={"to": '="x"'})))
    found = tale.job("ask")
    assert (found.id, found.type, found.retries, found.headers) == (before, "post.parcel", 7, {"b": "2"})
    assert found.variables == {"to": "x"}
    assert tale.job_done("ask").outcome.ended is not None


def test_one_token_of_two_may_simply_end_but_not_the_last_one():
    two = diagram(start(), gateway("split", "parallel"), user("a"), user("b"), end(), end("e"),
                  flows("begin split a done"), flows("split b e"))  # fmt: skip
    tale = story(two).begin()
    new = one(user("a"), path="begin a done")
    assert move(tale, new, elements={"b": None}).lost == ("“b” ends.",)
    assert tale.open == ["a"]
    assert "Nothing would be left to do in review" in refused(tale, new, elements={"a": None})
    assert tale.complete("a").outcome.ended is not None


def test_what_a_new_expression_fails_on_is_told_and_nothing_has_changed():
    tale = at(user("ask"))
    before = tale.outcome
    with pytest.raises(ModelError, match="the candidate groups"):
        move(tale, one(user("ask", groups="=12")))
    assert tale.outcome is before


def test_a_place_that_is_not_executed_is_no_place_to_move_to():
    tale = at(user("ask"))
    assert "does not execute" in refused(tale, one(gateway("ask", "complex")), elements={"ask": "ask"})


def test_an_ended_instance_does_not_move():
    tale = at(user("ask")).complete("ask")
    with pytest.raises(Exception, match="has ended"):
        move(tale, one(user("ask")))


def test_a_plan_is_checked_without_any_instance():
    old = compile_diagrams({"a": one(user("ask", name="Ask"))})
    new = compile_diagrams({"a": one(job("ask"))})
    assert wrong_names(old, new, Plan({"nope": "ask", "ask": "nor"}, {"x": "y"})) == [
        "the process “x” is not in the old release",
        "the process “y” is not in the new release",
        "the element “nope” is not in the old release",
        "the element “nor”, which “ask” is to become, is not in the process of the new release",
    ]
    assert [words.split(" is drawn")[0] for words in obstacles(old, new, Plan())] == ["review: “Ask” (ask)"]
    assert obstacles(old, new, Plan({"review/ask": "ask"})) == []
    assert obstacles(old, old, Plan()) == []
