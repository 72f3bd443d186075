"""`towpath rulebook`: checking and publishing the rule book on disk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import click

from service.cli.opening import installation
from service.cli.trying import try_scenarios
from service.data_files import processes_directory
from service.definitions.files import read_directory
from service.definitions.problem import Problem
from service.domain.people import TOWPATH
from service.operations.environment import Environment
from service.operations.rulebook import check_files, publish_release

DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def rulebook() -> None:
    """The rule book: every diagram, table, form and calendar at once."""


@rulebook.command()
@click.argument("directory", type=DIRECTORY, required=False)
@click.option("--scenarios/--no-scenarios", default=True, help="Also run every scenario file.")
@click.pass_context
def check(context: click.Context, directory: Path | None, scenarios: bool) -> None:
    """Say everything that must be put right before the rule book may be published."""
    with installation(context) as (_, env):
        files = read_directory(directory or processes_directory())
        ran = check_whole(context, env, files, scenarios=scenarios)
        click.echo(f"The rule book is in order: {len(files)} files, {ran} scenarios passed.")


@rulebook.command()
@click.argument("directory", type=DIRECTORY, required=False)
@click.option("--author", required=True, help="The person id of whoever wrote the changes.")
@click.option("--approver", required=True, help="The person id of whoever approves them: somebody else.")
@click.option("--note", required=True, help="What changes and why, in plain words.")
@click.option("--effective-from", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Default: today.")
@click.pass_context
def publish(
    context: click.Context,
    directory: Path | None,
    author: str,
    approver: str,
    note: str,
    effective_from: datetime | None,
) -> None:
    """Check the rule book and publish it as the next release."""
    with installation(context) as (_, env):
        files = read_directory(directory or processes_directory())
        check_whole(context, env, files, scenarios=True)
        start = effective_from.date() if effective_from else today()
        number = publish_release(
            env, TOWPATH, files=files, author=author, approver=approver, note=note, effective_from=start
        )
        click.echo(f"Published as release {number}, in force from {start:%d %B %Y}.")


def check_whole(context: click.Context, env: Environment, files: Mapping[str, bytes], *, scenarios: bool) -> int:
    """Check the files and run their scenarios; give how many ran. Ends the command when anything is wrong."""
    problems, opened = check_files(env, files)
    ran = 0
    if not problems and opened is not None and scenarios:
        ran, problems = try_scenarios(context.obj, opened.rulebook)
    if problems:
        raise click.ClickException(_listing(problems))
    return ran


def today() -> date:
    """Today in UTC: releases take effect on dates, not at instants."""
    return datetime.now(UTC).date()


def _listing(problems: list[Problem]) -> str:
    lines = "\n".join(f"  - {problem}" for problem in problems)
    things = "1 thing" if len(problems) == 1 else f"{len(problems)} things"
    return f"{things} to put right in the rule book:\n{lines}"
