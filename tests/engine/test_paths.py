"""Where a token goes: sequences, gateways, loops, joins. Mappings, events and nesting have files of their own."""

from __future__ import annotations

import pytest

from service.domain.errors import Conflict, ModelError
from service.domain.stimuli import TaskCompleted
from tests.engine.drawing import (
    boundary,
    diagram,
    end,
    flow,
    flows,
    gateway,
    message,
    script,
    start,
    task,
    terminate_end,
    user,
)
from tests.engine.story import story


def test_a_user_task_waits_and_its_completion_ends_the_process():
    tale = story(ASK).begin()
    assert tale.open == ["ask"]
    assert tale.complete("ask", answer="yes").variables == {"answer": "yes"}


def test_the_chronology_names_what_was_passed_in_order():
    tale = story(ASK).begin().complete("ask")
    assert tale.passed == ["begin", "ask", "done"]
    assert tale.outcome.passed[0].kind == "userTask"


def test_a_task_cannot_be_completed_twice():
    tale = story(TWICE).begin()
    first = tale.task("first").id
    tale.complete("first")
    with pytest.raises(Conflict):
        tale.act(TaskCompleted(first, {}))


def test_an_unknown_id_is_a_conflict_and_not_a_crash():
    with pytest.raises(Conflict):
        story(ASK).begin().act(TaskCompleted("no such thing", {}))


def test_nothing_can_happen_to_an_instance_that_has_ended():
    tale = story(ASK).begin()
    gone = tale.task("ask").id
    with pytest.raises(Conflict):
        tale.complete("ask").act(TaskCompleted(gone, {}))


def test_a_task_keeps_its_id_while_it_is_open():
    tale = story(PARALLEL).begin()
    left = tale.task("left").id
    assert tale.complete("right").task("left").id == left


def test_tasks_that_nobody_does_are_passed():
    manual = diagram(start(), task("file_it", "manualTask"), task("note"), end(), flows("begin file_it note done"))
    assert story(manual).begin().passed == ["begin", "file_it", "note", "done"]


@pytest.mark.parametrize(("risk", "path"), [(9, "urgent"), (5, "soon"), (1, "later")])
def test_an_exclusive_gateway_takes_the_first_way_that_holds_in_the_order_drawn(risk, path):
    assert story(TRIAGE).begin(risk=risk).open == [path]


def test_a_gateway_with_no_way_out_says_what_was_missing():
    with pytest.raises(ModelError, match=r"no way out is open.*risk") as caught:
        story(NO_DEFAULT).begin()
    assert caught.value.element_id == "choose"


@pytest.mark.parametrize("written", [{}, {"risk": None}, {"risk": "high"}])
def test_a_condition_that_is_neither_true_nor_false_is_not_taken_for_false(written):
    with pytest.raises(ModelError, match=r"choose-urgent failed.*neither true nor false"):
        story(TRIAGE).begin(**written)


def test_the_only_way_out_of_a_gateway_needs_no_condition():
    merge = diagram(start(), gateway("merge"), user("ask"), end(), flows("begin merge ask done"))
    assert story(merge).begin().open == ["ask"]


def test_a_parallel_join_waits_for_every_branch():
    tale = story(PARALLEL).begin().complete("left")
    assert tale.open == ["right"]
    assert tale.complete("right").outcome.ended is not None


def test_two_flows_straight_from_a_split_to_its_join_are_one_meeting():
    assert story(STRAIGHT).begin().open == ["after"]


def test_branches_keep_each_others_lists_whole():
    tale = story(PARALLEL).begin(steps=[1, 2, 3])
    tale.complete("left", steps=[3, 4])
    assert tale.complete("right").variables["steps"] == [3, 4]


def test_a_parallel_join_inside_a_loop_waits_again_for_every_branch():
    tale = story(PARALLEL_LOOP).begin()
    for _ in range(3):
        tale.complete("left")
        assert tale.open == ["right"]
        tale.complete("right")
        assert tale.open == ["check"]
        tale.complete("check", again=True)
        assert tale.open == ["left", "right"]


