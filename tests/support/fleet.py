"""Many processes on one database: workers, Celery workers and web nodes, started, killed and asked. No test is here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select, text

from service.config import Config
from service.domain.events import CaseEvent
from service.operations.environment import ReleaseCache, utc_now
from service.operations.events import receive_event
from service.store.instances import InstanceRow
from service.store.tables import db
from service.wakeups import choose_wakeups
from tests.engine.drawing import catch, diagram, end, flows, message, start, timer, user
from tests.operations.publishing import publish
from tests.operations.rows import changing
from tests.support.world import INTEGRATOR, World, make_world

PATIENCE = 90.0
"""Seconds after which a test gives up on its processes."""

LONG_AGO = date(2026, 1, 1)

WAITING = diagram(
    start(message="m"), catch("a_while", inside=timer("timeDuration", "=duration(wait)")),
    user("look", name="Look after the wait", assignee="=case.allocatedWorker"), end(),
    flows("begin a_while look done"), process_id="waiting", outside=message("m", "wait-asked"),
)  # fmt: skip
"""Waits as long as it is told, then asks the allocated worker."""


@dataclass
class Fleet:
    """An installation and the processes that work on it."""

    directory: Path
    address: str
    settings: Mapping[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start `towpath` with these words, in a process group of its own; what it says goes to a file."""
        variables = {
            **os.environ,
            "TOWPATH_DATA": str(self.directory),
            "TOWPATH_DATABASE_URL": self.address,
            "TOWPATH_TICK_SECONDS": "0.1",
            **self.settings,
        }
        with (self.directory / f"{command[0]}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "service", *command],
                env=variables, start_new_session=True, stdout=log, stderr=log,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End it as a power cut would."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End all of them."""
        for process in self.processes:
            self.kill(process)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        engine = create_engine(self.address)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(question))]
        engine.dispose()
        return found

    def wait_until(self, question: str, enough: Callable[[Any], bool]) -> Any:
        """Return the one value that answers a query once it is enough."""
        until = time.monotonic() + PATIENCE
        while True:
            [[value]] = self.ask(question)
            if enough(value):
                return value
            assert time.monotonic() < until, f"{question}: still {value}"
            time.sleep(0.05)

    def fired(self) -> tuple[int, int]:
        """How many timers have fired, and of how many instances."""
        [row] = self.ask("SELECT count(*), count(DISTINCT instance_id) FROM history WHERE verb = 'TimerFired'")
        return row[0], row[1]

    def wait_until_fired(self, number: int) -> None:
        """Return once so many timers have fired."""
        self.wait_until("SELECT count(*) FROM history WHERE verb = 'TimerFired'", lambda count: count >= number)

    def wait_for_workers(self, number: int) -> None:
        """Return once so many processes have said that they look."""
        self.wait_until("SELECT count(*) FROM workers", lambda count: count >= number)


@contextmanager
def fleet(directory: Path, address: str, **settings: str) -> Iterator[tuple[Fleet, World]]:
    """A fleet without ships yet, and the same installation in this process, whose clock is the machine's."""
    world = make_world(directory, address, ReleaseCache())
    bell = choose_wakeups(Config(directory, address, broker_url=settings.get("TOWPATH_BROKER_URL")))
    world.app.extensions["towpath"] = replace(world.env, wakeups=bell)
    ships = Fleet(directory, address, settings)
    with world.app.app_context():
        world.clock.moment = utc_now()
        publish(world, WAITING, effective_from=LONG_AGO)
        try:
            yield ships, world
        finally:
            ships.stop()
            bell.close()
            db.session.remove()
            db.engine.dispose()


def wait_in(world: World, case: str, wait: str) -> str:
    """An instance begins to wait, in a case; gives its id."""
    world.clock.moment = utc_now()
    event = CaseEvent("lcs", str(uuid.uuid4()), "wait-asked", case, None, {"wait": wait})
    view = receive_event(world.env, INTEGRATOR, event=event)
    assert view.instance_id is not None, view.did
    return view.instance_id


def copy_instance(instance_id: str, number: int, due: Callable[[int], datetime] | None = None) -> None:
    """So many instances like this one beside it, each with its state, looked at when `due` says for its number."""
    [row] = db.session.scalars(select(InstanceRow).where(InstanceRow.id == instance_id))
    columns = [column.key for column in InstanceRow.__mapper__.column_attrs]
    like, wake_at = {name: getattr(row, name) for name in columns}, row.wake_at
    db.session.close()
    with changing() as session:
        for first in range(0, number, 5000):
            rows = [
                {**like, "id": str(uuid.uuid4()), "wake_at": due(each) if due else wake_at, "open_key": None}
                for each in range(first, min(number, first + 5000))
            ]
            session.bulk_insert_mappings(InstanceRow.__mapper__, rows)


def at_once(world: World, number: int) -> None:
    """So many timers that are due at the same moment, which is now."""
    copy_instance(wait_in(world, "K-101", "PT1S"), number - 1)
