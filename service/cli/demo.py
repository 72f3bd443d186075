"""`towpath demo`: the database, the rule book as release 1 and the demo authority, once."""

from __future__ import annotations

import click
import orjson

from service.cli.database import upgrade_database
from service.cli.opening import installation
from service.cli.rulebook import today
from service.data_files import demo_directory, processes_directory
from service.definitions.files import read_directory
from service.domain.people import TOWPATH
from service.operations.authority import load_authority
from service.operations.identity import NotReady, check_ready
from service.operations.rulebook import publish_release
from service.store.tables import db

AUTHORITY = "northmere.json"


@click.command()
@click.pass_context
def demo(context: click.Context) -> None:
    """Load the demo authority: fictional people and children. Runs again without harm."""
    with installation(context) as (_, env):
        env.config.data_directory.mkdir(parents=True, exist_ok=True)
        upgrade_database(db.engine)
        data = orjson.loads((demo_directory() / AUTHORITY).read_bytes())
        try:
            check_ready(env)
        except NotReady:
            # Only the first release comes from here: a changed rule book needs its own author, approver and note.
            number = publish_release(
                env,
                TOWPATH,
                files=read_directory(processes_directory()),
                author="towpath",
                approver=data["authority"]["name"],
                note="The rule book that Towpath comes with.",
                effective_from=today(),
            )
            click.echo(f"Published the rule book as release {number}.")
        else:
            click.echo("A rule book is published already. Publish changes with: towpath rulebook publish")
        loaded = load_authority(env, TOWPATH, data=data)
        name = data["authority"]["name"]
        click.echo(f"Loaded the demo authority {name}." if loaded else f"The demo authority {name} is loaded already.")
