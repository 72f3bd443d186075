"""Over HTTP while the broker is away, or there and silent: every answer is prompt, and the sweep finds the work."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from service.domain.people import TOWPATH
from service.operations.identity import create_token
from tests.durability.test_brokers import patiently
from tests.engine.drawing import catch, diagram, end, flows, message, start, timer, user
from tests.operations.publishing import publish
from tests.support.databases import Copies, require
from tests.support.fleet import LONG_AGO, Fleet, fleet, wait_in
from tests.support.server import HERE, PATIENCE, free_port
from tests.support.world import World

PROMPT = 1.5
"""Seconds within which each completion is answered, on a machine with much else to do; a broker has two to answer."""

PERSON, TASKS = "sw1-cin-east", 5

ASKING = diagram(
    start(message="m"), user("look", name="Look", assignee="=case.allocatedWorker"),
    catch("a_second", inside=timer("timeDuration", "PT1S")), end(),
    flows("begin look a_second done"), process_id="asking", outside=message("m", "wait-asked"),
)  # fmt: skip
"""Asks the allocated worker; a second after the answer a worker has to look."""


@pytest.mark.parametrize("scheme", ["amqp", "redis"])
def test_completions_are_prompt_though_nobody_listens(
    copies: Callable[[str], Copies], tmp_path: Path, scheme: str
) -> None:
    with sailing(copies, tmp_path, f"{scheme}://127.0.0.1:{free_port()}/") as (ships, world, site):
        assert slowest_completion(world, site) < PROMPT
        ships.wait_until_fired(TASKS)
        assert ships.fired() == (TASKS, TASKS)


@pytest.mark.parametrize("scheme", ["amqp", "redis"])
def test_completions_are_prompt_though_nobody_answers(
    copies: Callable[[str], Copies], tmp_path: Path, scheme: str
) -> None:
    """What listens takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/"
        with sailing(copies, tmp_path, address) as (ships, world, site):
            assert slowest_completion(world, site) < PROMPT
            ships.wait_until_fired(TASKS)


def test_a_broker_that_comes_back_is_called_again(copies: Callable[[str], Copies], tmp_path: Path) -> None:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    with sailing(copies, tmp_path, f"redis://127.0.0.1:{port}/0") as (_, world, site):
        assert slowest_completion(world, site) < PROMPT
        assert world.env.wakeups.reaches() is False
        server = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
            stdout=subprocess.DEVNULL,
        )
        try:
            patiently(lambda: world.env.wakeups.reaches() is True)
            patiently(lambda: connected(port, program) > 0)
        finally:
            server.kill()
            server.wait()


def connected(port: int, program: str) -> int:
    """How many Celery workers wait for calls at a Redis."""
    command = [str(Path(program).with_name("redis-cli")), "-p", str(port), "client", "list"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.count("cmd=brpop")


def slowest_completion(world: World, site: str) -> float:
    """Somebody completes user tasks one after the other; gives the seconds of the slowest answer."""
    for _ in range(TASKS):
        wait_in(world, "K-101", "PT1S")
    token = create_token(world.env, TOWPATH, name="worker", scopes=frozenset(), person_id=PERSON)
    bearer = {"Authorization": f"Bearer {token}"}
    tasks = HERE.get(f"{site}/api/v1/user-tasks", headers=bearer).raise_for_status().json()["tasks"]
    took = []
    for task in tasks:
        began = time.monotonic()
        address = f"{site}/api/v1/user-tasks/{task['id']}/completion"
        HERE.post(address, json={"answers": {}}, headers=bearer).raise_for_status()
        took.append(time.monotonic() - began)
    assert len(took) == TASKS
    return max(took)


@contextmanager
def sailing(copies: Callable[[str], Copies], directory: Path, broker_url: str) -> Iterator[tuple[Fleet, World, str]]:
    """A web node that does no due work itself, and a Celery worker, on PostgreSQL; gives where the pages answer."""
    require("postgresql")
    settings = {"TOWPATH_BROKER_URL": broker_url, "TOWPATH_SWEEP_SECONDS": "1", "TOWPATH_TICK_SECONDS": "60"}
    with fleet(directory, copies("postgresql").new(directory), **settings) as (ships, world):
        publish(world, ASKING, effective_from=LONG_AGO)
        port = free_port()
        ships.start("serve", "--port", str(port), "--processes", "1", "--no-ticker")
        ships.start("celery")
        wait_until_answers(f"http://127.0.0.1:{port}")
        ships.wait_for_workers(1)
        yield ships, world, f"http://127.0.0.1:{port}"


def wait_until_answers(site: str) -> None:
    """Return once the server does."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if HERE.get(f"{site}/api/v1/health").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)
