"""An installation of the version before keeps its data when it is upgraded. What the tables are is not asked here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text

from service.cli.database import upgrade_database
from service.data_files import migrations_directory
from service.store.codec import decode
from service.store.lists import lists_of
from service.store.queue import NEVER
from service.store.tables import engine_options, prepare_engine
from tests.support.databases import empty_database

AT = "2027-01-04 09:30:00+00:00"

ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("releases", {"number": 1, "digest": "d", "author": "a", "approver": "b", "note": "",
                  "effective_from": "2027-01-04", "published_at": AT}),
    ("people", {"id": "kim", "name": "Worker"}),
    ("teams", {"id": "east", "name": "East", "kind": "cin"}),
    ("cases", {"reference": "K-1", "label": "Child K-1", "status": "open", "owning_team_id": "east", "facts": "{}",
               "facts_as_of": AT}),
    ("process_instances", {"id": "i", "process_id": "p", "name": "P", "release_number": 1, "case_reference": "K-1",
                           "status": "running", "state": b"{}", "started_at": AT, "started_by": "kim",
                           "started_by_name": "Worker"}),
    *(
        ("user_tasks", {"id": task, "instance_id": "i", "case_reference": "K-1", "element_id": "write",
                        "process_id": "p", "name": "Write", "status": status, "priority": 50, "properties": "{}",
                        "variables": '{"a": 1}', "excluded": "[]", "opened_at": AT})
        for task, status in (("done", "completed"), ("now", "open"))
    ),
    ("answers", {"task_id": "done", "answers": '{"why": "Because."}', "given_by": "kim", "given_at": AT}),
    ("drafts", {"task_id": "now", "answers": '{"why": "Be"}', "version": 3, "saved_at": AT, "saved_by": "kim"}),
    ("user_task_candidates", {"task_id": "now", "key": "person:kim", "words": "Kim is named for it"}),
    ("user_task_candidates", {"task_id": "now", "key": "post:1", "words": "The first post"}),
    ("user_task_contributors", {"task_id": "now", "person_id": "kim"}),
    ("case_events", {"id": "e", "source": "lcs", "event_id": "1", "type": "t", "case_reference": "K-1",
                     "happened_at": AT, "data": '{"name": "Zoë"}', "digest": "", "received_at": AT,
                     "received_from": "lcs", "received_from_name": "LCS", "status": "delivered", "did": ""}),
    ("jobs", {"id": "j", "instance_id": "i", "case_reference": "K-1", "element_id": "send", "name": "Send", "type": "t",
              "headers": "{}", "variables": "{}", "status": "stuck", "attempts": 3, "retries": 0, "due_at": AT,
              "created_at": AT}),
    ("incidents", {"id": "n", "instance_id": "i", "case_reference": "K-1", "job_id": "j", "what": "Send",
                   "message": "No.", "raised_at": AT}),
    ("outbox", {"sequence": 7, "id": "o", "type": "sent", "case_reference": "K-1", "instance_id": "i", "data": "{}",
                "at": AT}),
)  # fmt: skip
"""A case half-way, as the first version kept it."""


def test_what_a_task_knew_is_in_its_row(upgraded: Callable[[str], list[Any]]) -> None:
    [done, now] = upgraded("SELECT candidates, contributors, answers, draft_version FROM user_tasks ORDER BY id")
    assert done == [{}, [], {"why": "Because."}, 0]
    assert now == [{"person:kim": "Kim is named for it", "post:1": "The first post"}, ["kim"], None, 3]


def test_what_is_open_of_an_instance_is_in_its_row(upgraded: Callable[[str], list[Any]]) -> None:
    [[following]] = upgraded("SELECT following FROM process_instances")
    assert following == {"tasks": ["now"], "jobs": ["j"], "subscriptions": [], "incidents": 1}


def test_what_waits_is_in_the_queue_and_a_case_is_found_by_its_words(upgraded: Callable[[str], list[Any]]) -> None:
    entries = upgraded("SELECT task_id, key, team_id, kind FROM queue_entries ORDER BY key")
    assert entries == [["now", key, "east", "write p"] for key in ("*", "person:kim", "post:1")]
    known = "key, kind, due_at, free, key_list, team_list, day_list, kind_list"
    for key, kind, due_at, free, *numbers in upgraded(f"SELECT {known} FROM queue_entries"):
        assert str(due_at).startswith("9999-12-31")
        assert numbers == [*lists_of(key, team_id="east", due_at=NEVER, kind=kind, free=bool(free)).values()]
    words = upgraded("SELECT word FROM case_words ORDER BY word")
    assert sorted(word for [word] in words) == ["1", "child", "k", "k-1"]


def test_rows_that_point_at_a_table_made_anew_are_still_there(upgraded: Callable[[str], list[Any]]) -> None:
    assert upgraded("SELECT answers FROM drafts") == [[{"why": "Be"}]]
    assert upgraded("SELECT job_id FROM incidents") == [["j"]]


def test_a_reader_of_the_feed_goes_on_from_the_cursor_it_has(upgraded: Callable[[str], list[Any]]) -> None:
    assert upgraded("SELECT position, type FROM outbox") == [[7, "sent"]]


def test_a_job_has_its_turn_when_it_is_due(upgraded: Callable[[str], list[Any]]) -> None:
    assert upgraded("SELECT count(*) FROM jobs WHERE turn_at = due_at") == [[1]]


def test_what_was_json_or_plain_state_is_read_through_the_codec(upgraded: Callable[[str], list[Any]]) -> None:
    assert upgraded("SELECT variables FROM user_tasks") == [[{"a": 1}], [{"a": 1}]]
    assert upgraded("SELECT variables FROM jobs") == [[{}]]
    assert upgraded("SELECT data FROM case_events") == [[{"name": "Zoë"}]]
    assert upgraded("SELECT state FROM process_instances") == [[{}]]


@pytest.mark.parametrize("change", ["UPDATE people SET name = 'Other'", "DELETE FROM people",
                                    "INSERT INTO people (id, name) VALUES ('lee', 'Worker')"])  # fmt: skip
def test_the_database_renews_the_version_of_the_surroundings(engine: Engine, change: str) -> None:
    upgrade_database(engine)
    asked = "SELECT version FROM surroundings"
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO people (id, name) VALUES ('kim', 'Worker')"))
        before = connection.execute(text(asked)).scalar_one()
        connection.execute(text(change))
        assert connection.execute(text(asked)).scalar_one() != before


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with empty_database(request.param, tmp_path) as address:
        made = create_engine(address, **engine_options(address))
        prepare_engine(made)
        yield made
        made.dispose()


@pytest.fixture
def upgraded(engine: Engine) -> Callable[[str], list[Any]]:
    with engine.connect().execution_options(writing=True) as connection:
        _upgrade_to(connection, "0001")
    with engine.begin() as connection:
        for table, row in ROWS:
            names = ", ".join(row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(row)})"), row)
    upgrade_database(engine)

    def query(statement: str) -> list[Any]:
        with engine.connect() as connection:
            return [[_json(value) for value in row] for row in connection.execute(text(statement))]

    return query


def _upgrade_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_directory()))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _json(value: Any) -> Any:
    """SQLite gives JSON as text; what the codec keeps is bytes in either database."""
    if isinstance(value, bytes | memoryview):
        return orjson.loads(decode(bytes(value)))
    return orjson.loads(value) if isinstance(value, str) and value[:1] in "{[" else value
