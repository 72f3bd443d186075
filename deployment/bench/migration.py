"""Moving running instances to another release: instances a second, by how many there are. The last line is JSON.

    TOWPATH_TEST_POSTGRES_URL=postgresql+psycopg://postgres@127.0.0.1:5432/test \
        .venv/bin/python -m deployment.bench.migration [--sizes 250 1000]

On SQLite, and on PostgreSQL when that address is set (a database beside it is made and dropped). Each instance is a
closure at its first user task; the new release calls that task otherwise. Each moves in a transaction of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from deployment.bench.completion import new_case
from service.operations.environment import ReleaseCache
from service.operations.moving import MAX_BATCH, run_migration
from service.store.tables import db
from tests.operations.migrated import MIGRATOR, planned, redrawn, report
from tests.support.databases import KINDS, POSTGRES_VARIABLE
from tests.support.world import World, make_ready, make_world

RENAMED = {'"complete_closure_exemplar"': '"write_closure"'}
ELEMENTS = {"complete_closure_exemplar": "write_closure"}


def main() -> None:
    """Move batches of each size on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[250, 1000])
    sizes = parser.parse_args().sizes
    kinds = ["sqlite", *(["postgresql"] if os.environ.get(POSTGRES_VARIABLE) else [])]
    print(json.dumps([measured(kind, size) for kind in kinds for size in sizes]))


def measured(kind: str, size: int) -> dict[str, Any]:
    """How fast this many instances move."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        copies = KINDS[kind](directory, lambda address: make_ready(directory, address))
        try:
            world = make_world(directory, copies.new(directory), ReleaseCache())
            with world.app.app_context():
                seconds = move_all(world, size)
                db.session.remove()
                db.engine.dispose()
        finally:
            copies.close()
    told = {"database": kind, "instances": size, "per_second": round(size / seconds, 1)}
    print(told)
    return {**told, "ms_each": round(1000 * seconds / size, 2)}


def move_all(world: World, size: int) -> float:
    """Seconds for the run alone; fails when one stays behind."""
    for number in range(size):
        world.propose(new_case(number))
    migration = planned(world, redrawn(world, **RENAMED), elements=ELEMENTS)
    began = time.perf_counter()
    while run_migration(world.env, MIGRATOR, migration_id=migration, limit=MAX_BATCH).next_after is not None:
        continue
    seconds = time.perf_counter() - began
    assert {one.status for one in report(world, migration).values()} == {"moved"}
    return seconds


if __name__ == "__main__":
    main()
