"""The entries of the queue follow the tasks and the cases, and a page costs the same however many rows it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, select

from service.domain.errors import Invalid
from service.operations.context import current_release, read_chart
from service.operations.queue import list_user_tasks
from service.operations.tasks import claim_task, release_task
from service.operations.wanted import Wanted
from service.store.cases import CaseRow
from service.store.lists import lists_of
from service.store.queue import EntryRow
from service.store.tables import db
from service.store.tasks import TaskRow
from tests.operations.rows import changing, values
from tests.operations.waiting import end, some_tasks, write
from tests.support.world import World


def test_a_task_has_an_entry_for_each_key_and_none_for_those_who_hold_it(sqlite_world: World) -> None:
    sqlite_world.at_first_signature()
    keys = values(select(EntryRow.key))
    assert sorted(keys) == ["*", "post:tm-cin-east", "team-manager@*"]


def test_what_has_ended_has_no_entry(world: World) -> None:
    world.closed()
    assert values(select(EntryRow.task_id)) == []


def test_a_claim_is_in_the_entries_until_it_is_given_back(world: World) -> None:
    task, worker = world.at_exemplar().task("complete_closure_exemplar"), world.person("sw1-cin-east")
    claim_task(world.env, worker, task_id=task)
    assert set(values(select(EntryRow.claimed_by))) == {"sw1-cin-east"}
    assert not any(values(select(EntryRow.free)))
    release_task(world.env, worker, task_id=task)
    assert set(values(select(EntryRow.claimed_by))) == {None}


def test_a_case_that_moves_takes_its_tasks_with_it(world: World) -> None:
    world.at_exemplar()
    with changing() as session:
        session.get_one(CaseRow, "K-101").owning_team_id = "cla"
    director, wanted = world.person("dcs"), Wanted(person="anyone", team="cla")
    assert len(list_user_tasks(world.env, director, wanted=wanted).tasks) == 1
    assert list_user_tasks(world.env, director, wanted=replace(wanted, team="cin-east")).tasks == ()


def test_an_entry_stands_in_the_lists_of_what_it_says_whatever_happens_to_it(world: World) -> None:
    task, worker = world.at_exemplar().task("complete_closure_exemplar"), world.person("sw1-cin-east")
    claim_task(world.env, worker, task_id=task)
    assert_in_its_lists()
    with changing() as session:
        session.get_one(CaseRow, "K-101").owning_team_id = "cla"
    assert_in_its_lists()
    release_task(world.env, worker, task_id=task)
    assert_in_its_lists()


def test_a_case_with_a_new_label_is_found_by_it_and_no_more_by_the_old(world: World) -> None:
    world.at_exemplar()
    with changing() as session:
        session.get_one(CaseRow, "K-101").label = "Zoë Alder"
    worker = world.person("sw1-cin-east")
    found = {text: len(list_user_tasks(world.env, worker, wanted=Wanted(text=text)).tasks) for text in ("zoe", "child")}
    assert found == {"zoe": 1, "child": 0}


@pytest.mark.parametrize("who", ["dcs", "sw1-cin-east"])
def test_a_page_of_many_rows_takes_as_many_statements_as_one_of_one(sqlite_world: World, who: str) -> None:
    chart = read_chart(current_release(sqlite_world.env))
    db.session.close()
    tasks = [replace(task, keys=(f"person:{who}",), claimed_by=None) for task in some_tasks(3, 50)]
    write(tasks, chart)
    excluded([task.id for task in tasks], who)
    actor = sqlite_world.person(who)
    counted = {}
    for limit in (1, 50):
        with counting() as statements:
            assert len(list_user_tasks(sqlite_world.env, actor, limit=limit).tasks) == limit
        counted[limit] = len(statements)
    assert counted[1] == counted[50]


def test_more_than_a_thousand_are_not_counted(sqlite_world: World) -> None:
    chart = read_chart(current_release(sqlite_world.env))
    db.session.close()
    write([replace(task, keys=("person:dcs",), claimed_by=None) for task in some_tasks(3, 1_002)], chart)
    page = list_user_tasks(sqlite_world.env, sqlite_world.person("dcs"), limit=1)
    assert (page.total, page.more_than_total) == (1_000, True)
    end("q0", "q1")
    page = list_user_tasks(sqlite_world.env, sqlite_world.person("dcs"), limit=1)
    assert (page.total, page.more_than_total) == (1_000, False)


def test_everything_that_cannot_be_is_named_at_once(sqlite_world: World) -> None:
    wanted = Wanted(person="x", level="x", team="x", claimed="x", sort="x", text="x" * 201)
    with pytest.raises(Invalid) as wrong:
        list_user_tasks(sqlite_world.env, sqlite_world.person("dcs"), wanted=wanted)
    assert set(wrong.value.fields) == {"person", "level", "team", "claimed", "sort", "text"}


AT = "2027-01-04T09:30:00+00:00"


@pytest.mark.parametrize(
    "cursor", ["opened~x~1", f"due~{AT}~1", "opened~2027-01-04T09:30:00~1", f"opened~{AT}~x", f"opened~{AT}~{2**64}"]
)
def test_a_cursor_that_is_none_of_this_order_is_refused(world: World, cursor: str) -> None:
    with pytest.raises(Invalid) as wrong:
        list_user_tasks(world.env, world.person("dcs"), after=cursor)
    assert set(wrong.value.fields) == {"after"}


def excluded(task_ids: list[str], person: str) -> None:
    """Whoever it waits for did an earlier part of each."""
    with changing() as session:
        for task_id in task_ids:
            session.get_one(TaskRow, task_id).excluded = [person]


@contextmanager
def counting() -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", remember)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", remember)


def assert_in_its_lists() -> None:
    """Every entry's lists are those that its other columns say."""
    found = db.session.scalars(select(EntryRow)).all()
    assert found
    for row in found:
        said = lists_of(row.key, team_id=row.team_id, due_at=row.due_at, kind=row.kind, free=row.free)
        assert said == {name: getattr(row, name) for name in said}
    db.session.close()
