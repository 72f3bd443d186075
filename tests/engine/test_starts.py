"""Start events of a process: which one is taken, what operations are told of them, and when a timer start is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.domain.errors import ModelError
from service.engine import StartInfo, compile_diagrams, next_start
from service.feel import HostFunction
from tests.engine.drawing import (
    call,
    catch,
    catches_error,
    diagram,
    end,
    escalates,
    flows,
    message,
    signal,
    signals,
    start,
    timer,
    user,
)
from tests.engine.story import MONDAY, story

LONDON = ZoneInfo("Europe/London")


def test_each_start_event_begins_its_own_way():
    assert story(MANY).begin().open == ["a"]
    assert story(MANY).begin(message="plan-ended").open == ["b"]
    assert story(MANY).begin(message="plan-changed").open == ["c"]
    for start_id, opened in (("by_hand", "a"), ("ended", "b"), ("shut", "d"), ("weekly", "e"), ("once", "f")):
        tale = story(MANY).begin(at=start_id, why="x")
        assert (tale.open, tale.passed) == ([opened], [start_id])
        assert tale.outcome.user_tasks[0].variables == {"why": "x"}


def test_what_comes_with_a_start_goes_through_its_mapping():
    mapped = diagram(start("shut", inside=signals("s"), outputs={"day": "=until"}), user("a"), flows("shut a"),
                     outside=signal("s"))  # fmt: skip
    assert story(mapped).begin(at="shut", until="Monday", more=1).task("a").variables == {"day": "Monday"}


def test_a_process_without_a_none_start_is_not_started_plainly():
    only = diagram(start("told", "m"), user("a"), flows("told a"), outside=message("m", "plan-ended"))
    assert story(only).begin(message="plan-ended").open == ["a"]
    with pytest.raises(ModelError, match="no start event without an event"):
        story(only).begin()
    calling = diagram(start(), call("sign", "only"), end(), flows("begin sign done"))
    with pytest.raises(ModelError, match="no start event"):
        story(calling, only.replace(b'"review"', b'"only"')).begin()


def test_a_called_process_begins_at_its_none_start():
    calling = diagram(start(), call("sign", "many"), end(), flows("begin sign done"))
    assert story(calling, MANY.replace(b'"review"', b'"many"')).begin().open == ["a"]


@pytest.mark.parametrize("start_id", ["nobody", "a"])
def test_a_start_event_that_is_not_drawn_cannot_be_taken(start_id):
    with pytest.raises(ModelError, match="no start event of the id"):
        story(MANY).begin(at=start_id)


def test_operations_are_told_of_every_start():
    starts = compile_diagrams({"a": MANY}).processes["review"].starts
    assert [
        (item.element_id, item.kind, item.message, item.signal, item.timer_kind, item.timer) for item in starts
    ] == [
        ("by_hand", "none", None, None, None, None),
        ("ended", "message", "plan-ended", None, None, None),
        ("changed", "message", "plan-changed", None, None, None),
        ("shut", "signal", None, "office-closed", None, None),
        ("weekly", "timer", None, None, "cycle", "R/P1W"),
        ("once", "timer", None, None, "date", '=date and time("2027-02-01T09:00:00Z")'),
    ]
    assert compile_diagrams({"a": MANY}).problems == ()


def test_an_event_that_a_process_waits_for_is_no_start_of_it():
    waiting = diagram(
        start(), catch("hear", "m"), catch("pause", inside=timer("timeDate", "2027-02-01T09:00:00Z")), end(),
        flows("begin hear pause done"), outside=message("m", "news"),
    )  # fmt: skip
    assert [item.element_id for item in compile_diagrams({"a": waiting}).processes["review"].starts] == ["begin"]


def test_a_name_that_is_feel_is_worked_out_without_variables():
    computed = diagram(start("told", "m"), user("a"), flows("told a"), outside=message("m", '="plan-" + "ended"'))
    found = compile_diagrams({"a": computed})
    assert found.processes["review"].starts[0].message == "plan-ended"
    assert ("message", "plan-ended") in {(item.kind, item.value) for item in found.references}
    assert story(computed).begin(message="plan-ended").open == ["a"]


@pytest.mark.parametrize(
    ("drawn", "element_id", "said"),
    [
        (start("one") + start("two"), "review", "more than one start event"),
        (start("one", "m") + start("two", "m"), "two", "has another start event"),
        (start("one", inside=signals("s")) + start("two", inside=signals("s")), "two", "has another start event"),
        (start("one", "f"), "one", "can read no variables"),
        (start("one", inside=timer("timeDuration", "PT1H")), "one", "begins nowhere"),
        (start("one", inside=timer("timeCycle", "0 0 9 * * MON")), "one", "cron expressions are not executed"),
        (start("one", inside=timer("timeCycle", "@daily")), "one", "cron expressions are not executed"),
        (start("one", inside=timer("timeCycle", "R/-P1D")), "one", "not a time that can be read"),
        (start("one", inside=catches_error()), "one", "startEvent of the kind “error”"),
        (start("one", inside=escalates()), "one", "startEvent of the kind “escalation”"),
        (start("one", "m", inside=signals("s")), "one", "several event definitions"),
    ],
)
def test_a_mistake_is_named(drawn, element_id, said):
    found = compile_diagrams({"a": diagram(
        drawn, user("x"), flows("one x"),
        outside=message("m", "news") + signal("s", "closed") + message("f", "=case.name + who"),
    )}).problems  # fmt: skip
    assert (element_id, True) in [(item.element_id, said in item.message) for item in found]


@pytest.mark.parametrize(
    ("kind", "text", "after", "due"),
    [
        ("date", "2027-02-01T09:00:00Z", 0, datetime(2027, 2, 1, 9, tzinfo=UTC)),
        ("date", "2027-02-01T09:00:00Z", 28, None),
        ("date", "2027-02-01T09:00:00Z", 40, None),
        ("date", '=date("2027-07-01")', 0, datetime(2027, 6, 30, 23, tzinfo=UTC)),
        ("cycle", "R/P1W", 0, MONDAY + timedelta(days=7)),
        ("cycle", "R/P1W", 7, MONDAY + timedelta(days=14)),
        ("cycle", "R/P1W", 20, MONDAY + timedelta(days=21)),
        ("cycle", "R2/P1W", 7, MONDAY + timedelta(days=14)),
        ("cycle", "R2/P1W", 14, None),
        ("cycle", "R0/P1W", 0, MONDAY + timedelta(days=7)),
        ("cycle", "R0/P1W", 7, None),
        ("cycle", '=duration("P1D")', 3.5, MONDAY + timedelta(days=4)),
        ("cycle", "R5/2027-01-06T08:00:00Z/P1W", 0, datetime(2027, 1, 6, 8, tzinfo=UTC)),
        ("cycle", "R5/2027-01-06T08:00:00Z/P1W", 2, datetime(2027, 1, 13, 8, tzinfo=UTC)),
        ("cycle", "R5/2027-01-06T08:00:00Z/P1W", 29, datetime(2027, 2, 3, 8, tzinfo=UTC)),
        ("cycle", "R5/2027-01-06T08:00:00Z/P1W", 31, None),
        ("cycle", "R/2020-01-31T08:00:00/P1M", 0, datetime(2027, 1, 31, 8, tzinfo=UTC)),
        ("cycle", "R/2020-01-31T08:00:00/P1M", 28, datetime(2027, 2, 28, 8, tzinfo=UTC)),
        ("cycle", "R/2020-01-31T08:00:00/P1M", 100, datetime(2027, 4, 30, 7, tzinfo=UTC)),
        ("cycle", "R/1970-01-01T00:00:00Z/PT1S", 0, MONDAY + timedelta(seconds=1)),
        ("cycle", '="R/" + string(duration("P1D"))', 0, MONDAY + timedelta(days=1)),
        ("cycle", "=settings.rhythm", 0, MONDAY + timedelta(days=7)),
    ],
)  # fmt: skip
def test_a_timer_start_is_due_next(kind, text, after, due):
    start = StartInfo("tick", kind="timer", timer_kind=kind, timer=text)
    assert next_start(start, MONDAY + timedelta(days=after), since=MONDAY, **LOOKS) == due


def test_what_is_no_timer_is_never_due():
    assert next_start(StartInfo("told", "news", kind="message"), MONDAY, since=MONDAY, **LOOKS) is None


def test_a_timer_start_past_the_calendar_is_never_due():
    start = StartInfo("tick", kind="timer", timer_kind="cycle", timer="R/P9000Y")
    assert next_start(start, MONDAY, since=MONDAY, **LOOKS) is None


@pytest.mark.parametrize(
    ("kind", "text"), [("date", "tomorrow"), ("cycle", "=1"), ("cycle", "0 0 9 * * MON"), ("date", "=who")]
)
def test_a_text_that_means_no_time_is_an_error_of_the_diagram(kind, text):
    for name, shown in (("", "“tick”"), ("Weekly", "“Weekly”")):
        with pytest.raises(ModelError, match=rf"{shown} \(tick\): the timer is not a {kind}") as caught:
            next_start(
                StartInfo("tick", kind="timer", timer_kind=kind, timer=text, name=name), MONDAY, since=MONDAY, **LOOKS
            )
        assert caught.value.element_id == "tick"


MANY = diagram(
    start("by_hand"), start("ended", "m1"), start("changed", "m2"), start("shut", inside=signals("s")),
    start("weekly", inside=timer("timeCycle", "R/P1W")),
    start("once", inside=timer("timeDate", '=date and time("2027-02-01T09:00:00Z")')),
    user("a"), user("b"), user("c"), user("d"), user("e"), user("f"), flows("by_hand a"), flows("ended b"),
    flows("changed c"), flows("shut d"), flows("weekly e"), flows("once f"),
    outside=message("m1", "plan-ended") + message("m2", "plan-changed") + signal("s", "office-closed"),
)  # fmt: skip
LOOKS = {
    "context": {"settings": {"rhythm": "R/P1W"}},
    "functions": {"now": HostFunction("now", (), lambda: MONDAY.astimezone(LONDON))},
}
