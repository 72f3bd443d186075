"""What a table should say after somebody worked on its sheet, and every cell that cannot stay as it is. The file is
changed elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from service.decisions.spreadsheet.cells import Cells
from service.decisions.spreadsheet.layout import Heading
from service.decisions.spreadsheet.matching import identify
from service.decisions.spreadsheet.reading import Found, FoundColumn, FoundRow, Troubles
from service.decisions.spreadsheet.tables import DESCRIPTION, HIT_POLICIES, Column, Kind, Row, Table

_ORDER: tuple[Kind, ...] = ("condition", "conclusion", "description", "annotation")


@dataclass(frozen=True, slots=True)
class Plan:
    """A table as it should be, and which column and rule of the file each of its own is; None is a new one."""

    before: Table
    after: Table
    columns: tuple[int | None, ...]
    rows: tuple[int | None, ...]


def plan(table: Table, found: Found, cells: Cells, troubles: Troubles) -> Plan:
    """The change that a sheet asks for. What cannot be is noted in `troubles`; the plan is then of no use."""
    return _Planner(table, found, cells, troubles).plan()


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of the plan: where it stands on the sheet, and where in the file."""

    index: int | None
    found: FoundColumn | None
    """None for the column of descriptions when the sheet has it no more."""
    at: int
    """Its place among the columns found."""


