"""Rehearsing a migration, running it in batches, and moving instances back. One instance is in `migrating.py`.

Each instance has a transaction of its own, so that a migration can be stopped anywhere and goes on where it was. It is
judged again as it moves: what changed since a rehearsal, or would lose something nobody accepted, stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from service import engine
from service.domain.errors import Conflict, ModelError, ServiceError
from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.migrating import Moved, WouldLose, digest_of, move, move_back
from service.operations.migration_views import Progress
from service.operations.migrations import known, plan_of
from service.operations.step import Step, record, take_up
from service.operations.transaction import operation, reading, rehearsal
from service.store import migrations as store
from service.store.instances import InstanceRow, lock_instance
from service.store.migrations import LEFT, MigratedRow, MigrationRow

MAX_BATCH = 500
"""How many instances one call looks at, at most."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an instance that has not moved."""

    status: str
    lost: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


def rehearse_migration(env: Environment, actor: Actor, *, migration_id: str, after: str = "", limit: int) -> Progress:
    """Judge the next instances that have not moved, by really moving each and undoing it. Raises NotAllowed, NotFound.

    Call again with `next_after` of the answer until that is None.
    """
    ids = _left(env, actor, migration_id=migration_id, after=after, limit=limit)
    for instance_id in ids:
        try:
            verdict = _try_move(env, actor, migration_id=migration_id, instance_id=instance_id)
        except (ModelError, Conflict) as error:
            verdict = _verdict_of(error)
        _judge(env, actor, migration_id=migration_id, instance_id=instance_id, verdict=verdict)
    return _progress(ids, limit)


def run_migration(
    env: Environment, actor: Actor, *, migration_id: str, limit: int, accept_loss: bool = False
) -> Progress:
    """Move the next instances of a migration. Raises NotAllowed, NotFound, Conflict when it was moved back.

    Call again until `next_after` of the answer is None; after a crash, call again. `accept_loss` also moves those that
    lose something by it; it is remembered.
    """
    ids = _next_to_move(env, actor, migration_id=migration_id, limit=limit, accept_loss=accept_loss)
    for instance_id in ids:
        try:
            _move_one(env, actor, migration_id=migration_id, instance_id=instance_id)
        except (ModelError, Conflict) as error:
            _judge(
                env, actor, migration_id=migration_id, instance_id=instance_id, verdict=_verdict_of(error), tried=True
            )
    if len(ids) < limit:
        _finish(env, actor, migration_id=migration_id)
    return _progress(ids, limit)


def reverse_migration(env: Environment, actor: Actor, *, migration_id: str, after: str = "", limit: int) -> Progress:
    """Move the next instances back that nothing has happened to since. Raises NotAllowed, NotFound.

    Call again with `next_after` of the answer until that is None.
    """
    ids = _next_to_move_back(env, actor, migration_id=migration_id, after=after, limit=limit)
    for instance_id in ids:
        try:
            _move_one_back(env, actor, migration_id=migration_id, instance_id=instance_id)
        except (ModelError, Conflict) as error:
            _leave_moved(env, actor, migration_id=migration_id, instance_id=instance_id, because=error.message)
    return _progress(ids, limit)


@reading
def _left(env: Environment, actor: Actor, *, migration_id: str, after: str, limit: int) -> list[str]:
    row = known(actor, store.find_migration(migration_id))
    return store.instances_in(row, LEFT, after, limit)


@rehearsal
def _try_move(env: Environment, actor: Actor, *, migration_id: str, instance_id: str) -> Verdict:
    found = _lock(migration_id, instance_id)
    if found is None:
        return Verdict("gone")
    _, migration, instance = found
    _, moved = _move(env, actor, migration, instance)
    return Verdict("would-lose" if moved.lost else "moves", moved.lost)


@operation
def _judge(
    env: Environment, actor: Actor, *, migration_id: str, instance_id: str, verdict: Verdict, tried: bool = False
) -> None:
    """Write down what was found, unless the instance has moved meanwhile."""
    migration, row = store.find_migration(migration_id), store.find_migrated(migration_id, instance_id)
    if migration is None or row is None or row.status not in LEFT:
        return
    row.status, row.lost, row.because = verdict.status, list(verdict.lost), list(verdict.because)
    row.judged_at = env.now()
    if tried:
        row.run = migration.run


@operation
def _next_to_move(env: Environment, actor: Actor, *, migration_id: str, limit: int, accept_loss: bool) -> list[str]:
    """Begin a run, unless one is under way; give what it has not tried yet."""
    row = known(actor, store.lock_migration(migration_id))
    if row.status == "reversed":
        raise Conflict("This migration was moved back. Plan another one.")
    row.accept_loss = row.accept_loss or accept_loss
    if row.status != "running":
        row.status = "running"
        row.run += 1
        store.gather(row)
    return store.instances_in(row, LEFT, "", limit, before_run=row.run)


