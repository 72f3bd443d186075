"""The closure walk, told in steps, on each database."""

from __future__ import annotations

import pytest

from service.domain.errors import Conflict, Invalid, NotAllowed, Refused
from service.domain.people import TOWPATH
from service.operations.cases import read_case
from service.operations.feed import read_feed
from service.operations.tasks import complete_task
from tests.support.world import EXEMPLAR, SENT_BACK, SIGNATURE, World


def test_closing_does_everything_at_once(world: World) -> None:
    """CC-S6, CC-G1, CC-G2: involvements ended, case closed, record written, event in the outbox."""
    world.closed()

    seen = world.seen()
    assert (seen.status, seen.involvements) == ("closed", frozenset())
    assert seen.thrown == ("oversight-record-written", "oversight-record-written", "case-closed")
    assert read_feed(world.env, TOWPATH)[-1].type == "case-closed"


def test_the_first_line_manager_then_theirs(world: World) -> None:
    """CC-G1, CC-G2."""
    assert dict(world.at_first_signature().seen().open)["sign"] == {"tm-cin-east"}
    world.complete("sign", "tm-cin-east", SIGNATURE)
    assert dict(world.seen().open)["sign"] == {"sm-cin-east"}


def test_a_signature_sent_back_stays_in_the_history(world: World) -> None:
    world.at_second_signature().complete("sign", "sm-cin-east", SENT_BACK)

    signed, sent_back = read_case(world.env, world.person("tm-cin-east"), reference="K-101").records
    assert (signed.outcome, signed.cleared_because) == ("signed", SENT_BACK["sentBackBecause"])
    assert (sent_back.outcome, sent_back.cleared_at) == ("sent-back", None)
    assert [name for name, _ in world.seen().open] == ["complete_closure_exemplar"]


def test_the_author_may_not_sign(world: World) -> None:
    """CC-R6, SOD-1."""
    with pytest.raises(NotAllowed) as refused:
        world.at_first_signature().complete("sign", "sw1-cin-east", SIGNATURE)
    assert [refusal.rule for refusal in refused.value.refusals] == ["CC-R6"]


def test_nobody_signs_twice(world: World) -> None:
    """SOD-2."""
    with pytest.raises(NotAllowed):
        world.at_second_signature().complete("sign", "tm-cin-east", SIGNATURE)


def test_a_missing_answer_is_invalid_and_changes_nothing(world: World) -> None:
    before = world.at_exemplar().seen()
    with pytest.raises(Invalid) as invalid:
        world.complete("complete_closure_exemplar", "sw1-cin-east", {**EXEMPLAR, "rationale": " "})
    assert set(invalid.value.fields) == {"rationale"}
    assert world.seen() == before


def test_a_refusal_changes_nothing_but_is_remembered(world: World) -> None:
    """CC-R4."""
    before = world.at_exemplar().seen()
    with pytest.raises(Refused):
        world.complete("complete_closure_exemplar", "sw1-cin-east", {**EXEMPLAR, "involvementsEnding": ["K-101-1"]})
    after = world.seen()
    assert after.open == before.open
    assert len(after.history) == len(before.history) + 1
    assert "Refused" in after.history[-1]


def test_whoever_comes_second_with_other_answers_hears_who_was_first(world: World) -> None:
    task = world.at_first_signature().task("sign")
    world.complete("sign", "tm-cin-east", SIGNATURE)

    with pytest.raises(Conflict, match="Team manager, Children in Need East"):
        complete_task(world.env, world.person("tm-cin-east"), task_id=task, answers=SENT_BACK)


def test_a_double_click_is_one_completion_and_the_first_answer_again(world: World) -> None:
    task = world.at_first_signature().task("sign")
    first = world.complete("sign", "tm-cin-east", SIGNATURE)

    again = complete_task(world.env, world.person("tm-cin-east"), task_id=task, answers=SIGNATURE)
    assert (again.oversight_reference, again.task_id) == (first.oversight_reference, first.task_id)
    assert len([entry for entry in world.seen().history if "Completed: Sign off" in entry]) == 1


def test_a_replayed_event_gives_the_same_answer(world: World) -> None:
    first = world.propose(event_id="one")
    assert world.propose(event_id="one") == first
    assert len(world.seen().open) == 1


def test_the_same_event_id_with_another_payload_is_a_conflict(world: World) -> None:
    world.propose(event_id="one")
    with pytest.raises(Conflict):
        world.propose(event_id="one", why="another reason")


def test_a_second_proposal_starts_nothing_new(world: World) -> None:
    first, second = world.propose(), world.propose()
    assert second.instance_id == first.instance_id
    assert "already open" in second.did
