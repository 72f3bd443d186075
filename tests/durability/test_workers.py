"""Several worker processes on one database: each timer fires once, whoever dies, and whoever sleeps is called."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.operations.environment import utc_now
from tests.support.databases import Copies, require
from tests.support.fleet import Fleet, at_once, fleet, wait_in
from tests.support.server import free_port

TIMERS = 200


@pytest.mark.parametrize(("kind", "workers"), [("postgresql", 3), ("sqlite", 2)])
def test_timers_due_at_once_fire_once_each_though_a_worker_is_killed(
    copies: Callable[[str], Copies], tmp_path: Path, kind: str, workers: int
) -> None:
    require(kind)
    with fleet(tmp_path, copies(kind).new(tmp_path)) as (ships, world):
        at_once(world, TIMERS)
        victim, *_ = [ships.start("worker") for _ in range(workers)]
        ships.wait_until_fired(20)
        ships.kill(victim)
        ships.wait_until_fired(TIMERS)
        assert ships.fired() == (TIMERS, TIMERS)
        assert ships.ask("SELECT count(*), count(DISTINCT instance_id) FROM user_tasks") == [(TIMERS, TIMERS)]


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_timers_fire_once_each_though_every_process_of_a_server_looks(
    copies: Callable[[str], Copies], tmp_path: Path, kind: str
) -> None:
    require(kind)
    with fleet(tmp_path, copies(kind).new(tmp_path)) as (ships, world):
        ships.start("serve", "--port", str(free_port()), "--processes", "2")
        ships.wait_for_workers(2)
        at_once(world, TIMERS)
        ships.wait_until_fired(TIMERS)
        assert ships.fired() == (TIMERS, TIMERS)
        assert ships.ask("SELECT count(*), count(DISTINCT instance_id) FROM user_tasks") == [(TIMERS, TIMERS)]
        assert ships.ask("SELECT kind, count(DISTINCT pid) FROM workers GROUP BY kind") == [("web", 2)]


def test_a_worker_that_sleeps_is_called_when_another_process_makes_work(
    copies: Callable[[str], Copies], tmp_path: Path
) -> None:
    """It would look by itself after a minute."""
    require("postgresql")
    sleepy = {"TOWPATH_SWEEP_SECONDS": "60", "TOWPATH_TICK_SECONDS": "60"}
    with fleet(tmp_path, copies("postgresql").new(tmp_path), **sleepy) as (ships, world):
        asleep(ships)
        began = time.monotonic()
        wait_in(world, "K-101", "PT1S")
        ships.wait_until_fired(1)
        assert time.monotonic() - began < 30


def test_a_timer_that_a_worker_knows_of_is_not_called_for(copies: Callable[[str], Copies], tmp_path: Path) -> None:
    require("postgresql")
    sleepy = {"TOWPATH_SWEEP_SECONDS": "60"}
    with fleet(tmp_path, copies("postgresql").new(tmp_path), **sleepy) as (ships, world):
        wait_in(world, "K-101", "PT8S")
        due = utc_now().timestamp() + 8
        asleep(ships)
        ships.wait_until_fired(1)
        assert -1 < utc_now().timestamp() - due < 30


def asleep(ships: Fleet) -> None:
    """One worker runs and has looked."""
    ships.start("worker")
    ships.wait_for_workers(1)
    time.sleep(1)
