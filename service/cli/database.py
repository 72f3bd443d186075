"""`towpath db`: bringing the database up to date. The migrations themselves are in `deployment/migrations/`."""

from __future__ import annotations

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Engine

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
    """Run every migration that this database has not had yet, in one transaction."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(migrations_directory()))
    with engine.connect().execution_options(writing=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
