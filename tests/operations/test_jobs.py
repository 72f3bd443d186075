"""Jobs: the four ways in which a handler ends, the pauses between its tries, and results that come too late."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from service.contract import BpmnError, RetryLater
from service.domain.people import TOWPATH
from service.domain.stimuli import JobCompleted
from service.operations.jobs import MAX_ERROR, LeasedJob, claim_jobs, fail_job, finish_job
from service.store.events import OutboxRow
from service.store.incidents import IncidentRow
from tests.engine.drawing import boundary, catches_error, end, error, flow, message, throw, timer
from tests.operations.rows import count, values
from tests.operations.together import together
from tests.operations.working import Sender, at_job, claim, handled, only_job, pass_by, post, telling, work
from tests.support.world import World


def test_what_the_handler_gives_the_process_goes_on_with(sqlite_world: World) -> None:
    told = throw("told", "told", inputs={"receipt": "=kept"})
    job_type = handled(lambda address: {"receipt": f"R-{address}"})
    drawn = {"inputs": {"address": "=place"}, "outputs": {"kept": "=receipt"}, "path": "begin send told done"}
    at_job(sqlite_world, job_type, told, data={"place": "12"}, outside=message("told"), **drawn)
    work(sqlite_world)
    assert values(select(OutboxRow.data)) == [{"receipt": "R-12"}]
    assert "Done: Send the letter" in sqlite_world.seen().history[-1]


def test_a_handler_is_told_its_case_and_which_attempt_it_is(sqlite_world: World) -> None:
    sender = Sender(RetryLater("busy"), {})
    at_job(sqlite_world, handled(telling(sender)))
    work(sqlite_world)
    pass_by(sqlite_world, 5)
    work(sqlite_world)
    first, second = sender.given
    assert (first.id, first.attempt, first.business_key) == (second.id, 1, "K-101")
    assert second.attempt == 2


@pytest.mark.parametrize("failure", [RetryLater("busy"), RuntimeError("a bug")])
def test_each_pause_is_twice_the_one_before(sqlite_world: World, failure: Exception) -> None:
    sender = Sender(failure)
    at_job(sqlite_world, handled(telling(sender)), retries="9")
    pauses = []
    for _ in range(4):
        work(sqlite_world)
        pauses.append((only_job().due_at - sqlite_world.clock()).total_seconds())
        pass_by(sqlite_world, pauses[-1])
    assert pauses == [5, 10, 20, 40]


def test_nothing_is_tried_before_its_pause_is_over(sqlite_world: World) -> None:
    sender = Sender(RetryLater("busy"))
    at_job(sqlite_world, handled(telling(sender)))
    work(sqlite_world)
    pass_by(sqlite_world, 4.9)
    work(sqlite_world)
    assert len(sender.given) == 1


def test_a_pause_is_never_longer_than_an_hour(sqlite_world: World) -> None:
    at_job(
        sqlite_world, handled(telling(Sender(RuntimeError("a bug")))), headers={"retryBackoff": "PT50M"}, retries="9"
    )
    for _ in range(3):
        work(sqlite_world)
        pass_by(sqlite_world, 3_600)
    assert only_job().due_at == sqlite_world.clock()


def test_a_busy_world_may_say_when_to_come_back(sqlite_world: World) -> None:
    at_job(sqlite_world, handled(telling(Sender(RetryLater("busy", timedelta(minutes=7))))))
    work(sqlite_world)
    assert only_job().due_at == sqlite_world.clock() + timedelta(minutes=7)


def test_an_error_that_the_diagram_catches_goes_its_way(sqlite_world: World) -> None:
    caught = boundary("refused", "send", catches_error("e")), end("returned"), flow("refused", "returned")
    job_type = handled(telling(Sender(BpmnError("unknown-address"))))
    at_job(sqlite_world, job_type, *caught, outside=error("e", "unknown-address"))
    work(sqlite_world)
    assert (only_job().status, [process for _, process in sqlite_world.seen().ended]) == ("done", ["letter"])


@pytest.mark.parametrize(
    "given", [{"file": object()}, {"number": 2**70}, ["no", "names"]], ids=["object", "huge", "list"]
)
def test_what_no_process_can_keep_is_a_failure_of_the_handler(sqlite_world: World, given: Any) -> None:
    at_job(sqlite_world, handled(telling(Sender(given))))
    work(sqlite_world)
    job = only_job()
    assert (job.status, job.retries) == ("pending", 2)
    assert job.last_error


def test_a_missing_variable_is_a_failure_that_names_it(sqlite_world: World) -> None:
    at_job(sqlite_world, handled(lambda address: {}))
    work(sqlite_world)
    assert "needs the variable 'address'" in str(only_job().last_error)


def test_an_error_in_any_characters_can_be_kept(world: World) -> None:
    at_job(world, handled(telling(Sender(RuntimeError("nothing\x00 \ud83d" + "x" * 1_000)))))
    work(world)
    assert only_job().last_error == "nothing ?" + "x" * (MAX_ERROR - 9)


def test_a_result_that_lost_its_lease_changes_nothing(world: World) -> None:
    """The first worker was slow; the second is at it."""
    slow, quick = lost_lease(world)
    finish(world, slow)
    assert (only_job().status, only_job().lease) == ("pending", quick.lease)
    finish(world, quick)
    finish(world, slow)
    assert (only_job().status, count("outbox"), len(world.seen().ended)) == ("done", 0, 1)


def test_a_failure_that_lost_its_lease_changes_nothing(sqlite_world: World) -> None:
    slow, quick = lost_lease(sqlite_world)
    fail_job(sqlite_world.env, TOWPATH, leased=slow, error="too slow", after=None)
    assert (only_job().retries, only_job().last_error, only_job().lease) == (3, None, quick.lease)


def test_a_result_for_a_step_that_was_left_meanwhile_changes_nothing(sqlite_world: World) -> None:
    too_late = boundary("late", "send", timer("timeDuration", "PT30S")), end("given_up"), flow("late", "given_up")
    at_job(sqlite_world, handled(telling(Sender({}))), *too_late)
    [leased] = claim(sqlite_world)
    pass_by(sqlite_world, 31)
    sqlite_world.settle()
    finish(sqlite_world, leased)
    assert (only_job().status, len(sqlite_world.seen().ended)) == ("cancelled", 1)


def test_workers_never_claim_the_same_job(world: World) -> None:
    at_job(world, handled(telling(Sender({}))))
    for case in ("K-102", "K-103", "K-104", "K-105", "K-106"):
        post(world, case)
    claimed = together(world, [partial(claim, world, 6)] * 5)
    ids = [leased.job.id for each in claimed for leased in each]
    assert len(ids) == len(set(ids)) == 6


def test_a_claim_may_be_for_jobs_of_one_type(sqlite_world: World) -> None:
    job_type = handled(telling(Sender({})))
    at_job(sqlite_world, job_type)
    assert claim_jobs(sqlite_world.env, TOWPATH, limit=1, job_type="test.another") == []
    assert [leased.job.type for leased in claim_jobs(sqlite_world.env, TOWPATH, limit=1, job_type=job_type)] == [
        job_type
    ]


def test_a_leased_job_is_nobody_elses_until_the_lease_ends(sqlite_world: World) -> None:
    at_job(sqlite_world, handled(telling(Sender({}))))
    assert len(claim(sqlite_world)) == 1
    pass_by(sqlite_world, sqlite_world.env.config.lease_seconds - 0.1)
    assert claim(sqlite_world) == []
    pass_by(sqlite_world, 0.1)
    assert len(claim(sqlite_world)) == 1


def lost_lease(world: World) -> tuple[LeasedJob, LeasedJob]:
    """The leases of two workers; that of the first has run out."""
    at_job(world, handled(telling(Sender({}))))
    [slow] = claim(world)
    pass_by(world, world.env.config.lease_seconds)
    [quick] = claim(world)
    return slow, quick


def finish(world: World, leased: LeasedJob) -> None:
    """A worker reports that it is done."""
    finish_job(world.env, TOWPATH, leased=leased, stimulus=JobCompleted(leased.job.id))


def test_a_busy_world_costs_no_retry_for_as_long_as_the_diagram_says(sqlite_world: World) -> None:
    patient = {"retryBackoff": "PT5S", "retryFor": "P3D"}
    at_job(sqlite_world, handled(telling(Sender(RetryLater("down")))), headers=patient, retries="1")
    for _ in range(20):
        work(sqlite_world)
        pass_by(sqlite_world, 3_600)
    assert (only_job().status, only_job().retries) == ("pending", 1)
    pass_by(sqlite_world, 3 * 24 * 3_600)
    work(sqlite_world)
    assert only_job().status == "stuck"


@pytest.mark.parametrize("header", ["retryBackoff", "retryFor"])
@pytest.mark.parametrize("text", ["soon", "-PT5S", "PT0S", "P1Y"])
def test_what_a_header_says_is_a_length_of_time_or_a_person_must_look(
    sqlite_world: World, header: str, text: str
) -> None:
    at_job(sqlite_world, handled(telling(Sender(RetryLater("down")))), headers={"retryBackoff": "PT5S", header: text})
    work(sqlite_world)
    assert only_job().status == "stuck"
    [said] = values(select(IncidentRow.message))
    assert said == f"{header} {text!r} is not a duration such as PT5S"


def test_without_a_word_on_the_diagram_the_first_pause_is_ten_seconds(sqlite_world: World) -> None:
    at_job(sqlite_world, handled(telling(Sender(RetryLater("down")))), headers={})
    work(sqlite_world)
    assert only_job().due_at == sqlite_world.clock() + timedelta(seconds=10)


def test_a_failure_costs_a_retry_however_patient_the_diagram_is(sqlite_world: World) -> None:
    patient = {"retryBackoff": "PT5S", "retryFor": "P3D"}
    at_job(sqlite_world, handled(telling(Sender(RuntimeError("a bug")))), headers=patient, retries="1")
    work(sqlite_world)
    assert only_job().status == "stuck"
