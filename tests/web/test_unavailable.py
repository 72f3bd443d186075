"""While the database is away a request is answered so, with the moment to try again: on real servers that cannot be
reached, that let nobody in, and that go away in the middle. Losing nothing is tested with killed servers elsewhere."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.test import TestResponse

from service.operations.environment import ReleaseCache
from service.store.instances import lock_instance
from service.store.tables import begin_writing, db, is_away
from service.web.desk.guards import PERSON
from tests.operations.test_suspension import only_instance
from tests.support.databases import POSTGRES_VARIABLE, Copies, plain, require
from tests.support.world import EXEMPLAR, World, make_world
from tests.web.api.calling import API, a_person

WORKER = "sw1-cin-east"
PATIENCE = 30.0
TOKEN = {"Authorization": "Bearer some-token"}
REQUESTS = {
    "who asks by token": ("GET", f"{API}/user-tasks", TOKEN),
    "what a system sends": ("POST", f"{API}/events", TOKEN),
    "what a person completes": ("POST", f"{API}/user-tasks/one/completion", TOKEN),
    "health": ("GET", f"{API}/health", {}),
}
PAGES = ("/", "/tasks/one", "/cases/K-101", "/problems", "/sign-in", "/no-such-page")
SECRETS = ("127.0.0.1", "localhost", "psycopg", "sqlalche.me", "sqlite", "SELECT", "Traceback", "towpath_nobody")


@pytest.mark.parametrize("what", REQUESTS)
def test_a_program_is_told_when_to_try_again(unreachable: World, what: str) -> None:
    method, path, headers = REQUESTS[what]
    body = {"json": {"answers": {}}} if method == "POST" else {}
    answer = unreachable.app.test_client().open(path, method=method, headers=headers, **body)
    assert_unavailable(answer)
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["type"] == f"{API}/docs#problem-unavailable"


@pytest.mark.parametrize("path", PAGES)
def test_a_person_is_told_on_a_page(unreachable: World, path: str) -> None:
    answer = signed_in(unreachable).get(path)
    assert_unavailable(answer)
    assert "Sorry, the service is unavailable" in answer.text


def test_a_draft_that_a_page_saves_is_said_not_to_be_kept(unreachable: World) -> None:
    answer = signed_in(unreachable).get("/tasks/one", headers={"Accept": "application/json"})
    assert_unavailable(answer)
    assert answer.get_json()["message"].startswith("Your draft is not saved.")


def test_a_server_that_lets_nobody_in_and_then_everybody(postgres: World) -> None:
    worker, page = a_person(postgres.app, WORKER), signed_in(postgres)
    assert (worker.get("/user-tasks").status_code, page.get("/").status_code) == (200, 200)
    with nobody_let_in():
        assert_unavailable(worker.get("/user-tasks"))
        assert_unavailable(page.get("/"))
    assert (worker.get("/user-tasks").status_code, page.get("/").status_code) == (200, 200)


def test_a_completion_cut_off_in_the_middle_changes_nothing_and_is_sent_again(postgres: World) -> None:
    world = postgres.at_exemplar()
    task, instance_id = world.task("complete_closure_exemplar"), only_instance(world)
    worker = a_person(world.app, WORKER)
    complete = f"/user-tasks/{task}/completion"
    begin_writing()
    lock_instance(instance_id)
    answers: list[TestResponse] = []
    sender = threading.Thread(target=lambda: answers.append(worker.post(complete, {"answers": dict(EXEMPLAR)})))
    sender.start()
    cut_whoever_waits()
    sender.join(PATIENCE)
    db.session.rollback()
    db.session.close()
    assert_unavailable(answers[0])
    assert [element for element, _ in world.seen().open] == ["complete_closure_exemplar"]
    assert worker.post(complete, {"answers": dict(EXEMPLAR)}).status_code == 200
    assert sum("Completed: " in entry for entry in world.seen().history) == 1


def test_what_is_wrong_with_what_was_asked_is_no_absence(world: World) -> None:
    with pytest.raises(SQLAlchemyError) as raised:
        db.session.execute(text("SELECT * FROM no_such_table"))
    assert not is_away(raised.value)
    assert is_away(PoolTimeout("QueuePool limit of size 8 overflow 8 reached"))


def assert_unavailable(answer: TestResponse) -> None:
    """503, when to try again, and nothing of what the database or its driver said."""
    assert answer.status_code == 503, answer.text
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert [word for word in SECRETS if word.lower() in answer.text.lower()] == []


@pytest.fixture(params=["postgresql", "sqlite"])
def unreachable(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """An installation whose server has closed its port, or whose file is in no directory."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    addresses = {
        "postgresql": f"postgresql+psycopg://towpath_nobody:secret@127.0.0.1:{port}/towpath_nobody",
        "sqlite": f"sqlite:///{tmp_path / 'towpath_nobody' / 'file.sqlite'}",
    }
    return make_world(tmp_path, addresses[request.param], ReleaseCache())


@pytest.fixture
def postgres(copies: Callable[[str], Copies], releases: ReleaseCache, tmp_path: Path) -> Iterator[World]:
    """The demo authority on PostgreSQL."""
    require("postgresql")
    world = make_world(tmp_path, copies("postgresql").new(tmp_path), releases)
    with world.app.app_context():
        yield world
        db.session.remove()
        db.engine.dispose()


def signed_in(world: World) -> FlaskClient:
    """The worker at their desk."""
    client = world.app.test_client()
    with client.session_transaction() as session:
        session[PERSON] = WORKER
    return client


@contextmanager
def nobody_let_in() -> Iterator[None]:
    """The database of this test ends every connection and takes no new one, as while it is restored."""
    name = db.engine.url.database
    admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    try:
        admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
        yield
    finally:
        admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def cut_whoever_waits() -> None:
    """End the connection that waits for a lock, as soon as one does."""
    waiting = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    until = time.monotonic() + PATIENCE
    while not (found := admin(waiting, db.engine.url.database)):
        assert time.monotonic() < until, "nobody waits"
    admin("SELECT pg_terminate_backend(%s)", found[0][0])


def admin(statement: str, *values: Any) -> list[Any]:
    """What the server answers to whoever looks after it."""
    with psycopg.connect(plain(make_url(os.environ[POSTGRES_VARIABLE])), autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []
