"""A batch of due work in which something of every kind is bad: all that is good takes effect, and each that is bad is
an incident of its kind or put off. What is bad alone is tried in the tests of each kind."""

from __future__ import annotations

import random
from html import unescape

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from service.contract import Job
from service.domain.errors import UnreadableState
from service.domain.events import CaseEvent
from service.operations.cases import read_case
from service.operations.events import accept_event, receive_event
from service.store.history import HistoryRow
from service.store.instances import InstanceRow
from service.store.jobs import JobRow
from service.ticker import tick
from service.web.desk.guards import PERSON
from tests.engine.drawing import catch, diagram, end, flows, gateway, job, message, start, timer, user
from tests.operations.publishing import publish
from tests.operations.rows import changing, values
from tests.operations.test_due_work import unforeseen_event
from tests.operations.working import EVENT_TYPE, claimed, handled, pass_by
from tests.support.plain import add_case
from tests.support.world import INTEGRATOR, World
from tests.web.api.calling import a_person

GOOD, UNREADABLE, FAILING, UNMAPPED, UNFORESEEN = CASES = ("K-101", "K-102", "K-103", "K-104", "K-900")
ABOVE = "sm-cin-east"
WORKERS = {GOOD: "sw1-cin-east", UNREADABLE: "sw1-cin-east", FAILING: "sw2-cin-east", UNMAPPED: "sw2-cin-east"}
NO_STATE = b"not a state"
EFFECTS = {"JobCompleted", "MessageReceived", "TimerFired"}

STUCK = {
    GOOD: set(),
    UNREADABLE: {"job", "event", "timer"},
    FAILING: {"job"},
    UNMAPPED: {"event"},
    UNFORESEEN: {"event"},
}
"""The kinds of incident that each case comes to."""
DONE = {
    GOOD: EFFECTS,
    UNREADABLE: set(),
    FAILING: EFFECTS - {"JobCompleted"},
    UNMAPPED: {"TimerFired"},
    UNFORESEEN: {"TimerFired", "JobCompleted"},
}
"""What took effect in each."""


@pytest.mark.parametrize("seed", range(3))
def test_the_good_take_effect_and_each_of_the_bad_is_one_persons_to_look_at(world: World, seed: int) -> None:
    at_work(world)
    work_through(world, seed)
    assert {case: done(case) for case in CASES} == DONE
    assert {case: stuck(world, case) for case in CASES} == STUCK
    assert {case: [name for name, _ in world.seen(case).open] for case in CASES} == {case: ["answer"] for case in CASES}


def test_what_failed_with_tries_left_is_put_off(sqlite_world: World) -> None:
    at_work(sqlite_world)
    work_through(sqlite_world, 0)
    [letter] = values(select(JobRow).where(JobRow.case_reference == UNMAPPED))
    assert (letter.status, letter.retries, letter.last_error) == ("pending", 2, "Not today.")
    assert letter.due_at > sqlite_world.clock.moment


def test_the_last_good_state_stays_and_the_cases_go_on_from_it(world: World) -> None:
    at_work(world)
    work_through(world, 1)
    assert values(select(InstanceRow.state).where(InstanceRow.case_reference == UNREADABLE)) == [NO_STATE]
    for case in (GOOD, FAILING, UNMAPPED):
        world.complete("answer", WORKERS[case], {}, case)
    with pytest.raises(UnreadableState):
        world.complete("answer", WORKERS[UNREADABLE], {}, UNREADABLE)
    assert [name for name, _ in world.seen(UNREADABLE).open] == ["answer"]
    assert [process for _, process in world.seen(GOOD).ended] == ["mixed"]
    assert stuck(world, UNREADABLE) == STUCK[UNREADABLE] | {"task"}


def test_what_could_not_be_mapped_is_taken_from_the_next_event(sqlite_world: World) -> None:
    at_work(sqlite_world)
    work_through(sqlite_world, 0)
    receive_event(sqlite_world.env, INTEGRATOR, event=news(UNMAPPED, "again", letter={"pages": 3}))
    assert "MessageReceived" in done(UNMAPPED)


