"""A posted HTML form into answers, by the form's fields. Whether the answers are right is checked in `definitions/`.

Names on the page: the key of a field, `key-day`, `key-month`, `key-year` and `key-time` for dates and times, and
`list-0-key` for a column in the first row of a list, with `list-rows` saying how many rows the page showed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from service.definitions.fields import Field

DATE_PARTS = ("day", "month", "year")


Posted = MultiDict[str, str]
"""Names and texts, as Flask's `request.form` has them."""


def read_answers(
    fields: Iterable[Field], posted: Posted, *, blank_rows: bool = False, prefix: str = ""
) -> dict[str, Any]:
    """What was typed and chosen, by key; what was left blank is left out, except ticks and lists.

    Impossible dates and unknown options are kept as typed, so that the page can show them again beside the reason.
    Blank rows of a list are dropped unless `blank_rows`.
    """
    answers: dict[str, Any] = {}
    for field in fields:
        if not field.asks:
            continue
        name = f"{prefix}{field.key}"
        if field.kind == "dynamiclist":
            answers[field.key] = _rows(field, posted, name, blank_rows)
        else:
            value = _value(field, posted, name)
            if value not in ("", None):
                answers[field.key] = value
    return answers


def with_row(answers: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The answers with one more blank row in the list `key`."""
    return {**answers, key: [*answers.get(key, []), {}]}


def without_row(answers: Mapping[str, Any], key: str, index: int) -> dict[str, Any]:
    """The answers without row `index` of the list `key`; the same answers when there is no such row."""
    rows: Sequence[Any] = answers.get(key, [])
    return {**answers, key: [row for number, row in enumerate(rows) if number != index]}


def _rows(field: Field, posted: Posted, name: str, blank_rows: bool) -> list[dict[str, Any]]:
    shown = posted.get(f"{name}-rows", "0")
    number = min(int(shown), field.max_rows) if shown.isascii() and shown.isdigit() and len(shown) < 5 else 0
    rows: list[dict[str, Any]] = []
    for index in range(number):
        columns = field.rows[index] if index < len(field.rows) else field.fields
        row = read_answers(columns, posted, prefix=f"{name}-{index}-")
        if blank_rows or any(value not in (False, []) for value in row.values()):
            rows.append(row)
    return rows


def _value(field: Field, posted: Posted, name: str) -> Any:
    if field.kind == "checkbox":
        return posted.get(name, "") != ""
    if field.kind == "checklist":
        return [_chosen(field, text) for text in posted.getlist(name)]
    if field.kind == "datetime":
        return _moment(field, posted, name)
    text = posted.get(name, "").replace("\r\n", "\n").strip()
    return _chosen(field, text) if field.options else text


def _chosen(field: Field, text: str) -> Any:
    return next((option.value for option in field.options if option.text == text), text)


def _moment(field: Field, posted: Posted, name: str) -> Any:
    clock = posted.get(f"{name}-time", "").strip()
    if field.subtype == "time":
        return clock
    parts = {part: posted.get(f"{name}-{part}", "").strip() for part in DATE_PARTS}
    if field.subtype == "datetime":
        return {**parts, "time": clock} if clock or any(parts.values()) else None
    return _date(parts) if any(parts.values()) else None


def _date(parts: Mapping[str, str]) -> Any:
    """ISO text of a real date in numbers, else the parts as typed: `definitions/` reads months by name and explains."""
    try:
        return date(int(parts["year"]), int(parts["month"]), int(parts["day"])).isoformat()
    except ValueError:
        return dict(parts)
