"""Running instances that this build cannot resume are listed and are incidents, once; none of them is opened."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from service.domain.people import TOWPATH
from service.operations.incidents import list_incidents
from service.operations.unresumable import BATCH, list_unresumable, report_unresumable
from service.store.incidents import IncidentRow
from service.store.instances import InstanceRow
from tests.operations.rows import changing, count
from tests.support.world import World

MANAGER = "tm-cin-east"


def test_a_state_of_a_newer_version_is_named_and_counted(world: World) -> None:
    written_by(world.at_exemplar(), "99")
    [group] = list_unresumable(world.env)
    assert (group.process_id, group.release, group.count) == ("closure", 1, 1)
    assert "its state is of version 99" in group.because


def test_it_is_an_incident_once_however_often_the_service_starts(world: World) -> None:
    written_by(world.at_exemplar(), "99")
    for _ in range(2):
        report_unresumable(world.env, TOWPATH)
    [incident] = list_incidents(world.env, world.person(MANAGER))
    assert "It cannot go on in this version of Towpath" in incident.message
    assert count("incidents") == 1


def test_a_build_that_can_resume_it_again_ends_the_incident(sqlite_world: World) -> None:
    world = sqlite_world.at_exemplar()
    written_by(world, "99")
    report_unresumable(world.env, TOWPATH)
    written_by(world, None)
    assert report_unresumable(world.env, TOWPATH) == ()
    assert list_incidents(world.env, world.person(MANAGER)) == ()
    assert "No longer stuck: Closure of a case" in world.seen().history[-1]


def test_a_process_that_the_release_does_not_have_is_named(sqlite_world: World) -> None:
    world = sqlite_world.at_exemplar()
    with changing() as session:
        session.execute(update(InstanceRow).values(process_id="gone"))
    [group] = list_unresumable(world.env)
    assert group.because == "release 1 has no process “gone” that this build executes"


@pytest.mark.parametrize("state", [b"", b"no state at all"])
def test_no_state_is_opened_to_find_out(sqlite_world: World, state: bytes) -> None:
    world = sqlite_world.at_exemplar()
    with changing() as session:
        session.execute(update(InstanceRow).values(state=state))
    assert list_unresumable(world.env) == ()


def test_what_has_ended_is_nobodys_concern(sqlite_world: World) -> None:
    written_by(sqlite_world.closed(), "99")
    with changing() as session:
        session.execute(update(InstanceRow).values(status="completed"))
    assert list_unresumable(sqlite_world.env) == ()


def test_more_of_them_than_are_looked_at_at_once_are_all_incidents_and_all_over(sqlite_world: World) -> None:
    world = sqlite_world.at_exemplar()
    with changing() as session:
        [one] = session.scalars(select(InstanceRow))
        same = {column.name: getattr(one, column.name) for column in InstanceRow.__table__.columns}
        alone = {"open_key": None}  # the key is for one open instance of a case
        session.add_all(InstanceRow(**{**same, **alone, "id": f"copy-{number}"}) for number in range(2 * BATCH + 1))
    written_by(world, "99")
    report_unresumable(world.env, TOWPATH)
    assert open_ones() == 2 * BATCH + 2
    written_by(world, None)
    report_unresumable(world.env, TOWPATH)
    assert open_ones() == 0


def open_ones() -> int:
    """How many incidents are open."""
    with changing() as session:
        return len(list(session.scalars(select(IncidentRow).where(IncidentRow.resolved_at.is_(None)))))


def written_by(world: World, version: str | None) -> None:
    """As if the state had been written by another version of Towpath."""
    with changing() as session:
        session.execute(update(InstanceRow).values(state_version=version))
