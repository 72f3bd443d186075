"""Migrations over HTTP: planned, rehearsed, run and moved back with a token for it, and with no other."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.operations.test_migrations import RENAMED, redrawn
from tests.support.world import World
from tests.web.api.calling import Caller, a_system

PLAN = {
    "from_releases": [1],
    "to_release": 2,
    "elements": {"complete_closure_exemplar": "write_closure"},
    "reason": "The form asks more.",
}


@pytest.fixture
def changed(sqlite_world: World, app: Flask) -> World:
    """A closure has begun under release 1, and there is a release 2."""
    sqlite_world.at_exemplar()
    redrawn(sqlite_world, **RENAMED)
    return sqlite_world


def planned(system: Caller, **plan: Any) -> dict[str, Any]:
    answer = system.post("/migrations", {**PLAN, **plan})
    assert answer.status_code == 201, answer.json
    told: dict[str, Any] = answer.json
    return told


def test_it_is_planned_rehearsed_run_and_moved_back(changed: World, system: Caller) -> None:
    plan = planned(system)
    assert (plan["status"], plan["counts"], plan["obstacles"]) == ("planned", {"waiting": 1}, [])
    path = plan["links"]["self"]
    assert system.post(f"{path}/rehearsal", {}).json == {"done": 1, "next_after": None}
    assert system.get(path).json["counts"] == {"moves": 1}
    assert system.post(f"{path}/run", {"limit": 5}).json["done"] == 1
    [one] = system.get(plan["links"]["instances"], status="moved").json["instances"]
    assert (one["case_reference"], one["can_go_back"], one["lost"]) == ("K-101", True, [])
    assert system.get(one["links"]["instance"]).json["release"] == 2
    assert system.post(f"{path}/reversal", {}).json["done"] == 1
    assert system.get(one["links"]["instance"]).json["release"] == 1
    assert system.get(path).json["status"] == "reversed"
    assert system.post(f"{path}/run", {}).status_code == 409
    assert [found["id"] for found in system.get("/migrations").json["migrations"]] == [plan["id"]]


def test_what_cannot_move_is_told_before_and_after(changed: World, system: Caller) -> None:
    plan = planned(system, elements={})
    assert plan["obstacles"][0].startswith("closure: “Complete the closure exemplar”")
    system.post(f"{plan['links']['self']}/run", {})
    [one] = system.get(plan["links"]["instances"]).json["instances"]
    assert (one["status"], len(one["because"])) == ("cannot", 1)


def test_every_wrong_field_is_named(changed: World, system: Caller) -> None:
    answer = system.post("/migrations", {"from_releases": [], "to_release": "2", "deadlines": "never", "reason": ""})
    assert answer.status_code == 422
    assert answer.json["fields"].keys() == {"from_releases", "to_release", "deadlines", "reason"}
    wrong = system.post("/migrations", {**PLAN, "elements": {"x": "y"}})
    assert wrong.json["fields"]["elements"][0] == "the element “x” is not in the old release"
    assert system.post("/migrations", {**PLAN, "to_release": 9}).json["fields"] == {
        "from_releases": ["There is no release 9"]
    }


def test_what_was_forgotten_is_not_moved_back(changed: World, system: Caller) -> None:
    path = planned(system)["links"]["self"]
    system.post(f"{path}/run", {})
    assert system.post(f"{path}/forgetting").json == {"forgotten": 1}
    system.post(f"{path}/reversal", {})
    assert system.get(path).json["counts"] == {"touched": 1}


def test_a_token_for_something_else_moves_nothing(changed: World, app: Flask, system: Caller, manager: Caller) -> None:
    path = planned(system)["links"]["self"]
    for caller in (a_system(app, "instances:write", "cases:read"), manager):
        assert caller.post("/migrations", PLAN).status_code == 403
        assert caller.get(path).status_code == 403
        assert caller.post(f"{path}/run", {}).status_code == 403
    assert a_system(app, "migrations:write").get(path).status_code == 200
    assert system.get("/migrations/none").status_code == 404
