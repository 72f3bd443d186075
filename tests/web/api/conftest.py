"""The demo authority as its callers see it over HTTP, at half past nine on 4 January 2027."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.world import World
from tests.web.api.calling import Caller, a_person, any_system


@pytest.fixture
def app(sqlite_world: World) -> Flask:
    """The application of the demo authority."""
    return sqlite_world.app


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
