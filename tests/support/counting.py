"""Counting what an application sends to its database. What is few enough is said by tests and benches."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from service.store.tables import db


class Counting:
    """Statements and commits while the `with` lasts. Beginning and ending a transaction is no statement."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.commits = 0

    def __enter__(self) -> Counting:
        event.listen(db.engine, "before_cursor_execute", self._statement)
        event.listen(db.engine, "commit", self._commit)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self._statement)
        event.remove(db.engine, "commit", self._commit)

    def _statement(self, _connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if not text.startswith("BEGIN"):
            self.statements.append(text)

    def _commit(self, _connection: Any) -> None:
        self.commits += 1
