"""`towpath rulebook to-excel` and `from-excel`: what is written where, what is said, and what is never written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Installation

AT = "C10"
"""The one condition of the first rule in the closure's start guards."""


def test_a_file_goes_to_a_workbook_beside_it_and_comes_back_as_it_was(empty: Installation, guards: Path) -> None:
    before = guards.read_bytes()
    assert f"Wrote {guards.with_suffix('.xlsx')}" in empty.words("rulebook", "to-excel", str(guards))
    told = empty.words("rulebook", "from-excel", str(guards.with_suffix(".xlsx")))
    assert told == f"Nothing was changed; {guards} stays as it is.\n"
    assert guards.read_bytes() == before


def test_an_edit_is_told_and_written(empty: Installation, guards: Path) -> None:
    before = guards.read_bytes()
    workbook = edited(empty, guards, '"closed", "transferred"')
    told = empty.words("rulebook", "from-excel", str(workbook))
    assert told == (
        '  - Closure start guards, rule 1, Status of the case: `"closed"` became `"closed", "transferred"`\n'
        f"Wrote {guards} with 1 change.\n"
    )
    assert guards.read_bytes() == before.replace(b'<text>"closed"<', b'<text>"closed", "transferred"<')
    assert sorted(path.suffix for path in guards.parent.iterdir()) == [".dmn", ".xlsx"]


def test_what_it_wrote_is_a_rule_book_in_order(empty: Installation, rule_book: Path) -> None:
    guards = rule_book / "closure/closure-guards.dmn"
    workbook = edited(empty, guards, '"closed", "transferred"')
    empty.words("rulebook", "from-excel", str(workbook))
    workbook.unlink()
    assert "The rule book is in order" in empty.words("rulebook", "check", str(rule_book))


def test_every_wrong_cell_is_listed_and_nothing_is_written(empty: Installation, guards: Path) -> None:
    before = guards.read_bytes()
    workbook = edited(empty, guards, "closed", D10="hard")
    told = empty.complaint("rulebook", "from-excel", str(workbook))
    assert "  - Closure start guards, cell C10: Nothing here is called “closed”" in told
    assert "  - Closure start guards, cell D10: Nothing here is called “hard”" in told
    assert guards.read_bytes() == before


@pytest.mark.parametrize("name", ["case", "answers", "settings", "signatures", "actor", "task"])
def test_what_every_guard_sees_may_be_named(empty: Installation, guards: Path, name: str) -> None:
    workbook = edited(empty, guards, f"{name}.fact")
    assert "with 1 change" in empty.words("rulebook", "from-excel", str(workbook))


def test_a_file_that_has_changed_since_is_not_written_over(empty: Installation, guards: Path) -> None:
    workbook = edited(empty, guards, '"transferred"')
    newer = guards.read_bytes().replace(b'"CC-X1"', b'"CC-X2"')
    guards.write_bytes(newer)
    assert "were changed since this workbook was made" in empty.complaint("rulebook", "from-excel", str(workbook))
    assert guards.read_bytes() == newer


def test_a_file_whose_tables_are_as_they_were_gets_the_edit(empty: Installation, guards: Path, tmp_path: Path) -> None:
    workbook = edited(empty, guards, '"transferred"')
    newer = tmp_path / "newer.dmn"
    newer.write_bytes(guards.read_bytes().replace(b"8.7.0", b"8.8.0"))
    before = guards.read_bytes()
    told = empty.words("rulebook", "from-excel", str(workbook), "--onto", str(newer))
    assert f"Wrote {newer} with 1 change." in told
    assert newer.read_bytes().count(b"8.8.0") == newer.read_bytes().count(b'"transferred"') == 1
    assert guards.read_bytes() == before


def test_another_file_is_written_and_not_written_over(empty: Installation, guards: Path, tmp_path: Path) -> None:
    workbook = edited(empty, guards, '"transferred"')
    before, other = guards.read_bytes(), tmp_path / "other.dmn"
    empty.words("rulebook", "from-excel", str(workbook), "-o", str(other))
    assert b'"transferred"' in other.read_bytes()
    assert guards.read_bytes() == before
    other.write_text("mine")
    assert f"{other} is there already" in empty.complaint("rulebook", "from-excel", str(workbook), "-o", str(other))
    assert other.read_text() == "mine"
    empty.words("rulebook", "from-excel", str(workbook), "-o", str(other), "--force")
    assert b'"transferred"' in other.read_bytes()


def test_a_workbook_somebody_works_in_is_not_written_over(empty: Installation, guards: Path) -> None:
    workbook = edited(empty, guards, '"transferred"')
    before = workbook.read_bytes()
    assert f"{workbook} is there already" in empty.complaint("rulebook", "to-excel", str(guards))
    assert workbook.read_bytes() == before
    empty.words("rulebook", "to-excel", str(guards), "--force")
    assert workbook.read_bytes() != before


def test_a_sheet_that_belongs_to_no_table_is_named(empty: Installation, guards: Path) -> None:
    workbook = edited(empty, guards, '"transferred"')
    book = load_workbook(workbook)
    book.create_sheet("Notes")
    book.save(workbook)
    assert "belongs to no table: the sheet “Notes”" in empty.words("rulebook", "from-excel", str(workbook))


def test_what_is_no_decision_file_or_no_workbook_is_refused(empty: Installation, guards: Path, rule_book: Path) -> None:
    assert "is not a DMN file" in empty.complaint("rulebook", "to-excel", str(rule_book / "sign-off.bpmn"))
    assert "It is not an Excel workbook" in empty.complaint("rulebook", "from-excel", str(guards))


def test_a_folder_that_is_not_there_is_said_in_words(empty: Installation, guards: Path) -> None:
    nowhere = guards.parent / "no" / "where.xlsx"
    assert "No such file or directory" in empty.complaint("rulebook", "to-excel", str(guards), "-o", str(nowhere))


def edited(installation: Installation, guards: Path, text: str, **others: str) -> Path:
    """The workbook of a file, with other texts in some cells."""
    installation.words("rulebook", "to-excel", str(guards))
    workbook = guards.with_suffix(".xlsx")
    book = load_workbook(workbook)
    for cell, value in {AT: text, **others}.items():
        book["Closure start guards"][cell].value = value
    book.save(workbook)
    return workbook


@pytest.fixture
def guards(rule_book: Path, tmp_path: Path) -> Path:
    """The guards of the closure in a folder of their own."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return (rule_book / "closure/closure-guards.dmn").rename(folder / "closure-guards.dmn")
