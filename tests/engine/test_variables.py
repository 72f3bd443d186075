"""Input and output mappings, scopes and what a user task, job, script or decision says. Paths are not here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.domain.errors import ModelError
from service.engine import compile_diagrams
from tests.engine.drawing import (
    call,
    catch,
    diagram,
    end,
    flows,
    job,
    message,
    message_end,
    rule,
    script,
    start,
    sub,
    task,
    throw,
    user,
)
from tests.engine.story import Decided, Matched, story


def test_without_an_output_mapping_every_answer_stays():
    assert ask().begin(kept=1).complete("ask", a=1, b=2).variables == {"kept": 1, "a": 1, "b": 2}


def test_with_an_output_mapping_only_what_it_names_stays():
    tale = ask(outputs={"decision": "=answer"}).begin().complete("ask", answer="yes", note="x")
    assert tale.variables == {"decision": "yes"}


def test_an_input_mapping_is_seen_by_the_task_and_by_nothing_after_it():
    tale = ask(inputs={"about": '="Close " + case.reference'}).begin()
    assert tale.task("ask").variables == {"about": "Close C-1"}
    assert tale.complete("ask").variables == {}


def test_a_mapping_line_sees_the_lines_before_it():
    tale = ask(inputs={"a": "=1", "b": "=a + 1"}, outputs={"c": "=b + 1", "d": "=c + 1"}).begin().complete("ask")
    assert tale.variables == {"c": 3, "d": 4}


def test_a_mapping_target_may_be_a_path_and_keeps_what_is_beside_it():
    tale = ask(outputs={"plan.by": "=who"}).begin(plan={"why": "safe"}).complete("ask", who="p-1")
    assert tale.variables == {"plan": {"why": "safe", "by": "p-1"}}


def test_a_source_without_an_equals_sign_is_text():
    assert ask(inputs={"about": "1 + 1"}).begin().task("ask").variables == {"about": "1 + 1"}


def test_dates_and_numbers_come_back_as_json():
    made = diagram(start(), script("make", '={on: date("2027-01-04"), half: 1/2, n: 2}', "made"), end(),
                   flows("begin make done"))  # fmt: skip
    assert story(made).begin().variables == {"made": {"on": "2027-01-04", "half": 0.5, "n": 2}}


def test_the_context_wins_over_a_variable_and_is_never_stored():
    tale = ask(inputs={"seen": "=case.reference"}).begin(case={"reference": "forged"})
    assert tale.task("ask").variables["seen"] == "C-1"
    assert b"C-1" not in ask().begin().outcome.state


def test_no_mapping_may_write_a_name_of_the_context():
    tale = ask(outputs={"case.status": "=1"})
    assert "may not be written" in compile_diagrams(tale.files).problems[0].message
    with pytest.raises(ModelError, match="may not write"):
        tale.begin().complete("ask")


def test_an_expression_that_fails_names_the_element_and_changes_nothing():
    tale = story(diagram(start(), user("ask"), user("then", assignee="=1"), flows("begin ask then"))).begin()
    before = tale.outcome.state
    with pytest.raises(ModelError) as caught:
        tale.complete("ask")
    assert caught.value.element_id == "then"
    assert tale.outcome.state == before
    assert tale.open == ["ask"]


def test_a_user_task_says_who_when_and_what():
    opened = ask(
        form="exemplar", assignee="=worker", users="p-1, p-2", groups='=["team-manager@owning-team"]',
        due="2027-02-01T17:00:00Z", follow_up='=date and time("2027-01-20T09:00:00Z")', priority="80",
    ).begin(worker="p-9").task("ask")  # fmt: skip
    assert (opened.form_id, opened.assignee, opened.priority) == ("exemplar", "p-9", 80)
    assert opened.candidate_users == ("p-1", "p-2")
    assert opened.candidate_groups == ("team-manager@owning-team",)
    assert opened.due_at == datetime(2027, 2, 1, 17, tzinfo=UTC)
    assert opened.follow_up_at == datetime(2027, 1, 20, 9, tzinfo=UTC)


def test_a_due_date_without_a_time_lasts_until_the_end_of_that_day():
    assert ask(due='=date("2027-02-01")').begin().task("ask").due_at == datetime(2027, 2, 1, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("said", [{"due": "=dueBy"}, {"groups": "=levls"}, {"properties": {"guard": "=gard"}}])
def test_what_a_user_task_says_is_never_lost_to_a_misspelt_name(said):
    with pytest.raises(ModelError, match="there is no name"):
        ask(**said).begin(dueOn="2027-02-01", levels=["a@area"], guards=["ready"])


def test_a_user_task_may_say_nothing_by_a_null_that_somebody_wrote():
    assert ask(due="=dueBy").begin(dueBy=None).task("ask").due_at is None


@pytest.mark.parametrize("priority", ["²", "--5", "=10**30", "=10**9", "=-(10**9)", "9" * 5_000, "=0.5"])
def test_a_priority_is_a_whole_number_that_a_database_can_hold(priority):
    with pytest.raises(ModelError, match="whole number"):
        ask(priority=priority).begin()


def test_properties_that_begin_with_an_equals_sign_are_evaluated():
    opened = ask(properties={"decision": "=code", "oversightRecord": "yes"}).begin(code="CT-2").task("ask")
    assert opened.properties == {"decision": "CT-2", "oversightRecord": "yes"}


def test_what_an_open_task_says_was_fixed_when_it_opened():
    tale = ask(assignee="=case.worker", inputs={"of": "=case.worker"})
    tale.context = {"case": {"worker": "p-1"}}
    tale.begin()
    tale.context = {"case": {"worker": "p-2"}}
    opened = tale.wait(days=1).task("ask")
    assert (opened.assignee, opened.variables) == ("p-1", {"of": "p-1"})


def test_a_job_carries_its_type_retries_headers_and_variables():
    said = {"retries": '=" 8 "', "headers": {"retryBackoff": "PT5S"}, "inputs": {"to": "=family"}}
    opened = story(diagram(start(), job("post", "post.letter", **said), end(), flows("begin post done")))
    found = opened.begin(family="F-1").job("post")
    assert (found.type, found.retries, found.headers) == ("post.letter", 8, {"retryBackoff": "PT5S"})
    assert found.variables == {"family": "F-1", "to": "F-1"}


@pytest.mark.parametrize("kind", [None, "", 5])
def test_a_job_that_names_no_handler_stops_who_comes_there(kind):
    with pytest.raises(ModelError, match="the job type is not a text") as caught:
        story(diagram(start(), job("post", "=kind"), end(), flows("begin post done"))).begin(kind=kind)
    assert caught.value.element_id == "post"


def test_a_job_done_writes_its_result_through_the_output_mapping():
    posted = diagram(start(), job("post", outputs={"receipt": "=number"}), end(), flows("begin post done"))
    assert story(posted).begin().job_done("post", number=7, page=1).variables == {"receipt": 7}


def test_a_decision_is_asked_with_what_the_task_sees_and_its_rules_are_told():
    tale = story(RULE, decisions={"matrix": Decided({"level": "tm"}, [Matched("r2", 2, ("M21",))])}).begin(code="CC")
    assert tale.asked[0]["code"] == "CC"
    assert tale.asked[0]["case"] == {"reference": "C-1"}
    made = tale.outcome.decisions[0]
    assert (made.decision_id, made.result, made.matched_rules) == ("matrix", {"level": "tm"}, ("r2",))
    assert made.annotations == ("M21",)
    assert tale.variables == {"code": "CC", "steps": {"level": "tm"}}


def test_a_thrown_message_carries_what_its_mapping_names_and_nothing_else():
    told = diagram(
        start(), throw("tell", "told", inputs={"reference": "=case.reference"}), message_end("done", "over"),
        flows("begin tell done"), outside=message("told", "case-told") + message("over", "case-over"),
    )  # fmt: skip
    thrown = story(told).begin(private="x").outcome.thrown
    assert [(item.message, item.variables) for item in thrown] == [
        ("case-told", {"reference": "C-1"}),
        ("case-over", {}),
    ]


def test_a_correlation_key_sees_what_the_event_takes_in():
    taking = diagram(
        start(), catch("hear", "m", inputs={"who": "=child"}), end(), flows("begin hear done"),
        outside=message("m", key="=who"),
    )  # fmt: skip
    tale = story(taking).begin(child="K-1")
    assert tale.outcome.awaited[0].correlation_key == "K-1"
    assert tale.receive("hear").variables == {"child": "K-1"}


def test_inside_a_sub_process_what_is_known_outside_is_written_outside():
    inner = sub("part", start("b"), script("s", "=2", "known"), end("e"), flows("b s e"))
    assert story(diagram(start(), inner, end(), flows("begin part done"))).begin(known=1).variables == {"known": 2}


def test_a_sub_process_may_stand_in_a_sub_process():
    inner = sub("inner", start("c"), user("look"), end("f"), flows("c look f"))
    outer = sub("outer", start("b"), inner, end("e"), flows("b inner e"))
    tale = story(diagram(start(), outer, end(), flows("begin outer done"))).begin(seen="no")
    assert tale.complete("look", seen="yes").variables == {"seen": "yes"}


def test_a_part_of_a_process_cannot_be_called():
    part = sub("part", start("b"), user("ask"), end("e"), flows("b ask e"))
    with pytest.raises(ModelError, match="does not have"):
        story(diagram(start(), call("c", "=which"), part, end(), flows("begin c done"))).begin(which="review/part")


def test_the_input_mapping_of_a_sub_process_ends_with_it():
    inner = sub(
        "part", start("b"), script("s", "=own + 1", "own"), end("e"), flows("b s e"),
        inputs={"own": "=1"}, outputs={"result": "=own"},
    )  # fmt: skip
    assert story(diagram(start(), inner, end(), flows("begin part done"))).begin().variables == {"result": 2}


def test_without_an_output_mapping_the_own_variables_of_a_sub_process_are_gone():
    inner = sub("part", start("b"), user("ask"), end("e"), flows("b ask e"), inputs={"own": "=1"})
    tale = story(diagram(start(), inner, end(), flows("begin part done"))).begin()
    assert tale.task("ask").variables == {"own": 1}
    assert tale.complete("ask", own=2, answer=3).variables == {"answer": 3}


CALLED = diagram(start(), script("s", "=x + 1", "y"), end(), flows("begin s done"), process_id="inner")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, {"x": 1, "y": 2}),
        ({"all_back": "false"}, {"x": 1}),
        ({"outputs": {"z": "=y"}}, {"x": 1, "z": 2}),
        ({"all_back": "false", "outputs": {"z": "=y"}}, {"x": 1, "z": 2}),
        ({"inputs": {"x": "=x + 10"}, "all_in": "false", "outputs": {"z": "=y"}}, {"x": 1, "z": 12}),
    ],
)
def test_variables_of_a_called_process_come_back_as_the_diagram_says(said, kept):
    calling = diagram(start(), call("ask_them", "inner", **said), end(), flows("begin ask_them done"))
    assert story(calling, CALLED).begin(x=1).variables == kept


def test_a_called_process_can_be_given_only_what_is_mapped():
    inner = diagram(start(), user("look"), end(), flows("begin look done"), process_id="inner")
    calling = diagram(start(), call("c", "inner", all_in="false", inputs={"a": "=1"}), end(), flows("begin c done"))
    assert story(calling, inner).begin(secret="x").task("look").variables == {"a": 1}


def test_a_task_that_only_passes_still_maps():
    noted = diagram(start(), task("note", outputs={"n": "=1"}), end(), flows("begin note done"))
    assert story(noted).begin().variables == {"n": 1}


def ask(**said):
    return story(diagram(start(), user("ask", **said), end(), flows("begin ask done")))


RULE = diagram(start(), rule("find", "matrix", "steps"), end(), flows("begin find done"))
