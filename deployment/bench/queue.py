"""What a page of the queue costs at 1,000, 100,000 and 1,000,000 open user tasks. The last line is JSON.

    .venv/bin/python -m deployment.bench.queue [--database postgresql|sqlite] [--sizes 1000,1000000] [--rounds 60]
        [--only "this week"]

`--only` asks what has these words in its name, and nothing else. The figures tell the median and p95 of each request at
each size, and how many times its p95 at the first size that at the last one is.

Through the whole application (Flask's test client: token or session, rules, rows, JSON or HTML), on databases of its
own, which it drops. The sizes are asked in turn, request by request, so that what else the machine does falls on all of
them. PostgreSQL is the server of TOWPATH_TEST_POSTGRES_URL; SQLite is a file in a temporary directory.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from flask.testing import FlaskClient
from sqlalchemy import make_url, text

from deployment.bench.queue_rows import OWN, fill
from service.cli.database import upgrade_database
from service.data_files import processes_directory
from service.definitions.files import read_directory
from service.domain.people import TOWPATH
from service.operations.environment import ReleaseCache
from service.operations.identity import create_token
from service.operations.rulebook import publish_release
from service.store.tables import db
from service.web.desk.guards import PERSON
from tests.support.world import START, World, make_world

WARMING = 8
"""Rounds that are not counted."""
MANAGER, MEGA, SUPERVISOR, DIRECTOR, SYSTEM = "tm0", "sd0", "sm1", "dc0", "system"
"""Of one team, with 140 tasks; with a tenth of all; above five teams; above none; a token for everything."""

WEEK = {"due_after": "2027-01-04", "due_before": "2027-01-11"}
ASKED: dict[str, tuple[str, dict[str, str]]] = {
    "my queue": (MANAGER, {}),
    "my queue, claimed or not": (MANAGER, {"claimed": "any"}),
    "my queue, by due date": (MANAGER, {"sort": "due"}),
    "my queue, rare word": (MANAGER, {"text": "c-17"}),
    "my queue, common word": (MANAGER, {"text": "pathway"}),
    "my queue, overdue": (MANAGER, {"overdue": "true"}),
    "my team": (MANAGER, {"team": "t0"}),
    "long queue": (MEGA, {"person": "me"}),
    "long queue, by due date": (MEGA, {"person": "me", "sort": "due"}),
    "long queue, by priority": (MEGA, {"person": "me", "sort": "priority"}),
    "long queue, one team": (MEGA, {"person": "me", "team": "t7"}),
    "long queue, rare word": (MEGA, {"person": "me", "text": "c-85"}),
    "long queue, word in every case": (MEGA, {"person": "me", "text": "c"}),
    "long queue, word in every kind": (MEGA, {"person": "me", "text": "pathway"}),
    "long queue, a kind and a name": (MEGA, {"person": "me", "text": "visit birch"}),
    "long queue, two that never meet": (MEGA, {"person": "me", "text": "visit avery"}),
    "long queue, a word nobody has": (MEGA, {"person": "me", "text": "zzz"}),
    "long queue, due this week": (MEGA, {"person": "me", **WEEK}),
    "long queue, due this week, urgent": (MEGA, {"person": "me", "sort": "priority", **WEEK}),
    "five teams": (SUPERVISOR, {"person": "anyone"}),
    "five teams, one level": (SUPERVISOR, {"level": "team-manager"}),
    "a level everywhere": (SYSTEM, {"level": "team-manager"}),
    "a manager below me": (SUPERVISOR, {"person": "tm1"}),
    "everything": (SYSTEM, {}),
    "everything, by due date": (SYSTEM, {"sort": "due"}),
    "everything, rare word": (SYSTEM, {"text": "c-85"}),
    "everything, common name": (SYSTEM, {"text": "avery"}),
    "everything, overdue": (SYSTEM, {"overdue": "true"}),
    "everything, due this week": (SYSTEM, WEEK),
    "everything, one kind": (SYSTEM, {"text": "visit 17"}),
}
"""What is asked of `GET /api/v1/user-tasks`, by whom."""
TURNED = {"my queue, deep": ASKED["my queue"], "long queue, deep": ASKED["long queue"]}
DEEP = 4
"""Pages that are turned to get to a deep page of the manager's queue."""


