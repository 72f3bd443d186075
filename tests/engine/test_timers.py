"""Timers that wait: cycles and when they are due again, moving one, and what the world is told. Deadlines as such are
in `test_events.py`, timers that start a process in `test_starts.py`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.domain.errors import Conflict, ModelError
from service.domain.stimuli import TimerMoved
from service.engine import compile_diagrams
from tests.engine.drawing import (
    boundary,
    call,
    catch,
    diagram,
    end,
    flows,
    gateway,
    on,
    repeated,
    start,
    sub,
    timer,
    user,
)
from tests.engine.story import MONDAY, story

DAY = timedelta(days=1)


def test_every_timer_that_waits_is_told_with_its_instant():
    tale = story(
        reminding("R/P1D", extra=boundary("late", "work", timer("timeDuration", "P3D"), name="Too late"))
    ).begin()
    assert {(item.element_id, item.name, item.process_id, item.due_at) for item in tale.outcome.timers} == {
        ("daily", "", "review", MONDAY + DAY), ("late", "Too late", "review", MONDAY + 3 * DAY),
    }  # fmt: skip
    assert tale.outcome.wake_at == MONDAY + DAY


@pytest.mark.parametrize(
    ("text", "times"), [("R3/P1D", 3), ("R1/P1D", 1), ("R0/P1D", 1), ('=duration("P1D")', 9), ('="R2/" + "P1D"', 2)]
)
def test_a_cycle_happens_as_often_as_it_says(text, times):
    tale = story(reminding(text)).begin()
    for _ in range(9):
        tale.wait(days=1)
    assert tale.open.count("remind") == times


def test_a_cycle_with_a_start_happens_first_then():
    tale = story(reminding("R3/2027-01-06T12:00:00+00:00/PT1H")).begin()
    assert tale.outcome.wake_at == datetime(2027, 1, 6, 12, tzinfo=UTC)
    tale.wait(days=2, hours=3)
    assert tale.outcome.wake_at == datetime(2027, 1, 6, 13, tzinfo=UTC)
    assert tale.wait(hours=1).wait(hours=1).open.count("remind") == 3
    assert tale.outcome.timers == ()


def test_a_cycle_whose_start_has_passed_begins_now():
    tale = story(reminding("R/2026-01-01T00:00:00Z/P1D")).begin()
    assert tale.outcome.wake_at == MONDAY
    assert tale.wait(hours=1).outcome.wake_at == MONDAY + DAY


def test_a_start_without_a_zone_is_where_the_clock_is():
    east = timezone(timedelta(hours=2))
    tale = story(reminding("R/2027-01-06T12:00:00/P1D"), zone=east).begin()
    assert tale.outcome.wake_at == datetime(2027, 1, 6, 10, tzinfo=UTC)


def test_an_occasion_that_comes_due_with_the_one_before_it_is_not_made_up_for():
    tale = story(reminding("R/P1D")).begin().wait(days=2)
    assert (tale.open.count("remind"), tale.outcome.wake_at) == (1, MONDAY + 3 * DAY)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [("timeDuration", "=why", "not a duration but"), ("timeCycle", "R/P9000Y", "leads nowhere")],
)
def test_what_is_no_length_of_time_stops_who_comes_there(kind, text, said):
    drawn = diagram(start(), catch("pause", inside=timer(kind, text)), end(), flows("begin pause done"))
    if kind == "timeCycle":
        drawn = reminding(text)
    with pytest.raises(ModelError, match=said):
        story(drawn).begin(why="later")


def test_a_monthly_cycle_counts_months():
    tale = story(reminding("R/P1M")).begin()
    assert tale.outcome.wake_at == datetime(2027, 2, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["R/PT0S", "R/-PT1H", '=duration("-P1D")', "R/2027-01-06/P1D", "R/P1D/2027-01-06", "R-1/P1D"]
)
def test_a_cycle_that_leads_nowhere_is_an_error_of_the_diagram(text):
    drawn = reminding(text)
    with pytest.raises(ModelError, match="not a cycle"):
        story(drawn).begin()
    named = [(item.element_id, "not a time" in item.message) for item in compile_diagrams({"a": drawn}).problems]
    assert named == ([] if text.startswith("=") else [("daily", True)])


def test_a_duration_back_in_time_is_due_at_once():
    tale = story(
        diagram(start(), catch("pause", inside=timer("timeDuration", "-PT1H")), end(), flows("begin pause done"))
    )
    assert tale.begin().outcome.wake_at == MONDAY - timedelta(hours=1)
    assert tale.wait(seconds=0).outcome.ended is not None


@pytest.mark.parametrize(("text", "days"), [("P2W", 14), ("P1W2D", 9), ("P1WT12H", 7.5), ("-P1W", -7)])
def test_a_timer_knows_weeks(text, days):
    assert story(PAUSE.replace(b"P3D", text.encode())).begin().outcome.wake_at == MONDAY + days * DAY


@pytest.mark.parametrize("place", ["edge", "between", "inside"])
def test_a_cycle_where_it_could_happen_only_once_is_named(place):
    cycle = timer("timeCycle", "R/P1D")
    more = {
        "edge": boundary("odd", "work", cycle),
        "between": catch("odd", inside=cycle) + flows("work odd"),
        "inside": on("x", cycle, begin="odd"),
    }[place]
    found = compile_diagrams({"a": diagram(start(), user("work"), flows("begin work"), more)}).problems
    assert ("odd", True) in [(item.element_id, "only once" in item.message) for item in found]


def test_a_moved_timer_fires_at_its_new_time_and_keeps_its_id():
    tale = story(PAUSE).begin()
    before = tale.outcome.timers[0].id
    tale.move("pause", MONDAY + 10 * DAY)
    assert (tale.outcome.timers[0].id, tale.outcome.wake_at) == (before, MONDAY + 10 * DAY)
    assert tale.wait(days=5).outcome.ended is None
    assert tale.wait(days=5).outcome.ended is not None


def test_a_timer_moved_to_what_has_passed_fires_when_time_passes_next():
    tale = story(PAUSE).begin().move("pause", MONDAY - DAY)
    assert tale.outcome.ended is None
    assert tale.wait(seconds=0).outcome.ended is not None


def test_moving_what_is_open_no_more_is_a_conflict():
    tale = story(PAUSE).begin()
    gone = tale.outcome.timers[0].id
    for wrong in ("no-id", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(Conflict):
            tale.act(TimerMoved(wrong, MONDAY))
    both = story(reminding("R/P1D")).begin()
    with pytest.raises(Conflict):
        both.act(TimerMoved(both.task("work").id, MONDAY))
    both.wait(days=1)
    tale.wait(days=3)
    with pytest.raises(Conflict):
        tale.act(TimerMoved(gone, MONDAY))


def test_a_time_without_a_zone_is_no_time_to_move_to():
    with pytest.raises(ValueError, match="zone"):
        story(PAUSE).begin().move("pause", datetime(2027, 1, 5, 9))


@pytest.mark.parametrize(
    ("moved_to", "looked_at", "next_due"), [(1.5, 1.5, 2), (0.5, 0.5, 2), (2.5, 2.5, 3.5), (3, 4, 5)]
)
def test_a_cycle_keeps_its_rhythm_after_the_occasion_that_was_moved(moved_to, looked_at, next_due):
    """Daily from tomorrow: the second occasion is the day after, wherever the first was moved, unless that is over."""
    tale = story(reminding("R3/P1D")).begin().move("daily", MONDAY + moved_to * DAY)
    tale.wait(days=looked_at)
    assert tale.open.count("remind") == 1
    assert tale.outcome.wake_at == MONDAY + next_due * DAY
    assert tale.wait(days=9).open.count("remind") == 2


def test_a_timer_moved_twice_still_keeps_the_rhythm():
    tale = story(reminding("R/P1D")).begin().move("daily", MONDAY + 3 * DAY).move("daily", MONDAY + DAY / 2)
    assert tale.wait(hours=12).outcome.wake_at == MONDAY + 2 * DAY


def test_timers_inside_repetitions_and_called_processes_can_be_moved():
    called = diagram(start("b"), user("work"), end("d"), boundary("late", "work", timer("timeDuration", "P1D")),
                     user("chase"), flows("b work d"), flows("late chase"), process_id="called")  # fmt: skip
    calling = diagram(start(), repeated(call("sign", "called"), "=[1, 2]", inputElement="n"), end(),
                      flows("begin sign done"))  # fmt: skip
    tale = story(calling, called).begin()
    first, second = tale.outcome.timers
    tale.act(TimerMoved(second.id, MONDAY + 9 * DAY))
    assert sorted(item.due_at for item in tale.outcome.timers) == [MONDAY + DAY, MONDAY + 9 * DAY]
    assert sorted(tale.wait(days=1).open) == ["chase", "work"]
    assert [item.id for item in tale.outcome.timers] == [second.id]
    assert first.id != second.id


def test_a_timer_behind_an_event_based_gateway_can_be_moved():
    race = diagram(
        start(), gateway("first", "eventBased"), catch("soon", inside=timer("timeDuration", "P1D")),
        catch("late", inside=timer("timeDuration", "P5D")), user("a"), user("b"), flows("begin first soon a"),
        flows("first late b"),
    )  # fmt: skip
    assert story(race).begin().move("late", MONDAY + DAY / 2).wait(days=2).open == ["b"]


def test_a_timer_of_an_event_sub_process_ends_with_its_scope():
    late = on("late", timer("timeDuration", "P1D"), user("chase"), flows("late-begin chase"), stop=False)
    part = sub("part", start("b"), user("work"), end("d"), flows("b work d"), late)
    tale = story(diagram(start(), part, user("after"), flows("begin part after"))).begin()
    assert tale.waiting == ["late-begin"]
    assert (tale.complete("work").open, tale.waiting, tale.outcome.wake_at) == (["after"], [], None)


def reminding(text, extra=""):
    return diagram(
        start(), user("work"), end(), boundary("daily", "work", timer("timeCycle", text), stop=False), user("remind"),
        flows("begin work done"), flows("daily remind"), extra,
    )  # fmt: skip


PAUSE = diagram(start(), catch("pause", inside=timer("timeDuration", "P3D")), end(), flows("begin pause done"))
