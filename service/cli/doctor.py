"""`towpath doctor`: says whether the installation does its work. What is looked at is in `operations/health.py`."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click
import orjson

from service.cli.database import migrations_of
from service.cli.opening import installation
from service.operations.health import examine
from service.store.tables import db


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a monitor: one JSON object.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Say in plain words what waits, what is stuck and who works. Ends with 1 when somebody should look."""
    with installation(context) as (_, env):
        findings = examine(env, at_version=lambda: migrations_of(db.engine))
    well = all(finding.well for finding in findings)
    if as_json:
        click.echo(orjson.dumps({"well": well, "findings": [asdict(finding) for finding in findings]}))
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.well else 'LOOK'}  {finding.name:<10} {finding.words}")
    sys.exit(0 if well else 1)