@dataclass
class Installation:
    """One database of a size, and requests to it."""

    world: World
    size: int
    only: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)
    deep: dict[str, str] = field(default_factory=dict)

    def requests(self) -> Iterator[tuple[str, Callable[[FlaskClient], Any]]]:
        """Each request by its name."""
        for name, (who, asked) in ASKED.items():
            yield name, self.get(who, {"limit": "25", **asked})
        for name, (who, asked) in {
            "my queue, deep": ASKED["my queue"],
            "long queue, deep": ASKED["long queue"],
        }.items():
            yield name, self.get(who, {"limit": "25", **asked, "after": self.deep[name]})
        for name, who in (("page of my queue", MANAGER), ("page of a long queue", MEGA)):
            yield name, self.page(who)

    def get(self, who: str, asked: dict[str, str]) -> Callable[[FlaskClient], Any]:
        """A request to the API."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        return lambda client: client.get(f"/api/v1/user-tasks?{urlencode(asked)}", headers=headers)

    def page(self, who: str) -> Callable[[FlaskClient], Any]:
        """A request for the HTML page by somebody who is signed in."""

        def ask(client: FlaskClient) -> Any:
            with client.session_transaction() as session:
                session[PERSON] = who
            began = time.perf_counter()
            answer = client.get("/")
            answer.took = time.perf_counter() - began
            return answer

        return ask

    def prepare(self) -> None:
        """Tables, rule book, rows and tokens."""
        with self.world.app.app_context():
            upgrade_database(db.engine)
            publish_release(
                self.world.env, TOWPATH, files=read_directory(processes_directory()), author="a", approver="b",
                note="For the bench.", effective_from=START.date(),
            )  # fmt: skip
            began = time.perf_counter()
            fill(db.engine, self.size)
            print(f"{db.engine.dialect.name}, {self.size} open tasks: filled in {time.perf_counter() - began:.0f} s")
            for who in (MANAGER, MEGA, SUPERVISOR, DIRECTOR):
                self.tokens[who] = create_token(self.world.env, TOWPATH, name=who, scopes=frozenset(), person_id=who)
            self.tokens[SYSTEM] = create_token(self.world.env, TOWPATH, name="s", scopes=frozenset({"cases:read"}))
            print("  " + ", ".join(f"{name} {size}" for name, size in sizes().items()))
            db.session.remove()
        for name, (who, asked) in {
            "my queue, deep": ASKED["my queue"],
            "long queue, deep": ASKED["long queue"],
        }.items():
            self.deep[name] = self._turn(who, asked)

    def _turn(self, who: str, asked: dict[str, str]) -> str:
        """The cursor after some pages: of a page that is there at every size."""
        client, after = self.world.app.test_client(), {}
        for _ in range(DEEP - 1):
            answer = self.get(who, {"limit": "25", **asked, **after})(client).get_json()
            after = {"after": answer["next_after"]} if answer["next_after"] else after
        return after["after"]

    def ask(self) -> None:
        """One round: every request once."""
        for name, send in self.requests():
            if self.only not in name:
                continue
            client = self.world.app.test_client()
            began = time.perf_counter()
            answer = send(client)
            took = getattr(answer, "took", time.perf_counter() - began)
            assert answer.status_code == 200, (name, answer.status_code, answer.text[:500])
            self.times.setdefault(name, []).append(took * 1000)


def sizes() -> dict[str, str]:
    """How big the tables of the queue are, with their indexes."""
    if db.engine.dialect.name != "postgresql":
        pages = db.session.execute(text("PRAGMA page_count")).scalar_one() * 4096
        return {"database": f"{pages / 1e6:.0f} MB"}
    asked = text("SELECT pg_table_size(:name), pg_indexes_size(:name)")
    found = {}
    for name in ("user_tasks", "queue_entries", "case_words"):
        table, indexes = db.session.execute(asked, {"name": name}).one()
        found[name] = f"{table / 1e6:.0f} + {indexes / 1e6:.0f} MB"
    return found


@contextmanager
def database(kind: str, size: int) -> Iterator[tuple[Path, str]]:
    """An empty database of its own."""
    with tempfile.TemporaryDirectory() as directory:
        if kind == "sqlite":
            yield Path(directory), f"sqlite:///{Path(directory) / 'towpath.sqlite'}"
            return
        admin, name = make_url(os.environ["TOWPATH_TEST_POSTGRES_URL"]), f"towpath_bench_queue_{size}"
        plain = admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name}".encode())
            try:
                yield Path(directory), admin.set(database=name).render_as_string(hide_password=False)
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def measure(kind: str, counts: list[int], rounds: int, only: str) -> dict[str, Any]:
    """Every request at every size, in turn."""
    with ExitStack() as stack:
        found = []
        for size in counts:
            directory, address = stack.enter_context(database(kind, size))
            found.append(Installation(make_world(directory, address, ReleaseCache()), size, only))
            found[-1].prepare()
        for number in range(rounds + WARMING):
            for installation in found:
                if number == WARMING:
                    installation.times.clear()
                installation.ask()
        for installation in found:
            with installation.world.app.app_context():
                db.session.remove()
                db.engine.dispose()
    return told(found)


def told(found: list[Installation]) -> dict[str, Any]:
    """The table, printed, and its figures."""
    first, last, figures = found[0], found[-1], {}
    print(f"{'p50 / p95 in ms':34}" + "".join(f"{one.size:>18,}" for one in found) + "   p95 ratio")
    for name in first.times:
        row = [(statistics.median(one.times[name]), p95(one.times[name])) for one in found]
        ratio = p95(last.times[name]) / p95(first.times[name])
        print(f"{name:34}" + "".join(f"{half:10.1f} /{most:6.1f}" for half, most in row) + f"{ratio:10.2f}")
        figures[name] = {"ms": [[round(half, 1), round(most, 1)] for half, most in row], "p95_ratio": round(ratio, 2)}
    return figures


def p95(times: list[float]) -> float:
    """The time that 95 of 100 requests kept within."""
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    """Measure, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], action="append")
    parser.add_argument("--sizes", default="1000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    counts = [int(size) for size in given.sizes.split(",")]
    kinds = given.database or ["postgresql", "sqlite"]
    figures = {kind: measure(kind, counts, given.rounds, given.only) for kind in kinds}
    load = os.getloadavg()[1]
    print(json.dumps({"sizes": counts, "own": OWN, "rounds": given.rounds, "load": round(load, 1), **figures}))


if __name__ == "__main__":
    main()
