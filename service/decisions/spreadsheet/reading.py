"""What stands on a worksheet that people have worked on: which rows and columns there are, and every cell that cannot
be read. What differs from the file is not asked here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from service.decisions.spreadsheet.layout import (
    COLUMN_HEADINGS,
    FIRST,
    HEADINGS,
    KINDS,
    LEFT,
    MARKS,
    POLICY,
    Heading,
    heading_mark,
    marked,
)
from service.decisions.spreadsheet.tables import Column, Kind, Table
from service.decisions.spreadsheet.values import Unreadable, feel, words
from service.domain.errors import Invalid

LARGEST = 2_000_000
"""Cells of a sheet, empty ones between others included."""


@dataclass(slots=True)
class Troubles:
    """Everything wrong with a workbook, by sheet and cell."""

    found: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, sheet: str, cell: str, message: str) -> None:
        """Keep one of them."""
        if message not in self.found[f"{sheet}, {cell}"]:
            self.found[f"{sheet}, {cell}"].append(message)

    def refuse(self) -> None:
        """Raise Invalid with all of them, if there are any."""
        if self.found:
            raise Invalid(self.found, "Nothing was changed, because of what stands in these cells:")


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column of a sheet. `marked` is the place of the one in the file that its mark means."""

    marked: int | None
    number: int
    column: Column

    def at(self, row: int) -> str:
        """The name of a cell of this column."""
        return f"cell {get_column_letter(self.number)}{row}"


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A rule of a sheet, with the text under each column found."""

    marked: int | None
    number: int
    cells: tuple[str, ...]
    label: str
    """What stands in the place of the rule's number."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet as it came back."""

    sheet: str
    hit_policy: str
    headings: dict[Heading, int]
    """The row of each."""
    columns: tuple[FoundColumn, ...]
    rows: tuple[FoundRow, ...]


def read_sheet(sheet: Worksheet, table: Table, troubles: Troubles) -> Found | None:
    """What stands on the sheet of a table. None when so much is missing that the rest cannot be told."""
    if sheet.max_row * sheet.max_column > LARGEST:
        troubles.note(sheet.title, "size", f"It has more than {LARGEST:,} cells. Delete the empty rows and columns.")
        return None
    return _Reader(sheet, table, troubles).read()


def mark_of_table(sheet: Worksheet, count: int) -> int | None:
    """Which of so many tables a sheet shows, by its mark."""
    column = sheet.iter_rows(max_row=min(sheet.max_row, 100), max_col=MARKS, values_only=True)
    marks = (marked("table", str(row[0] or ""), count) for row in column)
    return next((index for index in marks if index is not None), None)


