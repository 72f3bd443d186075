"""Celery on real brokers: a call starts due work at once, and a broker that loses everything loses no work."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.brokers import broker, empty, waiting
from tests.support.databases import Copies, require
from tests.support.fleet import Fleet, fleet, wait_in
from tests.support.server import free_port
from tests.support.world import World

Ships = tuple[Fleet, World]
SLEEPY = {"TOWPATH_SWEEP_SECONDS": "60", "TOWPATH_TICK_SECONDS": "60"}
ENOUGH = 30
"""Seconds within which a call must have come: half of what a worker sleeps."""


def test_a_call_wakes_a_worker(sleepy: Ships) -> None:
    ships, world = sleepy
    at_work(ships)
    began = time.monotonic()
    wait_in(world, "K-101", "PT1S")
    ships.wait_until_fired(1)
    assert time.monotonic() - began < ENOUGH


def test_calls_that_are_thrown_away_lose_no_work(ships: Ships, address: str) -> None:
    """The worker is killed with calls in the queue, the queue is emptied, and another worker is started."""
    fleet_of, world = ships
    fleet_of.kill(at_work(fleet_of))
    for case in ("K-101", "K-102", "K-103"):
        wait_in(world, case, "PT1S")
    patiently(lambda: waiting(address) > 0)
    empty(address)
    fleet_of.start("celery")
    fleet_of.wait_until_fired(3)
    assert fleet_of.fired() == (3, 3)


def test_without_a_broker_timers_fire_and_nobody_waits(copies: Callable[[str], Copies], tmp_path: Path) -> None:
    require("postgresql")
    nobody = f"amqp://127.0.0.1:{free_port()}//"
    with fleet(tmp_path, copies("postgresql").new(tmp_path), TOWPATH_BROKER_URL=nobody) as (ships, world):
        at_work(ships)
        wait_in(world, "K-101", "PT1S")
        ships.wait_until_fired(1)
        assert world.env.wakeups.reaches() is False


def test_a_broker_without_workers_does_not_fill_up(ships: Ships, address: str) -> None:
    _, world = ships
    for _ in range(5):
        wait_in(world, "K-101", "PT1S")
    patiently(lambda: waiting(address) > 0)
    assert waiting(address) <= 5


def at_work(ships: Fleet) -> subprocess.Popen[bytes]:
    """A Celery worker that has looked."""
    worker = ships.start("celery")
    ships.wait_for_workers(1)
    time.sleep(2)
    return worker


def patiently(true: Callable[[], bool]) -> None:
    """Return once it is so."""
    until = time.monotonic() + ENOUGH
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.fixture(params=["rabbitmq", "redis"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    require("postgresql")
    with broker(request.param) as found:
        yield found


@pytest.fixture
def ships(copies: Callable[[str], Copies], tmp_path: Path, address: str) -> Iterator[Ships]:
    with fleet(tmp_path, copies("postgresql").new(tmp_path), TOWPATH_BROKER_URL=address) as made:
        yield made


@pytest.fixture
def sleepy(copies: Callable[[str], Copies], tmp_path: Path, address: str) -> Iterator[Ships]:
    with fleet(tmp_path, copies("postgresql").new(tmp_path), TOWPATH_BROKER_URL=address, **SLEEPY) as made:
        yield made
