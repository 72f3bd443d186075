"""A whole application with the demo authority in an SQLite file of its own, furnished once and copied for each test."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask

from service.app import create_app
from service.config import Config
from service.data_files import demo_directory, processes_directory
from service.definitions.files import read_directory
from service.domain.people import TOWPATH
from service.operations.authority import load_authority
from service.operations.rulebook import publish_release
from service.store.tables import db
from tests.web.api.calling import Caller, a_person, any_system

NOW = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def app(furnished: Path, tmp_path: Path) -> Flask:
    """An application with the demo authority, at half past nine on 4 January 2027."""
    shutil.copy(furnished, tmp_path / furnished.name)
    return _application(tmp_path / furnished.name)


@pytest.fixture
def system(app: Flask) -> Caller:
    """The case-management system, which may do everything a system may."""
    return any_system(app)


@pytest.fixture
def worker(app: Flask) -> Caller:
    """The allocated worker of K-101."""
    return a_person(app, "sw1-cin-east")


@pytest.fixture
def manager(app: Flask) -> Caller:
    """The line manager of that worker."""
    return a_person(app, "tm-cin-east")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the rule book of this tree and the demo authority."""
    path = tmp_path_factory.mktemp("furnished") / "towpath.sqlite"
    app = _application(path)
    with app.app_context():
        db.create_all()
        environment = app.extensions["towpath"]
        publish_release(
            environment,
            TOWPATH,
            files=read_directory(processes_directory()),
            author="A process owner",
            approver="Another process owner",
            note="The first release.",
            effective_from=date(2026, 1, 1),
        )
        data = json.loads((demo_directory() / "northmere.json").read_text())
        load_authority(environment, TOWPATH, data=data)
        db.session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.close()
        db.engine.dispose()
    return path


def _application(database: Path) -> Flask:
    config = Config(
        data_directory=database.parent,
        database_url=f"sqlite:///{database}",
        secret_key="of the tests",
        secure_cookies=False,
    )
    return create_app(config, now=lambda: NOW)
