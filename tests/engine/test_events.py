"""Timers, messages and BPMN errors: what fires, what is cancelled, who catches. Mappings are not here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.domain.errors import Conflict, ModelError
from service.domain.stimuli import MessageReceived
from tests.engine.drawing import (
    boundary,
    call,
    catch,
    catches_error,
    diagram,
    end,
    error,
    error_end,
    flow,
    flows,
    gateway,
    job,
    message,
    start,
    sub,
    task,
    timer,
    user,
)
from tests.engine.story import MONDAY, story


@pytest.mark.parametrize(
    ("kind", "text"),
    [("timeDuration", "P9999Y"), ("timeDuration", "P999999999D"), ("timeDate", "9999-12-31T23:59:59-05:00")],
)
def test_a_time_outside_the_calendar_is_an_error_of_the_diagram(kind, text):
    with pytest.raises(ModelError, match="the timer is not a"):
        pause(timer(kind, text)).begin()


def test_a_month_is_counted_where_the_clock_on_the_wall_hangs():
    # 00:30 on 31 March in London is still 30 March in UTC.
    night = datetime(2027, 3, 30, 23, 30, tzinfo=UTC)
    tale = pause(timer("timeDuration", "P1M"), now=night, zone=ZoneInfo("Europe/London")).begin()
    assert tale.outcome.wake_at == datetime(2027, 4, 29, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("hours", [(1, 2), (2, 1)])
def test_of_two_deadlines_that_passed_unseen_the_earlier_counts(hours):
    first, second = (boundary(f"h{n}", "ask", timer("timeDuration", f"PT{n}H")) for n in hours)
    ways = (flows("begin ask done"), flows("h1 early"), flows("h2 late"))
    drawn = diagram(start(), user("ask"), end(), user("early"), user("late"), first, second, *ways)
    assert story(drawn).begin().wait(hours=5).open == ["early"]


def test_a_timer_wakes_the_instance_when_it_is_due_and_not_before():
    tale = pause(timer("timeDuration", "PT4H")).begin()
    assert tale.outcome.wake_at == MONDAY + timedelta(hours=4)
    assert tale.wait(hours=3).outcome.ended is None
    assert tale.wait(hours=1).outcome.ended is not None


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDate", "2027-02-01T09:00:00Z", datetime(2027, 2, 1, 9, tzinfo=UTC)),
        ("timeDate", '=date("2027-02-01")', datetime(2027, 2, 1, tzinfo=UTC)),
        ("timeDate", '=date and time("2027-07-01T09:00:00@Europe/London")', datetime(2027, 7, 1, 8, tzinfo=UTC)),
        ("timeDate", "=received", datetime(2027, 3, 1, 12, tzinfo=UTC)),
        ("timeDuration", "P1M", datetime(2027, 2, 4, 9, tzinfo=UTC)),
        ("timeDuration", '=duration("P2D")', datetime(2027, 1, 6, 9, tzinfo=UTC)),
    ],
)
def test_a_timer_may_be_a_date_a_duration_or_an_expression(kind, text, due):
    assert pause(timer(kind, text)).begin(received="2027-03-01T12:00:00Z").outcome.wake_at == due


def test_a_timer_that_is_no_time_is_an_error_of_the_diagram():
    with pytest.raises(ModelError, match="not a date"):
        pause(timer("timeDate", "=unknown")).begin()


def test_a_non_interrupting_timer_opens_an_escalation_beside_the_work():
    tale = story(ESCALATION).begin().wait(days=10)
    assert tale.open == ["work", "escalate"]
    assert tale.outcome.wake_at is None
    assert tale.complete("work").outcome.ended is None
    assert tale.complete("escalate").outcome.ended is not None


def test_the_escalation_may_also_end_first():
    tale = story(ESCALATION).begin().wait(days=10).complete("escalate")
    assert tale.open == ["work"]
    assert tale.complete("work").outcome.ended is not None


def test_a_timer_on_work_that_is_done_does_not_fire():
    tale = story(ESCALATION).begin().complete("work")
    assert tale.outcome.ended is not None
    assert "late" not in " ".join(tale.passed)


def test_an_interrupting_timer_cancels_the_work():
    tale = story(INTERRUPTED).begin().wait(days=10)
    assert tale.open == ["escalate"]
    assert "work (cancelled)" in tale.passed


def test_of_two_timers_due_at_once_the_earlier_fires_first():
    both = diagram(
        start(), user("work"), end(), boundary("first", "work", timer("timeDuration", "P1D")),
        boundary("second", "work", timer("timeDuration", "P2D")), user("a"), user("b"),
        flows("begin work done"), flows("first a"), flows("second b"),
    )  # fmt: skip
    assert story(both).begin().wait(days=3).open == ["a"]


def test_a_repeating_timer_reminds_again_and_does_not_make_up_for_missed_times():
    tale = story(REMINDER).begin().wait(days=1)
    assert tale.open == ["work", "remind"]
    assert tale.outcome.wake_at == tale.now + timedelta(days=1)
    assert tale.wait(days=30).open == ["work", "remind", "remind"]
    assert tale.outcome.wake_at is None, "twice is what R2 says"


def test_times_missed_while_nobody_looked_are_not_made_up_for():
    tale = story(REMINDER.replace(b"R2/", b"R/")).begin().wait(days=30, hours=1)
    assert tale.open == ["work", "remind"]
    assert tale.outcome.wake_at == tale.now + timedelta(days=1)


def test_a_time_drawn_without_a_zone_is_in_the_zone_of_the_clock():
    london = {"zone": ZoneInfo("Europe/London")}
    assert pause(timer("timeDate", '=date("2027-07-01")'), **london).begin().outcome.wake_at == datetime(
        2027, 6, 30, 23, tzinfo=UTC
    )
    assert pause(timer("timeDate", "2027-07-01T09:00:00"), **london).begin().outcome.wake_at == datetime(
        2027, 7, 1, 8, tzinfo=UTC
    )


def test_reminders_outlive_the_work_they_were_about():
    tale = story(REMINDER).begin().wait(days=1).complete("work")
    assert tale.open == ["remind"]
    assert tale.complete("remind").outcome.ended is not None


def test_a_message_is_awaited_with_its_correlation_key_and_brings_its_data():
    tale = story(WAITING).begin(child="K-1")
    awaited = tale.outcome.awaited[0]
    assert (awaited.message, awaited.correlation_key, awaited.element_id) == ("plan-started", "K-1", "hear")
    assert tale.receive("hear", plan="CP").variables == {"child": "K-1", "plan": "CP"}


def test_a_message_cannot_arrive_twice():
    tale = story(WAITING).begin(child="K-1")
    gone = tale.outcome.awaited[0].id
    with pytest.raises(Conflict):
        tale.receive("hear").act(MessageReceived(gone, {}))


@pytest.mark.parametrize("given", [{}, {"child": ["K-1"]}, {"child": {"id": "K-1"}}])
def test_a_correlation_key_that_is_missing_or_no_key_is_an_error_of_the_diagram(given):
    with pytest.raises(ModelError, match="correlation key"):
        story(WAITING).begin(**given)


def test_a_receive_task_waits_for_its_message():
    receive = task("hear", "receiveTask").replace('id="hear"', 'id="hear" messageRef="m"')
    waiting = diagram(start(), receive, end(), flows("begin hear done"), outside=message("m", "heard"))
    tale = story(waiting).begin()
    assert tale.outcome.awaited[0].correlation_key == ""
    assert tale.receive("hear", x=1).variables == {"x": 1}


def test_a_message_on_a_boundary_that_does_not_interrupt_can_come_again():
    tale = story(NEWS).begin().receive("news", n=1).receive("news", n=2)
    assert tale.open == ["work", "read", "read", "news"]
    assert tale.complete("work").open == ["read", "read"]


def test_the_first_event_after_an_event_gateway_cancels_the_others():
    tale = story(RACE).begin()
    assert (tale.open, tale.outcome.wake_at) == (["hear"], MONDAY + timedelta(days=5))
    assert tale.receive("hear").open == ["read"]
    assert tale.outcome.wake_at is None
    assert story(RACE).begin().wait(days=5).open == ["chase"]


def test_a_process_can_be_started_by_its_message():
    two_ways = diagram(
        start("by_hand"), start("by_event", "m", outputs={"why": "=reason"}), user("a"), user("b"),
        flows("by_hand a"), flows("by_event b"), outside=message("m", "plan-ended"),
    )  # fmt: skip
    assert story(two_ways).begin().open == ["a"]
    assert story(two_ways).begin(message="plan-ended", reason="done", other=1).task("b").variables == {"why": "done"}


def test_a_message_nobody_draws_cannot_start_a_process():
    with pytest.raises(ModelError, match="no start event"):
        story(ESCALATION).begin(message="plan-ended")


def test_a_refused_job_is_caught_by_the_error_event_on_it():
    tale = story(REFUSAL).begin().job_refused("post", "no-address", "The family has moved", tried=3)
    assert tale.open == ["find"]
    assert tale.task("find").variables == {"why": "The family has moved"}
    assert "post (cancelled)" in tale.passed


def test_an_error_of_another_code_is_caught_by_nobody_and_changes_nothing():
    tale = story(REFUSAL).begin()
    with pytest.raises(ModelError, match=r"on-fire.*nothing catches") as caught:
        tale.job_refused("post", "on-fire")
    assert caught.value.element_id == "post"
    assert tale.job_done("post").outcome.ended is not None


def test_an_error_event_without_a_code_catches_what_no_other_catches():
    both = diagram(
        start(), job("post"), end(), boundary("exact", "post", catches_error("e")),
        boundary("any", "post", catches_error()), user("a"), user("b"), flows("begin post done"), flows("exact a"),
        flows("any b"), outside=error("e", "no-address"),
    )  # fmt: skip
    assert story(both).begin().job_refused("post", "no-address").open == ["a"]
    assert story(both).begin().job_refused("post", "on-fire").open == ["b"]


def test_an_error_end_leaves_the_sub_process_it_stands_in():
    tale = story(FAILING).begin().complete("try")
    assert tale.open == ["repair"]
    assert "part (cancelled)" in tale.passed
    assert "beside (cancelled)" in tale.passed


def test_an_error_end_leaves_a_called_process_too():
    calling = diagram(
        start(), call("sign", "inner"), end(), boundary("caught", "sign", catches_error("e")), user("repair"),
        flows("begin sign done"), flows("caught repair"), outside=error("e", "no-level"),
    )  # fmt: skip
    inner = diagram(start(), error_end("none", "e"), flows("begin none"), process_id="inner",
                    outside=error("e", "no-level"))  # fmt: skip
    assert story(calling, inner).begin().open == ["repair"]


def test_an_error_beside_an_activity_is_not_caught_by_that_activity():
    beside = diagram(
        start(), gateway("split", "parallel"), job("post"), error_end("failed", "e"), end(),
        boundary("caught", "post", catches_error("e")), user("repair"), flows("begin split post done"),
        flow("split", "failed"), flows("caught repair"), outside=error("e", "no-level"),
    )  # fmt: skip
    with pytest.raises(ModelError, match="nothing catches"):
        story(beside).begin()


def pause(inside, **given):
    return story(diagram(start(), catch("pause", inside=inside), end(), flows("begin pause done")), **given)


LATE = timer("timeDate", "2027-01-14T09:00:00Z")
ESCALATION = diagram(
    start(), user("work"), end(), boundary("late", "work", LATE, stop=False), user("escalate"), end("told"),
    flows("begin work done"), flows("late escalate told"),
)  # fmt: skip
INTERRUPTED = diagram(
    start(), user("work"), end(), boundary("late", "work", LATE), user("escalate"), end("told"),
    flows("begin work done"), flows("late escalate told"),
)  # fmt: skip
REMINDER = diagram(
    start(), user("work"), end(), boundary("daily", "work", timer("timeCycle", "R2/P1D"), stop=False),
    user("remind"), end("reminded"), flows("begin work done"), flows("daily remind reminded"),
)  # fmt: skip
WAITING = diagram(
    start(), catch("hear", "m"), end(), flows("begin hear done"), outside=message("m", "plan-started", key="=child")
)
NEWS = diagram(
    start(), user("work"), end(), boundary("news", "work", message="m", stop=False), user("read"), end("was_read"),
    flows("begin work done"), flows("news read was_read"), outside=message("m", "news"),
)  # fmt: skip
RACE = diagram(
    start(), gateway("first", "eventBased"), catch("hear", "m"), catch("tired", inside=timer("timeDuration", "P5D")),
    user("read"), user("chase"), flows("begin first hear read"), flows("first tired chase"),
    outside=message("m", "answered"),
)  # fmt: skip
REFUSAL = diagram(
    start(), job("post"), end(), user("find"),
    boundary("refused", "post", catches_error("e"), outputs={"why": "=errorMessage"}),
    flows("begin post done"), flows("refused find"), outside=error("e", "no-address"),
)  # fmt: skip
FAILING = diagram(
    start(),
    sub("part", start("b"), gateway("split", "parallel"), user("try"), error_end("failed", "e"), user("beside"),
        flows("b split try failed"), flow("split", "beside")),
    end(), boundary("caught", "part", catches_error("e")), user("repair"), flows("begin part done"),
    flows("caught repair"), outside=error("e", "broken"),
)  # fmt: skip
