"""A real server, killed outright between and during the steps: what was answered stays, nothing is repeated."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.domain.people import TOWPATH
from service.operations.environment import ReleaseCache
from service.operations.identity import create_token
from service.store.tables import db
from tests.durability.server import Facts, facts, wait_until_delivered
from tests.support.databases import Copies
from tests.support.server import RunningPretend, RunningServer
from tests.support.world import EXEMPLAR, SIGNATURE, make_world

ANSWERS = {"sw1-cin-east": EXEMPLAR, "tm-cin-east": SIGNATURE, "sm-cin-east": SIGNATURE}
QUICK_LEASES = {"TOWPATH_LEASE_SECONDS": "1"}
KILLS = 2
"""How often each step is interrupted at most before it is left in peace."""


def test_killed_between_steps_the_walk_ends_as_if_nothing_had_happened(
    server: RunningServer, pretend: RunningPretend, calm: Facts
) -> None:
    walk(server, after_each=lambda: (server.kill(), server.start()))
    assert facts(server, pretend) == calm


@pytest.mark.parametrize("seed", range(3))
def test_killed_during_steps_each_happens_exactly_once(
    server: RunningServer, pretend: RunningPretend, calm: Facts, seed: int
) -> None:
    """A client repeats what was not answered, as clients do; what was answered is never asked again."""
    chance = random.Random(seed)
    walk(server, interrupted=lambda act: _interrupted(server, chance, act))
    assert facts(server, pretend) == calm


def test_killed_while_the_case_record_is_written_it_is_written_once(
    server: RunningServer, pretend: RunningPretend, calm: Facts
) -> None:
    pretend.be("slow")
    walk(server, deliver=False)
    server.kill()
    pretend.be("ok")
    server.start()
    wait_until_delivered(server)
    assert facts(server, pretend) == calm


def walk(
    server: RunningServer,
    after_each: Callable[[], Any] = lambda: None,
    interrupted: Callable[[Callable[[], httpx.Response]], None] | None = None,
    deliver: bool = True,
) -> None:
    """The closure from the event to the last signature, and until everything has been delivered."""
    run = interrupted or _answered
    run(server.propose)
    after_each()
    for person, answers in ANSWERS.items():
        [task_id] = server.waiting_tasks(person).values()
        run(lambda task_id=task_id, person=person, answers=answers: server.complete(task_id, person, answers))  # type: ignore[misc]
        after_each()
    if deliver:
        wait_until_delivered(server)


def _answered(act: Callable[[], httpx.Response]) -> None:
    act().raise_for_status()


def _interrupted(server: RunningServer, chance: random.Random, act: Callable[[], httpx.Response]) -> None:
    for _ in range(KILLS):
        killer = threading.Timer(chance.uniform(0.0, 0.15), server.kill)
        killer.start()
        try:
            answer = act()
        except httpx.TransportError:
            answer = None
        killer.join()
        server.start()
        if answer is not None and answer.is_success:
            return
    # 409: the step had been done before its answer was lost, and is not done again.
    assert act().status_code in (httpx.codes.OK, httpx.codes.ACCEPTED, httpx.codes.CONFLICT)


@pytest.fixture(scope="module")
def calm(copies: Callable[[str], Copies], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    """What there is after the same walk on a server that nobody kills."""
    directory = tmp_path_factory.mktemp("calm")
    with RunningPretend(directory) as pretend:
        server = make_server(copies, directory, pretend)
        walk(server)
        yield facts(server, pretend)
        server.kill()


@pytest.fixture
def pretend(tmp_path: Path) -> Iterator[RunningPretend]:
    """The case-management system, which nobody kills."""
    with RunningPretend(tmp_path) as server:
        yield server


@pytest.fixture
def server(copies: Callable[[str], Copies], tmp_path: Path, pretend: RunningPretend) -> Iterator[RunningServer]:
    """A running server, to be killed."""
    running = make_server(copies, tmp_path, pretend)
    yield running
    running.kill()


def make_tokens(directory: Path) -> dict[str, str]:
    """Bearer tokens of the integrator and of the people of the walk."""
    world = make_world(directory, f"sqlite:///{directory / 'towpath.sqlite'}", ReleaseCache())
    with world.app.app_context():
        tokens = {who: create_token(world.env, TOWPATH, name=who, scopes=frozenset(), person_id=who) for who in ANSWERS}
        scopes = frozenset({"events:write"})
        tokens["integrator"] = create_token(world.env, TOWPATH, name="lcs", scopes=scopes)
        db.engine.dispose()
    return tokens


def make_server(copies: Callable[[str], Copies], directory: Path, pretend: RunningPretend) -> RunningServer:
    """A server on a fresh copy of the demo authority."""
    copies("sqlite").new(directory)
    database = directory / "towpath.sqlite"
    server = RunningServer(directory, database, pretend.address, make_tokens(directory), QUICK_LEASES)
    server.start()
    return server
