"""Callers of the API, each with a token of their own, over a real application. What they find is in the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.access.rules import SCOPES
from service.domain.people import TOWPATH
from service.operations.identity import create_token

API = "/api/v1"


@dataclass(frozen=True)
class Caller:
    """Somebody who calls the API with their token."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: Any) -> TestResponse:
        """GET an address below /api/v1, or the whole path as a link gives it."""
        return self.call("GET", path, query_string=query)

    def post(self, path: str, json: Any = None, **headers: str) -> TestResponse:
        """POST JSON, or nothing."""
        return self.call("POST", path, json=json, headers=headers)

    def put(self, path: str, json: Any, **headers: str) -> TestResponse:
        """PUT JSON; `if_match` is the header If-Match."""
        return self.call("PUT", path, json=json, headers=headers)

    def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **parts: Any) -> TestResponse:
        """Any request, with the token."""
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        named["Authorization"] = f"Bearer {self.token}"
        whole = path if path.startswith(API) else f"{API}{path}"
        return self.client.open(whole, method=method, headers=named, **parts)


def a_system(app: Flask, *scopes: str) -> Caller:
    """Another system, whose token was issued for these scopes."""
    return _caller(app, "Another system", frozenset(scopes))


def any_system(app: Flask) -> Caller:
    """Another system that may do everything a system may."""
    return a_system(app, *SCOPES)


def a_person(app: Flask, person_id: str) -> Caller:
    """A person of the demo authority."""
    return _caller(app, f"Token of {person_id}", frozenset(), person_id)


def _caller(app: Flask, name: str, scopes: frozenset[str], person_id: str | None = None) -> Caller:
    with app.app_context():
        environment = app.extensions["towpath"]
        token = create_token(environment, TOWPATH, name=name, scopes=scopes, person_id=person_id)
    return Caller(app.test_client(), token)