@operation
def _move_one(env: Environment, actor: Actor, *, migration_id: str, instance_id: str) -> None:
    found = _lock(migration_id, instance_id)
    row = store.find_migrated(migration_id, instance_id)
    if row is None or row.status not in LEFT:
        return
    if found is None:
        row.status = "gone"
        row.judged_at = env.now()
        return
    number, migration, instance = found
    step, moved = _move(env, actor, migration, instance)
    if moved.lost and not migration.accept_loss:
        raise WouldLose(moved.lost)
    row.status, row.run = "moved", migration.run
    row.lost, row.because = list(moved.lost), []
    row.judged_at = row.moved_at = env.now()
    if moved.can_go_back:
        row.digest, row.state = digest_of(instance), moved.state
        row.kept = {**moved.kept, "release": number}
    details = {
        "migration": migration.id,
        "reason": migration.reason,
        "from": number,
        "to": migration.to_release,
        "lost": list(moved.lost),
    }
    record(step, "InstanceMigrated", instance.name, details=details)


def _lock(migration_id: str, instance_id: str) -> tuple[int, MigrationRow, InstanceRow] | None:
    """The instance, locked, with the release it is under; None when the migration is not about it any more."""
    instance = lock_instance(instance_id)
    migration = store.find_migration(migration_id)
    if migration is None or instance is None or instance.ended_at is not None:
        return None
    number = instance.release_number
    return (number, migration, instance) if number in migration.from_releases else None


def _move(env: Environment, actor: Actor, migration: MigrationRow, instance: InstanceRow) -> tuple[Step, Moved]:
    old = env.releases.get(instance.release_number)
    instance.release_number = migration.to_release
    step = take_up(env, actor, instance)
    return step, move(step, old, plan_of(migration))


@operation
def _finish(env: Environment, actor: Actor, *, migration_id: str) -> None:
    """The run has tried everything, unless another one that helps is still at it."""
    row = store.lock_migration(migration_id)
    if row is not None and row.status == "running" and not store.instances_in(row, LEFT, "", 1, before_run=row.run):
        row.status = "done"


@operation
def _next_to_move_back(env: Environment, actor: Actor, *, migration_id: str, after: str, limit: int) -> list[str]:
    row = known(actor, store.lock_migration(migration_id))
    row.status = "reversed"
    return store.instances_in(row, ("moved", "touched"), after, limit)


@operation
def _move_one_back(env: Environment, actor: Actor, *, migration_id: str, instance_id: str) -> None:
    instance = lock_instance(instance_id)
    migration, row = store.find_migration(migration_id), store.find_migrated(migration_id, instance_id)
    if migration is None or row is None or instance is None or row.status == "reversed":
        return
    why_not = _why_not_back(migration, row, instance)
    if why_not is not None:
        row.status, row.because = "touched", [why_not]
        return
    instance.release_number = (row.kept or {})["release"]
    step = take_up(env, actor, instance)
    move_back(step, row)
    row.status = "reversed"
    row.digest = row.state = row.kept = None
    details = {"migration": migration.id, "from": migration.to_release, "to": instance.release_number}
    record(step, "InstanceMovedBack", instance.name, details=details)


def _why_not_back(migration: MigrationRow, row: MigratedRow, instance: InstanceRow) -> str | None:
    if instance.ended_at is not None:
        return "It has ended."
    if instance.release_number != migration.to_release:
        return "It has moved on to another release."
    if row.digest is None or row.state is None:
        return "What moving it back needs was not kept, or moving it did something that nothing undoes."
    if digest_of(instance) != row.digest:
        return "Something has happened to it since."
    return None


@operation
def _leave_moved(env: Environment, actor: Actor, *, migration_id: str, instance_id: str, because: str) -> None:
    row = store.find_migrated(migration_id, instance_id)
    if row is not None and row.status == "moved":
        row.status, row.because = "touched", [because]


def _verdict_of(error: ServiceError) -> Verdict:
    if isinstance(error, WouldLose):
        return Verdict("would-lose", lost=error.lost)
    reasons = error.reasons if isinstance(error, engine.CannotMove) else (error.message,)
    return Verdict("cannot", because=reasons)


def _progress(ids: list[str], limit: int) -> Progress:
    return Progress(done=len(ids), next_after=ids[-1] if len(ids) == limit else None)
