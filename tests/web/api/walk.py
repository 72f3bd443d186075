"""What the tests of the API send: an event that starts a pathway of the demo, and good answers to its forms."""

from __future__ import annotations

import json
from typing import Any

from service.data_files import processes_directory
from service.web.api.cloudevents import BATCH, STRUCTURED
from tests.web.api.calling import Caller

SCENARIO = processes_directory() / "closure" / "scenarios" / "the-whole-walk.json"


def an_event(**changes: Any) -> dict[str, Any]:
    """A CloudEvent for K-101 that starts a pathway; a change to None leaves the attribute out."""
    event = {
        "specversion": "1.0",
        "id": "2027-000123",
        "source": "https://case-management.example/events",
        "type": "closure-proposed",
        "subject": "K-101",
        "time": "2027-01-04T09:30:00Z",
        "data": {},
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


def send(system: Caller, *events: dict[str, Any]) -> Any:
    """Post one event as it is, or several as a batch."""
    body = json.dumps(events[0] if len(events) == 1 else events)
    return system.call("POST", "/events", data=body, content_type=STRUCTURED if len(events) == 1 else BATCH)


def start(system: Caller, **changes: Any) -> dict[str, Any]:
    """Post an event that is accepted; give the answer."""
    answer = send(system, an_event(**changes))
    assert answer.status_code == 202, answer.json
    told: dict[str, Any] = answer.json
    return told


def only_task(caller: Caller) -> str:
    """The path of the one user task in the caller's queue."""
    (task,) = caller.get("/user-tasks").json["tasks"]
    path: str = task["links"]["self"]
    return path


def answers_of(person_id: str) -> dict[str, Any]:
    """Answers of this person for K-101 that the rule book accepts and that take the case forward."""
    steps = json.loads(SCENARIO.read_text())["steps"]
    found: dict[str, Any] = next(
        step["answers"]
        for step in steps
        if step.get("as") == person_id
        and "open" in step["expect"]
        and step.get("answers", {}) != {}
        and step["answers"].get("outcome") != "sent-back"
    )
    return found


def good_answers() -> dict[str, Any]:
    """Answers to the first form that the rule book accepts."""
    return answers_of("sw1-cin-east")