def test_the_api_and_the_pages_say_so(sqlite_world: World) -> None:
    world = sqlite_world
    at_work(world)
    work_through(world, 0)
    above, client = a_person(world.app, ABOVE), world.app.test_client()
    with client.session_transaction() as session:
        session[PERSON] = ABOVE
    problems = unescape(client.get("/problems").text)
    for case in CASES:
        [instance] = read_case(world.env, world.person(ABOVE), reference=case).instances
        # An event that cannot be delivered belongs to the case: no instance has taken it.
        told = above.get(f"/process-instances/{instance.id}").get_json()
        assert told["incidents"] == len(STUCK[case] - {"event"})
        told = above.get(f"/cases/{case}").get_json()
        assert {incident["kind"] for incident in told["incidents"]} == STUCK[case]
        page = unescape(client.get(f"/cases/{case}").text)
        assert all(incident["message"] in page and incident["message"] in problems for incident in told["incidents"])
        assert (case in problems) == bool(STUCK[case])


def at_work(world: World) -> None:
    """In each case a timer, a job and an event are due at once, and somebody is asked."""
    job_type = handled(send)
    add_case(UNFORESEEN)
    publish(world, mixed(job_type), job_types=frozenset({job_type}))
    for case in CASES:
        data = {"tries": "3" if case == UNMAPPED else "1"}
        event = CaseEvent("lcs", f"begin-{case}", EVENT_TYPE, case, world.clock.moment, data)
        assert receive_event(world.env, INTEGRATOR, event=event).status == "delivered"
    pass_by(world, 3_600)
    unforeseen_event(world, UNFORESEEN)
    for case in set(CASES) - {UNFORESEEN}:
        given = {} if case == UNMAPPED else {"letter": {"pages": 2}}
        accept_event(world.env, INTEGRATOR, event=news(case, "first", **given))
    with changing() as session:
        session.execute(update(InstanceRow).where(InstanceRow.case_reference == UNREADABLE).values(state=NO_STATE))


def work_through(world: World, seed: int) -> None:
    """All that is due is done, in any order, until nothing is left."""
    chance = random.Random(seed)
    while pieces := claimed(world):
        chance.shuffle(pieces)
        with capture_logs():  # drawing the traceback of what nobody foresaw takes longer than all the rest
            tick(pieces)


def send(letter: Job) -> dict[str, str]:
    """The handler of every letter."""
    if letter.business_key in (FAILING, UNMAPPED):
        raise ValueError("Not today.")
    return {}


def mixed(job_type: str) -> bytes:
    """Asks somebody, and beside that waits for an hour, for news that tell of a letter, and for a letter to be sent."""
    return diagram(
        start(message="m"), gateway("fork", "parallel"), end(),
        user("answer", name="Answer", assignee="=case.allocatedWorker"),
        catch("pause", inside=timer("timeDuration", "PT1H")),
        catch("hear", "n", outputs={"pages": "=if letter = null then (function(x) x) else letter.pages"}),
        job("send", job_type, "=tries", name="Send the letter", headers={"retryBackoff": "PT5S"}),
        flows("begin fork answer done"),
        *(flows(f"fork {each} {each}_over") + end(f"{each}_over") for each in ("pause", "hear", "send")),
        process_id="mixed", outside=message("m", EVENT_TYPE) + message("n", "news", "=case.reference"),
    )  # fmt: skip


def news(case: str, event_id: str, **data: object) -> CaseEvent:
    """The news of a case."""
    return CaseEvent("lcs", f"news-{case}-{event_id}", "news", case, None, data)


def done(case: str) -> set[str]:
    """Which of the effects the history of a case has."""
    query = select(HistoryRow.verb).where(HistoryRow.case_reference == case, HistoryRow.verb.in_(EFFECTS))
    found = values(query)
    assert len(found) == len(set(found)), f"twice in {case}: {found}"
    return set(found)


def stuck(world: World, case: str) -> set[str]:
    """The kinds of what is stuck in a case; of each kind one."""
    kinds = [incident.kind for incident in read_case(world.env, world.person(ABOVE), reference=case).incidents]
    assert len(kinds) == len(set(kinds)), f"twice in {case}: {kinds}"
    return set(kinds)
