"""The organisation and the releases are read once for each version, and nobody decides by a version that was."""

from __future__ import annotations

import subprocess
import sys

from service.store.surroundings import surroundings
from service.store.tables import db
from tests.operations.publishing import publish
from tests.support.counting import Counting
from tests.support.world import EXEMPLAR, World

IN_ANOTHER_PROCESS = """
import sys
from sqlalchemy import create_engine, text
with create_engine(sys.argv[1]).begin() as connection:
    connection.execute(text(sys.argv[2]))
"""


def test_a_second_transaction_reads_only_the_version(world: World) -> None:
    first = read()
    with Counting() as counted:
        assert read() is first
    assert len(counted.statements) == 1


def test_a_post_that_another_process_vacates_is_vacant_for_the_next_completion(world: World) -> None:
    """A line manager is whoever is nearest above and there."""
    world.at_exemplar()
    [asked_before] = world.complete("complete_closure_exemplar", "sw1-cin-east", EXEMPLAR).next
    world.propose("K-102")
    elsewhere("UPDATE posts SET holder_id = NULL WHERE id = 'tm-cin-east'")
    answers = {**EXEMPLAR, "involvementsEnding": ["K-102-1", "K-102-2", "K-102-3"]}
    [asked_after] = world.complete("complete_closure_exemplar", "sw1-cin-east", answers, "K-102").next
    assert [line.partition(" (")[2].partition(": ")[0] for line in (asked_before, asked_after)] == [
        "Team manager, Children in Need East",
        "Service manager, Children in Need East",
    ]


def test_whoever_another_process_puts_into_a_post_acts_in_it_at_once(world: World) -> None:
    assert "team-manager" in world.person("tm-cin-east").levels
    elsewhere("UPDATE posts SET holder_id = 'sw1-cin-east' WHERE id = 'tm-cin-east'")
    assert "team-manager" in world.person("sw1-cin-east").levels
    assert "team-manager" not in world.person("tm-cin-east").levels


def test_a_release_that_was_just_published_is_in_force(world: World) -> None:
    before = read().releases
    number = publish(world, files={"note.json": b"{}"})
    assert [release for release, _ in read().releases] == [number, *(release for release, _ in before)]


def read() -> object:
    found = surroundings()
    db.session.close()
    return found


def elsewhere(statement: str) -> None:
    """Another process changes the database."""
    address = db.engine.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", IN_ANOTHER_PROCESS, address, statement], check=True)
