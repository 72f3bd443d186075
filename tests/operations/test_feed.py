"""The feed of outgoing events: in order, without gaps, with nothing that turns up behind a reader's back."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from service.domain.people import TOWPATH
from service.operations.feed import read_feed
from service.operations.views import FeedEntry
from service.store.events import OutboxRow, add_to_outbox
from service.store.instances import instances_of_case
from service.store.tables import begin_writing, db
from tests.support.world import SIGNATURE, World

WRITERS = 4
EACH = 8


def test_events_of_a_step_come_in_the_order_of_the_diagram(world: World) -> None:
    world.at_second_signature()
    read = len(feed(world))
    world.complete("sign", "sm-cin-east", SIGNATURE)
    assert feed(world)[read:] == ["oversight-record-written", "case-closed"]


def test_a_reader_misses_nothing_whoever_commits_late(world: World) -> None:
    """Writers who do not wait for each other, each slow to commit, and a reader who asks all the time."""
    world.propose("K-102")
    done = threading.Event()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reading = pool.submit(follow, world, done)
        writing = [pool.submit(write, world, number) for number in range(WRITERS)]
        for writer in writing:
            writer.result()
        done.set()
        seen = reading.result()
    assert sorted(entry.type for entry in seen) == sorted(f"{n}-{k}" for n in range(WRITERS) for k in range(EACH))
    assert [entry.sequence for entry in seen] == list(range(1, WRITERS * EACH + 1))
    for number in range(WRITERS):
        assert [entry.type for entry in seen if entry.type[0] == str(number)] == [f"{number}-{k}" for k in range(EACH)]


def test_one_that_is_slow_to_commit_keeps_nobody_waiting(world: World) -> None:
    """Only PostgreSQL has several writers at a time; on SQLite the second waits and the order is the same."""
    world.propose("K-102")
    if db.engine.dialect.name == "sqlite":
        return
    begin_writing()
    send(world, "slow")
    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(in_context, world, partial(quickly, world)).result()
    db.session.commit()
    db.session.close()
    assert (seen, feed(world)) == (["quick"], ["quick", "slow"])


def write(world: World, number: int) -> None:
    """One writer's events, each in a transaction that takes its time."""
    chance = random.Random(number)
    with world.app.app_context():
        for turn in range(EACH):
            begin_writing()
            send(world, f"{number}-{turn}")
            time.sleep(chance.uniform(0, 0.02))
            db.session.commit()
            db.session.close()


def follow(world: World, done: threading.Event) -> list[FeedEntry]:
    """Everything that a reader is given who goes on from the last cursor, until the writers have ended."""
    seen: list[FeedEntry] = []
    with world.app.app_context():
        while True:
            last = done.is_set()
            page = read_feed(world.env, TOWPATH, after=seen[-1].sequence if seen else 0, limit=3)
            seen += page
            if last and not page:
                return seen


def quickly(world: World) -> list[str]:
    """Somebody writes, commits and reads while another is not done."""
    begin_writing()
    send(world, "quick")
    db.session.commit()
    db.session.close()
    return feed(world)


def in_context(world: World, act: partial[list[str]]) -> list[str]:
    """In a thread of its own."""
    with world.app.app_context():
        try:
            return act()
        finally:
            db.session.remove()


def send(world: World, name: str) -> None:
    """Append an event to the outbox of the transaction that is open."""
    instance = instances_of_case("K-102")[-1]
    add_to_outbox(
        OutboxRow(id=name, type=name, case_reference="K-102", instance_id=instance.id, data={}, at=world.clock())
    )


def feed(world: World) -> list[str]:
    """The types of everything that can be read now."""
    return [entry.type for entry in read_feed(world.env, TOWPATH)]
