"""`towpath rulebook tables`: each table is named with what falls through it and what need not be put right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Installation
from tests.definitions.small_book import table


@pytest.fixture
def ages(tmp_path: Path) -> Path:
    """A table that says nothing of children."""
    file = tmp_path / "ages.dmn"
    file.write_bytes(table("ages", "age", ("group",), (">= 18", '"adult"'), policy="UNIQUE", type_="number"))
    return file


def test_the_tables_of_our_rule_book_are_in_order(empty: Installation) -> None:
    told = empty.words("rulebook", "tables")
    assert 'timescales.dmn, decision "Timescales" (UNIQUE)\n  Note: ' in told
    assert 'closure-guards.dmn, decision "Closure start guards" (COLLECT, where no rule need match)' in told
    assert told.endswith("tables, nothing to put right.\n")


def test_what_falls_through_a_file_is_to_be_put_right(empty: Installation, ages: Path) -> None:
    told = empty.complaint("rulebook", "tables", str(ages))
    assert "  To put right: age 17: no rule matches." in told
    assert "  Note: When “age” is not answered, no rule matches." in told
    assert "1 thing to put right in these tables." in told


def test_what_was_surely_not_meant_and_what_cannot_be_read_comes_first(empty: Installation, tmp_path: Path) -> None:
    file = tmp_path / "ages.dmn"
    rules = [("18-25", '"young"'), ("18..25", '"young"'), ("CIN", '"young"')]
    file.write_bytes(table("ages", "age", ("group",), *rules, policy="COLLECT"))
    told = empty.complaint("rulebook", "tables", str(file))
    for slip in (
        "a range is written [18..25]",
        "a range stands in brackets",
        "“CIN” is a name that nothing here bears",
    ):
        assert slip in told.partition("(COLLECT")[0]
    assert "3 things to put right in these tables." in told


def test_a_file_that_is_no_dmn_is_named(empty: Installation, tmp_path: Path) -> None:
    (tmp_path / "notes.dmn").write_text("<notes/>")
    assert "notes.dmn is not a DMN file" in empty.complaint("rulebook", "tables", str(tmp_path / "notes.dmn"))


def test_a_rule_book_with_a_gap_is_not_in_order(demo: Installation, rule_book: Path, ages: Path) -> None:
    (rule_book / "closure" / "ages.dmn").write_bytes(ages.read_bytes())
    assert 'closure/ages.dmn, ages_t: decision "ages": age 17' in demo.complaint("rulebook", "check", str(rule_book))
