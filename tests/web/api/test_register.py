"""Cases, incidents, the feed and health over HTTP."""

from __future__ import annotations

from flask import Flask

from service.store.tables import db
from tests.web.api.calling import API, Caller, a_person, a_system
from tests.web.api.walk import answers_of, only_task, start


def test_a_case_is_told_with_everything_that_happened(system: Caller) -> None:
    start(system)
    case = system.get("/cases/K-101").json
    assert (case["identity"]["reference"], case["identity"]["status"]) == ("K-101", "open")
    assert len(case["instances"]) == 1
    assert {"at", "who", "what"} <= set(case["history"][0])


def test_cases_are_found_by_a_part_of_the_reference(system: Caller) -> None:
    found = system.get("/cases", text="K-10").json["cases"]
    assert {case["reference"] for case in found} == {f"K-10{number}" for number in range(1, 10)}


def test_a_case_one_may_not_know_of_is_not_there(app: Flask) -> None:
    stranger = a_person(app, "sw1-cla")
    assert stranger.get("/cases/K-101").status_code == 404
    assert "K-101" not in stranger.get("/cases").text


def test_facts_are_recorded_as_the_system_of_record_has_them(system: Caller) -> None:
    answer = system.put("/cases/K-101", {"facts": {"lookedAfter": True}})
    assert (answer.status_code, answer.json["reference"]) == (200, "K-101")
    assert answer.json["facts_as_of"] == "2027-01-04T09:30:00+00:00"


def test_what_towpath_decides_is_not_taken_from_outside(system: Caller) -> None:
    answer = system.put("/cases/K-101", {"facts": {"status": "closed", "owningTeam": "cla"}})
    assert (answer.status_code, set(answer.json["fields"])) == (422, {"status", "owningTeam"})


def test_facts_of_an_unknown_case_are_not_recorded(system: Caller) -> None:
    assert system.put("/cases/K-999", {"facts": {}}).status_code == 404


def test_the_whole_walk_ends_in_the_feed(app: Flask, system: Caller) -> None:
    start(system)
    for person_id in ("sw1-cin-east", "tm-cin-east", "sm-cin-east"):
        person = a_person(app, person_id)
        done = person.post(f"{only_task(person)}/completion", {"answers": answers_of(person_id)})
        assert done.status_code == 200, done.json
    assert system.get("/cases/K-101").json["identity"]["status"] == "closed"
    told = system.get("/feed").json
    assert told["events"][-1]["subject"] == "K-101"
    assert told["next_after"] == told["events"][-1]["sequence"]
    assert system.get("/feed", after=told["next_after"] - 1, limit=1).json["events"] == told["events"][-1:]


def test_the_end_of_the_feed_keeps_its_place(system: Caller) -> None:
    assert system.get("/feed", after=7).json == {"events": [], "next_after": 7}


def test_the_feed_needs_its_scope(app: Flask) -> None:
    assert a_system(app, "events:write").get("/feed").status_code == 403


def test_a_misspelt_parameter_is_not_ignored(system: Caller) -> None:
    answer = system.get("/feed", afte=3, limit=0)
    assert (answer.status_code, set(answer.json["fields"])) == (422, {"afte", "limit"})


def test_a_null_character_reaches_no_database(system: Caller) -> None:
    assert "U+0000" in system.get("/cases/K%00101").json["detail"]
    assert set(system.get("/cases", text="K\x00").json["fields"]) == {"text"}


def test_nothing_is_stuck_in_a_fresh_installation(system: Caller) -> None:
    assert system.get("/incidents").json == {"incidents": []}


def test_an_unknown_incident_cannot_be_retried(system: Caller) -> None:
    assert system.post("/incidents/none/retry").status_code == 404


def test_health_is_told_to_anybody(app: Flask) -> None:
    answer = app.test_client().get(f"{API}/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_service_without_its_tables_is_not_well(app: Flask) -> None:
    with app.app_context():
        db.drop_all()
    answer = app.test_client().get(f"{API}/health")
    assert (answer.status_code, answer.json["type"]) == (503, "/api/v1/docs#problem-unavailable")
