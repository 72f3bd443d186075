"""The real closure moved to a changed release at each of its stages, and finished there. Small processes are in
`test_migrating_rows.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.people import Actor
from service.operations.instances import read_instance
from service.operations.migration_views import NewMigration
from service.operations.migrations import list_migrations, plan_migration, read_migration
from service.operations.moving import run_migration
from service.operations.queue import read_user_task
from service.operations.tasks import claim_task, save_draft
from tests.operations.migrated import MIGRATOR, moved, planned, redrawn, rehearsed, run
from tests.operations.rows import everything
from tests.operations.test_suspension import ABOVE, only_instance, resume, suspend
from tests.support.world import EXEMPLAR, SENT_BACK, SIGNATURE, World

RENAMED = {'"complete_closure_exemplar"': '"write_closure"'}
MAPPING = {"elements": {"complete_closure_exemplar": "write_closure"}}
DELAY = {
    "holdsItUp": "The last visit could not take place.",
    "stillRight": "yes",
    "whatNext": "The team manager covers it.",
    "closeBy": "2027-01-29",
}


def delayed(world: World) -> World:
    world.at_first_signature().clock.moment += timedelta(days=20)
    world.settle()
    return world


STAGES: dict[str, Callable[[World], World]] = {
    "the exemplar": World.at_exemplar,
    "the first signature": World.at_first_signature,
    "the second signature": World.at_second_signature,
    "delayed": delayed,
}


@pytest.mark.parametrize("stage", STAGES)
def test_the_closure_moves_at_any_stage_and_is_finished_there(world: World, stage: str) -> None:
    STAGES[stage](world)
    before = world.seen()
    number = redrawn(world, **RENAMED, **{'name="Closure of a case"': 'name="Closing a case"'})
    one = moved(world, number, **MAPPING)["K-101"]
    assert (one.status, one.lost, one.because, one.name) == ("moved", (), (), "Closing a case")
    who = [people for _, people in before.open]
    assert [people for _, people in world.seen().open] == who
    finish(world, stage)
    assert world.seen().status == "closed"
    assert world.seen().thrown.count("case-closed") == 1


@pytest.mark.parametrize("stage", ["the exemplar", "the first signature"])
def test_a_suspended_instance_moves_and_is_resumed_on_the_new_release(world: World, stage: str) -> None:
    STAGES[stage](world)
    suspend(world)
    number = redrawn(world, **RENAMED)
    assert moved(world, number, **MAPPING)["K-101"].status == "moved"
    view = read_instance(world.env, world.person(ABOVE), instance_id=only_instance(world))
    assert (view.status, view.release, view.suspended is not None) == ("suspended", number, True)
    with pytest.raises(Conflict, match="was suspended by Service manager"):
        finish(world, stage)
    resume(world)
    finish(world, stage)
    assert world.seen().status == "closed"


def test_a_timer_that_came_due_meanwhile_fires_on_the_new_release_after_resuming(world: World) -> None:
    world.at_exemplar()
    suspend(world)
    moved(world, redrawn(world, **RENAMED), **MAPPING)
    world.clock.moment += timedelta(days=20)
    world.settle()
    assert [element for element, _ in world.seen().open] == ["write_closure"]
    resume(world)
    world.settle()
    assert [element for element, _ in world.seen().open] == ["write_closure", "review_closure_delay"]


def finish(world: World, stage: str) -> None:
    if stage == "delayed":
        world.complete("review_closure_delay", "sm-cin-east", DELAY)
    if stage == "the exemplar":
        world.complete("write_closure", "sw1-cin-east", EXEMPLAR)
    if stage != "the second signature":
        world.complete("sign", "tm-cin-east", SIGNATURE)
    world.complete("sign", "sm-cin-east", SIGNATURE)


def test_claim_draft_and_due_date_survive(world: World) -> None:
    task = world.at_exemplar().task("complete_closure_exemplar")
    worker = world.person("sw1-cin-east")
    claim_task(world.env, worker, task_id=task)
    save_draft(world.env, worker, task_id=task, answers={"outcomes": "Half written."}, version=0)
    due = read_user_task(world.env, worker, task_id=task).summary.due_at
    words = {'name="Complete the closure exemplar"': 'name="Write the closure"', 'deadline("CC-T1"': 'deadline("AL-T2"'}
    assert moved(world, redrawn(world, **RENAMED, **words), **MAPPING)["K-101"].status == "moved"
    view = read_user_task(world.env, worker, task_id=task)
    assert view.summary.name == "Write the closure"
    assert view.summary.claimed_by_me
    assert view.summary.due_at == due
    assert (view.answers["outcomes"], view.version) == ("Half written.", 1)


def test_a_due_date_is_worked_out_again_from_when_the_task_opened(world: World) -> None:
    task = world.at_exemplar().task("complete_closure_exemplar")
    world.clock.moment += timedelta(days=3)
    number = redrawn(world, **{"dueDate='=deadline(\"CC-T1\", eventTime)'": "dueDate='=today() + duration(\"P1D\")'"})
    moved(world, number, deadlines="recompute")
    due = read_user_task(world.env, world.person("sw1-cin-east"), task_id=task).summary.due_at
    assert due is not None
    assert due.date().isoformat() == "2027-01-05"


def test_nobody_signs_what_they_wrote_under_a_name_it_no_longer_has(world: World) -> None:
    """The sign-off remembers by element who wrote it; the rows of that day keep the name of that day (SOD-1)."""
    world.at_exemplar().complete("complete_closure_exemplar", "sw1-cin-east", EXEMPLAR)
    moved(world, redrawn(world, **RENAMED), **MAPPING)
    world.complete("sign", "tm-cin-east", SENT_BACK)
    world.complete("write_closure", "sw1-cin-east", EXEMPLAR)
    opened = dict(world.seen().open)
    assert opened["sign"] == {"tm-cin-east"}
    view = read_user_task(world.env, world.person("sw1-cin-east"), task_id=world.task("sign"))
    assert "complete" not in view.may


def test_what_was_answered_under_the_old_name_is_there_to_begin_with(world: World) -> None:
    world.at_first_signature()
    moved(world, redrawn(world, **RENAMED), **MAPPING)
    world.complete("sign", "tm-cin-east", SENT_BACK)
    view = read_user_task(world.env, world.person("sw1-cin-east"), task_id=world.task("write_closure"))
    assert view.answers["rationale"] == EXEMPLAR["rationale"]


def test_the_history_says_from_where_to_where_and_why(world: World) -> None:
    world.at_exemplar()
    moved(world, redrawn(world, **RENAMED), **MAPPING)
    told = [line for line in world.seen().history if "Moved to another release" in line]
    assert told == ["Process owner Moved to another release: Closure of a case. Reason: The form asks more.. To: 2"]


def test_a_rehearsal_says_what_would_happen_and_changes_nothing_of_it(world: World) -> None:
    world.at_exemplar()
    world.propose("K-103")
    number = redrawn(world, **RENAMED)
    bad, good = planned(world, number), planned(world, number, **MAPPING)
    before = everything()
    said = rehearsed(world, bad)["K-101"]
    assert said.status == "cannot"
    assert said.because[0].startswith("“Complete the closure exemplar” (complete_closure_exemplar) is not in the new")
    assert {one.status for one in rehearsed(world, good).values()} == {"moves"}
    after = everything()
    del before["migrated_instances"], after["migrated_instances"]
    assert after == before


def test_a_second_run_moves_nothing_twice_and_a_new_instance_is_found(world: World) -> None:
    world.at_exemplar()
    migration = planned(world, redrawn(world, **RENAMED), **MAPPING)
    assert run(world, migration)["K-101"].status == "moved"
    before = world.seen().history
    assert run(world, migration)["K-101"].status == "moved"
    assert world.seen().history == before
    assert read_migration(world.env, MIGRATOR, migration_id=migration).status == "done"


def test_a_migration_that_stopped_half_way_goes_on_where_it_was(world: World) -> None:
    for case in ("K-101", "K-103", "K-104"):
        world.propose(case)
    migration = planned(world, redrawn(world, **RENAMED), **MAPPING)
    run_migration(world.env, MIGRATOR, migration_id=migration, limit=1)
    view = read_migration(world.env, MIGRATOR, migration_id=migration)
    assert (view.status, view.counts) == ("running", {"moved": 1, "waiting": 2})
    assert {one.status for one in run(world, migration).values()} == {"moved"}
    moves = [line for case in ("K-101", "K-103", "K-104") for line in world.seen(case).history if "Moved to" in line]
    assert len(moves) == 3


def test_only_the_process_asked_for_moves(world: World) -> None:
    world.at_second_signature().complete("sign", "sm-cin-east", SIGNATURE)
    world.propose("K-103")
    migration = planned(world, redrawn(world, **RENAMED), process_id="closure", **MAPPING)
    assert set(run(world, migration)) == {"K-103"}


def test_a_plan_that_names_what_is_not_there_is_refused_with_everything_wrong(world: World) -> None:
    number = redrawn(world, **RENAMED)
    with pytest.raises(Invalid) as wrong:
        planned(world, number, process_id="opening", elements={"x": "y", "complete_closure_exemplar": "z"})
    assert len(wrong.value.fields["elements"]) == 3
    with pytest.raises(Invalid, match="wrong"):
        planned(world, 1)
    with pytest.raises(Invalid) as unknown:
        planned(world, 99)
    assert unknown.value.fields == {"from_releases": ["There is no release 99"]}
    with pytest.raises(Invalid):
        plan_migration(world.env, MIGRATOR, new=NewMigration((1,), number, reason=" "))


def test_where_an_instance_could_stand_that_cannot_move_is_told_before_anything_is_tried(world: World) -> None:
    number = redrawn(world, **RENAMED)
    view = read_migration(world.env, MIGRATOR, migration_id=planned(world, number))
    assert [words.split(":")[0] for words in view.obstacles] == ["closure"]
    assert read_migration(world.env, MIGRATOR, migration_id=planned(world, number, **MAPPING)).obstacles == ()
    assert len(list_migrations(world.env, MIGRATOR)) == 2


def test_nobody_else_moves_anything(world: World) -> None:
    migration = planned(world, redrawn(world, **RENAMED), **MAPPING)
    stranger = Actor("other", "Another system", kind="system", scopes=frozenset({"instances:write"}))
    for act in (read_migration, run_migration):
        with pytest.raises(NotAllowed, match="migrations:write"):
            act(world.env, stranger, migration_id=migration, **({"limit": 1} if act is run_migration else {}))
    with pytest.raises(NotFound):
        read_migration(world.env, MIGRATOR, migration_id="none")
