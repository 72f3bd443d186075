"""What the tables themselves hold on to, whatever the code above does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from service.store.cases import CaseRow
from service.store.tables import db
from tests.operations.rows import changing
from tests.support.world import START, World


def test_a_case_without_an_owning_team_cannot_be(world: World) -> None:
    """TR-R2: there is no instant at which no team owns a case."""
    with pytest.raises(IntegrityError):
        add(case(owning_team_id=None))
    with pytest.raises(IntegrityError):
        change("UPDATE cases SET owning_team_id = NULL WHERE reference = 'K-101'")


def test_a_case_of_a_team_that_is_not_there_cannot_be(world: World) -> None:
    with pytest.raises(IntegrityError):
        add(case(owning_team_id="nowhere"))


def test_a_team_that_owns_a_case_cannot_go(world: World) -> None:
    with pytest.raises(IntegrityError):
        change("DELETE FROM teams WHERE id = 'cin-east'")


@pytest.mark.parametrize("table", ["cases", "process_instances", "user_tasks", "jobs", "case_events"])
def test_a_status_is_one_of_those_known(world: World, table: str) -> None:
    world.at_second_signature().settle()
    with pytest.raises(IntegrityError):
        change(f"UPDATE {table} SET status = 'lost'")


def test_an_instant_needs_its_zone(world: World) -> None:
    with pytest.raises(StatementError, match="an instant needs its time zone"):
        add(case(facts_as_of=datetime(2027, 1, 4, 9, 30)))


def test_an_instant_comes_back_as_it_was_in_utc(world: World) -> None:
    summer = datetime(2027, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    add(case(facts_as_of=summer))
    kept = db.session.scalars(select(CaseRow.facts_as_of).where(CaseRow.reference == "K-new")).one()
    assert (kept, kept.tzinfo) == (summer, UTC)


def test_what_is_older_is_found_as_older_whatever_the_zone(world: World) -> None:
    add(case(facts_as_of=datetime(2027, 1, 4, 12, 0, tzinfo=timezone(timedelta(hours=5)))))
    older = db.session.scalars(select(CaseRow.reference).where(CaseRow.facts_as_of < START)).all()
    assert list(older) == ["K-new"]


def test_json_comes_back_as_it_was(world: World) -> None:
    facts = {"text": "naïve – “quoted”", "number": 1.5, "none": None, "list": [1, {"a": True}], "big": 2**53}
    add(case(facts=facts))
    assert db.session.scalars(select(CaseRow.facts).where(CaseRow.reference == "K-new")).one() == facts


def test_a_writer_that_fails_leaves_nothing(world: World) -> None:
    with pytest.raises(IntegrityError):
        add(case(), case(reference="K-101"))
    assert db.session.get(CaseRow, "K-new") is None


def case(**changed: Any) -> CaseRow:
    """A case that is in order but for what is changed."""
    return CaseRow(
        **{
            "reference": "K-new",
            "label": "Child K-new",
            "date_of_birth": date(2016, 1, 1),
            "owning_team_id": "cin-east",
            "facts": {},
            "facts_as_of": START,
            **changed,
        }
    )


def add(*rows: CaseRow) -> None:
    """Add rows in a transaction of their own."""
    try:
        with changing() as session:
            session.add_all(rows)
    finally:
        db.session.close()


def change(statement: str) -> None:
    """Run one statement in a transaction of its own."""
    try:
        with changing() as session:
            session.execute(text(statement))
    finally:
        db.session.close()
