"""Every operation locks in one order (see `service/operations/transaction.py`), so that no two wait for each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import ORMExecuteState, Session

from service.operations.steering import cancel_instance, resume_instance, suspend_instance
from service.operations.tasks import claim_task, release_task, save_draft
from service.store.cases import lock_case
from service.store.instances import lock_instance
from service.store.tables import begin_writing, db
from tests.operations.test_inside import repair
from tests.operations.test_sending_back import at_check, send_back
from tests.operations.test_suspension import ABOVE, WHY, only_instance
from tests.support.world import World

ORDER = ("schedules", "case_events", "process_instances", "user_tasks", "cases")
LOCKING = re.compile(r"FOR (?:NO KEY )?UPDATE(?: OF ([\w, ]+?))?( SKIP LOCKED)?$")


def test_the_whole_walk_locks_in_order(sqlite_world: World) -> None:
    with watched() as locked:
        sqlite_world.closed()
        sqlite_world.settle()
    assert {table for run in locked for table, _ in run} >= set(ORDER) - {"schedules"}
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


@contextmanager
def watched() -> Iterator[list[list[tuple[str, str]]]]:
    """The locks that each transaction asks for, as table and first parameter, in order."""
    found: list[list[tuple[str, str]]] = []

    def see(state: ORMExecuteState) -> None:
        if not state.is_select:
            return
        compiled = state.statement.compile(dialect=postgresql.dialect())
        match = LOCKING.search(str(compiled))
        if match is None or match.group(2):
            return
        tables = re.findall(r"\w+", match.group(1) or re.findall(r"FROM (\w+)", str(compiled))[0])
        key = next((str(value) for value in compiled.params.values()), "")
        if not found or found[-1] is not state.session.info.get("run"):
            found.append(state.session.info.setdefault("run", []))
        found[-1].extend((table, key) for table in tables)

    def end(ended: Any, _: Any) -> None:
        ended.info.pop("run", None)

    event.listen(Session, "do_orm_execute", see)
    event.listen(Session, "after_transaction_end", end)
    try:
        yield found
    finally:
        event.remove(Session, "do_orm_execute", see)
        event.remove(Session, "after_transaction_end", end)


def wrong(locked: list[list[tuple[str, str]]]) -> list[list[tuple[str, str]]]:
    """The transactions that took a lock they did not hold after one that comes later in the order."""
    return [run for run in locked if _new(run) != sorted(_new(run), key=_place)]


def _new(run: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without what was locked already: that waits for nobody."""
    return list(dict.fromkeys(run))


def _place(lock: tuple[str, str]) -> tuple[int, str]:
    table, key = lock
    assert table in ORDER, f"{table} is locked, and has no place in the order"
    return ORDER.index(table), key if table == "process_instances" else ""
