"""What the pretend system holds: records, how often each arrived, and its mode. One SQLite file; HTTP is not here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MODES = ("ok", "slow", "down", "refuse")
SCHEMA = """
create table if not exists record (
    number integer primary key, reference text not null unique, idempotency_key text not null unique,
    body text not null, received_at text not null, deliveries integer not null
);
create table if not exists mode (only integer primary key check (only = 1), mode text not null, seconds real not null);
insert or ignore into mode values (1, 'ok', 0);
"""


class Clash(Exception):
    """This reference, or this idempotency key, was used before for something else."""


@dataclass(frozen=True, slots=True)
class Mode:
    """How the system behaves, and how many seconds it takes over an answer when it is slow."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Held:
    """A record that was accepted. `deliveries` counts how often it was sent, so that tests can tell twice from once."""

    number: int
    reference: str
    idempotency_key: str
    record: Mapping[str, Any]
    received_at: str
    deliveries: int

    def receipt(self) -> dict[str, Any]:
        """What the sender keeps: the same for the first delivery and for every repetition."""
        return {"reference": self.reference, "receivedAt": self.received_at, "number": f"CM-{self.number:06d}"}


class Records:
    """The file. Every method is a transaction of its own: requests may come at once, and a kill loses nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.executescript(SCHEMA)

    def keep(self, reference: str, idempotency_key: str, record: Mapping[str, Any]) -> tuple[Held, bool]:
        """Keep a record; returns it and whether it is new. Raises Clash."""
        body = json.dumps(record, sort_keys=True, ensure_ascii=False)
        with self._open() as connection:
            connection.execute("begin immediate")
            found = connection.execute(
                "select reference, body from record where reference = ? or idempotency_key = ?",
                (reference, idempotency_key),
            ).fetchall()
            if any(tuple(row) != (reference, body) for row in found):
                raise Clash("This reference or idempotency key was used before for something else.")
            connection.execute(
                "insert into record (reference, idempotency_key, body, received_at, deliveries) values (?, ?, ?, ?, 1)"
                " on conflict (reference) do update set deliveries = deliveries + 1",
                (reference, idempotency_key, body, datetime.now(UTC).isoformat(timespec="seconds")),
            )
            row = connection.execute("select * from record where reference = ?", (reference,)).fetchone()
            return _held(row), not found

    def all(self) -> list[Held]:
        """Every record, oldest first."""
        with self._open() as connection:
            return [_held(row) for row in connection.execute("select * from record order by number")]

    def mode(self) -> Mode:
        """How the system is to behave now."""
        with self._open() as connection:
            row = connection.execute("select mode, seconds from mode").fetchone()
        return Mode(row["mode"], row["seconds"])

    def set_mode(self, mode: Mode) -> None:
        """Behave like this from the next request on, and after a restart too."""
        with self._open() as connection:
            connection.execute("update mode set mode = ?, seconds = ?", (mode.name, mode.seconds))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30)) as connection, connection:
            connection.row_factory = sqlite3.Row
            yield connection


def _held(row: sqlite3.Row) -> Held:
    return Held(
        number=row["number"],
        reference=row["reference"],
        idempotency_key=row["idempotency_key"],
        record=json.loads(row["body"]),
        received_at=row["received_at"],
        deliveries=row["deliveries"],
    )
