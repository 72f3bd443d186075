"""What the case-management system tells the register over HTTP: facts and involvements, and what may not be told."""

from __future__ import annotations

from typing import Any

from tests.web.api.calling import Caller

THERAPIST = {
    "id": "K-101-9",
    "kind": "other",
    "name": "Speech therapy service",
    "role": "Speech therapist",
    "started_on": "2026-12-01",
}


def test_an_involvement_is_added_and_ended(system: Caller) -> None:
    assert tell(system, involvements=[THERAPIST]).status_code == 200
    assert involvement(system)["ended_on"] is None
    tell(system, involvements=[{**THERAPIST, "ended_on": "2026-12-20"}])
    assert involvement(system)["ended_on"] == "2026-12-20"


def test_an_involvement_of_another_case_is_not_taken_over(system: Caller) -> None:
    answer = tell(system, involvements=[{**THERAPIST, "id": "K-102-1"}])
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["involvements.0.id"])


def test_an_involvement_cannot_end_before_it_starts(system: Caller) -> None:
    assert tell(system, involvements=[{**THERAPIST, "ended_on": "2026-11-30"}]).status_code == 422
    assert "K-101-9" not in [one["id"] for one in involvements(system)]


def test_nobody_becomes_involved_in_a_closed_case(system: Caller) -> None:
    assert tell(system, "K-107", involvements=[{**THERAPIST, "id": "K-107-9"}]).status_code == 422


def test_who_owns_a_case_is_never_told_from_outside(system: Caller) -> None:
    answer = tell(system, facts={"status": "closed", "owningTeam": "cla"})
    assert set(answer.json["fields"]) == {"status", "owningTeam"}


def tell(system: Caller, reference: str = "K-101", **told: Any) -> Any:
    return system.put(f"/cases/{reference}", json={"facts": {}, **told})


def involvements(system: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = system.get("/cases/K-101").json["involvements"]
    return found


def involvement(system: Caller) -> dict[str, Any]:
    return next(one for one in involvements(system) if one["id"] == "K-101-9")
