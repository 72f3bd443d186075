"""The demo authority on an empty database, its rule book with one more diagram, and many more cases. No faults here."""

from __future__ import annotations

from pathlib import Path

import orjson
from sqlalchemy import insert

from deployment.bench.faulty.handlers import have_effect
from service.app import create_app
from service.cli.database import upgrade_database
from service.config import Config
from service.data_files import demo_directory, processes_directory
from service.definitions.files import read_directory
from service.domain.people import TOWPATH
from service.operations.authority import load_authority
from service.operations.environment import Environment, utc_now
from service.operations.identity import create_token
from service.operations.rulebook import publish_release
from service.store.cases import CaseRow
from service.store.tables import db

WORKERS = ("sw1-cin-east", "sw2-cin-east", "sw1-cin-west", "sw1-cla")
"""Allocated workers of the demo; each has one client."""

WALK = Path(__file__).with_name("walk.bpmn")


def install(directory: Path, database_url: str, cases: int) -> dict[str, str]:
    """Make the database ready; give a bearer token for each worker, and one under `bench` for events and the feed."""
    config = Config(
        data_directory=directory / "data", database_url=database_url, handlers_package=have_effect.__module__
    )
    app = create_app(config)
    env: Environment = app.extensions["towpath"]
    with app.app_context():
        upgrade_database(db.engine)
        load_authority(env, TOWPATH, data=orjson.loads((demo_directory() / "northmere.json").read_bytes()))
        publish_release(
            env,
            TOWPATH,
            files={**read_directory(processes_directory()), "bench/walk.bpmn": WALK.read_bytes()},
            author=WORKERS[0],
            approver=WORKERS[1],
            note="For the bench of faults.",
            effective_from=utc_now().date(),
        )
        _add_cases(cases)
        tokens = {
            worker: create_token(env, TOWPATH, name=worker, scopes=frozenset(), person_id=worker) for worker in WORKERS
        }
        tokens["bench"] = create_token(env, TOWPATH, name="bench", scopes=frozenset({"events:write", "feed:read"}))
        db.engine.dispose()
    return tokens


def _add_cases(count: int) -> None:
    rows = [
        {
            "reference": f"W-{number}",
            "label": f"Child W-{number}",
            "status": "open",
            "owning_team_id": WORKERS[number % len(WORKERS)].partition("-")[2],
            "allocated_worker_id": WORKERS[number % len(WORKERS)],
            "facts": {},
            "facts_as_of": utc_now(),
        }
        for number in range(count)
    ]
    with db.engine.begin() as connection:
        connection.execute(insert(CaseRow), rows)
