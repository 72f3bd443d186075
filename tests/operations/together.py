"""Several things at the very same moment, each in a thread and an application context of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from service.domain.errors import ServiceError
from service.store.tables import begin_writing, db
from tests.support.world import World

A_WHILE = 0.4
"""Seconds in which another gets as far as it can before it waits for a lock."""
PATIENCE = 60.0
"""Seconds after which a test gives up on somebody who waits for a lock."""


def together(world: World, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act gives, or the service error that it raises, in the order of the acts."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with world.app.app_context():
            db.session.connection()  # the connection is there before the race begins
            db.session.close()
            ready.wait(PATIENCE)
            return _tried(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts, timeout=PATIENCE))


def meanwhile(world: World, first: Callable[[], Any], act: Callable[[], Any], then: Callable[[], Any]) -> Any:
    """What `act` gives, begun by another while this transaction, which has done `first`, is yet to do `then`."""

    def run() -> Any:
        with world.app.app_context():
            return _tried(act)

    begin_writing()
    first()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(run)
        time.sleep(A_WHILE)
        then()
        db.session.commit()
        db.session.close()
        return other.result(PATIENCE)


def _tried(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except ServiceError as error:
        return error
    finally:
        db.session.remove()
