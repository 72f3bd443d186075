"""Running instances that this build cannot resume are listed and are incidents, once; none of them is opened."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from service.domain.people import TOWPATH
from service.operations.incidents import list_incidents
from service.operations.unresumable import list_unresumable, report_unresumable
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


def written_by(world: World, version: str | None) -> None:
    """As if the state had been written by another version of Towpath."""
    with changing() as session:
        session.execute(update(InstanceRow).values(state_version=version))
