"""The migrations give exactly the tables that the models name, on either database, and run again without harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from service.cli.database import upgrade_database
from service.store.tables import Base, db
from tests.support.world import World


def test_the_migrations_make_what_the_models_say(world: World) -> None:
    assert differences() == []


def test_what_is_missing_would_be_noticed(world: World) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_subscriptions_message"))
    try:
        assert [difference[0] for difference in differences()] == ["add_index"]
    finally:
        with db.engine.begin() as connection:
            connection.execute(
                text("CREATE INDEX ix_subscriptions_message ON subscriptions (message, correlation_key)")
            )


def test_every_constraint_is_in_the_database(world: World) -> None:
    """What a comparison of models and tables does not look at."""
    inspector = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        checks = {check["name"] for check in inspector.get_check_constraints(table.name)}
        wanted = {str(check.name) for check in table.constraints if type(check).__name__ == "CheckConstraint"}
        assert wanted <= checks, table.name


def test_a_second_upgrade_changes_nothing(world: World) -> None:
    upgrade_database(db.engine)
    assert differences() == []
    assert world.seen().status == "open"


def test_an_empty_database_becomes_a_whole_one(tmp_path: Path, sqlite_world: World) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    upgrade_database(engine)
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()


def differences() -> list[Any]:
    """What Alembic would have to change."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, Base.metadata))
