"""Sending what a transaction changed, all at once, as it ends. What is changed is decided elsewhere, on the rows.

The mapper's own flush waits for the database's answer after each row. Nothing here waits: PostgreSQL gets every
statement and the commit in one go (libpq's pipeline), SQLite one after the other. That is safe for rows that are never
deleted (`Lasting`), as whoever changes one need not ask whether it was still there. The mapper still flushes what
somebody asks for half-way, and what a transaction with other rows changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Connection, Table, Update, bindparam, event, insert, inspect, update
from sqlalchemy.orm import Mapper, Session

from service.store.tables import Base, Lasting

Follower = Callable[[Session, Connection], None]

_followers: list[Follower] = []


def follows_writes(follower: Follower) -> Follower:
    """Have this called once rows were sent, while the session still knows what is new and what changed in them.

    It may send more over the connection. It may not ask the session, which would have the mapper flush.
    """
    _followers.append(follower)
    event.listen(Session, "after_flush", lambda session, _context: follower(session, session.connection()))
    return follower


@contextmanager
def sending(session: Session) -> Iterator[None]:
    """Send what the session holds; commit inside, before anything else. Its rows are of no more use afterwards.

    What the database has against it is raised here or by the commit, as ever: IntegrityError, DataError,
    OperationalError.
    """
    new, dirty = list(session.new), list(session.dirty)
    if session.deleted or not all(map(_can_be_sent, new)) or not all(map(_can_be_changed, dirty)):
        yield  # committing has the mapper flush
        return
    connection = session.connection()
    with _in_one_go(connection):
        _send_changes(connection, dirty)
        _send_new(connection, new)
        for follower in _followers:
            follower(session, connection)
        session.expunge_all()
        yield


def _can_be_sent(row: Base) -> bool:
    """Nobody listens to rows of this class one by one, which only the mapper tells."""
    return not inspect(row).mapper.dispatch.after_insert


def _can_be_changed(row: Base) -> bool:
    told = inspect(row).mapper.dispatch
    return isinstance(row, Lasting) and not (told.before_update or told.after_update)


@contextmanager
def _in_one_go(connection: Connection) -> Iterator[None]:
    """On PostgreSQL nothing is waited for inside until something is asked or committed."""
    if connection.dialect.driver != "psycopg":
        yield
        return
    driver: Any = connection.connection.driver_connection
    with ExitStack() as unless_done:
        unless_done.callback(_roll_back, driver)
        with driver.pipeline():
            yield
        unless_done.pop_all()


def _roll_back(driver: Any) -> None:
    """The server passes over a commit behind something that failed; SQLAlchemy takes the transaction for ended."""
    if not driver.closed:
        driver.rollback()


def _send_changes(connection: Connection, rows: Iterable[Base]) -> None:
    """The columns of rows that have other values than they were read with; one statement for rows changed alike."""
    alike: dict[tuple[Mapper[Any], frozenset[str]], list[dict[str, Any]]] = {}
    for row in rows:
        state = inspect(row)
        columns = _columns(state.mapper)
        values = {
            columns[name].key: state.dict[name]
            for name, before in state.committed_state.items()
            if name in columns and not state.manager[name].impl.is_equal(state.dict[name], before)
        }
        if values:
            key = dict(zip(_names_of_key(state.mapper), state.identity or (), strict=True))
            alike.setdefault((state.mapper, frozenset(values)), []).append(values | key)
    for (mapper, names), several in alike.items():
        connection.execute(_update(mapper, names), several if len(several) > 1 else several[0])


def _send_new(connection: Connection, rows: Iterable[Base]) -> None:
    """New rows, those first that others point at; one statement for those of a table that fill the same columns."""
    alike: dict[tuple[int, Table, frozenset[str]], list[dict[str, Any]]] = {}
    for row in rows:
        state = inspect(row)
        values = _to_insert(state.mapper, state.dict)
        table = _table(state.mapper)
        alike.setdefault((_places()[table], table, frozenset(values)), []).append(values)
    for (_, table, _), several in sorted(alike.items(), key=lambda pair: pair[0][0]):
        connection.execute(insert(table).inline(), several)  # no number that the database gives is asked for


def _to_insert(mapper: Mapper[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Column to value. One with a default is left out when nothing is given, and so gets it."""
    values = {}
    for name, column in _columns(mapper).items():
        value = given.get(name)
        if value is not None or not _fills_itself(column):
            values[column.key] = value
    return values


def _fills_itself(column: Column[Any]) -> bool:
    """Whether null is not what stands there when nothing was said."""
    generated = column.default is not None or column.server_default is not None or column.primary_key
    return generated or column.type.should_evaluate_none


def _table(mapper: Mapper[Any]) -> Table:
    return cast(Table, mapper.local_table)


@cache
def _columns(mapper: Mapper[Any]) -> Mapping[str, Column[Any]]:
    """Attribute to column."""
    return {attribute.key: cast("Column[Any]", attribute.columns[0]) for attribute in mapper.column_attrs}


@cache
def _names_of_key(mapper: Mapper[Any]) -> tuple[str, ...]:
    """What the parts of the primary key are called as parameters: as no column is."""
    return tuple(f"key {column.key}" for column in mapper.primary_key)


@cache
def _update(mapper: Mapper[Any], columns: frozenset[str]) -> Update:
    """Made once for the columns that change together."""
    pairs = zip(mapper.primary_key, _names_of_key(mapper), strict=True)
    is_it = [column == bindparam(name, type_=column.type) for column, name in pairs]
    return update(_table(mapper)).where(*is_it).values({column: bindparam(column) for column in columns})


@cache
def _places() -> Mapping[Table, int]:
    """Where each table stands: behind all those that it points at."""
    return {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
