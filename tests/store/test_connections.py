"""Connections that the server has closed meanwhile, as when it was restarted: whoever comes next does not notice."""

from __future__ import annotations

import time

from sqlalchemy import create_engine, event, text

from service.operations.queue import list_user_tasks
from service.store.tables import RESTED, db
from service.ticker import tick
from tests.operations.working import claimed
from tests.support.world import World

IDLE = 4


def test_what_is_asked_after_the_server_went_and_came_is_answered(postgresql_world: World) -> None:
    """By a page and by a worker's look, with every connection of the pool gone."""
    world = postgresql_world
    world.at_exemplar()
    person = world.person("sw1-cin-east")
    rested_and_closed(world)
    assert [task.name for task in list_user_tasks(world.env, person).tasks] == ["Complete the closure exemplar"]
    rested_and_closed(world)
    assert tick(claimed(world)) == (0, 0)


def test_all_that_rested_go_when_one_was_closed(postgresql_world: World) -> None:
    """Whoever asks is told once that the server had gone, not once for each connection."""
    world = postgresql_world
    rested_and_closed(world)
    tried: list[object] = []
    event.listen(db.engine, "invalidate", lambda *_: tried.append(_))
    for _ in range(IDLE):
        world.person("sw1-cin-east")
    assert len(tried) <= 1


def rested_and_closed(world: World) -> None:
    """Several connections were used and put back, the server closed them all, and a while has passed."""
    db.session.close()
    held = [db.engine.connect() for _ in range(IDLE)]
    for connection in held:
        connection.close()
    administrator = create_engine(world.env.config.database_url)
    with administrator.connect() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        closed = connection.execute(
            text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        ).all()
    administrator.dispose()
    assert len(closed) >= IDLE
    time.sleep(RESTED)