class _Planner:
    def __init__(self, table: Table, found: Found, cells: Cells, troubles: Troubles) -> None:
        self._table = table
        self._found = found
        self._cells = cells
        self._troubles = troubles

    def plan(self) -> Plan:
        places = self._places()
        columns = tuple(self._column(place) for place in places)
        origins = self._origins(places)
        rows = tuple(
            self._row(row, origin, places, columns) for row, origin in zip(self._found.rows, origins, strict=True)
        )
        self._check_numbers(origins)
        if self._found.hit_policy not in (*HIT_POLICIES, self._table.hit_policy.upper()):
            policies = ", ".join(HIT_POLICIES)
            self._note(f"cell B{self._found.headings['policy']}", f"The hit policy must be one of {policies}.")
        same = self._found.hit_policy == self._table.hit_policy.upper()
        policy = self._table.hit_policy if same else self._found.hit_policy
        after = replace(self._table, hit_policy=policy, columns=columns, rows=rows)
        return Plan(self._table, after, tuple(place.index for place in places), origins)

    def _places(self) -> list[_Place]:
        """The columns in the order of the file: each kind together."""
        found = self._found.columns
        base = [(each.kind, each.label, each.expression) for each in self._table.columns]
        indexes = identify(
            [column.marked for column in found],
            [(each.column.kind, each.column.label, each.column.expression) for each in found],
            base,
        )
        places = [_Place(index, column, at) for at, (index, column) in enumerate(zip(indexes, found, strict=True))]
        own = next(index for index, column in enumerate(self._table.columns) if column.kind == "description")
        if own not in indexes:
            if any(row[own] for row in self._table.rows):
                self._note("columns", "The column of descriptions is missing. Empty it if they should go.")
            places.append(_Place(own, None, -1))
        return sorted(places, key=lambda place: _ORDER.index(self._kind(place)))

    @staticmethod
    def _kind(place: _Place) -> Kind:
        return place.found.column.kind if place.found else "description"

    def _origins(self, places: Sequence[_Place]) -> tuple[int | None, ...]:
        at = {place.index: place.at for place in places if place.index is not None and place.found is not None}
        contents = [
            tuple(_alike(row.cells[at[index]]) if index in at else "" for index in range(len(self._table.columns)))
            for row in self._found.rows
        ]
        base = [
            tuple(_alike(text) if index in at else "" for index, text in enumerate(row)) for row in self._table.rows
        ]
        return tuple(identify([row.marked for row in self._found.rows], contents, base))

    def _column(self, place: _Place) -> Column:
        if place.found is None:
            return DESCRIPTION
        column = place.found.column
        before = None if place.index is None else self._table.columns[place.index]
        if column != before:
            for heading, message in self._wrong_headings(column, before):
                self._note(place.found.at(self._found.headings[heading]), message)
        return column

    def _wrong_headings(self, column: Column, before: Column | None) -> Iterator[tuple[Heading, str]]:
        was = before or Column(column.kind)
        texts: dict[Heading, tuple[str, str, Callable[[str, Column], Iterator[str]]]] = {
            "expression": (column.expression, was.expression, self._cells.expression),
            "type": (column.type, was.type, lambda text, _: self._cells.type(text)),
            "allowed": (column.allowed, was.allowed, self._cells.allowed),
            "default": (column.default, was.default, self._cells.conclusion),
        }
        for heading, (text, old, check) in texts.items():
            if text == old:
                continue
            if heading in _has_not(column.kind):
                yield heading, f"A column of this kind ({column.kind}) has nothing here. Leave it empty."
            elif text and not (heading == "expression" and column.kind == "conclusion"):
                yield from ((heading, message) for message in check(text, column))
        if column.kind == "condition" and not column.expression:
            yield "expression", "Say what this condition asks, such as the name of a fact."
        several = sum(each.column.kind == "conclusion" for each in self._found.columns) > 1
        if column.kind == "conclusion" and not column.expression and several:
            yield "expression", "Say under which name this conclusion is given."
        if column.kind == "description" and before is None:
            yield "kind", "There is one column of descriptions. Make this one an Annotation."
        elif column.kind == "description" and column.label != DESCRIPTION.label:
            yield "label", "This column cannot have another label."

    def _row(self, row: FoundRow, origin: int | None, places: Sequence[_Place], columns: Sequence[Column]) -> Row:
        return tuple(self._cell(row, origin, place, column) for place, column in zip(places, columns, strict=True))

    def _cell(self, row: FoundRow, origin: int | None, place: _Place, column: Column) -> str:
        before = None if origin is None or place.index is None else self._table.rows[origin][place.index]
        text = before or "" if place.found is None else row.cells[place.at]
        if column.kind == "condition" and not text:
            # An empty condition lets everything pass, as `-` does; which of the two it was is kept.
            text = before if before == "" else "-"
        new_meaning = place.index is None or _meaning(column) != _meaning(self._table.columns[place.index])
        if place.found is None or column.kind in ("description", "annotation") or (text == before and not new_meaning):
            return text
        where = place.found.at(row.number)
        if column.kind == "condition" and text not in ("", "-"):
            self._note_all(where, self._cells.condition(text, column))
        elif column.kind == "conclusion" and text:
            self._note_all(where, self._cells.conclusion(text, column))
        elif column.kind == "conclusion" and before != "":
            self._note(where, "A rule needs a conclusion here. Write null if it should give nothing.")
        return text

    def _check_numbers(self, origins: Sequence[int | None]) -> None:
        """Rules count in the order of the rows: a number that was written over moves nothing, and must not pretend."""
        for place, (row, origin) in enumerate(zip(self._found.rows, origins, strict=True), start=1):
            fitting = {"", str(place)} | ({str(origin + 1)} if origin is not None else set())
            copied = row.marked is not None and row.label == str(row.marked + 1)
            if row.label not in fitting and not copied and origin is not None:
                self._note(
                    f"cell B{row.number}", "Rules count in the order of their rows. Move the row; leave this empty."
                )

    def _note(self, where: str, message: str) -> None:
        self._troubles.note(self._found.sheet, where, message)

    def _note_all(self, where: str, messages: Iterator[str]) -> None:
        for message in messages:
            self._note(where, message)


def _has_not(kind: Kind) -> tuple[Heading, ...]:
    if kind == "condition":
        return ("default",)
    return () if kind == "conclusion" else ("expression", "type", "allowed", "default")


def _meaning(column: Column) -> tuple[str, str]:
    return column.type, column.allowed


def _alike(text: str) -> str:
    return "" if text == "-" else text
