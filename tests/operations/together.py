"""Several things at the very same moment, each in a thread and an application context of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from service.domain.errors import ServiceError
from service.store.tables import db
from tests.support.world import World

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
            try:
                return act()
            except ServiceError as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts, timeout=PATIENCE))
