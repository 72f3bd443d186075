"""Every operation locks in one order (see `service/operations/transaction.py`), so that no two wait for each other."""

from __future__ import annotations

import pytest

from service.operations.steering import cancel_instance, resume_instance, suspend_instance
from service.operations.tasks import claim_task, release_task, save_draft
from service.store.cases import lock_case
from service.store.instances import lock_instance
from service.store.tables import begin_writing, db
from tests.operations.locking import ORDER, watched, wrong
from tests.operations.test_inside import repair
from tests.operations.test_sending_back import at_check, send_back
from tests.operations.test_suspension import ABOVE, WHY, only_instance
from tests.support.world import World


def test_the_whole_walk_locks_in_order(sqlite_world: World) -> None:
    with watched() as locked:
        sqlite_world.closed()
        sqlite_world.settle()
    assert {table for run in locked for table, _ in run} >= set(ORDER) - {"schedules", "migrations"}
    assert wrong(locked) == []


def test_what_people_do_to_a_task_locks_in_order(sqlite_world: World) -> None:
    world = sqlite_world.at_exemplar()
    task, worker = world.task("complete_closure_exemplar"), world.person("sw1-cin-east")
    with watched() as locked:
        claim_task(world.env, worker, task_id=task)
        save_draft(world.env, worker, task_id=task, answers={}, version=None)
        release_task(world.env, worker, task_id=task)
    assert len(locked) == 3
    assert wrong(locked) == []


def test_what_is_done_to_an_instance_locks_in_order(sqlite_world: World) -> None:
    world = sqlite_world.at_exemplar()
    above, instance_id = world.person(ABOVE), only_instance(world)
    with watched() as locked:
        for act in (suspend_instance, resume_instance, cancel_instance):
            act(world.env, above, instance_id=instance_id, reason=WHY)
    assert len(locked) == 3
    assert wrong(locked) == []


def test_sending_back_and_repairing_lock_in_order(sqlite_world: World) -> None:
    with watched() as locked:
        send_back(at_check(sqlite_world))
        instance_id = only_instance(sqlite_world)
        repair(sqlite_world, instance_id, {"ready": True})
    assert wrong(locked) == []


@pytest.mark.locks_out_of_order
@pytest.mark.parametrize("first", ["case", "later instance"])
def test_a_wrong_order_would_be_noticed(sqlite_world: World, first: str) -> None:
    sqlite_world.at_exemplar()
    instance_id = only_instance(sqlite_world)
    with watched() as locked:
        begin_writing()
        if first == "case":
            lock_case("K-101")
        else:
            lock_instance("zzz")
        lock_instance(instance_id)
        db.session.commit()
        db.session.close()
    assert len(wrong(locked)) == 1
