"""The `towpath` command. Each group of sub-commands has a module; what they do is in `operations/`."""

from __future__ import annotations

import click

from service.cli import database, demo, doctor, migrating, rulebook, serve, spreadsheets, tables, tasks, tokens


@click.group()
def towpath() -> None:
    """Towpath: the pathways of a child's case, and the manager whose decision it is."""


towpath.add_command(database.db)
towpath.add_command(demo.demo)
towpath.add_command(doctor.doctor)
towpath.add_command(rulebook.rulebook)
rulebook.rulebook.add_command(migrating.migrate)
rulebook.rulebook.add_command(tables.tables)
rulebook.rulebook.add_command(spreadsheets.to_excel)
rulebook.rulebook.add_command(spreadsheets.from_excel)
towpath.add_command(serve.serve)
towpath.add_command(serve.worker)
towpath.add_command(serve.celery)
towpath.add_command(serve.pretend_case_management)
towpath.add_command(tasks.task)
towpath.add_command(tokens.token)
