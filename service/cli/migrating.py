"""`towpath rulebook migrate`: moving running instances to another release. What moves and what cannot is not here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click

from service.cli.opening import ready_installation
from service.domain.people import TOWPATH
from service.operations.environment import Environment
from service.operations.migration_views import MigratedView, MigrationView, NewMigration, Progress
from service.operations.migrations import forget_migration, plan_migration, read_migrated, read_migration
from service.operations.moving import MAX_BATCH, rehearse_migration, reverse_migration, run_migration

PAGE = 200
LEFT_BEHIND = ("would-lose", "cannot")
"""What a run leaves where it was; after moving back, `touched` is what could not be moved."""

CHOICE = click.Choice(["keep", "recompute"])


@click.command()
@click.option("--from", "from_releases", type=int, multiple=True, help="The release they are under; may be repeated.")
@click.option("--to", "to_release", type=int, help="The release they move to.")
@click.option("--process", "process_id", help="Only instances of this process.")
@click.option("--map", "mapping", multiple=True, metavar="OLD=NEW", help="What an element becomes; OLD= when it ends.")
@click.option("--map-process", "processes", multiple=True, metavar="OLD=NEW", help="What a process becomes.")
@click.option("--deadlines", type=CHOICE, default="keep", help="Due dates of open user tasks.", show_default=True)
@click.option("--timers", type=CHOICE, default="keep", help="Instants of open timers.", show_default=True)
@click.option("--reason", help="Why, in words; it stands in the history of every case.")
@click.option("--dry-run", is_flag=True, help="Move nothing; say what would become of each.")
@click.option("--accept-loss", is_flag=True, help="Also move those that lose something by it.")
@click.option("--resume", "resumed", metavar="ID", help="Go on with a migration, or run one that was only rehearsed.")
@click.option("--reverse", "reversed_id", metavar="ID", help="Move back what nothing has happened to since.")
@click.option("--forget", "forgotten", metavar="ID", help="Let go of what moving back needs.")
@click.pass_context
def migrate(
    context: click.Context,
    /,
    resumed: str | None,
    reversed_id: str | None,
    forgotten: str | None,
    dry_run: bool,
    accept_loss: bool,
    **said: Any,
) -> None:
    """Move running instances to another release of the rule book.

    Each moves by itself: an interrupted run goes on with --resume. What would lose something stays unless --accept-loss
    is given. Ends with exit code 2 when instances were left where they were, and 1 for an error.
    """
    if sum(map(bool, (resumed, reversed_id, forgotten, said["from_releases"] or said["to_release"]))) != 1:
        raise click.UsageError("Give --from and --to, or one of --resume, --reverse and --forget.")
    with ready_installation(context) as (_, env):
        if forgotten is not None:
            count = forget_migration(env, TOWPATH, migration_id=forgotten)
            click.echo(f"Forgotten: {count} instances can no longer be moved back.")
            return
        if reversed_id is not None:
            left = _tell(env, _moved_back(env, reversed_id), ("touched",))
        else:
            view = read_migration(env, TOWPATH, migration_id=resumed) if resumed else _planned(env, said, accept_loss)
            (_rehearsed if dry_run else _run)(env, view.id, accept_loss)
            left = _tell(env, view.id, LEFT_BEHIND)
    context.exit(2 if left else 0)


def _planned(env: Environment, said: dict[str, Any], accept_loss: bool) -> MigrationView:
    if not said["from_releases"] or said["to_release"] is None:
        raise click.UsageError("Give both --from and --to.")
    if not said["reason"]:
        raise click.UsageError("Give the --reason; it stands in the history of every case.")
    new = NewMigration(
        from_releases=said["from_releases"],
        to_release=said["to_release"],
        process_id=said["process_id"],
        elements={old: new or None for old, new in _pairs(said["mapping"])},
        processes=dict(_pairs(said["processes"])),
        deadlines=said["deadlines"],
        timers=said["timers"],
        accept_loss=accept_loss,
        reason=said["reason"],
    )
    view = plan_migration(env, TOWPATH, new=new)
    for words in view.obstacles:
        click.echo(f"Cannot move from here: {words}")
    return view


def _pairs(given: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for words in given:
        old, equals, new = words.partition("=")
        if not old or not equals:
            raise click.UsageError(f"“{words}” is not of the form OLD=NEW.")
        yield old, new


def _rehearsed(env: Environment, migration_id: str, _accept_loss: bool) -> None:
    _batches(lambda after: rehearse_migration(env, TOWPATH, migration_id=migration_id, after=after, limit=MAX_BATCH))


def _run(env: Environment, migration_id: str, accept_loss: bool) -> None:
    # After each batch the next is what the run has not tried yet, so there is no cursor to hand on.
    _batches(lambda _: run_migration(env, TOWPATH, migration_id=migration_id, limit=MAX_BATCH, accept_loss=accept_loss))


def _moved_back(env: Environment, migration_id: str) -> str:
    _batches(lambda after: reverse_migration(env, TOWPATH, migration_id=migration_id, after=after, limit=MAX_BATCH))
    return migration_id


def _batches(one: Callable[[str], Progress]) -> None:
    after: str | None = ""
    while after is not None:
        after = one(after).next_after


def _tell(env: Environment, migration_id: str, left_behind: tuple[str, ...]) -> int:
    """Print the report; give how many instances were left where they were."""
    view = read_migration(env, TOWPATH, migration_id=migration_id)
    rows = list(_report(env, migration_id))
    width = max((len(row.case_reference) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row.case_reference:<{width}}  {row.status:<10}  {row.instance_id}  {row.name}")
        for words in row.lost:
            click.echo(f"{'':<{width}}    {'lost' if row.status == 'moved' else 'would lose'}: {words}")
        for words in row.because:
            click.echo(f"{'':<{width}}    because: {words}")
    counts = ", ".join(f"{count} {status}" for status, count in sorted(view.counts.items())) or "no instance"
    click.echo(f"Migration {view.id} ({view.status}): {counts}.")
    return sum(view.counts.get(status, 0) for status in left_behind)


def _report(env: Environment, migration_id: str) -> Iterator[MigratedView]:
    after: str | None = ""
    while after is not None:
        page = read_migrated(env, TOWPATH, migration_id=migration_id, after=after, limit=PAGE)
        yield from page.instances
        after = page.next_after
