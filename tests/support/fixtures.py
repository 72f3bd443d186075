"""Fixtures of an installation, for every floor that needs one. `tests/conftest.py` makes them known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.operations.environment import ReleaseCache
from service.store.tables import db
from tests.support.databases import KINDS, Copies, require
from tests.support.world import World, make_ready, make_world


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Copies]]:
    """Databases by kind, each made ready when first asked for."""
    made: dict[str, Copies] = {}

    def of(kind: str) -> Copies:
        if kind not in made:
            directory = tmp_path_factory.mktemp(kind)
            made[kind] = KINDS[kind](directory, lambda address: make_ready(directory, address))
        return made[kind]

    yield of
    for one in made.values():
        one.close()


@pytest.fixture(scope="session")
def releases() -> ReleaseCache:
    """Release 1, opened once for the whole run."""
    return ReleaseCache()


@pytest.fixture(params=["sqlite", "postgresql"])
def world(
    request: pytest.FixtureRequest, copies: Callable[[str], Copies], releases: ReleaseCache, tmp_path: Path
) -> Iterator[World]:
    """The demo authority on each database, with the application's context open."""
    require(request.param)
    yield from _opened(make_world(tmp_path, copies(request.param).new(tmp_path), releases))


@pytest.fixture
def sqlite_world(copies: Callable[[str], Copies], releases: ReleaseCache, tmp_path: Path) -> Iterator[World]:
    """The demo authority on SQLite only, for tests in which the database makes no difference."""
    yield from _opened(make_world(tmp_path, copies("sqlite").new(tmp_path), releases))


@pytest.fixture
def postgresql_world(copies: Callable[[str], Copies], releases: ReleaseCache, tmp_path: Path) -> Iterator[World]:
    """The demo authority on PostgreSQL only, for what SQLite does not have: a server, several writers."""
    require("postgresql")
    yield from _opened(make_world(tmp_path, copies("postgresql").new(tmp_path), releases))


def _opened(world: World) -> Iterator[World]:
    with world.app.app_context():
        yield world
        db.session.remove()
        db.engine.dispose()
