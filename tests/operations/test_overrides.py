"""Allowing a soft refusal: by the named level, with a reason, for what was read, for one user task (CC-R2, CC-R5)."""

from __future__ import annotations

import pytest

from service.domain.errors import Invalid, NotAllowed, NotFound, Refused
from service.operations.cases import read_case
from service.operations.queue import read_user_task
from service.operations.tasks import override_refusal, save_draft
from tests.operations.rows import also_waits_for, fact
from tests.support.world import EXEMPLAR, SENT_BACK, SIGNATURE, World

TASK = "complete_closure_exemplar"
UNALLOCATED = {**EXEMPLAR, "involvementsEnding": ["K-106-1", "K-106-2"]}
PROTECTED = {**EXEMPLAR, "involvementsEnding": ["K-104-1", "K-104-2", "K-104-3"]}
REASON = "School confirmed by telephone that it meets the needs."


def test_the_named_level_allows_it_with_a_reason_that_is_kept(sqlite_world: World) -> None:
    at_unallocated(sqlite_world)
    allow(sqlite_world, "sm-cin-west", "CC-R2", "K-106")
    sqlite_world.complete(TASK, "tm-cin-west", UNALLOCATED, "K-106")
    told = " ".join(sqlite_world.seen("K-106").history)
    assert f"Reason: {REASON}. Allowed: This case has no allocated worker" in told


def test_nobody_below_the_level_allows_it(sqlite_world: World) -> None:
    at_unallocated(sqlite_world)
    with pytest.raises(NotAllowed, match="you do not hold the level"):
        allow(sqlite_world, "dtm-cin-west", "CC-R2", "K-106")


def test_a_level_above_the_named_one_allows_it(sqlite_world: World) -> None:
    """Authority substitutes upwards (requirements §4.2)."""
    at_unallocated(sqlite_world)
    allow(sqlite_world, "dcs", "CC-R2", "K-106")
    sqlite_world.complete(TASK, "tm-cin-west", UNALLOCATED, "K-106")
    assert [name for name, _ in sqlite_world.seen("K-106").open] == ["sign"]


def test_whoever_signs_sees_what_was_allowed_and_the_record_shows_it(sqlite_world: World) -> None:
    at_unallocated(sqlite_world)
    allow(sqlite_world, "gm-west", "CC-R2", "K-106")
    sqlite_world.complete(TASK, "tm-cin-west", UNALLOCATED, "K-106")
    signer, task = sqlite_world.person("sm-cin-west"), sqlite_world.task("sign", "K-106")
    [allowed] = read_user_task(sqlite_world.env, signer, task_id=task).allowed
    assert (allowed.rule, allowed.reason) == ("CC-R2", REASON)
    sqlite_world.complete("sign", "sm-cin-west", SIGNATURE, "K-106")
    [record] = read_case(sqlite_world.env, signer, reference="K-106").records
    assert REASON in dict(record.body)["Allowed in spite of CC-R2"]


def test_the_level_of_another_area_does_not_even_know_of_it(sqlite_world: World) -> None:
    at_unallocated(sqlite_world)
    with pytest.raises(NotFound):
        allow(sqlite_world, "sm-cin-east", "CC-R2", "K-106")


def test_whoever_wrote_a_word_of_it_may_not_allow_it(sqlite_world: World) -> None:
    task = at_unallocated(sqlite_world)
    also_waits_for(task, "sm-cin-west")
    save_draft(sqlite_world.env, sqlite_world.person("sm-cin-west"), task_id=task, answers={}, version=None)
    with pytest.raises(NotAllowed, match="nobody signs their own work"):
        allow(sqlite_world, "sm-cin-west", "CC-R2", "K-106")


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 4_001])
def test_a_reason_is_asked_for(sqlite_world: World, reason: str) -> None:
    at_unallocated(sqlite_world)
    with pytest.raises(Invalid) as wrong:
        allow(sqlite_world, "sm-cin-west", "CC-R2", "K-106", reason)
    assert set(wrong.value.fields) == {"reason"}


def test_a_hard_rule_is_nobodys_to_allow(sqlite_world: World) -> None:
    at_unallocated(sqlite_world)
    with pytest.raises(Refused) as refused:
        allow(sqlite_world, "dcs", "CC-R4", "K-106")
    assert [refusal.rule for refusal in refused.value.refusals] == ["CC-R4"]


def test_what_does_not_stand_in_the_way_cannot_be_allowed(sqlite_world: World) -> None:
    at_unallocated(sqlite_world)
    with pytest.raises(NotFound, match="CC-R5"):
        allow(sqlite_world, "hos-cin", "CC-R5", "K-106")


def test_it_is_allowed_once(sqlite_world: World) -> None:
    at_unallocated(sqlite_world)
    allow(sqlite_world, "sm-cin-west", "CC-R2", "K-106")
    with pytest.raises(NotFound):
        allow(sqlite_world, "sm-cin-west", "CC-R2", "K-106")


def test_another_reason_of_the_same_rule_is_not_allowed_with_it(sqlite_world: World) -> None:
    """CC-R5 is about a protection plan and about being looked after: two different things to allow."""
    sqlite_world.propose("K-104")
    allow(sqlite_world, "hos-cin", "CC-R5", "K-104")
    fact("K-104", lookedAfter=True)
    with pytest.raises(Refused) as refused:
        sqlite_world.complete(TASK, "sw2-cin-east", PROTECTED, "K-104")
    assert [refusal.message for refusal in refused.value.refusals] == [
        "The child is still looked after. A case should not close while the child is looked after."
    ]


def test_what_came_later_is_allowed_besides(sqlite_world: World) -> None:
    sqlite_world.propose("K-104")
    allow(sqlite_world, "hos-cin", "CC-R5", "K-104")
    fact("K-104", lookedAfter=True)
    allow(sqlite_world, "hos-cin", "CC-R5", "K-104")
    sqlite_world.complete(TASK, "sw2-cin-east", PROTECTED, "K-104")
    assert [name for name, _ in sqlite_world.seen("K-104").open] == ["sign"]


def test_the_next_round_asks_again(sqlite_world: World) -> None:
    sqlite_world.propose("K-104")
    allow(sqlite_world, "hos-cin", "CC-R5", "K-104")
    sqlite_world.complete(TASK, "sw2-cin-east", PROTECTED, "K-104")
    sqlite_world.complete("sign", "tm-cin-east", SENT_BACK, "K-104")
    with pytest.raises(Refused, match="CC-R5"):
        sqlite_world.complete(TASK, "sw2-cin-east", PROTECTED, "K-104")


def test_the_page_offers_it_to_whoever_may_and_shows_them_the_draft(sqlite_world: World) -> None:
    task = at_unallocated(sqlite_world)
    save_draft(
        sqlite_world.env, sqlite_world.person("tm-cin-west"), task_id=task, answers={"outcomes": "Half."}, version=None
    )
    view = read_user_task(sqlite_world.env, sqlite_world.person("sm-cin-west"), task_id=task)
    assert [refusal.rule for refusal in view.overridable] == ["CC-R2"]
    assert (view.answers.get("outcomes"), view.may) == ("Half.", {"override"})


def at_unallocated(world: World) -> str:
    """The closure of K-106, which has no worker, has begun; gives the id of the exemplar's task."""
    world.propose("K-106")
    return world.task(TASK, "K-106")


def allow(world: World, person_id: str, rule: str, case: str, reason: str = REASON) -> None:
    """Somebody allows what a rule refuses."""
    override_refusal(world.env, world.person(person_id), task_id=world.task(TASK, case), rule=rule, reason=reason)
