"""Event sub-processes of an instance that moves to another release: what waits goes on waiting, what runs goes on
running."""

from __future__ import annotations

import pytest

from service.engine import CannotMove
from tests.engine.drawing import diagram, end, flows, hears, message, on, signal, signals, start, sub, timer, user
from tests.engine.moving import move, told
from tests.engine.story import MONDAY, story

WORDS = message("m", "news", key="=child") + signal("s", "closed")


def drawn(*more, ask="ask"):
    return diagram(start(), user(ask), end(), flows(f"begin {ask} done"), *more, outside=WORDS)


def told_of(name="told", *, stop=True, event=None):
    ways = flows(f"{name}-begin react e")
    return on(name, event or hears("m"), user("react"), end("e"), ways, stop=stop)


def test_what_waits_goes_on_waiting_under_its_id():
    tale = story(drawn(told_of())).begin(child="K-1")
    before = told(tale.outcome)
    assert move(tale, drawn(told_of(), user("more"))).lost == ()
    assert told(tale.outcome) == before
    assert tale.receive("told-begin").open == ["react"]
    assert tale.complete("react").outcome.ended is not None


def test_one_that_is_drawn_no_more_is_told_and_no_longer_waited_for():
    tale = story(drawn(told_of())).begin(child="K-1")
    assert move(tale, drawn()).lost == ("“told” is not waited for.",)
    assert tale.waiting == []


def test_one_that_is_new_can_begin_from_now_on():
    tale = story(drawn()).begin(child="K-1")
    assert move(tale, drawn(told_of(), told_of("shut", event=signals("s"), stop=False))).lost == ()
    assert tale.waiting == ["shut-begin", "told-begin"]
    assert tale.outcome.awaited[0].correlation_key == "K-1"


def test_one_that_waits_for_something_else_now_is_told_and_begins_no_more_by_the_old():
    tale = story(drawn(told_of())).begin(child="K-1")
    assert move(tale, drawn(told_of(event=signals("s")))).lost == ("“told” is not waited for.",)
    assert tale.outcome.awaited == ()


def test_what_runs_goes_on_and_can_begin_again():
    tale = story(drawn(told_of(stop=False))).begin(child="K-1").receive("told-begin")
    before = told(tale.outcome)
    assert move(tale, drawn(told_of(stop=False), user("more"))).lost == ()
    assert told(tale.outcome) == before
    assert tale.receive("told-begin").complete("react").complete("react").complete("ask").outcome.ended is not None


def test_a_scope_that_was_interrupted_listens_to_nothing_new():
    tale = story(drawn(told_of())).begin(child="K-1").receive("told-begin")
    shut = on("shut", signals("s"), user("x"), flows("shut-begin x"))
    assert move(tale, drawn(told_of(), shut)).lost == ()
    assert (tale.open, tale.waiting) == (["react"], [])


def test_a_timer_keeps_its_instant():
    late = told_of(event=timer("timeDuration", "P3D"))
    tale = story(drawn(late)).begin()
    tale.now = MONDAY.replace(day=5)
    move(tale, drawn(late.replace("P3D", "P9D")))
    assert tale.outcome.wake_at == MONDAY.replace(day=7)


def test_inside_a_sub_process_that_is_entered_by_moving_it_can_begin():
    inside = sub("part", start("b"), user("ask"), end("d"), told_of(), flows("b ask d"))
    tale = story(drawn()).begin(child="K-1")
    move(tale, diagram(start(), inside, end(), flows("begin part done"), outside=WORDS))
    assert (tale.open, tale.waiting) == (["ask", "told-begin"], ["told-begin"])


def test_nothing_left_but_what_could_begin_is_no_place_to_move_to():
    tale = story(drawn(told_of())).begin(child="K-1")
    with pytest.raises(CannotMove, match="Nothing would be left"):
        move(tale, drawn(told_of(), ask="other"), elements={"ask": None})


def test_no_token_can_be_put_before_one():
    tale = story(drawn(told_of())).begin(child="K-1")
    with pytest.raises(CannotMove, match="cannot be put before"):
        move(tale, drawn(told_of(), ask="other"), elements={"ask": "told"})
