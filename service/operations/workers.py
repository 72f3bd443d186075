"""Who looks for due work: a worker says now and then that it does. Nothing depends on it; a person may want to know."""

from __future__ import annotations

import os
import socket
import uuid
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from service.domain.people import TOWPATH, Actor
from service.operations.environment import Environment
from service.operations.transaction import operation
from service.store.workers import WorkerRow, forget_worker, forget_workers_before, keep_worker

BEAT = timedelta(seconds=10)
"""How often a worker says that it looks."""

FORGOTTEN = timedelta(days=1)
"""After how long without a word a worker's row is removed."""


class Heartbeat:
    """One process that looks for due work, as others see it."""

    def __init__(self, kind: str) -> None:
        self.id = str(uuid.uuid4())
        self.kind = kind
        self.started_at: datetime | None = None
        self.seen_at: datetime | None = None

    def beat(self, env: Environment) -> None:
        """Say that one looks, if it has not been said for a while."""
        now = env.now()
        if self.seen_at is not None and timedelta(0) <= now - self.seen_at < BEAT:
            return
        self.started_at = self.started_at or now
        say_alive(env, TOWPATH, worker_id=self.id, kind=self.kind, started_at=self.started_at)
        self.seen_at = now

    def stop(self, env: Environment) -> None:
        """Say that one looks no more."""
        say_stopped(env, TOWPATH, worker_id=self.id)


@operation
def say_alive(env: Environment, actor: Actor, *, worker_id: str, kind: str, started_at: datetime) -> None:
    """Write that a worker looks, and forget those that have not for a long time."""
    now = env.now()
    keep_worker(
        WorkerRow(
            id=worker_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            kind=kind,
            version=installed_version(),
            started_at=started_at,
            seen_at=now,
        )
    )
    forget_workers_before(now - FORGOTTEN)


@operation
def say_stopped(env: Environment, actor: Actor, *, worker_id: str) -> None:
    """Forget a worker that has stopped in good order."""
    forget_worker(worker_id)


def installed_version() -> str:
    """The version of Towpath that runs; `unknown` in a tree that was not installed."""
    try:
        return version("towpath")
    except PackageNotFoundError:
        return "unknown"
