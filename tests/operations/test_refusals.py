"""What is refused when a case closes, at every door in the same words, and what clears it (CC-R1 to CC-R5, SD-R6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from service.domain.errors import Refused
from tests.operations.doors import COMPLETING, silent
from tests.operations.rows import fact, involve
from tests.support.world import EXEMPLAR, SENT_BACK, SIGNATURE, World

EXEMPLAR_TASK = "complete_closure_exemplar"


@dataclass(frozen=True)
class Case:
    """A case, who writes its exemplar, and the answers that differ from good ones."""

    reference: str
    worker: str
    involvements: int
    answers: Mapping[str, Any]

    @property
    def given(self) -> dict[str, Any]:
        """The whole exemplar."""
        ending = [f"{self.reference}-{number}" for number in range(1, self.involvements + 1)]
        return {**EXEMPLAR, "involvementsEnding": ending, **self.answers}


EAST = ("K-101", "sw1-cin-east", 4)
REFUSED = {
    "CC-R1": (Case(*EAST, {"exemplarComplete": "no"}), "The closure exemplar is not complete."),
    "CC-R2": (Case("K-106", "tm-cin-west", 2, {}), "gives no evidence that the child's needs were addressed"),
    "CC-R3": (
        Case("K-103", "sw2-cin-east", 3, {"strongerFamiliesConsulted": "no"}),
        "The team manager must talk to the Stronger Families Practice Development Manager before it closes",
    ),
    "CC-R4": (
        Case(*EAST, {"involvementsEnding": ["K-101-1", "K-101-2"]}),
        "School nursing service (School nurse), Northmere primary school (Designated safeguarding lead)",
    ),
    "CC-R5": (Case("K-104", "sw2-cin-east", 3, {}), "The child still has a child protection plan."),
    "SD-R6": (Case(*EAST, {"planActionsComplete": "no"}), "Actions of the plan are still open."),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_it_is_refused_at_every_door_in_the_same_words(sqlite_world: World, rule: str) -> None:
    case, words = REFUSED[rule]
    sqlite_world.propose(case.reference)
    task = sqlite_world.task(EXEMPLAR_TASK, case.reference)
    assert not silent(COMPLETING, words, sqlite_world, case.worker, task, case.given)
    assert [name for name, _ in sqlite_world.seen(case.reference).open] == [EXEMPLAR_TASK]


@pytest.mark.parametrize(
    ("rule", "cleared"),
    [
        ("CC-R1", {"exemplarComplete": "yes"}),
        ("CC-R2", {"evidenceNeedsAddressed": "School's letter of 11 December says who does what from now on."}),
        ("CC-R3", {"strongerFamiliesConsulted": "yes", "strongerFamiliesConsultedOn": "2026-12-18"}),
        ("CC-R4", {"involvementsEnding": EXEMPLAR["involvementsEnding"]}),
        ("SD-R6", {"planActionsComplete": "yes"}),
    ],
)
def test_the_answer_that_clears_it(sqlite_world: World, rule: str, cleared: Mapping[str, Any]) -> None:
    case, _ = REFUSED[rule]
    sqlite_world.propose(case.reference)
    sqlite_world.complete(EXEMPLAR_TASK, case.worker, {**case.given, **cleared}, case.reference)
    assert [name for name, _ in sqlite_world.seen(case.reference).open] == ["sign"]


def test_a_fact_of_the_register_clears_it_too(sqlite_world: World) -> None:
    case, _ = REFUSED["CC-R5"]
    sqlite_world.propose(case.reference)
    assert rules_of(sqlite_world, case) == ["CC-R5"]
    fact(case.reference, childProtectionPlan=False)
    assert rules_of(sqlite_world, case) == []


def test_everything_that_is_wrong_is_said_at_once(sqlite_world: World) -> None:
    several = Case(*EAST, {"exemplarComplete": "no", "planActionsComplete": "no", "involvementsEnding": []})
    assert rules_of(sqlite_world.at_exemplar(), several) == ["CC-R1", "CC-R4", "SD-R6"]


def test_an_involvement_that_opened_since_is_named_at_signing(sqlite_world: World) -> None:
    """CC-R4, asked again."""
    sign = sqlite_world.at_first_signature().task("sign")
    involve("K-101", "Youth service", "Youth worker")
    words = "Youth service (Youth worker)"
    assert not silent(COMPLETING, words, sqlite_world, "tm-cin-east", sign, SIGNATURE)


def test_an_exemplar_may_be_sent_back_whatever_stands_in_the_way(sqlite_world: World) -> None:
    sqlite_world.at_first_signature()
    involve("K-101", "Youth service", "Youth worker")
    sqlite_world.complete("sign", "tm-cin-east", SENT_BACK)
    assert [name for name, _ in sqlite_world.seen().open] == [EXEMPLAR_TASK]


def test_a_protection_plan_that_began_since_is_refused_at_signing(sqlite_world: World) -> None:
    """CC-R5."""
    sqlite_world.at_second_signature()
    fact("K-101", childProtectionPlan=True)
    with pytest.raises(Refused, match="has begun since"):
        sqlite_world.complete("sign", "sm-cin-east", SIGNATURE)


def rules_of(world: World, case: Case) -> list[str]:
    """The rules that refuse the exemplar now; none when it was sent."""
    try:
        world.complete(EXEMPLAR_TASK, case.worker, case.given, case.reference)
    except Refused as error:
        return [refusal.rule for refusal in error.refusals]
    return []
