"""Which release counts: the one in force on the event's own date, and for a running instance the one it began under."""

from __future__ import annotations

from datetime import UTC, date, datetime

import orjson
import pytest

from service.data_files import processes_directory
from service.domain.errors import Conflict, Invalid, Refused
from service.domain.events import CaseEvent
from service.operations.events import receive_event
from service.operations.instances import read_instance
from service.operations.views import EventView
from tests.engine.drawing import diagram, end, flows, message, start
from tests.operations.publishing import AUTHOR, publish
from tests.operations.together import together
from tests.support.world import INTEGRATOR, SIGNATURE, World

MARCH, JULY = date(2027, 3, 1), date(2027, 7, 1)


@pytest.mark.parametrize(
    ("happened", "release"),
    [
        (datetime(2025, 1, 1, tzinfo=UTC), 1),
        (datetime(2027, 2, 28, 23, 59, tzinfo=UTC), 1),
        (datetime(2027, 3, 1, tzinfo=UTC), 2),
        (datetime(2027, 6, 30, 22, 59, tzinfo=UTC), 2),
        (datetime(2027, 6, 30, 23, 0, tzinfo=UTC), 3),
    ],
    ids=["before the first release", "the evening before", "on the day", "before local midnight", "local midnight"],
)
def test_an_event_takes_the_release_of_its_own_day(three_releases: World, happened: datetime, release: int) -> None:
    assert release_of(three_releases, happened) == release


def test_a_type_that_came_with_a_later_release_is_unknown_on_an_earlier_day(three_releases: World) -> None:
    with pytest.raises(Invalid, match="wrong") as unknown:
        post(three_releases, datetime(2027, 2, 1, tzinfo=UTC), "m-1")
    assert "No pathway knows 'm-1'" in str(unknown.value.fields)
    assert post(three_releases, datetime(2027, 3, 2, tzinfo=UTC), "m-1").status == "delivered"


def test_who_began_under_two_levels_ends_under_two_levels(sqlite_world: World) -> None:
    sqlite_world.at_first_signature()
    publish(sqlite_world, files={"settings.json": with_levels(1)})
    sqlite_world.complete("sign", "tm-cin-east", SIGNATURE)
    assert dict(sqlite_world.seen().open)["sign"] == {"sm-cin-east"}


def test_who_begins_afterwards_needs_one(sqlite_world: World) -> None:
    publish(sqlite_world, files={"settings.json": with_levels(1)})
    sqlite_world.at_first_signature().complete("sign", "tm-cin-east", SIGNATURE)
    assert sqlite_world.seen().status == "closed"


def test_exactly_the_same_rule_book_is_not_published_twice(sqlite_world: World) -> None:
    with pytest.raises(Conflict, match="is release 1 already"):
        publish(sqlite_world)


def test_the_author_does_not_approve(sqlite_world: World) -> None:
    with pytest.raises(Refused, match="must not be the person who wrote it"):
        publish(sqlite_world, drawn(1), approver=f" {AUTHOR.upper()}")


def test_two_who_publish_at_once_get_two_numbers_or_one_is_told(world: World) -> None:
    def publishing(number: int) -> int:
        return publish(world, drawn(number))

    answers = together(world, [lambda: publishing(1), lambda: publishing(2)])
    numbers = sorted(answer for answer in answers if isinstance(answer, int))
    assert numbers in ([2], [2, 3])
    assert all(isinstance(answer, int | Conflict) for answer in answers)


def post(world: World, happened: datetime, event_type: str = "closure-proposed") -> EventView:
    """An event that is keyed long after it happened."""
    world.clock.moment = datetime(2027, 8, 1, tzinfo=UTC)
    event = CaseEvent("lcs", f"{event_type}-{happened}", event_type, "K-101", happened)
    return receive_event(world.env, INTEGRATOR, event=event)


def release_of(world: World, happened: datetime) -> int:
    """The release under which a closure runs that was proposed at this moment."""
    instance_id = str(post(world, happened).instance_id)
    return read_instance(world.env, world.person("tm-cin-east"), instance_id=instance_id).release


def with_levels(number: int) -> bytes:
    """The settings, with another number of signatures."""
    rows = orjson.loads((processes_directory() / "settings.json").read_bytes())
    for row in rows:
        if row["id"] == "closureSignOffLevels":
            row["value"] = number
    return orjson.dumps(rows)


def drawn(number: int) -> bytes:
    """Some diagram, another for each number."""
    return diagram(
        start(message="m"), end(), flows("begin done"), process_id=f"p{number}", outside=message("m", f"m-{number}")
    )


@pytest.fixture
def three_releases(sqlite_world: World) -> World:
    """Release 2 from March and release 3 from July."""
    publish(sqlite_world, drawn(1), effective_from=MARCH)
    publish(sqlite_world, drawn(2), effective_from=JULY)
    return sqlite_world


def test_an_earlier_rule_book_can_be_taken_back(sqlite_world: World) -> None:
    first = publish(sqlite_world, drawn(1))
    second = publish(sqlite_world, drawn(2))
    assert publish(sqlite_world, drawn(1)) == second + 1 == first + 2


def test_nobody_unknown_approves(sqlite_world: World) -> None:
    with pytest.raises(Invalid) as wrong:
        publish(sqlite_world, drawn(1), approver="nobody")
    assert set(wrong.value.fields) == {"approver"}
