"""What a transaction changed arrives as it would by the mapper's own flush, and in one go on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from service.store.cases import CaseRow
from service.store.events import EventRow
from service.store.history import HistoryRow, add_entry
from service.store.instances import InstanceRow
from service.store.tables import begin_writing, db
from service.store.tasks import TaskRow, find_task
from service.store.writing import sending
from tests.support.counting import Counting
from tests.support.world import World


def commit(world: World) -> None:
    with sending(db.session()):
        db.session.commit()


def entry(world: World, **values: Any) -> HistoryRow:
    return HistoryRow(at=world.clock.moment, actor_id="a", actor_name="A", verb="Tried", subject="this", **values)


def test_a_row_that_changed_has_its_new_values_and_its_old_ones(world: World) -> None:
    task_id = world.at_exemplar().task("complete_closure_exemplar")
    db.session.close()
    begin_writing()
    task = find_task(task_id)
    assert task is not None
    name = task.name
    task.properties = {"a": [1, None]}
    task.due_at = world.clock.moment + timedelta(days=3)
    task.answers = {"ä": "ö" * 300}
    commit(world)
    again = find_task(task_id)
    assert again is not None
    assert (again.properties, again.due_at, again.answers, again.name) == (
        {"a": [1, None]},
        world.clock.moment + timedelta(days=3),
        {"ä": "ö" * 300},
        name,
    )


def test_a_new_row_has_its_defaults_and_no_more(world: World) -> None:
    world.at_exemplar()
    db.session.close()
    begin_writing()
    add_entry(entry(world))
    add_entry(entry(world, rule="R", details={"b": 1}))
    commit(world)
    written = db.session.scalars(select(HistoryRow).where(HistoryRow.verb == "Tried").order_by(HistoryRow.sequence))
    assert [(row.rule, row.details, row.case_reference) for row in written] == [(None, {}, None), ("R", {"b": 1}, None)]


def test_what_points_at_new_rows_is_sent_behind_them(world: World) -> None:
    """The event is new, and so is what names it; whichever was added first."""
    task_id = world.at_exemplar().task("complete_closure_exemplar")
    db.session.close()
    begin_writing()
    task = find_task(task_id)
    assert task is not None
    instance = InstanceRow(
        id="new", process_id="p", name="P", release_number=1, case_reference="K-101", started_at=world.clock.moment,
        started_by="a", started_by_name="A",
    )  # fmt: skip
    db.session.add(entry(world, instance_id="new"))
    db.session.add(instance)
    commit(world)
    written = db.session.scalars(select(HistoryRow).where(HistoryRow.verb == "Tried")).one()
    assert written.instance_id == "new"
    kept = db.session.get(InstanceRow, "new")
    assert kept is not None
    assert (kept.status, kept.state, kept.following.tasks) == ("running", b"", frozenset())


def test_what_the_database_has_against_it_undoes_everything(world: World) -> None:
    task_id = world.at_exemplar().task("complete_closure_exemplar")
    db.session.close()
    begin_writing()
    task = find_task(task_id)
    assert task is not None
    task.priority = 7
    db.session.add(entry(world, case_reference="no such case"))
    with pytest.raises(IntegrityError):
        commit(world)
    db.session.close()
    again = find_task(task_id)
    assert again is not None
    assert again.priority != 7
    assert not list(db.session.scalars(select(HistoryRow).where(HistoryRow.verb == "Tried")))


@pytest.mark.parametrize("row", [TaskRow, InstanceRow, EventRow, HistoryRow])
def test_what_happened_is_never_deleted(world: World, row: Any) -> None:
    world.at_exemplar()
    with pytest.raises(RuntimeError, match="only grows"):
        db.session.execute(delete(row))


def test_a_row_with_listeners_of_its_own_is_the_mappers(world: World) -> None:
    """The words by which a case is found follow its label only when the mapper writes it."""
    db.session.close()
    begin_writing()
    case = db.session.get(CaseRow, "K-101")
    assert case is not None
    case.label = "Zyx"
    with Counting() as counted:
        commit(world)
    assert any("case_words" in statement for statement in counted.statements)
