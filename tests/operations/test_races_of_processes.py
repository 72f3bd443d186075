"""Several processes of the operating system at once, as web nodes and workers are: exactly one wins, and the others
hear who was first. Everything several times, on either database; threads race in `test_races.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from service.domain.events import CaseEvent
from service.domain.people import TOWPATH
from service.operations.due import pass_time
from service.operations.events import receive_event
from service.operations.steering import cancel_instance
from service.operations.tasks import claim_task, complete_task
from tests.engine.drawing import boundary, catch, diagram, end, flow, flows, message, start, timer, user
from tests.operations.publishing import publish
from tests.operations.rows import also_waits_for, count
from tests.operations.working import EVENT_TYPE, pass_by
from tests.support.racers import Act, Racers, Told, racers
from tests.support.world import INTEGRATOR, SIGNATURE, World

ROUNDS = 5
CROWD = 8
MANAGERS = ("tm-cin-east", "sm-cin-east", "hos-cin")
WORKER = "sw1-cin-east"
ABOVE = "sm-cin-east"

ASKED = diagram(
    start(message="m"), user("agree", name="Agree it", users=", ".join(MANAGERS)),
    user("thank", name="Thank everybody", assignee=WORKER), end(),
    boundary("too_late", "agree", timer("timeDuration", "PT1H"), name="Too late"), end("expired"),
    flows("begin agree thank done"), flow("too_late", "expired"),
    process_id="asked", outside=message("m", EVENT_TYPE),
)  # fmt: skip
"""Any of three managers agrees within the hour; then somebody else is asked."""

WAITING = diagram(
    start(message="m"), catch("hear", "n"), end(), flows("begin hear done"),
    process_id="waiting", outside=message("m", EVENT_TYPE) + message("n", "news", "=case.reference"),
)  # fmt: skip
"""Waits for the news once."""


@pytest.mark.parametrize("act", [complete_task, claim_task])
def test_of_managers_who_do_the_same_at_once_one_does_it(world: World, eight: Racers, act: Any) -> None:
    publish(world, ASKED)
    eight.meet(world, len(MANAGERS))
    how = "was completed by {}" if act is complete_task else "{} claimed it first."
    more = {"answers": {}} if act is complete_task else {}
    for number in range(ROUNDS):
        begin(world, number)
        task = world.task("agree")
        acts = [Act(act, world.person(each), {"task_id": task, **more}) for each in MANAGERS]
        told = eight.race(world, acts)
        first = only_winner(told)
        assert hear(told, how.format(world.person(MANAGERS[first]).name)) == len(MANAGERS) - 1
    assert done("TaskCompleted" if act is complete_task else "TaskClaimed") == ROUNDS
    assert raced(eight)


def test_managers_who_sign_at_once_sign_once(world: World, eight: Racers) -> None:
    sign = world.at_first_signature().task("sign")
    also_waits_for(sign, *MANAGERS[1:])
    eight.meet(world, len(MANAGERS))
    acts = [Act(complete_task, world.person(each), {"task_id": sign, "answers": SIGNATURE}) for each in MANAGERS]
    told = eight.race(world, acts)
    assert hear(told, f"was completed by {world.person(MANAGERS[only_winner(told)]).name}") == 2
    assert (count("oversight_records"), count("user_tasks WHERE answers IS NOT NULL")) == (1, 2)
    assert [element for element, _ in world.seen().open] == ["sign"]


def test_a_double_click_gives_the_first_result_again_and_the_case_goes_on(world: World, eight: Racers) -> None:
    publish(world, ASKED)
    eight.meet(world, 4)
    for number in range(ROUNDS):
        begin(world, number)
        task = world.task("agree")
        click = Act(complete_task, world.person(MANAGERS[0]), {"task_id": task, "answers": {}})
        told = eight.race(world, [click] * 4)
        assert [each.error for each in told] == [""] * 4
        assert [each.result for each in told] == [told[0].result] * 4
        world.complete("thank", WORKER, {})
    assert (done("TaskCompleted"), len(world.seen().ended)) == (2 * ROUNDS, ROUNDS)
    assert raced(eight)


def test_a_completion_and_the_timer_one_is_first(world: World, eight: Racers) -> None:
    publish(world, ASKED)
    eight.meet(world, 2)
    for number in range(ROUNDS):
        instance_id = begin(world, number)
        pass_by(world, 3_600)
        agreeing = Act(complete_task, world.person(ABOVE), {"task_id": world.task("agree"), "answers": {}})
        told = eight.race(world, [agreeing, Act(pass_time, TOWPATH, {"instance_id": instance_id})])
        agreed, passed = (done(verb, instance_id) for verb in ("TaskCompleted", "TimerFired"))
        assert (agreed, passed) in {(1, 0), (0, 1)}
        assert told[0].won == bool(agreed)
        assert told[0].won or "“Agree it” was cancelled by the timer “Too late”" in told[0].message
    assert raced(eight)


def test_a_message_and_a_cancellation_one_is_first(world: World, eight: Racers) -> None:
    publish(world, WAITING)
    eight.meet(world, 2)
    for number in range(ROUNDS):
        instance_id = begin(world, number)
        cancelling = Act(cancel_instance, world.person(ABOVE), {"instance_id": instance_id, "reason": "By mistake."})
        heard, cancelled = eight.race(world, [news(world, f"news-{number}"), cancelling])
        got = done("MessageReceived", instance_id)
        assert (heard.result.status, got, cancelled.won) in {("delivered", 1, False), ("held", 0, True)}
        assert cancelled.won or "“Review” came to its end on 4 January 2027" in cancelled.message
        if cancelled.won:
            settle_held(world, number)
    assert raced(eight)


def test_of_eight_events_for_one_case_one_is_heard_and_the_others_are_kept(world: World, eight: Racers) -> None:
    publish(world, WAITING)
    eight.meet(world, CROWD)
    begin(world, 0)
    told = eight.race(world, [news(world, f"news-{n}") for n in range(CROWD)])
    world.settle()
    assert [each.error for each in told] == [""] * CROWD
    assert done("MessageReceived") == 1
    assert (count("case_events WHERE status = 'delivered'"), count("case_events WHERE status = 'held'")) == (2, 7)


def test_of_eight_events_that_start_a_pathway_one_starts_it(world: World, eight: Racers) -> None:
    eight.meet(world, CROWD)
    events = [CaseEvent("lcs", f"e-{n}", "closure-proposed", "K-101", world.clock.moment, {}) for n in range(CROWD)]
    told = eight.race(world, [Act(receive_event, INTEGRATOR, {"event": event}) for event in events])
    said = sorted(each.result.did for each in told)
    assert said == ["Nothing new: Closure of a case is already open for K-101"] * 7 + ["Started Closure of a case"]
    assert len({each.result.instance_id for each in told}) == 1
    assert (count("process_instances"), count("user_tasks")) == (1, 1)


def test_of_eight_payloads_under_one_id_one_is_accepted(world: World, eight: Racers) -> None:
    publish(world, WAITING)
    eight.meet(world, CROWD)
    begin(world, 0)
    for number in range(ROUNDS):
        told = eight.race(world, [news(world, f"one-{number}", payload=n) for n in range(CROWD)])
        only_winner(told)
        assert hear(told, f"Event 'one-{number}' from 'lcs' was accepted before with another payload") == CROWD - 1
    assert count("case_events WHERE source = 'lcs' AND type = 'news'") == ROUNDS
    assert raced(eight)


@pytest.fixture(scope="module")
def eight() -> Iterator[Racers]:
    """As many processes as events come at once; fewer act where fewer are wanted."""
    with racers(CROWD) as started:
        yield started


def begin(world: World, number: int) -> str:
    """The pathway of the test begins once more for K-101, a minute later; gives its instance."""
    pass_by(world, 60)
    event = CaseEvent("lcs", f"begin-{number}", EVENT_TYPE, "K-101", world.clock.moment, {})
    view = receive_event(world.env, INTEGRATOR, event=event)
    assert view.instance_id is not None, view.did
    return view.instance_id


def news(world: World, event_id: str, **data: Any) -> Act:
    """The news come."""
    return Act(receive_event, INTEGRATOR, {"event": CaseEvent("lcs", event_id, "news", "K-101", None, data)})


def only_winner(told: list[Told]) -> int:
    """The one who did it; every other met a conflict."""
    [winner] = [index for index, each in enumerate(told) if each.won]
    assert {each.error for index, each in enumerate(told) if index != winner} == {"Conflict"}
    return winner


def hear(told: list[Told], words: str) -> int:
    """How many hear these words."""
    return sum(words in each.message for each in told)


def done(verb: str, instance_id: str | None = None) -> int:
    """How many entries of the history have the verb: of one instance, or of all."""
    return count(f"history WHERE verb = '{verb}'" + (f" AND instance_id = '{instance_id}'" if instance_id else ""))


def settle_held(world: World, number: int) -> None:
    """News that nobody waited for are taken by a pathway that begins now, so that the next round begins clean."""
    begin(world, 1_000 + number)
    world.settle()
    assert count("process_instances WHERE status = 'running'") == 0


def raced(runners: Racers) -> bool:
    """Whether they were at it at once at all, and not one after the other each time."""
    return runners.overlapped > 0
