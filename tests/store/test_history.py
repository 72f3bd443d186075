"""The history only grows: no code changes or deletes an entry, and no session can."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from service.store.history import HistoryRow
from service.store.tables import begin_writing, db
from tests.house.source import modules
from tests.support.world import SENT_BACK, World


def test_an_entry_cannot_be_changed(world: World) -> None:
    world.at_exemplar()
    with pytest.raises(RuntimeError, match="only grows"):
        alter(lambda entry: setattr(entry, "actor_name", "Somebody else"))


def test_an_entry_cannot_be_deleted(world: World) -> None:
    world.at_exemplar()
    with pytest.raises(RuntimeError, match="only grows"):
        alter(lambda entry: db.session.delete(entry))


@pytest.mark.parametrize(
    "statement", [update(HistoryRow).values(actor_name="x"), delete(HistoryRow)], ids=["update", "delete"]
)
def test_nor_all_of_them_at_once(world: World, statement: Any) -> None:
    world.at_exemplar()
    with pytest.raises(RuntimeError, match="only grows"):
        db.session.execute(statement)
    db.session.close()


def test_what_was_written_stays_word_for_word_whatever_happens_later(sqlite_world: World) -> None:
    before = entries(sqlite_world.at_second_signature())
    sqlite_world.complete("sign", "sm-cin-east", SENT_BACK)
    assert entries(sqlite_world)[: len(before)] == before
    assert len(entries(sqlite_world)) == len(before) + 1


def test_no_code_even_tries() -> None:
    """Nor past the session, in a statement of SQL."""
    attempt = re.compile(r"(?i)\b(update|delete from|truncate)\s+history\b")
    texts = ((module, node) for module in modules("service") for node in module.all(ast.Constant))
    assert [module.at(node) for module, node in texts if attempt.search(str(getattr(node, "value", "")))] == []


def alter(change: Callable[[HistoryRow], object]) -> None:
    """Change the newest entry in a transaction."""
    begin_writing()
    try:
        change(db.session.scalars(select(HistoryRow).order_by(HistoryRow.sequence.desc())).first())
        db.session.flush()
    finally:
        db.session.close()


def entries(world: World) -> list[tuple[object, ...]]:
    """Every entry with everything in it, in order."""
    rows = [tuple(row) for row in db.session.execute(select(HistoryRow.__table__).order_by(HistoryRow.sequence))]
    db.session.close()
    return rows