class _Reader:
    def __init__(self, sheet: Worksheet, table: Table, troubles: Troubles) -> None:
        self._sheet = sheet
        self._table = table
        self._troubles = troubles
        self._rows: list[Sequence[Cell | MergedCell]] = list(sheet.iter_rows())
        self._marks = next((row for row, cells in enumerate(self._rows, start=1) if _has_marks(cells)), None)
        """The hidden row with the marks of columns."""

    def read(self) -> Found | None:
        headings = self._headings()
        missing = [name for name in HEADINGS if name not in headings]
        if missing:
            known = ", ".join(f"“{HEADINGS[name] or name}”" for name in missing)
            self._note("headings", f"These rows above the rules are missing: {known}. Put them back, or begin again.")
            return None
        self._refuse_merged()
        self._refuse_other_words(headings)
        columns = self._columns(headings)
        rows = self._rules(max(headings.values()), columns)
        policy = self._text(headings["policy"], LEFT, words).removeprefix(POLICY.strip()).strip().upper()
        return Found(self._sheet.title, " ".join(policy.split()), headings, columns, rows)

    def _headings(self) -> dict[Heading, int]:
        """The row of each heading, by its mark or else by what stands at its left."""
        found: dict[Heading, int] = {}
        for by_mark in (True, False):
            for number in range(1, len(self._rows) + 1):
                text = self._raw(number, MARKS if by_mark else LEFT)
                for heading in HEADINGS:
                    left = self._left_of(heading)
                    if heading not in found and text == (heading_mark(heading) if by_mark else left) and text:
                        found[heading] = number
        return found

    def _left_of(self, heading: Heading) -> str:
        own = {"title": self._table.title, "policy": POLICY + self._table.hit_policy}
        return own.get(heading, HEADINGS[heading])

    def _columns(self, headings: dict[Heading, int]) -> tuple[FoundColumn, ...]:
        found = []
        widest = max((len(row) for row in self._rows), default=0)
        for number in range(FIRST, widest + 1):
            texts = {heading: self._raw(headings[heading], number) for heading in COLUMN_HEADINGS}
            index = self._marked_column(number)
            if index is None and not any(texts.values()):
                continue
            found.append((number, index, texts["kind"]))
        kinds = [self._kind(place, found, headings["kind"]) for place in range(len(found))]
        columns = [
            FoundColumn(index, number, self._column(kind, number, headings))
            for (number, index, _), kind in zip(found, kinds, strict=True)
        ]
        return tuple(columns)

    def _marked_column(self, number: int) -> int | None:
        if self._marks is None:
            return None
        return marked("column", self._raw(self._marks, number), len(self._table.columns))

    def _kind(self, place: int, found: Sequence[tuple[int, int | None, str]], row: int) -> Kind:
        """What kind of column it is: as it was, else as it says, else as the columns on both sides are."""
        number, index, said = found[place]
        if index is not None:
            own = self._table.columns[index].kind
            if said.casefold() not in ("", KINDS[own].casefold()):
                self._note(f"cell {get_column_letter(number)}{row}", f"This column is a {own}, and stays one.")
            return own
        kinds: dict[str, Kind] = {text.casefold(): kind for kind, text in KINDS.items()}
        beside = {
            self._table.columns[other].kind
            for near in (place - 1, place + 1)
            if 0 <= near < len(found) and (other := found[near][1]) is not None
        }
        kind = kinds.get(said.casefold()) or (beside.pop() if not said and len(beside) == 1 else None)
        if kind is None or (kind == "description" and not said):
            where = f"cell {get_column_letter(number)}{row}"
            self._note(where, "Say here what this column is: Condition, Conclusion or Annotation.")
        return kind or "annotation"

    def _column(self, kind: Kind, number: int, headings: dict[Heading, int]) -> Column:
        def text(heading: Heading) -> str:
            is_feel = heading in ("allowed", "default") or (heading == "expression" and kind == "condition")
            return self._text(headings[heading], number, feel if is_feel else words)

        return Column(kind, text("label"), text("expression"), text("type"), text("allowed"), text("default"))

    def _rules(self, above: int, columns: Sequence[FoundColumn]) -> tuple[FoundRow, ...]:
        known = {column.number for column in columns} | {MARKS, LEFT}
        found = []
        for number in range(above + 1, len(self._rows) + 1):
            self._refuse_elsewhere(number, known, "This column has no heading, so it belongs to no rule.")
            cells = tuple(
                self._text(number, column.number, feel if column.column.kind in ("condition", "conclusion") else words)
                for column in columns
            )
            index = marked("rule", self._raw(number, MARKS), len(self._table.rows))
            was_empty = index is not None and not any(self._table.rows[index])
            if any(cells) or was_empty:
                found.append(FoundRow(index, number, cells, self._raw(number, LEFT)))
        return tuple(found)

    def _refuse_other_words(self, headings: dict[Heading, int]) -> None:
        """Above the rules nothing may stand but the headings: a rule that strayed there would be lost."""
        for number in range(1, max(headings.values())):
            if number == self._marks:
                continue
            heading = next((name for name, row in headings.items() if row == number), None)
            known = {MARKS, LEFT} if heading in ("title", "policy") else {MARKS}
            if heading not in COLUMN_HEADINGS:
                self._refuse_elsewhere(number, known, "This stands above the rules and belongs to nothing. Move it.")
        if " ".join(self._text(headings["title"], LEFT, words).split()) != " ".join(self._table.title.split()):
            where = f"cell {get_column_letter(LEFT)}{headings['title']}"
            self._note(
                where, f"The decision is called “{self._table.title}”. A sheet cannot change that; a modeler can."
            )

    def _refuse_elsewhere(self, number: int, known: set[int], message: str) -> None:
        for cell in self._rows[number - 1]:
            if cell.column not in known and str(cell.value or "").strip():
                self._note(f"cell {cell.coordinate}", message)

    def _refuse_merged(self) -> None:
        for merged in self._sheet.merged_cells.ranges:
            self._note(f"cells {merged.coord}", "They are merged. Split them, and write in each what it should say.")

    def _raw(self, row: int, column: int) -> str:
        """What stands in a cell as far as it is words: for marks and headings."""
        cells = self._rows[row - 1]
        value = cells[column - 1].value if column <= len(cells) else None
        return " ".join(str("" if value is None else value).split())

    def _text(self, row: int, column: int, read: Callable[[Cell | MergedCell], str]) -> str:
        cells = self._rows[row - 1]
        if column > len(cells):
            return ""
        try:
            return read(cells[column - 1])
        except Unreadable as wrong:
            self._note(f"cell {cells[column - 1].coordinate}", str(wrong))
            return ""

    def _note(self, where: str, message: str) -> None:
        self._troubles.note(self._sheet.title, where, message)


def _has_marks(cells: Iterable[Cell | MergedCell]) -> bool:
    return any(isinstance(cell.value, str) and cell.value.startswith("[column ") for cell in cells)
