"""Joins, embedded and called processes and repeated activities moved to another release."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.engine import CannotMove
from tests.engine.drawing import (
    boundary,
    call,
    diagram,
    end,
    flow,
    flows,
    gateway,
    repeated,
    start,
    sub,
    timer,
    user,
)
from tests.engine.moving import move
from tests.engine.story import MONDAY, Story, story


def cannot(tale: Story, *drawn: bytes, **plan: object) -> str:
    with pytest.raises(CannotMove) as caught:
        move(tale, *drawn, **plan)
    return caught.value.message


def joined(*branches: str, kind: str = "parallel") -> bytes:
    drawn = [user(name) for name in branches]
    condition = "=true" if kind == "inclusive" else None
    ways = [flow("split", name, condition) + flow(name, "join") for name in branches]
    return diagram(start(), gateway("split", kind), *drawn, gateway("join", kind), user("last"), end(),
                   flows("begin split"), *ways, flows("join last done"))  # fmt: skip


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_token_waits_in_its_join_as_before(kind):
    tale = story(joined("a", "b", kind=kind)).begin().complete("a")
    move(tale, joined("a", "b", kind=kind))
    assert tale.open == ["b"]
    assert tale.complete("b").open == ["last"]


def test_a_token_in_a_join_remembers_where_it_came_from_under_another_name():
    tale = story(joined("a", "b")).begin().complete("a")
    assert "which does not lead there" in cannot(tale, joined("x", "b"))
    move(tale, joined("x", "b"), elements={"a": "x"})
    assert tale.complete("b").open == ["last"]


def test_a_join_with_a_way_too_many_would_wait_for_ever():
    tale = story(joined("a", "b")).begin()
    assert "“join” (join) would wait for ever" in cannot(tale, joined("a", "b", "c"))
    assert not move(tale, joined("a", "b", "c", kind="inclusive")).lost
    assert tale.complete("a").complete("b").open == ["last"]


def test_before_the_split_a_further_branch_is_no_obstacle():
    def waiting(*branches: str) -> bytes:
        return joined(*branches).replace(b'targetRef="split"', b'targetRef="first"').replace(
            b"</bpmn:process>", (user("first") + flow("first", "split")).encode() + b"</bpmn:process>"
        )  # fmt: skip

    tale = story(waiting("a", "b")).begin()
    move(tale, waiting("a", "b", "c"))
    assert sorted(tale.complete("first").open) == ["a", "b", "c"]


def test_a_join_that_waits_for_less_than_it_has_goes_on_at_once():
    tale = story(joined("a", "b", "c")).begin().complete("a").complete("b")
    assert move(tale, joined("a", "b"), elements={"c": None}).lost == ("“c” ends.",)
    assert tale.open == ["last"]


def inside(*parts: str, edge: bool = False, **said: object) -> bytes:
    late = boundary("late", "sub", timer("timeDuration", "PT2H")), user("hurry"), end("e2"), flows("late hurry e2")
    return diagram(start(), sub("sub", start("b"), *parts, end("e"), **said), end(), flows("begin sub done"),
                   *(late if edge else ()))  # fmt: skip


def outside(*parts: str, path: str = "begin ask done") -> bytes:
    return diagram(start(), *parts, end(), flows(path))


def test_what_runs_inside_moves_with_its_variables():
    tale = story(inside(user("ask"), flows("b ask e"), inputs={"x": "=1"})).begin()
    move(tale, inside(user("question"), flows("b question e")), elements={"ask": "question"})
    assert tale.task("question").variables == {"x": 1}
    assert tale.complete("question").outcome.ended is not None


def test_a_task_may_move_into_a_sub_process_that_is_entered_for_it():
    tale = story(outside(user("ask"))).begin(y=2)
    before = tale.task("ask").id
    move(tale, inside(user("ask"), user("then"), flows("b ask then e"), edge=True, inputs={"x": "=y + 1"}))
    assert tale.task("ask").id == before
    assert tale.task("ask").variables == {"x": 3, "y": 2}
    assert tale.outcome.wake_at == MONDAY + timedelta(hours=2)
    assert tale.complete("ask").open == ["then"]
    assert tale.complete("then").outcome.ended is not None


def test_a_task_and_a_token_in_a_join_move_into_the_same_sub_process():
    drawn = (gateway("split", "parallel"), user("x"), user("y"), gateway("join", "parallel"),
             flows("split x join"), flows("split y join"))  # fmt: skip
    tale = story(diagram(start(), *drawn, end(), flows("begin split"), flows("join done"))).begin().complete("x")
    move(tale, inside(*drawn, flows("b split"), flows("join e")))
    assert tale.open == ["y"]
    assert tale.complete("y").outcome.ended is not None


def test_a_task_may_move_out_of_a_sub_process_that_is_drawn_no_more():
    tale = story(inside(user("ask"), flows("b ask e"), edge=True, inputs={"x": "=1"})).begin()
    moved = move(tale, outside(user("ask"), user("then"), path="begin ask then done"))
    assert moved.lost == ("“late” on the edge of “sub” is not waited for.",)
    assert tale.task("ask").variables == {"x": 1}
    assert tale.outcome.wake_at is None
    assert tale.complete("ask").complete("then").outcome.ended is not None


def test_a_variable_that_a_wider_one_hides_is_told_as_lost():
    tale = story(inside(user("ask"), flows("b ask e"), inputs={"x": "=1"})).begin(x=2)
    assert move(tale, outside(user("ask"))).lost == ("The variable “x” of “sub”; the one around it stays.",)


def test_half_of_what_is_inside_cannot_move_out():
    two = (gateway("split", "parallel"), user("a"), user("b"), end("e2"), flows("b0 split a e"), flows("split b e2"))
    old = diagram(start(), sub("sub", start("b0"), *two, end("e")), end(), flows("begin sub done"))
    new = diagram(start(), sub("sub", start("b0"), user("a"), end("e"), flows("b0 a e")), user("b"), end(),
                  flows("begin sub b done"))  # fmt: skip
    assert "“b” (b) would leave review/sub" in cannot(story(old).begin(), new)


def test_nothing_moves_into_a_sub_process_that_is_under_way_or_repeated():
    held = sub("sub", start("b0"), user("x"), end("e"), flows("b0 x e"))
    old = diagram(start(), gateway("split", "parallel"), user("a"), held, end(), end("done2"),
                  flows("begin split a done"), flows("split sub done2"))  # fmt: skip
    two = sub("sub", start("b0"), gateway("s", "parallel"), user("x"), user("a"), end("e"), end("e2"),
              flows("b0 s x e"), flows("s a e2"))  # fmt: skip
    new = diagram(start(), two, end(), flows("begin sub done"))
    assert "under way already" in cannot(story(old).begin(), new)
    again = diagram(start(), repeated(sub("sub", start("b0"), user("ask"), end("e"), flows("b0 ask e")), "=[1]"), end(),
                    flows("begin sub done"))  # fmt: skip
    assert "no plain sub-process" in cannot(story(outside(user("ask"))).begin(), again)


def caller(called: str = "called", **said: object) -> bytes:
    return diagram(start(), call("call", called, **said), end(), flows("begin call done"))


def callee(*parts: str, path: str = "begin ask done", process_id: str = "called") -> bytes:
    return diagram(start(), *parts, end(), flows(path), process_id=process_id)


def test_a_called_process_moves_with_its_caller():
    tale = story(caller(), callee(user("ask"))).begin(x=1)
    before = tale.task("ask").id
    move(tale, caller(), callee(user("ask", name="Ask"), user("then"), path="begin ask then done"))
    assert (tale.task("ask").id, tale.task("ask").name) == (before, "Ask")
    assert tale.complete("ask", y=2).complete("then").variables == {"x": 1, "y": 2}


def test_a_called_process_under_another_name_is_to_be_named():
    tale = story(caller(), callee(user("ask"))).begin()
    new = caller("other"), callee(user("ask"), process_id="other")
    assert "is not in the new release" in cannot(tale, *new)
    assert "runs inside it" in cannot(tale, *new, callee(user("ask")))
    move(tale, *new, processes={"called": "other"})
    assert tale.task("ask").process_id == "other"
    assert tale.complete("ask").outcome.ended is not None


def test_of_two_processes_the_one_that_is_meant_is_named():
    drawn = diagram(start(), gateway("s", "parallel"), user("ask"), call("call", "called"), end(), end("e"),
                    flows("begin s ask done"), flows("s call e"))  # fmt: skip
    tale = story(drawn, callee(user("ask"))).begin()
    move(tale, drawn, callee(user("other"), path="begin other done"), elements={"called/ask": "other"})
    assert sorted(tale.open) == ["ask", "other"]


def each(sequential: bool = False, item: str = "name", ask: str = "ask", **words: str) -> bytes:
    drawn = repeated(user(ask), '=["x", "y", "z"]', sequential, inputElement=item,
                     outputCollection="all", outputElement="=answer", **words)  # fmt: skip
    return diagram(start(), drawn, end(), flows(f"begin {ask} done"))


@pytest.mark.parametrize("sequential", [True, False])
def test_repetitions_half_done_go_on_with_their_results(sequential):
    tale = story(each(sequential)).begin().complete("ask", answer=1)
    move(tale, each(sequential, ask="question"), elements={"ask": "question"})
    tale.complete("question", answer=2).complete("question", answer=3)
    assert tale.variables["all"] == [1, 2, 3]


def test_repetitions_see_their_item_under_its_new_name():
    tale = story(each()).begin().complete("ask", answer=1)
    move(tale, each(item="who"))
    assert [(task.variables["who"], "name" in task.variables) for task in tale.outcome.user_tasks] == [
        ("y", False),
        ("z", False),
    ]


def test_one_after_another_may_become_all_at_once_and_back():
    tale = story(each(sequential=True)).begin().complete("ask", answer=1)
    move(tale, each())
    assert tale.open == ["ask", "ask"]
    move(tale, each(sequential=True))
    assert tale.open == ["ask", "ask"]
    assert tale.complete("ask", answer=2).complete("ask", answer=3).variables["all"] == [1, 2, 3]


def test_a_repeated_task_and_a_plain_one_are_two_kinds():
    tale = story(each()).begin()
    assert "userTask instead of repeated userTask" in cannot(tale, outside(user("ask")))
    moved = move(tale, outside(user("ask")), elements={"ask": "ask"})
    assert moved.lost == ("“ask” ends, and “ask” begins instead.",)
    assert tale.open == ["ask"]


def test_what_ends_with_a_sub_process_is_named():
    tale = story(inside(user("ask", name="Ask"), flows("b ask e"))).begin()
    moved = move(tale, outside(user("sub")), elements={"sub": "sub"})
    assert moved.lost == ("“sub” ends, and “sub” begins instead, with “Ask” inside it.",)
