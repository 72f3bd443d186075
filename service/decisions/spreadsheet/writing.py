"""Decision tables as worksheets: what is written where, and how it looks. What the tables say is in `tables.py`; the
file that is kept with them in `keeping.py`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import Outline, PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from service.decisions.spreadsheet.layout import (
    COLUMN_HEADINGS,
    FIRST,
    HEADINGS,
    LEFT,
    MARKS,
    POLICY,
    Heading,
    heading_mark,
    heading_text,
    mark,
)
from service.decisions.spreadsheet.tables import HIT_POLICIES, Kind, Table
from service.decisions.spreadsheet.values import to_excel
from service.domain.errors import ModelError

LONGEST_CELL = 32_767
"""Characters that Excel keeps in a cell."""
_LONGEST_NAME = 31
_TECHNICAL: tuple[Heading, ...] = ("expression", "type", "allowed", "default")
"""Headings that can be folded away with one click. They stand next to each other."""
_TINTS: dict[Kind, tuple[PatternFill, PatternFill]] = {
    "condition": (PatternFill("solid", fgColor="C9DDF0"), PatternFill("solid", fgColor="EEF5FB")),
    "conclusion": (PatternFill("solid", fgColor="CFE5CB"), PatternFill("solid", fgColor="F0F8EE")),
    "description": (PatternFill("solid", fgColor="E4E4E4"), PatternFill("solid", fgColor="FAFAFA")),
    "annotation": (PatternFill("solid", fgColor="E4E4E4"), PatternFill("solid", fgColor="FAFAFA")),
}
"""The colour of a column's headings and of its cells."""
_LINE = Side(style="thin", color="B8B8B8")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_NUMBER = Alignment(horizontal="center", vertical="top")
_TEXT, _CODE = Font(name="Calibri"), Font(name="Consolas", size=10)
_TITLE, _POLICY = Font(name="Calibri", bold=True, size=14), Font(name="Calibri", bold=True, color="404040")
_QUIET = Font(name="Calibri", color="707070", size=9)
_HEADING_FONTS: dict[Heading, Font] = {
    "kind": _QUIET,
    "label": Font(name="Calibri", bold=True),
    "expression": Font(name="Consolas", size=9),
    "type": Font(name="Consolas", size=9),
    "allowed": Font(name="Consolas", size=9),
    "default": Font(name="Consolas", size=9),
}


def write_sheets(workbook: Workbook, tables: Iterable[Table]) -> None:
    """One worksheet for each table. Raises ModelError when a text is too long for Excel."""
    taken: set[str] = set()
    for index, table in enumerate(tables):
        sheet = workbook.create_sheet(_sheet_name(table.title, taken))
        _write_headings(sheet, table, index)
        _write_rules(sheet, table)
        _arrange(sheet, table)


def _write_headings(sheet: Worksheet, table: Table, index: int) -> None:
    _put(sheet, 1, MARKS, mark("table", index))
    for place in range(len(table.columns)):
        _put(sheet, 1, FIRST + place, mark("column", place))
    for row, (heading, left) in enumerate(HEADINGS.items(), start=2):
        _put(sheet, row, MARKS, heading_mark(heading))
        if heading in COLUMN_HEADINGS:
            at_left = _put(sheet, row, LEFT, left)
            at_left.font, at_left.alignment = _QUIET, _WRAPPED
        for place, column in enumerate(table.columns if heading in COLUMN_HEADINGS else ()):
            cell = _put(sheet, row, FIRST + place, heading_text(column, heading))
            _dress(cell, _TINTS[column.kind][0], _HEADING_FONTS[heading])
    rows = list(HEADINGS)
    _put(sheet, 2 + rows.index("title"), LEFT, table.title).font = _TITLE
    policy = 2 + rows.index("policy")
    _put(sheet, policy, LEFT, POLICY + table.hit_policy).font = _POLICY
    choice = DataValidation(type="list", formula1=f'"{",".join(POLICY + each for each in HIT_POLICIES)}"')
    choice.add(f"{get_column_letter(LEFT)}{policy}")
    sheet.add_data_validation(choice)


def _write_rules(sheet: Worksheet, table: Table) -> None:
    for number, cells in enumerate(table.rows, start=1):
        row = 1 + len(HEADINGS) + number
        _put(sheet, row, MARKS, mark("rule", number - 1))
        left = sheet.cell(row, LEFT, number)
        left.alignment, left.font = _NUMBER, _QUIET
        for place, (column, text) in enumerate(zip(table.columns, cells, strict=True)):
            cell = _put(sheet, row, FIRST + place, text)
            _dress(cell, _TINTS[column.kind][1], _CODE if column.kind in ("condition", "conclusion") else _TEXT)


def _dress(cell: Cell, tint: PatternFill, font: Font) -> None:
    cell.fill, cell.font, cell.border, cell.alignment = tint, font, _BORDER, _WRAPPED


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Write text that stays text, whatever it looks like: `=`, `-`, `1E3` and `true` are FEEL here, not Excel's."""
    cell = cast(Cell, sheet.cell(row, column))
    cell.number_format = "@"
    shown = to_excel(text)
    if len(shown) > LONGEST_CELL:
        raise ModelError(
            f"{sheet.title}, cell {cell.coordinate}: Excel keeps {LONGEST_CELL:,} characters, this has more."
        )
    if shown:
        cell.value = shown
        cell.data_type = "s"
    return cell


def _arrange(sheet: Worksheet, table: Table) -> None:
    sheet.column_dimensions[get_column_letter(MARKS)].hidden = True
    sheet.row_dimensions[1].hidden = True
    sheet.column_dimensions[get_column_letter(LEFT)].width = 19
    widths = [
        _width([column.label, *(row[place] for row in table.rows)], column.kind)
        for place, column in enumerate(table.columns)
    ]
    for place, width in enumerate(widths, start=FIRST):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row in range(2 + list(HEADINGS).index("kind"), sheet.max_row + 1):
        texts = (str(sheet.cell(row, place).value or "") for place in range(FIRST, FIRST + len(widths)))
        lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
        sheet.row_dimensions[row].height = min(14 * lines + 4, 400)
    technical = [row for row, heading in enumerate(HEADINGS, start=2) if heading in _TECHNICAL]
    sheet.row_dimensions.group(technical[0], technical[-1])
    sheet.sheet_properties.outlinePr = Outline(summaryBelow=False)
    sheet.freeze_panes = f"{get_column_letter(FIRST)}{2 + len(HEADINGS)}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _width(cells: Iterable[str], kind: Kind) -> float:
    """Wide enough for short cells, and for long ones to wrap at a length that reads well."""
    longest = max((len(line) for cell in cells for line in cell.split("\n")), default=0)
    return min(max(longest * 1.1 + 2, 14), {"condition": 28, "conclusion": 46}.get(kind, 60))


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column, about."""
    return sum(max(1, math.ceil((len(line) + 3) / width)) for line in text.split("\n"))


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel allows and no other sheet has."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", title).strip(" '") or "Table"
    for number in range(1, 10_000):
        suffix = "" if number == 1 else f" {number}"
        name = plain[: _LONGEST_NAME - len(suffix)].strip(" '") + suffix
        if name.casefold() not in taken and name.casefold() != "history":
            taken.add(name.casefold())
            return name
    raise ModelError("There are more tables of one name than a workbook can hold.")
