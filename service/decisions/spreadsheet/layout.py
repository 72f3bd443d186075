"""Where things stand on a sheet, and by which marks they are found again. How a sheet looks is not here."""

from __future__ import annotations

import re
from typing import Literal

from service.decisions.spreadsheet.tables import Column, Kind

Heading = Literal["title", "policy", "kind", "label", "expression", "type", "allowed", "default"]

HEADINGS: dict[Heading, str] = {
    "title": "",
    "policy": "",
    "kind": "Column",
    "label": "Label",
    "expression": "Expression or name",
    "type": "Type",
    "allowed": "Allowed values",
    "default": "Default",
}
"""The rows above the rules, in their order, with what stands at the left of each."""
KINDS: dict[Kind, str] = {
    "condition": "Condition",
    "conclusion": "Conclusion",
    "description": "Description",
    "annotation": "Annotation",
}
MARKS, LEFT, FIRST = 1, 2, 3
"""Columns: the hidden one with the marks of rows; titles and row numbers; the first column of the table."""
POLICY = "Hit policy: "

# Excel counts up a number at either end of a text when cells are dragged; between brackets it leaves it alone.
_MARK = re.compile(r"\[(table|column|rule) (\d+)\]")


def mark(what: Literal["table", "column", "rule"], index: int) -> str:
    """The mark of the table, column or rule that stands at this place in the file, the first being 0."""
    return f"[{what} {index + 1}]"


def heading_mark(heading: Heading) -> str:
    """The mark of a row above the rules."""
    return f"[{heading}]"


def marked(what: Literal["table", "column", "rule"], text: str, count: int) -> int | None:
    """Which of `count` a mark means, or None when it is no mark of such a thing."""
    found = _MARK.fullmatch(text.strip())
    if found is None or found[1] != what or not 1 <= int(found[2][:9]) <= count:
        return None
    return int(found[2]) - 1


def heading_text(column: Column, heading: Heading) -> str:
    """What stands under a heading in a column."""
    if heading == "kind":
        return KINDS[column.kind]
    return {
        "label": column.label,
        "expression": column.expression,
        "type": column.type,
        "allowed": column.allowed,
        "default": column.default,
    }.get(heading, "")


COLUMN_HEADINGS: tuple[Heading, ...] = ("kind", "label", "expression", "type", "allowed", "default")
