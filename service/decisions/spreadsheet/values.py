"""What Excel keeps in a cell, as the text of a DMN file: people type numbers, dates and curly quotes. Whether the text
means anything is not asked here."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

from service.decisions.spreadsheet.tables import plain
from service.feel.writing import quoted

MOST_DIGITS = 15
"""Excel keeps no more of a number."""
_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Excel escapes what XML has no place for, and the _ of what only looks like an escape. LibreOffice leaves the latter.
_ESCAPE = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")
_TRUTHS = {"=TRUE()": True, "=FALSE()": False}
"""How LibreOffice keeps a truth value that was typed."""
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
IN_QUOTES = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CURLY_PAIR = re.compile(r"[“„]([^“”„\"]*)[”“]")


class Unreadable(Exception):
    """A cell holds what cannot be part of a table; the message says what to do."""


class ExcelCell(Protocol):
    """As much of a cell of openpyxl as is read."""

    @property
    def value(self) -> Any: ...
    @property
    def data_type(self) -> str: ...
    @property
    def number_format(self) -> str: ...


def to_excel(text: str) -> str:
    """Text as Excel must find it: `_x0041_` would otherwise be read as the letter A."""
    return _LIKE_ESCAPE.sub("_x005F_", text)


def words(cell: ExcelCell) -> str:
    """A cell of plain words, such as a label. Raises Unreadable."""
    value = _value(cell)
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, str) else _number(value, cell)


def feel(cell: ExcelCell) -> str:
    """A cell of FEEL. Raises Unreadable."""
    value = _value(cell)
    if isinstance(value, datetime):
        midnight = value.time() == time.min
        return f'date("{value.date()}")' if midnight else f'date and time("{value.isoformat()}")'
    if isinstance(value, date):
        return f'date("{value}")'
    if isinstance(value, time):
        return f'time("{value.isoformat()}")'
    return _straight(value) if isinstance(value, str) else _number(value, cell)


def _value(cell: ExcelCell) -> Any:
    value = cell.value
    if cell.data_type == "f" and str(value).upper() in _TRUTHS:
        return _TRUTHS[str(value).upper()]
    if cell.data_type == "f":
        raise Unreadable("It holds a formula of Excel. Write what it should say as text; begin with ' to write an =.")
    if cell.data_type == "e":
        raise Unreadable(f"It holds the error {value}. Write what it should say.")
    if isinstance(value, str):
        text = plain(_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), value))
        if _NOT_XML.search(text):
            raise Unreadable(
                "It holds a character that cannot be seen and that a DMN file cannot keep. Write it again."
            )
        return text
    if value is None or isinstance(value, bool | int | float | datetime | date | time):
        return "" if value is None else value
    raise Unreadable('It holds a length of time. Write it as text: duration("PT2H"), or duration("P10D") for days.')


def _number(value: bool | int | float, cell: ExcelCell) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if "%" in cell.number_format:
        raise Unreadable(
            f"It shows a percentage, and Excel keeps {value}. Write as text which of the two it should be."
        )
    if abs(value) >= 10**MOST_DIGITS:
        raise Unreadable(f"Excel keeps only {MOST_DIGITS} digits of a number. Write it as text; begin with '.")
    # Excel reckons in binary: 0.1 + 0.2 is kept as 0.30000000000000004, and shown as 0.3.
    return format(Decimal(f"{value:.{MOST_DIGITS}g}"), "f")


def _straight(text: str) -> str:
    """FEEL with the straight quotes that word processors make curly, where it is plain which are meant."""
    outside = IN_QUOTES.sub("", text)
    if not re.search("[“”„]", outside):
        return text
    straight = _CURLY_PAIR.sub(r'"\1"', text)
    if '"' in text or re.search("[“”„]", straight):
        raise Unreadable(f"It has curly quotes. Write straight ones: {quoted('text')}.")
    return straight
