"""`towpath rulebook tables`: what decision tables leave open or decide twice. How that is found is in
`decisions/coverage/`; what of it must be put right, in `definitions/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from service.cli.opening import told_in_words
from service.data_files import processes_directory
from service.decisions import load
from service.definitions.files import read_directory
from service.definitions.table_coverage import TableReport, table_reports

PLACE = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("place", type=PLACE, required=False)
def tables(place: Path | None) -> None:
    """Say of each decision table which inputs fall through and which rules get in each other's way.

    First comes what cannot be read, or was surely not meant.

    PLACE is a DMN file or a directory of them; by default, the rule book. Ends with an error when something is to be
    put right.
    """
    with told_in_words():
        library = load(_files(place or processes_directory()))
        reports = list(table_reports(library))
    unreadable = [f"{problem.file}, {problem.message}" for problem in library.problems]
    for line in unreadable:
        click.echo(f"To put right: {line}")
    for report in reports:
        for line in _lines(report):
            click.echo(line)
    wrong = len(unreadable) + sum(len(list(report.problems())) for report in reports)
    if wrong:
        raise click.ClickException(f"{wrong} {'thing' if wrong == 1 else 'things'} to put right in these tables.")
    click.echo(f"{len(reports)} {'table' if len(reports) == 1 else 'tables'}, nothing to put right.")


def _files(place: Path) -> dict[str, bytes]:
    if place.is_dir():
        return {path: content for path, content in read_directory(place).items() if path.endswith(".dmn")}
    return {place.name: place.read_bytes()}


def _lines(report: TableReport) -> Iterator[str]:
    coverage = report.coverage
    asked = "" if coverage.gaps_sought else ", where no rule need match"
    yield f"{coverage.place} ({coverage.hit_policy}{asked})"
    problems, notes = list(report.problems()), list(report.notes())
    yield from (f"  To put right: {words}" for words in problems)
    yield from (f"  Note: {words}" for words in notes)
    if not problems and not notes:
        yield "  Nothing to say."
