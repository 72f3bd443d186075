"""User tasks over HTTP: the same rules as at the desk, and versions so that nobody overwrites anybody."""

from __future__ import annotations

from flask import Flask

from tests.web.api.calling import Caller, a_person
from tests.web.api.walk import good_answers, only_task, start


def test_the_queue_holds_what_waits_for_this_person(system: Caller, worker: Caller) -> None:
    assert worker.get("/user-tasks").json["total"] == 0
    start(system)
    (task,) = worker.get("/user-tasks").json["tasks"]
    assert (task["case"]["reference"], task["claimed_by_me"]) == ("K-101", False)


def test_a_queue_is_read_page_by_page(system: Caller, worker: Caller) -> None:
    start(system)
    start(system, id="2", subject="K-102")
    first = worker.get("/user-tasks", limit=1).json
    second = worker.get("/user-tasks", limit=1, after=first["next_after"]).json
    assert {page["tasks"][0]["case"]["reference"] for page in (first, second)} == {"K-101", "K-102"}
    assert second["next_after"] is None


def test_a_cursor_of_somebody_else_is_invalid(worker: Caller) -> None:
    answer = worker.get("/user-tasks", after="tomorrow")
    assert (answer.status_code, set(answer.json["fields"])) == (422, {"after"})


def test_a_task_tells_its_form_and_what_stands_in_the_way(system: Caller, worker: Caller) -> None:
    start(system)
    task = worker.get(only_task(worker))
    assert {field["key"] for field in task.json["fields"]} >= set(good_answers())
    assert {"rule", "message", "cleared_by"} <= set(task.json["checklist"][0])
    assert task.headers["ETag"] == '"0"'


def test_a_claimed_task_is_nobody_elses_until_it_is_released(app: Flask, system: Caller, worker: Caller) -> None:
    start(system)
    path = only_task(worker)
    claimed = worker.post(f"{path}/claim")
    assert (claimed.status_code, claimed.data) == (204, b"")
    assert worker.get(path).json["summary"]["claimed_by_me"] is True
    assert worker.post(f"{path}/release").status_code == 204
    assert worker.get(path).json["summary"]["claimed_by"] is None


def test_a_draft_is_kept_under_a_new_version(system: Caller, worker: Caller) -> None:
    start(system)
    path = only_task(worker)
    saved = worker.put(f"{path}/draft", {"answers": {"outcomes": "Half a sentence"}}, if_match='"0"')
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"1"')
    again = worker.get(path)
    assert (again.json["answers"]["outcomes"], again.headers["ETag"]) == ("Half a sentence", '"1"')


def test_an_older_version_does_not_overwrite_a_newer(system: Caller, worker: Caller) -> None:
    start(system)
    path = only_task(worker)
    worker.put(f"{path}/draft", {"answers": {}}, if_match='"0"')
    late = worker.put(f"{path}/draft", {"answers": {"outcomes": "Late"}}, if_match='"0"')
    assert (late.status_code, late.json["type"]) == (412, "/api/v1/docs#problem-changed-since-you-looked")
    assert worker.put(f"{path}/draft", {"answers": {}}, if_match="*").status_code == 200


def test_a_draft_without_a_version_is_asked_for_one(system: Caller, worker: Caller) -> None:
    start(system)
    answer = worker.put(f"{only_task(worker)}/draft", {"answers": {}})
    assert (answer.status_code, answer.json["type"]) == (428, "/api/v1/docs#problem-if-match-missing")


def test_a_task_is_completed_and_the_process_goes_on(system: Caller, worker: Caller, manager: Caller) -> None:
    start(system)
    done = worker.post(f"{only_task(worker)}/completion", {"answers": good_answers()})
    assert (done.status_code, done.json["instance_ended"]) == (200, False)
    assert done.json["next"]
    assert only_task(manager)


def test_a_task_is_completed_once(system: Caller, worker: Caller) -> None:
    start(system)
    path = only_task(worker)
    first = worker.post(f"{path}/completion", {"answers": good_answers()})
    again = worker.post(f"{path}/completion", {"answers": good_answers()})
    assert (again.status_code, again.json["task_id"]) == (first.status_code, first.json["task_id"])
    other = worker.post(
        f"{path}/completion", {"answers": {**good_answers(), "rationale": "Something else was written."}}
    )
    assert (other.status_code, other.json["type"]) == (409, "/api/v1/docs#problem-conflict")


def test_a_completion_over_a_newer_draft_is_stopped(system: Caller, worker: Caller) -> None:
    start(system)
    path = only_task(worker)
    worker.put(f"{path}/draft", {"answers": {}}, if_match='"0"')
    late = worker.post(f"{path}/completion", {"answers": good_answers()}, if_match='"0"')
    assert late.status_code == 412


def test_every_wrong_answer_is_named_at_once(system: Caller, worker: Caller) -> None:
    start(system)
    answer = worker.post(f"{only_task(worker)}/completion", {"answers": {"closureReason": "because"}})
    assert answer.status_code == 422
    assert {"closureReason", "outcomes"} <= set(answer.json["fields"])


def test_a_rule_that_says_no_says_whose_action_clears_it(system: Caller, worker: Caller) -> None:
    start(system)
    answer = worker.post(
        f"{only_task(worker)}/completion", {"answers": {**good_answers(), "involvementsEnding": ["K-101-1"]}}
    )
    assert (answer.status_code, answer.json["type"]) == (409, "/api/v1/docs#problem-refused")
    assert all(refusal["cleared_by"] for refusal in answer.json["refusals"])


def test_nobody_signs_what_they_wrote(app: Flask, system: Caller, worker: Caller, manager: Caller) -> None:
    start(system)
    worker.post(f"{only_task(worker)}/completion", {"answers": good_answers()})
    answer = worker.post(f"{only_task(manager)}/completion", {"answers": {"outcome": "signed"}})
    assert answer.status_code == 403


def test_what_one_may_not_know_of_is_not_there(app: Flask, system: Caller, worker: Caller) -> None:
    start(system)
    stranger = a_person(app, "sw1-cla")
    assert stranger.get(only_task(worker)).status_code == 404


def test_a_rule_that_does_not_stand_in_the_way_cannot_be_allowed(system: Caller, worker: Caller) -> None:
    start(system)
    answer = worker.post(f"{only_task(worker)}/overrides", {"rule": "none", "reason": "Because."})
    assert answer.status_code == 404


def test_allowing_a_rule_needs_its_name_and_a_reason(system: Caller, worker: Caller) -> None:
    start(system)
    answer = worker.post(f"{only_task(worker)}/overrides", {})
    assert (answer.status_code, set(answer.json["fields"])) == (422, {"rule", "reason"})
