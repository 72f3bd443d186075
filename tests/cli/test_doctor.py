"""`towpath doctor`: what is well, what is not, in words and as JSON, and the code it ends with."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.conftest import Installation
from tests.support.server import free_port


def test_an_installation_where_somebody_looks_is_well(demo: Installation) -> None:
    a_worker(demo)
    told = demo.words("doctor")
    assert "LOOK" not in told
    assert "Looking for due work: worker 4711 on east-1 (0.1.0)." in told


def test_where_nobody_looks_for_work_it_says_what_to_run(demo: Installation) -> None:
    assert "Nobody looks for due work" in complaint(demo)


def test_a_worker_that_was_seen_yesterday_is_not_there(demo: Installation) -> None:
    a_worker(demo, ago=timedelta(days=1))
    assert "Nobody looks for due work" in complaint(demo)


@pytest.mark.parametrize(
    ("name", "words", "insert"),
    [
        ("timers", "1 timer waits, the oldest for 2 hours.",
         "INSERT INTO process_instances (id, process_id, name, release_number, case_reference, status, state,"
         " following, wake_at, started_at, started_by, started_by_name)"
         " VALUES ('i', 'p', 'P', 1, 'K-101', 'running', '', '{}', :then, :then, 'x', 'X')"),
        ("events", "1 case event waits, the oldest for 2 hours.",
         "INSERT INTO case_events (id, source, event_id, type, case_reference, happened_at, data, digest, received_at,"
         " received_from, received_from_name, status, did)"
         " VALUES ('e', 's', 'e', 't', 'K-101', :then, '{}', '', :then, 'x', 'X', 'accepted', '')"),
        ("incidents", "Stuck until a person looks: 1 of the kind 'timer'.",
         "INSERT INTO incidents (id, case_reference, kind, what, message, raised_at)"
         " VALUES ('n', 'K-101', 'timer', 'w', 'm', :then)"),
        ("schedules", "until a release draws them otherwise: 1 (weekly of review: no day is the 32nd).",
         "INSERT INTO schedules (process_id, start_id, timer, stopped_because, reached)"
         " VALUES ('review', 'weekly', 'cycle', 'no day is the 32nd', '')"),
    ],
)  # fmt: skip
def test_what_waits_too_long_or_is_stuck_is_told(demo: Installation, name: str, words: str, insert: str) -> None:
    a_worker(demo)
    tell(demo, insert, then=stored(timedelta(hours=2)))
    told = complaint(demo)
    assert f"LOOK  {name}" in told
    assert words in told


def test_a_monitor_reads_json(demo: Installation) -> None:
    a_worker(demo)
    told = json.loads(demo.words("doctor", "--json"))
    values = {finding["name"]: finding["value"] for finding in told["findings"]}
    assert (told["well"], values["workers"], values["timers"], values["incidents"]) == (True, 1, 0.0, 0)


def test_a_monitor_reads_how_many_timer_starts_have_stopped(demo: Installation) -> None:
    a_worker(demo)
    assert schedules(demo) == (True, 0)
    tell(
        demo,
        "INSERT INTO schedules (process_id, start_id, timer, stopped_because, reached) VALUES ('p', 's', 't', 'b', '')",
    )
    tell(demo, "INSERT INTO schedules (process_id, start_id, timer, next_at, reached) VALUES ('p', 'on', 't', :at, '')",
         at=stored(timedelta(days=-1)))  # fmt: skip
    assert schedules(demo) == (False, 1)


def test_a_database_of_another_version_is_told_and_not_asked(demo: Installation) -> None:
    tell(demo, "UPDATE alembic_version SET version_num = :old", old="0001")
    told = complaint(demo)
    assert "The database is at migration 0001, and this version needs" in told
    assert "timers" not in told


def test_an_empty_database_is_told(empty: Installation) -> None:
    empty.directory.mkdir()
    assert "empty. Run: towpath db upgrade" in complaint(empty)


def test_a_database_that_is_away_is_told_without_its_password(demo: Installation) -> None:
    demo.settings["TOWPATH_DATABASE_URL"] = f"postgresql+psycopg://u:secret@127.0.0.1:{free_port()}/none"
    told = complaint(demo)
    assert "The database cannot be asked" in told
    assert "secret" not in told


def test_a_broker_that_is_away_is_told(demo: Installation) -> None:
    a_worker(demo)
    demo.settings["TOWPATH_BROKER_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    assert "The broker does not answer." in complaint(demo)


def schedules(installation: Installation) -> tuple[bool, int]:
    """What a monitor is told of the timer start events."""
    told = json.loads(installation.run("doctor", "--json").output)
    [found] = [finding for finding in told["findings"] if finding["name"] == "schedules"]
    return found["well"], found["value"]


def complaint(installation: Installation) -> str:
    """What it says when somebody should look."""
    result = installation.run("doctor")
    assert result.exit_code == 1, result.output
    return result.output


def a_worker(installation: Installation, ago: timedelta = timedelta(0)) -> None:
    """Somebody has looked."""
    insert = (
        "INSERT INTO workers (id, host, pid, kind, version, started_at, seen_at)"
        " VALUES ('w', 'east-1', 4711, 'worker', '0.1.0', :then, :then)"
    )
    tell(installation, insert, then=stored(ago))


def stored(ago: timedelta) -> str:
    """A moment of the past as SQLite keeps it."""
    return (datetime.now(UTC) - ago).strftime("%Y-%m-%d %H:%M:%S.%f")


def tell(installation: Installation, statement: str, **values: Any) -> None:
    """Change the database behind its back."""
    with sqlite3.connect(installation.directory / "towpath.sqlite") as connection:
        connection.execute(statement, values)
    connection.close()