def test_a_review_loop_opens_a_new_task_each_time_and_stays_small():
    tale = story(LOOP).begin()
    seen, sizes = set(), []
    for _ in range(60):
        seen.add(tale.task("write").id)
        tale.complete("write").complete("check", good=False)
        sizes.append(len(tale.outcome.state))
    assert len(seen) == 60
    assert sizes[-1] == sizes[1] < 1_000
    assert tale.complete("write").complete("check", good=True).outcome.ended is not None


@pytest.mark.parametrize(("chosen", "opened"), [((1, 1), ["a", "b"]), ((0, 1), ["b"]), ((0, 0), ["c"])])
def test_an_inclusive_gateway_takes_every_way_that_holds_and_joins_what_it_took(chosen, opened):
    tale = story(INCLUSIVE).begin(a=chosen[0], b=chosen[1])
    for number, name in enumerate(opened):
        assert tale.open == opened[number:]
        tale.complete(name)
    assert tale.passed.count("done") == 1


def test_a_terminate_end_stops_everything_beside_it():
    tale = story(TERMINATE).begin().complete("stop")
    assert tale.outcome.ended is not None
    assert "go_on (cancelled)" in tale.passed


def test_a_task_reached_together_with_a_terminate_end_is_not_done():
    both = diagram(
        start(), gateway("split", "parallel"), terminate_end("stop"), script("count", "=1", "counted"),
        flows("begin split stop"), flow("split", "count"),
    )  # fmt: skip
    assert story(both).begin().variables == {}


def test_an_inclusive_join_waits_for_a_token_that_is_only_just_on_its_way():
    short_cut = diagram(
        start(), gateway("split", "parallel"), gateway("join", "inclusive"), user("ask"), end(),
        flows("begin split join done"), flows("split ask join"),
    )  # fmt: skip
    assert story(short_cut).begin().passed == ["begin"]
    assert story(short_cut).begin().complete("ask").passed.count("done") == 1


def test_inclusive_joins_in_a_loop_do_not_wait_for_each_other():
    tale = story(INCLUSIVE_AGAIN).begin().complete("a").complete("b")
    assert sorted(tale.complete("more", again=True).open) == ["a", "b"]


def test_an_inclusive_join_uses_up_one_token_of_each_flow_and_opens_again_for_the_second():
    # BPMN 2.0, 13.4.3: a token is consumed from each incoming flow that has one, so the other stays for a second turn.
    tale = story(TWICE_INTO_ONE).begin().receive("more").receive("more")
    assert sorted(tale.open) == ["more", "other", "work"]
    assert sorted(tale.complete("work").open) == ["other"]
    assert tale.complete("other").open == ["after", "after"]
    assert tale.complete("after").complete("after").outcome.ended is not None


def test_several_flows_out_of_a_task_all_go_on():
    fork = diagram(start(), user("ask"), user("a"), user("b"), flows("begin ask a"), flow("ask", "b"))
    assert story(fork).begin().complete("ask").open == ["a", "b"]


def test_a_path_that_never_waits_is_a_mistake_on_the_diagram():
    spin = diagram(start(), script("count", "=1", "n"), script("again", "=2", "n"), flows("begin count again count"))
    with pytest.raises(ModelError, match="without waiting"):
        story(spin).begin()


def test_a_join_that_nothing_can_release_is_an_error_and_not_a_silence():
    stuck = diagram(
        start(), gateway("choose", default="choose-join"), user("ask"), gateway("join", "parallel"), end(),
        flow("begin", "choose"), flow("choose", "join"), flow("choose", "ask", "=false"), flows("ask join done"),
    )  # fmt: skip
    with pytest.raises(ModelError, match="nothing can end") as caught:
        story(stuck).begin()
    assert caught.value.element_id == "join"


