"""`towpath db`: bringing the database up to date. The migrations themselves are in `deployment/migrations/`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from service.cli.opening import installation
from service.data_files import migrations_directory
from service.store.tables import db as database


@click.group()
def db() -> None:
    """The database."""


@db.command()
@click.pass_context
def upgrade(context: click.Context) -> None:
    """Create the database, or bring it to this version. Runs again without harm."""
    with installation(context) as (_, env):
        env.config.data_directory.mkdir(parents=True, exist_ok=True)
        upgrade_database(database.engine)
    click.echo("The database is up to date.")


def upgrade_database(engine: Engine) -> None:
    """Run every migration that this database has not had yet, in one transaction.

    SQLite changes a table by building it anew and dropping the old one, which rows that point at it would forbid: it
    looks at them only at the end. Raises RuntimeError when one then points at nothing.
    """
    config = AlembicConfig()
    config.set_main_option("script_location", str(migrations_directory()))
    with engine.connect().execution_options(writing=True) as connection, unchecked_meanwhile(connection):
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def migrations_of(engine: Engine) -> tuple[str | None, str | None]:
    """The migration that the database is at, None when it has had none; and the newest one of this version."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(migrations_directory()))
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found, ScriptDirectory.from_config(config).get_current_head()


@contextmanager
def unchecked_meanwhile(connection: Connection) -> Iterator[None]:
    """On SQLite, a connection that begins its transaction without looking where rows point, and looks at the end."""
    driver = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    if driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        lost = driver.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"{len(lost)} rows point at nothing after the upgrade, the first in {lost[0][0]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
