"""A DMN file to a workbook and back. Each step is in a module of its own; which come in what order is here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from service.decisions.library import load
from service.decisions.spreadsheet.cells import Cells
from service.decisions.spreadsheet.changing import Changing
from service.decisions.spreadsheet.elements import Elements
from service.decisions.spreadsheet.keeping import SHEET, Kept, digest, keep, kept_in
from service.decisions.spreadsheet.packing import pack, unpack
from service.decisions.spreadsheet.parts import Document
from service.decisions.spreadsheet.planning import Plan, plan
from service.decisions.spreadsheet.reading import Troubles, mark_of_table, read_sheet
from service.decisions.spreadsheet.tables import Table, read_table, tables_in
from service.decisions.spreadsheet.telling import changes_of
from service.decisions.spreadsheet.writing import write_sheets
from service.domain.errors import Conflict, Invalid, ModelError

_NUMBERED = re.compile(r"(?<=\brule) \d+")


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back from a workbook."""

    name: str
    """The name of the DMN file that the workbook was made of."""
    dmn: bytes
    changes: tuple[str, ...]
    """What differs from that file, in words; empty when nothing does, and `dmn` is then that file byte for byte."""
    unread: tuple[str, ...] = ()
    """Sheets that belong to no table and were not looked at."""


def to_workbook(name: str, dmn: bytes) -> bytes:
    """The decision tables of a DMN file as an Excel workbook (.xlsx), with the file itself kept inside.

    The same file gives the same bytes. Raises ModelError when the file is no DMN, cannot be loaded, has no decision
    table, or holds a text that is too long for a cell of Excel.
    """
    load({name: dmn})
    tables = [read_table(table) for table in tables_in(Document(dmn, name))]
    if not tables:
        raise ModelError(f"{name} has no decision table.", file=name)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    write_sheets(workbook, tables)
    keep(workbook, Kept(name, dmn))
    return pack(workbook)


def from_workbook(workbook: bytes, *, onto: bytes | None = None, names: Iterable[str] = ()) -> Returned:
    """The DMN file with what was changed on the sheets, and every other byte as it was.

    `onto` is the file as it is now: the changes are made there. `names` are known to every expression, besides what the
    file declares and uses itself. Raises Invalid with everything that is wrong, by sheet and cell; Conflict when the
    tables of `onto` are no longer those that the workbook was made of; ModelError when `onto` cannot be read.
    """
    book = unpack(workbook)
    kept = kept_in(book)
    base = Document(kept.dmn, kept.name)
    tables = [read_table(table) for table in tables_in(base)]
    document = base if onto is None else Document(onto, kept.name)
    if [read_table(table) for table in tables_in(document)] != tables:
        raise Conflict(
            f"The tables of {kept.name} were changed since this workbook was made of it. "
            "Make a new workbook, and bring your changes into it."
        )
    current = kept.dmn if onto is None else onto
    plans, unread = _plans(book, tables, Cells(kept.name, current, document, names))
    elements = Elements(document, digest(current))
    for part, planned in zip(tables_in(document), plans, strict=True):
        Changing(part, planned, elements).carry_out()
    changed = document.to_bytes()
    _prove(kept.name, current, changed, plans)
    return Returned(kept.name, changed, tuple(words for planned in plans for words in changes_of(planned)), unread)


def _plans(book: Workbook, tables: Sequence[Table], cells: Cells) -> tuple[list[Plan], tuple[str, ...]]:
    """What each sheet asks for. Raises Invalid with all that is wrong on any of them."""
    troubles = Troubles()
    sheets, unread = _sheets(book, tables, troubles)
    plans = []
    for index, table in enumerate(tables):
        found = read_sheet(sheets[index], table, troubles) if index in sheets else None
        if found is not None:
            plans.append(plan(table, found, cells, troubles))
    troubles.refuse()
    return plans, unread


def _sheets(
    book: Workbook, tables: Sequence[Table], troubles: Troubles
) -> tuple[dict[int, Worksheet], tuple[str, ...]]:
    """The sheet of each table, by its mark or else by its name."""
    found: dict[int, Worksheet] = {}
    others = []
    for sheet in book.worksheets:
        index = mark_of_table(sheet, len(tables))
        if index is None:
            others.append(sheet)
        elif index in found:
            troubles.note(
                sheet.title, "sheet", f"It is a copy of the sheet “{found[index].title}”. Delete one of the two."
            )
        else:
            found[index] = sheet
    for index, table in enumerate(tables):
        alike = next((sheet for sheet in others if sheet.title == table.title), None)
        if index not in found and alike is not None:
            found[index] = alike
        elif index not in found:
            troubles.note(table.title, "sheet", "Its sheet is missing. A sheet cannot delete a table; a modeler can.")
    return found, tuple(each.title for each in others if each not in found.values() and each.title != SHEET)


def _prove(name: str, before: bytes, after: bytes, plans: Sequence[Plan]) -> None:
    """Read the result again: it must say what the sheets say, and have no problem that was not there before."""
    document = Document(after, name)
    if [read_table(table) for table in tables_in(document)] != [planned.after for planned in plans]:
        raise ModelError(f"{name} would not say what the sheets say. Nothing was changed.", file=name)
    try:
        new = _new_problems(name, before, after)
    except ModelError as wrong:
        raise Invalid({name: [wrong.message]}, "With these changes the decisions could not be read.") from wrong
    if new:
        raise Invalid({name: new}, "With these changes something would be wrong that was right before.")


def _new_problems(name: str, before: bytes, after: bytes) -> list[str]:
    """What is wrong with a file that was not before, under whatever number its rule then had."""
    there = Counter(_NUMBERED.sub("", problem.message) for problem in load({name: before}).problems)
    new = []
    for problem in load({name: after}).problems:
        told = _NUMBERED.sub("", problem.message)
        if not there[told]:
            new.append(problem.message)
        there[told] -= there[told] > 0
    return new
