"""Timers, messages, events on an edge and event-based gateways moved to another release."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.engine import CannotMove, Since
from service.feel import HostFunction
from tests.engine.drawing import (
    boundary,
    catch,
    catches_error,
    diagram,
    end,
    error,
    error_end,
    flows,
    gateway,
    message,
    start,
    sub,
    task,
    timer,
    user,
)
from tests.engine.moving import move
from tests.engine.story import MONDAY, Story, story


def edged(*events: str, host: str = "ask") -> bytes:
    """A task with events on its edge, each leading to a task `<event>-late`."""
    names = [event.split('id="')[1].split('"')[0] for event in events]
    handlers = [user(f"{name}-late") + end(f"{name}-end") for name in names]
    ways = [flows(f"{name} {name}-late {name}-end") for name in names]
    return diagram(
        start(), user(host, name="Ask"), end(), *events, *handlers, flows(f"begin {host} done"), *ways,
        outside=message("m", key="=1") + message("n", key="=1") + error("e", "e"),
    )  # fmt: skip


def after(hours: int, name: str = "late", stop: bool = True, host: str = "ask") -> str:
    return boundary(name, host, timer("timeDuration", f"PT{hours}H"), stop=stop, name=name.capitalize())


def opened_monday(tale: Story) -> dict[str, Since]:
    since = Since(MONDAY, {"now": HostFunction("now", (), lambda: MONDAY)})
    return {found.id: since for found in tale.outcome.user_tasks}


def test_a_timer_on_an_edge_keeps_its_instant():
    tale = story(edged(after(2))).begin()
    tale.now += timedelta(hours=1)
    assert not move(tale, edged(after(9))).lost
    assert tale.outcome.wake_at == MONDAY + timedelta(hours=2)
    assert tale.wait(hours=1).open == ["late-late"]


def test_a_timer_worked_out_again_counts_from_when_its_activity_opened():
    tale = story(edged(after(2))).begin()
    tale.now += timedelta(hours=1)
    move(tale, edged(after(9)), since=opened_monday(tale), timers="recompute")
    assert tale.outcome.wake_at == MONDAY + timedelta(hours=9)


def test_a_new_timer_counts_from_now_and_from_the_opening_when_timers_are_worked_out_again():
    tale = story(edged()).begin()
    tale.now += timedelta(hours=1)
    move(tale, edged(after(9)))
    assert tale.outcome.wake_at == MONDAY + timedelta(hours=10)
    move(tale, edged())
    move(tale, edged(after(9)), since=opened_monday(tale), timers="recompute")
    assert tale.outcome.wake_at == MONDAY + timedelta(hours=9)


def test_a_removed_event_goes_and_is_told():
    tale = story(edged(after(2), boundary("told", "ask", message="m", name="Told"))).begin()
    moved = move(tale, edged())
    assert moved.lost == (
        "“Late” on the edge of “Ask” is not waited for.",
        "“Told” on the edge of “Ask” is not waited for.",
    )
    assert (tale.open, tale.outcome.wake_at) == (["ask"], None)
    assert tale.complete("ask").outcome.ended is not None


def test_a_reminder_that_has_fired_does_not_fire_again():
    tale = story(edged(after(2, stop=False))).begin().wait(hours=3)
    assert sorted(tale.open) == ["ask", "late-late"]
    move(tale, edged(after(2, stop=False)))
    assert tale.outcome.wake_at is None
    assert tale.complete("late-late").complete("ask").outcome.ended is not None


def test_a_repeating_timer_goes_on_with_what_is_left_of_it():
    def cycle(every: str) -> bytes:
        return edged(boundary("late", "ask", timer("timeCycle", every), stop=False))

    tale = story(cycle("R3/PT1H")).begin().wait(hours=1)
    move(tale, cycle("R9/PT1H"))
    tale.wait(hours=1).wait(hours=1)
    assert tale.open.count("late-late") == 3
    assert tale.outcome.wake_at is None


def test_a_message_with_another_name_or_key_is_waited_for_anew_under_the_same_id():
    tale = story(edged(boundary("told", "ask", message="m"))).begin()
    [before] = tale.outcome.awaited
    move(tale, edged(boundary("told", "ask", message="n")))
    [awaited] = tale.outcome.awaited
    assert (awaited.id, awaited.message, awaited.correlation_key) == (before.id, "n", "1")
    assert tale.receive("told").open == ["told-late"]


def test_an_event_that_waits_for_something_else_now_is_opened_anew():
    tale = story(edged(boundary("late", "ask", message="m", name="Late"))).begin()
    assert move(tale, edged(after(2))).lost == ("“Late” on the edge of “Ask” is not waited for.",)
    assert (tale.open, tale.outcome.wake_at) == (["ask"], MONDAY + timedelta(hours=2))


def test_an_edge_follows_its_task_to_another_name():
    tale = story(edged(after(2))).begin()
    move(tale, edged(after(2, host="question"), host="question"), elements={"ask": "question"})
    assert tale.wait(hours=2).open == ["late-late"]


def test_an_error_is_caught_by_an_event_that_is_drawn_only_now():
    def drawn(*more: str) -> bytes:
        inside = sub("sub", start("b"), user("ask"), error_end("fail", "e"), flows("b ask fail"))
        return diagram(start(), inside, end(), *more, flows("begin sub done"), outside=error("e", "e"))

    tale = story(drawn()).begin()
    caught = boundary("caught", "sub", catches_error("e"))
    move(tale, drawn(caught, user("mend"), end("mended"), flows("caught mend mended")))
    assert tale.complete("ask").open == ["mend"]


def catching(inside: str) -> bytes:
    caught = task("wait", "intermediateCatchEvent", inside)
    return diagram(start(), caught, end(), flows("begin wait done"), outside=message("m") + message("n"))


def test_an_intermediate_timer_moves_with_its_instant_and_stays_itself():
    tale = story(catching(timer("timeDuration", "PT2H"))).begin()
    move(tale, catching(timer("timeDate", "2030-01-01T00:00:00Z")))
    assert tale.wait(hours=2).outcome.ended is not None


def test_an_intermediate_timer_may_be_worked_out_again():
    tale = story(catching(timer("timeDuration", "PT2H"))).begin()
    move(tale, catching(timer("timeDuration", "PT5H")), timers="recompute")
    assert tale.outcome.wake_at == MONDAY + timedelta(hours=5)


def test_a_catch_event_may_become_a_receive_task():
    tale = story(catching('<bpmn:messageEventDefinition messageRef="m" />')).begin()
    receives = '<bpmn:receiveTask id="wait" messageRef="n" />'
    move(tale, diagram(start(), receives, end(), flows("begin wait done"), outside=message("n")))
    assert [awaited.message for awaited in tale.outcome.awaited] == ["n"]
    assert tale.receive("wait").outcome.ended is not None


def test_a_timer_does_not_become_a_message_unless_it_is_named():
    tale = story(catching(timer("timeDuration", "PT2H"))).begin()
    new = catching('<bpmn:messageEventDefinition messageRef="m" />')
    with pytest.raises(CannotMove, match="another kind"):
        move(tale, new)
    assert move(tale, new, elements={"wait": "wait"}).lost == ("“wait” ends, and “wait” begins instead.",)
    assert tale.receive("wait").outcome.ended is not None


def choosing(*waits: str) -> bytes:
    """An event-based gateway before these messages; each leads to a task of its own."""
    drawn = [catch(name, name, name=name.upper()) + user(f"{name}-task") + end(f"{name}-end") for name in waits]
    ways = [flows(f"race {name} {name}-task {name}-end") for name in waits]
    outside = "".join(message(name) for name in ("a", "b", "c"))
    return diagram(start(), gateway("race", "eventBased"), *drawn, flows("begin race"), *ways, outside=outside)


def test_behind_a_choice_of_events_the_drawn_ones_stay_new_ones_open_and_others_go():
    tale = story(choosing("a", "b")).begin()
    kept = next(awaited.id for awaited in tale.outcome.awaited if awaited.element_id == "b")
    assert move(tale, choosing("b", "c")).lost == ("“A” is not waited for.",)
    assert sorted(tale.open) == ["b", "c"]
    assert kept in [awaited.id for awaited in tale.outcome.awaited]
    assert tale.receive("c").open == ["c-task"]


def test_a_choice_may_become_a_single_event_but_two_events_need_a_choice():
    alone = diagram(start(), catch("a", "a"), end(), flows("begin a done"), outside=message("a"))
    tale = story(choosing("a", "b")).begin()
    assert move(tale, alone).lost == ("“B” is not waited for.",)
    assert tale.receive("a").outcome.ended is not None
    with pytest.raises(CannotMove, match="no such choice"):
        move(story(choosing("a", "b")).begin(), diagram(start(), user("x"), end(), flows("begin x done")))


def test_a_single_event_may_become_one_of_a_choice():
    alone = diagram(start(), catch("a", "a"), end(), flows("begin a done"), outside=message("a"))
    tale = story(alone).begin()
    move(tale, choosing("a", "b"))
    assert sorted(tale.open) == ["a", "b"]
    assert tale.receive("b").open == ["b-task"]
