"""Operating system processes that act on one installation at the very same moment. What they do is said by tests.

The processes are started once and stand at a barrier before each act: what is raced is the act, not the starting.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from service.domain.errors import ServiceError
from service.domain.people import Actor
from service.operations.environment import ReleaseCache
from service.store.releases import newest_release
from service.store.surroundings import surroundings
from service.store.tables import db
from tests.support.world import World, make_world

PATIENCE = 60.0
"""Seconds after which a test gives up on a process."""


@dataclass(frozen=True)
class Act:
    """An operation that somebody calls with these values."""

    operation: Callable[..., Any]
    actor: Actor
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What whoever called an operation heard, and between which moments of the machine's clock it was at work."""

    result: Any
    error: str
    """The kind of service error; empty when there was none."""
    message: str
    begun: float
    ended: float

    @property
    def won(self) -> bool:
        """Whether it was done."""
        return not self.error


@dataclass(frozen=True)
class _Place:
    """The installation at which the next acts are."""

    directory: Path
    address: str


@dataclass
class Racers:
    """So many processes, by the ends of their pipes."""

    pipes: Sequence[Connection]
    there: list[Connection] = field(default_factory=list)
    """Those that met last."""
    races: int = 0
    overlapped: int = 0
    """Races in which all acts were under way at once."""

    def meet(self, world: World, count: int) -> None:
        """Have so many of the processes open this installation; the others rest."""
        place = _Place(world.env.config.data_directory, world.env.config.database_url)
        self.there = list(self.pipes[:count])
        for pipe in self.there:
            pipe.send(place)
        for pipe in self.there:
            assert _received(pipe) == "here"
        self.races = self.overlapped = 0

    def race(self, world: World, acts: Sequence[Act]) -> list[Told]:
        """What each act gives, each done by another of those that met, in the order of the acts."""
        assert len(acts) == len(self.there), "each of those that met has something to do"
        # Whoever is let go first is often the same: the turn goes round.
        turned = [*self.there[self.races % len(acts) :], *self.there[: self.races % len(acts)]]
        for pipe, act in zip(turned, acts, strict=True):
            pipe.send((world.clock.moment, len(acts), act))
        told: list[Told] = [_received(pipe) for pipe in turned]
        self.races += 1
        self.overlapped += max(one.begun for one in told) < min(one.ended for one in told)
        return told


@contextmanager
def racers(count: int) -> Iterator[Racers]:
    """So many processes for as long as the `with` lasts."""
    spawn = multiprocessing.get_context("spawn")
    barriers = {parties: spawn.Barrier(parties) for parties in range(1, count + 1)}
    ends = [spawn.Pipe() for _ in range(count)]
    processes = [spawn.Process(target=_racer, args=(theirs, barriers), daemon=True) for _, theirs in ends]
    for process in processes:
        process.start()
    try:
        yield Racers([ours for ours, _ in ends])
    finally:
        for process in processes:
            process.kill()
            process.join()


def _received(pipe: Connection) -> Any:
    assert pipe.poll(PATIENCE), "a process says nothing"
    return pipe.recv()


def _racer(pipe: Connection, barriers: Mapping[int, Barrier]) -> None:
    place = pipe.recv()
    while True:
        place = _at(place, pipe, barriers)


def _at(place: _Place, pipe: Connection, barriers: Mapping[int, Barrier]) -> _Place:
    """Act at one place until the next is named."""
    world = make_world(place.directory, place.address, ReleaseCache())
    with world.app.app_context():
        # The connection is there and the release is open before the race begins.
        newest = newest_release()
        assert newest is not None
        world.env.releases.get(newest.number)
        surroundings()
        db.session.remove()
        pipe.send("here")
        while not isinstance(asked := pipe.recv(), _Place):
            moment, parties, act = asked
            world.clock.moment = moment
            pipe.send(_acted(world, act, barriers[parties]))
        db.session.remove()
        db.engine.dispose()
    return asked


def _acted(world: World, act: Act, barrier: Barrier) -> Told:
    barrier.wait(PATIENCE)
    begun = time.monotonic()
    result, error, message = None, "", ""
    try:
        result = act.operation(world.env, act.actor, **act.values)
    except ServiceError as raised:
        error, message = type(raised).__name__, raised.message
    finally:
        db.session.remove()
    return Told(result, error, message, begun, time.monotonic())
