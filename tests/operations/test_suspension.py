"""A suspended instance: nothing moves in it, everybody hears why, and nothing that came meanwhile is lost."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from service.contract import BpmnError
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.events import CaseEvent
from service.operations.cases import read_case
from service.operations.events import receive_event
from service.operations.instances import read_instance
from service.operations.jobs import run_job
from service.operations.steering import cancel_instance, resume_instance, suspend_instance
from service.operations.tasks import claim_task, complete_task, override_refusal, release_task, save_draft
from service.operations.views import EventView
from service.store.instances import InstanceRow
from service.store.jobs import JobRow
from service.store.tables import db
from tests.engine.drawing import catch, diagram, end, flows, job, message, start, user
from tests.operations.publishing import publish
from tests.operations.rows import values
from tests.operations.test_races import at_hurried, instance_of
from tests.operations.working import EVENT_TYPE, Sender, at_job, claim, handled, only_job, pass_by, post, telling, work
from tests.support.world import EXEMPLAR, INTEGRATOR, World

ABOVE = "sm-cin-east"
WORKER = "sw1-cin-east"
WHY = "The court has asked us to wait."
WAITING = diagram(
    start(message="m"), catch("first", "n"), catch("second", "n"), end(),
    flows("begin first second done"),
    process_id="waiting", outside=message("m", EVENT_TYPE) + message("n", "news", "=case.reference"),
)  # fmt: skip
"""Waits for the news twice."""
PLAIN = diagram(
    start(message="m"), user("answer", name="Answer the letter", assignee="=case.allocatedWorker"), end(),
    flows("begin answer done"), process_id="plain", outside=message("m", EVENT_TYPE),
)  # fmt: skip


def test_nobody_completes_claims_or_allows_anything_in_it(world: World) -> None:
    task = world.at_exemplar().task("complete_closure_exemplar")
    suspend(world)
    person = world.person(WORKER)
    acts = [
        partial(complete_task, world.env, person, task_id=task, answers=EXEMPLAR),
        partial(claim_task, world.env, person, task_id=task),
        partial(override_refusal, world.env, person, task_id=task, rule="CC-R4", reason="So."),
    ]
    for act in acts:
        with pytest.raises(Conflict) as error:
            act()
        assert error.value.message == (
            "“Closure of a case” was suspended by Service manager, Children in Need East on 4 January 2027 at 9:30am: "
            "The court has asked us to wait."
        )


def test_what_is_half_typed_can_still_be_saved_and_the_claim_given_back(sqlite_world: World) -> None:
    world = sqlite_world.at_exemplar()
    task = world.task("complete_closure_exemplar")
    claim_task(world.env, world.person(WORKER), task_id=task)
    suspend(world)
    saved = save_draft(world.env, world.person(WORKER), task_id=task, answers={"outcomes": "Half"}, version=0)
    release_task(world.env, world.person(WORKER), task_id=task)
    assert saved.version == 1


def test_its_timers_do_not_fire_until_it_is_resumed(world: World) -> None:
    instance_id = instance_of(world, at_hurried(world))
    suspend(world, instance_id)
    world.settle()
    assert [element for element, _ in world.seen().open] == ["answer"]
    resume(world, instance_id)
    world.settle()
    assert (world.seen().open, [process for _, process in world.seen().ended]) == ((), ["hurried"])


def test_its_jobs_are_not_begun_until_it_is_resumed(world: World) -> None:
    sender = Sender({})
    at_job(world, handled(telling(sender)))
    suspend(world)
    assert (work(world), sender.given) == (0, [])
    resume(world)
    work(world)
    assert (len(sender.given), only_job().status) == (1, "done")


def test_the_jobs_of_others_and_those_that_are_over_are_left_as_they_are(world: World) -> None:
    job_type = handled(telling(Sender({})))
    at_job(world, job_type, job("again", job_type, retries="1"), path="begin send again done")
    work(world)
    post(world, "K-102")
    first, other = (
        values(select(InstanceRow.id).where(InstanceRow.case_reference == case))[0] for case in ("K-101", "K-102")
    )
    untouched = {("K-101", "send"): "done", ("K-102", "send"): "pending"}
    suspend(world, first)
    assert jobs() == {**untouched, ("K-101", "again"): "suspended"}
    suspend(world, other)
    resume(world, first)
    assert jobs() == {("K-101", "send"): "done", ("K-102", "send"): "suspended", ("K-101", "again"): "pending"}
    resume(world, other)
    cancel_instance(world.env, world.person(ABOVE), instance_id=first, reason=WHY)
    assert jobs() == {**untouched, ("K-101", "again"): "cancelled"}


def test_what_a_handler_gives_meanwhile_is_kept_and_it_is_not_asked_again(world: World) -> None:
    sender = Sender({"sent": "yes"})
    at_job(world, handled(telling(sender)))
    [leased] = claim(world)
    suspend(world)
    run_job(world.env, leased)
    assert (only_job().status, only_job().answer, len(sender.given)) == ("suspended", {"variables": {"sent": "yes"}}, 1)
    resume(world)
    pass_by(world, 3_600)
    work(world)
    assert (only_job().status, len(sender.given), len(world.seen().ended)) == ("done", 1, 1)


def test_a_refusal_that_a_handler_gives_meanwhile_is_kept_as_one(sqlite_world: World) -> None:
    world, sender = sqlite_world, Sender(BpmnError("unknown-address", "Nobody lives there."))
    at_job(world, handled(telling(sender)))
    [leased] = claim(world)
    suspend(world)
    run_job(world.env, leased)
    resume(world)
    work(world)
    assert (only_job().status, len(sender.given)) == ("stuck", 1)


def test_events_for_it_are_kept_and_come_in_their_order(world: World) -> None:
    publish(world, WAITING)
    post(world, "K-101")
    suspend(world)
    told = [news(world, number) for number in (1, 2)]
    assert [view.status for view in told] == ["held", "held"]
    assert told[0].did.startswith("Held for Review, which was suspended by Service manager")
    resume(world)
    world.settle()
    received = [entry for entry in world.seen().history if "Message received" in entry]
    assert (len(received), [process for _, process in world.seen().ended]) == (2, ["waiting"])
    assert [news(world, number).status for number in (1, 2)] == ["delivered", "delivered"]


def test_an_event_reaches_the_others_that_wait_for_it_at_once(sqlite_world: World) -> None:
    world = sqlite_world
    publish(world, WAITING)
    post(world, "K-101")
    first = only_instance(world)
    world.clock.moment += timedelta(minutes=1)
    receive_event(world.env, INTEGRATOR, event=CaseEvent("lcs", "other", EVENT_TYPE, "K-101", world.clock.moment, {}))
    suspend(world, first)
    view = news(world, 1)
    assert view.status == "delivered"
    assert view.did.startswith("Delivered to Review; Held for Review, which was suspended")
    resume(world, first)
    world.settle()
    again = news(world, 1)
    assert (again.status, again.did.count("Delivered to Review")) == ("delivered", 2)


def test_what_was_kept_for_one_that_is_cancelled_is_looked_at_anew(sqlite_world: World) -> None:
    world = sqlite_world
    publish(world, WAITING)
    post(world, "K-101")
    suspend(world)
    news(world, 1)
    cancel_instance(world.env, world.person(ABOVE), instance_id=only_instance(world), reason="Opened by mistake.")
    world.settle()
    assert news(world, 1).did == "Held: nobody waits for it yet"


def test_the_api_and_the_case_say_since_when_by_whom_and_why(sqlite_world: World) -> None:
    world = sqlite_world.at_exemplar()
    suspend(world)
    view = read_instance(world.env, world.person(WORKER), instance_id=only_instance(world))
    assert view.status == "suspended"
    assert view.suspended is not None
    assert (view.suspended.by, view.suspended.because) == ("Service manager, Children in Need East", WHY)
    assert f"Suspended: Closure of a case. Reason: {WHY}" in world.seen().history[-1]


def test_it_can_be_cancelled_and_is_no_longer_suspended(world: World) -> None:
    world.at_exemplar()
    suspend(world)
    cancel_instance(world.env, world.person(ABOVE), instance_id=only_instance(world), reason="Opened by mistake.")
    view = read_instance(world.env, world.person(WORKER), instance_id=only_instance(world))
    assert (view.status, view.suspended, view.waiting_for) == ("cancelled", None, ())


def test_what_is_not_suspended_is_not_resumed_and_nothing_is_suspended_twice(sqlite_world: World) -> None:
    world = sqlite_world.at_exemplar()
    with pytest.raises(Conflict, match="is not suspended"):
        resume(world)
    suspend(world)
    with pytest.raises(Conflict, match="was suspended by Service manager"):
        suspend(world)


@pytest.mark.parametrize("act", [suspend_instance, resume_instance, cancel_instance])
def test_nobody_below_does_it_and_a_stranger_hears_nothing(sqlite_world: World, act: Any) -> None:
    world = sqlite_world.at_exemplar()
    for person in (WORKER, "tm-cin-east"):
        with pytest.raises(NotAllowed, match="you are not above the team that owns the case"):
            act(world.env, world.person(person), instance_id=only_instance(world), reason=WHY)
    for instance_id in (only_instance(world), "no such id"):
        with pytest.raises(NotFound):
            act(world.env, world.person("sw1-cla"), instance_id=instance_id, reason=WHY)


@pytest.mark.parametrize("act", [suspend_instance, cancel_instance])
@pytest.mark.parametrize("reason", ["", "  ", "x" * 4_001])
def test_it_needs_a_reason_that_can_be_read(sqlite_world: World, act: Any, reason: str) -> None:
    world = sqlite_world.at_exemplar()
    with pytest.raises(Invalid) as error:
        act(world.env, world.person(ABOVE), instance_id=only_instance(world), reason=reason)
    assert "reason" in error.value.fields


def test_what_was_cancelled_says_by_whom_to_whoever_comes_late(world: World) -> None:
    publish(world, PLAIN)
    post(world, "K-101")
    task = world.task("answer")
    cancel_instance(world.env, world.person(ABOVE), instance_id=only_instance(world), reason="Opened by mistake.")
    with pytest.raises(Conflict) as error:
        complete_task(world.env, world.person(WORKER), task_id=task, answers={})
    assert error.value.message == (
        "“Answer the letter” was cancelled when Service manager, Children in Need East cancelled “Review” (Opened by "
        "mistake.) on 4 January 2027 at 9:30am."
    )
    with pytest.raises(Conflict, match="“Review” was cancelled by Service manager"):
        cancel_instance(world.env, world.person(ABOVE), instance_id=only_instance(world), reason="Again.")


def suspend(world: World, instance_id: str | None = None) -> None:
    """Somebody above stops the pathway of K-101."""
    suspend_instance(world.env, world.person(ABOVE), instance_id=instance_id or only_instance(world), reason=WHY)


def resume(world: World, instance_id: str | None = None) -> None:
    """They let it go on."""
    resume_instance(
        world.env, world.person(ABOVE), instance_id=instance_id or only_instance(world), reason="The court is done."
    )


def jobs() -> dict[tuple[str, str], str]:
    """The status of every job by its case and its element."""
    found = {(row.case_reference, row.element_id): row.status for row in db.session.query(JobRow)}
    db.session.close()
    return found


def only_instance(world: World) -> str:
    """The pathway of K-101 that began first."""
    return read_case(world.env, world.person(ABOVE), reference="K-101").instances[-1].id


def news(world: World, number: int) -> EventView:
    """What the pathway waits for comes; again the same when it has come before."""
    event = CaseEvent("lcs", f"news-{number}", "news", "K-101", None, {})
    return receive_event(world.env, INTEGRATOR, event=event)
