"""`towpath token`: bearer tokens for other systems and for people who use the API."""

from __future__ import annotations

import click

from service.access.rules import SCOPES
from service.cli.opening import ready_installation
from service.domain.people import TOWPATH
from service.operations.identity import create_token


@click.group()
def token() -> None:
    """Bearer tokens for the API."""


@token.command()
@click.option("--name", required=True, help="Whose token it is, such as “Case-management system”.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="What it allows; may be repeated.")
@click.option("--person", default=None, help="The id of the person whom its bearer acts as, instead of scopes.")
@click.pass_context
def create(context: click.Context, name: str, scopes: tuple[str, ...], person: str | None) -> None:
    """Make a token and print it. It is shown this once and kept only as a digest."""
    with ready_installation(context) as (_, env):
        click.echo(create_token(env, TOWPATH, name=name, scopes=frozenset(scopes), person_id=person))
