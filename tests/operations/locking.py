"""Watching which rows a transaction locks, and in which order. Every test of operations is watched (`conftest.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import ORMExecuteState, Session

ORDER = ("migrations", "schedules", "case_events", "process_instances", "user_tasks", "cases")
"""As `service/operations/transaction.py` says it."""

LOCKING = re.compile(r"FOR (?:NO KEY )?UPDATE(?: OF ([\w, ]+?))?( SKIP LOCKED)?$")


@contextmanager
def watched() -> Iterator[list[list[tuple[str, str]]]]:
    """The locks that each transaction asks for, as table and first parameter, in order."""
    found: list[list[tuple[str, str]]] = []

    def see(state: ORMExecuteState) -> None:
        if getattr(state.statement, "_for_update_arg", None) is None:
            return  # compiling what locks nothing would take longer than the tests
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
