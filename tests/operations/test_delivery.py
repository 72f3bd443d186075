"""The oversight record on its way to the case record: what the pages say of it at every stage is true."""

from __future__ import annotations

import pytest

from service.domain.people import TOWPATH
from service.domain.stimuli import JobCompleted
from service.operations.cases import read_case
from service.operations.incidents import list_incidents, retry_incident
from service.operations.jobs import LeasedJob, claim_jobs, fail_job, finish_job
from service.operations.queue import read_user_task
from service.operations.views import OversightView
from tests.operations.working import pass_by
from tests.support.world import SIGNATURE, World

RECEIPT = {"number": "CM-000001"}
MANAGER = "tm-cin-east"


def test_before_the_first_try_it_waits_its_turn(signed: World) -> None:
    assert told(signed) == ("pending", "Not yet in the case record: delivery is waiting its turn")


def test_even_before_anybody_has_looked(sqlite_world: World) -> None:
    assert told(sqlite_world.at_second_signature())[0] == "pending"


def test_each_try_is_counted_and_its_reason_given(signed: World) -> None:
    fail(signed)
    assert told(signed) == ("pending", "Not yet in the case record: tried once (It is down.)")
    fail(signed)
    assert told(signed) == ("pending", "Not yet in the case record: tried 2 times (It is down.)")


def test_when_nothing_more_is_tried_it_says_so(signed: World) -> None:
    at_stuck(signed)
    assert told(signed) == ("stuck", "Not in the case record: delivery failed for good and needs a person to retry it")


def test_retried_by_a_person_it_is_under_way_again(signed: World) -> None:
    retry(at_stuck(signed))
    assert told(signed) == ("pending", "Not yet in the case record: tried 8 times (It is down.)")


def test_the_receipt_is_kept_and_told(signed: World) -> None:
    retry(at_stuck(signed))
    deliver(signed)
    delivered, words = told(signed)
    assert (delivered, words.startswith("Received by the case record on 4 January 2027")) == ("delivered", True)
    assert record(signed).receipt == RECEIPT
    assert [process for _, process in signed.seen().ended] == ["oversight-delivery"]


def test_the_page_of_the_next_signature_says_the_same(signed: World) -> None:
    at_stuck(signed)
    view = read_user_task(signed.env, signed.person("sm-cin-east"), task_id=signed.task("sign"))
    assert [(each.delivery, each.delivery_words) for each in view.records] == [told(signed)]


def test_one_that_is_stuck_does_not_hold_up_another(signed: World) -> None:
    at_stuck(signed)
    signed.complete("sign", "sm-cin-east", SIGNATURE)
    signed.settle()
    deliver(signed)
    records = read_case(signed.env, signed.person(MANAGER), reference="K-101").records
    assert [each.delivery for each in records] == ["stuck", "delivered"]


def record(world: World) -> OversightView:
    """The first manager's record as the case page shows it."""
    return read_case(world.env, world.person(MANAGER), reference="K-101").records[0]


def told(world: World) -> tuple[str, str]:
    """What the case page says of the delivery."""
    return record(world).delivery, record(world).delivery_words


def leased(world: World) -> LeasedJob:
    """The delivery, claimed once its pause is over."""
    pass_by(world, 3_600)
    [job] = claim_jobs(world.env, TOWPATH, limit=1)
    return job


def fail(world: World) -> None:
    """The case-management system is down."""
    fail_job(world.env, TOWPATH, leased=leased(world), error="It is down.", after=None)


def at_stuck(world: World) -> World:
    """It has been tried as often as the diagram says."""
    for _ in range(8):
        fail(world)
    return world


def retry(world: World) -> None:
    """The manager says: try again."""
    [incident] = list_incidents(world.env, world.person(MANAGER))
    retry_incident(world.env, world.person(MANAGER), incident_id=incident.id)


def deliver(world: World) -> None:
    """The case-management system takes it and gives a receipt."""
    job = leased(world)
    finish_job(world.env, TOWPATH, leased=job, stimulus=JobCompleted(job.job.id, {"receipt": RECEIPT}))


@pytest.fixture
def signed(sqlite_world: World) -> World:
    """The first manager has signed; their record waits to be delivered."""
    sqlite_world.at_second_signature().settle()
    return sqlite_world
