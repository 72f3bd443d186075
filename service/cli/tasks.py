"""`towpath task`: user tasks from the command line, under the same rules as the pages and the API."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from service.cli.opening import ready_installation
from service.operations.identity import read_actor
from service.operations.queue import list_user_tasks
from service.operations.tasks import claim_task, complete_task


@click.group()
def task() -> None:
    """User tasks."""


@task.command(name="list")
@click.option("--as", "person", required=True, help="The id of the person whose queue it is.")
@click.pass_context
def list_tasks(context: click.Context, person: str) -> None:
    """Print what waits for somebody, one line each: id, case, task, and why not when they may not do it."""
    with ready_installation(context) as (_, env):
        for row in list_user_tasks(env, read_actor(env, person_id=person), limit=200).tasks:
            blocked = f"  Not you: {row.blocked.message} [Rule: {row.blocked.rule}]" if row.blocked else ""
            click.echo(f"{row.id}  {row.case.reference}  {row.name}{blocked}")


@task.command()
@click.argument("task_id")
@click.option("--as", "person", required=True, help="The id of the person who claims it.")
@click.pass_context
def claim(context: click.Context, task_id: str, person: str) -> None:
    """Claim a user task."""
    with ready_installation(context) as (_, env):
        claim_task(env, read_actor(env, person_id=person), task_id=task_id)


@task.command()
@click.argument("task_id")
@click.option("--as", "person", required=True, help="The id of the person who completes it.")
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.pass_context
def complete(context: click.Context, task_id: str, person: str, answers: Path) -> None:
    """Complete a user task with the answers in a JSON file."""
    with ready_installation(context) as (_, env):
        try:
            given = orjson.loads(answers.read_bytes())
        except orjson.JSONDecodeError as error:
            raise click.ClickException(f"{answers} is not JSON: {error}") from error
        if not isinstance(given, dict):
            raise click.ClickException(f"{answers} must hold one JSON object: key and answer")
        done = complete_task(env, read_actor(env, person_id=person), task_id=task_id, answers=given)
        for words in done.next:
            click.echo(f"Next: {words}")
