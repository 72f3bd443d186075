"""Another system posts case events: one effect, however often, and a reason when there is none."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from service.web.api.bodies import LARGEST_BODY
from service.web.api.cloudevents import STRUCTURED
from tests.web.api.calling import Caller, a_system
from tests.web.api.walk import an_event, send, start


def test_an_event_is_accepted_and_starts_a_process(system: Caller) -> None:
    answer = send(system, an_event())
    assert (answer.status_code, answer.json["status"]) == (202, "delivered")
    assert answer.json["did"]
    assert answer.headers["Location"] == answer.json["links"]["self"]


def test_the_answer_leads_to_the_process_instance(system: Caller) -> None:
    instance = system.get(start(system)["links"]["instance"]).json
    assert (instance["case_reference"], instance["status"]) == ("K-101", "running")
    assert instance["waiting_for"]


def test_the_same_event_again_gives_the_same_bytes_and_starts_nothing(system: Caller) -> None:
    first, second = send(system, an_event()), send(system, an_event())
    assert (second.status_code, second.data) == (first.status_code, first.data)
    assert len(system.get("/cases/K-101").json["instances"]) == 1


def test_the_same_event_in_another_mode_is_the_same_event(system: Caller) -> None:
    first = send(system, an_event())
    headers = {f"ce-{name}": value for name, value in an_event().items() if name != "data"}
    assert system.post("/events", json={}, **headers).data == first.data


def test_an_event_can_be_read_again(system: Caller) -> None:
    told = start(system)
    assert system.get(told["links"]["self"]).json == told


def test_another_content_under_the_same_id_is_a_conflict(system: Caller) -> None:
    start(system)
    answer = send(system, an_event(data={"something": "else"}))
    assert (answer.status_code, kind_of(answer)) == (409, "conflict")


def test_an_unknown_type_is_told_the_known_ones(system: Caller) -> None:
    answer = send(system, an_event(type="no-such-event"))
    assert (answer.status_code, kind_of(answer)) == (422, "invalid")
    assert an_event()["type"] in answer.json["fields"]["type"][0]


def test_an_unknown_case_is_named(system: Caller) -> None:
    answer = send(system, an_event(subject="K-999"))
    assert (answer.status_code, kind_of(answer)) == (404, "not-found")
    assert "K-999" in answer.json["detail"]


def test_an_event_that_the_rule_book_refuses_is_told_the_rule(system: Caller) -> None:
    answer = send(system, an_event(subject="K-107"))
    assert (answer.status_code, kind_of(answer)) == (409, "refused")
    assert {"rule", "message", "cleared_by", "severity", "source"} <= set(answer.json["refusals"][0])


def test_every_missing_attribute_is_named_at_once(system: Caller) -> None:
    answer = send(system, an_event(id=None, source=None, subject=None))
    assert (answer.status_code, set(answer.json["fields"])) == (422, {"id", "source", "subject"})


@pytest.mark.parametrize(
    ("content_type", "body", "status", "kind"),
    [
        ("application/json", b"{", 400, "malformed"),
        ("application/json", b"", 400, "malformed"),
        ("application/json", b"[]", 422, "invalid"),
        ("text/plain", b"{}", 415, "wrong-content-type"),
        ("application/json", b"x" * (LARGEST_BODY + 1), 413, "too-large"),
    ],
)
def test_what_cannot_be_read_is_a_problem_document(
    system: Caller, content_type: str, body: bytes, status: int, kind: str
) -> None:
    answer = system.call("POST", "/events", data=body, content_type=content_type)
    assert (answer.status_code, kind_of(answer), answer.mimetype) == (status, kind, "application/problem+json")


def test_a_body_of_unknown_length_is_not_read_without_end(system: Caller) -> None:
    stream = BytesIO(b" " * (LARGEST_BODY + 9))
    answer = system.call(
        "POST", "/events", content_type=STRUCTURED, input_stream=stream, environ_base={"wsgi.input_terminated": True}
    )
    assert (answer.status_code, kind_of(answer)) == (413, "too-large")


def test_a_batch_is_taken_event_by_event(system: Caller) -> None:
    answer = send(system, an_event(id="1"), an_event(id="2", subject="K-999"), an_event(id="3", subject="K-108"))
    assert answer.status_code == 207
    assert [item["status"] for item in answer.json["events"]] == [202, 404, 202]
    assert answer.json["events"][1]["problem"]["type"].endswith("not-found")


def test_a_batch_sent_again_does_nothing_twice(system: Caller) -> None:
    first, second = (send(system, an_event(id="1"), an_event(id="2", subject="K-108")) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.data == first.data


def test_a_token_for_something_else_is_told_which_scope_it_lacks(app: Flask) -> None:
    answer = send(a_system(app, "feed:read"), an_event())
    assert (answer.status_code, kind_of(answer)) == (403, "not-allowed")
    assert "events:write" in answer.json["detail"]


def test_an_event_nobody_sent_is_not_found(system: Caller) -> None:
    assert system.get("/events/none").status_code == 404


def kind_of(answer: Any) -> str:
    """What a program branches on."""
    problem = json.loads(answer.data)
    return str(problem["type"]).rpartition("#problem-")[2]
