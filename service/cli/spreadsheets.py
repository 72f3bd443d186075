"""`towpath rulebook to-excel` and `from-excel`: decision tables for people who work in a spreadsheet. How a table
becomes a sheet is in `decisions/spreadsheet/`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from service.cli.opening import told_in_words
from service.decisions.spreadsheet import from_workbook, to_workbook
from service.domain.errors import Conflict

SEEN = ("actor", "answers", "case", "settings", "signatures", "task")
"""What guards and other expressions see besides what their file names; listed in processes/README.md."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("to-excel")
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=NEW_FILE, help="The workbook. Default: the same name with .xlsx.")
@click.option("--force", is_flag=True, help="Write over a workbook that is there already.")
def to_excel(file: Path, output: Path | None, force: bool) -> None:
    """Write the decision tables of a DMN file as an Excel workbook, for editing there."""
    with _told():
        workbook = to_workbook(file.name, file.read_bytes())
        target = output or file.with_suffix(".xlsx")
        _write(target, workbook, may_replace=force)
        click.echo(f"Wrote {target}. When you have edited it: towpath rulebook from-excel {target}")


@click.command("from-excel")
@click.argument("file", type=FILE)
@click.option(
    "-o", "--output", type=NEW_FILE, help="The DMN file to write. Default: the one that is brought up to date."
)
@click.option(
    "--onto",
    type=FILE,
    help="The DMN file to bring up to date. Default: the one beside the workbook that it was made of.",
)
@click.option("--force", is_flag=True, help="Write over another file that is there already.")
def from_excel(file: Path, output: Path | None, onto: Path | None, force: bool) -> None:
    """Bring the edits of a workbook made by to-excel back into its DMN file, and say what changed.

    Nothing is written when a cell is wrong, or when the tables of the DMN file were changed meanwhile.
    """
    with _told():
        workbook = file.read_bytes()
        returned = from_workbook(workbook, names=SEEN)
        beside = file.parent / returned.name
        current = onto or (beside if output is None and beside.exists() else None)
        if current is not None:
            returned = from_workbook(workbook, onto=current.read_bytes(), names=SEEN)
        target = output or current or beside
        for sheet in returned.unread:
            click.echo(f"Not looked at, because it belongs to no table: the sheet “{sheet}”.")
        for change in returned.changes:
            click.echo(f"  - {change}")
        if not returned.changes and target == current:
            click.echo(f"Nothing was changed; {target} stays as it is.")
            return
        _write(target, returned.dmn, may_replace=force or target == current)
        count = len(returned.changes)
        click.echo(f"Wrote {target} with {count} {'change' if count == 1 else 'changes'}.")


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the service and of the disk told in words."""
    with told_in_words():
        try:
            yield
        except OSError as error:
            raise click.ClickException(str(error)) from error


def _write(target: Path, content: bytes, *, may_replace: bool) -> None:
    """Write a file in one step, so that nobody finds half of it. Raises Conflict when one is there and must stay."""
    if target.exists() and not may_replace:
        raise Conflict(f"{target} is there already. Give another name with -o, or --force to write over it.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(target)
