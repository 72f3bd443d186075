"""`towpath rulebook migrate`: what it moves, what it says, and how it ends."""

from __future__ import annotations

import re

from tests.operations.doors import command
from tests.operations.test_migrations import RENAMED, redrawn
from tests.support.world import World

MIGRATE = ("rulebook", "migrate", "--from", "1", "--to", "2", "--reason", "The form asks more.")
MAPPED = ("--map", "complete_closure_exemplar=write_closure")


def begun(world: World) -> World:
    world.at_exemplar()
    assert redrawn(world, **RENAMED) == 2
    return world


def migration_in(said: str) -> str:
    found = re.search(r"Migration (\S+) \(", said)
    assert found is not None, said
    return found[1]


def test_it_moves_what_can_move_and_says_so(sqlite_world: World) -> None:
    result = command(begun(sqlite_world), *MIGRATE, *MAPPED)
    assert result.exit_code == 0, result.output
    assert re.search(r"K-101  moved +\S+  Closure of a case\n", result.output)
    assert result.output.endswith("(done): 1 moved.\n")
    assert [element for element, _ in sqlite_world.seen().open] == ["write_closure"]


def test_what_cannot_move_stays_and_the_command_ends_in_2(sqlite_world: World) -> None:
    result = command(begun(sqlite_world), *MIGRATE)
    assert result.exit_code == 2
    assert "Cannot move from here: closure: “Complete the closure exemplar”" in result.output
    assert "because: “Complete the closure exemplar” (complete_closure_exemplar) is not in the new" in result.output
    assert result.output.endswith("(done): 1 cannot.\n")


def test_a_dry_run_moves_nothing_and_can_be_run_afterwards_and_moved_back(sqlite_world: World) -> None:
    rehearsed = command(begun(sqlite_world), *MIGRATE, *MAPPED, "--dry-run")
    assert rehearsed.output.endswith("(planned): 1 moves.\n")
    assert [element for element, _ in sqlite_world.seen().open] == ["complete_closure_exemplar"]
    migration = migration_in(rehearsed.output)
    assert "1 moved" in command(sqlite_world, "rulebook", "migrate", "--resume", migration).output
    reversed_ = command(sqlite_world, "rulebook", "migrate", "--reverse", migration)
    assert (reversed_.exit_code, "1 reversed" in reversed_.output) == (0, True)
    assert [element for element, _ in sqlite_world.seen().open] == ["complete_closure_exemplar"]


def test_loss_is_named_and_has_to_be_accepted(sqlite_world: World) -> None:
    world = begun(sqlite_world)
    ending = ("--map", "prepare_and_sign_closure=review_closure_delay")
    lossy = command(world, *MIGRATE, *ending)
    assert lossy.exit_code == 2
    assert "would lose: “Prepare and sign the closure” ends, and" in lossy.output
    resumed = command(world, "rulebook", "migrate", "--resume", migration_in(lossy.output), "--accept-loss")
    assert resumed.exit_code == 0
    assert "    lost: “Prepare and sign the closure” ends" in resumed.output


def test_what_was_forgotten_cannot_be_moved_back(sqlite_world: World) -> None:
    migration = migration_in(command(begun(sqlite_world), *MIGRATE, *MAPPED).output)
    forgotten = command(sqlite_world, "rulebook", "migrate", "--forget", migration)
    assert forgotten.output == "Forgotten: 1 instances can no longer be moved back.\n"
    told = command(sqlite_world, "rulebook", "migrate", "--reverse", migration)
    assert (told.exit_code, "because: What moving it back needs was not kept" in told.output) == (2, True)


def test_a_wrong_plan_is_told_whole_and_nothing_is_begun(sqlite_world: World) -> None:
    world = begun(sqlite_world)
    wrong = command(world, *MIGRATE, "--map", "x=y", "--process", "opening")
    assert wrong.exit_code == 1
    assert "the element “x” is not in the old release" in wrong.output
    assert "the process “opening” is not in the old release" in wrong.output
    assert command(world, "rulebook", "migrate").exit_code == 2
    assert "OLD=NEW" in command(world, *MIGRATE, "--map", "x").output
    assert "no migration" in command(world, "rulebook", "migrate", "--resume", "none").output
