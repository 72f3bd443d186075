"""What is open is found by an index that what has ended is not in. What a query finds is not asked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, false, text

from service.store.due import next_due
from service.store.events import EventRow, accepted_up_to, release_held_events
from service.store.health import overdue_timers
from service.store.history import entries_of_instance, latest_of_instance
from service.store.instances import InstanceRow, Kin, kinds_of_running, lock_instances_of_kin
from service.store.tables import begin_writing, db
from service.store.tasks import TaskRow, open_task_keys, open_tasks_of_case
from service.store.timers import lease_due_instances
from tests.support.world import START, World

LEASE = timedelta(minutes=1)
INSTANCE = InstanceRow(id="i", case_reference="K-101")
EVENT = EventRow(id="e", case_reference="K-101", received_at=START)

QUERIES: dict[str, tuple[str, Callable[[], Any]]] = {
    "open tasks of a case": ("ix_user_tasks_case", lambda: open_tasks_of_case("K-101")),
    "whom a case waits for": ("ix_user_tasks_case", lambda: open_task_keys(["K-101"])),
    "timers to fire": ("ix_process_instances_due", lambda: lease_due_instances(START, LEASE, 5)),
    "timers overdue": ("ix_process_instances_due", lambda: overdue_timers(START)),
    "what is due next": ("ix_process_instances_due", lambda: next_due(START, START.date(), LEASE, LEASE)),
    "kinds of running": ("ix_process_instances_kin", kinds_of_running),
    "those of a kind": ("ix_process_instances_kin", lambda: lock_instances_of_kin(Kin(1, "p", "1"), "", 5, false())),
    "held events": ("ix_case_events_held", lambda: release_held_events([("name", "key")])),
    "events before this": ("ix_case_events_due", lambda: accepted_up_to(EVENT)),
    "history of an instance": ("ix_history_case_reference", lambda: entries_of_instance(INSTANCE, "TaskCompleted")),
    "the last of it": ("ix_history_case_reference", lambda: latest_of_instance(INSTANCE, None)),
}


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_served_by_its_index(world: World, query: str) -> None:
    index, ask = QUERIES[query]
    assert index in plan_of(ask)


def test_a_status_as_a_parameter_would_be_noticed(world: World) -> None:
    asked = db.select(TaskRow.id).where(TaskRow.case_reference == "K-101", TaskRow.status == "open")
    assert "ix_user_tasks_case" not in plan_of(lambda: db.session.execute(asked))


def plan_of(ask: Callable[[], Any]) -> str:
    """How the database would find what is asked if its tables were large, knowing none of the parameters."""
    begin_writing()
    with statements() as made:
        ask()
    [statement] = made
    plan = _postgresql(statement) if db.engine.dialect.name == "postgresql" else _sqlite(statement)
    db.session.rollback()
    db.session.close()
    return plan


def _postgresql(statement: str) -> str:
    given = re.findall(r"%\((\w+)\)s", statement)
    for number, name in enumerate(given, start=1):
        statement = statement.replace(f"%({name})s", f"${number}", 1)
    connection = db.session.connection()
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
    connection.exec_driver_sql(f"PREPARE asked AS {statement}")
    nulls = f"({', '.join(['NULL'] * len(given))})" if given else ""
    rows = connection.exec_driver_sql(f"EXPLAIN EXECUTE asked{nulls}").scalars().all()
    connection.exec_driver_sql("DEALLOCATE asked")
    return "\n".join(rows)


def _sqlite(statement: str) -> str:
    nothing = (None,) * statement.count("?")
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", nothing)
    return "\n".join(row[3] for row in rows)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent meanwhile, as the driver gets them."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
