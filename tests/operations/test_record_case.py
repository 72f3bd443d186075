"""The register's facts as the case-management system tells them: who may, what may be told, and what it changes."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest

from service.domain.errors import Invalid, NotAllowed, NotFound, Refused
from service.domain.people import Actor
from service.operations.cases import read_case
from service.operations.recording import Involvement, record_case
from service.operations.tasks import complete_task
from service.operations.views import CaseIdentity, Completion
from service.store.cases import InvolvementRow, find_case, lock_case
from service.store.tables import db
from tests.engine.drawing import job
from tests.operations.together import meanwhile, together
from tests.operations.working import Sender, at_job, handled, pass_by, telling, work
from tests.support.world import EXEMPLAR, INTEGRATOR, SIGNATURE, World

JOINED: dict[str, Any] = {
    "name": "Youth service",
    "role": "Youth worker",
    "kind": "other",
    "started_on": date(2027, 1, 4),
}
YOUTH_WORKER = Involvement("K-101-9", **JOINED)
REGISTER = Actor("register", "Case-management system", "system", scopes=frozenset({"cases:write"}))
PROTECTED = {**EXEMPLAR, "involvementsEnding": ["K-104-1", "K-104-2", "K-104-3"]}


def test_facts_are_added_changed_and_taken_away(world: World) -> None:
    record(world, {"plan": "none", "school": "Northmere primary", "sibling": None})
    facts = facts_of("K-101")
    assert (facts["plan"], facts["school"], facts["lookedAfter"]) == ("none", "Northmere primary", False)
    assert "sibling" not in facts


def test_it_is_said_how_fresh_they_are(sqlite_world: World) -> None:
    pass_by(sqlite_world, 600)
    assert record(sqlite_world, {"plan": "none"}).facts_as_of == sqlite_world.clock()


def test_a_fact_that_is_a_warning_is_marked(sqlite_world: World) -> None:
    assert record(sqlite_world, {"lookedAfter": True}).markers == ("Looked after",)


def test_the_allocation_moves_and_goes(sqlite_world: World) -> None:
    moved = record(sqlite_world, {"allocatedWorker": "sw2-cin-east"})
    assert moved.allocated_worker == "Social worker 2, Children in Need East"
    assert record(sqlite_world, {"allocatedWorker": None}).allocated_worker is None
    assert "allocatedWorker" not in facts_of("K-101")


def test_the_next_exemplar_is_the_new_workers(sqlite_world: World) -> None:
    record(sqlite_world, {"allocatedWorker": "sw2-cin-east"})
    assert dict(sqlite_world.at_exemplar().seen().open) == {"complete_closure_exemplar": {"sw2-cin-east"}}


def test_a_fact_that_changed_clears_a_refusal(sqlite_world: World) -> None:
    """CC-R5."""
    sqlite_world.propose("K-104")
    with pytest.raises(Refused, match="CC-R5"):
        sqlite_world.complete("complete_closure_exemplar", "sw2-cin-east", PROTECTED, "K-104")
    record(sqlite_world, {"childProtectionPlan": False}, "K-104")
    sqlite_world.complete("complete_closure_exemplar", "sw2-cin-east", PROTECTED, "K-104")
    assert [name for name, _ in sqlite_world.seen("K-104").open] == ["sign"]


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "closed"},
        {"owningTeam": "cin-west"},
        {"allocatedWorker": "nobody"},
        {"allocatedWorker": 5},
        {"plan": {"kind": "none"}},
        {"plan": ["none"]},
    ],
    ids=str,
)
def test_what_may_not_be_told_is_named_and_nothing_is_kept(sqlite_world: World, facts: dict[str, Any]) -> None:
    before = facts_of("K-101")
    with pytest.raises(Invalid) as wrong:
        record(sqlite_world, {"school": "Another", **facts})
    assert (set(wrong.value.fields), facts_of("K-101")) == (set(facts), before)


def test_a_scope_is_needed_and_no_post_is_enough(sqlite_world: World) -> None:
    for actor in (INTEGRATOR, sqlite_world.person("dcs"), sqlite_world.person("sw1-cin-east")):
        with pytest.raises(NotAllowed, match="cases:write"):
            record_case(sqlite_world.env, actor, reference="K-101", facts={"plan": "none"})


def test_a_case_must_be_known(sqlite_world: World) -> None:
    with pytest.raises(NotFound):
        record(sqlite_world, {"plan": "none"}, "K-999")


def test_the_chronology_says_which_facts_and_by_whom(sqlite_world: World) -> None:
    record(sqlite_world, {"plan": "none", "allocatedWorker": None})
    newest = read_case(sqlite_world.env, sqlite_world.person("tm-cin-east"), reference="K-101").history[0]
    assert (newest.what, newest.who) == ("Case facts recorded: allocatedWorker, plan", REGISTER.name)


@pytest.mark.parametrize("turn", range(3))
def test_somebody_who_joins_while_the_case_closes_is_either_seen_or_turned_away(world: World, turn: int) -> None:
    """CC-R4: nobody's involvement ends without having been listed."""
    sign = world.at_second_signature().task("sign")
    joining = partial(record_case, world.env, REGISTER, reference="K-101", facts={}, involvements=[YOUTH_WORKER])
    signing = partial(complete_task, world.env, world.person("sm-cin-east"), task_id=sign, answers=SIGNATURE)
    joined, signed = together(world, [joining, signing])
    if isinstance(joined, Invalid):
        assert (world.seen().status, isinstance(signed, Completion)) == ("closed", True)
    else:
        assert (world.seen().status, [each.rule for each in signed.refusals]) == ("open", ["CC-R4"])
        assert "K-101-9" in world.seen().involvements


def test_nor_is_anybody_overlooked_when_a_job_closes_the_case(world: World) -> None:
    """The job's result comes while the register is being told of somebody new."""
    closing = (
        job("end_all", "register.end-involvements"),
        job("close", "register.change-case", inputs={"changes": '={status: "closed"}'}),
    )
    at_job(world, handled(telling(Sender({}))), *closing, path="begin send end_all close done")
    meanwhile(
        world,
        first=lambda: lock_case("K-101"),
        act=partial(work, world),
        then=lambda: db.session.add(InvolvementRow(id="K-101-9", case_reference="K-101", **JOINED)),
    )
    assert (world.seen().status, world.seen().involvements) == ("closed", frozenset())


def record(world: World, facts: dict[str, Any], case: str = "K-101") -> CaseIdentity:
    """The case-management system tells facts."""
    return record_case(world.env, REGISTER, reference=case, facts=facts)


def facts_of(case: str) -> dict[str, Any]:
    """The facts as they are kept."""
    row = find_case(case)
    assert row is not None
    facts = dict(row.facts)
    db.session.close()
    return facts
