"""Migrations as a test tells them: planned and run to their end, and what the report says of each instance."""

from __future__ import annotations

from typing import Any

from service.data_files import processes_directory
from service.domain.people import Actor
from service.operations.migration_views import MigratedView, NewMigration
from service.operations.migrations import plan_migration, read_migrated
from service.operations.moving import rehearse_migration, reverse_migration, run_migration
from tests.operations.publishing import publish
from tests.support.world import World

MIGRATOR = Actor("migrator", "Process owner", kind="system", scopes=frozenset({"migrations:write"}))
BATCH = 3


def redrawn(world: World, path: str = "closure/closure.bpmn", **changes: str) -> int:
    """A release in which these words of a diagram are others; `changes` go from `a` to `b` as `a="b"`."""
    return publish(world, files={path: changed(path, changes)})


def changed(path: str, changes: dict[str, str]) -> bytes:
    """The diagram with these words in place of those."""
    drawn = (processes_directory() / path).read_text()
    for before, after in changes.items():
        assert before in drawn, before
        drawn = drawn.replace(before, after)
    return drawn.encode()


def planned(world: World, to: int, come_from: int = 1, **plan: Any) -> str:
    """The id of a migration that nothing has moved yet."""
    new = NewMigration(from_releases=(come_from,), to_release=to, reason="The form asks more.", **plan)
    return plan_migration(world.env, MIGRATOR, new=new).id


def run(world: World, migration_id: str, **more: Any) -> dict[str, MigratedView]:
    """Run it to its end; gives the report by case."""
    while run_migration(world.env, MIGRATOR, migration_id=migration_id, limit=BATCH, **more).next_after is not None:
        continue
    return report(world, migration_id)


def moved(world: World, to: int, **plan: Any) -> dict[str, MigratedView]:
    """Plan and run a migration."""
    return run(world, planned(world, to, **plan))


def rehearsed(world: World, migration_id: str) -> dict[str, MigratedView]:
    """Rehearse it to its end; gives the report by case."""
    after: str | None = ""
    while after is not None:
        progress = rehearse_migration(world.env, MIGRATOR, migration_id=migration_id, after=after, limit=BATCH)
        after = progress.next_after
    return report(world, migration_id)


def taken_back(world: World, migration_id: str) -> dict[str, MigratedView]:
    """Move everything back that can be; gives the report by case."""
    after: str | None = ""
    while after is not None:
        progress = reverse_migration(world.env, MIGRATOR, migration_id=migration_id, after=after, limit=BATCH)
        after = progress.next_after
    return report(world, migration_id)


def report(world: World, migration_id: str) -> dict[str, MigratedView]:
    """What became of each instance, by case."""
    page = read_migrated(world.env, MIGRATOR, migration_id=migration_id, limit=200)
    return {view.case_reference: view for view in page.instances}
