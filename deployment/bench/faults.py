"""Faults under load: what was tried and what was lost. The last line is JSON; `lost` must be empty.

    .venv/bin/python -m deployment.bench.faults [--rounds 200] [--seconds-a-round 1.0] [--without-broker]

Real processes: two web nodes, two workers (by Celery when there is a broker), clients over HTTP, a PostgreSQL and a
RabbitMQ of the bench's own. Each round kills one process outright; every tenth round does something worse.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deployment.bench.faulty.clients import Client, FeedReader, Ledger
from deployment.bench.faulty.clocked import OFFSET
from deployment.bench.faulty.handlers import EFFECTS
from deployment.bench.faulty.installation import WORKERS, install
from deployment.bench.faulty.machines import Missing, Postgres, Rabbit, new_postgres, new_rabbit
from deployment.bench.faulty.nodes import Node, command
from deployment.bench.faulty.verdict import Verdict
from tests.support.server import free_port

CONNECTIONS = 60
"""How many connections PostgreSQL allows: enough for the service, few enough to be used up."""
PATIENCE = 120.0
"""Seconds that the walks may take to end once nothing is broken any more."""
HOUR = 3600.0
WORK = 10
"""Requests that are answered between two faults: what is down cannot be broken."""
BREATH = 4.0
"""Seconds that this may take at most."""


def main() -> None:
    """Break things, then tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seconds-a-round", type=float, default=1.0)
    parser.add_argument("--cases", type=int, default=20_000, help="how many walks may be begun at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-broker", action="store_true")
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="towpath-faults-"))
    directory.chmod(0o755)  # the database's own user passes through
    try:
        with Bench(directory, options).up() as bench:
            told = bench.run()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    for sentence in told["lost"][:50]:
        print(sentence)
    print(json.dumps(told))


class Bench:
    """One installation with everything that can be broken in it."""

    def __init__(self, directory: Path, options: argparse.Namespace) -> None:
        self.directory, self.options = directory, options
        self.chance = random.Random(options.seed)
        self.postgres: Postgres = new_postgres(directory / "postgres", CONNECTIONS)
        self.rabbit: Rabbit | None = None if options.without_broker else new_rabbit(directory / "rabbit")
        self.clock, self.effects = directory / "clock", directory / "effects"
        self.ports = [free_port(), free_port()]
        self.nodes: list[Node] = []
        self.tried: Counter[str] = Counter()

    @contextmanager
    def up(self) -> Iterator[Bench]:
        """Everything started, and everything stopped at the end."""
        self.clock.write_text("0")
        self.effects.touch()
        self.postgres.create()
        try:
            if self.rabbit is not None:
                try:
                    self.rabbit.create()
                except Missing as missing:
                    print(f"not tried, because this machine has no {missing}: stopping the broker")
                    self.rabbit = None
            self.tokens = install(self.directory, self.postgres.url, self.options.cases)
            self.nodes = list(self._nodes())
            for node in self.nodes:
                node.start()
            yield self
        finally:
            for node in self.nodes:
                node.kill()
            if self.rabbit is not None:
                self.rabbit.stop()
            self.postgres.stop("fast")

    def _nodes(self) -> Iterator[Node]:
        variables = {
            "TOWPATH_DATA": str(self.directory / "data"),
            "TOWPATH_DATABASE_URL": self.postgres.url,
            "TOWPATH_HANDLERS": "deployment.bench.faulty.handlers",
            "TOWPATH_TICK_SECONDS": "0.2",
            "TOWPATH_LEASE_SECONDS": "3",
            OFFSET: str(self.clock),
            EFFECTS: str(self.effects),
        }
        if self.rabbit is not None:
            variables["TOWPATH_BROKER_URL"] = self.rabbit.url
        for number, port in enumerate(self.ports):
            serve = command("serve", "--port", str(port), "--no-ticker")
            yield Node(f"web {number}", serve, variables, self.directory / f"web-{number}.log")
        for number in range(2):
            yield Node(f"worker {number}", command("worker"), variables, self.directory / f"worker-{number}.log")

    def run(self) -> dict[str, Any]:
        """Load beside the faults; then peace until every walk has ended; then the verdict."""
        ledger, stop = Ledger(), threading.Event()
        sites = [f"http://127.0.0.1:{port}" for port in self.ports]
        reader = FeedReader(sites, self.tokens["bench"], stop)
        cases = [f"W-{number}" for number in range(self.options.cases)]
        begin_no_more = threading.Event()
        clients = [
            Client(sites, self.tokens, worker, cases[number :: len(WORKERS)], ledger, stop, begin_no_more,
                   random.Random(number))
            for number, worker in enumerate(WORKERS)
        ]  # fmt: skip
        threads = [threading.Thread(target=client.run) for client in clients]
        threads.append(threading.Thread(target=reader.run))
        for thread in threads:
            thread.start()
        began = time.monotonic()
        for number in range(1, self.options.rounds + 1):
            self._fault(number)
            time.sleep(self.chance.uniform(0.2, 1.8) * self.options.seconds_a_round)
            for node in self.nodes:
                node.start()
            ledger.wait_for(WORK, BREATH)
        took = time.monotonic() - began
        begin_no_more.set()
        # Ahead of every timer that was set while the clock was wrong: it would be waited for, rightly, for an hour.
        self.clock.write_text(str(3 * HOUR))
        verdict = Verdict(self.postgres.plain, ledger, self.effects, reader.seen)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and (any(t.is_alive() for t in threads[:-1]) or verdict.unfinished()):
            time.sleep(0.5)
        time.sleep(2.0)  # the reader of the feed is as far as the feed is
        stop.set()
        for thread in threads:
            thread.join()
        return {
            "tried": dict(self.tried),
            "seconds_of_faults": round(took),
            "processes_started": sum(node.started for node in self.nodes),
            "database": "PostgreSQL, its own",
            "broker": "RabbitMQ, its own" if self.rabbit is not None else None,
            **verdict.told(),
        }

    def _fault(self, number: int) -> None:
        node = self.chance.choice(self.nodes)
        node.kill()
        self.tried[f"kill -9 of a {node.name.split()[0]} process"] += 1
        if number % 10 != 0:
            return
        worse = [self._restart_postgres, self._crash_postgres, self._fill_the_pool, self._move_the_clock]
        if self.rabbit is not None:
            worse.append(self._stop_the_broker)
        worse[number // 10 % len(worse)]()

    def _restart_postgres(self) -> None:
        self.postgres.stop("fast")
        self.postgres.start()
        self.tried["restart of PostgreSQL"] += 1

    def _crash_postgres(self) -> None:
        self.postgres.stop("immediate")
        self.postgres.start()
        self.tried["crash of PostgreSQL"] += 1

    def _fill_the_pool(self) -> None:
        taken = self.postgres.fill(3.0)
        self.tried["every connection taken for 3 s"] += 1
        self.tried["connections taken"] += taken

    def _move_the_clock(self) -> None:
        there = float(self.clock.read_text() or 0)
        self.clock.write_text(str(0.0 if there else self.chance.choice([HOUR, -HOUR])))
        self.tried["clock moved by an hour"] += 1

    def _stop_the_broker(self) -> None:
        assert self.rabbit is not None
        self.rabbit.stop()
        time.sleep(2.0)
        self.rabbit.start()
        self.tried["stop and start of RabbitMQ"] += 1


if __name__ == "__main__":
    main()
