"""Trying a rule book's scenarios, each in a throw-away installation. How one runs is in `operations/scenarios.py`."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

import orjson
from flask import Flask

from service.cli.database import upgrade_database
from service.cli.opening import OpenApp
from service.config import Config
from service.data_files import demo_directory
from service.definitions.problem import Problem
from service.definitions.rulebook import SETTINGS, RuleBook
from service.definitions.scenarios import Scenario
from service.domain.people import TOWPATH
from service.operations.authority import load_authority
from service.operations.environment import Environment
from service.operations.rulebook import publish_release
from service.operations.scenarios import run_scenario
from service.store.tables import db

AUTHORITIES = {"demo": "northmere.json"}


def try_scenarios(open_app: OpenApp, rulebook: RuleBook) -> tuple[int, list[Problem]]:
    """Run every scenario of a rule book; give how many ran and everything that did not go as told."""
    problems: list[Problem] = []
    for scenario in rulebook.scenarios:
        problems += try_scenario(open_app, rulebook, scenario)
    return len(rulebook.scenarios), problems


def try_scenario(open_app: OpenApp, rulebook: RuleBook, scenario: Scenario) -> list[Problem]:
    """Run one scenario in an installation that is thrown away afterwards."""
    authority = AUTHORITIES.get(scenario.authority)
    if authority is None:
        return [Problem(scenario.file, "authority", f"There is no authority “{scenario.authority}” to try it with.")]
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        config = Config(
            data_directory=data, database_url=f"sqlite:///{data / 'scenario.sqlite'}", secret_key=secrets.token_hex()
        )
        app: Flask = open_app(config, now=lambda: scenario.starts)
        with app.app_context():
            env: Environment = app.extensions["towpath"]
            upgrade_database(db.engine)
            publish_release(
                env,
                TOWPATH,
                files=_with_settings(rulebook, scenario),
                author="author",
                approver="approver",
                note="Being tried.",
                effective_from=scenario.starts.date(),
            )
            load_authority(env, TOWPATH, data=orjson.loads((demo_directory() / authority).read_bytes()))
            problems = run_scenario(env, scenario)
            db.engine.dispose()
            return problems


def _with_settings(rulebook: RuleBook, scenario: Scenario) -> dict[str, bytes]:
    """The rule book's files with the scenario's own settings in place of theirs."""
    files = dict(rulebook.files)
    if scenario.settings:
        rows = orjson.loads(files[SETTINGS])
        listing = rows["settings"] if isinstance(rows, dict) else rows
        for row in listing:
            row["value"] = scenario.settings.get(row["id"], row["value"])
        files[SETTINGS] = orjson.dumps(rows)
    return files
