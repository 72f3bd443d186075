"""Event sub-processes, signals, what can be undone, and what is not moved at all, when an instance moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.engine import CannotMove
from tests.engine.drawing import (
    ad_hoc,
    compensate,
    compensated,
    diagram,
    end,
    flows,
    hears,
    message,
    on,
    start,
    sub,
    timer,
    user,
)
from tests.engine.moving import move
from tests.engine.story import MONDAY, Story, story

LATE = timer("timeDuration", "PT2H")


def told(name: str = "told", inside: str = "", react: str = "react", stop: bool = True) -> str:
    drawn = f"{name}-begin"
    return on(name, inside or hears("m"), user(react), end(f"{name}-e"), flows(f"{drawn} {react} {name}-e"), stop=stop)


def around(*parts: str, ask: str = "ask") -> bytes:
    return diagram(start(), user(ask), end(), flows(f"begin {ask} done"), *parts, outside=message("m") + message("n"))


def cannot(tale: Story, *drawn: bytes) -> str:
    with pytest.raises(CannotMove) as caught:
        move(tale, *drawn)
    return caught.value.message


def test_an_event_sub_process_still_begins_after_its_scope_has_moved():
    tale = story(around(told())).begin()
    [before] = tale.outcome.awaited
    assert not move(tale, around(told("heard", hears("n")), ask="a"),
                    elements={"ask": "a", "told": "heard", "told-begin": "heard-begin"}).lost  # fmt: skip
    [awaited] = tale.outcome.awaited
    assert (awaited.id, awaited.message) == (before.id, "n")
    assert tale.receive("heard-begin").open == ["react"]
    assert tale.complete("react").outcome.ended is not None


def test_one_that_is_drawn_no_more_is_told_as_lost_and_a_new_one_opens():
    tale = story(around(told())).begin()
    assert move(tale, around(told("late", LATE))).lost == ("“told” is not waited for.",)
    assert (tale.open, tale.outcome.wake_at) == (["ask"], MONDAY + timedelta(hours=2))
    assert tale.wait(hours=2).open == ["react"]


def test_one_that_has_begun_goes_on_and_does_not_begin_again():
    tale = story(around(told("late", LATE, stop=False))).begin().wait(hours=2)
    move(tale, around(told("late", LATE, react="answer", stop=False)), elements={"react": "answer"})
    assert sorted(tale.open) == ["answer", "ask"]
    assert tale.outcome.wake_at is None
    assert tale.complete("answer").complete("ask").outcome.ended is not None


def test_after_an_interruption_nothing_else_begins():
    tale = story(around(told())).begin().receive("told-begin")
    move(tale, around(told(), told("late", LATE, react="hurry")))
    assert (tale.open, tale.outcome.wake_at) == (["react"], None)
    assert tale.complete("react").outcome.ended is not None


def test_a_sub_process_that_is_entered_by_moving_listens_too():
    tale = story(around()).begin()
    held = sub("sub", start("b"), user("ask"), end("e"), flows("b ask e"), told())
    move(tale, diagram(start(), held, end(), flows("begin sub done"), outside=message("m")))
    assert sorted(tale.open) == ["ask", "told-begin"]
    assert move(tale, around()).lost == ("“told” is not waited for.",)


def undoing(a: str = "a", undo: str = "undo_a", *more: str) -> bytes:
    undone = () if not undo else (compensated(a, undo),)
    return diagram(start(), user(a), *undone, user("b"), compensate("back"), end(), flows(f"begin {a} b back done"))


def test_what_was_done_can_be_undone_under_its_new_name():
    tale = story(undoing()).begin().complete("a")
    assert not move(tale, undoing("x", "undo_x"), elements={"a": "x"}).lost
    assert tale.complete("b").open == ["undo_x"]


def test_what_can_no_longer_be_undone_is_told():
    tale = story(undoing()).begin().complete("a")
    assert move(tale, undoing("a", "")).lost == ("“a” was done and can no longer be undone.",)
    assert tale.complete("b").outcome.ended is not None


def test_what_was_done_inside_a_sub_process_can_be_undone_too():
    def drawn(a: str, held: str) -> bytes:
        inside = sub(held, start("s"), user(a), compensated(a, "undo"), end("e"), flows(f"s {a} e"))
        return diagram(start(), inside, user("b"), compensate("back"), end(), flows(f"begin {held} b back done"))

    tale = story(drawn("a", "sub")).begin().complete("a")
    assert not move(tale, drawn("x", "part"), elements={"a": "x", "sub": "part"}).lost
    assert tale.complete("b").open == ["undo"]


def test_in_the_middle_of_undoing_nothing_moves():
    tale = story(undoing()).begin().complete("a").complete("b")
    assert tale.open == ["undo_a"]
    assert "Towpath does not know how to move one" in cannot(tale, undoing())


def test_an_ad_hoc_sub_process_does_not_move():
    drawn = diagram(start(), ad_hoc("free", user("x"), elements='=["x"]'), end(), flows("begin free done"))
    assert "“free” (free) is a adHocSubProcess" in cannot(story(drawn).begin(), drawn)
