"""The Flask-SQLAlchemy object, column types, how a transaction begins. The tables live beside their queries."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any

import orjson
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

CONNECTIONS = 8
"""That a process keeps open to a server: one for each of its threads; as many more for what it does beside."""

RESTED = 1.0
"""Seconds after which a connection is tried before it is used: the server may have gone meanwhile. Trying costs a
round trip, which a busy process would otherwise pay for each request."""

BUSY_MILLISECONDS = 15_000
"""How long either database waits for whoever holds a lock before it gives up."""


CONNECT_SECONDS = 5
"""How long a server may take to answer whoever connects, before it counts as away."""

NOT_GIVEN = frozenset({"55P03", "40P01", "40001"})
"""What PostgreSQL answers when a lock was not to be had in time, or two waited for each other."""

GOING = frozenset({"57P01", "57P02", "57P03", "57P05", "53300"})
"""What it answers when it is shutting down, starting, ends an idle session, or lets nobody in."""


class Base(DeclarativeBase):
    """The model base; constraint names are fixed so that migrations and error messages can rely on them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Lasting:
    """Marks the rows of what happened: they are never deleted, so whoever read one may rely on its being there."""


db = SQLAlchemy(model_class=Base)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only and gives them back in UTC, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite has no zones, so there the zone is dropped."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_busy(error: OperationalError) -> bool:
    """Whether the database gave up because others held what was asked for: nothing is broken, and a retry is fair."""
    return getattr(error.orig, "sqlstate", None) in NOT_GIVEN or "database is locked" in str(error.orig)


def is_away(error: SQLAlchemyError) -> bool:
    """Whether the database could not be reached or left in the middle: nothing is wrong with what was asked of it."""
    if isinstance(error, PoolTimeout):
        return True  # every connection is in use, and none came free
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or (isinstance(error, OperationalError) and is_busy(error)):
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in GOING or state.startswith("08")
    # Whoever never got through has no state; SQLite never has one.
    return isinstance(error, OperationalError) and (
        "unable to open database file" in str(error.orig) or not isinstance(error.orig, sqlite3.Error)
    )


def engine_options(database_url: str) -> dict[str, Any]:
    """Options for the SQLAlchemy engine: JSON by orjson, and patience with another writer on SQLite."""
    options: dict[str, Any] = {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": json.loads,
        "hide_parameters": True,  # a failed statement is logged, and what people wrote must not be
    }
    if database_url.startswith("sqlite"):
        options["connect_args"] = {"timeout": BUSY_MILLISECONDS / 1000}
    else:
        # A statement here is a few milliseconds: compiling it or sharing it out to processes would cost more than it.
        settings = f"-c lock_timeout={BUSY_MILLISECONDS} -c jit=off -c max_parallel_workers_per_gather=0"
        options["connect_args"] = {"options": settings, "connect_timeout": CONNECT_SECONDS}
        options["pool_size"] = CONNECTIONS
        options["max_overflow"] = CONNECTIONS
    return options


def prepare_engine(engine: Engine) -> None:
    """Make SQLite durable, checked and explicit about transactions; other databases are so already."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_try_rested, engine))
        return
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)


def _note_rest(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


def _try_rested(engine: Engine, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
    if monotonic() - record.info.get("rests_since", monotonic()) < RESTED:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        # Whoever kept this one has lost the others too.
        raise InvalidatePoolError from error


def _sqlite_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: it would begin them late and as readers.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # an answered request survives the loss of power
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # A writer takes its lock at once: a reader that turns writer half-way could only fail.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@event.listens_for(Session, "do_orm_execute")
def _refuse_deleting(state: ORMExecuteState) -> None:
    if state.is_delete and any(issubclass(mapper.class_, Lasting) for mapper in state.all_mappers):
        raise RuntimeError("what happened only grows: its rows are never deleted")


def begin_writing() -> None:
    """Have the session's transaction be a writer's. Call it before the first query of an operation that writes.

    Only SQLite needs to be told: a reader cannot become a writer there, so one that has begun is begun anew.
    """
    session = db.session()
    if session.get_bind().dialect.name == "sqlite":
        session.close()
        session.connection(execution_options={"writing": True})
