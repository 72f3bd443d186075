"""Migrations of running instances: plans and reports. Rehearsing, running and moving back is in `moving.py`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from service import engine
from service.access.rules import Permission, Subject, require
from service.domain.errors import Invalid, NotFound
from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.migration_views import MigratedPage, MigratedView, MigrationView, NewMigration
from service.operations.steering import required_reason
from service.operations.transaction import operation, reading
from service.store import migrations as store
from service.store.history import HistoryRow, add_entry
from service.store.instances import InstanceRow
from service.store.migrations import MigratedRow, MigrationRow
from service.store.releases import find_release
from service.store.tables import db

MAX_PAGE = 200
MOST_LISTED = 200
"""Migrations that a list gives at most, the newest."""


@operation
def plan_migration(env: Environment, actor: Actor, *, new: NewMigration) -> MigrationView:
    """Plan to move the running instances of some releases to another. Nothing moves yet.

    Raises NotAllowed, and Invalid with everything that the plan names and that is not there.
    """
    require(actor, Permission.MIGRATE_INSTANCES, Subject())
    reason = required_reason(new.reason, "moving pathways to another release")
    _check(env, new)
    row = MigrationRow(
        id=str(uuid.uuid4()),
        from_releases=sorted(set(new.from_releases)),
        to_release=new.to_release,
        process_id=new.process_id,
        plan={
            "elements": dict(new.elements),
            "processes": dict(new.processes),
            "deadlines": new.deadlines,
            "timers": new.timers,
        },
        accept_loss=new.accept_loss,
        reason=reason,
        created_at=env.now(),
        created_by=actor.id,
        created_by_name=actor.name,
    )
    db.session.add(row)
    db.session.flush()
    store.gather(row)
    _note(env, actor, row, verb="MigrationPlanned")
    return _view(env, row)


@reading
def read_migration(env: Environment, actor: Actor, *, migration_id: str) -> MigrationView:
    """A migration, how far it is, and where instances could stand that cannot move. Raises NotAllowed, NotFound."""
    return _view(env, known(actor, store.find_migration(migration_id)))


@reading
def list_migrations(env: Environment, actor: Actor) -> tuple[MigrationView, ...]:
    """Migrations, the newest first. Raises NotAllowed."""
    require(actor, Permission.MIGRATE_INSTANCES, Subject())
    rows = store.all_migrations(MOST_LISTED)
    counts = store.count_by_status([row.id for row in rows])
    return tuple(_show(row, counts[row.id]) for row in rows)


@reading
def read_migrated(
    env: Environment, actor: Actor, *, migration_id: str, status: str | None = None, after: str = "", limit: int
) -> MigratedPage:
    """A page of what becomes of each instance; of those with one status, when given. Raises NotAllowed, NotFound."""
    known(actor, store.find_migration(migration_id))
    rows = store.report(migration_id, status, after, limit)
    shown = tuple(_show_one(row, instance) for row, instance in rows)
    return MigratedPage(shown, shown[-1].instance_id if len(shown) == limit else None)


@operation
def forget_migration(env: Environment, actor: Actor, *, migration_id: str) -> int:
    """Keep no longer what moving instances back needs; gives how many could have been. Raises NotAllowed, NotFound."""
    row = known(actor, store.lock_migration(migration_id))
    forgotten = store.forget(row.id)
    _note(env, actor, row, verb="MigrationForgotten")
    return forgotten


def known(actor: Actor, row: MigrationRow | None) -> MigrationRow:
    """The migration, for somebody who may move instances. Raises NotAllowed, NotFound."""
    require(actor, Permission.MIGRATE_INSTANCES, Subject())
    if row is None:
        raise NotFound("There is no migration under this id.")
    return row


def plan_of(row: MigrationRow) -> engine.Plan:
    """The plan as the engine takes it."""
    return engine.Plan(**row.plan)


def _check(env: Environment, new: NewMigration) -> None:
    numbers = sorted({*new.from_releases, new.to_release})
    unknown = [number for number in numbers if find_release(number) is None]
    wrong: dict[str, list[str]] = {}
    if not new.from_releases:
        wrong["from_releases"] = ["Name the release whose instances are to move"]
    elif new.to_release in new.from_releases:
        wrong["to_release"] = ["Instances move to another release than theirs"]
    if unknown:
        wrong["from_releases"] = [f"There is no release {number}" for number in unknown]
    if wrong:
        raise Invalid(wrong)
    wrong_names = list(_wrong_names(env, new))
    if wrong_names:
        raise Invalid({"elements": wrong_names})


def _wrong_names(env: Environment, new: NewMigration) -> Iterator[str]:
    """What the plan names that none of the releases has."""
    after, plan = env.releases.get(new.to_release).diagrams, engine.Plan(new.elements, new.processes)
    before = [env.releases.get(number).diagrams for number in sorted(set(new.from_releases))]
    if new.process_id is not None and not any(new.process_id in diagrams.processes for diagrams in before):
        yield f"the process “{new.process_id}” is not in the old release"
    found = [engine.wrong_names(diagrams, after, plan) for diagrams in before]
    yield from (words for words in found[0] if all(words in others for others in found))


def _note(env: Environment, actor: Actor, row: MigrationRow, *, verb: str) -> None:
    """One history entry about the migration as a whole; each instance has its own."""
    where = " and ".join(str(number) for number in row.from_releases)
    add_entry(
        HistoryRow(
            at=env.now(),
            actor_id=actor.id,
            actor_name=actor.name,
            verb=verb,
            subject=f"{row.process_id or 'every process'}, release {where} to {row.to_release}",
            release_number=row.to_release,
            details={"migration": row.id, "reason": row.reason},
        )
    )


def _view(env: Environment, row: MigrationRow) -> MigrationView:
    after = env.releases.get(row.to_release).diagrams
    found = [
        words
        for number in row.from_releases
        for words in engine.obstacles(env.releases.get(number).diagrams, after, plan_of(row))
    ]
    return _show(row, store.count_by_status([row.id])[row.id], tuple(dict.fromkeys(found)))


def _show(row: MigrationRow, counts: dict[str, int], obstacles: tuple[str, ...] = ()) -> MigrationView:
    return MigrationView(
        id=row.id,
        from_releases=tuple(row.from_releases),
        to_release=row.to_release,
        process_id=row.process_id,
        accept_loss=row.accept_loss,
        reason=row.reason,
        status=row.status,
        created_at=row.created_at,
        created_by=row.created_by_name,
        counts=counts,
        obstacles=obstacles,
        **row.plan,
    )


def _show_one(row: MigratedRow, instance: InstanceRow) -> MigratedView:
    return MigratedView(
        instance_id=row.instance_id,
        name=instance.name,
        case_reference=instance.case_reference,
        status=row.status,
        lost=tuple(row.lost or ()),
        because=tuple(row.because or ()),
        can_go_back=row.digest is not None,
        judged_at=row.judged_at,
        moved_at=row.moved_at,
    )
