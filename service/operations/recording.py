"""Keeping in the register what the system of record tells of a case: facts and involvements. No reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.access.rules import Permission, Subject, require
from service.domain.errors import Invalid
from service.domain.people import Actor
from service.operations.context import case_identity, current_release, read_chart, unknown_case
from service.operations.environment import Environment
from service.operations.transaction import about, operation
from service.operations.views import CaseIdentity
from service.store.cases import CaseRow, InvolvementRow, find_involvement, lock_case
from service.store.history import HistoryRow, add_entry
from service.store.organisation import find_person
from service.store.tables import db

OURS = frozenset({"status", "owningTeam"})
"""What Towpath decides about a case; it is never taken from outside."""


@dataclass(frozen=True, slots=True)
class Involvement:
    """Somebody's part in a case as the system of record has it. `id` names it there, for ever."""

    id: str
    name: str
    role: str
    kind: str
    started_on: date
    ended_on: date | None = None


@operation
def record_case(
    env: Environment,
    actor: Actor,
    *,
    reference: str,
    facts: Mapping[str, Any],
    involvements: Sequence[Involvement] = (),
) -> CaseIdentity:
    """Record what the system of record says of a case: its facts, who is allocated, who is involved.

    `facts` maps a fact's name to its value; null removes it; the name `allocatedWorker` moves the allocation. What is
    not named stays as it is, and the same again changes nothing. Raises NotAllowed, NotFound, Invalid (all at once).
    """
    require(actor, Permission.RECORD_CASE, Subject())
    release = current_release(env)
    case = lock_case(reference)
    if case is None:
        raise unknown_case(reference)
    with about(case_reference=reference, subject="record case facts"):
        wrong = dict([*_wrong_facts(facts), *_wrong_involvements(case, involvements)])
        if wrong:
            raise Invalid(wrong)
        _keep_facts(case, facts)
        for involvement in involvements:
            _keep_involvement(case, involvement)
        case.facts_as_of = env.now()
        named = [*sorted(facts), *(involvement.name for involvement in involvements)]
        add_entry(
            HistoryRow(
                at=env.now(),
                case_reference=reference,
                actor_id=actor.id,
                actor_name=actor.name,
                verb="CaseRecorded",
                subject=", ".join(named),
                release_number=release.number,
            )
        )
    return case_identity(env, release, case, read_chart(release))


def _keep_facts(case: CaseRow, facts: Mapping[str, Any]) -> None:
    kept = {**case.facts, **{name: value for name, value in facts.items() if name != "allocatedWorker"}}
    case.facts = {name: value for name, value in kept.items() if value is not None}
    if "allocatedWorker" in facts:
        case.allocated_worker_id = facts["allocatedWorker"]


def _keep_involvement(case: CaseRow, told: Involvement) -> None:
    row = find_involvement(told.id)
    if row is None:
        row = InvolvementRow(id=told.id, case_reference=case.reference)
        db.session.add(row)
    row.kind, row.name, row.role = told.kind, told.name, told.role
    row.started_on, row.ended_on = told.started_on, told.ended_on
    db.session.flush()


def _wrong_facts(facts: Mapping[str, Any]) -> Iterable[tuple[str, list[str]]]:
    for name, value in facts.items():
        if name in OURS:
            yield name, ["Towpath decides this; it cannot be recorded from outside"]
        elif name == "allocatedWorker" and not (value is None or (isinstance(value, str) and find_person(value))):
            yield name, ["Nobody is known under this id"]
        elif not isinstance(value, str | int | float | bool | None):
            yield name, ["A fact is a text, a number, true, false or null"]


def _wrong_involvements(case: CaseRow, involvements: Sequence[Involvement]) -> Iterable[tuple[str, list[str]]]:
    for number, told in enumerate(involvements):
        known = find_involvement(told.id)
        if known is not None and known.case_reference != case.reference:
            yield f"involvements.{number}.id", ["An involvement in another case has this id"]
        elif told.ended_on is not None and told.ended_on < told.started_on:
            yield f"involvements.{number}.ended_on", ["It cannot end before it starts"]
        elif told.ended_on is None and case.status == "closed":
            yield f"involvements.{number}.ended_on", ["The case is closed, so nobody can be involved in it now"]
