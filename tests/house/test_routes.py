"""Every route is guarded, by its mark and in fact (design §8). Who may do what behind the guard is not tested here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from service.app import create_app
from service.config import Config
from service.store.tables import db

OPEN = {"desk.static", "desk.sign_in.stop", "api-health.read", "api-docs.openapi", "api-docs.docs"}
"""What anybody may ask for. Whoever opens another route writes it here too."""
DEMONSTRATION = {"desk.sign_in.choose", "desk.sign_in.start"}
PLAIN = ("GET", "POST", "PUT", "PATCH", "DELETE")


def test_every_route_carries_a_guard(app: Flask) -> None:
    guards = {rule.endpoint: getattr(app.view_functions[rule.endpoint], "guard", None) for rule in _rules(app)}
    unguarded = {endpoint for endpoint, guard in guards.items() if guard not in {"token", "signed in"}}
    assert unguarded == OPEN | DEMONSTRATION
    assert {guards[endpoint] for endpoint in DEMONSTRATION} == {"demonstration only"}


def test_no_guarded_route_answers_a_stranger(app: Flask) -> None:
    client = app.test_client()
    for rule in _rules(app):
        if rule.endpoint in OPEN | DEMONSTRATION:
            continue
        path = rule.build(dict.fromkeys(rule.arguments, "x"))
        assert path is not None
        for method in (rule.methods or set()) & set(PLAIN):
            answer = client.open(path[1], method=method, json={} if rule.endpoint.startswith("api-") else None)
            assert answer.status_code in _turned_away(rule.endpoint, method), rule


def test_the_api_and_the_pages_have_no_address_in_common(app: Flask) -> None:
    assert all(rule.rule.startswith("/api/v1/") == rule.endpoint.startswith("api-") for rule in _rules(app))


def _turned_away(endpoint: str, method: str) -> set[int]:
    # A form that is posted without the page it belongs to is refused (400) before anybody asks who sent it.
    return {401} if endpoint.startswith("api-") or method == "GET" else {400, 401}


def _rules(app: Flask) -> list[Rule]:
    rules = list(app.url_map.iter_rules())
    assert len(rules) > 20
    return rules


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application over empty tables: a stranger is turned away before anything of a case is read."""
    made = create_app(Config(data_directory=tmp_path, database_url=f"sqlite:///{tmp_path / 'empty.sqlite'}"))
    with made.app_context():
        db.create_all()
    yield made
    with made.app_context():
        db.engine.dispose()
