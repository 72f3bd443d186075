"""Answers as they were typed: tidied, bounded and kept, or read leniently. Refusing them is in `schemas.py`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from service.definitions.components import Component, asking
from service.definitions.dates import NotADate, is_blank, read_date, read_moment, read_time
from service.domain.errors import Invalid

MAX_KEPT_TEXT = 100_000
"""The longest text, in characters, that a draft or an answer may hold, whatever the form says."""
MAX_KEPT_ITEMS = 500
MAX_KEPT_TOTAL = 1_000_000
_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|-?\.\d+", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
_TRUE = frozenset({"true", "on", "yes", "1"})


def tidy(text: str) -> str:
    """The text with one kind of line end, and without what no database or JSON can hold (NUL, half characters)."""
    return _SURROGATE.sub("�", text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))


def read_number(value: Any) -> Decimal | None:
    """The number in a JSON number or in text such as `1,250.5`; None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value)) if math.isfinite(value) else None
    text = value.strip() if isinstance(value, str) else ""
    return Decimal(text.replace(",", "")) if len(text) <= 50 and _NUMBER.fullmatch(text) else None


def read_tick(value: Any) -> bool:
    """Whether a checkbox is ticked, from JSON or from what an HTML form posts."""
    return value is True or (isinstance(value, str) and value.strip().lower() in _TRUE)


def blank(value: Any) -> bool:
    """Whether nothing was answered: no text, no choice, an empty date, a list of blank rows."""
    if isinstance(value, list | tuple):
        return all(blank(item) or blank_row(item) for item in value)
    return is_blank(value)


def blank_row(row: Any) -> bool:
    """Whether a row of a list was left blank; a box in it that nobody ticked does not make it an answer."""
    return isinstance(row, Mapping) and all(value is False or blank(value) for value in row.values())


def plain(component: Component, raw: Any) -> Any:
    """An answer as conditions see it: typed where it can be, null where it is blank or makes no sense."""
    if component.kind == "checkbox":
        return read_tick(raw)
    if component.kind == "checklist":
        return [item for item in as_list(raw) if isinstance(item, str | int | float | bool)]
    if component.kind == "dynamiclist":
        rows = [row for row in as_list(raw) if isinstance(row, Mapping) and not blank_row(row)]
        return [{one.key: plain(one, row.get(one.key)) for one in asking(component.children)} for row in rows]
    if blank(raw):
        return None
    if component.kind == "number":
        return read_number(raw)
    if component.kind == "datetime":
        return _plain_moment(str(component.get("subtype")), raw)
    return tidy(raw).strip() if isinstance(raw, str) else raw if isinstance(raw, int | float | bool) else None


def as_list(value: Any) -> list[Any]:
    """A list as it is, nothing as no items, and one thing as a list of it, as an HTML form posts a single choice."""
    if isinstance(value, list | tuple):
        return list(value)
    return [] if is_blank(value) else [value]


READ_MOMENT: Mapping[str, Callable[[Any], str]] = {"date": read_date, "time": read_time, "datetime": read_moment}
"""How each subtype of a datetime is read; all raise NotADate."""


def _plain_moment(subtype: str, raw: Any) -> str | None:
    try:
        return READ_MOMENT[subtype](raw)
    except (NotADate, KeyError):
        return None


def keep(components: Sequence[Component], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as a draft: known keys only, nothing checked, no typed text lost.

    Raises Invalid when there is too much to be kept, rather than cut it short.
    """
    wrong: dict[str, list[str]] = {}
    kept = _keep(components, answers, "", wrong)
    sizes = {key: len(json.dumps(value)) for key, value in kept.items()}
    if not wrong and sum(sizes.values()) > MAX_KEPT_TOTAL:
        longest = max(sizes, key=sizes.__getitem__)
        wrong[longest] = [f"All answers together must be {MAX_KEPT_TOTAL} characters or fewer"]
    if wrong:
        raise Invalid(wrong, "These answers are too long to be kept.")
    return kept


def _keep(
    components: Sequence[Component], answers: Mapping[str, Any], path: str, wrong: dict[str, list[str]]
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for component in asking(components):
        if component.key not in answers:
            continue
        here, value = f"{path}{component.key}", answers[component.key]
        if component.kind == "dynamiclist":
            rows = [row for row in _items(value, here, wrong) if isinstance(row, Mapping)]
            kept[component.key] = [
                _keep(component.children, row, f"{here}.{number}.", wrong) for number, row in enumerate(rows)
            ]
        elif isinstance(value, list | tuple):
            kept[component.key] = [_scalar(item, here, wrong) for item in _items(value, here, wrong)]
        elif isinstance(value, Mapping):
            parts = _items(list(value.items()), here, wrong)
            kept[component.key] = {tidy(str(name)): _scalar(part, here, wrong) for name, part in parts}
        else:
            kept[component.key] = _scalar(value, here, wrong)
    return kept


def _items(value: Any, path: str, wrong: dict[str, list[str]]) -> list[Any]:
    items = as_list(value)
    if len(items) > MAX_KEPT_ITEMS:
        wrong[path] = [f"There must be {MAX_KEPT_ITEMS} or fewer"]
        return []
    return items


def _scalar(value: Any, path: str, wrong: dict[str, list[str]]) -> Any:
    if isinstance(value, str):
        if len(value) > MAX_KEPT_TEXT:
            wrong[path] = [f"This answer must be {MAX_KEPT_TEXT} characters or fewer"]
        return tidy(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) and abs(value) < 10**15 else None
