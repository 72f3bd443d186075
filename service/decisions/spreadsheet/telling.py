"""The changes of a plan in words, for whoever made them on the sheet. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterator

from service.decisions.spreadsheet.matching import moved
from service.decisions.spreadsheet.planning import Plan
from service.decisions.spreadsheet.tables import Column, Row

_PARTS = (("label", "label"), ("expression", "expression"), ("type", "type"), ("allowed", "allowed values"),
          ("default", "default"))  # fmt: skip
_LONGEST = 120


def changes_of(plan: Plan) -> Iterator[str]:
    """Each change in a sentence, with the rules' old numbers for what was there and new ones for what is new."""
    title = plan.before.title
    if plan.before.hit_policy != plan.after.hit_policy:
        yield f"{title}: the hit policy {_became(plan.before.hit_policy, plan.after.hit_policy)}"
    for message in (*_columns(plan), *_rows(plan)):
        yield f"{title}, {message}"


def _columns(plan: Plan) -> Iterator[str]:
    before, after = plan.before.columns, plan.after.columns
    yield from (f"column {name_of(column)}: gone" for at, column in enumerate(before) if at not in plan.columns)
    stayed = [origin for origin in plan.columns if origin is not None]
    yield from (f"column {name_of(before[origin])}: moved" for origin in stayed if origin in moved(stayed))
    for origin, column in zip(plan.columns, after, strict=True):
        if origin is None:
            yield f"column {name_of(column)}: new"
            continue
        for part, words in _PARTS:
            old, new = getattr(before[origin], part), getattr(column, part)
            if old != new:
                words = "name" if (part, column.kind) == ("expression", "conclusion") else words
                yield f"column {name_of(before[origin])}: the {words} {_became(old, new)}"


def _rows(plan: Plan) -> Iterator[str]:
    before, after = plan.before.rows, plan.after.rows
    stayed = [origin for origin in plan.rows if origin is not None]
    gone = set(range(len(before))) - set(stayed)
    for at, row in enumerate(before):
        if at in gone:
            yield f"rule {at + 1}: gone ({_summary(row)})"
    wandered = moved(stayed)
    for place, (origin, row) in enumerate(zip(plan.rows, after, strict=True)):
        if origin is None:
            yield f"rule {place + 1}: new ({_summary(row)})"
            continue
        if origin in wandered:
            yield f"rule {origin + 1}: moved, now rule {place + 1}"
        for column_origin, column, text in zip(plan.columns, plan.after.columns, row, strict=True):
            if column_origin is not None and before[origin][column_origin] != text:
                yield f"rule {origin + 1}, {name_of(column)}: {_became(before[origin][column_origin], text)}"


def name_of(column: Column) -> str:
    """What a column is called in a sentence."""
    return column.label or column.expression or column.kind


def _became(old: str, new: str) -> str:
    return f"{_shown(old)} became {_shown(new)}"


def _summary(row: Row) -> str:
    return _short(" | ".join(text for text in row if text not in ("", "-")))


def _shown(text: str) -> str:
    return f"`{_short(text)}`" if text else "(empty)"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
