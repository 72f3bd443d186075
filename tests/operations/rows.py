"""Rows that a test changes or counts directly, where no operation does it: the register as others move it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session, scoped_session

from service.store.cases import InvolvementRow, find_case
from service.store.lists import lists_of
from service.store.organisation import PostRow
from service.store.queue import ANYBODY, EntryRow
from service.store.tables import Base, begin_writing, db
from service.store.tasks import TaskRow


@contextmanager
def changing() -> Iterator[scoped_session[Session]]:
    """One transaction of the test's own."""
    begin_writing()
    yield db.session
    db.session.commit()
    db.session.close()


def also_waits_for(task_id: str, *person_ids: str) -> None:
    """The user task waits for these people too."""
    with changing() as session:
        for person_id in person_ids:
            key = f"person:{person_id}"
            task = session.get_one(TaskRow, task_id)
            task.candidates = {**task.candidates, key: f"{person_id} is asked too"}
            known = session.get_one(EntryRow, (task_id, ANYBODY))
            same = {column.name: getattr(known, column.name) for column in EntryRow.__table__.columns}
            told: dict[str, Any] = {name: same[name] for name in ("team_id", "due_at", "kind", "free")}
            session.add(EntryRow(**{**same, **lists_of(key, **told), "key": key}))


def involve(case: str, name: str, role: str) -> None:
    """Somebody new is involved in a case."""
    with changing() as session:
        session.add(
            InvolvementRow(
                id=f"{case}-new", case_reference=case, kind="other", name=name, role=role, started_on=date(2027, 1, 4)
            )
        )


def fact(case: str, **facts: Any) -> None:
    """Facts of the register change."""
    with changing():
        row = find_case(case)
        assert row is not None
        row.facts = {**row.facts, **facts}


def fill(post_id: str, holder_id: str | None) -> None:
    """Somebody else holds a post from now on, or nobody."""
    with changing() as session:
        session.get_one(PostRow, post_id).holder_id = holder_id


def everything() -> dict[str, list[Sequence[Any]]]:
    """Every row of every table, to compare before and after."""
    found = {
        table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr)
        for table in Base.metadata.tables.values()
    }
    db.session.close()
    return found


def count(table: str) -> int:
    """How many rows a table has."""
    number: int = db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    db.session.close()
    return number


def values(query: Any) -> list[Any]:
    """The first column of what a query gives, and the transaction ended."""
    found = list(db.session.scalars(query))
    db.session.close()
    return found
