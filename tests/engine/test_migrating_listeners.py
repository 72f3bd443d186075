"""Tokens that wait at listeners moved to another release."""

from __future__ import annotations

import pytest

from service.engine import CannotMove
from tests.engine.drawing import diagram, end, flows, gateway, listeners, repeated, start, user
from tests.engine.moving import move
from tests.engine.story import Story, story

BOTH = ("start before", "end after")


def drawn(ask: str = "ask", *said: str, **words: str) -> bytes:
    return diagram(start(), listeners(user(ask, **words), *said), end(), flows(f"begin {ask} done"))


def types(tale: Story) -> list[str]:
    return [job.type for job in tale.outcome.jobs]


def test_a_listener_before_and_after_a_task_goes_on_under_another_name_and_type():
    tale = story(drawn("ask", *BOTH)).begin()
    before = tale.job("ask").id
    move(tale, drawn("question", "start sooner", "end later"), elements={"ask": "question"})
    assert (tale.job("question").id, types(tale)) == (before, ["sooner"])
    tale.job_done("question").complete("question")
    move(tale, drawn("ask", *BOTH), elements={"question": "ask"})
    assert types(tale) == ["after"]
    assert tale.job_done("ask").outcome.ended is not None


def test_a_listener_that_is_drawn_no_more_cannot_be_waited_for():
    tale = story(drawn("ask", *BOTH)).begin()
    with pytest.raises(CannotMove, match="A listener of “ask”"):
        move(tale, drawn())


def test_a_listener_drawn_only_now_is_asked_when_its_moment_comes():
    tale = story(drawn()).begin()
    move(tale, drawn("ask", *BOTH))
    assert types(tale.complete("ask")) == ["after"]


def test_what_a_task_says_anew_is_held_back_while_its_listener_is_asked():
    tale = story(drawn("ask", "creating make", groups="a")).begin()
    before = tale.job("ask").id
    move(tale, drawn("ask", "creating make", groups="b"))
    assert tale.job("ask").id == before
    assert tale.job_done("ask").task("ask").candidate_groups == ("b",)


def test_the_listener_of_a_repetition_knows_which_one_it_is_for():
    def each(ask: str) -> bytes:
        inside = listeners(repeated(user(ask), '=["x", "y"]', inputElement="name"), *BOTH)
        return diagram(start(), inside, end(), flows(f"begin {ask} done"))

    tale = story(each("ask")).begin().job_done("ask")
    move(tale, each("question"), elements={"ask": "question"})
    tale.complete("question").job_done("question").complete("question")
    assert tale.job_done("question").job_done("question").outcome.ended is not None


def test_a_token_in_a_join_that_came_past_a_listener_still_counts():
    def two(a: str) -> bytes:
        return diagram(start(), gateway("split", "parallel"), listeners(user(a), *BOTH), user("b"),
                       gateway("join", "parallel"), end(), flows(f"begin split {a} join done"),
                       flows("split b join"))  # fmt: skip

    tale = story(two("a")).begin().job_done("a").complete("a").job_done("a")
    move(tale, two("x"), elements={"a": "x"})
    assert tale.complete("b").outcome.ended is not None


@pytest.mark.parametrize("answered", [0, 1])
def test_the_listeners_of_a_process_go_on_too(answered):
    def process(begin: str) -> bytes:
        inside = diagram(start(begin), user("ask"), end(), flows(f"{begin} ask done"))
        head, rest = inside.decode().split('isExecutable="true">')
        said = "".join(f'<zeebe:executionListener eventType="{event}" type="x" />' for event in ("start", "end"))
        words = f"<zeebe:executionListeners>{said}</zeebe:executionListeners>"
        return f'{head}isExecutable="true"><bpmn:extensionElements>{words}</bpmn:extensionElements>{rest}'.encode()

    tale = story(process("begin")).begin()
    if answered:
        tale.job_done("review").complete("ask")
    move(tale, process("first"), elements={"begin": "first"})
    tale.job_done("review")
    if not answered:
        tale.complete("ask").job_done("review")
    assert tale.outcome.ended is not None