def test_elements_may_be_called_start_and_end():
    named = diagram(start("Start"), user("ask"), end("End"), flows("Start ask End"))
    assert story(named).begin().complete("ask").passed == ["Start", "ask", "End"]


def test_cancelling_ends_the_instance_and_names_what_was_open():
    tale = story(PARALLEL).begin(reason="none").complete("left").cancel()
    assert tale.outcome.ended.kind == "cancelled"
    assert tale.outcome.state == b""
    assert tale.passed[-1] == "right (cancelled)"
    assert tale.variables == {"reason": "none"}


ASK = diagram(start(), user("ask"), end(), flows("begin ask done"))
TWICE = diagram(start(), user("first"), user("second"), end(), flows("begin first second done"))
TRIAGE = diagram(
    start(), gateway("choose", default="choose-later"), user("urgent"), user("soon"), user("later"), end(),
    flow("begin", "choose"), flow("choose", "urgent", "=risk > 8"), flow("choose", "soon", "=risk > 3"),
    flow("choose", "later"), flows("urgent done"), flows("soon done"), flows("later done"),
)  # fmt: skip
NO_DEFAULT = diagram(
    start(), gateway("choose"), user("high"), user("low"), flow("begin", "choose"),
    flow("choose", "high", '=risk = "high"'), flow("choose", "low", '=risk = "low"'),
)  # fmt: skip
STRAIGHT = diagram(
    start(), gateway("split", "parallel"), gateway("join", "parallel"), user("after"), end(),
    flows("begin split join after done"), flow("split", "join").replace("split-join", "second"),
)  # fmt: skip
PARALLEL = diagram(
    start(), gateway("split", "parallel"), user("left"), user("right"), gateway("join", "parallel"), end(),
    flows("begin split left join done"), flows("split right join"),
)  # fmt: skip
PARALLEL_LOOP = diagram(
    start(), gateway("merge"), gateway("split", "parallel"), user("left"), user("right"),
    gateway("join", "parallel"), user("check"), gateway("good", default="good-merge"), end(),
    flows("begin merge split left join check good"), flows("split right join"),
    flow("good", "done", "=again = false"), flow("good", "merge"),
)  # fmt: skip
LOOP = diagram(
    start(), user("write"), user("check"), gateway("good", default="good-write"), end(),
    flows("begin write check good write"), flow("good", "done", "=good"),
)  # fmt: skip
INCLUSIVE = diagram(
    start(), gateway("split", "inclusive", default="split-c"), user("a"), user("b"), user("c"),
    gateway("join", "inclusive"), end(), flow("begin", "split"), flow("split", "a", "=a = 1"),
    flow("split", "b", "=b = 1"), flow("split", "c"), flows("a join"), flows("b join"), flows("c join done"),
)  # fmt: skip
INCLUSIVE_AGAIN = diagram(
    start(), gateway("back"), gateway("split", "inclusive"), gateway("inner", "inclusive"), user("a"), user("never"),
    gateway("inner_join", "inclusive"), user("b"), gateway("join", "inclusive"), user("more"),
    gateway("ask", default="ask-done"), end(), flows("begin back split"), flow("split", "inner", "=true"),
    flow("split", "b", "=true"), flow("inner", "a", "=true"), flow("inner", "never", "=false"),
    flows("a inner_join join"), flows("never inner_join"), flows("b join more ask done"), flow("ask", "back", "=again"),
)  # fmt: skip
TERMINATE = diagram(
    start(), gateway("split", "parallel"), user("stop"), terminate_end("all_over"), user("go_on"), end(),
    flows("begin split stop all_over"), flows("split go_on done"),
)  # fmt: skip
TWICE_INTO_ONE = diagram(
    start(), gateway("split", "parallel"), user("work"), boundary("more", "work", message="m", stop=False),
    user("other"), gateway("join", "inclusive"), user("after"), end(), end("worked"),
    flows("begin split work worked"), flows("split other join after done"), flow("more", "join"),
    outside=message("m", "more"),
)  # fmt: skip
