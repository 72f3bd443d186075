"""Setting up from the command line: the database, the demo, tokens. Each runs again without harm."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Installation


def test_the_database_is_made_and_made_again(empty: Installation) -> None:
    assert [empty.words("db", "upgrade") for _ in range(2)] == ["The database is up to date.\n"] * 2
    assert "history" in tables(empty.directory)


def test_the_demo_is_loaded_once(empty: Installation) -> None:
    first = empty.words("demo")
    before = contents(empty.directory)
    second = empty.words("demo")
    assert "Published the rule book as release 1" in first
    assert "Loaded the demo authority Northmere" in first
    assert "is published already" in second
    assert "is loaded already" in second
    assert contents(empty.directory) == before


def test_a_token_is_told_once_and_kept_only_as_a_digest(demo: Installation) -> None:
    token = demo.words("token", "create", "--name", "LCS", "--scope", "events:write").strip()
    assert token.startswith("towpath_")
    assert token not in contents(demo.directory)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--name", "LCS"], "Choose at least one of events:write"),
        (["--name", " ", "--scope", "events:write"], "Enter a name that says whose token it is"),
        (["--name", "x", "--person", "nobody"], "There is no person 'nobody'"),
        (["--name", "x", "--person", "tm-cla", "--scope", "events:write"], "and not both"),
    ],
)
def test_a_token_that_cannot_be_made_says_why(demo: Installation, arguments: list[str], words: str) -> None:
    assert words in demo.complaint("token", "create", *arguments)
    assert "tokens: 0" in contents(demo.directory)


def test_an_unknown_scope_names_the_known_ones(demo: Installation) -> None:
    result = demo.run("token", "create", "--name", "LCS", "--scope", "everything")
    assert result.exit_code == 2
    assert "events:write" in result.output


@pytest.mark.parametrize(
    "arguments", [["token", "create", "--name", "LCS", "--scope", "events:write"], ["task", "list", "--as", "x"]]
)
def test_before_there_is_a_database_it_says_what_to_run(empty: Installation, arguments: list[str]) -> None:
    assert "Run: towpath db upgrade" in empty.complaint(*arguments)


def test_a_setting_that_is_wrong_is_named(empty: Installation) -> None:
    empty.settings["TOWPATH_LEASE_SECONDS"] = "soon"
    assert "TOWPATH_LEASE_SECONDS must be a number of seconds, not 'soon'" in empty.complaint("db", "upgrade")


def tables(directory: Path) -> set[str]:
    """The tables of the database."""
    with sqlite3.connect(directory / "towpath.sqlite") as connection:
        found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    return found


def contents(directory: Path) -> str:
    """How many rows each table has, and what is in the tokens."""
    with sqlite3.connect(directory / "towpath.sqlite") as connection:
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in sorted(tables(directory))
        }
        tokens = connection.execute("SELECT * FROM tokens").fetchall()
    connection.close()
    return "\n".join([*(f"{name}: {number}" for name, number in counts.items()), repr(tokens)])
