"""Databases for tests: one made ready once and copied for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from service.store.tables import Base

POSTGRES_VARIABLE = "TOWPATH_TEST_POSTGRES_URL"


class SqliteCopies:
    """A file, copied for each test."""

    def __init__(self, directory: Path, prepare: Callable[[str], None]) -> None:
        self.template = directory / "template.sqlite"
        prepare(f"sqlite:///{self.template}")

    def new(self, directory: Path) -> str:
        """The address of a fresh copy."""
        copy = directory / "towpath.sqlite"
        shutil.copyfile(self.template, copy)
        return f"sqlite:///{copy}"

    def close(self) -> None:
        """Nothing to do: the directory goes with the test run."""


class PostgresCopies:
    """One database for the run. Its first content is kept in a second schema and put back before each test.

    A database of its own for each test would be simpler; dropping one makes PostgreSQL write everything to disk.
    """

    def __init__(self, directory: Path, prepare: Callable[[str], None]) -> None:
        self.admin = make_url(os.environ[POSTGRES_VARIABLE])
        self.name = f"towpath_test_{uuid.uuid4().hex[:10]}"
        self._execute(self.admin, f"CREATE DATABASE {self.name}")
        self.url = self.admin.set(database=self.name)
        prepare(self.url.render_as_string(hide_password=False))
        kept = [f"CREATE TABLE kept.{name} AS TABLE public.{name}" for name in self._tables()]
        self._execute(self.url, "CREATE SCHEMA kept", *kept)

    def new(self, directory: Path) -> str:
        """The address of the database, as it was at first."""
        tables = self._tables()
        # DELETE, because TRUNCATE gives every table and index a new file, and that takes a second.
        emptied = [f"DELETE FROM public.{name}" for name in reversed(tables)]
        filled = [f"INSERT INTO public.{name} SELECT * FROM kept.{name}" for name in tables]
        counted = [f"ALTER SEQUENCE public.{name} RESTART" for name in self._sequences()]
        self._execute(self.url, "BEGIN", *emptied, *filled, *counted, "COMMIT")
        return self.url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Drop the database."""
        self._execute(self.admin, f"DROP DATABASE {self.name} WITH (FORCE)")

    def _tables(self) -> list[str]:
        """In an order in which every row finds what it points at."""
        return [table.name for table in Base.metadata.sorted_tables]

    def _sequences(self) -> list[str]:
        """By the names that PostgreSQL gives them."""
        growing = [(table.name, table.autoincrement_column) for table in Base.metadata.sorted_tables]
        return [f"{name}_{column.name}_seq" for name, column in growing if column is not None]

    def _execute(self, url: URL, *statements: str) -> None:
        with psycopg.connect(plain(url), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def empty_database(kind: str, directory: Path) -> Iterator[str]:
    """The address of a database without a table, for as long as the `with` lasts."""
    require(kind)
    if kind == "sqlite":
        yield f"sqlite:///{directory / 'empty.sqlite'}"
        return
    admin = make_url(os.environ[POSTGRES_VARIABLE])
    name = f"towpath_test_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(plain(admin), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield admin.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def plain(url: URL) -> str:
    """The address as the driver itself reads it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


Copies = SqliteCopies | PostgresCopies
KINDS: dict[str, type[SqliteCopies] | type[PostgresCopies]] = {"sqlite": SqliteCopies, "postgresql": PostgresCopies}


def require(kind: str) -> None:
    """Skip, by name, where the database is not to be had."""
    if kind == "postgresql" and not os.environ.get(POSTGRES_VARIABLE):
        pytest.skip(f"PostgreSQL is not configured: set {POSTGRES_VARIABLE}")
