"""Completions over HTTP: a second, p50 and p95, statements, commits and CPU of each. The last line is JSON.

    .venv/bin/python -m deployment.bench.http [--instances 60] [--clients 1 2 8] [--processes 2]

A three-task process with forms of 2 kB, served by `towpath serve` in processes of its own, asked by a further process
over kept connections. On SQLite in a temporary directory; with TOWPATH_TEST_POSTGRES_URL set, on a PostgreSQL database
of its own beside that one, which is dropped. Every instance's first tasks are completed, then the second, then the
third; finding out what opened is not in the times. Statements and commits are counted in this process, on one instance.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from deployment.bench.http_load import told
from service.operations.environment import ReleaseCache
from service.store.tables import db
from service.store.tasks import TaskRow
from tests.support.counting import Counting
from tests.support.databases import POSTGRES_VARIABLE, empty_database
from tests.support.plain import WORKER, add_case, answers_to, begin, publish_plain
from tests.support.server import free_port
from tests.support.world import World, make_ready, make_world
from tests.web.api.calling import a_person

TASKS = 3
WARMING = 4
"""Instances that are completed before anything is measured."""


def main() -> None:
    """Measure each database there is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=int, default=60)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 2, 8])
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    kinds = ["postgresql", "sqlite"] if os.environ.get(POSTGRES_VARIABLE) else ["sqlite"]
    found = {kind: measured(kind, arguments) for kind in kinds}
    print(json.dumps({"load_before": os.getloadavg(), "processes": arguments.processes, **found}))


def measured(kind: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """One database: what a completion sends to it, then each number of clients."""
    with tempfile.TemporaryDirectory() as place, empty_database(kind, Path(place)) as address:
        make_ready(Path(place), address)
        world = make_world(Path(place), address, ReleaseCache())
        with world.app.app_context():
            publish_plain(world, TASKS)
            token = a_person(world.app, WORKER).token
            result: dict[str, Any] = {"each": counted(world)}
            with served(Path(place), address, arguments.processes) as (port, pid):
                run(world, "W", WARMING, 2, port, token)
                for clients in arguments.clients:
                    before = cpu_seconds(pid)
                    found = run(world, f"C{clients}", arguments.instances, clients, port, token)
                    spent = cpu_seconds(pid) - before
                    found["web_cpu_ms"] = round(spent * 1000 / found["completions"], 1)
                    result[f"{clients} clients"] = found
            db.engine.dispose()
    return result


def counted(world: World) -> list[dict[str, int]]:
    """Statements and commits of each completion of one instance."""
    add_case("N-1")
    begin(world, "N-1")
    caller = a_person(world.app, WORKER)
    found = []
    for number in range(1, TASKS + 1):
        task = world.task(f"report_{number}", "N-1")
        with Counting() as counting:
            caller.post(f"/user-tasks/{task}/completion", {"answers": answers_to(f"report_{number}")})
        found.append({"statements": len(counting.statements), "commits": counting.commits})
    return found


def run(world: World, name: str, instances: int, clients: int, port: int, token: str) -> dict[str, Any]:
    """Complete that many instances by that many clients at once."""
    references = [f"{name}-{number}" for number in range(instances)]
    for reference in references:
        add_case(reference)
        begin(world, reference)
    times: list[float] = []
    took = 0.0
    for number in range(1, TASKS + 1):
        element = f"report_{number}"
        query = select(TaskRow.id).where(TaskRow.element_id == element, TaskRow.status == "open")
        tasks = list(db.session.scalars(query.where(TaskRow.case_reference.in_(references))))
        db.session.close()
        each = [(task, json.dumps({"answers": answers_to(element, seed=seed)})) for seed, task in enumerate(tasks)]
        load = {"port": port, "token": token, "clients": clients, "tasks": each}
        command = [sys.executable, "-m", "deployment.bench.http_load"]
        done = subprocess.run(command, input=json.dumps(load), text=True, check=True, capture_output=True)
        answer = json.loads(done.stdout)
        times += answer["times"]
        took += answer["took"]
    return told(times, took)


@contextmanager
def served(place: Path, address: str, processes: int) -> Iterator[tuple[int, int]]:
    """`towpath serve`, as its port and the id of its first process."""
    port = free_port()
    variables = {
        **os.environ,
        "TOWPATH_DATA": str(place),
        "TOWPATH_DATABASE_URL": address,
        "TOWPATH_CASE_MANAGEMENT_URL": "http://127.0.0.1:9",
    }
    command = [sys.executable, "-c", "from service.app import main; main()", "serve", "--port", str(port)]
    with (place / "server.log").open("wb") as log:
        server = subprocess.Popen([*command, "--processes", str(processes)], env=variables, stdout=log, stderr=log)
        try:
            wait_for(port, server, place / "server.log")
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers. Raises RuntimeError when it never does."""
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            httpx.get(f"http://127.0.0.1:{port}/api/v1/openapi.json", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the server did not answer: {log.read_text()[-2000:]}")


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and its children, of those that live."""
    tick = os.sysconf("SC_CLK_TCK")
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if pid in (int(stat.parent.name), int(fields[1])):
            total += int(fields[11]) + int(fields[12])
    return total / tick


if __name__ == "__main__":
    main()
