"""Every address of the API is guarded, documented, and answers problems in one form."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from service.web.api.problems import HTTP_PROBLEMS, SERVICE_PROBLEMS
from tests.web.api.calling import API

OPEN = {f"{API}/health", f"{API}/openapi.json", f"{API}/docs"}


def test_every_route_asks_for_a_token_but_three(app: Flask) -> None:
    guards = {rule.rule: vars(app.view_functions[rule.endpoint]).get("guard") for rule in rules(app)}
    assert {path for path, guard in guards.items() if guard == "open"} == OPEN
    assert {guard for path, guard in guards.items() if path not in OPEN} == {"token"}


def test_nobody_gets_in_without_a_token(app: Flask) -> None:
    client = app.test_client()
    for path, method in calls(app):
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), path
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="towpath"'


@pytest.mark.parametrize("authorization", ["Bearer wrong", "Basic YTpi", "Bearer", "Bearer tök", "nonsense"])
def test_a_bad_token_is_told_that_it_is_bad(app: Flask, authorization: str) -> None:
    answer = app.test_client().get(f"{API}/feed", headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_every_route_is_in_the_openapi_document(app: Flask) -> None:
    document = app.test_client().get(f"{API}/openapi.json").json
    told = {(path, method.upper()) for path, item in document["paths"].items() for method in item}
    real = {(re.sub(r"<(\w+)>", r"{\1}", rule.rule), method) for rule in rules(app) for method in methods(rule)}
    assert {(path, method) for path, method in told if method != "PARAMETERS"} == real - {
        (f"{API}/openapi.json", "GET"),
        (f"{API}/docs", "GET"),
    }


def test_the_openapi_document_is_3_1_and_complete(app: Flask) -> None:
    text = app.test_client().get(f"{API}/openapi.json").text
    document = app.test_client().get(f"{API}/openapi.json").json
    assert document["openapi"] == "3.1.0"
    for room, name in set(re.findall(r'"#/components/(\w+)/(\w+)"', text)):
        assert name in document["components"][room]


def test_the_page_explains_every_kind_of_problem(app: Flask) -> None:
    page = app.test_client().get(f"{API}/docs").text
    for kind in (*SERVICE_PROBLEMS.values(), *HTTP_PROBLEMS.values()):
        assert f'id="problem-{kind.slug}"' in page


def test_the_page_leads_nowhere_that_is_not_there(app: Flask) -> None:
    page = app.test_client().get(f"{API}/docs").text
    anchors = re.findall(r'id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert {"shape-Event", "problems"} <= set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)


def test_the_page_has_an_example_of_every_call(app: Flask) -> None:
    page = app.test_client().get(f"{API}/docs").text
    for path, method in calls(app, filled=False):
        assert re.search(f"curl (-X {method} )?[^\n]*{re.escape(path)}", page), path


@pytest.mark.parametrize("path", [f"{API}/nothing", f"{API}/", API, f"{API}/events/a/b"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_is_none_is_a_problem_document(app: Flask, path: str, method: str) -> None:
    answer = app.test_client().open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_method_that_is_none_is_told_the_others(app: Flask) -> None:
    answer = app.test_client().delete(f"{API}/events")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "POST" in answer.headers["Allow"]


def test_an_address_outside_the_api_is_left_to_the_pages(app: Flask) -> None:
    assert app.test_client().get("/api-nothing").mimetype == "text/html"


def test_an_error_nobody_expected_shows_no_internals(app: Flask) -> None:
    del app.extensions["towpath"]
    answer = app.test_client().get(f"{API}/health")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "towpath'" not in answer.text


def test_answers_about_children_stay_out_of_caches(app: Flask) -> None:
    assert app.test_client().get(f"{API}/feed").headers["Cache-Control"] == "no-store"


def rules(app: Flask) -> list[Rule]:
    """Every address of the API."""
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(API)]


def methods(rule: Rule) -> set[str]:
    """What an address knows beyond what every address knows."""
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def calls(app: Flask, *, filled: bool = True) -> list[tuple[str, str]]:
    """Every guarded call: address and method."""
    return [
        (re.sub(r"<(\w+)>", "x" if filled else r"{\1}", rule.rule), method)
        for rule in rules(app)
        if rule.rule not in OPEN
        for method in methods(rule)
    ]
