"""Timers on many workers: how fast those due at once are drained, and how late one fires with the web at work beside.

    TOWPATH_TEST_POSTGRES_URL=postgresql+psycopg://postgres@127.0.0.1:5432/test \
        .venv/bin/python -m deployment.bench.timers [--timers 100000] [--workers 1 2 4] [--steady 60] [--per-second 5]

Makes a database beside that one for each run and drops it. Every worker is a process of its own (`towpath worker`),
every instance is a copy of one whose state the engine wrote, and each timer opens a user task. A drain fails unless
every instance fired exactly once. A part of it: `--workers 2 --steady 0`, or `--workers --steady 60`. The last line is
JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from service.operations.environment import utc_now
from service.operations.queue import list_user_tasks
from service.store.instances import InstanceRow
from service.store.tables import db
from tests.support.databases import POSTGRES_VARIABLE, PostgresCopies
from tests.support.fleet import Fleet, fleet, wait_in
from tests.support.world import World, make_ready

PATIENCE = 3600.0
LEAD = 15.0
"""Seconds in which the workers of the steady state can start before its first timer is due."""

FIRED = "SELECT count(*), count(DISTINCT instance_id) FROM history WHERE verb = 'TimerFired'"
LATENESS = """
    SELECT extract(epoch FROM history.at - steady.due) FROM history
    JOIN steady ON steady.id = history.instance_id WHERE history.verb = 'TimerFired'
"""


def main() -> None:
    """Drain with each number of workers, then fire at random instants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--timers", type=int, default=100_000)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4], help="of each drain; none leaves them out")
    parser.add_argument("--steady", type=float, default=60.0, help="seconds of the steady state; 0 leaves it out")
    parser.add_argument("--per-second", type=float, default=5.0, help="timers due in the steady state")
    asked = parser.parse_args()
    found: dict[str, Any] = {"database": "PostgreSQL", "timers": asked.timers, "drained": [], "steady": None}
    for workers in asked.workers:
        with installation() as (ships, world):
            found["drained"].append(drain(ships, world, asked.timers, workers))
            print(found["drained"][-1], flush=True)
    if asked.steady:
        with installation() as (ships, world):
            found["steady"] = steady(ships, world, asked.steady, asked.per_second)
            print(found["steady"], flush=True)
    print(json.dumps(found))


def drain(ships: Fleet, world: World, timers: int, workers: int) -> dict[str, Any]:
    """Everything is due when the workers have started. Raises AssertionError when one was lost or fired twice."""
    fill(ships, wait_in(world, "K-101", "PT1S"), timers - 1, "now()")
    change(ships, "UPDATE process_instances SET wake_at = now() + interval '1 day'", "VACUUM ANALYZE")
    for _ in range(workers):
        ships.start("worker")
    ships.wait_for_workers(workers)
    change(ships, "UPDATE process_instances SET wake_at = now(), leased_until = NULL")
    began, worked = time.monotonic(), sum(map(cpu_seconds, ships.processes))
    until = began + PATIENCE
    while open_timers(ships):
        assert time.monotonic() < until, "it never ended"
        time.sleep(0.2)
    took, worked = time.monotonic() - began, sum(map(cpu_seconds, ships.processes)) - worked
    [(fired, instances)] = ships.ask(FIRED)
    assert (fired, instances) == (timers, timers), f"{timers} timers, {fired} fired, in {instances} instances"
    [(tasks,)] = ships.ask("SELECT count(*) FROM user_tasks")
    assert tasks == timers, f"{tasks} user tasks for {timers} timers"
    return {
        "workers": workers,
        "seconds": round(took, 1),
        "per_second": round(timers / took, 1),
        "workers_cpu_ms_each": round(1000 * worked / timers, 2),
        "lost": 0,
        "twice": 0,
    }


def steady(ships: Fleet, world: World, seconds: float, per_second: float) -> dict[str, Any]:
    """Timers due at random instants, two workers, and somebody who reads their queue all the time."""
    template = wait_in(world, "K-101", "PT1S")
    first = utc_now() + timedelta(seconds=LEAD)
    number = int(seconds * per_second)
    fill(ships, template, number, f"timestamptz '{first.isoformat()}' + random() * interval '{seconds} seconds'")
    change(
        ships,
        f"DELETE FROM history WHERE instance_id = '{template}'",
        f"UPDATE process_instances SET wake_at = NULL WHERE id = '{template}'",
        "CREATE TABLE steady AS SELECT id, wake_at AS due FROM process_instances WHERE wake_at IS NOT NULL",
    )
    for _ in range(2):
        ships.start("worker")
    ships.wait_for_workers(2)
    reads = read_until(world, first + timedelta(seconds=seconds))
    while open_timers(ships):
        time.sleep(0.2)
    late = sorted(float(row[0]) for row in ships.ask(LATENESS))
    assert len(late) == number, f"{number} timers, {len(late)} fired"
    return {
        "timers": number,
        "workers": 2,
        "queue_reads": reads,
        "late_p50_ms": round(statistics.median(late) * 1000, 1),
        "late_p99_ms": round(late[min(len(late) - 1, int(len(late) * 0.99))] * 1000, 1),
        "late_max_ms": round(late[-1] * 1000, 1),
    }


def read_until(world: World, end: datetime) -> int:
    """Somebody reads their queue until then, as a page does, with a breath in between; gives how often."""
    reads = 0
    stop = threading.Event()

    def read() -> None:
        nonlocal reads
        with world.app.app_context():
            person = world.person("sw1-cin-east")
            while utc_now() < end and not stop.wait(0.02):
                list_user_tasks(world.env, person)
                reads += 1
            db.session.remove()

    reader = threading.Thread(target=read)
    reader.start()
    reader.join()
    return reads


def open_timers(ships: Fleet) -> int:
    """How many timers have not fired."""
    [(count,)] = ships.ask("SELECT count(*) FROM process_instances WHERE wake_at IS NOT NULL AND status = 'running'")
    return int(count)


def fill(ships: Fleet, template: str, number: int, wake_at: str) -> None:
    """So many copies of an instance, each looked at when the SQL expression says."""
    columns = [column.name for column in InstanceRow.__mapper__.columns]
    other = {"id": "gen_random_uuid()::text", "open_key": "NULL", "leased_until": "NULL", "wake_at": wake_at}
    copied = ", ".join(other.get(name, name) for name in columns)
    numbers = f"generate_series(1, {number})"
    into = f"INSERT INTO process_instances ({', '.join(columns)})"
    change(ships, f"{into} SELECT {copied} FROM process_instances, {numbers} WHERE id = '{template}'")


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """The processor's time that a process has used so far, as Linux tells."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def change(ships: Fleet, *statements: str) -> None:
    """Change the database behind everybody's back."""
    engine = create_engine(ships.address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@contextmanager
def installation() -> Iterator[tuple[Fleet, World]]:
    """The demo authority in a database of its own."""
    if not os.environ.get(POSTGRES_VARIABLE):
        raise SystemExit(f"Set {POSTGRES_VARIABLE} to a PostgreSQL where databases may be made")
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        copies = PostgresCopies(directory, lambda address: make_ready(directory, address))
        try:
            with fleet(directory, copies.new(directory), TOWPATH_TICK_SECONDS="0.5") as made:
                yield made
        finally:
            copies.close()


if __name__ == "__main__":
    main()
