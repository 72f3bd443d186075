"""The feed of outgoing events: in order, with nothing that turns up behind a reader's back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from service.domain.people import TOWPATH
from service.operations.feed import read_feed
from service.store.events import OutboxRow, add_to_outbox
from service.store.instances import instances_of_case
from service.store.tables import db
from tests.operations.together import meanwhile
from tests.support.world import SIGNATURE, World


def test_a_later_event_is_never_seen_before_an_earlier_one(world: World) -> None:
    world.at_second_signature()
    world.propose("K-102")
    read = len(feed(world))
    seen: list[str] = []
    meanwhile(
        world,
        first=partial(send, world, "first"),
        act=partial(world.complete, "sign", "sm-cin-east", SIGNATURE),
        then=lambda: seen.extend(elsewhere(world)[read:]),
    )
    assert seen == []
    assert feed(world)[read:] == ["first", "oversight-record-written", "case-closed"]


def send(world: World, name: str) -> None:
    """Append an event of another case to the outbox of the transaction that is open: no other lock is shared."""
    instance = instances_of_case("K-102")[-1]
    add_to_outbox(
        OutboxRow(id=name, type=name, case_reference="K-102", instance_id=instance.id, data={}, at=world.clock())
    )


def feed(world: World) -> list[str]:
    """The types of everything that can be read now."""
    return [entry.type for entry in read_feed(world.env, TOWPATH)]


def elsewhere(world: World) -> list[str]:
    """The same, as somebody else reads it while this transaction is open."""

    def run() -> list[str]:
        with world.app.app_context():
            try:
                return feed(world)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()
