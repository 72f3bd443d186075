"""Stopping, timing and repairing a process instance over HTTP. Who may is tested with the operations."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.api.calling import Caller, a_person, a_system
from tests.web.api.walk import start

WHY = {"reason": "The court has asked us to wait."}


@pytest.fixture
def instance(app: Flask, system: Caller) -> str:
    """The path of the one process instance."""
    path: str = start(system)["links"]["instance"]
    return path


def test_it_is_suspended_resumed_and_cancelled(system: Caller, instance: str) -> None:
    suspended = system.post(f"{instance}/suspension", WHY).json
    assert (suspended["status"], suspended["suspended"]["because"]) == ("suspended", WHY["reason"])
    again = system.post(f"{instance}/suspension", WHY)
    assert (again.status_code, "was suspended by Another system" in again.json["detail"]) == (409, True)
    assert system.post(f"{instance}/resumption", WHY).json["suspended"] is None
    assert system.post(f"{instance}/cancellation", WHY).json["cancelled"]["because"] == WHY["reason"]


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 4_001}])
def test_it_needs_a_reason(system: Caller, instance: str, body: dict[str, str]) -> None:
    answer = system.post(f"{instance}/suspension", body)
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["reason"])


def test_its_inside_is_read_and_repaired(system: Caller, instance: str) -> None:
    timers = system.get(f"{instance}/inside").json["timers"]
    assert timers != []
    repaired = system.post(f"{instance}/variables", {"variables": {"note": "x"}, **WHY}).json
    assert repaired["scopes"][0]["variables"]["note"] == "x"
    moved = system.put(f"{instance}/timers/{timers[0]['id']}", {"due_at": "2027-06-01T09:00:00Z", **WHY}).json
    assert "2027-06-01T09:00:00+00:00" in [timer["due_at"] for timer in moved["timers"]]


def test_a_token_without_the_scope_may_do_none_of_it(app: Flask, instance: str) -> None:
    reader = a_system(app, "cases:read")
    answer = reader.post(f"{instance}/cancellation", WHY)
    assert (answer.status_code, "instances:write" in answer.json["detail"]) == (403, True)
    assert reader.get(f"{instance}/inside").json["scopes"] == []


def test_what_the_diagram_does_not_allow_is_not_sent_back(app: Flask, worker: Caller, instance: str) -> None:
    [task] = worker.get("/user-tasks").json["tasks"]
    answer = worker.post(f"{task['links']['self']}/send-back", WHY)
    assert (answer.status_code, "the diagram draws nothing" in answer.json["detail"]) == (403, True)
    assert a_person(app, "sw1-cla").post(f"{task['links']['self']}/send-back", WHY).status_code == 404
