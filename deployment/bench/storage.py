"""Bytes stored for each completed instance, by table, indexes and TOAST included. The last line is JSON.

    TOWPATH_TEST_POSTGRES_URL=postgresql+psycopg://user@host/database \\
        .venv/bin/python -m deployment.bench.storage [--instances 1000]

On a PostgreSQL database of its own beside that one, which is dropped; measured as after VACUUM FULL. Three kinds: three
tasks with 2 kB of letters at random each, which nothing but their small alphabet makes shorter; three with 2 kB of
words; forty with letters, a tenth as many instances. The event that starts an instance and its history are counted; the
case and the rule book are not, as they stay. Few instances make every figure too large: a table grows by whole pages.

`beyond` is what is stored less the bytes that were submitted, and `alike_beyond` the same without the event, which the
rival in README.md does not keep. `a_task_more` is what each task beyond the third adds, less what was submitted for it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import create_engine, text

from service.operations.environment import ReleaseCache
from service.operations.tasks import complete_task
from service.store.tables import Base, db
from tests.support.databases import empty_database
from tests.support.plain import WORKER, add_case, answers_to, begin, publish_plain
from tests.support.world import World, make_ready, make_world

KINDS: dict[str, tuple[int, bool]] = {
    "3 tasks, letters": (3, False),
    "3 tasks, words": (3, True),
    "40 tasks": (40, False),
}
STAYS = frozenset(
    {"cases", "case_words", "releases", "release_files", "release_contents", "authority", "teams", "people", "posts"}
    | {"surroundings"}
)


def main() -> None:
    """Measure each kind in a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=int, default=1000)
    instances = parser.parse_args().instances
    found = {kind: measured(*KINDS[kind], instances if KINDS[kind][0] == 3 else instances // 10) for kind in KINDS}
    few, many = found["3 tasks, letters"]["alike_beyond"], found["40 tasks"]["alike_beyond"]
    print(json.dumps({**found, "a_task_more": round((many - few) / 37)}))


def measured(tasks: int, words: bool, instances: int) -> dict[str, Any]:
    """What one instance of one kind leaves behind."""
    with tempfile.TemporaryDirectory() as place, empty_database("postgresql", Path(place)) as address:
        make_ready(Path(place), address)
        world = make_world(Path(place), address, ReleaseCache())
        with world.app.app_context():
            publish_plain(world, tasks)
            before = sizes(address)
            submitted = sum(completed(world, f"S-{number}", tasks, words, number) for number in range(instances))
            db.engine.dispose()
        grown = {table: size - before[table] for table, size in sizes(address).items() if table not in STAYS}
    each = {table: round(size / instances) for table, size in grown.items() if size > 0}
    total, given = sum(each.values()), round(submitted / instances)
    return {
        "instances": instances,
        "submitted": given,
        "stored": total,
        "beyond": total - given,
        "alike_beyond": total - given - each.get("case_events", 0),
        "by_table": dict(sorted(each.items(), key=lambda pair: -pair[1])),
    }


def completed(world: World, reference: str, tasks: int, words: bool, seed: int) -> int:
    """Complete one instance; give how many bytes of answers it took, as JSON."""
    add_case(reference)
    begin(world, reference)
    worker, submitted = world.person(WORKER), 0
    for number in range(1, tasks + 1):
        element = f"report_{number}"
        answers = answers_to(element, seed=seed * tasks + number, words=words)
        complete_task(world.env, worker, task_id=world.task(element, reference), answers=answers)
        submitted += len(orjson.dumps(answers))
    return submitted


def sizes(address: str) -> dict[str, int]:
    """Bytes of each table with its indexes and what it keeps elsewhere.

    Of a copy, as VACUUM FULL would write it: VACUUM itself leaves what any transaction of the server might still see.
    """
    engine = create_engine(address)
    found = {}
    with engine.begin() as connection:
        for name in Base.metadata.tables:
            connection.execute(text(f"CREATE TABLE measured (LIKE {name} INCLUDING ALL)"))
            connection.execute(text(f"INSERT INTO measured SELECT * FROM {name}"))
            connection.execute(text("REINDEX TABLE measured"))
            found[name] = connection.execute(text("SELECT pg_total_relation_size('measured')")).scalar_one()
            connection.execute(text("DROP TABLE measured"))
    engine.dispose()
    return found


if __name__ == "__main__":
    main()
